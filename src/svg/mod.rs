//! SVG output: display lists as vector graphics, either one frame or an animation that plays without a script.
//!
//! An SVG is made from marks, not from pixels, so this module stands beside `film` and `encode`. The display lists of
//! all frames are compared index by index: the marks at one index form a `track::Track`, which is split into parts, and
//! each part becomes one element. Elements that change carry SMIL animations at the times of `key_times::KeyTimes`.
//! A still is an animation of one frame. The file has no script, no font, no date, and no reference to another file.

mod clip;
mod defs;
mod fill;
mod image;
mod key_times;
mod motion;
mod number;
mod path;
mod reveal;
mod simplify;
mod stroke;
mod tail;
mod track;
mod xml;

use crate::animation::Animation;
use crate::geometry::PixelRect;
use crate::mark::Mark;
use crate::stamp::Stamp;
use clip::clip_of;
use defs::Defs;
use fill::{OutlineCounts, ShapeDrawing, with_paint};
use key_times::KeyTimes;
use number::rounded;
use track::{PartKind, Track, TrackPart};
use xml::Element;

pub use xml::escape;

/// Settings of an SVG file beside the [`Animation`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SvgOptions<'a> {
    /// Device pixels per CSS pixel, above 0. The picture takes `size / scale` CSS pixels on a page.
    pub scale: f64,
    /// Description of the picture for screen readers.
    pub title: Option<&'a str>,
    /// Whether there is one more frame, at index `timing.frames`, that equals the first. The last frame then moves on into
    /// it, so the loop has no seam. Otherwise the last frame is held until the animation ends. Stills ignore this.
    pub seamless: bool,
    /// Whether each frame is held until the next one. Otherwise marks move smoothly between frames. Stills ignore this.
    pub in_steps: bool,
    /// Hash of the picture's inputs, written at the end of the file.
    pub stamp: Option<Stamp>,
}

/// Returns the SVG of one frame.
#[must_use]
pub fn still(animation: &Animation, options: &SvgOptions<'_>, marks: Vec<Mark>) -> String {
    let tracks = marks.into_iter().map(|mark| {
        let mut track = Track::default();
        track.push(0, mark);
        track
    });
    picture(animation, options, tracks.collect(), &KeyTimes::still())
}

/// Returns the SVG of an animation. `marks` is called once for each frame, in order. The file is small where the display
/// lists of all frames are aligned (see [`Mark::Nothing`]). Viewers that do not animate show the last frame.
///
/// # Errors
/// The first error of `marks`.
pub fn animated<E>(
    animation: &Animation,
    options: &SvgOptions<'_>,
    mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
) -> Result<String, E> {
    let key_times =
        KeyTimes::new(&animation.timing, animation.plays, options.seamless).in_steps(options.in_steps);
    let mut tracks: Vec<Track> = Vec::new();
    for index in 0..key_times.key_count() {
        let list = marks(index)?;
        if list.len() > tracks.len() {
            tracks.resize_with(list.len(), Track::default);
        }
        // Shorter lists are padded with empty marks.
        let padded = list.into_iter().chain(std::iter::repeat(Mark::Nothing));
        tracks.iter_mut().zip(padded).for_each(|(track, mark)| track.push(index, mark));
    }
    Ok(picture(animation, options, tracks, &key_times))
}

/// A part's element. Shapes wait until the uses of every outline are counted.
enum PendingElement {
    Shape(ShapeDrawing),
    Element(Element),
}

fn picture(
    animation: &Animation,
    options: &SvgOptions<'_>,
    tracks: Vec<Track>,
    key_times: &KeyTimes,
) -> String {
    let canvas = PixelRect::from_size(animation.size.0, animation.size.1);
    let (mut defs, mut counts) = (Defs::default(), OutlineCounts::default());
    let mut pending = Vec::new();
    for part in tracks.into_iter().flat_map(|track| track.parts(key_times.key_count())) {
        // A part that begins after the last frame is never visible.
        if part.states[0].0.start > key_times.poster_frame() {
            continue;
        }
        if let Some(pending_element) = pending_element(&part, key_times, canvas, &mut defs, &mut counts) {
            pending.push((clip_of(&part, canvas), Visibility::of(&part, key_times), pending_element));
        }
    }
    let mut elements = Vec::new();
    for group in pending.chunk_by(|a, b| a.0 == b.0) {
        let finished = group.iter().map(|(_, visibility, pending_element)| match pending_element {
            PendingElement::Element(element) => visibility.clone().on(element.clone()),
            PendingElement::Shape(drawing) => {
                visibility.clone().on(drawing.element(&counts, &mut defs).with_children(&drawing.motion))
            }
        });
        let finished: Vec<Element> = finished.collect();
        match group[0].0 {
            None => elements.extend(finished),
            Some(clip) => {
                let clip = defs.clip(clip);
                elements.push(Element::new("g").with("clip-path", clip).with_children(&finished));
            }
        }
    }
    document(animation, options, &defs, &elements)
}

fn pending_element(
    part: &TrackPart,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
    counts: &mut OutlineCounts,
) -> Option<PendingElement> {
    match &part.states[0].1 {
        Mark::Nothing => None,
        Mark::Stroke(_) => stroke::element(part, key_times, canvas, defs).map(PendingElement::Element),
        Mark::Tail(_) => tail::element(part, key_times, canvas, defs).map(PendingElement::Element),
        Mark::Image(image) => image::element(image).map(PendingElement::Element),
        Mark::Fill(_) => match ShapeDrawing::new(part, key_times, counts) {
            Some(drawing) => Some(PendingElement::Shape(drawing)),
            None if part.kind == PartKind::Revealed => {
                reveal::element(part, key_times, canvas, defs).map(PendingElement::Element)
            }
            None => fill::morphing(part, key_times).map(PendingElement::Element),
        },
    }
}

/// Visibility of a part over the animation.
#[derive(Clone)]
struct Visibility {
    hidden: bool,
    animation: Option<Element>,
}

impl Visibility {
    fn of(part: &TrackPart, key_times: &KeyTimes) -> Self {
        let frames = part.frames();
        let hidden = !frames.iter().any(|range| range.contains(&key_times.poster_frame()));
        // Each state of a tail has a visibility animation of its own.
        let alone = part.kind == PartKind::Fading;
        Self {
            hidden: hidden && !alone,
            animation: if alone { None } else { key_times.animate_visibility(&frames) },
        }
    }

    fn on(self, element: Element) -> Element {
        element.with_optional("visibility", self.hidden.then_some("hidden")).with_children(&self.animation)
    }
}

/// Writes the file, one line for each element of the page.
fn document(animation: &Animation, options: &SvgOptions<'_>, defs: &Defs, elements: &[Element]) -> String {
    let (width, height) = animation.size;
    let css = |pixels: u32| rounded(f64::from(pixels) / options.scale, 4);
    let paper = Element::new("path").with("d", format!("M0 0h{width}v{height}H0z"));
    let paper =
        (animation.background.a > 0).then(|| with_paint(paper, "fill", "fill-opacity", animation.background));
    let title = options.title.map(|title| Element::new("title").with_text(title));
    let stamp = options.stamp.map(|stamp| Element::new("metadata").with_text(&stamp.to_string()));
    let drawn = defs.element().into_iter().chain(elements.iter().cloned());
    let lines = title.into_iter().chain(paper).chain(drawn).chain(stamp);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" stroke-linejoin=\"round\">\n",
        css(width),
        css(height)
    );
    for line in lines {
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text.push_str("</svg>\n");
    text
}
