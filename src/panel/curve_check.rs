//! The check that each curve can be seen: it has values, they lie in the range that the scene gives, and it does not swing
//! faster than pixels.

use crate::panel::axis::Direction;
use crate::panel::param_curve::{ParamCurve, SignalCurve};
use crate::panel::sampling::SampledCurve;
use crate::panel::signal_reader::SignalReader;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Panel, PlottedSignal};
use crate::scene::expr::six_digits;
use crate::scene::number_format::shortest;

/// The steps of a first look at a curve.
const FEW_STEPS: u32 = 64;

/// What a curve shows in some frames.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Its smallest and largest value along x and y.
    bounds: [Option<[f64; 2]>; 2],
    /// For each direction, whether it meets the range that the scene gives in a frame.
    in_range: [bool; 2],
    /// Whether it has values that a logarithmic axis cannot show.
    has_nonpositive: bool,
}

/// Checks the curves of a panel. Returns a warning for each one that lies outside of a given range in all frames.
///
/// # Errors
/// The first curve without a value in any frame, or that cannot be evaluated.
pub(super) fn check(scene: &Scene, panel: &Panel) -> Result<Vec<Diagnostic>, Diagnostic> {
    let mut warnings = Vec::new();
    for element in &panel.elements {
        let Some(signal) = element.kind.curve() else { continue };
        let reader = SignalReader { scene, panel, element };
        if is_seen_at_once(&reader, signal)? {
            continue;
        }
        let seen = look(&reader, signal)?;
        if seen.bounds.contains(&None) && !seen.has_nonpositive {
            return Err(without_value(&reader));
        }
        let hidden = Direction::BOTH.into_iter().find(|direction| !direction.select(seen.in_range));
        warnings.extend(hidden.and_then(|direction| outside(&reader, direction, seen)));
    }
    Ok(warnings)
}

/// Whether one of a few points of a curve is seen in the first frame, as it is of nearly all curves.
fn is_seen_at_once(reader: &SignalReader<'_>, signal: &PlottedSignal) -> Result<bool, Diagnostic> {
    let env = reader.scene.env(0)?;
    let [from, to] = reader.span(signal, &env)?;
    let mut curve = SignalCurve::new(reader, signal, &env);
    let lies_in = |value: f64, axis: &Axis| match axis.range {
        Some([a, b]) => (a.min(b)..=a.max(b)).contains(&value),
        None => axis.scale.transform(value).is_finite(),
    };
    let seen = (0..=FEW_STEPS).any(|step| {
        let (x, y) = curve.eval(from + (to - from) * f64::from(step) / f64::from(FEW_STEPS));
        let [x_axis, y_axis] = reader.axes();
        lies_in(x, x_axis) && lies_in(y, y_axis)
    });
    curve.into_result(seen)
}

/// Looks at a curve in frame after frame until it is seen.
fn look(reader: &SignalReader<'_>, signal: &PlottedSignal) -> Result<Seen, Diagnostic> {
    let frames = if reader.is_static_curve(signal) { 1 } else { reader.scene.timeline.frames };
    let mut seen = Seen::default();
    for index in 0..frames {
        let extents = reader.curve_extents(signal, &reader.scene.env(index)?)?;
        for ((direction, extent), at) in Direction::BOTH.into_iter().zip(extents).zip(0..) {
            seen.has_nonpositive |= extent.has_only_nonpositive();
            let Some([low, high]) = extent.bounds() else { continue };
            let [from, to] = seen.bounds[at].unwrap_or([low, high]);
            seen.bounds[at] = Some([from.min(low), to.max(high)]);
            let range = direction.select(reader.axes()).range;
            let meets = |[a, b]: [f64; 2]| low <= a.max(b) && high >= a.min(b);
            seen.in_range[at] |= extent.pole().is_some() || range.is_none_or(meets);
        }
        if seen.in_range == [true; 2] {
            break;
        }
    }
    Ok(seen)
}

/// The warning about a curve that swings so fast that its line cannot be told apart.
pub(super) fn too_dense(reader: &SignalReader<'_>, curve: &SampledCurve) -> Option<Diagnostic> {
    let drawn = if curve.is_in_pieces {
        "drawn in pieces, because all of it would cover its plot"
    } else if curve.is_mostly_filled() {
        "drawn as the band that it fills"
    } else {
        return None;
    };
    let (element, panel) = (reader.element.kind.key(), &reader.panel.name);
    Some(
        Diagnostic::warning(format!("this {element} of panel `{panel}` swings faster than pixels can show"))
            .at(reader.element.origin)
            .label(drawn)
            .help("shorten its span, or lower its frequency: look at the params that it depends on"),
    )
}

/// The error of a curve without values.
fn without_value(reader: &SignalReader<'_>) -> Diagnostic {
    let (element, panel) = (reader.element.kind.key(), &reader.panel.name);
    let place = if reader.scene.timeline.frames > 1 { "in any frame" } else { "anywhere" };
    Diagnostic::new(format!("this {element} of panel `{panel}` has no value {place}"))
        .at(reader.element.origin)
        .label("undefined over all of its span")
        .help("change its expression, which may divide 0 by 0, or its span, which may lie where it is not defined")
}

/// The warning about a curve outside of the range along an axis.
fn outside(reader: &SignalReader<'_>, direction: Direction, seen: Seen) -> Option<Diagnostic> {
    let ends = |ends: [f64; 2]| ends.map(|end| shortest(six_digits(end)));
    let [low, high] = ends(direction.select(seen.bounds)?);
    let [from, to] = ends(direction.select(reader.axes()).range?);
    let (element, panel) = (reader.element.kind.key(), &reader.panel.name);
    let name = direction.select(reader.axis_names()).key();
    let message =
        format!("this {element} is never seen: it lies outside of the {name} range of panel `{panel}`");
    Some(
        Diagnostic::warning(message)
            .at(reader.element.origin)
            .label(format!("its values along {name} are {low} to {high}, the range is {from} to {to}"))
            .help(format!("change {name} = {{ range = [{from}, {to}] }}, or leave the range out")),
    )
}
