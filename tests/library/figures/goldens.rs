//! A few golden pictures, to notice changes that break no law. They are few because most properties have a law.

use crate::support::golden::assert_golden;
use crate::support::scenes::{draw_frame, figure, parse_scene};

fn assert_drawn(name: &str, index: usize, text: &str) {
    let scene = parse_scene(text);
    assert_golden(name, &draw_frame(&figure(&scene), index));
}

#[test]
fn the_four_kinds_of_axes() {
    let panel = |kind: &str| {
        format!(
            "[panels.{kind}]\nkind = 'plot'\naxes = '{kind}'\nx = {{ range = [-2, 2] }}
            y = {{ range = [-1.5, 1.5], ticks = [-1, 0, 1] }}\ndraw = [{{ trace = 'sin(3*t)', width = 1 }}]\n"
        )
    };
    let head = "canvas = { size = [260, 170], font-size = 9, scale = 1 }\ntime = { span = [-2, 2] }
        layout = { mosaic = ['box corner', 'origin none'] }\n";
    let panels: String = ["box", "corner", "origin", "none"].map(panel).concat();
    assert_drawn("axes", 0, &format!("{head}{panels}"));
}

#[test]
fn every_element_of_a_plane() {
    assert_drawn(
        "elements",
        0,
        "
        canvas = { size = [240, 170], font-size = 9, scale = 1 }
        [panels.p]
        kind = 'plane'
        x = { range = [-2, 2], grid = true }
        y = { range = [-1.4, 1.4], grid = true }
        draw = [
          { rect = [[-1.9, -1.3], [-1.2, -0.6]], fill = 'lightblue' },
          { circle = [1.4, -0.8], radius = 0.4, fill = 'gold', color = 'red' },
          { trace = 'exp(j*t)', span = [0, 6.3], dash = true },
          { arm = 'exp(0.8*j)', arrow = true, color = 'blue' },
          { drop = 'exp(0.8*j)', color = 'orange' },
          { line = [[-1.8, 0.4], [-1.0, 1.2]], arrow = 'both' },
          { point = 'exp(0.8*j)', color = 'blue', note = '$z$' },
          { point = '-0.5 + 0.3*j', marker = 'x', color = 'red' },
          { point = '-0.5 + 0.0*j', marker = '+', color = 'red' },
          { point = '-0.5 - 0.3*j', marker = 's', color = 'red', fill = 'white' },
          { hline = -1.35, color = 'green', dash = [2, 2] },
          { text = '$e^{j\\omega t}$', at = [1.2, 1.0], anchor = 'c' },
        ]",
    );
}

#[test]
fn a_legend_finds_the_empty_corner() {
    assert_drawn(
        "legend",
        0,
        "
        canvas = { size = [240, 130], font-size = 9, scale = 1 }
        time = { span = [0, 6] }
        [panels.p]
        kind = 'plot'
        title = 'Decay'
        x = { label = '$t$ in s', ticks = { step = 'pi/2' } }
        draw = [
          { area = 'exp(-t)', legend = '$E$' },
          { trace = 'exp(-t)', legend = '$e^{-t}$' },
          { trace = 'exp(-t)*cos(5*t)', dash = true, legend = '$x(t)$' },
        ]",
    );
}

#[test]
fn a_spring_at_work() {
    assert_drawn(
        "spring",
        3,
        "
        canvas = { size = [240, 90], font-size = 9, scale = 1 }
        time = { span = [0, 6.283185307179586] }
        animate = { frames = 8, endpoint = false }
        systems = { s = { kind = 'oscillator', stiffness = 1, x0 = 1 } }
        [panels.p]
        kind = 'spring'
        system = 's'
        mass-label = '$m$'
        x = { range = [-3, 2], label = '$x$' }
        draw = [
          { vline = 0, dash = true, color = 'green' },
          { text = '$x = @{s.x:.2}$', at = [0.98, 0.95], in = 'panel', anchor = 'ne' },
        ]",
    );
}
