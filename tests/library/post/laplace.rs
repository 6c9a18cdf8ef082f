//! Poles and the motions that belong to them, and the Laplace integral as a chain of arms.

use std::f64::consts::PI;

use num_complex::Complex64;

use super::{assert_near, complex, integral, real};
use crate::support::scenes::repository_scene;

#[test]
fn a_motion_grows_where_its_poles_are_in_the_right_half() {
    let scene = repository_scene("laplace-poles", &[]);
    for k in 0..120 {
        let turn = 2.0 * PI * f64::from(k) / 120.0;
        let now = |t: f64, name: &str| real(&scene, &[("turn", turn), ("t", t)], name);
        let s = Complex64::new(now(0.0, "sigma"), now(0.0, "omega"));
        for t in [0.7, 6.0] {
            assert!((now(t, "x") - (s * t).exp().re).abs() < 1e-12);
        }
        let envelope = now(6.0, "envelope");
        assert!(envelope > 1.0 && s.re > 0.0 || envelope < 1.0 && s.re < 0.0 || s.re.abs() < 1e-3, "{s}");
        assert!((-0.7..=0.2).contains(&s.re) && (-1e-12..=5.0).contains(&s.im), "{s}");
    }
    // Three quarters round, the pair meets on the real axis: the motion decays without swinging.
    assert_near(complex(&scene, &[("turn", 1.5 * PI)], "sigma + j*omega"), -0.25, 1e-12);
}

#[test]
fn the_small_graphs_are_the_motions_of_their_places() {
    let scene = repository_scene("laplace-plane", &[]);
    for a in [-0.4, -0.2, 0.0, 0.2, 0.4_f64] {
        for b in [0.0, 1.0, 2.0, 3.0] {
            let peaks = [0.0, 6.0].map(|t| real(&scene, &[("t", t)], &format!("x({a:?}, 0)")));
            assert!((peaks[1] / peaks[0] - (6.0 * a).exp()).abs() < 1e-12);
            let motion = real(&scene, &[("t", 2.0)], &format!("x({a:?}, {b:?})"));
            assert!((motion - (Complex64::new(a, b) * 2.0).exp().re).abs() < 1e-14);
        }
    }
}

#[test]
fn the_arms_end_at_the_laplace_transform() {
    let scene = repository_scene("laplace-spiral", &[]);
    let x = |t: f64| (-0.1 * t).exp() * (2.0 * t).cos();
    for omega in [0.8, 1.7, 2.0, 3.2] {
        let s = Complex64::new(0.2, omega);
        for until in [0.2, 5.0, 25.0] {
            let by_hand = integral(|t| (-s * t).exp() * x(t), 0.0, until);
            assert_near(complex(&scene, &[("omega", omega)], &format!("S({until})")), by_hand, 1e-7);
        }
        let whole = integral(|t| (-s * t).exp() * x(t), 0.0, 100.0);
        assert_near(complex(&scene, &[("omega", omega)], "X.H(s)"), whole, 2e-5);
        // What the arms of 25 s leave out is less than a thousandth of the picture's width.
        let end = complex(&scene, &[("omega", omega)], "S(25)");
        assert_near(end, whole, 2e-3);
    }
    // At the height of the pole the chain is |0.3 + 2j|/|0.09 + 1.2j| long, from end to end.
    let most = real(&scene, &[("omega", 2.0)], "abs(X.H(s))");
    assert!((most - 2.0_f64.hypot(0.3) / 1.2_f64.hypot(0.09)).abs() < 1e-12);
    assert_eq!(format!("{most:.2}"), "1.68");
}
