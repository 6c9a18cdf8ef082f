//! The viewport of a panel in each frame. The plot rectangle keeps still; ranges that are signals move.

use crate::geometry::PixelRect;
use crate::panel::memory;
use crate::panel::range::PanelRanges;
use crate::panel::viewport::{Viewport, widened};
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, MovingRange, Panel, Scale, VerticalAxis};
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

/// The viewport of an element of a panel in every frame.
#[derive(Clone, Copy)]
pub(super) struct FrameViewport<'s> {
    scene: &'s Scene,
    panel: &'s Panel,
    /// The vertical axis.
    vertical: VerticalAxis,
    /// That of the first frame.
    pub(super) first: Viewport,
}

impl<'s> FrameViewport<'s> {
    /// The viewport with a vertical axis, which is `first` in the first frame.
    pub(super) fn new(scene: &'s Scene, panel: &'s Panel, vertical: VerticalAxis, first: Viewport) -> Self {
        Self { scene, panel, vertical, first }
    }

    /// Whether a range changes from frame to frame.
    pub(super) fn moves(&self) -> bool {
        [&self.panel.x, self.panel.vertical(self.vertical)].iter().any(|axis| axis.moving.is_some())
    }

    /// The viewport in one frame.
    ///
    /// # Errors
    /// A range is not real, empty, or beyond what its axis can show.
    pub(super) fn at(&self, env: &Env<'_>) -> Result<Viewport, Diagnostic> {
        let mut viewport = self.first;
        if !self.moves() {
            return Ok(viewport);
        }
        for (name, mapping) in [(AxisName::X, &mut viewport.x), (self.vertical.into(), &mut viewport.y)] {
            mapping.range = range_in_frame(self.scene, self.panel, (name, mapping.range), env)?;
        }
        let ranges = [viewport.x.range, viewport.y.range];
        [viewport.x.range, viewport.y.range] = widened_pair(self.panel, ranges, viewport.rect);
        Ok(viewport)
    }
}

/// Ranges on a plot rectangle, widened if the panel's units are equally long.
pub(super) fn widened_ranges(panel: &Panel, ranges: PanelRanges, rect: PixelRect) -> PanelRanges {
    let [x, y] = widened_pair(panel, [ranges.x, ranges.y], rect);
    PanelRanges { x, y, ..ranges }
}

fn widened_pair(panel: &Panel, [x, y]: [[f64; 2]; 2], rect: PixelRect) -> [[f64; 2]; 2] {
    if !panel.has_equal_units {
        return [x, y];
    }
    let per_unit = |range: [f64; 2], pixels: u32| f64::from(pixels) / (range[1] - range[0]).abs();
    let pixels_per_unit = per_unit(y, rect.height()).min(per_unit(x, rect.width()));
    [widened(x, rect.width(), pixels_per_unit), widened(y, rect.height(), pixels_per_unit)]
}

/// The range of an axis in one frame: `still` if it does not move.
///
/// # Errors
/// The range is not real, empty, or beyond what the axis can show.
fn range_in_frame(
    scene: &Scene,
    panel: &Panel,
    (name, still): (AxisName, [f64; 2]),
    env: &Env<'_>,
) -> Result<[f64; 2], Diagnostic> {
    match panel.axis(name) {
        Some(axis @ Axis { moving: Some(moving), .. }) => {
            range_at(scene, (panel, name), (moving, axis.scale), env)
        }
        _ => Ok(still),
    }
}

fn range_at(
    scene: &Scene,
    (panel, name): (&Panel, AxisName),
    (moving, scale): (&MovingRange, Scale),
    env: &Env<'_>,
) -> Result<[f64; 2], Diagnostic> {
    let subject = format!("the {} range of panel `{}`", name.key(), panel.name);
    let error = |why: &str, help: String| {
        let at = scene.moment(env);
        Err(Diagnostic::new(format!("{subject} {why} at {at}")).at(moving.origin).help(help))
    };
    let [first, last] = &moving.ends;
    let values = [scene.value(first, env, moving.origin)?, scene.value(last, env, moving.origin)?];
    let range = values.map(|value| value.re);
    if let Some(value) = values.iter().find(|value| crate::scene::expr::to_real(**value).is_err()) {
        return error(&format!("is complex, {value},"), "write re(…) or abs(…)".to_owned());
    }
    if let Some(end) = range.iter().find(|end| !scale.transform(**end).is_finite()) {
        let help = "its ends must be finite, and greater than 0 on a logarithmic axis";
        return error(&format!("ends in {}", shortest(*end)), help.to_owned());
    }
    match scale.range_defect(range) {
        Some(defect) => {
            let (why, help) = defect.explain(range);
            error(&why, help)
        }
        None => Ok(range),
    }
}

/// The ranges of a panel in every frame, before they are widened for equal units; empty if none of them moves.
///
/// # Errors
/// The first frame with a range that the axis cannot show, or the frames exceed the limit of memory.
pub(super) fn all_frame_ranges(
    scene: &Scene,
    panel: &Panel,
    still: PanelRanges,
) -> Result<Vec<PanelRanges>, Diagnostic> {
    if !panel.has_moving_range() {
        return Ok(Vec::new());
    }
    for (_, axis) in panel.axes() {
        axis.moving.as_ref().map_or(Ok(()), |moving| memory::reserve_axis_frames(scene, moving.origin))?;
    }
    let in_frame = |index: usize| {
        let env = scene.env(index)?;
        PanelRanges::try_new(panel, |name, _| {
            let still = still.get(name).copied().unwrap_or(still.y);
            range_in_frame(scene, panel, (name, still), &env)
        })
    };
    (0..scene.timeline.frames).map(in_frame).collect()
}
