//! Texts that are in each other's way when all has been tried, and texts that leave the canvas: which
//! ones, by how much, and what to do.

use std::ops::Range;

use crate::panel::BuiltPanel;
use crate::panel::label_placement::NoFreePosition;
use crate::panel::placed_text::{PlacedText, TextRole};
use crate::panel::text_layout::TextLayout;
use crate::scene::diagnostic::Diagnostic;

/// What counts as touching only, in device pixels: half of one, by which a baseline is rounded.
const ROUNDING: f64 = 0.5;

/// Refuses a figure in which two texts overlap in any frame, or one is not where it belongs.
pub(super) fn check(text_layout: &TextLayout<'_, '_>, panels: &[BuiltPanel<'_>]) -> Result<(), Diagnostic> {
    let texts: Vec<_> = text_layout.placed.iter().filter(|text| text.role != TextRole::LegendName).collect();
    check_other_panels(text_layout, panels, &texts)?;
    for (index, text) in texts.iter().enumerate() {
        check_inside(text_layout, panels, text)?;
        for other in &texts[..index] {
            let overlap = |frame| Some(text.bounds(frame)?.overlap(&other.bounds(frame)?));
            if let Some((frame, depth)) = worst_frame(text_layout.frames_to_check(&[text, other]), overlap) {
                let missing = overlap_along_axis(text, other, frame).unwrap_or(depth);
                return Err(overlap_error(text_layout, [text, other], (frame, missing)));
            }
        }
    }
    Ok(())
}

/// By how much two texts overlap that stand along one axis and can be parted only in its direction.
fn overlap_along_axis(text: &PlacedText<'_>, other: &PlacedText<'_>, frame: usize) -> Option<f64> {
    let direction = |role: TextRole| match role {
        TextRole::XTick | TextRole::XLabel | TextRole::Title => Some(0),
        TextRole::YTick | TextRole::YLabel => Some(1),
        TextRole::Legend | TextRole::LegendName | TextRole::Text | TextRole::Note | TextRole::MassLabel => {
            None
        }
    };
    let shifts = text.bounds(frame)?.separating_shifts(&other.bounds(frame)?);
    let along = direction(text.role)?;
    (direction(other.role)? == along).then_some(shifts[along])
}

/// The frame in which most is wrong, and how much, if that is more than rounding.
fn worst_frame(frames: Range<usize>, wrong: impl Fn(usize) -> Option<f64>) -> Option<(usize, f64)> {
    let all = frames.filter_map(|frame| Some((frame, wrong(frame)?)));
    all.filter(|(_, amount)| *amount > ROUNDING).max_by(|a, b| a.1.total_cmp(&b.1))
}

impl TextLayout<'_, '_> {
    /// The frames in which some texts must be looked at: one where none of them moves.
    fn frames_to_check(&self, texts: &[&PlacedText<'_>]) -> Range<usize> {
        let first = match texts {
            [one, other] => one.first_common_frame(other),
            _ => texts.iter().find_map(|text| text.first_common_frame(text)),
        };
        match first {
            None => 0..0,
            Some(first) if texts.iter().all(|text| text.static_bounds().is_some()) => first..first + 1,
            Some(first) => first..self.scene.timeline.frames,
        }
    }

    /// Device pixels as whole CSS pixels, of which one more would be enough.
    fn css(&self, pixels: f64) -> f64 {
        (pixels / self.text_style.scale - 1e-6).ceil().max(1.0)
    }
}

/// Refuses a text that leaves the canvas, and a legend that leaves its plot rectangle.
fn check_inside(
    text_layout: &TextLayout<'_, '_>,
    panels: &[BuiltPanel<'_>],
    text: &PlacedText<'_>,
) -> Result<(), Diagnostic> {
    let plot =
        panels.iter().find(|built| std::ptr::eq(built.panel, text.panel) && text.role == TextRole::Legend);
    let home = plot.map_or(text_layout.canvas, |built| built.viewport.rect).into();
    let outside = |frame| {
        let [left, top, right, bottom] = text.bounds(frame)?.overhang(&home);
        Some((left + right).max(top + bottom))
    };
    let Some((frame, by)) = worst_frame(text_layout.frames_to_check(&[text]), outside) else { return Ok(()) };
    let css = text_layout.css(by);
    let named = format!("{} of panel `{}`", describe(text), text.panel.name);
    let message = if plot.is_some() {
        format!("{named} does not fit into its plot: {css} CSS {} missing", are(css))
    } else {
        let when = in_frame(frame, &[text]);
        format!("{named} leaves the canvas by {css} CSS {}{when}", pixels(css))
    };
    Err(Diagnostic::new(message).at(text.source).help(remedy(text)))
}

/// Refuses what belongs beside one panel but lies on another: the deepest tells how much is missing.
fn check_other_panels(
    text_layout: &TextLayout<'_, '_>,
    panels: &[BuiltPanel<'_>],
    texts: &[&PlacedText<'_>],
) -> Result<(), Diagnostic> {
    let beside = texts.iter().filter(|text| match text.role {
        TextRole::XTick | TextRole::YTick | TextRole::XLabel | TextRole::YLabel | TextRole::Title => true,
        TextRole::Legend | TextRole::LegendName | TextRole::Text | TextRole::Note | TextRole::MassLabel => {
            false
        }
    });
    let pairs = beside.flat_map(|text| panels.iter().map(move |built| (*text, built)));
    let others = pairs.filter(|(text, built)| !std::ptr::eq(built.panel, text.panel));
    let depths = others.filter_map(|(text, built)| {
        Some((text, built, text.static_bounds()?.overlap(&built.viewport.rect.into())))
    });
    let deepest = depths.max_by(|a, b| a.2.total_cmp(&b.2));
    let Some((text, built, depth)) = deepest.filter(|(.., depth)| *depth > ROUNDING) else { return Ok(()) };
    let css = text_layout.css(depth);
    let (own, other) = (&text.panel.name, &built.panel.name);
    let message =
        format!("{} of panel `{own}` lies {css} CSS {} deep on panel `{other}`", describe(text), pixels(css));
    Err(Diagnostic::new(message).at(text.source).help(format!(
        "make `row-gap` or `column-gap` at least {css} greater, or leave them out for what labels need"
    )))
}

/// The error of two texts, the first of which is to blame.
fn overlap_error(
    text_layout: &TextLayout<'_, '_>,
    [text, other]: [&PlacedText<'_>; 2],
    (frame, depth): (usize, f64),
) -> Diagnostic {
    let (css, when) = (text_layout.css(depth), in_frame(frame, &[text, other]));
    let (one, two) = (describe(other), describe(text));
    let both = if std::ptr::eq(text.panel, other.panel) {
        format!("{one} and {two} of panel `{}`", text.panel.name)
    } else {
        format!("{one} of panel `{}` and {two} of panel `{}`", other.panel.name, text.panel.name)
    };
    let message = format!("{both} overlap by {css} CSS {}{when}", pixels(css));
    Diagnostic::new(message).at(text.source).help(remedy(text))
}

/// The error of a text that finds no way through the film.
pub(super) fn no_room_error(
    text_layout: &TextLayout<'_, '_>,
    text: &PlacedText<'_>,
    stuck: &NoFreePosition,
) -> Diagnostic {
    let named = format!("{} of panel `{}`", describe(text), text.panel.name);
    let is_it = |other: &&PlacedText<'_>| {
        other.role != TextRole::LegendName
            && stuck.obstacle.is_some()
            && other.bounds(stuck.frame) == stuck.obstacle
    };
    let beside = match text_layout.placed.iter().find(is_it) {
        Some(other) => format!(" beside {} of panel `{}`", describe(other), other.panel.name),
        None => " on the canvas".to_owned(),
    };
    let css = text_layout.css(stuck.missing);
    let message =
        format!("{named} finds no room{beside} in frame {}: {css} CSS {} missing", stuck.frame, are(css));
    Diagnostic::new(message).at(text.source).help(remedy(text))
}

/// In which frame it is, if that matters.
fn in_frame(frame: usize, texts: &[&PlacedText<'_>]) -> String {
    let still = texts.iter().all(|text| text.static_bounds().is_some());
    if still { String::new() } else { format!(" in frame {frame}") }
}

fn pixels(count: f64) -> &'static str {
    if count == 1.0 { "pixel" } else { "pixels" }
}

fn are(count: f64) -> &'static str {
    if count == 1.0 { "pixel is" } else { "pixels are" }
}

/// A text as a message calls it.
fn describe(text: &PlacedText<'_>) -> String {
    let kind = match text.role {
        TextRole::XTick => "the x tick label",
        TextRole::YTick => "the y tick label",
        TextRole::XLabel => "the x label",
        TextRole::YLabel => "the y label",
        TextRole::Title => "the title",
        TextRole::Legend => return "the legend".to_owned(),
        TextRole::LegendName => "the legend's entry",
        TextRole::Text => "the text",
        TextRole::Note => "the note",
        TextRole::MassLabel => "the mass label",
    };
    format!("{kind} `{}`", text.text)
}

/// What to do about a text that is in the way.
fn remedy(text: &PlacedText<'_>) -> String {
    let own = match text.role {
        TextRole::XTick | TextRole::YTick => "write fewer or shorter ones into `ticks`",
        TextRole::XLabel | TextRole::YLabel | TextRole::Title => "shorten it",
        TextRole::Legend | TextRole::LegendName => "move it with legend = 'sw', shorten its entries",
        TextRole::Text => "move its `at`, hold it by another `anchor`",
        TextRole::Note => "hold it by another `anchor`, shorten it",
        TextRole::MassLabel => "shorten `mass-label`",
    };
    format!("{own}, make canvas.size larger or canvas.font-size smaller")
}
