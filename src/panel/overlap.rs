//! The final check of all texts: overlapping texts and texts off the canvas are conflicts, whose errors say which texts,
//! by how much, and what to do. A draft is drawn with its conflicts marked.

use std::ops::Range;

use crate::geometry::Bounds;
use crate::panel::axis::Direction;
use crate::panel::built_panel::BuiltPanel;
use crate::panel::figure_layout::MAX_MISSING;
use crate::panel::label_placement::NoFreePosition;
use crate::panel::placed_text::{PlacedText, TextRole};
use crate::panel::text_layout::TextLayout;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{LegendPlace, Panel};

/// The largest tolerated overlap, in device pixels. Rounding a baseline to whole pixels may cost as much.
const ROUNDING: f64 = 0.5;

/// The work of a pair of texts, and that of comparing them in a frame.
const PAIR: u64 = 8;
const LOOK: u64 = 8;

/// The frame with the largest overlap, and its size in device pixels.
#[derive(Clone, Copy)]
struct WorstFrame {
    frame: usize,
    overlap: f64,
}

/// A place where the layout fails: two texts that overlap, or a text and the rectangle that it crosses.
pub(super) struct Conflict<'s> {
    pub(super) error: Diagnostic,
    /// The text that is in the wrong place.
    text: PlacedText<'s>,
    against: Against<'s>,
}

/// What a text of a conflict must not overlap or leave.
enum Against<'s> {
    /// It overlaps another text.
    Text(PlacedText<'s>),
    /// It leaves this rectangle.
    Outside(Bounds),
    /// It overlaps this rectangle.
    Inside(Bounds),
}

impl Conflict<'_> {
    /// Whether the conflict is about this text.
    pub(super) fn is_about(&self, text: &PlacedText<'_>) -> bool {
        let is = |own: &PlacedText<'_>| own.source == text.source && own.role == text.role;
        is(&self.text) || matches!(&self.against, Against::Text(other) if is(other))
    }

    /// The boxes to mark in a frame; none where the frame has no conflict.
    pub(super) fn boxes(&self, frame: usize) -> [Option<Bounds>; 2] {
        let Some(bounds) = self.text.bounds(frame) else { return [None; 2] };
        let (conflicts, other) = match &self.against {
            Against::Text(other) => {
                let other = other.bounds(frame);
                (other.is_some_and(|other| bounds.overlap(&other) > ROUNDING), other)
            }
            Against::Outside(allowed) => {
                (bounds.overhang(allowed).iter().any(|overhang| *overhang > ROUNDING), None)
            }
            Against::Inside(other) => (bounds.overlap(other) > ROUNDING, Some(*other)),
        };
        if conflicts { [Some(bounds), other] } else { [None; 2] }
    }
}

/// Checks that in no frame two texts overlap, a text leaves the canvas or its plot, or a label of one panel
/// lies on another panel. Calls `found` with each conflict, until it returns an error.
///
/// # Errors
/// The error of `found`, or the work of the scene exceeds its limit.
pub(super) fn check<'s>(
    text_layout: &TextLayout<'_, 's>,
    panels: &[BuiltPanel<'s>],
    mut found: impl FnMut(Conflict<'s>) -> Result<(), Diagnostic>,
) -> Result<(), Diagnostic> {
    let texts: Vec<_> = text_layout.placed.iter().filter(|text| text.role != TextRole::LegendName).collect();
    check_other_panels(text_layout, panels, &texts).map_or(Ok(()), &mut found)?;
    for (index, text) in texts.iter().enumerate() {
        check_inside(text_layout, panels, text).map_or(Ok(()), &mut found)?;
        for other in &texts[..index] {
            let frames = text_layout.frames_to_check(&[text, other]);
            text_layout.scene.charge(PAIR + LOOK * frames.len() as u64, text.source)?;
            let overlap = |frame| Some(text.bounds(frame)?.overlap(&other.bounds(frame)?));
            if let Some(worst) = worst_frame(frames, overlap) {
                let along_axis = overlap_along_axis(text, other, worst.frame);
                let worst = WorstFrame { overlap: along_axis.unwrap_or(worst.overlap), ..worst };
                let error = overlap_error(text_layout, [text, other], worst);
                let against = Against::Text((*other).clone());
                found(Conflict { error, text: (*text).clone(), against })?;
            }
        }
    }
    Ok(())
}

/// The overlap along an axis of two texts that belong to the same axis, and can only be separated along it.
fn overlap_along_axis(text: &PlacedText<'_>, other: &PlacedText<'_>, frame: usize) -> Option<f64> {
    let direction = |role: TextRole| match role {
        TextRole::XTick | TextRole::XLabel | TextRole::Title => Some(Direction::X),
        TextRole::YTick
        | TextRole::YLabel
        | TextRole::Y2Tick
        | TextRole::Y2Label
        | TextRole::ColorTick
        | TextRole::ColorLabel => Some(Direction::Y),
        TextRole::Legend
        | TextRole::LegendName
        | TextRole::EndLabel
        | TextRole::Text
        | TextRole::Note
        | TextRole::MassLabel => None,
    };
    let shifts = text.bounds(frame)?.separating_shifts(&other.bounds(frame)?);
    let along = direction(text.role)?;
    (direction(other.role)? == along).then_some(along.select(shifts))
}

/// The frame with the largest overlap, if that is more than rounding.
fn worst_frame(frames: Range<usize>, overlap: impl Fn(usize) -> Option<f64>) -> Option<WorstFrame> {
    let all = frames.filter_map(|frame| Some(WorstFrame { frame, overlap: overlap(frame)? }));
    all.filter(|found| found.overlap > ROUNDING).max_by(|a, b| a.overlap.total_cmp(&b.overlap))
}

impl TextLayout<'_, '_> {
    /// The frames in which one or two texts must be checked: a single one if none of them moves.
    fn frames_to_check(&self, texts: &[&PlacedText<'_>]) -> Range<usize> {
        let first = match texts {
            [one, other] => one.first_common_frame(other),
            _ => texts.iter().find_map(|text| text.first_common_frame(text)),
        };
        match first {
            None => 0..0,
            Some(first) if texts.iter().all(|text| text.static_bounds().is_some()) => first..first + 1,
            Some(first) => {
                let ends = texts.iter().map(|text| text.end(self.scene.timeline.frames));
                first..ends.min().unwrap_or(first)
            }
        }
    }

    /// Device pixels in CSS pixels, rounded up to a whole number of at least 1.
    fn css_pixels(&self, device_pixels: f64) -> f64 {
        (device_pixels / self.text_style.scale - 1e-6).ceil().max(1.0)
    }
}

/// Checks that a text lies on the canvas, and a legend that is not beside its plot in its plot rectangle.
fn check_inside<'s>(
    text_layout: &TextLayout<'_, 's>,
    panels: &[BuiltPanel<'s>],
    text: &PlacedText<'s>,
) -> Option<Conflict<'s>> {
    let is_inside = text.role == TextRole::Legend && !matches!(text.panel.legend, LegendPlace::Outside(_));
    let plot = panels.iter().find(|built| std::ptr::eq(built.panel, text.panel) && is_inside);
    let allowed: Bounds = plot.map_or(text_layout.canvas, |built| built.viewport.rect).into();
    let overhang = |frame| {
        let [left, top, right, bottom] = text.bounds(frame)?.overhang(&allowed);
        Some((left + right).max(top + bottom))
    };
    let worst = worst_frame(text_layout.frames_to_check(&[text]), overhang)?;
    let css = text_layout.css_pixels(worst.overlap);
    let missing = format_count(css);
    let subject = format!("{} of panel `{}`", describe(text), text.panel.name);
    let message = if plot.is_some() {
        format!("{subject} does not fit into its plot: {missing} CSS {} missing", pixels_are(css))
    } else {
        let when = in_frame(worst.frame, &[text]);
        format!("{subject} leaves the canvas by {missing} CSS {}{when}", pixels(css))
    };
    let error = Diagnostic::new(message).at(text.source).help(remedy(text));
    Some(Conflict { error, text: text.clone(), against: Against::Outside(allowed) })
}

/// Checks that the labels beside one panel do not lie on another. The largest overlap is reported.
fn check_other_panels<'s>(
    text_layout: &TextLayout<'_, 's>,
    panels: &[BuiltPanel<'s>],
    texts: &[&PlacedText<'s>],
) -> Option<Conflict<'s>> {
    let beside = texts.iter().filter(|text| match text.role {
        TextRole::XTick
        | TextRole::YTick
        | TextRole::XLabel
        | TextRole::YLabel
        | TextRole::Y2Tick
        | TextRole::Y2Label
        | TextRole::Title
        | TextRole::ColorTick
        | TextRole::ColorLabel => true,
        TextRole::Legend
        | TextRole::LegendName
        | TextRole::EndLabel
        | TextRole::Text
        | TextRole::Note
        | TextRole::MassLabel => false,
    });
    let pairs = beside.flat_map(|text| panels.iter().map(move |built| (*text, built)));
    let scene = text_layout.scene;
    let others = pairs.filter(|(text, built)| {
        !stands_in(scene, text.panel, built.panel) && !stands_in(scene, built.panel, text.panel)
    });
    let overlaps = others.filter_map(|(text, built)| {
        Some((text, built, text.static_bounds()?.overlap(&built.viewport.rect.into())))
    });
    let largest = overlaps.max_by(|a, b| a.2.total_cmp(&b.2));
    let (text, built, overlap) = largest.filter(|(.., overlap)| *overlap > ROUNDING)?;
    let css = text_layout.css_pixels(overlap);
    let missing = format_count(css);
    let (own, other) = (&text.panel.name, &built.panel.name);
    let message = format!(
        "{} of panel `{own}` overlaps panel `{other}` by {missing} CSS {}",
        describe(text),
        pixels(css)
    );
    let error = Diagnostic::new(message).at(text.source).help(format!(
        "make `row-gap` or `column-gap` larger by at least {css}, or leave it out so that labels fit"
    ));
    Some(Conflict { error, text: text.clone(), against: Against::Inside(built.viewport.rect.into()) })
}

/// Whether a panel is another one, or stands in it.
fn stands_in(scene: &Scene, panel: &Panel, host: &Panel) -> bool {
    let around = |panel: &&Panel| Some(&scene.panels[panel.inset?.host]);
    std::iter::successors(Some(panel), around).any(|panel| std::ptr::eq(panel, host))
}

/// The error of two overlapping texts. It points at the first one and says what to do about that.
fn overlap_error(
    text_layout: &TextLayout<'_, '_>,
    [text, other]: [&PlacedText<'_>; 2],
    worst: WorstFrame,
) -> Diagnostic {
    let css = text_layout.css_pixels(worst.overlap);
    let missing = format_count(css);
    let when = in_frame(worst.frame, &[text, other]);
    let (one, two) = (describe(other), describe(text));
    let both = if std::ptr::eq(text.panel, other.panel) {
        format!("{one} and {two} of panel `{}`", text.panel.name)
    } else {
        format!("{one} of panel `{}` and {two} of panel `{}`", other.panel.name, text.panel.name)
    };
    let message = format!("{both} overlap by {missing} CSS {}{when}", pixels(css));
    Diagnostic::new(message).at(text.source).help(remedy(text))
}

/// The error of a moving text that has no free position in some frame.
pub(super) fn no_room_error(
    text_layout: &TextLayout<'_, '_>,
    text: &PlacedText<'_>,
    error: &NoFreePosition,
) -> Diagnostic {
    let is_obstacle = |other: &&PlacedText<'_>| {
        other.role != TextRole::LegendName
            && error.obstacle.is_some()
            && other.bounds(error.frame) == error.obstacle
    };
    let place = match text_layout.placed.iter().find(is_obstacle) {
        Some(other) => format!("beside {} of panel `{}`", describe(other), other.panel.name),
        None => "on the canvas".to_owned(),
    };
    let css = text_layout.css_pixels(error.missing);
    let missing = format_count(css);
    let message = format!(
        "{} of panel `{}` has no room {place} in frame {}: {missing} CSS {} missing",
        describe(text),
        text.panel.name,
        error.frame,
        pixels_are(css)
    );
    Diagnostic::new(message).at(text.source).help(remedy(text))
}

/// The frame for a message, unless the texts are the same in all frames.
fn in_frame(frame: usize, texts: &[&PlacedText<'_>]) -> String {
    let are_static = texts.iter().all(|text| text.static_bounds().is_some());
    if are_static { String::new() } else { format!(" in frame {frame}") }
}

/// A number of CSS pixels for a message.
fn format_count(css: f64) -> String {
    if css <= MAX_MISSING { css.to_string() } else { "more than a million".to_owned() }
}

fn pixels(count: f64) -> &'static str {
    if count == 1.0 { "pixel" } else { "pixels" }
}

fn pixels_are(count: f64) -> &'static str {
    if count == 1.0 { "pixel is" } else { "pixels are" }
}

/// The name of a text in messages.
fn describe(text: &PlacedText<'_>) -> String {
    let kind = match text.role {
        TextRole::XTick => "the x tick label",
        TextRole::YTick => "the y tick label",
        TextRole::XLabel => "the x label",
        TextRole::YLabel => "the y label",
        TextRole::Y2Tick => "the y2 tick label",
        TextRole::Y2Label => "the y2 label",
        TextRole::Title => "the title",
        TextRole::Legend => return "the legend".to_owned(),
        TextRole::LegendName => "the legend's entry",
        TextRole::EndLabel => "the entry at a curve's end",
        TextRole::Text => "the text",
        TextRole::Note => "the note",
        TextRole::MassLabel => "the mass label",
        TextRole::ColorTick => "the color bar's tick label",
        TextRole::ColorLabel => "the color bar's label",
    };
    format!("{kind} `{}`", text.text)
}

/// The help of an error about a text.
fn remedy(text: &PlacedText<'_>) -> String {
    let own = match text.role {
        TextRole::XTick | TextRole::YTick | TextRole::Y2Tick | TextRole::ColorTick => {
            "write fewer or shorter labels in `ticks`"
        }
        TextRole::XLabel | TextRole::YLabel | TextRole::Y2Label | TextRole::Title | TextRole::ColorLabel => {
            "shorten it"
        }
        TextRole::EndLabel => "shorten it, or write legend = 'text'",
        TextRole::Legend | TextRole::LegendName => "move it with legend = 'sw', shorten its entries",
        TextRole::Text => "move its `at`, give it another `anchor`",
        TextRole::Note => "give it another `anchor`, shorten it",
        TextRole::MassLabel => "shorten `mass-label`",
    };
    format!("{own}, make canvas.size larger or canvas.font-size smaller")
}
