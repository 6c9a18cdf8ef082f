//! The table of keys states the defaults of the program: writing a default into a scene changes nothing.

use kymograph::scene::Scene;
use kymograph::scene::data_table::table;

use super::scenes::scene;
use super::{KEYS, read};

/// A scene with a slot for every table in which the table of keys states a default.
const PROBE: &str = "\
[output]
path = 'a.webp'
<output>
[canvas]
<canvas>
[limits]
<limits>
[check]
<check>
[time]
span = [0, 3]
[animate]
frames = 3
<animate>
[systems.spring]
kind = 'oscillator'
stiffness = 2
x0 = 0.5
<systems.S>
[systems.other]
kind = 'oscillator'
omega0 = 2
v0 = 1
<systems.S-omega0>
[systems.still]
kind = 'oscillator'
stiffness = 2
<systems.S-still>
[systems.still.drive]
amplitude = 1
omega = 1
<systems.S.drive>
[systems.pendulum]
kind = 'ode'
rates = { u = 'w', w = '-sin(u)' }
start = { u = 1, w = 0 }
<systems.S-ode>
[systems.circuit]
kind = 'state-space'
A = [[-1]]
B = [1]
x0 = [1]
<systems.S-state-space>
[systems.row]
kind = 'chain'
count = 2
x0 = 's'
<systems.S-chain>
[systems.rest]
kind = 'chain'
count = 2
<systems.S-chain-at-rest>
[systems.steps]
kind = 'discrete'
A = [[-1]]
B = [1]
u = 'k'
step = 0.5
<systems.S-discrete>
[systems.lag]
kind = 'transfer-function'
denominator = [1, 1]
u = 1
<systems.S-transfer-function>
[systems.product]
kind = 'transfer-function'
poles = [-1]
u = 1
<systems.S-transfer-function-poles>
[systems.lines]
kind = 'spectrum'
of = 'cos(t)'
samples = 8
span = [0, 3]
<systems.S-spectrum>
[layout]
mosaic = ['a b', 'c d', 'e f', 'g h']
<layout>
[panels.a]
kind = 'plot'
<panels.P>
[panels.a.x]
<panels.P.x>
[[panels.a.draw]]
trace = 'spring.x'
<draw.*>
<draw.trace>
[[panels.a.draw]]
area = 'spring.x'
<draw.area>
[[panels.a.draw]]
point = 'spring.x'
note = '$x$'
<draw.point>
[[panels.a.draw]]
arm = 'spring.x'
<draw.arm>
[[panels.a.draw]]
drop = 'spring.x'
<draw.drop>
[[panels.a.draw]]
hline = 1
<draw.hline>
[[panels.a.draw]]
hline = 'n'
[panels.a.draw.each.n]
from = 1
to = 2
<draw.*.each.N>
[[panels.a.draw]]
line = [[0, 0], [1, 1]]
<draw.line>
[[panels.a.draw]]
arrow = [[0, 0], [1, 1]]
note = '$a$'
<draw.arrow>
[[panels.a.draw]]
field = ['y', '-x']
<draw.field>
[[panels.a.draw]]
stem = 'm'
over = 'm'
span = [0, 3]
<draw.stem>
[[panels.a.draw]]
scatter = 'm'
over = 'm'
span = [0, 3]
<draw.scatter>
[[panels.a.draw]]
bars = 'm'
over = 'm'
span = [0, 3]
<draw.bars>
[[panels.a.draw]]
hold = 'm'
over = 'm'
span = [0, 3]
<draw.hold>
[[panels.a.draw]]
text = 'a'
at = [1, 1]
<draw.text>
[panels.b]
kind = 'spring'
system = 'spring'
<spring>
[panels.c]
kind = 'plot'
<panels.P-empty>
[panels.d]
kind = 'plane'
[[panels.d.draw]]
trace = 'spring.z'
[[panels.d.draw]]
trace = 'pendulum.u'
[[panels.d.draw]]
trace = 'circuit.y'
[[panels.d.draw]]
poles = 'spring'
<draw.poles>
[[panels.d.draw]]
heat = 'abs(s)'
<draw.heat>
[[panels.d.draw]]
phasors = 'exp(j*m*t)'
over = 'm'
span = [0, 3]
<draw.phasors>
[panels.e]
kind = 'spring'
[[panels.e.lanes]]
system = 'spring'
<spring.lanes>
[panels.f]
kind = 'chain'
system = 'row'
<chain>
[panels.g]
kind = 'plane'
[panels.g.colorbar]
<panels.P.colorbar>
[[panels.g.draw]]
heat = 'abs(s)'
[[panels.g.draw]]
contour = 'abs(s)'
<draw.contour>
[panels.i]
kind = 'plot'
[panels.i.inset]
panel = 'c'
at = [0.2, 0.2, 0.8, 0.8]
<panels.P.inset>
[panels.h]
kind = 'matrix'
value = 'row - col'
rows = 2
columns = 2
<matrix>
";

/// Keys with a slot of their own, because other keys of the usual slot exclude them.
const ELSEWHERE: [(&str, &str); 7] = [
    ("systems.S.gamma", "systems.S-omega0"),
    ("systems.S.zeta", "systems.S-omega0"),
    ("systems.S.x0", "systems.S-still"),
    ("systems.S.v0", "systems.S-still"),
    ("systems.S-chain.x0", "systems.S-chain-at-rest"),
    ("systems.S-transfer-function.gain", "systems.S-transfer-function-poles"),
    ("panels.P.draw", "panels.P-empty"),
];

/// The probe with an entry in one slot. Without it the slot is filled with as many spaces, so that positions in the file
/// stay the same.
fn probe(slot: &str, entry: &str, written: bool) -> String {
    let marker = format!("<{slot}>");
    assert!(PROBE.contains(&marker), "the probe has no slot for {slot}");
    let text = PROBE.replace(&marker, &if written { entry.to_owned() } else { " ".repeat(entry.len()) });
    let mut rest = text.as_str();
    let mut bare = String::new();
    while let Some((before, after)) = rest.split_once('<') {
        bare.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    bare + rest
}

/// A debugging text without the positions of keys in the file.
fn placeless(text: &str) -> String {
    let mut parts = text.split("Some(Origin {");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once("})").map_or(part, |(_, rest)| rest));
    rest.fold(first, |whole, part| whole + "None" + part)
}

/// A scene without its text and positions, as a debugging text.
fn meaning(text: &str) -> String {
    let scene = scene(text);
    let Scene { outputs, canvas, check, theme, timeline, grid, panels, time, alt, limits, .. } = &scene;
    let table = table(&scene).expect("a table");
    placeless(&format!(
        "{outputs:?} {canvas:?} {check:?} {theme:?} {timeline:?} {grid:?} {panels:?} {time:?} {alt:?} {limits:?} {table:?}"
    ))
}

/// Keys and defaults of the table, where the default is stated as TOML. The keys of a kind of system other than the
/// oscillator begin with `systems.S-KIND`.
fn defaults(page: &str) -> Vec<(String, String)> {
    let code = |cell: &str| {
        let inner = cell.trim().strip_prefix('`')?.strip_suffix('`')?;
        (!inner.contains('`')).then(|| inner.to_owned())
    };
    let mut found = Vec::new();
    let mut kind = "";
    for line in page.lines() {
        kind = line.strip_prefix("### ").unwrap_or(kind);
        let cells: Vec<&str> = line.split('|').collect();
        let [_, key, _, default, _, _] = cells[..] else { continue };
        if let (Some(key), Some(default)) = (code(key), code(default)) {
            let of_kind = key.strip_prefix("systems.S.").filter(|_| kind != "oscillator");
            found.push((of_kind.map_or(key.clone(), |name| format!("systems.S-{kind}.{name}")), default));
        }
    }
    found
}

#[test]
fn writing_a_default_changes_nothing() {
    let defaults = defaults(&read(KEYS));
    assert!(defaults.len() >= 35, "{} defaults found", defaults.len());
    for (key, default) in defaults {
        let (usual, name) = key.rsplit_once('.').expect("a dotted key");
        let slot = ELSEWHERE.iter().find(|(known, _)| *known == key).map_or(usual, |(_, slot)| slot);
        let entry = format!("{name} = {default}");
        let (with, without) = (probe(slot, &entry, true), probe(slot, &entry, false));
        assert_eq!(meaning(&with), meaning(&without), "{key} = {default}");
    }
}
