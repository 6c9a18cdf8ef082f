//! The names of lanes. They stand at the middles of the lanes, in place of the tick labels of the axis across
//! the motion, but without tick marks. They may hold readouts. Ticks that the scene asks for replace them.

use crate::geometry::{PixelRect, Point};
use crate::panel::axis::{AxisMapping, Tick};
use crate::panel::axis_style::AxisStyle;
use crate::panel::axis_ticks::{AxisTicks, PanelTicks};
use crate::panel::placed_text::TextRole;
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::PanelRanges;
use crate::panel::side_labels::{SideLabel, SidePosition};
use crate::panel::side_layout::SideLayout;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Label, Orientation, Panel, Scale, Spring, Ticks};

/// The names of the lanes whose middles lie in a range across the motion, with those middles.
fn visible_names(spring: &Spring, range: [f64; 2]) -> impl Iterator<Item = (f64, &Label)> {
    let mapping = AxisMapping { range, pixels: [0.0, 1.0], scale: Scale::Linear };
    let lanes = spring.lanes.iter().enumerate();
    lanes
        .filter_map(|(index, lane)| Some((spring.center(index), lane.label.as_ref()?)))
        .filter(move |(center, _)| mapping.contains(*center))
}

/// On a spring panel with automatic ticks, replaces the ticks across the motion by the names of the lanes.
///
/// # Errors
/// A name cannot be typeset.
pub(super) fn name_lanes(
    panel: &Panel,
    spring: &Spring,
    ranges: PanelRanges,
    ticks: &mut PanelTicks,
    text_style: &TextStyle<'_>,
) -> Result<(), Diagnostic> {
    let [_, axis] = spring.orientation.swap_if_vertical([&panel.x, &panel.y]);
    let [_, range] = spring.orientation.swap_if_vertical([ranges.x, ranges.y]);
    if !matches!(axis.ticks, Ticks::Auto) {
        return Ok(());
    }
    let env = text_style.scene.env(0)?;
    let mut names = AxisTicks { are_lane_names: true, ..AxisTicks::default() };
    let mut descent: f64 = 0.0;
    for (value, label) in visible_names(spring, range) {
        let typeset = text_style.prepare(label)?.typeset(&env)?;
        names.ticks.push(Tick { value, label: label.template.source().to_owned() });
        names.widths.push(typeset.width);
        names.ascent = names.ascent.max(typeset.ascent.ceil());
        descent = descent.max(typeset.descent);
    }
    names.height = names.ascent + descent;
    let [_, across] = spring.orientation.swap_if_vertical([&mut ticks.x, &mut ticks.y]);
    *across = names;
    Ok(())
}

/// The names of the lanes as side labels: left of the plot rectangle, or on one baseline below it.
///
/// # Errors
/// A name cannot be typeset.
pub(super) fn lane_labels<'s>(
    layout: &SideLayout<'_, 's>,
    spring: &'s Spring,
    canvas: PixelRect,
) -> Result<Vec<SideLabel<'s>>, Diagnostic> {
    let SideLayout { ticks, viewport, text_style, .. } = layout;
    let [_, ticks] = spring.orientation.swap_if_vertical([&ticks.x, &ticks.y]);
    let [_, mapping] = spring.orientation.swap_if_vertical([viewport.x, viewport.y]);
    if !ticks.are_lane_names {
        return Ok(Vec::new());
    }
    let env = text_style.scene.env(0)?;
    let distance = 2.0 * AxisStyle::new(text_style).tick_length;
    let lane_label = |(center, label): (f64, &'s Label)| {
        let label = text_style.prepare(label)?;
        let (role, at, anchor) = match spring.orientation {
            Orientation::Horizontal => {
                let at = Point::new(f64::from(viewport.rect.left) - distance, mapping.pixel(center));
                (TextRole::YTick, at, Anchor { x: 1.0, y: 0.5 })
            }
            Orientation::Vertical => {
                let below_top = ticks.ascent - label.typeset(&env)?.ascent;
                let top = f64::from(viewport.rect.bottom) + distance + below_top;
                (TextRole::XTick, Point::new(mapping.pixel(center), top), Anchor { x: 0.5, y: 0.0 })
            }
        };
        let position = SidePosition { at, anchor, is_rotated: false, side: None };
        Ok(SideLabel::new((layout.panel, role), label, position, canvas))
    };
    visible_names(spring, mapping.range).map(lane_label).collect()
}
