//! Why two pictures are not the same, in words.

use std::fmt;

use super::compare::{Comparison, FrameDifference, Pair};
use crate::timing::LoopCount;

impl Comparison {
    /// Each reason why the pictures are not the same, in a sentence without a full stop; none where they are.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if !self.size.is_same() {
            reasons.push(format!(
                "{}; frames of different sizes are not compared",
                told("size", self.size, size)
            ));
        }
        if !self.frames.is_same() {
            reasons.push(told("frames", self.frames, grouped));
        }
        if !self.plays.is_same() {
            reasons.push(told("plays", self.plays, plays));
        }
        if let Some(found) = &self.delay {
            let what = format!("frame {} stays", found.index);
            reasons.push(told(&what, found.delay, |delay| delay.to_string()));
        }
        let failing = self.differences.iter().filter(|frame| frame.fails);
        reasons.extend(failing.map(|frame| self.frame(frame)));
        reasons
    }

    /// What differs in a frame of these pictures, in a sentence without a full stop.
    #[must_use]
    pub fn frame(&self, frame: &FrameDifference) -> String {
        let (width, height) = self.size.expected;
        let all = width as usize * height as usize;
        let FrameDifference { index, pixels, worst, at: (x, y), .. } = *frame;
        let (verb, share) =
            (if pixels == 1 { "pixel differs" } else { "pixels differ" }, percent(pixels, all));
        let off = format!("by up to {worst} at ({x}, {y})");
        let most = self.tolerance.most(all);
        let beyond = match frame.beyond {
            0 => String::new(),
            beyond if beyond == pixels => ", beyond tolerance".to_owned(),
            beyond => format!(", {} of them beyond tolerance", grouped(beyond)),
        };
        let many =
            if pixels > most { format!("; at most {} may differ", grouped(most)) } else { String::new() };
        format!("frame {index}: {} {verb} ({share} %){beyond}, {off}{many}", grouped(pixels))
    }
}

fn told<T: Copy>(what: &str, pair: Pair<T>, words: impl Fn(T) -> String) -> String {
    format!("{what}: expected {}, found {}", words(pair.expected), words(pair.actual))
}

fn size((width, height): (u32, u32)) -> String {
    format!("{width} x {height} pixels")
}

fn plays(plays: LoopCount) -> String {
    match plays {
        LoopCount::Forever => "for ever".to_owned(),
        LoopCount::Times(times) => grouped(times as usize),
    }
}

/// A number with a comma between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let mut written = digits[..head].to_owned();
    for (at, digit) in digits.char_indices().skip(head) {
        if at % 3 == head && at > 0 {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// A share in hundredths, with two digits that count.
fn percent(part: usize, whole: usize) -> String {
    let share = 100.0 * part as f64 / whole as f64;
    if share >= 10.0 {
        return format!("{share:.0}");
    }
    let places =
        (1..12).find(|&places| share * libm::pow(10.0, f64::from(places)) >= 10.0).unwrap_or(12) as usize;
    let written = format!("{share:.places$}");
    written.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl fmt::Display for Comparison {
    /// All reasons, a line each; `the same` where there are none.
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
        for (number, written) in cases {
            assert_eq!(grouped(number), written);
        }
    }

    #[test]
    fn shares_have_two_digits_that_count() {
        let cases = [
            (1, 1, "100"),
            (1, 3, "33"),
            (1, 100, "1"),
            (1204, 700_000, "0.17"),
            (1, 700_000, "0.00014"),
            (95, 1000, "9.5"),
            (99_999, 1_000_000, "10"),
        ];
        for (part, whole, written) in cases {
            assert_eq!(percent(part, whole), written, "{part} of {whole}");
        }
    }
}
