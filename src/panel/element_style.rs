//! The style of an element in each frame: the numbers and colors of it that are signals, evaluated.

use crate::panel::signal_reader::SignalReader;
use crate::scene::color::{Color, LEVELS};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{MappedColor, MarkerStyle, Style, StyleSignal};
use crate::scene::expr::Code;
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

impl SignalReader<'_> {
    /// Whether the style changes from frame to frame.
    pub(super) fn has_moving_style(&self) -> bool {
        let film = self.scene.timeline.variable;
        let signals = &self.element.signals;
        // Along a curve over the film's variable, each point has its own value of it.
        let own = |color: &&MappedColor| {
            self.element.kind.signal().is_some_and(|signal| signal.over == film) && color.is_along_curve
        };
        let still = signals.along_curve().filter(own).map(|color| &color.value);
        let moves =
            |code: &&Code| code.depends_on(film) && !still.is_some_and(|still| std::ptr::eq(still, *code));
        self.scene.timeline.frames > 1 && signals.codes().iter().any(moves)
    }

    /// The style in one frame. A curve that is colored point by point has the color at three
    /// quarters of its map, which is no map's white.
    ///
    /// # Errors
    /// A number is complex or outside its range.
    pub(super) fn style(&self, env: &Env<'_>) -> Result<Style, Diagnostic> {
        let mut style = self.element.style.clone();
        let signals = &self.element.signals;
        if let Some(width) = &signals.width {
            style.width = self.style_number(width, env)?;
        }
        if let Some(opacity) = &signals.opacity {
            style.opacity = self.style_number(opacity, env)?;
        }
        if let Some(color) = &signals.color {
            style.color = self.mapped_color(color, env)?;
        }
        if let Some(fill) = &signals.fill {
            style.fill = Some(self.mapped_color(fill, env)?);
        }
        Ok(style)
    }

    /// The value of a number of a style in one frame.
    ///
    /// # Errors
    /// The value is complex or outside its range.
    pub(super) fn style_number(&self, signal: &StyleSignal, env: &Env<'_>) -> Result<f64, Diagnostic> {
        let value = self.real(&signal.code, env)?;
        let Some(help) = signal.remedy(value) else { return Ok(value) };
        let (key, name) = (signal.key, &self.panel.name);
        let (shown, moment) = (shortest(value), self.scene.moment(env));
        Err(Diagnostic::new(format!("`{key}` of an element of panel `{name}` is {shown} at {moment}"))
            .at(signal.origin)
            .help(help))
    }

    /// The diameter of a marker in one frame, in CSS pixels.
    ///
    /// # Errors
    /// It is complex or not positive.
    pub(super) fn marker_size(&self, marker: &MarkerStyle, env: &Env<'_>) -> Result<f64, Diagnostic> {
        marker.moving_size.as_ref().map_or(Ok(marker.size), |size| self.style_number(size, env))
    }

    fn mapped_color(&self, color: &MappedColor, env: &Env<'_>) -> Result<Color, Diagnostic> {
        if color.is_along_curve {
            return Ok(Color::Fixed(color.map.color(LEVELS * 3 / 4)));
        }
        let value = self.real(&color.value, env)?;
        if let Some(level) = color.map.level(value, color.range) {
            return Ok(Color::Fixed(color.map.color(level)));
        }
        let moment = self.scene.moment(env);
        Err(Diagnostic::new(format!("a color of panel `{}` has no value at {moment}", self.panel.name))
            .at(color.origin)
            .help("write a value that is always defined"))
    }
}
