//! Themes: the theme colors everything that the scene does not.

use kymograph::raster::Rgba;
use kymograph::scene::color::Theme;

use crate::support::scenes::{draw_frame, figure, parse_scene_with};

/// A scene with everything that is drawn in the ink or paper color, and a mass.
const INKED: &str = r#"
canvas = { size = [240, 200], scale = 1 }
time = { span = [0, 10] }
systems.spring = { kind = "oscillator", stiffness = 2, x0 = 1 }

[panels.spring]
kind = "spring"
system = "spring"
title = 'a title'
mass-label = '$m$'
draw = [{ vline = 0, dash = true }, { text = '$x$', at = [0.1, 0.9], in = "panel" }]

[panels.x]
kind = "plot"
legend = "ne"
axes = "origin"
x = { label = '$t$', grid = true }
y = { label = '$x$', grid = true, range = [-2, 2] }
draw = [
  { trace = "spring.x", color = "currentcolor", legend = 'a curve' },
  { area = "spring.x", color = "currentcolor" },
  { hline = 1 },
  { line = [[0, 0], [5, 1]], arrow = true },
  { circle = [5, 0], radius = 2 },
  { point = "spring.x", color = "currentcolor", note = 'here' },
]
"#;

fn in_theme(name: &str, more: &[&str]) -> Vec<Rgba> {
    let theme = format!("canvas.theme={name}");
    let scene = parse_scene_with(INKED, &[&[theme.as_str()][..], more].concat());
    draw_frame(&figure(&scene), 0).pixels().to_vec()
}

/// The distance of two colors in the channel where they differ most.
fn apart(a: Rgba, b: Rgba) -> u8 {
    [a.r.abs_diff(b.r), a.g.abs_diff(b.g), a.b.abs_diff(b.b), a.a.abs_diff(b.a)]
        .into_iter()
        .max()
        .unwrap_or(0)
}

#[test]
fn shades_between_ink_and_paper_stay_between_them() {
    let light = in_theme("light", &[]);
    for (name, theme) in Theme::ALL {
        let found = in_theme(name, &[]);
        let mix = |share: u8| {
            let of = |ink: u8, paper: u8| {
                let share = f64::from(share) / 255.0;
                (f64::from(ink) * (1.0 - share) + f64::from(paper) * share).round() as u8
            };
            let (ink, paper) = (theme.ink, theme.paper);
            Rgba::opaque(of(ink.r, paper.r), of(ink.g, paper.g), of(ink.b, paper.b))
        };
        let mut inked = 0;
        for (&light, &found) in light.iter().zip(&found) {
            // In the light theme only the inside of a mass has a hue.
            if light.r == light.g && light.g == light.b {
                // Each of several layers rounds once.
                assert!(apart(found, mix(light.r)) <= 3, "{name}: {light:?} became {found:?}");
                inked += usize::from(light.r < 128);
            }
        }
        assert!(inked > 1000, "{inked} pixels of ink");
        assert!(found.contains(&theme.mass) && found.contains(&theme.paper) && found.contains(&theme.ink));
    }
}

#[test]
fn the_background_of_the_scene_is_the_paper() {
    let scene = parse_scene_with(INKED, &["canvas.theme=dark", "canvas.background=#123"]);
    let blue = Rgba::opaque(0x11, 0x22, 0x33);
    assert_eq!((scene.canvas.background, scene.theme.paper, scene.theme.ink), (blue, blue, Theme::DARK.ink));
    // The paper of the theme shows nowhere, not even under the legend.
    let found = in_theme("dark", &["canvas.background=#123"]);
    assert!(found.contains(&blue) && !found.contains(&Theme::DARK.paper));
}

#[test]
fn a_transparent_background_keeps_the_ink_and_blends_with_the_paper_of_the_theme() {
    for (name, theme) in Theme::ALL {
        let scene =
            parse_scene_with(INKED, &[&format!("canvas.theme={name}"), "canvas.background=transparent"]);
        assert_eq!((scene.canvas.background, scene.canvas.matte), (Rgba::CLEAR, theme.paper));
        let found = in_theme(name, &["canvas.background=transparent"]);
        assert!(found.contains(&Rgba::CLEAR) && found.contains(&theme.ink));
    }
}

#[test]
fn cycle_colors_come_from_the_theme_and_named_colors_from_css() {
    for (name, theme) in Theme::ALL {
        for (at, color) in theme.cycle.into_iter().enumerate() {
            let line = format!("panels.x.draw=[{{ hline = 1, width = 4, color = 'C{at}' }}]");
            assert!(in_theme(name, &[&line]).contains(&color), "C{at} in {name}");
        }
        let line = "panels.x.draw=[{ hline = 1, width = 4, color = 'green' }]";
        assert!(in_theme(name, &[line]).contains(&Rgba::opaque(0, 128, 0)), "{name}");
    }
}
