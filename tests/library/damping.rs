//! Laws for the figures on damping and resonance: energy balances, the envelope touches the motion, and critical damping
//! is the limit from both sides. `tests/cli/damping.rs` measures what `kymo data` prints.

use std::f64::consts::PI;

use kymograph::scene::Scene;
use kymograph::scene::expr::ExprRole;
use kymograph::scene::model::Env;
use kymograph::system::SystemKind;

use crate::support::scenes::{repository_scene, repository_scenes};

/// The value of an expression of a scene.
fn value(env: &Env<'_>, expression: &str) -> f64 {
    let code = env.model().compile(expression, ExprRole::Element(&[])).expect(expression);
    env.eval_real(&code).expect(expression)
}

/// The integral of an expression over time by the five-point Gauss rule on many pieces.
fn integral(env: &Env<'_>, expression: &str, [from, to]: [f64; 2]) -> f64 {
    const PIECES: u32 = 4000;
    const RULE: [(f64, f64); 3] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (0.906_179_845_938_664, 0.236_926_885_056_189_08),
    ];
    let code = env.model().compile(expression, ExprRole::Element(&[])).expect(expression);
    let at = |t: f64| env.with_time(t).eval_real(&code).expect(expression);
    let half = (to - from) / f64::from(PIECES) / 2.0;
    let piece = |k: u32| {
        let middle = from + half * f64::from(2 * k + 1);
        RULE.iter()
            .map(|&(x, weight)| {
                let sides = if x == 0.0 { at(middle) } else { at(middle - half * x) + at(middle + half * x) };
                weight * half * sides
            })
            .sum::<f64>()
    };
    (0..PIECES).map(piece).sum()
}

/// The oscillators of a scene by name.
fn oscillators(scene: &Scene) -> Vec<String> {
    let all = scene.model.systems().filter(|&(_, _, kind)| kind == SystemKind::OSCILLATOR);
    all.map(|(_, name, _)| name.to_owned()).collect()
}

#[test]
fn the_energy_lost_is_the_work_of_dashpot_and_drive() {
    let mut judged = 0;
    for here in repository_scenes() {
        let (name, scene) = (here.name.clone(), here.scene(&[]));
        for index in [0, scene.timeline.frames / 3, scene.timeline.frames - 1] {
            let env = scene.env(index).expect("values");
            for system in oscillators(&scene) {
                let at = |t: f64| value(&env.with_time(t), &format!("{system}.energy"));
                let end = 12.0 * PI;
                let lost = at(0.0) - at(end);
                let work = format!("-({system}.damping_force + {system}.drive_force)*{system}.v");
                let work = integral(&env, &work, [0.0, end]);
                // The scale of a driven motion that starts from rest is its maximum energy.
                let most = (0..=400).map(|k| at(end * f64::from(k) / 400.0)).fold(0.0, f64::max);
                let whole = if at(0.0) > 0.0 { at(0.0) } else { most };
                assert!((lost - work).abs() <= 1e-10 * whole, "{name}, {system}: {lost} lost, {work} done");
                judged += 1;
            }
        }
    }
    assert!(judged > 40, "{judged}");
}

#[test]
fn the_heat_of_the_energy_figure_is_the_work_of_the_dashpot() {
    let scene = repository_scene("damping-energy", &[]);
    let env = scene.env(0).expect("values");
    for t in [1.0, 10.0, 15.0 * PI] {
        let heat = value(&env.with_time(t), "heat");
        let taken = integral(&env, "b*osc.v^2", [0.0, t]);
        assert!((heat - taken).abs() < 1e-10 * value(&env, "E0"), "{heat} and {taken} at {t}");
    }
}

#[test]
fn the_envelope_is_touched_once_each_half_period_and_never_crossed() {
    let scene = repository_scene("damping-underdamped", &[]);
    let env = scene.env(0).expect("values");
    let (omega_u, phi) = (value(&env, "osc.omega_u"), value(&env, "osc.phi"));
    let at = |t: f64| {
        let env = env.with_time(t);
        (value(&env, "osc.x"), value(&env, "osc.envelope"))
    };
    let most = at(0.0).1;
    for k in 0..5 {
        // cos(ω_u t − φ) = ±1
        let t = (phi + PI * f64::from(k)) / omega_u;
        let (x, envelope) = at(t);
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        assert!((x - sign * envelope).abs() < 1e-14 * most, "{x} and {envelope} at {t}");
    }
    for k in 0..5000 {
        let (x, envelope) = at(15.0 * PI * f64::from(k) / 5000.0);
        assert!(x.abs() <= envelope + 1e-14 * most);
    }
}

#[test]
fn critical_damping_is_the_limit_from_both_sides() {
    let x = |b: f64, t: f64| {
        let scene = repository_scene("damping-critical", &[&format!("b={b:?}")]);
        value(&scene.env(0).expect("values").with_time(t), "osc.x")
    };
    for t in [0.5, 3.0, 9.0, 30.0_f64] {
        // (c + bt)·exp(−ω0 t) with c = x(0) = 3 and b = ω0·x(0) = 1.
        let critical = (3.0 + t) * (-t / 3.0).exp();
        assert!((x(60.0, t) - critical).abs() < 1e-14);
        let mut distances = Vec::new();
        for step in [1e-2, 1e-4, 1e-6, 1e-8] {
            let (below, above) = (x(60.0 * (1.0 - step), t), x(60.0 * (1.0 + step), t));
            // The motion is smooth in b, so the distance from both sides is proportional to the step.
            assert!(
                (below - critical).abs() < 3.0 * step && (above - critical).abs() < 3.0 * step,
                "{t}: {step}"
            );
            assert!((below + above - 2.0 * critical).abs() < 3.0 * step * step + 4e-15, "{t}: {step}");
            distances.push((below - critical).abs());
        }
        assert!(distances.windows(2).all(|pair| pair[1] < pair[0] / 50.0), "{distances:?}");
    }
}

#[test]
fn the_roots_of_the_sweep_have_constant_product_and_become_real_at_critical_damping() {
    let scene = repository_scene("damping-sweep", &[]);
    let mut last = f64::NEG_INFINITY;
    for index in 0..scene.timeline.frames {
        let env = scene.env(index).expect("values");
        let zeta = scene.timeline.present(index);
        let part = |name: &str, root: &str| value(&env, &format!("{name}({root})"));
        let [re1, im1, re2, im2] =
            [("re", "osc.root1"), ("im", "osc.root1"), ("re", "osc.root2"), ("im", "osc.root2")]
                .map(|(f, r)| part(f, r));
        assert!((re1 * re2 - im1 * im2 - 1.0).abs() < 1e-13 && (re1 + re2 + 2.0 * zeta).abs() < 1e-13);
        if zeta < 1.0 {
            assert!((re1.hypot(im1) - 1.0).abs() < 1e-14 && im1 > 0.0 && im2 == -im1);
        } else {
            assert!(im1 == 0.0 && im2 == 0.0 && re1 >= -1.0 && re2 <= -1.0);
            assert!(re1 >= last, "the slow root comes back toward zero");
            last = re1;
        }
    }
}
