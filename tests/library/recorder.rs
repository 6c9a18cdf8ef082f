//! Laws of the plotters backend: drawings land at their coordinates, and lines along the axes are crisp.

use std::error::Error;

use kymograph::draw::backend::{Recorder, RecorderError, UNITS, px};
use kymograph::draw::curve::Curve;
use kymograph::film::{Canvas, Film, Renderer};
use kymograph::geometry::PixelRect;
use kymograph::mark::{Cap, Mark, Pen};
use kymograph::raster::{Raster, Rgba};
use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters_backend::DrawingErrorKind;
use plotters_backend::text_anchor::{HPos, Pos, VPos};

type Drawing = Result<(), Box<dyn Error>>;

const SIZE: (u32, u32) = (120, 90);

/// The unit coordinate of a place in pixels.
fn at(x: f64, y: f64) -> (i32, i32) {
    ((x * f64::from(UNITS)) as i32, (y * f64::from(UNITS)) as i32)
}

fn record(draw: impl FnOnce(&Canvas) -> Drawing) -> Vec<Mark> {
    Film::new(SIZE.0, SIZE.1).record(draw).expect("a drawing")
}

fn picture(draw: impl FnOnce(&Canvas) -> Drawing) -> Raster {
    let mut renderer = Renderer::new(SIZE.0, SIZE.1, Rgba::WHITE);
    renderer.show(record(draw));
    renderer.image().clone()
}

/// The darkness of a pixel, 0 to 1.
fn ink(picture: &Raster, x: i32, y: i32) -> f64 {
    1.0 - f64::from(picture.row(y, x, x + 1)[0].g) / 255.0
}

/// The pixels that are not white; asserts that they are black.
fn black(picture: &Raster) -> Vec<(i32, i32)> {
    let places = (0..90).flat_map(|y| (0..120).map(move |x| (x, y)));
    let inked: Vec<_> = places.filter(|(x, y)| ink(picture, *x, *y) > 0.0).collect();
    for (x, y) in &inked {
        assert_eq!(picture.row(*y, *x, x + 1), [Rgba::BLACK], "gray at ({x}, {y})");
    }
    inked
}

#[test]
fn axis_parallel_lines_are_crisp_at_any_position() {
    for (width, thickness) in [(0.1, 1), (1.0, 1), (1.4, 1), (1.6, 2), (2.0, 2), (3.2, 3)] {
        for offset in [0.0, 0.2, 0.5, 0.8] {
            let drawn = picture(|canvas| {
                let style = BLACK.stroke_width(px(width));
                Ok(canvas
                    .draw(&PathElement::new([at(20.0, 30.0 + offset), at(50.0, 30.0 + offset)], style))?)
            });
            let pixels = black(&drawn);
            let rows: Vec<_> = pixels.iter().map(|(_, y)| *y).collect();
            assert_eq!(rows.last().zip(rows.first()).map(|(last, first)| last - first + 1), Some(thickness));
            let middle = rows.iter().map(|y| f64::from(*y) + 0.5).sum::<f64>() / rows.len() as f64;
            assert!((middle - (30.0 + offset)).abs() <= 0.5, "width {width} at {offset}: {middle}");
        }
    }
}

#[test]
fn an_outlined_rectangle_has_whole_corners() {
    let drawn = picture(|canvas| {
        Ok(canvas.draw(&Rectangle::new([at(20.0, 30.0), at(60.0, 50.0)], BLACK.stroke_width(px(2.0))))?)
    });
    let pixels = black(&drawn);
    assert_eq!(pixels.len(), 42 * 22 - 38 * 18);
    for corner in [(19, 29), (60, 29), (19, 50), (60, 50)] {
        assert!(pixels.contains(&corner), "{corner:?}");
    }
}

#[test]
fn a_filled_area_covers_its_pixels_and_a_bar_moves_smoothly() {
    assert_eq!(black(&picture(|canvas| Ok(canvas.fill(&BLACK)?))).len(), 120 * 90);
    for width in [10.0, 10.25, 10.5] {
        let drawn = picture(|canvas| {
            Ok(canvas.draw(&Rectangle::new([at(20.0, 30.0), at(20.0 + width, 50.0)], BLACK.filled()))?)
        });
        let sum: f64 = (0..120).map(|x| ink(&drawn, x, 40)).sum();
        assert!((sum - width).abs() < 0.01, "{sum} of {width}");
    }
}

#[test]
fn a_circle_keeps_its_place_and_area() {
    for filled in [true, false] {
        let style = if filled { BLACK.filled() } else { BLACK.stroke_width(px(2.0)) };
        let drawn = picture(|canvas| Ok(canvas.draw(&Circle::new(at(40.5, 30.25), px(12.0), style))?));
        let places = || (0..90).flat_map(|y| (0..120).map(move |x| (x, y)));
        let sum: f64 = places().map(|(x, y)| ink(&drawn, x, y)).sum();
        let middle = places().map(|(x, y)| ink(&drawn, x, y) * (f64::from(y) + 0.5)).sum::<f64>() / sum;
        let area = if filled { 144.0 } else { 13.0 * 13.0 - 11.0 * 11.0 } * std::f64::consts::PI;
        assert!((sum / area - 1.0).abs() < 5e-3, "{sum} of {area}");
        assert!((middle - 30.25).abs() < 0.01, "{middle}");
    }
}

fn pen(width: f64) -> Pen {
    Pen { color: Rgba::BLACK, width, dash: Vec::new(), cap: Cap::Butt }
}

/// A chart whose plot is pixels 10..110 by 10..80 for x from 0 to 10, y from 0 to 7.
fn chart<'a, 'b>(
    canvas: &'b Canvas<'a>,
) -> ChartContext<
    'b,
    Recorder<'a>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>
where
    'a: 'b,
{
    ChartBuilder::on(canvas).margin(px(10.0)).build_cartesian_2d(0.0..10.0, 0.0..7.0).expect("a chart")
}

#[test]
fn a_line_chart_lies_where_it_should() {
    let line = |x: f64| 1.0 + 0.5 * x;
    let series: Vec<_> = (0..=10).map(|k| (f64::from(k), line(f64::from(k)))).collect();
    let ways: [&dyn Fn(&Canvas) -> Drawing; 2] = [
        &|canvas| {
            chart(canvas).draw_series(LineSeries::new(series.clone(), BLACK.stroke_width(px(2.0))))?;
            Ok(())
        },
        &|canvas| {
            chart(canvas).draw_series([Curve::new(series.clone(), pen(2.0))])?;
            Ok(())
        },
    ];
    for way in ways {
        let drawn = picture(way);
        for x in 12..108 {
            let share = |y: &i32| ink(&drawn, x, *y);
            let sum: f64 = (0..90).map(|y| share(&y)).sum();
            let middle = (0..90).map(|y| share(&y) * (f64::from(y) + 0.5)).sum::<f64>() / sum;
            let truth = 80.0 - 10.0 * line((f64::from(x) + 0.5 - 10.0) / 10.0);
            assert!((middle - truth).abs() < 0.06, "column {x}: {middle}, not {truth}");
        }
    }
}

#[test]
fn a_curve_is_clipped_to_its_plot_and_keeps_its_slope() {
    let points = [(-10.0, -10.0), (20.0, 20.0), (f64::NAN, 0.0), (5.0, 1.0), (6.0, 1.0)];
    let marks = record(|canvas| {
        chart(canvas).draw_series([Curve::new(points, pen(2.0))])?;
        Ok(())
    });
    let [Mark::Stroke(stroke)] = &marks[..] else { panic!("one stroke, not {marks:?}") };
    assert_eq!(stroke.clip, PixelRect { left: 10, top: 10, right: 110, bottom: 80 });
    assert_eq!((&stroke.path.subpath_starts[..], stroke.path.points.len()), (&[0, 2][..], 4));
    let (a, b) = (stroke.path.points[0], stroke.path.points[1]);
    assert!(((b.y - a.y) / (b.x - a.x) + 1.0).abs() < 1e-3, "{a:?} to {b:?}");
}

#[test]
fn a_mark_is_an_element_of_any_area() {
    let marks = record(|canvas| {
        chart(canvas).draw_series([Curve::new([(1.0, 1.0), (2.0, 5.0)], pen(2.0))])?;
        Ok(())
    });
    let again = record(|canvas| {
        canvas.draw(&marks[0])?;
        chart(canvas).draw_series(marks.clone())?;
        Ok(())
    });
    assert_eq!(again, [marks[0].clone(), marks[0].clone()]);
}

/// The bounding box of the inked pixels.
fn inked(draw: impl FnOnce(&DrawingArea<Recorder, Shift>) -> Drawing) -> PixelRect {
    let drawn = picture(draw);
    let places = (0..90).flat_map(|y| (0..120).map(move |x| (x, y)));
    let dark = places.filter(|(x, y)| ink(&drawn, *x, *y) > 0.02);
    let pixels = dark.map(|(x, y)| PixelRect { left: x, top: y, right: x + 1, bottom: y + 1 });
    pixels.reduce(|all, pixel| all.union(&pixel)).expect("ink")
}

#[test]
fn labels_stay_at_their_anchor_at_any_rotation() {
    let style = TextStyle::from(("serif", px(16.0))).color(&BLACK);
    let label = |pos: Pos, turn: FontTransform| {
        let style = TextStyle { font: style.font.transform(turn), ..style.pos(pos) };
        inked(|canvas| Ok(canvas.draw_text("kymo", &style, at(60.0, 45.0))?))
    };
    let (west, center) = (Pos::new(HPos::Left, VPos::Center), Pos::new(HPos::Center, VPos::Center));
    let PixelRect { left, top, right, bottom } = label(west, FontTransform::None);
    assert!((59..=63).contains(&left) && top < 45 && bottom > 45 && right > left + 20);
    // A label turned left rises from the anchor; one turned right hangs from it.
    let risen = label(west, FontTransform::Rotate270);
    let (length, height) = (risen.bottom - risen.top, risen.right - risen.left);
    assert!((length - (right - left)).abs() <= 1 && (height - (bottom - top)).abs() <= 1, "{risen:?}");
    assert!((risen.bottom - (90 - left + 15)).abs() <= 1, "{risen:?} for {left}");
    let hung = label(west, FontTransform::Rotate90);
    assert!((hung.top - (left - 15)).abs() <= 1, "{hung:?} for {left}");
    let around = label(west, FontTransform::Rotate180);
    assert!((120 - left - around.right).abs() <= 1, "{around:?} for {left}");
    // A centered label has its middle at the anchor in both directions.
    for turn in [FontTransform::None, FontTransform::Rotate270] {
        let PixelRect { left, right, .. } = label(center, turn);
        assert!((left + right - 120).abs() <= 8, "{left} to {right}");
    }
}

#[test]
fn a_faulty_label_is_an_error_that_quotes_it() {
    let style = TextStyle::from(("serif", px(20.0)));
    let error = Film::new(SIZE.0, SIZE.1).record(|canvas| canvas.draw_text(r"half $\frac{1", &style, (0, 0)));
    let Err(DrawingAreaErrorKind::BackendError(DrawingErrorKind::DrawingError(error))) = error else {
        panic!("an error of the label, not {error:?}")
    };
    assert!(matches!(&error, RecorderError::Label { label, .. } if label.starts_with("half")), "{error:?}");
    assert!(error.to_string().starts_with(r"the label `half $\frac{1`: "), "{error}");
}

#[test]
fn a_film_draws_every_frame_independently() {
    let film = Film::new(SIZE.0, SIZE.1).frames(12).fps(10.0).hold(0.5);
    let draw = |canvas: &Canvas, frame: usize| -> Drawing {
        let dot = at(10.0 + 7.3 * frame as f64, 40.0);
        canvas.draw(&PathElement::new([at(3.0, 3.0), dot], RED.stroke_width(px(1.5))))?;
        if frame.is_multiple_of(3) {
            canvas.draw(&Circle::new(dot, px(4.0), BLUE.mix(0.5).filled()))?;
        }
        Ok(())
    };
    let mut index = 0;
    let played = film.play(draw, |frame| {
        let mut alone = Renderer::new(SIZE.0, SIZE.1, Rgba::WHITE);
        alone.show(film.record(|canvas| draw(canvas, index))?);
        assert!(alone.image() == frame.image, "frame {index}");
        index += 1;
        Ok(())
    });
    assert!(played.is_ok() && index == 12);
}

#[test]
fn a_written_film_decodes_to_its_pictures() {
    use image::AnimationDecoder;
    let film = Film::new(SIZE.0, SIZE.1).frames(6).fps(10.0).hold(0.5);
    let draw = |canvas: &Canvas, frame: usize| -> Drawing {
        let tip = at(30.0 + 9.0 * frame as f64, 70.0);
        Ok(canvas.draw(&PathElement::new([at(5.0, 5.0), tip], RED.stroke_width(px(2.0))))?)
    };
    let (mut pictures, mut gif, mut apng) = (Vec::new(), Vec::new(), Vec::new());
    let kept = film.play(draw, |frame| {
        pictures.push(frame.image.clone());
        Ok(())
    });
    kept.expect("a film");
    film.write_gif(&mut gif, draw).expect("a GIF");
    film.write_apng(&mut apng, draw).expect("an APNG");
    let gif = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(gif)).expect("a GIF");
    let apng = image::codecs::png::PngDecoder::new(std::io::Cursor::new(apng)).expect("a PNG");
    let films = [gif.into_frames(), apng.apng().expect("an APNG").into_frames()];
    for frames in films.map(|film| film.collect_frames().expect("frames")) {
        let delays: Vec<_> =
            frames.iter().map(|frame| frame.delay().numer_denom_ms()).map(|(n, d)| n / d).collect();
        assert_eq!(delays, [100, 100, 100, 100, 100, 600]);
        for (frame, picture) in frames.iter().zip(&pictures) {
            let decoded = frame.buffer().pixels().map(|p| Rgba { r: p[0], g: p[1], b: p[2], a: p[3] });
            assert!(decoded.eq(picture.pixels().iter().copied()));
        }
    }
}
