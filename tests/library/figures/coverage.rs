//! The coverage of the marks of one color, measured in finished pixels: only they are painted, black on white, and gray
//! is the covered share of a pixel.

use kymograph::film::Renderer;
use kymograph::geometry::Point;
use kymograph::mark::Mark;
use kymograph::panel::Figure;
use kymograph::panel::viewport::Viewport;
use kymograph::raster::{Raster, Rgba};

/// Shares of pixels, 0 to 1.
pub(crate) struct Coverage(Raster);

/// A column or a row of pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line {
    Column(i32),
    Row(i32),
}

/// A panel's rectangle and axes by the panel's name.
pub(crate) fn viewport(figure: &Figure<'_>, name: &str) -> Viewport {
    let found = figure.viewports().find(|(panel, _)| panel.name == name);
    *found.unwrap_or_else(|| panic!("no panel `{name}`")).1
}

impl Coverage {
    /// The marks of a color in one frame.
    pub(crate) fn of(figure: &Figure<'_>, index: usize, color: Rgba) -> Self {
        let marks = figure.marks(index).expect("marks").into_iter();
        let black = marks.filter(|mark| mark.color() == Some(color)).map(|mut mark| {
            match &mut mark {
                Mark::Nothing | Mark::Image(_) => {}
                Mark::Tail(tail) => std::sync::Arc::make_mut(&mut tail.pen).color = Rgba::BLACK,
                Mark::Stroke(stroke) => std::sync::Arc::make_mut(&mut stroke.pen).color = Rgba::BLACK,
                Mark::Fill(fill) => fill.color = Rgba::BLACK,
            }
            mark
        });
        let (width, height) = figure.size();
        let mut renderer = Renderer::new(width, height, Rgba::WHITE);
        renderer.show(black.collect());
        Self(renderer.image().clone())
    }

    /// The covered share of a pixel; 0 outside the picture.
    pub(crate) fn share(&self, x: i32, y: i32) -> f64 {
        let bounds = self.0.bounds();
        if !(0..bounds.right).contains(&x) || !(0..bounds.bottom).contains(&y) {
            return 0.0;
        }
        f64::from(255 - self.0.row(y, x, x + 1)[0].r) / 255.0
    }

    /// The sum and the centroid of the coverage on a line of pixels, within `reach` of `near`.
    pub(crate) fn centroid(&self, line: Line, near: f64, reach: f64) -> (f64, f64) {
        let (first, last) = ((near - reach).floor() as i32, (near + reach).ceil() as i32);
        let (mut sum, mut moment) = (0.0, 0.0);
        for place in first..last {
            let share = match line {
                Line::Column(x) => self.share(x, place),
                Line::Row(y) => self.share(place, y),
            };
            sum += share;
            moment += share * (f64::from(place) + 0.5);
        }
        (sum, moment / sum)
    }

    /// The covered pixels: column, row and share.
    fn covered(&self) -> impl Iterator<Item = (i32, i32, f64)> + '_ {
        let width = self.0.width() as usize;
        let inked = self.0.pixels().iter().enumerate().filter(|(_, pixel)| pixel.r < 255);
        inked.map(move |(index, pixel)| {
            ((index % width) as i32, (index / width) as i32, f64::from(255 - pixel.r) / 255.0)
        })
    }

    /// The covered area in pixels, and its centroid.
    pub(crate) fn middle(&self) -> (f64, Point) {
        let (mut sum, mut moment) = (0.0, Point::default());
        for (x, y, share) in self.covered() {
            sum += share;
            moment.x += share * (f64::from(x) + 0.5);
            moment.y += share * (f64::from(y) + 0.5);
        }
        (sum, Point::new(moment.x / sum, moment.y / sum))
    }

    /// The bounds of the covered pixels: left, top, and one past right and bottom.
    pub(crate) fn bounds(&self) -> Option<[i32; 4]> {
        let pixels = self.covered().map(|(x, y, _)| [x, y, x + 1, y + 1]);
        pixels.reduce(|all, one| {
            [all[0].min(one[0]), all[1].min(one[1]), all[2].max(one[2]), all[3].max(one[3])]
        })
    }
}
