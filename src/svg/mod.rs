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
use fill::{Census, Drawing, inked};
use key_times::KeyTimes;
use number::rounded;
use track::{Kind, Part, Track};
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
    for index in 0..key_times.keys() {
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
enum Draft {
    Shape(Drawing),
    Element(Element),
}

fn picture(sheet: &SvgPage<'_>, tracks: Vec<Track>, key_times: &KeyTimes) -> String {
    let canvas = PixelRect::of_size(sheet.size.0, sheet.size.1);
    let (mut defs, mut census) = (Defs::default(), Census::default());
    let mut drafts = Vec::new();
    for part in tracks.into_iter().flat_map(|track| track.parts(key_times.keys())) {
        // What only lies beyond the last frame is never seen.
        if part.shown[0].0.start > key_times.poster() {
            continue;
        }
        if let Some(draft) = draft(&part, key_times, canvas, &mut defs, &mut census) {
            drafts.push((clip_of(&part, canvas), Presence::of(&part, key_times), draft));
        }
    }
    let mut elements = Vec::new();
    for group in drafts.chunk_by(|a, b| a.0 == b.0) {
        let finished = group.iter().map(|(_, presence, draft)| match draft {
            Draft::Element(element) => presence.clone().on(element.clone()),
            Draft::Shape(drawing) => {
                presence.clone().on(drawing.element(&census, &mut defs).holding(&drawing.motion))
            }
        });
        let finished: Vec<Element> = finished.collect();
        match group[0].0 {
            None => elements.extend(finished),
            Some(clip) => {
                let clip = defs.clip(clip);
                elements.push(Element::new("g").with("clip-path", clip).holding(&finished));
            }
        }
    }
    page(sheet, &defs, &elements)
}

fn draft(
    part: &Part,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
    census: &mut Census,
) -> Option<Draft> {
    match &part.shown[0].1 {
        Mark::Nothing => None,
        Mark::Stroke(_) => stroke::element(part, key_times, canvas, defs).map(Draft::Element),
        Mark::Tail(_) => tail::element(part, key_times, canvas, defs).map(Draft::Element),
        Mark::Fill(_) => match Drawing::new(part, key_times, census) {
            Some(drawing) => Some(Draft::Shape(drawing)),
            None if part.kind == Kind::Opens => {
                reveal::element(part, key_times, canvas, defs).map(Draft::Element)
            }
            None => fill::bending(part, key_times).map(Draft::Element),
        },
    }
}

/// Whether a part is seen all the time.
#[derive(Clone)]
struct Presence {
    hidden: bool,
    animation: Option<Element>,
}

impl Presence {
    fn of(part: &Part, key_times: &KeyTimes) -> Self {
        let frames = part.frames();
        let hidden = !frames.iter().any(|range| range.contains(&key_times.poster()));
        // The states of a tail come and go one by one.
        let alone = part.kind == Kind::Fades;
        Self { hidden: hidden && !alone, animation: if alone { None } else { key_times.showing(&frames) } }
    }

    fn on(self, element: Element) -> Element {
        element.maybe("visibility", self.hidden.then_some("hidden")).holding(&self.animation)
    }
}

/// The file: a line for each thing on the page.
fn page(sheet: &SvgPage<'_>, defs: &Defs, elements: &[Element]) -> String {
    let (width, height) = sheet.size;
    let css = |pixels: u32| rounded(f64::from(pixels) / sheet.scale, 4);
    let paper = Element::new("path").with("d", format!("M0 0h{width}v{height}H0z"));
    let paper = (sheet.background.a > 0).then(|| inked(paper, "fill", "fill-opacity", sheet.background));
    let title = sheet.title.map(|title| Element::new("title").saying(title));
    let stamp = sheet.stamp.map(|stamp| Element::new("metadata").saying(&stamp.to_string()));
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
