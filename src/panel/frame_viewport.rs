//! The viewport of a panel in each frame. The plot rectangle keeps still; ranges that are signals move.

use crate::geometry::PixelRect;
use crate::panel::axis::Direction;
use crate::panel::memory;
use crate::panel::range::PanelRanges;
use crate::panel::viewport::{Viewport, widened};
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{MovingRange, Panel};
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

/// A panel's viewport in every frame.
#[derive(Clone, Copy)]
pub(super) struct FrameViewport<'s> {
    scene: &'s Scene,
    panel: &'s Panel,
    /// That of the first frame.
    pub(super) first: Viewport,
}

impl<'s> FrameViewport<'s> {
    pub(super) fn new(scene: &'s Scene, panel: &'s Panel, first: Viewport) -> Self {
        Self { scene, panel, first }
    }

    /// Whether a range changes from frame to frame.
    pub(super) fn moves(&self) -> bool {
        self.panel.has_moving_range()
    }

    /// The viewport in one frame.
    ///
    /// # Errors
    /// A range is not real, empty, or beyond what its axis can show.
    pub(super) fn at(&self, env: &Env<'_>) -> Result<Viewport, Diagnostic> {
        if !self.moves() {
            return Ok(self.first);
        }
        let still = [self.first.x.range, self.first.y.range];
        let ranges = frame_ranges(self.scene, self.panel, still, env)?;
        let [x, y] = widened_ranges(self.panel, ranges, self.first.rect);
        let mut viewport = self.first;
        (viewport.x.range, viewport.y.range) = (x, y);
        Ok(viewport)
    }
}

/// Ranges on a plot rectangle, widened if the panel's units are equally long.
pub(super) fn widened_ranges(panel: &Panel, [x, y]: PanelRanges, rect: PixelRect) -> PanelRanges {
    if !panel.has_equal_units {
        return [x, y];
    }
    let per_unit = |range: [f64; 2], pixels: u32| f64::from(pixels) / (range[1] - range[0]).abs();
    let pixels_per_unit = per_unit(y, rect.height()).min(per_unit(x, rect.width()));
    [widened(x, rect.width(), pixels_per_unit), widened(y, rect.height(), pixels_per_unit)]
}

/// The ranges of a panel in one frame: those that move, and `still` for the others.
///
/// # Errors
/// A range is not real, empty, or beyond what its axis can show.
pub(super) fn frame_ranges(
    scene: &Scene,
    panel: &Panel,
    still: PanelRanges,
    env: &Env<'_>,
) -> Result<PanelRanges, Diagnostic> {
    let mut ranges = still;
    for direction in Direction::BOTH {
        if let Some(moving) = &direction.axis(panel).moving {
            *direction.select(ranges.each_mut()) = range_at(scene, panel, direction, moving, env)?;
        }
    }
    Ok(ranges)
}

fn range_at(
    scene: &Scene,
    panel: &Panel,
    direction: Direction,
    moving: &MovingRange,
    env: &Env<'_>,
) -> Result<[f64; 2], Diagnostic> {
    let subject = format!("the {} range of panel `{}`", direction.name(), panel.name);
    let error = |why: &str, help: String| {
        let at = scene.moment(env);
        Err(Diagnostic::new(format!("{subject} {why} at {at}")).at(moving.origin).help(help))
    };
    let [first, last] = &moving.ends;
    let values = [scene.value(first, env, moving.origin)?, scene.value(last, env, moving.origin)?];
    let range = values.map(|value| value.re);
    let scale = direction.axis(panel).scale;
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
    for axis in [&panel.x, &panel.y] {
        axis.moving.as_ref().map_or(Ok(()), |moving| memory::reserve_axis_frames(scene, moving.origin))?;
    }
    let in_frame = |index: usize| frame_ranges(scene, panel, still, &scene.env(index)?);
    (0..scene.timeline.frames).map(in_frame).collect()
}
