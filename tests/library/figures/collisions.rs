//! Laws of texts: none overlaps another, none leaves the canvas, notes step aside without jumping; where there is no
//! room, an error says how much is missing.

use kymograph::geometry::{Bounds, PixelRect, Point};
use kymograph::mark::Mark;
use kymograph::panel::Figure;
use kymograph::panel::placed_text::{PlacedText, TextRole};
use kymograph::scene::Scene;

use super::coverage::viewport;
use super::layout::reach;
use crate::support::scenes::{self, parse_scene, repository_scene, repository_scenes};

/// The error of rounding a baseline to whole pixels, in device pixels.
const ROUNDING: f64 = 0.5;
/// The largest sidestep of a note from frame to frame, in em.
const LARGEST_SIDESTEP: f64 = 0.2;

/// The texts that must not overlap. The names of a legend are left out: they lie inside its box.
fn separate<'a, 's>(figure: &'a Figure<'s>) -> Vec<&'a PlacedText<'s>> {
    figure.texts().iter().filter(|text| text.role != TextRole::LegendName).collect()
}

/// Asserts that no texts overlap and none leaves the canvas, in every frame.
fn assert_clear(figure: &Figure<'_>, what: &str) {
    let (width, height) = figure.size();
    let canvas = Bounds::from(PixelRect::from_size(width, height));
    let texts = separate(figure);
    for frame in 0..figure.scene().timeline.frames {
        let shown: Vec<_> = texts.iter().filter_map(|text| Some((text, text.bounds(frame)?))).collect();
        for (i, (text, bounds)) in shown.iter().enumerate() {
            let off = bounds.overhang(&canvas).into_iter().fold(0.0, f64::max);
            assert!(off <= ROUNDING, "{what}: `{}` leaves the canvas by {off} in frame {frame}", text.text);
            for (other, theirs) in &shown[..i] {
                let overlap = bounds.overlap(theirs);
                let (a, b) = (&other.text, &text.text);
                assert!(overlap <= ROUNDING, "{what}: `{a}` and `{b}` overlap by {overlap} in frame {frame}");
            }
        }
    }
    for legend in texts.iter().filter(|text| text.role == TextRole::Legend) {
        let plot = Bounds::from(viewport(figure, &legend.panel.name).rect);
        assert_eq!(
            legend.static_bounds().expect("a legend that does not move").overhang(&plot),
            [0.0; 4],
            "{what}"
        );
    }
}

/// Asserts that an error says how many pixels are missing, and what to do.
fn assert_says_by_how_much(scene: &Scene, scale: f64, what: &str) {
    let error = Figure::new(scene, scale).err().unwrap_or_else(|| panic!("{what}: it fits"));
    let words: Vec<&str> = error.message.split_whitespace().collect();
    let css =
        words.iter().position(|word| *word == "CSS").unwrap_or_else(|| panic!("{what}: {}", error.message));
    let count: f64 = words[css - 1].parse().unwrap_or_else(|_| panic!("{what}: {}", error.message));
    assert!(count >= 1.0 && count.is_finite() && error.help.is_some(), "{what}: {}", error.message);
}

#[test]
fn no_text_overlaps_in_any_repository_scene_at_any_scale_and_font_size() {
    for scenes::RepositoryScene { name, .. } in repository_scenes() {
        let usual = repository_scene(&name, &[]).canvas.font_size;
        for size in [0.5, 1.0, 2.0] {
            let scene = repository_scene(&name, &[&format!("canvas.font-size={}", usual * size)]);
            for scale in [1.0, 2.0, 3.0] {
                let what = format!("{name} at scale {scale}, font × {size}");
                match Figure::new(&scene, scale) {
                    Ok(figure) => assert_clear(&figure, &what),
                    Err(error) if size <= 1.0 => panic!("{what}: {}", error.message),
                    Err(_) => assert_says_by_how_much(&scene, scale, &what),
                }
            }
        }
    }
}

#[test]
fn only_notes_texts_mass_labels_and_conditions_move() {
    for scenes::RepositoryScene { name, .. } in repository_scenes() {
        let scene = repository_scene(&name, &[]);
        let figure = scenes::figure(&scene);
        for text in figure.texts() {
            let stands = text.static_bounds().is_some();
            let follows = matches!(text.role, TextRole::Note | TextRole::Text | TextRole::MassLabel);
            assert!(stands || follows, "{name}: `{}`", text.text);
            for frame in 0..scene.timeline.frames {
                let moved = text.static_bounds().zip(text.bounds(frame)).is_some_and(|(one, now)| one != now);
                assert!(!moved && (follows || text.bounds(frame).is_some()), "{name}: `{}`", text.text);
            }
        }
    }
}

/// Every kind of text once, in a film.
const ALL_KINDS: &str = r"
canvas = { size = [420, 330] }
time = { span = [0, 10] }
animate = { frames = 11 }
layout = { mosaic = ['top', 'below'] }
[systems.s]
kind = 'oscillator'
stiffness = 1
x0 = 1
[panels.top]
kind = 'spring'
system = 's'
title = 'A fjord $\int_0^\infty f(x)\,dx$ in Qyj'
mass-label = '$m_f$'
x = { range = [-4, 3], label = '$x \longrightarrow$' }
draw = [{ text = 'fluffy $\hat{f}$ j', at = [0.98, 0.95], in = 'panel', anchor = 'ne', when = 't > 2' }]
[panels.below]
kind = 'plot'
x = { label = '$t \longrightarrow$', ticks = { at = [0, 3, 9], labels = ['$f_j$', '$\frac{1}{2}\pi$', 'nine'] } }
y = { range = [-2, 2], label = 'displacement $f(x)$' }
draw = [
  { trace = 's.x', legend = 'jumpy $f$' },
  { point = 's.x', note = '$f(t) = @{s.x:.2}$', anchor = 'n' },
]";

#[test]
fn ink_lies_inside_the_box_of_its_text() {
    let scene = parse_scene(ALL_KINDS);
    for scale in [1.0, 2.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        // The ends of an italic f and of slanted letters stick out of their TeX boxes.
        let lean = 0.1 * scene.canvas.font_size * scale + 1.0;
        for frame in [0, 5, 10] {
            let marks = figure.marks(frame).expect("marks");
            for text in separate(&figure).into_iter().filter(|text| text.role != TextRole::Legend) {
                let Some(bounds) = text.bounds(frame) else { continue };
                let begins = |at: Point| {
                    (at.x - bounds.left).abs() < 0.01 && at.y > bounds.top - 1.0 && at.y < bounds.bottom + 1.0
                };
                let fills: Vec<_> = marks
                    .iter()
                    .filter_map(|mark| match mark {
                        // A halo is wider than its text.
                        Mark::Fill(fill) if begins(fill.at) && fill.color != scene.theme.paper => Some(fill),
                        Mark::Fill(_) | Mark::Stroke(_) | Mark::Tail(_) | Mark::Image(_) | Mark::Nothing => {
                            None
                        }
                    })
                    .collect();
                assert!(!fills.is_empty(), "`{}` has no ink where its box is", text.text);
                for fill in fills {
                    let [left, top, right, bottom] = reach(fill);
                    let beyond = Bounds { left, top, right, bottom }.overhang(&bounds);
                    assert!(beyond.iter().all(|over| *over <= lean), "`{}`: {beyond:?}", text.text);
                }
            }
        }
        let roles = [
            TextRole::XTick,
            TextRole::YTick,
            TextRole::XLabel,
            TextRole::YLabel,
            TextRole::Title,
            TextRole::Legend,
        ];
        let more = [TextRole::LegendName, TextRole::Text, TextRole::Note, TextRole::MassLabel];
        for role in roles.into_iter().chain(more) {
            assert!(figure.texts().iter().any(|text| text.role == role), "{role:?} is missing");
        }
    }
}

#[test]
fn the_names_of_a_legend_lie_inside_its_box() {
    let scene = parse_scene(ALL_KINDS);
    let figure = scenes::figure(&scene);
    let of = |role| figure.texts().iter().filter(move |text| text.role == role);
    let legend =
        of(TextRole::Legend).next().and_then(PlacedText::static_bounds).expect("a legend").inflated(ROUNDING);
    let names: Vec<Bounds> = of(TextRole::LegendName).filter_map(PlacedText::static_bounds).collect();
    assert!(names.iter().all(|name| name.overhang(&legend) == [0.0; 4]), "{names:?} in {legend:?}");
}

/// The position of a point at a time.
type Position = fn(f64) -> (f64, f64);

/// A film of notes: the span of t, the elements, and the position of each note's point.
struct Notes {
    what: &'static str,
    film: &'static str,
    draw: &'static str,
    points: &'static [Position],
}

const NOTES: [Notes; 7] = [
    Notes {
        what: "two points that cross",
        film: "time = { span = [-3, 3] }\nanimate = { frames = 61 }",
        draw: "{ point = 't', x = 't', note = 'rising' }, { point = '-t', x = 't', note = 'falling' }",
        points: &[|t| (t, t), |t| (t, -t)],
    },
    Notes {
        what: "three notes in a bunch",
        film: "time = { span = [0, 6] }\nanimate = { frames = 80 }",
        draw: "{ point = '0.3*sin(t)', x = '0', note = 'first' }, { point = '0.3*sin(t + 1)', x = '0.1', note = 'second' },
               { point = '0.3*cos(t)', x = '-0.1', note = 'third' }",
        points: &[|t| (0.0, 0.3 * t.sin()), |t| (0.1, 0.3 * (t + 1.0).sin()), |t| (-0.1, 0.3 * t.cos())],
    },
    Notes {
        what: "a note that passes a text and a legend",
        film: "time = { span = [-3, 3] }\nanimate = { frames = 50 }",
        draw: "{ text = 'in the way', at = [-1.5, 0.2] }, { point = '0.1', x = 't', note = 'passing', legend = 'now' },
               { text = 'sometimes', at = [1.2, 0.1], when = 't > 0' }",
        points: &[|t| (t, 0.1)],
    },
    Notes {
        what: "a note that passes a legend",
        film: "time = { span = [-3, 3] }\nanimate = { frames = 50 }\nlayout = {}",
        draw: "{ point = '2.2', x = 't', note = 'passing', legend = 'a long name' },
               { text = 'a', at = [0.5, 0.5], in = 'panel', anchor = 'c' }, { hline = -2.3 }, { hline = 0.5 }",
        points: &[|t| (t, 2.2)],
    },
    Notes {
        what: "a fast film",
        film: "time = { span = [-3, 3] }\nanimate = { frames = 7 }",
        draw: "{ point = 't', x = 't', note = 'rising' }, { point = '-t', x = 't', note = 'falling' }",
        points: &[|t| (t, t), |t| (t, -t)],
    },
    Notes {
        what: "a note at the canvas's edge",
        film: "time = { span = [-3, 3] }\nanimate = { frames = 41 }",
        draw: "{ point = 't', x = '3 - t^2/3', note = 'at the right', anchor = 'w' }",
        points: &[|t| (3.0 - t * t / 3.0, t)],
    },
    Notes {
        what: "points that turn forever",
        film: "time = { span = [0, '2*pi'] }\nanimate = { frames = 60, endpoint = false }",
        draw: "{ point = 'sin(t)', x = 'cos(t)', note = 'turning' }, { point = '0', x = 'cos(t)', note = 'shadow' },
               { point = '0', x = '1', note = 'fixed' }",
        points: &[|t| (t.cos(), t.sin()), |t| (t.cos(), 0.0), |_| (1.0, 0.0)],
    },
];

fn note_film(notes: &Notes) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [320, 240] }}\n{}\n[panels.p]\nkind = 'plot'
        x = {{ range = [-3.2, 3.2] }}\ny = {{ range = [-3.2, 3.2] }}\ndraw = [{}]",
        notes.film, notes.draw
    ))
}

fn middle(bounds: Bounds) -> Point {
    Point::new(f64::midpoint(bounds.left, bounds.right), f64::midpoint(bounds.top, bounds.bottom))
}

#[test]
fn notes_step_aside_and_never_jump() {
    for notes in &NOTES {
        let scene = note_film(notes);
        for scale in [1.0, 2.0] {
            let figure = scenes::figure_at_scale(&scene, scale);
            assert_clear(&figure, notes.what);
            let viewport = viewport(&figure, "p");
            let frames = scene.timeline.frames;
            let written = figure.texts().iter().filter(|text| text.role == TextRole::Note);
            let mut led = false;
            for (note, point) in written.zip(notes.points) {
                let aside: Vec<Point> = (0..frames)
                    .map(|frame| {
                        let at = viewport.point(point(scene.timeline.present(frame)));
                        let box_at = middle(note.bounds(frame).expect("a note that is always shown"));
                        Point::new(box_at.x - at.x, box_at.y - at.y)
                    })
                    .collect();
                let step = |a: Point, b: Point| (b.x - a.x).hypot(b.y - a.y);
                let pace = LARGEST_SIDESTEP * scene.canvas.font_size * scale + 1e-3;
                let mut steps: Vec<f64> = aside.windows(2).map(|pair| step(pair[0], pair[1])).collect();
                if !scene.timeline.endpoint {
                    steps.push(step(aside[frames - 1], aside[0]));
                }
                let fastest = steps.into_iter().fold(0.0, f64::max);
                assert!(fastest <= pace, "{}: `{}` moves by {fastest}", notes.what, note.text);
                led |= fastest > 0.1;
            }
            assert!(led, "{}: nothing was in the way", notes.what);
        }
    }
}

#[test]
fn a_note_without_obstacles_stays_at_its_point() {
    let scene = note_film(&Notes {
        what: "apart",
        film: "time = { span = [-2, 2] }\nanimate = { frames = 30 }",
        draw: "{ point = 't', x = 't', note = 'here' }, { point = 't - 1', x = 't', note = 'there' }",
        points: &[],
    });
    let figure = scenes::figure(&scene);
    let viewport = viewport(&figure, "p");
    let gap = (3.5 + 0.25 * 12.0) * scene.canvas.scale;
    for frame in 0..30 {
        let t = scene.timeline.present(frame);
        let at = viewport.point((t, t));
        let own = figure.texts().iter().find(|text| text.text == "here").and_then(|text| text.bounds(frame));
        let Bounds { left, bottom, .. } = own.expect("a note");
        assert!((left - at.x - gap).abs() < 1e-6 && (at.y - bottom - gap).abs() < 1e-6, "frame {frame}");
    }
}

#[test]
fn a_note_without_room_is_an_error_that_tells_how_much_is_missing() {
    let scene = parse_scene(
        "canvas = { size = [160, 70] }
        time = { span = [0, 1] }\nanimate = { frames = 5 }
        [panels.p]\nkind = 'plot'\naxes = 'none'\nx = { range = [0, 1] }\ny = { range = [0, 1] }
        draw = [
          { text = 'a text that is wide', at = [0, 0], in = 'panel', anchor = 'sw' },
          { text = 'and another wide one', at = [0, 0.4], in = 'panel', anchor = 'sw' },
          { text = 'and one at the top', at = [0, 1], in = 'panel' },
          { point = 't', x = '0.5', note = 'a note that is wide, too' },
        ]",
    );
    assert_says_by_how_much(&scene, 2.0, "a full canvas");
}

#[test]
fn panel_texts_step_aside_where_they_may() {
    let text =
        |at: &str, when: &str| format!("{{ text = 'left {at}', at = [0.02, {at}], in = 'panel'{when} }},");
    let film = |first: String, second: String| {
        parse_scene(&format!(
            "canvas = {{ size = [300, 200] }}\ntime = {{ span = [-1, 1] }}\nanimate = {{ frames = 4 }}
            [panels.p]\nkind = 'plot'\nx = {{ range = [0, 1] }}\ny = {{ range = [0, 1] }}\ndraw = [{first} {second}]"
        ))
    };
    let places = |scene: &Scene| -> Vec<Bounds> {
        let figure = scenes::figure(scene);
        assert_clear(&figure, "two texts");
        let texts = figure.texts().iter().filter(|text| text.role == TextRole::Text);
        texts.map(|text| text.static_bounds().expect("still")).collect()
    };
    let alone = places(&film(text("0.9", ""), String::new()))[0];
    let both = places(&film(text("0.9", ""), text("0.87", "")));
    assert_eq!(both[0], alone, "the first one stays");
    assert!(both[1].top > both[0].bottom && both[1].left == both[0].left, "{both:?}");
    // Texts that are never shown together keep their places.
    let never = places(&film(text("0.9", ", when = 't < 0'"), text("0.9", ", when = 't > 0'")));
    assert_eq!(never[0].top, never[1].top);
    // A text with data coordinates must not be moved.
    let named = "{ text = 'at a place', at = [0.02, 0.85] }".to_owned();
    assert_says_by_how_much(&film(text("0.9", ""), named), 2.0, "a text in data coordinates");
}

#[test]
fn a_legend_keeps_clear_of_texts_and_off_curves() {
    let film = |legend: &str, draw: &str| {
        parse_scene(&format!(
            "canvas = {{ size = [300, 200] }}\ntime = {{ span = [0, 10] }}\nanimate = {{ frames = 20 }}
            [panels.p]\nkind = 'plot'\nlegend = {legend}\nx = {{ range = [0, 10] }}\ny = {{ range = [-1, 1] }}
            draw = [{draw}]"
        ))
    };
    let corner = |draw: &str| {
        let scene = film("true", draw);
        let figure = scenes::figure(&scene);
        assert_clear(&figure, draw);
        let middle_of = |bounds| middle(bounds);
        let legend = figure
            .texts()
            .iter()
            .find(|text| text.role == TextRole::Legend)
            .and_then(PlacedText::static_bounds);
        let (at, plot) = (middle_of(legend.expect("a legend")), viewport(&figure, "p").rect);
        let side =
            |at: f64, low: i32, high: i32| ((at - f64::from(low)) / f64::from(high - low) * 3.0) as usize;
        (side(at.x, plot.left, plot.right), side(at.y, plot.top, plot.bottom))
    };
    let (ne, nw, sw) = ((2, 0), (0, 0), (0, 2));
    assert_eq!(corner("{ trace = '0', legend = 'a' }"), ne);
    let text = "{ text = 'here', at = [0.98, 0.98], in = 'panel', anchor = 'ne' }";
    assert_eq!(corner(&format!("{{ trace = '0', legend = 'a' }}, {text}")), nw);
    // The length of a curve counts, not its number of samples: a few sharp bends against a long straight line.
    let line = "{ trace = '0.8', legend = 'a' }";
    let bends = "{ trace = 'if(t > 8, -0.8 + 0.002*sin(400*t), nan)' }";
    assert_eq!(corner(&format!("{line}, {bends}")), sw);
    // A passing point, and a curve that moves as a whole.
    assert_eq!(corner("{ point = '0.8', x = '10 - t/9', legend = 'a' }"), nw);
    let moving = "{ trace = '-0.8 + 0*t', x = '5 + 0*t' , legend = 'a' }";
    assert_eq!(corner(&format!("{moving}, {{ line = [['t', 0.8], ['t + 1', 0.8]] }}")), sw);
    // A note stays where the legend has another free corner.
    let notes =
        "{ point = '0.75', x = '7 + t/9', note = 'moving' }, { point = '0.75', x = '2', note = 'standing' }";
    let lines = "{ hline = -0.8, legend = 'a' }, { hline = -0.85 }, { vline = 2 }";
    assert_eq!(corner(&format!("{notes}, {lines}")), (2, 1));
    assert_says_by_how_much(&film("'ne'", &format!("{{ trace = '0', legend = 'a' }}, {text}")), 2.0, "ne");
}

#[test]
fn tick_labels_are_thinned_and_tick_marks_stay() {
    let labels = |size: u32, x: &str| {
        let scene = parse_scene(&format!(
            "canvas = {{ size = [{size}, 150] }}\n[panels.p]\nkind = 'plot'\ny = {{ range = [0, 1] }}\nx = {{ {x} }}"
        ));
        let figure = scenes::figure(&scene);
        assert_clear(&figure, x);
        let ticks = figure.texts().iter().filter(|text| text.role == TextRole::XTick);
        ticks.map(|text| text.text.clone()).collect::<Vec<_>>()
    };
    let every = "range = [-8, 8], ticks = { step = 1 }";
    assert_eq!(labels(600, every).len(), 17);
    assert_eq!(labels(300, every), ["$-8$", "$-6$", "$-4$", "$-2$", "$0$", "$2$", "$4$", "$6$", "$8$"]);
    assert_eq!(labels(170, every), ["$-6$", "$-3$", "$0$", "$3$", "$6$"]);
    // The label 0 stays although the first tick is no multiple of the new step.
    let thirds = labels(190, "range = [-7, 8], ticks = { step = 1 }");
    assert!(thirds.contains(&"$0$".to_owned()) && thirds.len() < 8, "{thirds:?}");
    // Automatic ticks are chosen so that the widest label fits.
    let wide = labels(200, "range = [1000000, 1000004]");
    assert!(!wide.is_empty() && wide.len() <= 3, "{wide:?}");
    let listed = parse_scene(
        "canvas = { size = [200, 150] }\n[panels.p]\nkind = 'plot'\ny = { range = [0, 1] }
        x = { range = [0, 1], ticks = { at = [0.4, 0.5], labels = ['before', 'behind'] } }",
    );
    assert_says_by_how_much(&listed, 2.0, "labels that the author wrote");
}

#[test]
fn one_of_two_tick_labels_is_left_out_where_panels_touch() {
    let scene = |upper: &str, lower: &str| {
        parse_scene(&format!(
            "canvas = {{ size = [300, 200] }}\nlayout = {{ mosaic = ['a', 'b'], row-gap = 0 }}
            [panels.a]\nkind = 'plot'\nx = {{ range = [0, 1], ticks = false }}\ny = {{ range = [-1, 1], {upper} }}
            [panels.b]\nkind = 'plot'\nx = {{ range = [0, 1] }}\ny = {{ range = [-1, 1], {lower} }}"
        ))
    };
    let given = "ticks = [-1, 0, 1]";
    let labels = |scene: &Scene| {
        let figure = scenes::figure(scene);
        assert_clear(&figure, "touching panels");
        let of = |name: &str| {
            let ticks = figure.texts().iter().filter(|text| text.role == TextRole::YTick);
            ticks.filter(|text| text.panel.name == name).count()
        };
        (of("a"), of("b"))
    };
    assert_eq!(labels(&scene("ticks = { step = 1 }", "ticks = { step = 1 }")), (3, 2));
    assert_eq!(labels(&scene("ticks = { step = 1 }", given)), (2, 3));
    assert_eq!(labels(&scene(given, "ticks = { step = 1 }")), (3, 2));
    assert_says_by_how_much(&scene(given, given), 2.0, "both given");
}

#[test]
fn captions_are_shifted_onto_the_canvas_and_apart() {
    let one = |label: &str| {
        parse_scene(&format!(
            "canvas = {{ size = [146, 150] }}\n[panels.p]\nkind = 'plot'\ntitle = '{label}'
            x = {{ range = [0, 1] }}\ny = {{ range = [0, 1000000], ticks = [0, 1000000] }}"
        ))
    };
    // The caption is longer than its axis; centered, it would leave the canvas.
    let scene = one("A title longer than its axis");
    let figure = scenes::figure(&scene);
    assert_clear(&figure, "a long title");
    let title =
        figure.texts().iter().find(|text| text.role == TextRole::Title).and_then(PlacedText::static_bounds);
    let (title, rect) = (title.expect("a title"), viewport(&figure, "p").rect);
    assert!(title.right - title.left > f64::from(rect.width()));
    assert!(middle(title).x < f64::midpoint(f64::from(rect.left), f64::from(rect.right)) - 1.0);
    let long = "A title that is much longer than the whole canvas is wide";
    assert_says_by_how_much(&one(long), 2.0, "a longer title");
    let two = |a: &str, b: &str| {
        parse_scene(&format!(
            "canvas = {{ size = [300, 150] }}\nlayout = {{ mosaic = ['a b'] }}
            [panels.a]\nkind = 'plot'\ntitle = '{a}'\nx = {{ range = [0, 1] }}\ny = {{ range = [0, 1] }}
            [panels.b]\nkind = 'plot'\ntitle = '{b}'\nx = {{ range = [0, 1] }}\ny = {{ range = [0, 1] }}"
        ))
    };
    assert_clear(&scenes::figure(&two("A long title over narrow axes", "short")), "one long title");
    assert_says_by_how_much(
        &two("A title that is too long here", "and another one that is too long"),
        2.0,
        "two long titles",
    );
}

/// Numerical Recipes' generator; its upper bits.
struct Random(u32);

impl Random {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len() as u32) as usize]
    }
}

const LABELS: [&str; 5] = ["", "$t$", "time in seconds", r"$\frac{x}{y}$", "a label of considerable length"];
const TICKS: [&str; 6] =
    ["true", "false", "{ step = 1 }", "{ step = 0.25 }", "[-1, 0, 1]", "{ step = 'pi/2' }"];
const DRAWN: [&str; 4] = [
    "{ trace = 'sin(t)', legend = 'a curve' },",
    "{ point = 'sin(t)', x = 'cos(2*t)', note = 'one' }, { point = '-0.2', x = 'cos(t)', note = 'two' },",
    "{ text = 'a text', at = [0.05, 0.9], in = 'panel' }, { text = 'more', at = [0.1, 0.85], in = 'panel' },",
    "",
];

/// A random panel with all kinds of texts.
fn random_panel(random: &mut Random, name: &str) -> String {
    let mut axis = || {
        format!("{{ range = [-2, 2], label = '{}', ticks = {} }}", random.pick(&LABELS), random.pick(&TICKS))
    };
    let (x, y) = (axis(), axis());
    let (frame, title) = (random.pick(&["box", "corner", "origin", "none"]), random.pick(&LABELS));
    let (first, second) = (random.pick(&DRAWN), random.pick(&DRAWN));
    format!(
        "[panels.{name}]\nkind = 'plot'\naxes = '{frame}'\ntitle = '{title}'
        x = {x}\ny = {y}\ndraw = [{first} {second}]\n"
    )
}

/// A random scene, in which many texts have no room.
fn random_scene(random: &mut Random) -> String {
    let head = format!(
        "canvas = {{ size = [{}, {}], font-size = {} }}\ntime = {{ span = [0, 3] }}\nanimate = {{ frames = 9 }}
        layout = {{ mosaic = ['a b', 'c c'], row-gap = {}, column-gap = {} }}\n",
        200 + random.roll(400),
        160 + random.roll(300),
        6 + random.roll(12),
        random.pick(&["0", "'auto'", "'auto'", "30"]),
        random.pick(&["20", "'auto'", "'auto'"]),
    );
    let panels = ["a", "b", "c"].map(|name| random_panel(random, name));
    head + &panels.concat()
}

#[test]
fn random_scenes_fit_or_tell_how_much_is_missing() {
    let mut random = Random(7);
    let (mut fitted, mut refused) = (0, 0);
    for _ in 0..400 {
        let text = random_scene(&mut random);
        let scene = parse_scene(&text);
        if let Ok(figure) = Figure::new(&scene, 1.0) {
            assert_clear(&figure, &text);
            fitted += 1;
        } else {
            assert_says_by_how_much(&scene, 1.0, &text);
            refused += 1;
        }
    }
    assert!(fitted > 20 && refused > 20, "{fitted} fitted, {refused} refused");
}
