//! Laws of color maps over a panel: each pixel has the color of the value at its middle.

use std::io::Cursor;

use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use kymograph::encode::EncodeError;
use kymograph::mark::{Cells, Image, Mark};
use kymograph::panel::viewport::Viewport;
use kymograph::panel::{Figure, FigureOptions};
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::scene::color::ColorMap;
use kymograph::svg::{self, SvgOptions};

use crate::support::scenes::{all_frames, draw_frame, figure, parse_scene};

/// A film of five frames over [0, 4] with one panel, whose keys and elements are given.
fn film(panel: &str, draw: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [170, 130], scale = 1, font-size = 8 }}\ntime = {{ span = [0, 4] }}
        animate = {{ frames = 5 }}\nparams = {{ x = 7 }}\nsystems.y = {{ kind = 'oscillator', stiffness = 4, x0 = 1 }}
        [signals]\ns = 't'\n'f(u)' = 'u^2 + x'\n[panels.p]\n{panel}\ndraw = [{draw}]"
    ))
}

const PLOT: &str = "kind = 'plot'\nx = { range = [0, 3] }\ny = { range = [-1, 1] }";
const PLANE: &str = "kind = 'plane'\naspect = 'auto'\nx = { range = [-2, 2] }\ny = { range = [3, -1] }";

/// The only image of a frame.
fn image_of(figure: &Figure<'_>, index: usize) -> Image {
    let images = figure.marks(index).expect("marks").into_iter();
    let mut images = images.filter_map(|mark| if let Mark::Image(image) = mark { Some(image) } else { None });
    let image = images.next().expect("an image");
    assert!(images.next().is_none(), "one image");
    image
}

/// Asserts that the cells of a frame have the levels that a function of the place gives.
fn assert_levels(scene: &Scene, index: usize, level: impl Fn(f64, f64) -> Option<usize>) {
    let figure = figure(scene);
    let (_, viewport): (_, &Viewport) = figure.viewports().next().expect("a panel");
    let image = image_of(&figure, index);
    let rect = viewport.rect;
    assert_eq!((image.pixels(), image.cells.columns), (rect, rect.width() as usize));
    let mut seen = std::collections::BTreeSet::new();
    for (row, y) in (rect.top..rect.bottom).enumerate() {
        let y = viewport.y.value(f64::from(y) + 0.5);
        for (cell, x) in image.cells.row(row).iter().zip(rect.left..rect.right) {
            let x = viewport.x.value(f64::from(x) + 0.5);
            let expected = level(x, y).map_or(Cells::CLEAR, |level| level as u8);
            assert_eq!(*cell, expected, "at ({x}, {y})");
            seen.insert(expected);
        }
    }
    assert!(seen.len() > 5, "{seen:?}");
}

#[test]
fn each_pixel_has_the_level_of_the_value_at_its_middle() {
    let scene = film(PLOT, "{ heat = 'sin(x*y + t)', range = [-1, 1], map = 'magma' }");
    for index in [0, 3] {
        let value = |x: f64, y: f64| libm::sin(x * y + index as f64);
        assert_levels(&scene, index, |x, y| ColorMap::Magma.level(value(x, y), [-1.0, 1.0]));
    }
    let decades = PLOT.replace("[0, 3]", "[0.1, 100], scale = 'log'");
    let scene = film(&decades, "{ heat = 'x', scale = 'log', range = [1, 10] }");
    assert_levels(&scene, 0, |x, _| ColorMap::Viridis.level(libm::log10(x), [0.0, 1.0]));
}

#[test]
fn undefined_places_are_clear() {
    let scene = film(PLOT, "{ heat = 'if(x < 1, nan, x)', range = [1, 3] }");
    assert_levels(&scene, 0, |x, _| if x < 1.0 { None } else { ColorMap::Viridis.level(x, [1.0, 3.0]) });
    let picture = draw_frame(&figure(&scene), 0);
    let image = image_of(&figure(&scene), 0);
    let rect = image.pixels();
    for y in rect.top + 3..rect.bottom - 3 {
        for (x, pixel) in (rect.left + 3..rect.right - 3).zip(picture.row(y, rect.left + 3, rect.right - 3)) {
            let index = image.cells.row(image.row(y))[image.column(x)];
            let color = image.palette.get(usize::from(index)).copied().unwrap_or(Rgba::WHITE);
            assert_eq!(*pixel, color, "at ({x}, {y})");
        }
    }
}

#[test]
fn the_names_of_the_place_hide_those_of_the_scene() {
    // `f` is defined elsewhere, so its `x` is the param.
    let scene = film(PLANE, "{ heat = 'abs(f(s)) + x*y', range = [0, 30] }");
    let square = |x: f64, y: f64| libm::hypot(x * x - y * y + 7.0, 2.0 * x * y);
    assert_levels(&scene, 0, |x, y| ColorMap::Viridis.level(square(x, y) + x * y, [0.0, 30.0]));
    // Another name of the place leaves `s` to the scene.
    let scene = film(PLANE, "{ heat = 're(z) + s', over = 'z', range = [-2, 6] }");
    assert_levels(&scene, 4, |x, _| ColorMap::Viridis.level(x + 4.0, [-2.0, 6.0]));
}

#[test]
fn phases_are_colored_by_arguments() {
    let scene = film(PLANE, "{ heat = 's*exp(j*t)', phase = true }");
    for index in [0, 2] {
        let argument = |x: f64, y: f64| {
            let turned = num_complex::Complex64::new(x, y) * num_complex::Complex64::cis(index as f64);
            ColorMap::Twilight.level(libm::atan2(turned.im, turned.re), ColorMap::Twilight.default_range())
        };
        assert_levels(&scene, index, argument);
    }
}

#[test]
fn the_fitted_range_is_that_of_all_frames() {
    let scene = film(PLOT, "{ heat = 'x + t' }");
    let palette = image_of(&figure(&scene), 0).palette;
    assert!(palette.iter().copied().eq((0..64).map(|level| ColorMap::Viridis.color(level))));
    // All of the values reach from 0 to 7; a hundredth of them is cut off at either end.
    let figure = figure(&scene);
    let [first, last] = [0, 4].map(|index| image_of(&figure, index).cells);
    assert!(first.indices.contains(&0) && !first.indices.contains(&63));
    assert!(last.indices.contains(&63) && !last.indices.contains(&0));
    let share = |cells: &Cells, level: u8| {
        let of_level: f64 = cells.indices.iter().map(|index| f64::from(u8::from(*index == level))).sum();
        of_level / cells.indices.len() as f64
    };
    // 1 % of five frames and the width of a level, about 7/64 of 3.
    assert!((0.02..0.12).contains(&share(&first, 0)), "{}", share(&first, 0));
    assert!((0.02..0.12).contains(&share(&last, 63)), "{}", share(&last, 63));
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for draw in ["{ heat = 'sin(9*x*y)' }", "{ heat = 'besselj(2, 9*x*y + t)' }"] {
        let scene = film(PLOT, draw);
        let with = |threads| {
            let options = FigureOptions { scale: 1.5, is_draft: false, threads };
            Figure::with_options(&scene, options).expect("a figure").marks(1).expect("marks")
        };
        assert!(with(1) == with(7), "{draw}");
    }
}

#[test]
fn a_gif_of_a_color_map_is_exact() {
    let scene = film(PLOT, "{ heat = 'sin(5*x*y + t)' }");
    let figure = figure(&scene);
    let mut file = Vec::new();
    let marks = |index| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    figure.animation().write_gif(&mut file, marks).expect("a GIF");
    let decoder = GifDecoder::new(Cursor::new(file)).expect("a GIF");
    let decoded = decoder.into_frames().collect_frames().expect("frames");
    let rect = image_of(&figure, 0).pixels();
    for (drawn, decoded) in all_frames(&scene).iter().zip(decoded) {
        for y in rect.top..rect.bottom {
            for (x, pixel) in (rect.left..rect.right).zip(drawn.row(y, rect.left, rect.right)) {
                let shown = decoded.buffer().get_pixel(x as u32, y as u32).0;
                assert_eq!(shown, [pixel.r, pixel.g, pixel.b, 255], "at ({x}, {y})");
            }
        }
    }
}

#[test]
fn grid_lines_are_over_a_color_map_and_a_hidden_one_shows_the_paper() {
    let grid = PLOT.replace("[-1, 1]", "[-1, 1], grid = true");
    let scene = film(&grid, "{ hline = 0.5 }, { heat = 'x', when = 't < 2' }");
    let marks = figure(&scene).marks(0).expect("marks");
    let place = |is_it: fn(&Mark) -> bool| marks.iter().position(is_it).expect("a mark");
    assert!(place(|mark| matches!(mark, Mark::Image(_))) < place(|mark| matches!(mark, Mark::Fill(_))));
    assert!(place(|mark| matches!(mark, Mark::Image(_))) < place(|mark| matches!(mark, Mark::Stroke(_))));
    assert!(figure(&scene).marks(4).expect("marks").iter().all(|mark| !matches!(mark, Mark::Image(_))));
}

#[test]
fn an_svg_holds_the_cells_as_an_image() {
    let scene = film(PLOT, "{ heat = 'x + t' }");
    let figure = figure(&scene);
    let options = SvgOptions { scale: 1.0, title: None, seamless: false, in_steps: false, stamp: None };
    let still = svg::still(&figure.animation(), &options, figure.marks(0).expect("marks"));
    let document = roxmltree::Document::parse(&still).expect("XML");
    let image = document.descendants().find(|node| node.has_tag_name("image")).expect("an image");
    let rect = image_of(&figure, 0).pixels();
    let side = |name| image.attribute(name).expect(name).parse::<u32>().expect("a number");
    let sides = [side("x"), side("y"), side("width"), side("height")];
    assert_eq!(sides, [rect.left as u32, rect.top as u32, rect.width(), rect.height()]);
    assert_eq!(image.attribute("image-rendering"), Some("pixelated"));
    assert!(image.attribute("href").expect("a file").starts_with("data:image/png;base64,iVBOR"));
    // Each frame of the film shows one image.
    let film = svg::animated(&figure.animation(), &options, |index| figure.marks(index)).expect("a film");
    let document = roxmltree::Document::parse(&film).expect("XML");
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("image")).count(), 5);
}
