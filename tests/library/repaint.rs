//! Laws of repainting: a picture that follows a list of marks is the picture of the last list.

use std::sync::Arc;

use kymograph::film::Renderer;
use kymograph::geometry::{Bounds, PixelRect, Point};
use kymograph::mark::{Cap, Cells, Fill, Image, Mark, Polyline, Shape, Stroke};
use kymograph::raster::{Raster, Rgba};

use crate::support::ink::{CANVAS, TEAL, line, pen, pens, sine, square, stroke};

/// A small generator of pseudorandom numbers (xorshift64).
struct Random(u64);

impl Random {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn place(&mut self) -> Point {
        let mut at = |range: u64| self.roll(range * 16) as f64 / 16.0 - 20.0;
        Point::new(at(200), at(140))
    }

    fn color(&mut self) -> Rgba {
        let [r, g, b] = [(); 3].map(|()| self.roll(256) as u8);
        Rgba { r, g, b, a: [255, 255, 140, 60, 0][self.roll(5) as usize] }
    }

    /// An image of three colors, some of whose cells are clear.
    fn image(&mut self, clip: PixelRect) -> Image {
        let [columns, rows] = [(); 2].map(|()| self.roll(30) as usize + 1);
        let indices = (0..columns * rows).map(|_| self.roll(4) as u8).collect();
        let (low, high) = (self.place(), self.place());
        let bounds = Bounds {
            left: low.x.min(high.x),
            top: low.y.min(high.y),
            right: low.x.max(high.x),
            bottom: low.y.max(high.y),
        };
        let palette = [(); 3].map(|()| self.color());
        Image { cells: Arc::new(Cells { columns, indices }), bounds, palette: Arc::new(palette), clip }
    }
}

/// Changes one mark as a film changes marks from frame to frame.
fn disturb(mark: &mut Mark, random: &mut Random, curves: &[Arc<Polyline>], shapes: &[Arc<Shape>]) {
    let clip =
        if random.roll(3) == 0 { PixelRect { left: 20, top: 10, right: 120, bottom: 80 } } else { CANVAS };
    match (random.roll(7), &mut *mark) {
        (0, _) => *mark = Mark::Nothing,
        (1 | 2, Mark::Image(image)) => {
            let indices = &mut Arc::make_mut(&mut image.cells).indices;
            let index = random.roll(indices.len() as u64) as usize;
            indices[index] = random.roll(4) as u8;
        }
        (6, _) => *mark = Mark::Image(random.image(clip)),
        (1 | 2, Mark::Stroke(stroke)) => {
            stroke.visible_points = random.roll(stroke.path.points.len() as u64 + 3) as usize;
        }
        (3, Mark::Stroke(stroke)) => Arc::make_mut(&mut stroke.pen).color = random.color(),
        (1 | 2, Mark::Fill(fill)) => fill.at = random.place(),
        (3, Mark::Fill(fill)) => fill.color = random.color(),
        (4, _) => {
            let path = curves[random.roll(curves.len() as u64) as usize].clone();
            let choice = pens();
            let mut pen = choice[random.roll(choice.len() as u64) as usize].clone();
            pen.color = random.color();
            let upto = random.roll(path.points.len() as u64) as usize;
            *mark = Mark::Stroke(Stroke { path, visible_points: upto, pen: Arc::new(pen), clip });
        }
        _ => {
            let shape = shapes[random.roll(shapes.len() as u64) as usize].clone();
            *mark = Mark::Fill(Fill { shape, at: random.place(), color: random.color(), clip });
        }
    }
}

#[test]
fn a_repainted_picture_equals_the_picture_painted_at_once() {
    let curves = [sine(80), line((5.0, 5.0), (150.0, 90.0), 40), line((80.0, -50.0), (80.0, 150.0), 9)]
        .map(|points| Arc::new(Polyline { points, subpath_starts: vec![0, 5] }));
    let shapes = [square(9.3), square(33.0), Arc::new(Shape::default())];
    for background in [Rgba::WHITE, Rgba::CLEAR, Rgba { a: 77, ..Rgba::WHITE }] {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let mut renderer = Renderer::new(160, 100, background);
        let mut marks = vec![Mark::Nothing; 9];
        for _ in 0..150 {
            for _ in 0..random.roll(4) {
                let index = random.roll(marks.len() as u64) as usize;
                disturb(&mut marks[index], &mut random, &curves, &shapes);
            }
            match random.roll(12) {
                0 => marks.insert(random.roll(marks.len() as u64) as usize, marks[0].clone()),
                1 if marks.len() > 2 => drop(marks.remove(random.roll(marks.len() as u64) as usize)),
                _ => {}
            }
            let before = renderer.image().clone();
            let changed = renderer.show(marks.clone()).to_vec();
            let mut fresh = Renderer::new(160, 100, background);
            assert_eq!(fresh.show(marks.clone()), [CANVAS]);
            assert!(renderer.image() == fresh.image(), "after {changed:?} with {marks:?}");
            assert_reported(&before, renderer.image(), &changed);
        }
    }
}

/// Asserts that pixels outside the changed rectangles keep their values and that the rectangles are disjoint.
fn assert_reported(before: &Raster, after: &Raster, changed: &[PixelRect]) {
    if before.pixels().iter().all(|pixel| *pixel == before.pixels()[0]) {
        return;
    }
    for (index, rect) in changed.iter().enumerate() {
        assert_eq!(rect.intersect(&CANVAS), *rect);
        assert!(changed[..index].iter().all(|other| other.intersect(rect).is_empty()));
    }
    for (index, (old, new)) in before.pixels().iter().zip(after.pixels()).enumerate() {
        let (x, y) = (index as i32 % CANVAS.right, index as i32 / CANVAS.right);
        let reported = |r: &PixelRect| (r.left..r.right).contains(&x) && (r.top..r.bottom).contains(&y);
        assert!(old == new || changed.iter().any(reported), "at ({x}, {y})");
    }
}

#[test]
fn an_unchanged_list_repaints_nothing_and_a_growing_curve_little() {
    let curve = stroke(sine(200), pen(2.0, &[], Cap::Round));
    let frame = |upto| {
        let at = Point::new(3.0, 3.0);
        let fill = Fill { shape: square(30.0), at, color: TEAL, clip: CANVAS };
        vec![Mark::Fill(fill), Mark::Stroke(Stroke { visible_points: upto, ..curve.clone() })]
    };
    let mut renderer = Renderer::new(160, 100, Rgba::WHITE);
    renderer.show(frame(100));
    assert!(renderer.show(frame(100)).is_empty());
    let changed = renderer.show(frame(103));
    assert!(changed.len() == 1 && changed[0].width() <= 8, "{changed:?}");
}

#[test]
fn all_transparent_pixels_are_equal() {
    let mut renderer = Renderer::new(160, 100, Rgba { a: 0, ..TEAL });
    renderer.show(vec![Mark::Stroke(stroke(sine(50), pen(2.0, &[], Cap::Round)))]);
    assert!(renderer.image().pixels().iter().all(|pixel| pixel.a > 0 || *pixel == Rgba::CLEAR));
    renderer.show(vec![Mark::Nothing]);
    assert!(renderer.image().pixels().iter().all(|pixel| *pixel == Rgba::CLEAR));
}
