//! Laws of films: a frame is a function of scene and index alone, whoever draws it and in whatever
//! order; and what the encoded file shows is what was drawn.

mod asked;
mod clear;
mod encoded;
mod program;
#[path = "../support/stage.rs"]
mod stage;
mod stamps;

use kymograph::film::Renderer;
use kymograph::geometry::PixelRect;
use kymograph::raster::Raster;
use kymograph::scene::Scene;

use stage::{all_posted, alone, figure, own};

/// A small film in which all that can move does.
pub(crate) const BUSY: &str = r"
[canvas]
size = [240, 240]
scale = 1.5
[params]
decay = 0.2
[time]
span = [0, 12]
[animate]
frames = 31
hold = 0.5
[systems.s]
kind = 'oscillator'
stiffness = 4
damping = 'decay'
x0 = 1
[layout]
mosaic = ['top', 'plane']
heights = [1, 2]
[panels.top]
kind = 'plot'
draw = [
  { area = 's.x', opacity = 0.3 },
  { trace = 's.x', dash = true, legend = '$x$' },
  { trace = 'if(s.v > 0, s.v, nan)', width = 3, opacity = 0.5, legend = 'forth' },
  { trace = 's.v*t/9', span = ['t - 3', 't'], reveal = 'all' },
  { vline = 't', color = 'silver' },
  { point = 's.x', note = '$@{s.x:.2}$' },
]
[panels.plane]
kind = 'plane'
draw = [
  { circle = [0, 0], radius = 's.envelope', dash = true, fill = '#ffd70040' },
  { trace = 's.z', color = 'blue' },
  { arm = 's.z', arrow = true },
  { drop = 's.z', onto = 'y', dash = true },
  { rect = [['s.x', -0.2], [0, 0.2]], fill = 'tomato', opacity = 0.5 },
  { text = 't = @{t:.1} s', at = [0.98, 0.98], in = 'panel', anchor = 'ne' },
  { text = 'to the right', at = ['s.x', -0.8], when = 's.v > 0' },
]
";

/// The repository's scenes and one of the tests' own, by name.
pub(crate) fn all() -> Vec<(String, Scene)> {
    let posted = all_posted().into_iter().map(|posted| (posted.name.clone(), posted.scene(&[])));
    posted.chain([("busy".to_owned(), own(BUSY))]).collect()
}

/// All frames of a film, drawn one after the other, each with where it changed.
pub(crate) fn played(scene: &Scene) -> Vec<(Raster, Vec<PixelRect>)> {
    let figure = figure(scene);
    let mut frames = Vec::new();
    let marks = |index| Ok::<_, ()>(figure.marks(index).expect("marks"));
    let keep = |frame: &kymograph::encode::Frame| {
        frames.push((frame.image.clone(), frame.changed.to_vec()));
        Ok(())
    };
    figure.reel().play(marks, keep).expect("frames");
    frames
}

#[test]
fn a_frame_drawn_alone_is_the_films() {
    for (name, scene) in all() {
        let figure = figure(&scene);
        for (index, (frame, _)) in played(&scene).iter().enumerate().step_by(3) {
            assert!(alone(&figure, index) == *frame, "{name}, frame {index}");
        }
    }
}

#[test]
fn frames_in_any_order_are_the_same() {
    let scene = own(BUSY);
    let figure = figure(&scene);
    let (width, height) = figure.size();
    let mut renderer = Renderer::new(width, height, scene.canvas.background);
    let frames = played(&scene);
    for step in 0..60 {
        let index = step * 17 % frames.len();
        renderer.show(figure.marks(index).expect("marks"));
        assert!(*renderer.image() == frames[index].0, "frame {index} as number {step}");
    }
}

#[test]
fn nothing_differs_outside_of_what_is_said_to_change() {
    for (name, scene) in all() {
        let frames = played(&scene);
        assert_eq!(frames[0].1, [frames[0].0.bounds()], "{name}");
        for (index, pair) in frames.windows(2).enumerate() {
            let [(before, _), (after, changed)] = pair else { unreachable!("windows of two") };
            let mut expected = before.clone();
            for rect in changed {
                for y in rect.top..rect.bottom {
                    let new = after.row(y, rect.left, rect.right);
                    expected.row_mut(y, rect.left, rect.right).copy_from_slice(new);
                }
            }
            assert!(expected == *after, "{name}, frame {}", index + 1);
        }
    }
}

#[test]
fn a_curve_that_has_grown_is_the_curve_drawn_at_once() {
    for dash in ["", ", dash = true", ", dash = [5, 3, 1, 2], opacity = 0.4"] {
        let film = |reveal: &str| {
            format!(
                "canvas = {{ size = [200, 150], scale = 2 }}
                time = {{ span = [0, 7] }}
                animate = {{ frames = 23 }}
                [panels.p]
                kind = 'plane'
                draw = [{{ trace = 'exp((j - 0.1)*3*t)', width = 3, reveal = '{reveal}'{dash} }}]"
            )
        };
        let grown = played(&own(&film("grow"))).pop().expect("frames").0;
        let whole = own(&film("all"));
        assert!(grown == alone(&figure(&whole), 0), "{dash}");
        assert!(grown == alone(&figure(&whole), 22), "{dash}");
    }
}
