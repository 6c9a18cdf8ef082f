//! Where plot rectangles lie. Rows and columns as in a CSS grid, but it is the plot rectangles, not
//! the boxes with their labels, that align and share the ratios; labels stand in the gaps.

use crate::geometry::PixelRect;
use crate::scene::{Area, Gap, Grid};

/// What a panel needs around its plot rectangle, in device pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Margins {
    /// Tick labels and label of the y axis.
    pub left: f64,
    /// Half of the last tick label of the x axis.
    pub right: f64,
    /// Title.
    pub top: f64,
    /// Tick labels and label of the x axis.
    pub bottom: f64,
}

/// The paper and what stays free on it, in device pixels.
#[derive(Clone, Copy, Debug)]
pub struct LayoutArea {
    /// Width and height.
    pub size: [u32; 2],
    /// At the canvas's edge.
    pub padding: f64,
    /// Between the labels of neighbors where a gap is left to them.
    pub spacing: f64,
}

/// Labels leave no room for the panels: how many device pixels are missing, and in which direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortage {
    /// Whether the width is short, or the height.
    pub horizontal: bool,
    /// Device pixels.
    pub missing: f64,
}

/// A plot rectangle less than this wide or high shows nothing; device pixels.
const LEAST_PLOT: f64 = 8.0;

/// The plot rectangles of all panels, on whole device pixels, in the order of `grid.areas`.
///
/// # Errors
/// If margins and gaps leave less than a few pixels for the smallest row or column.
pub fn plot_rects(paper: LayoutArea, grid: &Grid, margins: &[Margins]) -> Result<Vec<PixelRect>, Shortage> {
    let columns = tracks(
        &TrackSpec {
            length: paper.size[0],
            paper,
            ratios: &grid.widths,
            gaps: &grid.column_gaps,
            needs: needs(grid, margins, grid.widths.len(), |a| &a.columns, |m| [m.left, m.right]),
        },
        true,
    )?;
    let rows = tracks(
        &TrackSpec {
            length: paper.size[1],
            paper,
            ratios: &grid.heights,
            gaps: &grid.row_gaps,
            needs: needs(grid, margins, grid.heights.len(), |a| &a.rows, |m| [m.top, m.bottom]),
        },
        false,
    )?;
    Ok(grid
        .areas
        .iter()
        .map(|area| PixelRect {
            left: columns[area.columns.start][0],
            right: columns[area.columns.end - 1][1],
            top: rows[area.rows.start][0],
            bottom: rows[area.rows.end - 1][1],
        })
        .collect())
}

/// One direction of the grid.
struct TrackSpec<'a> {
    length: u32,
    paper: LayoutArea,
    ratios: &'a [f64],
    gaps: &'a [Gap],
    /// Before and after each track.
    needs: Vec<[f64; 2]>,
}

/// The greatest margins before and after each track, over the panels that begin and end there.
fn needs(
    grid: &Grid,
    margins: &[Margins],
    tracks: usize,
    range: impl Fn(&Area) -> &std::ops::Range<usize>,
    sides: impl Fn(&Margins) -> [f64; 2],
) -> Vec<[f64; 2]> {
    let mut needs = vec![[0.0_f64; 2]; tracks];
    for (area, margin) in grid.areas.iter().zip(margins) {
        let (range, [before, after]) = (range(area), sides(margin));
        let first = &mut needs[range.start][0];
        *first = first.max(before);
        let last = &mut needs[range.end - 1][1];
        *last = last.max(after);
    }
    needs
}

/// First and last pixel edge of each track.
fn tracks(direction: &TrackSpec, horizontal: bool) -> Result<Vec<[i32; 2]>, Shortage> {
    let TrackSpec { length, paper, ratios, gaps, needs } = direction;
    let gaps: Vec<f64> = gaps
        .iter()
        .zip(needs.windows(2))
        .map(|(gap, pair)| match gap {
            Gap::Length(pixels) => *pixels,
            Gap::Auto => match (pair[0][1], pair[1][0]) {
                (0.0, 0.0) => paper.spacing,
                (above, below) => above + below + paper.spacing,
            },
        })
        .collect();
    let before = paper.padding + needs[0][0];
    let after = paper.padding + needs[needs.len() - 1][1];
    let free = f64::from(*length) - before - after - gaps.iter().sum::<f64>();
    let total: f64 = ratios.iter().sum();
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let wanted = LEAST_PLOT * total / least;
    if free < wanted {
        return Err(Shortage { horizontal, missing: wanted - free });
    }
    let mut edge = before;
    Ok(ratios
        .iter()
        .enumerate()
        .map(|(i, ratio)| {
            let start = edge;
            let end = start + free * ratio / total;
            edge = end + gaps.get(i).copied().unwrap_or(0.0);
            [start.round() as i32, end.round() as i32]
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAPER: LayoutArea = LayoutArea { size: [1000, 700], padding: 10.0, spacing: 6.0 };

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
    fn plot_rectangles_of_a_column_align_whatever_their_labels() {
        let margins = [
            Margins { left: 0.0, ..Margins::default() },
            Margins { left: 80.0, right: 9.0, bottom: 50.0, ..Margins::default() },
        ];
        let rects = plot_rects(PAPER, &column(2, vec![Gap::Auto]), &margins).expect("room enough");
        assert!(rects.iter().all(|r| (r.left, r.right) == (90, 981)));
        assert_eq!(rects[0].height(), rects[1].height());
        assert_eq!((rects[0].top, rects[1].bottom), (10, 640));
    }

    #[test]
    fn a_gap_of_nothing_touches() {
        let rects = plot_rects(PAPER, &column(3, vec![Gap::Length(0.0); 2]), &[Margins::default(); 3])
            .expect("room enough");
        assert!(rects.windows(2).all(|pair| pair[0].bottom == pair[1].top));
    }

    #[test]
    fn a_panel_may_span_cells() {
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
        let rects = plot_rects(PAPER, &grid, &[Margins::default(); 3]).expect("room enough");
        assert_eq!((rects[0].left, rects[0].right), (rects[1].left, rects[2].right));
        assert_eq!(rects[2].left - rects[1].right, 20);
        assert!((f64::from(rects[1].height()) - 2.0 * f64::from(rects[0].height())).abs() <= 1.5);
    }

    #[test]
    fn a_shortage_says_by_how_much() {
        let margins = [Margins { left: 990.0, ..Margins::default() }];
        let shortage = plot_rects(PAPER, &column(1, vec![]), &margins).expect_err("no room");
        assert_eq!(shortage, Shortage { horizontal: true, missing: 8.0 + 10.0 });
    }
}
