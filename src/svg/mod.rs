//! Marks as vector graphics: a still of one frame, or a film that plays without a script.
//!
//! An SVG is made of the marks themselves rather than of pixels, so it stands beside `film` and `encode`.
//! All frames' lists are laid over one another: what happens at one place of them is a `track`, sorted into
//! parts that each become one element. Elements that change hold animations whose times are the `key_times`'s. A still is
//! a film of one frame. The picture holds no script, no font, no date, and refers to nothing outside.

mod clip;
mod defs;
mod fill;
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

use crate::geometry::PixelRect;
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::timing::LoopCount;
use crate::timing::Timing;
use clip::clip_of;
use defs::Defs;
use fill::{OutlineCounts, ShapeDrawing, with_paint};
use key_times::KeyTimes;
use number::rounded;
use track::{PartKind, Track, TrackPart};
use xml::Element;

pub use xml::escape;

/// The paper of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SvgPage<'a> {
    /// Width and height in device pixels, which the marks count in.
    pub size: (u32, u32),
    /// Device pixels per CSS pixel, above 0: the picture takes `size / scale` on a page.
    pub scale: f64,
    /// What lies under all marks.
    pub background: Rgba,
    /// The picture in words, for those who do not see it.
    pub title: Option<&'a str>,
    /// What it was made from, told at its end.
    pub stamp: Option<Stamp>,
}

/// How a film moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SvgPlayback {
    /// When its frames are seen.
    pub timing: Timing,
    /// How often it plays.
    pub plays: LoopCount,
    /// Whether it has one frame more, at index `timing.frames`, that is the first again: then the last frame moves on into
    /// it, and the film is round. Without it the last frame stands until the film ends.
    pub seamless: bool,
}

/// The SVG of one frame.
#[must_use]
pub fn still(sheet: &SvgPage<'_>, marks: Vec<Mark>) -> String {
    let tracks = marks.into_iter().map(|mark| {
        let mut track = Track::default();
        track.push(0, mark);
        track
    });
    picture(sheet, tracks.collect(), &KeyTimes::still())
}

/// The SVG of a film. `marks` is asked for every frame once; where their lists are aligned (see
/// [`Mark::Nothing`]) the picture is small. What does not play it shows the last frame.
///
/// # Errors
/// Those of `marks`.
pub fn film<E>(
    sheet: &SvgPage<'_>,
    motion: &SvgPlayback,
    mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
) -> Result<String, E> {
    let key_times = KeyTimes::new(&motion.timing, motion.plays, motion.seamless);
    let mut tracks: Vec<Track> = Vec::new();
    for index in 0..key_times.key_count() {
        let list = marks(index)?;
        if list.len() > tracks.len() {
            tracks.resize_with(list.len(), Track::default);
        }
        // A list that is shorter than others ends in nothing.
        let padded = list.into_iter().chain(std::iter::repeat(Mark::Nothing));
        tracks.iter_mut().zip(padded).for_each(|(track, mark)| track.push(index, mark));
    }
    Ok(picture(sheet, tracks, &key_times))
}

/// A part on its way to its element.
enum PendingElement {
    Shape(ShapeDrawing),
    Element(Element),
}

fn picture(sheet: &SvgPage<'_>, tracks: Vec<Track>, key_times: &KeyTimes) -> String {
    let canvas = PixelRect::of_size(sheet.size.0, sheet.size.1);
    let (mut defs, mut counts) = (Defs::default(), OutlineCounts::default());
    let mut pending = Vec::new();
    for part in tracks.into_iter().flat_map(|track| track.parts(key_times.key_count())) {
        // What only lies beyond the last frame is never seen.
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
    page(sheet, &defs, &elements)
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
        Mark::Fill(_) => match ShapeDrawing::new(part, key_times, counts) {
            Some(drawing) => Some(PendingElement::Shape(drawing)),
            None if part.kind == PartKind::Revealed => {
                reveal::element(part, key_times, canvas, defs).map(PendingElement::Element)
            }
            None => fill::morphing(part, key_times).map(PendingElement::Element),
        },
    }
}

/// Whether a part is seen all the time.
#[derive(Clone)]
struct Visibility {
    hidden: bool,
    animation: Option<Element>,
}

impl Visibility {
    fn of(part: &TrackPart, key_times: &KeyTimes) -> Self {
        let frames = part.frames();
        let hidden = !frames.iter().any(|range| range.contains(&key_times.poster_frame()));
        // The states of a tail come and go one by one.
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

/// The file: a line for each thing on the page.
fn page(sheet: &SvgPage<'_>, defs: &Defs, elements: &[Element]) -> String {
    let (width, height) = sheet.size;
    let css = |pixels: u32| rounded(f64::from(pixels) / sheet.scale, 4);
    let paper = Element::new("path").with("d", format!("M0 0h{width}v{height}H0z"));
    let paper = (sheet.background.a > 0).then(|| with_paint(paper, "fill", "fill-opacity", sheet.background));
    let title = sheet.title.map(|title| Element::new("title").with_text(title));
    let stamp = sheet.stamp.map(|stamp| Element::new("metadata").with_text(&stamp.to_string()));
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
