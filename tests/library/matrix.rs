//! Laws of matrix panels: the cell in a row and a column is centered at (column, row) and has the color of its value.

use kymograph::geometry::Point;
use kymograph::mark::{Fill, Image, Mark};
use kymograph::panel::Figure;
use kymograph::panel::placed_text::TextRole;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::scene::color::ColorMap;
use kymograph::scene::expr::{ExprRole, Variable};

use crate::support::scenes::{draw_frame, figure, parse_scene, repository_scene};

/// A film of five frames over [0, 4] with a matrix panel, whose keys are given.
fn film(keys: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [240, 200], scale = 1, font-size = 10 }}\ntime = {{ span = [0, 4] }}
        animate = {{ frames = 5 }}\n[systems.ss]\nkind = 'state-space'\nA = {{ kind = 'hippo-legs', order = 4 }}
        [panels.p]\nkind = 'matrix'\n{keys}"
    ))
}

fn image(figure: &Figure<'_>, index: usize) -> Image {
    let found = figure.marks(index).expect("marks").into_iter();
    let mut found = found.filter_map(|mark| if let Mark::Image(image) = mark { Some(image) } else { None });
    found.next().expect("an image")
}

/// The fills in a frame that lie in the plot and are no lines of axes: the written values.
fn values(figure: &Figure<'_>, index: usize) -> Vec<Fill> {
    let clip = image(figure, index).clip;
    let marks = figure.marks(index).expect("marks").into_iter();
    marks
        .filter_map(|mark| if let Mark::Fill(fill) = mark { Some(fill) } else { None })
        .filter(|fill| fill.clip == clip)
        .collect()
}

#[test]
fn a_matrix_has_the_size_of_its_system_and_the_colors_of_its_values() {
    let scene = film("value = 'ss.A[row][col]'\nformat = false");
    let figure = figure(&scene);
    let image = image(&figure, 0);
    assert_eq!((image.cells.columns, image.cells.rows()), (4, 4));
    // A[n][k] of LegS: −√(2n + 1)·√(2k + 1) below the diagonal, −(n + 1) on it, 0 above.
    let value = |n: usize, k: usize| match n.cmp(&k) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => -(n as f64 + 1.0),
        std::cmp::Ordering::Greater => -((2 * n + 1) as f64 * (2 * k + 1) as f64).sqrt(),
    };
    // The least value is −√35, rounded outward to −5.92.
    for row in 0..4 {
        for column in 0..4 {
            let level = ColorMap::Viridis.level(value(row, column), [-5.92, 0.0]).expect("a level");
            assert_eq!(usize::from(image.cells.row(row)[column]), level, "row {row}, column {column}");
        }
    }
    let (_, viewport) = figure.viewports().next().expect("a panel");
    assert_eq!((viewport.x.range, viewport.y.range), ([-0.5, 3.5], [3.5, -0.5]));
    let picture = draw_frame(&figure, 0);
    let center = viewport.point((2.0, 3.0));
    let pixel = picture.row(center.y as i32, center.x as i32, center.x as i32 + 1)[0];
    assert_eq!(pixel, image.palette[usize::from(image.cells.row(3)[2])]);
}

#[test]
fn elements_use_the_coordinates_of_cells() {
    let scene = film(
        "value = 'row + 4*col'\nrows = 2\ncolumns = 3\ndraw = [{ circle = [2, 1], radius = 0.2, color = 'red' }]",
    );
    let figure = figure(&scene);
    let image = image(&figure, 0);
    let marks = figure.marks(0).expect("marks");
    let circle =
        marks.iter().position(|mark| mark.color() == Some(Rgba::opaque(255, 0, 0))).expect("a circle");
    assert!(marks.iter().position(|mark| matches!(mark, Mark::Image(_))).expect("an image") < circle);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    let Point { x, y } = viewport.point((2.0, 1.0));
    assert_eq!((image.column(x as i32), image.row(y as i32)), (2, 1));
}

#[test]
fn reversed_axes_turn_the_cells_over() {
    let keys = "value = 'row + 4*col'\nrows = 2\ncolumns = 3\nformat = false";
    let upright = film(keys);
    let turned = film(&format!("{keys}\nx = {{ range = [2.5, -0.5] }}\ny = {{ range = [-0.5, 1.5] }}"));
    let [upright, turned] = [&upright, &turned].map(|scene| image(&figure(scene), 0).cells.indices.clone());
    assert!(upright.iter().rev().eq(turned.iter()));
}

#[test]
fn values_are_written_where_they_fit_in_ink_that_contrasts() {
    let scene = film("value = 'row + 4*col + t'\nrows = 2\ncolumns = 3\nformat = '.1'");
    let figure = figure(&scene);
    for index in [0, 4] {
        let values = values(&figure, index);
        assert_eq!(values.len(), 6);
        let colors: Vec<Rgba> = values.iter().map(|fill| fill.color).collect();
        assert!(colors.contains(&Rgba::BLACK) && colors.contains(&Rgba::WHITE), "{colors:?}");
    }
    assert!(image(&figure, 0).cells != image(&figure, 4).cells);
    assert_eq!(figure.marks(0).expect("marks").len(), figure.marks(4).expect("marks").len());
    // Cells of fewer pixels than a digit stay empty, and so do cells for long numbers.
    for keys in ["rows = 60\ncolumns = 60", "rows = 2\ncolumns = 3\nformat = '.17'"] {
        let scene = film(&format!("value = 'row + 4*col + t'\n{keys}"));
        assert!(self::values(&crate::support::scenes::figure(&scene), 0).is_empty(), "{keys}");
    }
}

#[test]
fn rows_and_columns_have_names_or_numbers() {
    let texts = |keys: &str, role| {
        let scene = film(&format!("value = 'row - col'\n{keys}"));
        let figure = figure(&scene);
        let texts = figure.texts().iter().filter(|text| text.role == role);
        texts.map(|text| text.text.clone()).collect::<Vec<_>>()
    };
    let keys = "rows = 2\ncolumns = 3\nrow-labels = ['a', 'b']";
    assert_eq!(texts(keys, TextRole::YTick), ["a", "b"]);
    assert_eq!(texts(keys, TextRole::XTick), ["$0$", "$1$", "$2$"]);
    let many = texts("rows = 100\ncolumns = 3", TextRole::YTick);
    assert!((5..=20).contains(&many.len()) && many.contains(&"$0$".to_owned()), "{many:?}");
}

#[test]
fn the_hippo_matrix_is_normal_but_for_a_matrix_of_rank_one() {
    let scene = repository_scene("hippo-matrix", &[]);
    let env = scene.model.env(&[]).expect("values");
    let whole = env.bind(Variable::Param(scene.model.param("u").expect("u")), 1.0).expect("values");
    let value = |env: &kymograph::scene::model::Env<'_>, source: &str| {
        env.eval(&scene.model.compile(source, ExprRole::Element(&[])).expect("code")).expect("a value")
    };
    for n in 0..5 {
        let pole = format!("legs.pole[{n}]");
        // Eigenvalues of the lower triangle are those of its diagonal, −1 to −5; a skew matrix less a half has them at −1/2.
        let own = value(&env, &pole);
        assert!((own.re - own.re.round()).abs() < 1e-9 && own.im.abs() < 1e-9 && own.re < -0.9, "{own}");
        assert!((value(&whole, &pole).re + 0.5).abs() < 1e-9);
        for k in 0..n {
            let [a, b] =
                [format!("legs.A[{n}][{k}]"), format!("legs.A[{k}][{n}]")].map(|at| value(&whole, &at));
            assert!((a + b).norm() < 1e-12 && a.norm() > 0.5);
        }
    }
}
