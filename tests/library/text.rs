//! Laws of typesetting that hold for every label.

use kymograph::geometry::{PixelRect, Point};
use kymograph::raster::Rgba;
use kymograph::text::{LabelError, Span, TypesetLabel, Typesetter, split_label};

/// Labels that LaTeX sets, from plain words to the formulas of physics. The last one is plain text.
const LABELS: [&str; 19] = [
    r"$x \longrightarrow$",
    r"$m\ddot{x}(t) \rightarrow$",
    r"$z(t) = 2r\exp(j(\omega_0 t - \phi))$",
    r"$\mathrm{Re}(z)$",
    r"$\pi$",
    r"$e^{-\gamma t/2}\cos(\omega_u t-\phi)$",
    r"$\begin{pmatrix}0&1\\-\omega_0^2&-\gamma\end{pmatrix}$",
    r"$\frac{d^2x}{dt^2} + \gamma\frac{dx}{dt} + \omega_0^2 x = 0$",
    r"$\sqrt{\omega_0^2-\frac{\gamma^2}{4}}$",
    r"$\text{énergie } E = \tfrac12 k x^2 \ [\mathrm{J}]$",
    r"$\langle\psi|\hat H|\psi\rangle \approx \hbar\omega\left(n+\tfrac12\right)$",
    r"$\int_0^\infty e^{-x^2}\,dx=\frac{\sqrt\pi}{2}$",
    r"$\vec F = -\nabla V,\quad \dot{\mathbf p}=\mathbf F$",
    r"$\overbrace{a+b}^{n}\ \underline{x}\ \overline{z}\ \widehat{xyz}$",
    r"$\mathcal{L}=T-V \in \mathbb{R}$",
    r"$\left.\frac{\partial L}{\partial q}\right|_{t_0}$",
    r"$10\,\mu\mathrm{m},\ 5^\circ\mathrm{C}, \ 50\,\Omega$",
    r"$\sum_{n=1}^{N} a_n \binom{N}{n}\begin{cases}1&x>0\\0&\text{sinon}\end{cases}$",
    "α + β = μ · é",
];

fn set(label: &str, size: f64) -> TypesetLabel {
    Typesetter::shared().typeset_label(label, size).unwrap_or_else(|error| panic!("{label}: {error:?}"))
}

fn refused(label: &str) -> LabelError {
    Typesetter::shared().typeset_label(label, 20.0).map(|_| ()).expect_err(label)
}

fn plain(text: &str) -> Span {
    Span::Plain(text.to_owned())
}

fn spans(spans: &[Span]) -> TypesetLabel {
    Typesetter::shared().typeset_spans(spans, 40.0).expect("the spans can be set")
}

/// Left, top, right, bottom of the ink.
fn ink(label: &TypesetLabel) -> [f64; 4] {
    let ink = label.ink_bounds().expect("the label has ink");
    [ink.left(), ink.top(), ink.right(), ink.bottom()].map(f64::from)
}

fn assert_near(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!((a - b).abs() <= tolerance, "{what}: {a} is not {b}");
}

#[test]
fn every_label_has_its_ink_near_its_box() {
    for label in LABELS {
        let set = set(label, 40.0);
        let [left, top, right, bottom] = ink(&set);
        assert!(left > -6.0 && right < set.width + 6.0, "{label}: {left}..{right} of {}", set.width);
        assert!(-top < set.ascent + 6.0 && bottom < set.descent + 6.0, "{label}");
        assert!(set.runs.iter().all(|run| run.color.is_none()), "{label} names no color");
    }
}

#[test]
fn twice_the_size_is_twice_the_label() {
    for label in LABELS {
        let (small, large) = (set(label, 17.0), set(label, 34.0));
        assert_near(large.width, 2.0 * small.width, 1e-9, label);
        assert_near(large.ascent, 2.0 * small.ascent, 1e-9, label);
        assert_near(large.descent, 2.0 * small.descent, 1e-9, label);
        for (large, small) in ink(&large).into_iter().zip(ink(&small)) {
            assert_near(large, 2.0 * small, 1e-3, label);
        }
    }
}

#[test]
fn spans_stand_side_by_side() {
    let pieces = [plain("t = "), Span::Math(r"\omega_0".to_owned()), plain(" s")];
    let whole = spans(&pieces);
    let parts: Vec<_> = pieces.iter().map(|span| spans(std::slice::from_ref(span))).collect();
    assert_near(whole.width, parts.iter().map(|part| part.width).sum(), 1e-9, "width");
    assert_near(whole.descent, parts.iter().map(|part| part.descent).fold(0.0, f64::max), 1e-12, "descent");
    let before_last = parts[0].width + parts[1].width;
    assert_near(ink(&whole)[2], before_last + ink(&parts[2])[2], 1e-3, "the last span's ink");
    assert_eq!(whole.runs.len(), 3, "each span has a run of its own");
    assert_eq!(whole, set(r"t = $\omega_0$ s", 40.0));
}

#[test]
fn a_readout_keeps_its_width_and_its_right_edge() {
    let room = spans(&[plain("−88.8")]).width;
    for text in ["0", "7.5", "−12.3", "−88.8", ""] {
        let readout = Span::Reserved { text: text.to_owned(), widest: "−88.8".to_owned() };
        let label = spans(&[plain("x = "), readout, plain(" m")]);
        let around = spans(&[plain("x = ")]).width + spans(&[plain(" m")]).width;
        assert_near(label.width, around + room, 1e-9, text);
        assert_near(label.descent, spans(&[plain("−88.8")]).descent, 0.0, text);
        if !text.is_empty() {
            let own = spans(&[plain(text)]);
            let readout = spans(&[Span::Reserved { text: text.to_owned(), widest: "−88.8".to_owned() }]);
            assert_near(ink(&readout)[2], room - own.width + ink(&own)[2], 1e-3, text);
        }
    }
}

#[test]
fn text_beside_a_readout_is_the_same_in_every_frame() {
    let frame = |text: &str| {
        let readout = Span::Reserved { text: text.to_owned(), widest: "−8.8".to_owned() };
        spans(&[plain("x = "), readout, Span::Math(r"\,\mathrm{m}".to_owned())])
    };
    let (now, then) = (frame("1.5"), frame("−2.7"));
    assert_eq!((&now.runs[0], &now.runs[2]), (&then.runs[0], &then.runs[2]));
    assert_ne!(now.runs[1], then.runs[1]);
}

#[test]
fn a_readout_in_mathematics_is_right_aligned_in_its_phantom() {
    let room = set("$-88.8$", 40.0);
    for value in ["0.1", "-3.2", "-88.8"] {
        let own = set(&format!("${{{value}}}$"), 40.0);
        let label = set(&format!(r"${{\phantom{{-88.8}}\mathllap{{{value}}}}}$"), 40.0);
        assert_near(label.width, room.width, 1e-9, value);
        assert_near(ink(&label)[2], room.width - own.width + ink(&own)[2], 1e-3, value);
        assert!(ink(&label)[0] >= 0.0, "{value} stays in its room");
    }
}

#[test]
fn a_box_without_width_leaves_its_ink_where_tex_puts_it() {
    let (lap, own) = (set(r"$\mathllap{x}$", 40.0), set("$x$", 40.0));
    assert_near(lap.width, 0.0, 1e-12, "width");
    assert_near(ink(&lap)[2], ink(&own)[2] - own.width, 1e-3, "right edge");
}

#[test]
fn words_and_formulas_share_their_metrics() {
    for digits in ["0", "42"] {
        let (text, math) = (set(digits, 100.0), set(&format!("${digits}$"), 100.0));
        assert_near(text.width, math.width, 0.1, digits);
        assert_near(text.ascent, math.ascent, 1e-9, digits);
        for (text, math) in ink(&text).into_iter().zip(ink(&math)) {
            assert_near(text, math, 1.6, digits);
        }
    }
    let space = set("a $b$", 100.0).width - set("a$b$", 100.0).width;
    assert_near(space, set(r"$a\ b$", 100.0).width - set("$ab$", 100.0).width, 0.1, "a space");
}

#[test]
fn turning_left_turns_box_and_ink() {
    for label in LABELS {
        let (flat, up) = (set(label, 30.0), set(label, 30.0).rotated_left());
        assert_near(up.width, flat.ascent + flat.descent, 1e-12, label);
        assert_near(up.ascent, flat.width, 1e-12, label);
        assert_near(up.descent, 0.0, 0.0, label);
        let ([left, top, right, bottom], turned) = (ink(&flat), ink(&up));
        // A quarter turn to the left maps above to left and right to above.
        let expected = [top + flat.ascent, -right, bottom + flat.ascent, -left];
        for (turned, expected) in turned.into_iter().zip(expected) {
            assert_near(turned, expected, 1e-3, label);
        }
    }
}

#[test]
fn colors_named_in_a_label_are_kept_and_the_rest_takes_the_ink() {
    let label = set(r"a $b \color{#1f77b4} c$ $\textcolor{black}{d}$", 20.0);
    let colors: Vec<_> = label.runs.iter().map(|run| run.color).collect();
    assert_eq!(colors, [None, None, Some(Rgba::opaque(0x1f, 0x77, 0xb4)), Some(Rgba::BLACK)]);
    let red = Rgba::opaque(255, 0, 0);
    let fills = label.fills(Point::new(5.0, 6.0), red, PixelRect::from_size(90, 30));
    assert_eq!(fills.iter().filter(|fill| fill.color == red).count(), 2);
}

#[test]
fn bad_latex_is_refused_at_its_position() {
    let table: [(&str, &str, &str); 25] = [
        (r"a $\foo$", r"\foo", "unknown LaTeX command"),
        (r"$\frac{1$", "{", "never closed"),
        (r"$\frac{1}$", "", "argument"),
        (r"$\sqrt$", r"\sqrt", "argument"),
        ("$x^$", "^", "nothing follows"),
        ("$x_1_2$", "_", "two subscripts"),
        ("$x^1^2$", "^", "two superscripts"),
        (r"$2\left($", r"\left", r"no `\right`"),
        (r"$2\right)$", r"\right", r"no `\left`"),
        ("é $$ x", "$$", "no mathematics"),
        ("é $ $ x", "$ $", "no mathematics"),
        ("5 $ x", "$", "no closing"),
        (r"$\begin{pmatrix}1$", r"\begin", r"no `\end`"),
        (r"$\end{pmatrix}$", r"\end", r"no `\begin`"),
        (r"$\begin{matrx}1\end{matrx}$", "matrx", "unknown LaTeX environment"),
        ("$a}b$", "}", "no matching"),
        ("$a&b$", "&", "only allowed"),
        (r"$\text{a_b}$", "_", "text"),
        ("$50%$", "%", "comment"),
        (r"$\color{crimson}x$", "crimson", "unknown color"),
        (r"\$ \@ 漢", "漢", "U+6F22"),
        (r"$\text{é漢}$", "漢", "U+6F22"),
        ("a\nb", "\n", "single line"),
        (r"$\def\a{\a\a}\a$", r"\def\a{\a\a}\a", "endlessly"),
        (r"$\hspace{99999em}x$", r"\hspace{99999em}x", "too large"),
    ];
    for (label, at, message) in table {
        let error = refused(label);
        assert_eq!(&label[error.at.clone()], at, "{label}: {error:?}");
        assert!(error.message.contains(message), "{label}: {error:?}");
    }
}

#[test]
fn an_error_names_its_span_and_its_offset_in_the_span() {
    let good = plain("x = ");
    let error =
        |bad: Span| Typesetter::shared().typeset_spans(&[good.clone(), bad], 20.0).expect_err("a bad span");
    let math = error(Span::Math(r"1 + \omgea".to_owned()));
    assert_eq!((math.span, math.at), (1, 4..10));
    assert_eq!(math.help.as_deref(), Some(r"did you mean `\omega`?"));
    let readout = error(Span::Reserved { text: "1漢".to_owned(), widest: "1".to_owned() });
    assert_eq!((readout.span, readout.at), (1, 1..4));
    assert_eq!(error(Span::Math("  ".to_owned())).at, 0..2);
}

#[test]
fn letters_missing_in_the_mathematics_fonts_come_from_the_text_font() {
    for (lent, same) in [(r"$\text{ж}$", "ж"), (r"$\text{β}$", "β")] {
        let (lent, same) = (set(lent, 40.0), set(same, 40.0));
        assert_near(lent.width, same.width, 1e-6, "width");
        assert_eq!(lent.ink_bounds(), same.ink_bounds());
    }
}

#[test]
fn a_split_label_is_set_like_the_whole_label() {
    for label in LABELS.into_iter().chain([r"5 \$ for $x$ \@ home", ""]) {
        let pieces = split_label(label).expect("the label is sound");
        assert_eq!(
            Typesetter::shared().typeset_spans(&pieces, 20.0),
            Typesetter::shared().typeset_label(label, 20.0)
        );
    }
}

/// Deterministic noise: a linear congruential generator, the high bits of Knuth's MMIX constants.
struct Noise(u64);

impl Noise {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn mangled_labels_are_set_or_refused_at_a_position_inside_them() {
    const SCRAPS: [&str; 22] = [
        "$",
        "\\",
        "{",
        "}",
        "^",
        "_",
        "&",
        "%",
        "é",
        "漢",
        " ",
        "\\left",
        "\\right",
        "\\frac",
        "\\begin{cases}",
        "\\end",
        "\\text{",
        "\\\\",
        "\\color{",
        "\\hspace{",
        "\\sqrt[",
        "\\verb|",
    ];
    let mut noise = Noise(7);
    for round in 0..4000 {
        let mut chars: Vec<String> = LABELS[round % LABELS.len()].chars().map(String::from).collect();
        for _ in 0..=noise.below(3) {
            let at = noise.below(chars.len());
            match noise.below(3) {
                0 => chars[at] = SCRAPS[noise.below(SCRAPS.len())].to_owned(),
                1 => chars.insert(at, SCRAPS[noise.below(SCRAPS.len())].to_owned()),
                _ => drop(chars.drain(at..(at + 1 + noise.below(3)).min(chars.len() - 1).max(at))),
            }
        }
        let label = chars.concat();
        match Typesetter::shared().typeset_label(&label, 20.0) {
            Ok(set) => assert!(set.width.is_finite() && set.ascent >= 0.0 && set.descent >= 0.0, "{label}"),
            Err(error) => assert!(label.get(error.at.clone()).is_some(), "{label}: {error:?}"),
        }
    }
}
