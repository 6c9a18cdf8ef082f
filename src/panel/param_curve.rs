//! A curve's course: its coordinates at values of the variable that it runs over, one by one or many at
//! once, and how much it can bend between two of them.

use crate::panel::axis::AxisMapping;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{PanelKind, Scale, Signal};
use crate::scene::expr::Jet;
use crate::scene::model::Env;

/// Something that has coordinates, in a panel's units, at every value of a variable.
pub trait ParamCurve {
    /// Where it is at a value; not finite where it is nowhere.
    fn eval(&mut self, value: f64) -> (f64, f64);

    /// The same at many values, if that is quicker than one by one.
    fn eval_many(&mut self, _values: &[f64]) -> Option<Vec<(f64, f64)>> {
        None
    }

    /// A bound on the second derivative of its place on the viewport, in device pixels, by the variable between two
    /// values (by its decimal logarithm, where steps are equal on a logarithmic axis), if one is known.
    fn second_derivative_bound(
        &self,
        _viewport: &Viewport,
        _scale: Scale,
        _between: [f64; 2],
    ) -> Option<f64> {
        None
    }
}

impl<F: FnMut(f64) -> (f64, f64)> ParamCurve for F {
    fn eval(&mut self, value: f64) -> (f64, f64) {
        self(value)
    }
}

/// The course of a signal at one moment.
pub(super) struct SignalCurve<'r, 's> {
    reader: &'r SignalReader<'r>,
    signal: &'r Signal,
    bound: Env<'s>,
    /// The first error; from then on the curve is nowhere.
    failure: Option<Diagnostic>,
}

impl<'r, 's> SignalCurve<'r, 's> {
    pub(super) fn new(reader: &'r SignalReader<'r>, signal: &'r Signal, env: &Env<'s>) -> Self {
        Self { reader, signal, bound: env.clone(), failure: None }
    }

    /// What became of it, if nothing failed on the way.
    pub(super) fn into_result<T>(self, result: T) -> Result<T, Diagnostic> {
        self.failure.map_or(Ok(result), Err)
    }

    fn read(&mut self, value: f64) -> Result<(f64, f64), Diagnostic> {
        let Self { reader, signal, bound, .. } = self;
        bound.bind_in_place(signal.over, value).map_err(|error| reader.scene.model_error(&error))?;
        reader.coordinates(signal, bound)
    }
}

impl ParamCurve for SignalCurve<'_, '_> {
    fn eval(&mut self, value: f64) -> (f64, f64) {
        const NOWHERE: (f64, f64) = (f64::NAN, f64::NAN);
        if self.failure.is_some() {
            return NOWHERE;
        }
        self.read(value).unwrap_or_else(|error| {
            self.failure = Some(error);
            NOWHERE
        })
    }

    /// Of plots only, whose values are real. A value that is not is left to be told by [`SignalCurve::eval`].
    fn eval_many(&mut self, values: &[f64]) -> Option<Vec<(f64, f64)>> {
        if self.failure.is_some() || !matches!(self.reader.panel.kind, PanelKind::Plot) {
            return None;
        }
        let Signal { value, x, over, .. } = self.signal;
        let read = |code| self.bound.eval_lanes(code, *over, values)?.into_reals(values.len());
        let up = read(value)?;
        match x {
            Some(x) => Some(read(x)?.into_iter().zip(up).collect()),
            None => Some(values.iter().copied().zip(up).collect()),
        }
    }

    fn second_derivative_bound(
        &self,
        viewport: &Viewport,
        scale: Scale,
        [from, to]: [f64; 2],
    ) -> Option<f64> {
        if !matches!(self.reader.panel.kind, PanelKind::Plot) {
            return None;
        }
        let run = match scale {
            Scale::Linear => Jet::variable(from, to),
            Scale::Log => Jet::log_variable(from, to),
        }?;
        let Signal { value, x, over, .. } = self.signal;
        // Along its axis the variable runs evenly.
        let across = x
            .as_ref()
            .map_or(Some(0.0), |x| axis_second_derivative(&viewport.x, self.bound.eval_jet(x, *over, run)?));
        Some(across? + axis_second_derivative(&viewport.y, self.bound.eval_jet(value, *over, run)?)?)
    }
}

/// The greatest second derivative of a quantity's place on an axis.
fn axis_second_derivative(axis: &AxisMapping, quantity: Jet) -> Option<f64> {
    let even = match axis.scale {
        Scale::Linear => quantity,
        Scale::Log => quantity.decimal_logarithm()?,
    };
    Some(even.second.magnitude() * axis.pixels_per_unit())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::geometry::PixelRect;
    use crate::panel::sampling::{SamplingOptions, sample};
    use crate::scene::Scene;
    use crate::scene::load::load_text;
    use crate::scene::resolve::{Options, resolve};
    use crate::scene::source::Sources;

    const SCENE: &str = r#"
        params = { k = 3 }
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
        ]
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
        let mut alone = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
        let tree = load_text(Path::new("a.toml"), SCENE.to_owned(), &mut sources, &mut alone).expect("TOML");
        resolve(&tree, sources, &Options { stem: "a".to_owned(), scale: None }).expect("a scene")
    }

    #[test]
    fn what_is_known_beforehand_changes_no_point() {
        let scene = scene();
        let env = scene.model.env(&[]).expect("values").with_time(0.3);
        let (mut bounded, mut failed) = (0, 0);
        for panel in &scene.panels {
            let ranges = [&panel.x, &panel.y].map(|axis| axis.range.expect("given"));
            let rect = PixelRect::from_size(400, 300);
            let viewport = Viewport::new(rect, ranges[0], ranges[1]).scaled([panel.x.scale, panel.y.scale]);
            for element in &panel.elements {
                let reader = SignalReader { scene: &scene, panel, element };
                let signal = element.kind.signal().expect("a curve");
                let span = reader.span(signal, &env).expect("a span");
                let options = SamplingOptions { viewport, steps: 800, scale: reader.scale_along(signal) };
                let mut run = SignalCurve::new(&reader, signal, &env);
                let known = sample(span, &[0.5], options, &mut run);
                let mut alone = SignalCurve::new(&reader, signal, &env);
                let probed = sample(span, &[0.5], options, &mut |value: f64| alone.eval(value));
                let ends = [run.into_result(()), alone.into_result(())].map(|end| format!("{end:?}"));
                assert_eq!(ends[0], ends[1]);
                failed += usize::from(ends[0] != "Ok(())");
                assert!(known.len() == probed.len() && known.len() > 800, "{} {}", known.len(), probed.len());
                let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
                for (a, b) in known.iter().zip(&probed) {
                    assert!([a.at, a.x, a.y].iter().zip(&[b.at, b.x, b.y]).all(same), "{a:?} is not {b:?}");
                }
                let run = SignalCurve::new(&reader, signal, &env);
                let middle = [0.3, 0.31].map(|part| span[0] + part * (span[1] - span[0]));
                bounded +=
                    usize::from(run.second_derivative_bound(&viewport, options.scale, middle).is_some());
            }
        }
        assert_eq!((bounded, failed), (8, 1));
    }
}
