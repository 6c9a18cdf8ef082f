//! The laws of the methods.

use super::*;
use crate::solver::state_space::NamedMatrix;

const METHODS: [Method; 4] = [Method::Euler, Method::BackwardEuler, Method::Bilinear, Method::Zoh];

fn one_state(a: f64, method: Method, step: f64) -> [f64; 2] {
    let matrices = method.discretize(&[vec![a.into()]], &[1.0.into()], step, false).expect("matrices");
    [matrices.a(0, 0).re, matrices.b(0).re]
}

#[test]
fn one_state_has_the_closed_forms() {
    assert_eq!(one_state(-2.0, Method::Euler, 0.25), [0.5, 0.25]);
    assert_eq!(one_state(-2.0, Method::BackwardEuler, 0.25), [1.0 / 1.5, 0.25 / 1.5]);
    let [a, b] = one_state(-2.0, Method::Bilinear, 0.25);
    assert!((a - 0.75 / 1.25).abs() < 2e-16 && b == 0.25 / 1.25);
    let [a, b] = one_state(-2.0, Method::Zoh, 0.25);
    assert!((a - (-0.5_f64).exp()).abs() < 1e-16 && (b + (-0.5_f64).exp_m1() / 2.0).abs() < 1e-16);
    assert_eq!(one_state(0.0, Method::Zoh, 0.25), [1.0, 0.25]);
}

#[test]
fn a_missing_inverse_is_an_error() {
    let of = |a: f64, method: Method| {
        method.discretize(&[vec![a.into()]], &[1.0.into()], 0.5, false).map(|matrices| matrices.order())
    };
    assert_eq!(of(4.0, Method::Bilinear), Err(DiscretizationError::Singular));
    assert_eq!(of(2.0, Method::BackwardEuler), Err(DiscretizationError::Singular));
    assert_eq!(of(4.0, Method::Euler), Ok(1));
    assert_eq!(of(2000.0, Method::Zoh), Err(DiscretizationError::TooLarge));
}

#[test]
fn complex_numbers_agree_with_real_ones() {
    let matrix = NamedMatrix::HippoLegt { order: 5, window: 1.0 };
    for method in METHODS {
        let [real, complex] = [false, true]
            .map(|kind| method.discretize(&matrix.a(), &matrix.b(), 0.1, kind).expect("matrices"));
        for row in 0..5 {
            assert!((real.b(row) - complex.b(row)).norm() < 1e-15);
            for column in 0..5 {
                assert!((real.a(row, column) - complex.a(row, column)).norm() < 2e-15, "{method:?}");
            }
        }
    }
}

#[test]
fn diagonal_matrices_agree_with_the_general_way() {
    let values =
        [Complex64::new(-0.5, 3.0), Complex64::new(-2.0, 0.0), Complex64::ZERO, Complex64::new(0.0, -40.0)];
    let b = [1.0, 2.0, 3.0, -1.0].map(Complex64::from);
    let a = NamedMatrix::Diagonal(values.to_vec()).a();
    let direct = Method::Zoh.discretize(&a, &b, 0.3, true).expect("matrices");
    let general = held::<Complex64>(&Pair::of(&a, &b), 0.3).expect("matrices");
    for (row, value) in values.into_iter().enumerate() {
        assert!((direct.a(row, row) - general.a.get(row, row)).norm() < 1e-15);
        assert!((direct.b(row) - general.b[row]).norm() < 1e-15);
        assert!((direct.a(row, row) - Method::Zoh.pole(value, 0.3)).norm() < 1e-15);
    }
}

#[test]
fn determinant_is_the_product_of_the_poles() {
    // det Ad of a 2 × 2 matrix, whose eigenvalues are −1 ± 3j.
    let a = [vec![(-1.0).into(), 3.0.into()], vec![(-3.0).into(), (-1.0).into()]];
    for method in METHODS {
        let matrices = method.discretize(&a, &[1.0.into(), 0.0.into()], 0.2, false).expect("matrices");
        let determinant = matrices.a(0, 0) * matrices.a(1, 1) - matrices.a(0, 1) * matrices.a(1, 0);
        let pole = method.pole(Complex64::new(-1.0, 3.0), 0.2);
        assert!((determinant - pole.norm_sqr()).norm() < 1e-15, "{method:?}");
    }
}
