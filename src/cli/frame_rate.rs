//! Frame rates that viewers can keep.

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::{Format, Output, Scene};
use kymograph::timing::ticks::{GIF_MAX_RATE, nearest_gif_rates};

use super::failure::at_output;

/// Browsers show a frame of an APNG or a WebP of 10 ms or less for 100 ms; of 90 a second all last 11 ms or more.
const MILLISECONDS_FASTEST_RATE: f64 = 90.0;

/// Refuses a frame rate that viewers would slow down.
pub(super) fn check_rate(scene: &Scene, output: &Output) -> Result<(), Diagnostic> {
    let fps = scene.timeline.fps;
    let (name, fastest, shortest) = match output.format {
        Format::Gif => ("GIF", GIF_MAX_RATE, "0.02 s"),
        Format::Apng => ("APNG", MILLISECONDS_FASTEST_RATE, "0.011 s"),
        Format::Webp => ("WebP", MILLISECONDS_FASTEST_RATE, "0.011 s"),
        Format::Mp4 | Format::Webm | Format::Png | Format::PngSequence | Format::Svg | Format::SvgFilm => {
            return Ok(());
        }
    };
    if scene.timeline.frames == 1 || fps <= fastest {
        return Ok(());
    }
    let why = format!(
        "{} frames a second are too many for {name}: viewers slow down delays under {shortest}",
        hundredths(fps)
    );
    let (slower, faster) = nearest_gif_rates(fps);
    let help = if output.format == Format::Gif {
        format!("write fps = {} or {}, or make an .apng", hundredths(faster), hundredths(slower))
    } else {
        format!("write fps = {fastest}")
    };
    let diagnostic = at_output(Diagnostic::new(why), output).help(help);
    Err(match scene.origins.frame_rate {
        Some(origin) => diagnostic.at(origin),
        None => diagnostic,
    })
}

/// A rate to two decimals.
fn hundredths(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}
