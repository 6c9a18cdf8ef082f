//! Laws of spring panels: masses follow the solution, level with their curves; lanes lie as documented; walls, dashpots
//! and names have room in the whole film.

use kymograph::film::Renderer;
use kymograph::mark::{Mark, Stroke};
use kymograph::panel::Figure;
use kymograph::panel::viewport::Viewport;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;

use super::coverage::{Coverage, viewport};
use crate::support::scenes::{self, draw_frame, parse_scene};

/// The promised accuracy, in device pixels.
const NEAR: f64 = 0.1;
const RED: Rgba = Rgba::opaque(255, 0, 0);
const LIME: Rgba = Rgba::opaque(0, 255, 0);
const BLUE: Rgba = Rgba::opaque(0, 0, 255);
const ORANGE: Rgba = Rgba::opaque(255, 165, 0);

/// Two masses beside the curve of one of them.
pub(crate) const LANES: &str = r"
[canvas]
size = [420, 240]
[time]
span = [0, 9]
[animate]
frames = 19
[systems.free]
kind = 'oscillator'
omega0 = 1
x0 = 1
[systems.damped]
kind = 'oscillator'
omega0 = 1
zeta = 0.2
x0 = 1
[layout]
mosaic = ['springs x']
[panels.springs]
kind = 'spring'
orientation = 'vertical'
lanes = [
  { system = 'free', color = 'red', label = 'free' },
  { system = 'damped', color = 'lime', label = '$\zeta = \frac15$' },
]
draw = [{ point = 'damped.x - j', color = 'blue' }, { hline = 0, dash = true }]
SPRINGS
[panels.x]
kind = 'plot'
draw = [{ trace = 'free.x', color = 'orange' }]
CURVE
";

/// A panel of lanes and a plot; one shares the other's vertical axis.
fn shared(springs: &str, curve: &str) -> Scene {
    parse_scene(&LANES.replace("SPRINGS", springs).replace("CURVE", curve))
}

fn strokes(figure: &Figure<'_>, index: usize, wanted: impl Fn(&Stroke) -> bool) -> Vec<Stroke> {
    let marks = figure.marks(index).expect("marks").into_iter();
    marks.filter_map(Mark::into_stroke).filter(wanted).collect()
}

/// The black strokes with this number of pieces: cylinders and pistons have two.
fn parts(figure: &Figure<'_>, index: usize) -> Vec<Stroke> {
    strokes(figure, index, |stroke| stroke.pen.color == Rgba::BLACK && stroke.path.subpath_starts.len() == 2)
}

#[test]
fn a_mass_moves_level_with_the_tip_of_its_curve() {
    let given = "y = { range = [-2.5, 1.5] }";
    for scene in [
        shared("", "y = { share = 'springs' }"),
        shared(given, "y = { share = 'springs' }"),
        shared("y = { share = 'x' }\nwall = -2.4", given),
    ] {
        for scale in [1.0, 1.6, 2.0, 3.0] {
            let figure = scenes::figure_at_scale(&scene, scale);
            let [springs, curve] = ["springs", "x"].map(|name| viewport(&figure, name));
            assert_eq!(springs.y, curve.y);
            for frame in 1..19_usize {
                let exact = curve.y.pixel((frame as f64 / 2.0).cos());
                let stroke = &strokes(&figure, frame, |stroke| stroke.pen.color == ORANGE)[0];
                let tip = stroke.path.points[stroke.visible_points - 1];
                let (_, mass) = Coverage::of(&figure, frame, RED).middle();
                let what = format!("frame {frame} at scale {scale}: {mass:?}, {tip:?}, {exact}");
                assert!((mass.y - exact).abs() < NEAR && (mass.y - tip.y).abs() < NEAR, "{what}");
            }
        }
    }
}

/// Two lanes without a plot, one of them named.
fn turned(orientation: &str, more: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 300] }}
        time = {{ span = [0, 6] }}
        animate = {{ frames = 13 }}
        [panels.p]
        kind = 'spring'
        orientation = '{orientation}'
        lanes = [
          {{ position = 'sin(t)', color = 'red' }},
          {{ position = 'cos(t)', color = 'lime', label = 'second' }},
        ]
        {more}"
    ))
}

#[test]
fn lanes_lie_below_or_beside_each_other_and_a_signal_lies_in_its_lane() {
    let point = "draw = [{ point = 'cos(t) - j', color = 'blue' }]";
    for (orientation, sign) in [("horizontal", -1.0), ("vertical", 1.0)] {
        let scene = turned(orientation, point);
        for scale in [1.0, 1.6, 3.0] {
            let figure = scenes::figure_at_scale(&scene, scale);
            let viewport = viewport(&figure, "p");
            for frame in 0..13_usize {
                let t = frame as f64 / 2.0;
                for (lane, color, along) in [(0.0, RED, t.sin()), (1.0, LIME, t.cos()), (1.0, BLUE, t.cos())]
                {
                    let across = sign * lane;
                    let (_, middle) = Coverage::of(&figure, frame, color).middle();
                    let pair = if sign < 0.0 { (along, across) } else { (across, along) };
                    let exact = viewport.point(pair);
                    let (dx, dy) = ((middle.x - exact.x).abs(), (middle.y - exact.y).abs());
                    // Perpendicular to the motion, masses lie on whole pixels.
                    let (off, aside) = if sign < 0.0 { (dx, dy) } else { (dy, dx) };
                    let what = format!("{orientation}, {color:?} in frame {frame} at scale {scale}");
                    assert!(off < NEAR && aside <= 0.51, "{what}: {off}, {aside}");
                }
            }
        }
    }
}

fn close(found: [f64; 2], wanted: [f64; 2]) {
    let off = (found[0] - wanted[0]).abs().max((found[1] - wanted[1]).abs());
    assert!(off < 1e-9, "{found:?}, not {wanted:?}");
}

#[test]
fn ranges_hold_all_lanes_the_wall_and_room_for_a_dashpot() {
    let plate_of = |scene: &Scene| viewport(&scenes::figure(scene), "p");
    close(plate_of(&turned("horizontal", "")).y.range, [-1.5, 0.5]);
    close(plate_of(&turned("vertical", "")).x.range, [-0.5, 1.5]);
    // A wall is the end of the range; beyond the masses there is a margin.
    let hung = plate_of(&turned("vertical", "wall = 9\nmass-size = 0.4")).y.range;
    let standing = plate_of(&turned("horizontal", "wall = -9\nmass-size = 0.4")).x.range;
    // At multiples of half a second, sin and cos have these extremes.
    let (low, high) = ((3.0_f64).cos(), 1.0);
    close(hung, [low - 0.2 - (high - low) / 10.0, 9.0]);
    close(standing, [-9.0, high + 0.2 + (high - low) / 10.0]);
    let single = |more: &str| {
        let text =
            "[time]\nspan = [0, 1]\n[animate]\nframes = 2\n[panels.p]\nkind = 'spring'\nposition = 't'";
        plate_of(&parse_scene(&format!("{text}\n{more}")))
    };
    close(single("").x.range, [-0.7, 1.2]);
    close(single("").y.range, [-0.5, 0.75]);
    close(single("dashpot = true").x.range, [-1.4, 1.2]);
    let upright = single("orientation = 'vertical'\nmass-size = 0.4");
    close(upright.y.range, [-0.8, 1.3]);
    close(upright.x.range, [-0.75, 0.75]);
}

#[test]
fn hatching_is_on_the_side_away_from_the_masses_and_on_the_canvas() {
    type Beyond = fn(&Viewport) -> [f64; 2];
    let floor: Beyond = |viewport| [f64::from(viewport.rect.bottom), f64::INFINITY];
    let ceiling: Beyond = |viewport| [f64::NEG_INFINITY, f64::from(viewport.rect.top)];
    let left: Beyond = |viewport| [f64::NEG_INFINITY, f64::from(viewport.rect.left)];
    let right: Beyond = |viewport| [f64::from(viewport.rect.right), f64::INFINITY];
    for (orientation, more, beyond) in [
        ("vertical", "", floor),
        ("vertical", "wall = 5", ceiling),
        ("vertical", "y = { range = [5, -5] }", floor),
        ("vertical", "y = { range = [3, -5] }\nwall = -5", ceiling),
        ("horizontal", "", left),
        ("horizontal", "wall = 5\naxes = 'none'", right),
        ("horizontal", "x = { range = [5, -5] }", left),
    ] {
        // Without tick labels the margin is just as wide as the hatching.
        let scene = turned(orientation, &format!("{more}\ntitle = 'title'"));
        for scale in [1.0, 1.6, 2.0] {
            let figure = scenes::figure_at_scale(&scene, scale);
            let [from, to] = beyond(&viewport(&figure, "p"));
            let canvas = [figure.size().0, figure.size().1].map(f64::from);
            let hatches = strokes(&figure, 5, |stroke| stroke.path.subpath_starts.len() > 9);
            let [hatch] = hatches.as_slice() else { panic!("{} hatchings", hatches.len()) };
            for p in &hatch.path.points {
                let along = if orientation == "vertical" { p.y } else { p.x };
                assert!((from - 1.0..=to + 1.0).contains(&along), "{orientation}, {more}: {p:?}");
                assert!(p.x >= 0.0 && p.y >= 0.0 && p.x <= canvas[0] && p.y <= canvas[1], "{p:?}");
            }
        }
    }
}

#[test]
fn only_the_piston_of_a_dashpot_moves_and_its_rod_is_rigid() {
    for orientation in ["horizontal", "vertical"] {
        let scene = turned(orientation, "dashpot = true");
        let figure = scenes::figure_at_scale(&scene, 2.0);
        let first = parts(&figure, 0);
        let along = |stroke: &Stroke, at: usize| {
            let p = stroke.path.points[at];
            if orientation == "vertical" { p.y } else { p.x }
        };
        assert_eq!(first.len(), 4, "a cylinder and a piston a lane");
        for frame in 0..13 {
            let now = parts(&figure, frame);
            for lane in [0, 2] {
                let (cylinder, piston) = (&now[lane], &now[lane + 1]);
                assert_eq!(cylinder, &first[lane]);
                let [open, closed, viewport] = [along(cylinder, 2), along(cylinder, 3), along(piston, 0)];
                assert!((viewport - open) * (viewport - closed) < 0.0, "{orientation}, frame {frame}");
                let rod = |piston: &Stroke| along(piston, 3) - along(piston, 0);
                assert!((rod(piston) - rod(&first[1])).abs() < 1e-6, "{orientation}, frame {frame}");
            }
        }
    }
}

#[test]
fn a_dashpot_is_drawn_where_there_is_damping_unless_the_scene_says_otherwise() {
    let count = |keys: &str| {
        let scene = parse_scene(&format!(
            "[systems.free]\nkind = 'oscillator'\nomega0 = 1\n\
             [systems.damped]\nkind = 'oscillator'\nomega0 = 1\ngamma = 0.1\n\
             [panels.p]\nkind = 'spring'\n{keys}"
        ));
        parts(&scenes::figure(&scene), 0).len() / 2
    };
    assert_eq!(count("system = 'free'"), 0);
    assert_eq!(count("system = 'damped'"), 1);
    assert_eq!(count("position = 'damped.x'"), 0);
    assert_eq!(count("position = 'damped.x'\ndashpot = true"), 1);
    assert_eq!(count("system = 'damped'\ndashpot = false"), 0);
    let lanes =
        "lanes = [{ system = 'free' }, { system = 'damped' }, { system = 'damped', dashpot = false }]";
    assert_eq!(count(lanes), 1);
    assert_eq!(count(&format!("{lanes}\ndashpot = true")), 2);
}

#[test]
fn a_single_mass_extends_half_a_unit_and_one_in_a_lane_three_tenths() {
    for (keys, reach) in [("position = 0", 0.5), ("lanes = [{ position = 0 }]", 0.3)] {
        let scene =
            parse_scene(&format!("[panels.p]\nkind = 'spring'\naxes = 'none'\nmass-size = 0.2\n{keys}"));
        let figure = scenes::figure_at_scale(&scene, 2.0);
        let viewport = viewport(&figure, "p");
        let inside = scene.theme.mass;
        let [left, top, right, bottom] =
            Coverage::of(&figure, 0, inside).bounds().expect("a mass").map(f64::from);
        let [high, low] = [reach, -reach].map(|across| viewport.y.pixel(across));
        assert!(
            (top - high).abs() <= 1.5 && (bottom - low).abs() <= 1.5,
            "{top} to {bottom}, {high} to {low}"
        );
        assert!((right - left - 0.2 * viewport.x.pixels_per_unit()).abs() <= 2.0);
    }
}

#[test]
fn lane_names_have_room_and_give_way_to_explicit_ticks() {
    for orientation in ["horizontal", "vertical"] {
        let across = if orientation == "vertical" { 'x' } else { 'y' };
        let room = |more: &str| {
            let scene = turned(orientation, more);
            let figure = scenes::figure_at_scale(&scene, 1.0);
            let rect = viewport(&figure, "p").rect;
            let marks = figure.marks(0).expect("marks").len();
            let beside =
                if orientation == "vertical" { figure.size().1 as i32 - rect.bottom } else { rect.left };
            (beside, marks)
        };
        let (named, marks) = room("axes = 'none'");
        let (hidden, without) = room(&format!("axes = 'none'\n{across} = {{ ticks = false }}"));
        assert!(named >= hidden + 8 && marks > without, "{orientation}: {named} and {hidden}");
        let (labeled, _) = room(&format!("axes = 'none'\n{across} = {{ label = 'across' }}"));
        assert!(labeled >= named + 8, "{orientation}: {labeled} and {named}");
        let (ticked, _) = room(&format!("{across} = {{ ticks = {{ at = [0], labels = ['a'] }} }}"));
        assert!(ticked > hidden, "{orientation}: {ticked} and {hidden}");
    }
}

#[test]
fn a_lane_name_may_hold_a_readout() {
    let scene = parse_scene(
        "
        time = { span = [0, 2] }
        animate = { frames = 3 }
        [panels.p]
        kind = 'spring'
        orientation = 'vertical'
        lanes = [{ position = 't', label = '$x = @{t:.1}$' }, { position = 0, label = 'still' }]",
    );
    let figure = scenes::figure_at_scale(&scene, 1.0);
    let rect = viewport(&figure, "p").rect;
    let below = |index| {
        let frame = draw_frame(&figure, index);
        let rows = rect.bottom + 8..frame.bounds().bottom;
        rows.flat_map(|y| frame.row(y, 0, frame.bounds().right).to_vec()).collect::<Vec<_>>()
    };
    assert_ne!(below(0), below(1));
}

#[test]
fn a_frame_of_lanes_does_not_depend_on_the_frames_before() {
    let scene = shared("mass-label = '$m$'\nwall = '-3 + 0.2*sin(t)'", "y = { share = 'springs' }");
    let figure = scenes::figure_at_scale(&scene, 1.5);
    let (width, height) = figure.size();
    let mut renderer = Renderer::new(width, height, scene.canvas.background);
    for index in [0, 3, 18, 7] {
        renderer.show(figure.marks(index).expect("marks"));
        assert!(renderer.image().pixels() == draw_frame(&figure, index).pixels(), "frame {index}");
    }
}

#[test]
fn a_lane_without_a_position_is_blank_and_the_others_are_not() {
    let scene = parse_scene(
        "
        time = { span = [0, 2] }
        animate = { frames = 3 }
        [panels.p]
        kind = 'spring'
        lanes = [{ position = 'if(t == 1, nan, t)', color = 'red' }, { position = 't', color = 'lime' }]",
    );
    let figure = scenes::figure_at_scale(&scene, 1.0);
    let shown = |index, color| {
        let marks = figure.marks(index).expect("marks");
        (marks.len(), marks.iter().filter(|mark| mark.color() == Some(color)).count())
    };
    assert_eq!(shown(0, RED).0, shown(1, RED).0);
    assert_eq!([0, 1, 2].map(|index| shown(index, RED).1), [1, 0, 1]);
    assert_eq!([0, 1, 2].map(|index| shown(index, LIME).1), [1, 1, 1]);
}
