//! Reading a scene's tables: keys, numbers, labels, and the message for each mistake.

use std::path::Path;

use kymograph::keys::{KeySpec, KeyType};
use kymograph::scene::color::Color;
use kymograph::scene::diagnostic::{Diagnostic, SceneError};
use kymograph::scene::label::{ReadoutExtent, Template};
use kymograph::scene::load;
use kymograph::scene::source::{STDIN, Sources};
use kymograph::scene::table_reader::TableReader;
use kymograph::scene::tree::Node;
use kymograph::scene::value_reader::{Number, ValueReader};
use kymograph::text::Span;
use num_complex::Complex64;

fn tree(text: &str) -> (Node, Sources) {
    let mut sources = Sources::new();
    let mut read = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    let tree = load::load_text(Path::new(STDIN), text.to_owned(), &mut sources, &mut read);
    (tree.unwrap_or_else(|error| panic!("{text}: {error:?}")), sources)
}

/// The message for `text` when `read` refuses it.
fn refusal<T: std::fmt::Debug>(
    text: &str,
    read: impl Fn(&mut TableReader<'_>) -> Result<T, Diagnostic>,
) -> String {
    let (tree, sources) = tree(text);
    let mut reader = TableReader::root(&tree).unwrap();
    let found = read(&mut reader).and_then(|value| reader.finish().map(|()| value));
    SceneError::new(found.expect_err(text), sources).to_string()
}

#[test]
fn a_table_reads_from_top_to_bottom() {
    let (tree, _) = tree("frames = 100\nfps = 25\nsize = [500, 350.5]\nspan = [0, '15*pi']\nloop = true");
    let mut r = TableReader::root(&tree).unwrap();
    assert_eq!(r.req("frames", ValueReader::integer).unwrap(), 100);
    assert_eq!(r.opt("fps", |item| item.integer_in(1..=100)).unwrap(), Some(25));
    assert_eq!(r.opt("hold", ValueReader::float).unwrap(), None);
    assert_eq!(
        r.req("size", |item| item.pair(ValueReader::float)).unwrap().map(f64::to_bits),
        [500.0, 350.5].map(f64::to_bits)
    );
    let [from, to] = r.req("span", |item| item.pair(ValueReader::number)).unwrap();
    assert!(matches!(from, Number::Literal(0.0, _)));
    assert!(matches!(to, Number::Expression(content) if content.as_str() == "15*pi"));
    assert!(r.req("loop", ValueReader::bool).unwrap());
    r.finish().unwrap();
}

#[test]
fn wrong_types_are_reported_with_what_was_found_and_what_to_write() {
    type Read = fn(&mut TableReader<'_>) -> Result<(), Diagnostic>;
    let integer: Read = |r| r.opt("k", ValueReader::integer).map(drop);
    let float: Read = |r| r.opt("k", ValueReader::float).map(drop);
    let number: Read = |r| r.opt("k", ValueReader::number).map(drop);
    let bool: Read = |r| r.opt("k", ValueReader::bool).map(drop);
    let string: Read = |r| r.opt("k", ValueReader::string).map(drop);
    let table: Read = |r| r.opt("k", ValueReader::table).map(drop);
    let pair: Read = |r| r.opt("k", |item| item.pair(ValueReader::float)).map(drop);
    let choice: Read = |r| r.opt("k", |item| item.choice(&[("box", 1), ("corner", 2)])).map(drop);
    let range: Read = |r| r.opt("k", |item| item.integer_in(1..=9)).map(drop);
    for (text, read, expected) in [
        ("k = '100'", integer, "`k` wants a whole number, found the string \"100\" (write k = 100)"),
        ("k = 100.0", integer, "`k` wants a whole number, found 100.0 (write k = 100)"),
        ("k = 1.5", integer, "`k` wants a whole number, found 1.5"),
        ("k = '2.5'", float, "`k` wants a number, found the string \"2.5\" (write k = 2.5)"),
        ("k = inf", float, "`k` wants a finite number, found inf"),
        ("k = nan", number, "`k` wants a finite number, found NaN"),
        ("k = ' '", number, "`k` wants a number or an expression, found the string \" \""),
        ("k = true", number, "found `true` (write k = 2.5 or k = '3*pi')"),
        ("k = 'true'", bool, "`k` wants `true` or `false`, found the string \"true\" (write k = true)"),
        ("k = 12", string, "`k` wants a string, found 12 (write k = '12')"),
        ("k = [1]", table, "`k` wants a table, found a list of 1 (write k = { … })"),
        ("k = 1", pair, "`k` wants a list of two, found 1 (write k = […, …])"),
        ("k = [1, 2, 3]", pair, "`k` wants two values, found 3"),
        ("k = [1, 'a']", pair, "`k[1]` wants a number, found the string \"a\""),
        ("k = 2024-01-01", string, "`k` wants a string, found a date (write k = '…')"),
        ("k = 'cornr'", choice, "`k` cannot be \"cornr\" (did you mean `corner`?)"),
        ("k = 'zzz'", choice, "(known here: `box`, `corner`)"),
        ("k = 3", choice, "`k` wants a word, found 3 (one of `box`, `corner`)"),
        ("k = 10", range, "`k` is 10 (it reaches from 1 to 9)"),
    ] {
        let found = refusal(text, read);
        assert!(found.starts_with("<stdin>:1:5: ") || found.starts_with("<stdin>:1:9: "), "{found}");
        assert!(found.contains(expected), "{text}: {found}");
    }
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_known_one() {
    let read = |r: &mut TableReader<'_>| {
        r.opt("frames", ValueReader::integer)?;
        r.opt("fps", ValueReader::float)?;
        r.reject_reserved(&["speed"])?;
        Ok(())
    };
    for (text, expected) in [
        ("frmaes = 1", "<stdin>:1:1: unknown key `frmaes` in the scene (did you mean `frames`?)"),
        ("fps = 1\nzoom = 2", "<stdin>:2:1: unknown key `zoom` in the scene (known here: `frames`, `fps`)"),
        ("speed = 1", "<stdin>:1:1: `speed` is not yet built (leave it out for now)"),
        ("'é t' = 1", "<stdin>:1:1: unknown key `é t` in the scene (known here: `frames`, `fps`)"),
    ] {
        assert_eq!(refusal(text, read), expected);
    }
}

#[test]
fn a_misspelled_required_key_is_recognized() {
    let read = |r: &mut TableReader<'_>| {
        r.req("canvas", ValueReader::table)?.req("size", ValueReader::string).map(drop)
    };
    assert_eq!(refusal("canvas = {}", read), "<stdin>:1:10: `canvas` lacks `size` (write size = …)");
    assert_eq!(
        refusal("[canvas]\nsizee = 1", read),
        "<stdin>:2:1: `canvas` lacks `size` (did you mean `size`?)"
    );
}

#[test]
fn the_kind_of_an_element_is_known_by_exactly_one_key() {
    let read = |r: &mut TableReader<'_>| {
        r.req("draw", |draw| {
            draw.list(|item| {
                let mut r = item.table()?;
                let (key, item) = r.one_of("an element", &["trace", "hline"])?;
                r.opt("color", Color::read)?;
                let number = item.number()?;
                r.finish().map(|()| (key, number))
            })
        })
    };
    let (tree, _) = tree("draw = [{ trace = 'x', color = 'C3' }]\n[panels]");
    let mut r = TableReader::root(&tree).unwrap();
    assert_eq!(read(&mut r).unwrap()[0].0, "trace");
    for (text, expected) in [
        ("[[draw]]\ntrase = 'x'", ":2:1: unknown key `trase` in `draw[0]` (did you mean `trace`?)"),
        ("[[draw]]\nq = 1", ":1:1: `draw[0]` is not an element (give it one of `trace`, `hline`)"),
        ("[[draw]]\ntrace = 1\nhline = 2", ":3:1: `trace` and `hline` cannot both be an element"),
        ("draw = [{ hline = 0, colr = 'red' }]", ":1:22: unknown key `colr` in `draw[0]`"),
        (
            "draw = [{ hline = 0, color = 'oragne' }]",
            ":1:30: `draw[0].color` is not a color: \"oragne\" (did you mean `orange`?)",
        ),
    ] {
        let found = refusal(text, read);
        assert!(found.contains(expected), "{text}: {found}");
    }
}

/// The rows of a table with two keys.
const ROWS: &[KeySpec] = &[
    KeySpec::new("fps", KeyType::Positive, "`25`", "frames a second"),
    KeySpec::new("hold", KeyType::NonNegative, "`0`", "seconds added to the last frame"),
];

#[test]
#[cfg_attr(debug_assertions, should_panic(expected = "`loop` of the scene has no row"))]
fn reading_a_key_without_a_row_is_a_bug() {
    let (tree, _) = tree("fps = 2");
    let mut reader = TableReader::root(&tree).unwrap().with_keys(ROWS);
    reader.opt("loop", ValueReader::bool).unwrap();
}

#[test]
#[cfg_attr(debug_assertions, should_panic(expected = "a row of the scene is not read"))]
fn a_row_that_is_not_read_is_a_bug() {
    let (tree, _) = tree("fps = 2");
    let mut reader = TableReader::root(&tree).unwrap().with_keys(ROWS);
    reader.opt("fps", ValueReader::float).unwrap();
    reader.finish().unwrap();
}

#[test]
fn tables_of_names_keep_their_order_and_positions() {
    let (tree, sources) = tree("[panels.\"a b\"]\nkind = 1\n[panels.x-y]\nkind = 2");
    let mut r = TableReader::root(&tree).unwrap();
    let panels = r.req("panels", |item| Ok(item.table()?.named())).unwrap();
    let shown: Vec<_> =
        panels.iter().map(|it| (it.name, it.item.path(), sources.excerpt(it.name_origin))).collect();
    assert_eq!(shown, [("a b", "panels.\"a b\"", "\"a b\""), ("x-y", "panels.x-y", "x-y")]);
}

/// The label in `literal`, a TOML string, or the message that refuses it.
fn label(literal: &str) -> Result<Template, String> {
    let (tree, sources) = tree(&format!("l = {literal}"));
    let mut r = TableReader::root(&tree).unwrap();
    r.req("l", Template::read).map_err(|error| SceneError::new(error, sources).to_string())
}

fn plain(text: &str) -> Span {
    Span::Plain(text.to_owned())
}

fn math(text: &str) -> Span {
    Span::Math(text.to_owned())
}

/// A width of 1 per character, less for digits.
fn width(span: &Span) -> f64 {
    match span {
        Span::Plain(text) | Span::Math(text) => {
            text.chars().map(|c| if c.is_numeric() { 1.0 } else { 1.5 }).sum()
        }
        Span::Reserved { widest, .. } => width(&plain(widest)),
    }
}

#[test]
fn labels_split_into_text_mathematics_and_readouts() {
    for (literal, expected) in [
        ("''", vec![]),
        ("'energy $E$ (J)'", vec![plain("energy "), math("E"), plain(" (J)")]),
        (r"'cost \$5 \@home'", vec![plain("cost $5 @home")]),
        (r"'a@b \omega'", vec![plain(r"a@b \omega")]),
        (r"'$a\$b\\$$c$'", vec![math(r"a\$b\\"), math("c")]),
        (r"'$\@{x}$'", vec![math("@{x}")]),
        (r#""t\u00e9""#, vec![plain("té")]),
    ] {
        assert_eq!(label(literal).unwrap().spans(&[], &[]), expected, "{literal}");
    }
}

#[test]
fn plain_text_survives_escaping() {
    for text in ["", "$", "@{x}", r"\", r"\\a", "5$ @ 3$", "it @{", "é$β", "$$", r"C:\dir"] {
        let escaped = text.replace('$', r"\$").replace('@', r"\@");
        let spans = label(&format!("'''{escaped}'''")).unwrap().spans(&[], &[]);
        let expected: Vec<Span> = if text.is_empty() { vec![] } else { vec![plain(text)] };
        assert_eq!(spans, expected, "{escaped}");
    }
}

#[test]
fn readouts_keep_the_width_of_their_widest_value() {
    let template = label(r"'t = @{ t :.1} s, $\omega_0 = @{omega0:.2e}$'").unwrap();
    let expressions: Vec<_> = template.readouts().map(|it| it.expression.as_str()).collect();
    assert_eq!(expressions, ["t", "omega0"]);
    let values = [[0.0, 99.94, -3.0], [0.012, 1.0, 2e9]].map(|it| it.map(Complex64::from));
    let extents: Vec<_> =
        template.readouts().zip(&values).map(|(readout, values)| readout.extent(values, width)).collect();
    let spans = template.spans(&[values[0][0], values[1][0]], &extents);
    assert_eq!(
        spans,
        [
            plain("t = "),
            Span::Reserved { text: "0.0".to_owned(), widest: "\u{2212}0.0".to_owned() },
            plain(" s, "),
            math(r"\omega_0 = {\phantom{0.00 \times 00^{-0}}\mathllap{1.20 \times 10^{-2}}}"),
        ]
    );
    let laid: Vec<f64> =
        (0..3).map(|at| width(&template.spans(&[values[0][at], values[1][at]], &extents)[1])).collect();
    assert!(laid.iter().all(|&it| it.to_bits() == laid[0].to_bits()), "{laid:?}");
}

#[test]
fn a_readout_with_any_complex_value_is_always_written_as_complex() {
    let template = label("'@{z:.1}'").unwrap();
    let readout = template.readouts().next().unwrap();
    let values = [Complex64::new(1.0, 0.0), Complex64::new(0.0, -1.0)];
    let extent = readout.extent(&values, width);
    assert_eq!(readout.text(values[0], &extent), "1.0 + 0.0j");
    assert_eq!(readout.text(values[1], &extent), "0.0 \u{2212} 1.0j");
    let extent = readout.extent(&values[..1], width);
    assert_eq!(readout.text(values[0], &extent), "1.0");
}

#[test]
fn faulty_labels_are_reported_with_position_and_remedy() {
    for (literal, place, message, help) in [
        ("'a $x'", 8, "opens mathematics", r"\$"),
        (r"'$\$'", 6, "opens mathematics", r"\$"),
        ("'a $ $'", 8, "no mathematics", "single dollars"),
        ("'$$x$$'", 6, "no mathematics", "single dollars"),
        ("'é @{t'", 8, "not closed by `}`", "@{t:.1}"),
        ("'$x@{t$'", 8, "not closed by `}`", "@{t:.1}"),
        ("'a @{ :.1}'", 8, "shows nothing", "@{t:.1}"),
        ("'@{t:.2f}'", 10, "`.2f` is not", "`.2`"),
        (r#""\u03b2 @{t:9}""#, 17, "width 9 is not needed", "widest"),
    ] {
        let found = label(literal).expect_err(literal);
        assert!(found.starts_with(&format!("<stdin>:1:{place}: ")), "{literal}: {found}");
        assert!(found.contains(message) && found.contains(help), "{literal}: {found}");
    }
}

#[test]
fn latex_commands_read_as_toml_escapes_are_restored_in_the_remedy() {
    for (literal, place, meant) in [
        (r#""$\theta$""#, 7, r"'$\theta$'"),
        (r#""$\beta \nu \rho \frac12 \eta$""#, 7, r"'$\beta \nu \rho \frac12 \eta$'"),
        (r#""it's $\tau$""#, 12, r"'''it's $\tau$'''"),
    ] {
        let found = label(literal).expect_err(literal);
        assert!(found.starts_with(&format!("<stdin>:1:{place}: ")), "{literal}: {found}");
        assert!(found.contains("use single quotes") && found.contains(meant), "{literal}: {found}");
    }
    let found = label("'''two\nlines'''").unwrap_err();
    assert!(found.starts_with("<stdin>:1:11: a label is one line") && !found.contains("quotes"), "{found}");
}

#[test]
fn mistakes_inside_spans_are_reported_at_their_position() {
    let text = r"l = '''é $\foo x$ @{a + b:.1} $\@\bar$'''";
    let (tree, sources) = tree(text);
    let template = TableReader::root(&tree).unwrap().req("l", Template::read).unwrap();
    let readout = template.readouts().next().unwrap();
    assert_eq!(sources.excerpt(template.origin_in(readout, 4..5)), "b");
    assert_eq!(sources.excerpt(template.origin_of_span(1, 0..4)), r"\foo");
    assert_eq!(sources.excerpt(template.origin_of_span(0, 0..2)), "é");
    assert_eq!(sources.excerpt(template.origin_of_span(3, 0..1)), "@{a + b:.1}");
    assert_eq!(sources.excerpt(template.origin_of_span(5, 1..5)), r"\@\bar");
}

#[test]
fn mangled_labels_are_read_or_refused_without_a_panic() {
    let label_text = r"é @{x:.2e} \$ $\omega_{0} = @{w} \\ \@$ µ";
    let mut refused = 0;
    for (cut, _) in label_text.char_indices() {
        for inserted in ["", "$", "@{", "}", "\\", ":", "{"] {
            let mangled = format!("{}{inserted}{}", &label_text[..cut], &label_text[cut..]);
            match label(&format!("'{mangled}'")) {
                Err(_) => refused += 1,
                Ok(template) => {
                    let count = template.readouts().count();
                    let (values, extents) =
                        (vec![Complex64::ONE; count], vec![ReadoutExtent::default(); count]);
                    assert!(!template.spans(&values, &extents).is_empty());
                }
            }
            if label(&format!("'{}'", &mangled[..cut])).is_err() {
                refused += 1;
            }
        }
    }
    assert!(refused > 50, "{refused}");
}
