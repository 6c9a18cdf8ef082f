//! Parametric curves: coordinates at one parameter or at many at once, and a bound on the second derivative
//! between two parameters. `SignalCurve` is the curve of a signal in one frame.

use std::cell::Cell;

use crate::panel::axis::AxisMapping;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{PlottedSignal, Scale};
use crate::scene::expr::{Code, Jet, Lanes};
use crate::scene::model::Env;
use crate::work::EVALUATION;

/// A curve in a panel's data coordinates.
pub trait ParamCurve {
    /// The coordinates at a parameter; not finite where the curve is undefined.
    fn eval(&mut self, parameter: f64) -> (f64, f64);

    /// For each of several curves, the coordinates at many parameters, equal to those of [`ParamCurve::eval`]; `None` for
    /// a curve that cannot be evaluated at many parameters at once.
    fn eval_many(curves: &[&Self], _parameters: &[f64]) -> Vec<Option<Vec<(f64, f64)>>>
    where
        Self: Sized,
    {
        curves.iter().map(|_| None).collect()
    }

    /// The coordinates at many parameters, evaluated together if possible.
    fn eval_all(&mut self, parameters: &[f64]) -> Vec<(f64, f64)>
    where
        Self: Sized,
    {
        let together = Self::eval_many(&[self], parameters).pop().flatten();
        together.unwrap_or_else(|| parameters.iter().map(|parameter| self.eval(*parameter)).collect())
    }

    /// The work of all evaluations so far, in operations.
    fn work(&self) -> u64 {
        0
    }

    /// An upper bound on the magnitude of the curve's second derivative between two parameters; `None` if no
    /// bound is known.
    ///
    /// The curve is taken in device pixels. The derivative is with respect to the parameter, or to its
    /// decimal logarithm if `scale` is logarithmic. Subtracts the operations that it takes from the remaining number.
    fn second_derivative_bound(
        &self,
        _viewport: &Viewport,
        _scale: Scale,
        _between: [f64; 2],
        _remaining: &Cell<u32>,
    ) -> Option<f64> {
        None
    }
}

impl<F: FnMut(f64) -> (f64, f64)> ParamCurve for F {
    fn eval(&mut self, parameter: f64) -> (f64, f64) {
        self(parameter)
    }
}

/// The curve of a signal over its variable, in one frame.
pub(super) struct SignalCurve<'r, 's> {
    reader: &'r SignalReader<'r>,
    signal: &'r PlottedSignal,
    env: Env<'s>,
    /// The first error. The curve is undefined from then on.
    error: Option<Diagnostic>,
}

impl<'r, 's> SignalCurve<'r, 's> {
    /// The curve with all other variables as they are in `env`.
    pub(super) fn new(reader: &'r SignalReader<'r>, signal: &'r PlottedSignal, env: &Env<'s>) -> Self {
        Self { reader, signal, env: env.clone(), error: None }
    }

    /// `result`, or the first error of an evaluation.
    pub(super) fn into_result<T>(self, result: T) -> Result<T, Diagnostic> {
        self.error.map_or(Ok(result), Err)
    }

    /// The x coordinates, if they are not those of the variable.
    fn x(&self) -> Option<&'r Code> {
        self.signal.x.as_ref().filter(|_| self.shows_variable())
    }

    /// The expressions of the curve: that of its value, and that of its x coordinate if it has one.
    fn codes(&self) -> impl Iterator<Item = &'r Code> {
        std::iter::once(&self.signal.value).chain(self.x())
    }

    /// Whether all values must be real.
    fn shows_variable(&self) -> bool {
        self.reader.panel.kind.panel_type().shows_variable
    }

    /// The coordinates of values; `None` if a value that must be real is complex.
    fn place(&self, values: Lanes, x: Option<Lanes>, parameters: &[f64]) -> Option<Vec<(f64, f64)>> {
        let count = parameters.len();
        if !self.shows_variable() {
            return Some((0..count).map(|lane| self.reader.plane_point(values.at(lane))).collect());
        }
        let ys = values.into_reals(count)?;
        let xs = x.map_or_else(|| Some(parameters.to_vec()), |x| x.into_reals(count))?;
        let [xs, ys] = if self.signal.is_horizontal { [ys, xs] } else { [xs, ys] };
        Some(xs.into_iter().zip(ys).collect())
    }

    fn try_eval(&mut self, parameter: f64) -> Result<(f64, f64), Diagnostic> {
        let Self { reader, signal, env, .. } = self;
        env.bind_in_place(signal.over, parameter).map_err(|error| reader.scene.model_error(&error))?;
        reader.coordinates(signal, env)
    }
}

impl ParamCurve for SignalCurve<'_, '_> {
    fn eval(&mut self, parameter: f64) -> (f64, f64) {
        const UNDEFINED: (f64, f64) = (f64::NAN, f64::NAN);
        if self.error.is_some() {
            return UNDEFINED;
        }
        self.try_eval(parameter).unwrap_or_else(|error| {
            self.error = Some(error);
            UNDEFINED
        })
    }

    /// The curves are those of one frame over one variable. What their expressions share is evaluated once. Where a value
    /// that must be real is complex, the result is `None`, and [`SignalCurve::eval`] reports the error.
    fn eval_many(curves: &[&Self], parameters: &[f64]) -> Vec<Option<Vec<(f64, f64)>>> {
        let Some(first) = curves.first() else { return Vec::new() };
        let codes: Vec<&Code> = curves.iter().flat_map(|curve| curve.codes()).collect();
        // Beyond the limit no lanes are evaluated, and the evaluation of single values reports it.
        let _ = first.env.work().charge(EVALUATION * (codes.len() * parameters.len()) as u64);
        let mut lanes = first.env.eval_lanes_of(&codes, first.signal.over, parameters).into_iter();
        let coordinates = |curve: &&Self| {
            let value = lanes.next().flatten();
            let x = curve.x().and_then(|_| lanes.next().flatten());
            let is_known = curve.error.is_none() && x.is_some() == curve.x().is_some();
            curve.place(value.filter(|_| is_known)?, x, parameters)
        };
        curves.iter().map(coordinates).collect()
    }

    fn work(&self) -> u64 {
        self.env.work().spent()
    }

    fn second_derivative_bound(
        &self,
        viewport: &Viewport,
        scale: Scale,
        [from, to]: [f64; 2],
        remaining: &Cell<u32>,
    ) -> Option<f64> {
        let variable = match scale {
            Scale::Linear => Jet::variable(from, to),
            Scale::Log => Jet::log_variable(from, to),
        }?;
        let PlottedSignal { value, x, over, .. } = self.signal;
        let jet = |code| self.env.eval_jet(code, *over, variable, remaining);
        let value = jet(value)?;
        if !self.shows_variable() {
            // A panel may exchange the parts.
            let part = |part| Some(axis_bound(&viewport.x, part)?.max(axis_bound(&viewport.y, part)?));
            return Some(part(value.re)? + part(value.im)?);
        }
        // A curve over the axis's own variable moves evenly along the axis.
        let horizontal = match x {
            Some(x) => axis_bound(&viewport.x, jet(x)?.into_real()?)?,
            None => 0.0,
        };
        Some(horizontal + axis_bound(&viewport.y, value.into_real()?)?)
    }
}

/// A bound on the second derivative of a quantity's device pixel on an axis.
fn axis_bound(axis: &AxisMapping, quantity: Jet) -> Option<f64> {
    let scaled = match axis.scale {
        Scale::Linear => quantity,
        Scale::Log => quantity.decimal_logarithm()?,
    };
    Some(scaled.second.magnitude() * axis.pixels_per_unit())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::geometry::PixelRect;
    use crate::panel::sampling::SamplingOptions;
    use crate::panel::sampling::tests::sample;
    use crate::scene::Scene;
    use crate::scene::load::load_text;
    use crate::scene::resolve::{Options, resolve};
    use crate::scene::source::Sources;

    const SCENE: &str = r#"
        params = { k = 3, m = "k^2" }
        signals = { p = "2*pi*(3.5*u - t)", late = "sin(t - u)" }
        systems.s = { kind = "oscillator", omega0 = 2, zeta = 0.1, x0 = 1 }
        time = { span = [0, 1] }
        animate = { frames = 3 }
        [panels.even]
        kind = "plot"
        over = "u"
        span = [-1, 2]
        x = { range = [-1, 2] }
        y = { range = [-2, 2] }
        draw = [
          { trace = "0.9*sin(p + 0.7) + 0.6*sin(k*p)" },
          { trace = "u^3 - late + if(u > 1, u - 1, 0)" },
          { trace = "tan(3*u)" },
          { trace = "sqrt(u + 1) + 1/(u + 2)" },
          { trace = "sqrt(u)" },
          { trace = "exp(-(200*(u - 0.777))^2)" },
          { trace = "s.x(u) + floor(2*u)" },
          { trace = "sin(40*u)", x = "cos(40*u)/(2 + u)" },
          { trace = "sum(sin((2*n + 1)*u)/(2*n + 1), n, 0, 9)", span = [2, -1] },
          { trace = "exp(j*u)*exp(-j*u)" },
          { trace = "re(integral(exp(-q^2 + 4*j*q*u), q, -3, 3))" },
          { trace = "abs(1/(2 + exp(3*j*u)))" },
          { trace = "sin(3*m)/k", over = "k", span = [1, 2] },
        ]
        [panels.plane]
        kind = "plane"
        x = { range = [-2, 2] }
        y = { range = [-1.5, 1.5] }
        draw = [{ trace = "(1 + u/4)*exp(2*j*u)", over = "u", span = [-1, 2] }]
        [panels.logs]
        kind = "plot"
        over = "w"
        span = [0, 100]
        x = { range = [0.01, 100], scale = "log" }
        y = { range = [1e-4, 10], scale = "log" }
        draw = [{ trace = "1/hypot(1 - w^2, 0.1*w)" }, { trace = "exp(-w)" }, { trace = "w^-2 - 0.01" }]
    "#;

    fn scene() -> Scene {
        let mut sources = Sources::new();
        let mut no_includes = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
        let tree =
            load_text(Path::new("a.toml"), SCENE.to_owned(), &mut sources, &mut no_includes).expect("TOML");
        resolve(&tree, sources, &Options { stem: "a".to_owned(), ..Options::default() }).expect("a scene")
    }

    #[test]
    fn batches_and_bounds_change_no_sample() {
        let scene = scene();
        let env = scene.model.env(&[]).expect("values").with_time(0.3);
        let (mut bounded, mut failed) = (0, 0);
        for panel in &scene.panels {
            let ranges = [&panel.x, &panel.y].map(|axis| axis.range.expect("given"));
            let rect = PixelRect::from_size(400, 300);
            let viewport =
                Viewport::new(rect, ranges[0], ranges[1]).with_scales([panel.x.scale, panel.y.scale]);
            for element in &panel.elements {
                let reader = SignalReader { scene: &scene, panel, element };
                let signal = element.kind.signal().expect("a curve");
                let span = reader.span(signal, &env).expect("a span");
                let options = SamplingOptions {
                    viewport,
                    steps: 800,
                    scale: reader.scale_along(signal),
                    hides_beyond: false,
                    threads: 2,
                };
                let mut curve = SignalCurve::new(&reader, signal, &env);
                let batched = sample(span, &[0.5], options, &mut curve);
                let mut single = SignalCurve::new(&reader, signal, &env);
                let one_by_one = sample(span, &[0.5], options, &mut |value: f64| single.eval(value));
                let results =
                    [curve.into_result(()), single.into_result(())].map(|result| format!("{result:?}"));
                assert_eq!(results[0], results[1]);
                failed += usize::from(results[0] != "Ok(())");
                assert!(
                    batched.len() == one_by_one.len() && batched.len() > 800,
                    "{} {}",
                    batched.len(),
                    one_by_one.len()
                );
                let is_same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
                for (a, b) in batched.iter().zip(&one_by_one) {
                    assert!(
                        [a.parameter, a.x, a.y].iter().zip(&[b.parameter, b.x, b.y]).all(is_same),
                        "{a:?} is not {b:?}"
                    );
                }
                let curve = SignalCurve::new(&reader, signal, &env);
                let middle = [0.3, 0.31].map(|part| span[0] + part * (span[1] - span[0]));
                let bound = curve.second_derivative_bound(&viewport, options.scale, middle, &Cell::new(1000));
                bounded += usize::from(bound.is_some());
            }
        }
        assert_eq!((bounded, failed), (12, 1));
    }
}
