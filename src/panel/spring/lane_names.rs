//! The names of lanes: they stand where tick labels of the axis across the motion would, at the lanes'
//! middles, but have no tick marks and may hold readouts. Ticks that the file asks for take their place.

use crate::geometry::{PixelRect, Point};
use crate::panel::axis::{AxisMapping, Tick};
use crate::panel::axis_style;
use crate::panel::placed_text::TextRole;
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::PanelRanges;
use crate::panel::side_labels::SideLabel;
use crate::panel::tick_layout::{AxisTicks, PanelTicks};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Label, Orientation, Panel, PanelKind, Scale, Spring, Ticks};

/// The lanes that have a name and lie in the range across the motion: where, and the name.
fn visible_names(spring: &Spring, range: [f64; 2]) -> impl Iterator<Item = (f64, &Label)> {
    let mapping = AxisMapping { range, pixels: [0.0, 1.0], scale: Scale::Linear };
    let lanes = spring.lanes.iter().enumerate();
    lanes
        .filter_map(|(lane, own)| Some((spring.center(lane), own.label.as_ref()?)))
        .filter(move |(center, _)| mapping.holds(*center))
}

/// Puts the names in the place of the ticks across the motion, with the room that they take.
pub(in crate::panel) fn name_lanes(
    panel: &Panel,
    ranges: PanelRanges,
    [x, y]: [&mut AxisTicks; 2],
    text_style: &TextStyle<'_>,
) -> Result<(), Diagnostic> {
    let PanelKind::Spring(spring) = &panel.kind else { return Ok(()) };
    let [_, axis] = spring.orientation.turned([&panel.x, &panel.y]);
    let [_, range] = spring.orientation.turned(ranges);
    if !matches!(axis.ticks, Ticks::Auto) {
        return Ok(());
    }
    let env = text_style.scene.env(0)?;
    let mut names = AxisTicks { bare: true, ..AxisTicks::default() };
    let mut descent: f64 = 0.0;
    for (value, label) in visible_names(spring, range) {
        let set = text_style.prepare(label)?.set(&env)?;
        names.ticks.push(Tick { value, label: label.template.source().to_owned() });
        names.widths.push(set.width);
        names.ascent = names.ascent.max(set.ascent.ceil());
        descent = descent.max(set.descent);
    }
    names.height = names.ascent + descent;
    let [_, across] = spring.orientation.turned([x, y]);
    *across = names;
    Ok(())
}

/// The names that stand beside a plot rectangle: in a row on one baseline below it, or left of it.
pub(in crate::panel) fn side_labels<'s>(
    (panel, spring): (&'s Panel, &'s Spring),
    viewport: &Viewport,
    ticks: &PanelTicks,
    (text_style, clip): (&TextStyle<'s>, PixelRect),
) -> Result<Vec<SideLabel<'s>>, Diagnostic> {
    let [_, ticks] = spring.orientation.turned([&ticks.x, &ticks.y]);
    let [_, mapping] = spring.orientation.turned([viewport.x, viewport.y]);
    if !ticks.bare {
        return Ok(Vec::new());
    }
    let env = text_style.scene.env(0)?;
    let away = 2.0 * axis_style(text_style).tick;
    let caption = |(center, label): (f64, &'s Label)| {
        let text = text_style.prepare(label)?;
        let (role, at, anchor) = match spring.orientation {
            Orientation::Horizontal => {
                let at = Point::new(f64::from(viewport.rect.left) - away, mapping.pixel(center));
                (TextRole::YTick, at, Anchor { x: 1.0, y: 0.5 })
            }
            Orientation::Vertical => {
                let hanging = ticks.ascent - text.set(&env)?.ascent;
                let top = f64::from(viewport.rect.bottom) + away + hanging;
                (TextRole::XTick, Point::new(mapping.pixel(center), top), Anchor { x: 0.5, y: 0.0 })
            }
        };
        // A name stays at its lane: it has no side to move along.
        let left = at.x - anchor.x * text.text_box().width;
        let side = [left, left + text.text_box().width];
        Ok(SideLabel::new((panel, role), text, (at, anchor), side, clip))
    };
    visible_names(spring, mapping.range).map(caption).collect()
}
