//! Laws of coverage that all strokes and fills satisfy.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use kymograph::draw::coverage::Coverage;
use kymograph::draw::incremental_stroke::IncrementalStroke;
use kymograph::geometry::{PixelRect, Point};
use kymograph::mark::{Cap, Fill, Polyline, Shape, Stroke};
use tiny_skia_path::{PathBuilder, Rect};

use crate::support::ink::{CANVAS, TEAL, line, pen, pens, sine, square, stroke};

fn byte(coverage: &Coverage, x: i32, y: i32) -> u8 {
    let b = coverage.bounds();
    let inside = (b.left..b.right).contains(&x) && (b.top..b.bottom).contains(&y);
    if inside { coverage.row(y, x, x + 1)[0] } else { 0 }
}

fn all(coverage: &Coverage) -> Vec<u8> {
    (CANVAS.top..CANVAS.bottom)
        .flat_map(|y| (CANVAS.left..CANVAS.right).map(move |x| (x, y)))
        .map(|(x, y)| byte(coverage, x, y))
        .collect()
}

fn draw(stroke: &Stroke) -> Vec<u8> {
    all(&Coverage::from_stroke(stroke, CANVAS))
}

/// The sum and the centroid of a column's coverage.
fn column(coverage: &[u8], x: i32) -> (f64, f64) {
    let share = |y: i32| f64::from(coverage[(y * CANVAS.right + x) as usize]) / 255.0;
    let sum: f64 = (0..CANVAS.bottom).map(share).sum();
    let moment: f64 = (0..CANVAS.bottom).map(|y| share(y) * (f64::from(y) + 0.5)).sum();
    (sum, moment / sum)
}

#[test]
fn a_line_on_pixel_borders_is_exactly_its_pixels() {
    let drawn = draw(&stroke(line((10.0, 20.0), (50.0, 20.0), 1), pen(2.0, &[], Cap::Butt)));
    for (index, &share) in drawn.iter().enumerate() {
        let (x, y) = (index as i32 % CANVAS.right, index as i32 / CANVAS.right);
        let inside = (10..50).contains(&x) && (19..21).contains(&y);
        assert_eq!(share, if inside { 255 } else { 0 }, "at ({x}, {y})");
    }
}

/// Evenly spaced offsets within a pixel. One picture does not show where in a pixel a thin line lies; the mean over these
/// offsets does.
fn phases() -> impl Iterator<Item = f64> {
    (0..16).map(|k| f64::from(k) / 16.0)
}

#[test]
fn a_line_has_its_width_and_its_place_at_every_slope() {
    for slope in [0.0, 0.01, 0.1, 0.35, 0.8, 1.0] {
        for width in [0.5, 0.7, 1.0, 1.5, 3.0, 7.0] {
            let upright = width * f64::hypot(1.0, slope);
            let mut strayed = [0.0; 60];
            for phase in phases() {
                let at = |x: f64| 10.0 + phase + slope * x;
                let drawn = draw(&stroke(
                    line((-40.0, at(-40.0)), (200.0, at(200.0)), 1),
                    pen(width, &[], Cap::Round),
                ));
                for (x, strayed) in (20..).zip(&mut strayed) {
                    let (sum, center) = column(&drawn, x);
                    // Each edge may be off by half a level of 64.
                    assert!((sum - upright).abs() < 0.01 * upright + 1.0 / 64.0, "{slope}, {width}: {sum}");
                    *strayed += (center - at(f64::from(x) + 0.5)) / 16.0;
                }
            }
            let worst = strayed.iter().fold(0.0_f64, |worst, by| worst.max(by.abs()));
            assert!(worst < 0.02, "slope {slope}, width {width}: {worst} px off");
        }
    }
}

#[test]
fn a_curve_lies_where_it_should() {
    let at = |x: f64, phase: f64| 50.0 + phase + 5.0 * libm::sin(x / 10.0);
    for width in [0.7, 1.5, 3.0] {
        let mut strayed = [0.0; 140];
        for phase in phases() {
            let points = (0..=400).map(|k| f64::from(k) * 0.4).map(|x| Point::new(x, at(x, phase)));
            let drawn = draw(&stroke(points.collect(), pen(width, &[], Cap::Round)));
            for (x, strayed) in (10..).zip(&mut strayed) {
                *strayed += (column(&drawn, x).1 - at(f64::from(x) + 0.5, phase)) / 16.0;
            }
        }
        let worst = strayed.iter().fold(0.0_f64, |worst, by| worst.max(by.abs()));
        assert!(worst < 0.02, "width {width}: {worst} px off");
    }
}

#[test]
fn a_straight_line_in_a_thousand_segments_equals_one_segment() {
    for pen in pens() {
        for to in [(140.1, 21.0), (140.1, 60.7), (100.0, 97.3), (12.0, 95.0), (9.2, 90.0)] {
            let whole = draw(&stroke(line((9.2, 7.9), to, 1), pen.clone()));
            let split = draw(&stroke(line((9.2, 7.9), to, 1000), pen.clone()));
            // Discs at the vertices are sums of chords, exact to half a percent: a share may be rounded to the
            // neighboring level of 64.
            let worst = whole.iter().zip(&split).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(4), "{pen:?} to {to:?}: {worst:?}");
        }
    }
}

#[test]
fn a_growing_curve_equals_the_curve_drawn_at_once() {
    for pen in pens() {
        let mut points = sine(90);
        points.splice(30..33, []);
        let path = Arc::new(Polyline { points, subpath_starts: vec![0, 30, 31] });
        let upto = |upto| Stroke {
            path: path.clone(),
            visible_points: upto,
            pen: Arc::new(pen.clone()),
            clip: CANVAS,
        };
        let mut growing = IncrementalStroke::new(&upto(0), CANVAS);
        let mut before = all(growing.coverage());
        for points in [1, 2, 3, 17, 18, 30, 31, 32, 33, 60, 86, 87] {
            let changed = growing.extend(points);
            let now = all(growing.coverage());
            assert_eq!(now, draw(&upto(points)), "{pen:?} up to {points}");
            for (index, (old, new)) in before.iter().zip(&now).enumerate() {
                let (x, y) = (index as i32 % CANVAS.right, index as i32 / CANVAS.right);
                let reported =
                    (changed.left..changed.right).contains(&x) && (changed.top..changed.bottom).contains(&y);
                assert!(new == old || (new > old && reported), "{pen:?} up to {points} at ({x}, {y})");
            }
            before = now;
        }
    }
}

#[test]
fn dashes_fill_their_part_of_the_length() {
    let drawn = draw(&stroke(line((10.0, 30.0), (110.0, 30.0), 37), pen(2.0, &[6.0, 4.0], Cap::Butt)));
    for x in 10..110 {
        let on = (x - 10) % 10 < 6;
        let missing = column(&drawn, x).0 - if on { 2.0 } else { 0.0 };
        assert!(missing.abs() < 1e-9, "column {x}");
    }
}

#[test]
fn dashes_continue_across_a_break() {
    let points = [line((10.0, 30.0), (17.0, 30.0), 1), line((40.0, 30.0), (70.0, 30.0), 1)].concat();
    let path = Arc::new(Polyline { points, subpath_starts: vec![0, 2] });
    let pen = Arc::new(pen(2.0, &[5.0, 5.0], Cap::Butt));
    let drawn = draw(&Stroke { path, visible_points: 4, pen, clip: CANVAS });
    // The offset skips 7 pixels of the first period: 3 off, 5 on, 5 off …
    for (x, on) in [(12, true), (16, false), (41, false), (44, true), (47, true), (49, false), (54, true)] {
        assert_eq!(column(&drawn, x).0 > 0.0, on, "column {x}");
    }
}

#[test]
fn a_closed_curve_has_no_ends() {
    let corners = [(20.0, 20.0), (60.0, 20.0), (60.0, 50.0), (20.0, 50.0), (20.0, 20.0)];
    let turned = |by: usize| -> Vec<_> {
        (0..5).map(|k| corners[(k + by) % 4]).map(|(x, y)| Point::new(x, y)).collect()
    };
    for cap in [Cap::Butt, Cap::Round] {
        let drawn = [0, 1, 2].map(|by| draw(&stroke(turned(by), pen(5.0, &[], cap))));
        assert!(drawn[0] == drawn[1] && drawn[1] == drawn[2]);
    }
}

#[test]
fn a_mirrored_curve_gives_the_mirrored_picture() {
    let mirror = |points: &[Point]| points.iter().map(|p| Point::new(160.0 - p.x, p.y)).collect();
    // On a grid of eighths, mirroring is exact.
    let points: Vec<_> =
        sine(60).iter().map(|p| Point::new((p.x * 8.0).round() / 8.0, (p.y * 8.0).round() / 8.0)).collect();
    for pen in pens().into_iter().filter(|pen| pen.dash.is_empty()) {
        let there = draw(&stroke(points.clone(), pen.clone()));
        let back = draw(&stroke(mirror(&points), pen));
        let mirrored = back.chunks(CANVAS.right as usize).flat_map(|row| row.iter().rev().copied());
        assert!(there.iter().copied().zip(mirrored).all(|(a, b)| a.abs_diff(b) <= 1));
    }
}

#[test]
fn a_clip_removes_what_lies_outside_and_changes_nothing_inside() {
    let clip = PixelRect { left: 31, top: 22, right: 77, bottom: 61 };
    for pen in pens() {
        let whole = stroke(sine(70), pen);
        let free = draw(&whole);
        let clipped = draw(&Stroke { clip, ..whole });
        for (index, (free, clipped)) in free.iter().zip(&clipped).enumerate() {
            let (x, y) = (index as i32 % CANVAS.right, index as i32 / CANVAS.right);
            let inside = (clip.left..clip.right).contains(&x) && (clip.top..clip.bottom).contains(&y);
            assert_eq!(*clipped, if inside { *free } else { 0 }, "at ({x}, {y})");
        }
    }
}

#[test]
fn strokes_with_extreme_coordinates_terminate() {
    for far in [1e5, 1e9, 1e15, 1e300, f64::INFINITY, f64::NAN] {
        for pen in pens() {
            let points = vec![Point::new(-far, 50.0), Point::new(80.0, 50.0), Point::new(far, far)];
            draw(&stroke(points, pen));
        }
    }
    let wide = [0.0, -1.0, f64::NAN, f64::INFINITY].map(|width| pen(width, &[1e-9, 1e-9], Cap::Round));
    for pen in wide {
        draw(&stroke(sine(9), pen));
    }
    assert!(draw(&stroke(Vec::new(), pen(2.0, &[], Cap::Round))).iter().all(|share| *share == 0));
}

#[test]
fn a_far_segment_is_drawn_where_it_passes() {
    let drawn = draw(&stroke(line((-1e7, 50.0), (1e7, 50.0), 1), pen(2.0, &[3.0, 2.0], Cap::Butt)));
    let on = (0..160).filter(|x| column(&drawn, *x).0 > 1.0).count();
    assert!((90..=102).contains(&on), "{on} of 160 columns");
}

#[test]
fn a_fill_covers_what_it_overlaps() {
    let at = Point::new(12.25, 30.5);
    let fill = Fill { shape: square(10.0), at, color: TEAL, clip: CANVAS };
    let coverage = Coverage::from_fill(&fill, CANVAS);
    let shares = [(12, 35, 191), (22, 35, 64), (15, 30, 128), (15, 40, 128), (15, 35, 255), (11, 35, 0)];
    for (x, y, share) in shares {
        assert_eq!(byte(&coverage, x, y), share, "at ({x}, {y})");
    }
    let moved = Fill { at: Point::new(at.x + 37.0, at.y - 22.0), ..fill };
    let moved = Coverage::from_fill(&moved, CANVAS);
    for (x, y, share) in shares {
        assert_eq!(byte(&moved, x + 37, y - 22), share);
    }
}

#[test]
fn outlines_of_one_shape_unite() {
    let outline = |x: f32| PathBuilder::from_rect(Rect::from_xywh(x, 0.5, 10.0, 10.0).expect("a square"));
    let shape = |outlines| Arc::new(Shape { outlines });
    let fill = |shape| Fill { shape, at: Point::new(20.0, 20.0), color: TEAL, clip: CANVAS };
    let one = Coverage::from_fill(&fill(shape(vec![outline(0.0)])), CANVAS);
    let two = Coverage::from_fill(&fill(shape(vec![outline(0.0), outline(0.0)])), CANVAS);
    assert_eq!(one, two);
}

#[test]
fn a_round_dot_has_the_area_of_a_disc() {
    for width in [1.0, 3.0, 9.0] {
        let at = Point::new(40.3, 50.6);
        let drawn = draw(&stroke(vec![at, at], pen(width, &[], Cap::Round)));
        let sum = drawn.iter().map(|share| f64::from(*share)).sum::<f64>() / 255.0;
        assert!((sum / (PI * width * width / 4.0) - 1.0).abs() < 0.02, "width {width}: {sum}");
        assert!(draw(&stroke(vec![at, at], pen(width, &[], Cap::Butt))).iter().all(|share| *share == 0));
    }
}

#[test]
fn a_circle_has_neither_beads_nor_gaps() {
    let center = Point::new(80.0, 50.0);
    let at = |k: u32| {
        let (sin, cos) = libm::sincos(f64::from(k % 200) * TAU / 200.0);
        Point::new(center.x + 40.0 * cos, center.y + 40.0 * sin)
    };
    let drawn = draw(&stroke((0..=200).map(at).collect(), pen(3.0, &[], Cap::Butt)));
    for (index, share) in drawn.iter().enumerate() {
        let (x, y) = (index as i32 % CANVAS.right, index as i32 / CANVAS.right);
        let radius = f64::hypot(f64::from(x) + 0.5 - center.x, f64::from(y) + 0.5 - center.y);
        let depth = 1.5 - (radius - 40.0).abs();
        let (least, most) = (depth - HALF_DIAGONAL, depth + HALF_DIAGONAL);
        assert!(least < 1.0 - HALF_DIAGONAL || *share >= 253, "a gap at ({x}, {y})");
        assert!(most > -0.01 || *share == 0, "ink at ({x}, {y})");
        // The coverage is that of an axis-parallel edge at this distance, up to an allowance for the edge's direction.
        let straight = (depth + 0.5).clamp(0.0, 1.0) * 255.0;
        assert!((f64::from(*share) - straight).abs() < 28.0, "{share} for {straight} at ({x}, {y})");
    }
}

const HALF_DIAGONAL: f64 = std::f64::consts::FRAC_1_SQRT_2;
