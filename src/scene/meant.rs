//! Keys and words of other programs, and what a scene has in their place.
//!
//! The rows are data: the key as it is written, the table in which it is met, and what to write. They are looked up where
//! unknown keys are reported, before a near name is suggested.

/// The kind of a table, known from its full name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The top level of the file.
    Scene,
    /// `canvas`.
    Canvas,
    /// `animate` or `time`.
    Film,
    /// An entry of `output`.
    Output,
    /// A panel.
    Panel,
    /// The table of an axis.
    Axis,
    /// An entry of `draw`.
    Element,
    /// Any other table.
    Other,
}

use Place::{Axis, Canvas, Element, Film, Output, Panel, Scene};

/// The meaning of a key in some tables.
struct MeantKey {
    names: &'static [&'static str],
    places: &'static [Place],
    help: &'static str,
}

const fn row(names: &'static [&'static str], places: &'static [Place], help: &'static str) -> MeantKey {
    MeantKey { names, places, help }
}

const KEYS: &[MeantKey] = &[
    row(
        &["title", "suptitle"],
        &[Scene],
        "write title in the table of a panel, or alt for the picture in words",
    ),
    row(&["suptitle"], &[Panel], "write title = 'x(t)'"),
    row(&["label"], &[Element], "write legend = 'x(t)', the element's entry in the legend"),
    row(&["label"], &[Panel], "write title = 'x(t)', or x = { label = 't' } for an axis"),
    row(&["title"], &[Axis], "write label = 't'"),
    row(
        &["linewidth", "lw", "line-width", "line_width", "stroke-width"],
        &[Element],
        "write width = 1.75, in CSS pixels",
    ),
    row(
        &["linestyle", "ls", "dashes", "dasharray"],
        &[Element],
        "write dash = true, or dash = [4, 2]: on and off in turn, in CSS pixels",
    ),
    row(&["alpha"], &[Element], "write opacity = 0.5"),
    row(&["c", "edgecolor", "stroke"], &[Element], "write color = 'C0'"),
    row(&["facecolor", "fc"], &[Element], "write fill = 'C0'"),
    row(&["facecolor", "fc"], &[Element], "it has no interior; write color = 'C0'"),
    row(&["facecolor", "bgcolor"], &[Canvas], "write background = 'white'"),
    row(&["facecolor", "background", "bgcolor"], &[Scene, Panel], "write background = 'white' in [canvas]"),
    row(&["xlim", "xrange"], &[Panel], "write x = { range = [0, 10] }"),
    row(&["ylim", "yrange"], &[Panel], "write y = { range = [-1, 1] }"),
    row(
        &["xlim", "ylim"],
        &[Scene],
        "write x = { range = [0, 10] } or y = { range = [-1, 1] } in the table of a panel",
    ),
    row(&["xlabel"], &[Panel], "write x = { label = '$t$ in s' }"),
    row(&["ylabel"], &[Panel], "write y = { label = '$x$ in m' }"),
    row(
        &["xlabel", "ylabel"],
        &[Scene],
        "write x = { label = '$t$ in s' } or y = { label = … } in the table of a panel",
    ),
    row(&["lim", "limits"], &[Axis], "write range = [0, 10]"),
    row(&["xticks"], &[Panel], "write x = { ticks = [0, 5, 10] }"),
    row(&["yticks"], &[Panel], "write y = { ticks = [-1, 0, 1] }"),
    row(&["xscale"], &[Panel], "write x = { scale = 'log' }"),
    row(&["yscale"], &[Panel], "write y = { scale = 'log' }"),
    row(&["twinx", "secondary_y"], &[Panel], "write y2 = { label = '$v$' }, and axis = 'y2' in elements"),
    row(&["secondary_y", "yaxis"], &[Element], "write axis = 'y2', and y2 = {} in the table of the panel"),
    row(&["grid"], &[Panel], "write x = { grid = true } and y = { grid = true }"),
    row(&["aspect"], &[Axis], "write aspect = 'equal' beside x and y, in the table of the panel"),
    row(&["figsize"], &[Scene, Canvas, Panel], "write size = [640, 480] in [canvas], in CSS pixels"),
    row(&["width", "height"], &[Scene, Canvas], "write size = [640, 480] in [canvas], in CSS pixels"),
    row(&["dpi"], &[Scene, Canvas], "write scale = 2 in [canvas]: device pixels per CSS pixel; 1 is 96 dpi"),
    row(&["dpi"], &[Output], "write scale = 2: device pixels per CSS pixel; 1 is 96 dpi"),
    row(
        &["fontsize", "font-size", "font_size"],
        &[Scene, Panel, Axis, Element],
        "write font-size = 14 in [canvas]: it holds for all texts",
    ),
    row(&["fontsize"], &[Canvas], "write font-size = 14"),
    row(&["markersize", "ms"], &[Element], "write size = 7, the diameter in CSS pixels"),
    row(
        &["marker", "markersize", "ms"],
        &[Element],
        "a curve has no markers; add the element { scatter = 'sin(t)', count = 50, marker = 'o' }",
    ),
    row(&["loc"], &[Panel], "write legend = 'ne': nw, n, ne, w, c, e, sw, s or se"),
    row(&["loc"], &[Element], "write legend = 'ne' in the table of the panel"),
    row(
        &["zorder", "z-index"],
        &[Element],
        "elements are painted in the order of `draw`: move this one up or down",
    ),
    row(&["interval"], &[Film], "write fps = 25, frames a second"),
    row(&["repeat"], &[Film], "write loop = true, or how often the film plays"),
    row(&["fps", "frames", "duration", "loop"], &[Scene, Canvas, Output], "write it in [animate]"),
    row(&["plot", "curve"], &[Element], "write trace = 'sin(t)'"),
    row(&["axhline"], &[Element], "write hline = 0"),
    row(&["axvline"], &[Element], "write vline = 0"),
    row(&["fill_between", "fill-between"], &[Element], "write area = 'sin(t)'"),
    row(&["annotate", "label"], &[Element], "write text = 'x(t)', at = [0, 1]"),
    row(&["arrow", "vector"], &[Element], "write line = [[0, 0], [1, 1]], arrow = 'end'"),
    row(&["bar", "barh", "hist"], &[Element], "write bars = 'n^2', over = 'n', span = [0, 5]"),
    row(&["errorbar"], &[Element], "write scatter = 'sin(t)', step = 0.5, error = 0.1"),
    row(&["xerr"], &[Element], "there are upright error bars only: error = 0.1, or [0.1, 0.2]"),
    row(&["yerr"], &[Element], "write error = 0.1, or error = [0.1, 0.2]: below and above"),
    row(&["where"], &[Element], "a hold keeps each sample until the next one"),
    row(&["bottom"], &[Element], "write baseline = 1"),
    row(
        &["imshow", "pcolormesh", "pcolor", "heatmap", "density", "surface"],
        &[Element],
        "write heat = 'sin(x)*y', in the coordinates x and y of a place",
    ),
    row(&["contourf"], &[Element], "write heat = 'sin(x)*y', levels = 10"),
    row(&["cmap", "colormap"], &[Element, Panel], "write map = 'magma'"),
    row(&["vmin", "vmax", "clim"], &[Element, Panel], "write range = [-1, 1]"),
    row(&["quiver"], &[Element], "write field = ['y', '-x']"),
];

/// Kinds of panels of other programs.
const PANEL_KINDS: &[(&[&str], &str)] = &[
    (&["polar"], "write kind = 'plane' with a curve such as trace = 'r*exp(j*phi)'"),
    (&["line", "curve", "2d", "lines", "xy", "axes", "graph"], "write kind = 'plot'"),
    (&["complex", "phase", "argand"], "write kind = 'plane'"),
    (&["scatter", "bar", "bars", "hist", "stem"], "write kind = 'plot'; what it draws stands in draw = […]"),
    (
        &["3d", "surface", "mesh", "wireframe"],
        "there are no panels in space: write kind = 'plot' or 'plane', with heat = 'sin(x)*y' in draw = […]",
    ),
    (
        &["heat", "heatmap", "contour", "image"],
        "write kind = 'plot' or 'plane', with heat = 'sin(x)*y' in draw = […]",
    ),
    (&["matshow", "grid", "table"], "write kind = 'matrix' with value = 'row + col'"),
    (&["semilogx"], "write kind = 'plot' and x = { scale = 'log' }"),
    (&["semilogy", "log"], "write kind = 'plot' and y = { scale = 'log' }"),
    (&["loglog"], "write kind = 'plot', x = { scale = 'log' } and y = { scale = 'log' }"),
    (&["oscillator", "mass"], "write kind = 'spring' for the drawing of a spring and its mass"),
];

/// The kind of the table with this full name.
fn place(path: &str) -> Place {
    let names: Vec<&str> = path.split('.').collect();
    let is_entry = |name: &str, list: &str| name.strip_prefix(list).is_some_and(|rest| rest.starts_with('['));
    match names.as_slice() {
        [""] => Place::Scene,
        ["canvas"] => Place::Canvas,
        ["animate" | "time"] => Place::Film,
        [output] if *output == "output" || is_entry(output, "output") => Place::Output,
        ["panels", _] => Place::Panel,
        ["panels", _, "x" | "y"] => Place::Axis,
        ["panels", _, element] if is_entry(element, "draw") => Place::Element,
        _ => Place::Other,
    }
}

/// The remedy for a key that the table with this full name does not have, where another key is meant. `known`
/// are the keys that the table has.
pub(super) fn key(path: &str, key: &str, known: &[&str]) -> Option<&'static str> {
    let place = place(path);
    let lower = key.to_lowercase();
    let mut rows =
        KEYS.iter().filter(|row| row.places.contains(&place) && row.names.contains(&lower.as_str()));
    rows.find(|row| written_key(row.help).is_none_or(|key| place != Place::Element || known.contains(&key)))
        .map(|row| row.help)
}

/// The key of an element that a help says to write: `write KEY = …`.
fn written_key(help: &'static str) -> Option<&'static str> {
    help.strip_prefix("write ")?.split_once(" = ").map(|(key, _)| key)
}

/// The remedy for the name of a matrix that stands as a plain word.
pub(super) fn matrix(word: &str) -> String {
    let example = match word {
        "companion" => "coefficients = [1, 0.4, 4]",
        "diagonal" => "values = [-1, -2]",
        _ => "order = 8",
    };
    format!("{{ kind = '{word}', {example} }}")
}

/// The remedy for a kind of panel that another program has.
pub(super) fn panel_kind(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    PANEL_KINDS.iter().find(|(words, _)| words.contains(&lower.as_str())).map(|(_, help)| *help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_depends_on_the_table() {
        let curve = ["trace", "legend", "width"];
        let point = ["point", "legend", "size", "marker"];
        assert!(key("", "title", &[]).is_some_and(|help| help.contains("panel")));
        assert_eq!(key("panels.x.draw[0]", "lw", &curve), Some("write width = 1.75, in CSS pixels"));
        assert!(key("panels.x.draw[3]", "ms", &curve).is_some_and(|help| help.starts_with("a curve")));
        assert!(key("panels.x.draw[3]", "ms", &point).is_some_and(|help| help.starts_with("write size")));
        assert!(key("output[1]", "dpi", &[]).is_some_and(|help| help.starts_with("write scale = 2:")));
        assert!(key("canvas", "DPI", &[]).is_some_and(|help| help.contains("[canvas]")));
        assert_eq!(key("systems.s", "dpi", &[]), None);
        assert_eq!(key("panels.x.draw[0]", "widht", &curve), None);
        assert!(panel_kind("Polar").is_some_and(|help| help.contains("plane")));
    }

    #[test]
    fn no_key_of_a_table_is_a_key_of_another_program() {
        for table in crate::scene::resolve::key_tables() {
            let place = place(&table.path);
            for row in KEYS.iter().filter(|row| row.places.contains(&place)) {
                let known = table.keys.iter().any(|key| row.names.contains(&key.name));
                assert!(!known, "{}: {:?}", table.path, row.names);
            }
        }
    }
}
