//! Messages about the differences between two pictures.

use std::fmt;

use super::compare::{Comparison, FrameDifference, Pair};
use crate::timing::LoopCount;

impl Comparison {
    /// One message for each reason why the pictures are not equal within the tolerance, without a full stop.
    /// Empty if they are equal.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if !self.size.is_same() {
            reasons.push(format!(
                "{}; frames of different sizes are not compared",
                describe_pair("size", self.size, format_size)
            ));
        }
        if !self.frames.is_same() {
            reasons.push(describe_pair("frames", self.frames, group_thousands));
        }
        if !self.plays.is_same() {
            reasons.push(describe_pair("plays", self.plays, format_plays));
        }
        if let Some(found) = &self.delay {
            let what = format!("delay of frame {}", found.index);
            reasons.push(describe_pair(&what, found.delay, |delay| delay.to_string()));
        }
        let failing = self.differences.iter().filter(|frame| frame.fails);
        reasons.extend(failing.map(|frame| self.describe_frame(frame)));
        reasons
    }

    /// Describes the differences of one frame, without a full stop.
    fn describe_frame(&self, frame: &FrameDifference) -> String {
        let (width, height) = self.size.expected;
        let all = width as usize * height as usize;
        let FrameDifference { index, pixels, worst, at: (x, y), .. } = *frame;
        let (verb, share) =
            (if pixels == 1 { "pixel differs" } else { "pixels differ" }, format_percent(pixels, all));
        let off = format!("by up to {worst} at ({x}, {y})");
        let max_pixels = self.tolerance.max_differing_pixels(all);
        let beyond = match frame.beyond {
            0 => String::new(),
            beyond if beyond == pixels => ", beyond tolerance".to_owned(),
            beyond => format!(", {} of them beyond tolerance", group_thousands(beyond)),
        };
        let many = if pixels > max_pixels {
            format!("; at most {} may differ", group_thousands(max_pixels))
        } else {
            String::new()
        };
        format!("frame {index}: {} {verb} ({share} %){beyond}, {off}{many}", group_thousands(pixels))
    }
}

/// Formats a property of both pictures: "frames: expected 12, found 13".
fn describe_pair<T: Copy>(what: &str, pair: Pair<T>, format: impl Fn(T) -> String) -> String {
    format!("{what}: expected {}, found {}", format(pair.expected), format(pair.actual))
}

fn format_size((width, height): (u32, u32)) -> String {
    format!("{width} x {height} pixels")
}

fn format_plays(plays: LoopCount) -> String {
    match plays {
        LoopCount::Forever => "forever".to_owned(),
        LoopCount::Times(times) => group_thousands(times as usize),
    }
}

/// Formats a number with a comma between thousands.
fn group_thousands(number: usize) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let mut text = digits[..head].to_owned();
    for (at, digit) in digits.char_indices().skip(head) {
        if at % 3 == head && at > 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats `part / whole` in percent, with two significant digits.
fn format_percent(part: usize, whole: usize) -> String {
    let share = 100.0 * part as f64 / whole as f64;
    if share >= 10.0 {
        return format!("{share:.0}");
    }
    let places =
        (1..12).find(|&places| share * libm::pow(10.0, f64::from(places)) >= 10.0).unwrap_or(12) as usize;
    let text = format!("{share:.places$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl fmt::Display for Comparison {
    /// Writes one line for each reason, or `the same` if there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons = self.reasons();
        f.write_str(if reasons.is_empty() { "the same" } else { "" })?;
        f.write_str(&reasons.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let cases = [
            (0, "0"),
            (12, "12"),
            (999, "999"),
            (1000, "1,000"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
        ];
        for (number, text) in cases {
            assert_eq!(group_thousands(number), text);
        }
    }

    #[test]
    fn percentages_have_two_significant_digits() {
        let cases = [
            (1, 1, "100"),
            (1, 3, "33"),
            (1, 100, "1"),
            (1204, 700_000, "0.17"),
            (1, 700_000, "0.00014"),
            (95, 1000, "9.5"),
            (99_999, 1_000_000, "10"),
        ];
        for (part, whole, text) in cases {
            assert_eq!(format_percent(part, whole), text, "{part} of {whole}");
        }
    }
}
