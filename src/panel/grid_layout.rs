//! The layout of plot rectangles in rows and columns, as in a CSS grid. Here the plot rectangles are aligned
//! and share out the space in the grid's ratios, not the boxes that include labels; labels are in the gaps.

use crate::geometry::PixelRect;
use crate::scene::{Area, Gap, Grid};

/// The space that a panel needs around its plot rectangle, in device pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Margins {
    /// For the tick labels and the label of the y axis.
    pub left: f64,
    /// For half of the last tick label of the x axis.
    pub right: f64,
    /// For the title.
    pub top: f64,
    /// For the tick labels and the label of the x axis.
    pub bottom: f64,
}

/// The canvas of a grid, in device pixels.
#[derive(Clone, Copy, Debug)]
pub struct GridCanvas {
    /// Width and height.
    pub size: [u32; 2],
    /// The empty space at the canvas's edges.
    pub padding: f64,
    /// The empty space between the margins of neighbors, in automatic gaps.
    pub spacing: f64,
}

/// The error of a grid without enough space for its plot rectangles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortage {
    /// Whether the width is too small, or the height.
    pub is_horizontal: bool,
    /// The missing device pixels.
    pub missing: f64,
}

/// The least width and height of a plot rectangle, in device pixels.
const MIN_PLOT_SIZE: f64 = 8.0;

/// The plot rectangles of all panels, on whole device pixels, in the order of `grid.areas`.
///
/// # Errors
/// Margins and gaps leave less than eight device pixels for the smallest row or column.
pub fn plot_rects(canvas: GridCanvas, grid: &Grid, margins: &[Margins]) -> Result<Vec<PixelRect>, Shortage> {
    let columns = TrackList {
        is_horizontal: true,
        length: canvas.size[0],
        ratios: &grid.widths,
        gaps: &grid.column_gaps,
        margins: track_margins(
            grid.widths.len(),
            grid.areas.iter().zip(margins).map(|(area, m)| (&area.columns, [m.left, m.right])),
        ),
    };
    let columns = columns.edges(canvas)?;
    let rows = TrackList {
        is_horizontal: false,
        length: canvas.size[1],
        ratios: &grid.heights,
        gaps: &grid.row_gaps,
        margins: track_margins(
            grid.heights.len(),
            grid.areas.iter().zip(margins).map(|(area, m)| (&area.rows, [m.top, m.bottom])),
        ),
    };
    let rows = rows.edges(canvas)?;
    let rect = |area: &Area| PixelRect {
        left: columns[area.columns.start][0],
        right: columns[area.columns.end - 1][1],
        top: rows[area.rows.start][0],
        bottom: rows[area.rows.end - 1][1],
    };
    Ok(grid.areas.iter().map(rect).collect())
}

/// The columns or the rows of a grid: its tracks, in CSS's terms.
struct TrackList<'a> {
    is_horizontal: bool,
    /// The canvas's length in this direction, in device pixels.
    length: u32,
    ratios: &'a [f64],
    gaps: &'a [Gap],
    /// The margins before and after each track.
    margins: Vec<[f64; 2]>,
}

/// The largest margins before and after each track, over the panels that begin and end there.
fn track_margins<'a>(
    tracks: usize,
    panels: impl Iterator<Item = (&'a std::ops::Range<usize>, [f64; 2])>,
) -> Vec<[f64; 2]> {
    let mut margins = vec![[0.0_f64; 2]; tracks];
    for (range, [before, after]) in panels {
        let first = &mut margins[range.start][0];
        *first = first.max(before);
        let last = &mut margins[range.end - 1][1];
        *last = last.max(after);
    }
    margins
}

impl TrackList<'_> {
    /// The first and the last pixel border of each track.
    fn edges(&self, canvas: GridCanvas) -> Result<Vec<[i32; 2]>, Shortage> {
        let gaps: Vec<f64> = self
            .gaps
            .iter()
            .zip(self.margins.windows(2))
            .map(|(gap, pair)| match gap {
                Gap::Length(pixels) => *pixels,
                Gap::Auto => match (pair[0][1], pair[1][0]) {
                    (0.0, 0.0) => canvas.spacing,
                    (after, before) => after + before + canvas.spacing,
                },
            })
            .collect();
        let before = canvas.padding + self.margins[0][0];
        let after = canvas.padding + self.margins[self.margins.len() - 1][1];
        let free = f64::from(self.length) - before - after - gaps.iter().sum::<f64>();
        let total: f64 = self.ratios.iter().sum();
        let smallest = self.ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let needed = MIN_PLOT_SIZE * total / smallest;
        if free < needed {
            return Err(Shortage { is_horizontal: self.is_horizontal, missing: needed - free });
        }
        let mut edge = before;
        let ratios = self.ratios.iter().enumerate();
        Ok(ratios
            .map(|(i, ratio)| {
                let start = edge;
                let end = start + free * ratio / total;
                edge = end + gaps.get(i).copied().unwrap_or(0.0);
                [start.round() as i32, end.round() as i32]
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: GridCanvas = GridCanvas { size: [1000, 700], padding: 10.0, spacing: 6.0 };

    fn column(panels: usize, row_gaps: Vec<Gap>) -> Grid {
        Grid {
            heights: vec![1.0; panels],
            widths: vec![1.0],
            row_gaps,
            column_gaps: vec![],
            areas: (0..panels).map(|i| Area { rows: i..i + 1, columns: 0..1 }).collect(),
        }
    }

    #[test]
    fn plot_rectangles_of_a_column_align_with_any_labels() {
        let margins = [
            Margins { left: 0.0, ..Margins::default() },
            Margins { left: 80.0, right: 9.0, bottom: 50.0, ..Margins::default() },
        ];
        let rects = plot_rects(CANVAS, &column(2, vec![Gap::Auto]), &margins).expect("room enough");
        assert!(rects.iter().all(|r| (r.left, r.right) == (90, 981)));
        assert_eq!(rects[0].height(), rects[1].height());
        assert_eq!((rects[0].top, rects[1].bottom), (10, 640));
    }

    #[test]
    fn plots_without_a_gap_touch() {
        let rects = plot_rects(CANVAS, &column(3, vec![Gap::Length(0.0); 2]), &[Margins::default(); 3])
            .expect("room enough");
        assert!(rects.windows(2).all(|pair| pair[0].bottom == pair[1].top));
    }

    #[test]
    fn panels_may_span_cells() {
        let grid = Grid {
            heights: vec![1.0, 2.0],
            widths: vec![1.0, 1.0],
            row_gaps: vec![Gap::Auto],
            column_gaps: vec![Gap::Length(20.0)],
            areas: vec![
                Area { rows: 0..1, columns: 0..2 },
                Area { rows: 1..2, columns: 0..1 },
                Area { rows: 1..2, columns: 1..2 },
            ],
        };
        let rects = plot_rects(CANVAS, &grid, &[Margins::default(); 3]).expect("room enough");
        assert_eq!((rects[0].left, rects[0].right), (rects[1].left, rects[2].right));
        assert_eq!(rects[2].left - rects[1].right, 20);
        assert!((f64::from(rects[1].height()) - 2.0 * f64::from(rects[0].height())).abs() <= 1.5);
    }

    #[test]
    fn shortages_say_by_how_much() {
        let margins = [Margins { left: 990.0, ..Margins::default() }];
        let shortage = plot_rects(CANVAS, &column(1, vec![]), &margins).expect_err("no room");
        assert_eq!(shortage, Shortage { is_horizontal: true, missing: 8.0 + 10.0 });
    }
}
