//! Texts that are in each other's way when all has been tried, and texts that leave the canvas: which
//! ones, by how much, and what to do.

use std::ops::Range;

use crate::panel::BuiltPanel;
use crate::panel::label_placement::Stuck;
use crate::panel::placed_text::{PlacedText, Role};
use crate::panel::plan::MOST_MISSING;
use crate::panel::text_layout::TextLayout;
use crate::scene::diagnostic::Diagnostic;

/// What counts as touching only, in device pixels: half of one, by which a baseline is rounded.
const ROUNDING: f64 = 0.5;

/// Refuses a figure in which two texts overlap in any frame, or one is not where it belongs.
pub(super) fn check(text_layout: &TextLayout<'_, '_>, panels: &[BuiltPanel<'_>]) -> Result<(), Diagnostic> {
    let texts: Vec<_> = text_layout.written.iter().filter(|text| text.role != Role::LegendName).collect();
    beside_its_panel(text_layout, panels, &texts)?;
    for (index, text) in texts.iter().enumerate() {
        at_home(text_layout, panels, text)?;
        for other in &texts[..index] {
            let overlap = |frame| Some(text.bounds(frame)?.overlap(&other.bounds(frame)?));
            if let Some((frame, depth)) = worst(text_layout.judged(&[text, other]), overlap) {
                let missing = along_axis(text, other, frame).unwrap_or(depth);
                return Err(overlapping(text_layout, [text, other], (frame, missing)));
            }
        }
    }
    Ok(())
}

/// By how much two texts overlap that stand along one axis and can be parted only in its direction.
fn along_axis(text: &PlacedText<'_>, other: &PlacedText<'_>, frame: usize) -> Option<f64> {
    let direction = |role: Role| match role {
        Role::XTick | Role::XLabel | Role::Title => Some(0),
        Role::YTick | Role::YLabel => Some(1),
        Role::Legend | Role::LegendName | Role::Text | Role::Note | Role::MassLabel => None,
    };
    let shifts = text.bounds(frame)?.shifts(&other.bounds(frame)?);
    let along = direction(text.role)?;
    (direction(other.role)? == along).then_some(shifts[along])
}

/// The frame in which most is wrong, and how much, if that is more than rounding.
fn worst(frames: Range<usize>, wrong: impl Fn(usize) -> Option<f64>) -> Option<(usize, f64)> {
    let all = frames.filter_map(|frame| Some((frame, wrong(frame)?)));
    all.filter(|(_, amount)| *amount > ROUNDING).max_by(|a, b| a.1.total_cmp(&b.1))
}

impl TextLayout<'_, '_> {
    /// The frames in which some texts must be looked at: one where none of them moves.
    fn judged(&self, texts: &[&PlacedText<'_>]) -> Range<usize> {
        let first = match texts {
            [one, other] => one.meets(other),
            _ => texts.iter().find_map(|text| text.meets(text)),
        };
        match first {
            None => 0..0,
            Some(first) if texts.iter().all(|text| text.still().is_some()) => first..first + 1,
            Some(first) => first..self.scene.timeline.frames,
        }
    }

    /// Device pixels as whole CSS pixels, of which one more would be enough.
    fn css(&self, pixels: f64) -> f64 {
        (pixels / self.text_style.scale - 1e-6).ceil().max(1.0)
    }
}

/// Refuses a text that leaves the canvas, and a legend that leaves its plot rectangle.
fn at_home(
    text_layout: &TextLayout<'_, '_>,
    panels: &[BuiltPanel<'_>],
    text: &PlacedText<'_>,
) -> Result<(), Diagnostic> {
    let plot = panels.iter().find(|built| std::ptr::eq(built.panel, text.panel) && text.role == Role::Legend);
    let home = plot.map_or(text_layout.canvas, |built| built.viewport.rect).into();
    let outside = |frame| {
        let [left, top, right, bottom] = text.bounds(frame)?.beyond(&home);
        Some((left + right).max(top + bottom))
    };
    let Some((frame, by)) = worst(text_layout.judged(&[text]), outside) else { return Ok(()) };
    let css = text_layout.css(by);
    let named = format!("{} of panel `{}`", name(text), text.panel.name);
    let message = if plot.is_some() {
        format!("{named} does not fit into its plot: {} CSS {} missing", count(css), are(css))
    } else {
        let when = in_frame(frame, &[text]);
        format!("{named} leaves the canvas by {} CSS {}{when}", count(css), pixels(css))
    };
    Err(Diagnostic::new(message).at(text.place).help(remedy(text)))
}

/// Refuses what belongs beside one panel but lies on another: the deepest tells how much is missing.
fn beside_its_panel(
    text_layout: &TextLayout<'_, '_>,
    panels: &[BuiltPanel<'_>],
    texts: &[&PlacedText<'_>],
) -> Result<(), Diagnostic> {
    let beside = texts.iter().filter(|text| match text.role {
        Role::XTick | Role::YTick | Role::XLabel | Role::YLabel | Role::Title => true,
        Role::Legend | Role::LegendName | Role::Text | Role::Note | Role::MassLabel => false,
    });
    let pairs = beside.flat_map(|text| panels.iter().map(move |built| (*text, built)));
    let others = pairs.filter(|(text, built)| !std::ptr::eq(built.panel, text.panel));
    let depths = others
        .filter_map(|(text, built)| Some((text, built, text.still()?.overlap(&built.viewport.rect.into()))));
    let deepest = depths.max_by(|a, b| a.2.total_cmp(&b.2));
    let Some((text, built, depth)) = deepest.filter(|(.., depth)| *depth > ROUNDING) else { return Ok(()) };
    let css = text_layout.css(depth);
    let (own, other) = (&text.panel.name, &built.panel.name);
    let message = format!(
        "{} of panel `{own}` lies {} CSS {} deep on panel `{other}`",
        name(text),
        count(css),
        pixels(css)
    );
    Err(Diagnostic::new(message).at(text.place).help(format!(
        "make `row-gap` or `column-gap` at least {css} greater, or leave them out for what labels need"
    )))
}

/// The error of two texts, the first of which is to blame.
fn overlapping(
    text_layout: &TextLayout<'_, '_>,
    [text, other]: [&PlacedText<'_>; 2],
    (frame, depth): (usize, f64),
) -> Diagnostic {
    let (css, when) = (text_layout.css(depth), in_frame(frame, &[text, other]));
    let (one, two) = (name(other), name(text));
    let both = if std::ptr::eq(text.panel, other.panel) {
        format!("{one} and {two} of panel `{}`", text.panel.name)
    } else {
        format!("{one} of panel `{}` and {two} of panel `{}`", other.panel.name, text.panel.name)
    };
    let message = format!("{both} overlap by {} CSS {}{when}", count(css), pixels(css));
    Diagnostic::new(message).at(text.place).help(remedy(text))
}

/// The error of a text that finds no way through the film.
pub(super) fn stuck(text_layout: &TextLayout<'_, '_>, text: &PlacedText<'_>, stuck: &Stuck) -> Diagnostic {
    let named = format!("{} of panel `{}`", name(text), text.panel.name);
    let is_it = |other: &&PlacedText<'_>| {
        other.role != Role::LegendName
            && stuck.obstacle.is_some()
            && other.bounds(stuck.frame) == stuck.obstacle
    };
    let beside = match text_layout.written.iter().find(is_it) {
        Some(other) => format!(" beside {} of panel `{}`", name(other), other.panel.name),
        None => " on the canvas".to_owned(),
    };
    let css = text_layout.css(stuck.missing);
    let message = format!(
        "{named} finds no room{beside} in frame {}: {} CSS {} missing",
        stuck.frame,
        count(css),
        are(css)
    );
    Diagnostic::new(message).at(text.place).help(remedy(text))
}

/// In which frame it is, if that matters.
fn in_frame(frame: usize, texts: &[&PlacedText<'_>]) -> String {
    let still = texts.iter().all(|text| text.still().is_some());
    if still { String::new() } else { format!(" in frame {frame}") }
}

/// How many CSS pixels a message says.
fn count(css: f64) -> String {
    if css <= MOST_MISSING { css.to_string() } else { "more than a million".to_owned() }
}

fn pixels(count: f64) -> &'static str {
    if count == 1.0 { "pixel" } else { "pixels" }
}

fn are(count: f64) -> &'static str {
    if count == 1.0 { "pixel is" } else { "pixels are" }
}

/// A text as a message calls it.
fn name(text: &PlacedText<'_>) -> String {
    let kind = match text.role {
        Role::XTick => "the x tick label",
        Role::YTick => "the y tick label",
        Role::XLabel => "the x label",
        Role::YLabel => "the y label",
        Role::Title => "the title",
        Role::Legend => return "the legend".to_owned(),
        Role::LegendName => "the legend's entry",
        Role::Text => "the text",
        Role::Note => "the note",
        Role::MassLabel => "the mass label",
    };
    format!("{kind} `{}`", text.text)
}

/// What to do about a text that is in the way.
fn remedy(text: &PlacedText<'_>) -> String {
    let own = match text.role {
        Role::XTick | Role::YTick => "write fewer or shorter ones into `ticks`",
        Role::XLabel | Role::YLabel | Role::Title => "shorten it",
        Role::Legend | Role::LegendName => "move it with legend = 'sw', shorten its entries",
        Role::Text => "move its `at`, hold it by another `anchor`",
        Role::Note => "hold it by another `anchor`, shorten it",
        Role::MassLabel => "shorten `mass-label`",
    };
    format!("{own}, make canvas.size larger or canvas.font-size smaller")
}
