#!/usr/bin/env python3
"""Scenes below 64 kB that try to take too long or too much memory before their first frame.

Each scene is rendered as a still of its first frame, and its CPU time and its peak memory are measured. A scene passes if
it stays below 2 s and 256 MB, whether it is drawn or refused. Usage:

    tests/limits/measure.py target/release/kymo [NAME...]
"""

import os
import subprocess
import sys
import tempfile
import time

SECONDS, MEGABYTES = 2.0, 256
KILL_AFTER = 60  # seconds

FILM = "time = { span = [0, 10] }\nanimate = { frames = 100 }\n"
STILL = "time = { span = [0, 10] }\n"


def plot(*elements, head=STILL, keys=""):
    """A scene with one panel of these elements."""
    return f'{head}[panels.p]\nkind = "plot"\n{keys}\ndraw = [\n' + ",\n".join(elements) + "\n]\n"


def trace(expression, more=""):
    return f'{{ trace = "{expression}"{more} }}'


def systems(kind, keys, element, head=STILL):
    return f"{head}[systems.s]\nkind = '{kind}'\n{keys}\n[panels.p]\nkind = \"plot\"\ndraw = [{element}]\n"


def doubling(depth):
    lines = ['f0 = "sin(t)"'] + [f'f{i} = "f{i - 1}(t) + f{i - 1}(t - 1)"' for i in range(1, depth + 1)]
    return STILL + "[signals]\n" + "\n".join(lines) + f'\n[panels.p]\nkind = "plot"\ndraw = [{trace(f"f{depth}")}]\n'


def panels(count, panel, head=STILL):
    return head + "".join(f"[panels.p{i}]\n{panel}\n" for i in range(count))


def variants(count, traces):
    names = "\n".join(f"[[variant]]\nname = 'v{i}'\nparams.k = {i}" for i in range(count))
    elements = ",".join([trace("k*t")] * traces)
    return f"output = 'a.gif'\nparams = {{ k = 1 }}\n{STILL}{names}\n[panels.p]\nkind = 'plot'\ndraw = [{elements}]\n"


def matrix(size):
    rows = ",".join("[" + ",".join("1" if i == j else "0" for j in range(size)) + "]" for i in range(size))
    return f"[{rows}]"


NOISE = "mod(1e5*sin(1e4*t), 1)"
FIELD = 'kind = "plane"\nx.range = [0, 1]\ny.range = [0, 1]\ndraw = [{ field = ["y", "-x"], count = 200 }]'

MILLION = FILM.replace("100", "1000000")
LARGE = "canvas = { size = [5000, 5000], scale = 1 }\nlayout.columns = 30\n"

UNIT = "x.range = [0, 1]\ny.range = [0, 1]"
OSCILLATOR = "[systems.s]\nkind = 'oscillator'\nstiffness = 2\nx0 = 1\n"
LOCUS = "[systems.s]\nkind = 'transfer-function'\ndenominator = [1," + ",".join(f"'{1 + i % 5} + k*{i % 7 / 10}'" for i in range(60)) + "]\n[panels.p]\nkind = 'plane'\n"

SCENES = {
    # Expressions.
    "sum-of-a-million": plot(trace("sum(sin(n*t)/n, n, 1, 1000000)")),
    "sum-of-a-million-film": plot(trace("sum(sin(n*t - n)/n, n, 1, 1000000)"), head=FILM),
    "sum-of-a-billion": plot(trace("sum(n, n, 1, 1000000000)")),
    "sum-of-sums": plot(trace("sum(sum(sin(n*m*t), m, 1, 1000), n, 1, 1000)")),
    "product-of-a-million": plot(trace("prod(1 + t/n, n, 1, 1000000)")),
    "param-of-legendre": "params = { a = 'sum(legendre(1000, sin(i)), i, 1, 1000000)' }\n" + plot(trace("a*t")),
    "param-of-bessel": "params = { a = 'sum(besselj(1000, i), i, 1, 1000000)' }\n" + plot(trace("a*t")),
    "params-of-sums": STILL + "[params]\n" + "".join(f"a{i} = 'sum(sin(i), i, 1, 1000000)'\n" for i in range(200))
    + plot(trace("a0*t"), head=""),
    "trace-of-legendre": plot(trace("sum(legendre(1000, sin(n*t)), n, 1, 1000)")),
    "trace-of-bessel": plot(trace("sum(besselj(1000, n*t), n, 1, 1000)")),
    "doubling-16": doubling(16),
    "doubling-24": doubling(24),
    "doubling-60": doubling(60),
    "nested-integrals": plot(trace("integral(integral(sin(u*v*t), u, 0, 1), v, 0, t)")),
    "nested-integrals-3": plot(trace("integral(integral(integral(sin(u*v*w*t), u, 0, 1), v, 0, 1), w, 0, t)")),
    "rough-integral": plot(trace("integral(sign(sin(1e6*s)), s, 0, t)")),
    "rough-integral-film": plot(trace("integral(sign(sin(1e6*s)) + u, s, 0, u)", ', over = "u", span = [0, "t"]'), head=FILM),
    "integral-to-infinity": plot(trace("integral(sin(s^2)/(1 + s), s, 0, inf)")),
    "long-expression": plot(trace("+".join(["sin(t)"] * 6000))),
    "long-interp": plot(trace("interp(t, [" + ",".join(f"[{i},{i % 7}]" for i in range(6000)) + "])")),
    "interp-in-sum": plot(trace("sum(interp(t*n, [" + ",".join(f"[{i},{i % 7}]" for i in range(4000)) + "]), n, 1, 1000)")),
    "many-signals": STILL + "[signals]\n" + "".join(f's{i} = "sum(sin(n*t), n, 1, 100)"\n' for i in range(1000))
    + f'[panels.p]\nkind = "plot"\ndraw = [{trace("+".join(f"s{i}" for i in range(1000)))}]\n',
    "label-of-sums": plot(trace("sin(t)"), '{ text = "@{sum(sin(n*t), n, 1, 1000000):.2}", at = [0, 0] }', head=FILM),
    "moving-range-of-sums": plot(trace("sin(t)"), head=FILM, keys='x = { range = ["t - sum(sin(n*t)/n, n, 1, 100000)", "t + 1"] }'),
    # Curves.
    "noise": plot(trace(NOISE)),
    "noise-film": plot(trace(f"{NOISE} + sin(u)", ', over = "u", span = [0, 10]').replace("1e4*t", "1e4*(t+u)"), head=FILM),
    "noise-40": plot(*[trace(NOISE)] * 40),
    "noise-400": plot(*[trace(NOISE)] * 400),
    "noise-parametric": plot(trace(NOISE, ', x = "sin(1e6*t)"')),
    "noise-tail": plot(trace(NOISE, ", reveal = { tail = 3 }"), head=FILM),
    "noise-dashed": plot(trace(NOISE, ", dash = [1, 1]")),
    "fast-sine": plot(trace("sin(1e10*t)")),
    "stiff-oscillator": systems("oscillator", "stiffness = 1e10\nx0 = 1", trace("s.x")),
    "dashes": plot(trace("sin(100*t)", ", dash = [0.001, 0.001]")),
    "dashes-noise": plot(trace("sin(10000*t)", ", dash = [0.001, 0.001]")),
    "steps-of-a-million": plot(trace("sin(t)", ", step = 1e-5")),
    "steps-of-a-million-40": plot(*[trace("sin(t)", ", step = 1e-5")] * 40),
    "traces-1500": plot(*[trace(f"sin({i}*t)") for i in range(1500)]),
    "traces-1500-film": plot(*[trace(f"sin({i}*u - t)", ', over = "u", span = [0, 10]') for i in range(1000)], head=FILM),
    "traces-200-legend": plot(*[trace(f"sin({i}*t)", f", legend = 'a{i}'") for i in range(200)]),
    "traces-1000-legend": plot(*[trace(f"sin({i}*t)", f", legend = 'a{i}'") for i in range(1000)]),
    "traces-200-legend-film": plot(*[trace(f"sin({i}*u - t)", f", over = 'u', span = [0, 10], legend = 'a{i}'") for i in range(200)], head=FILM),
    "each-2000": plot('{ trace = "sin(n*t)", each = { n = "range(1, 2000)" } }'.replace('"range(1, 2000)"', "{ from = 1, to = 2000, step = 1 }")),
    "each-2000-noise": plot('{ trace = "mod(1e5*sin(1e4*n*t), 1)", each = { n = { from = 1, to = 2000, step = 1 } } }'),
    "each-crossed": plot('{ trace = "sin(n*t) + m", each = { n = { from = 1, to = 2000, step = 1 }, m = { from = 1, to = 2000, step = 1 } } }'),
    "each-panels": STILL + "[panels.p]\nkind = 'plot'\neach = { n = { from = 1, to = 2000, step = 1 } }\ndraw = [{ trace = 'sin(n*t)' }]\n",
    "each-panels-elements": STILL + "[panels.p]\nkind = 'plot'\neach = { n = { from = 1, to = 36, step = 1 } }\ndraw = [{ trace = 'sin(n*m*t)', each = { m = { from = 1, to = 2000, step = 1 } } }]\n",
    "color-map": plot(trace("sin(1000*t)", ', color = { value = "cos(1e4*t)", map = "viridis" }')),
    # Shapes and texts.
    "rects-1900": plot(*['{ rect = [[0, 0], [1, 1]] }'] * 1900, keys="x.range = [0, 1]\ny.range = [0, 1]"),
    "rects-1900-film": plot(*['{ rect = [[0, 0], ["t", 1]] }'] * 1900, head=FILM, keys="x.range = [0, 1]\ny.range = [0, 1]"),
    "circles-1500": plot(*['{ circle = [0.5, 0.5], radius = 1 }'] * 1500, keys="x.range = [0, 1]\ny.range = [0, 1]"),
    "areas-500": plot(*[f'{{ area = "sin({i}*t)" }}' for i in range(500)]),
    "points-1900": plot(*['{ point = "sin(t)" }'] * 1900, head=FILM),
    "notes-300": plot(trace("sin(t)"), *[f'{{ point = "sin(t + {i})", note = "note {i}" }}' for i in range(300)]),
    "notes-300-film": plot(trace("sin(t)"), *[f'{{ point = "sin(t + {i})", note = "note @{{t:.2}} {i}" }}' for i in range(300)], head=FILM),
    "texts-900": "canvas = { size = [3000, 3000], scale = 1 }\n" + plot(trace("sin(t)"), *[f'{{ text = "a", at = [{i % 30}, {i // 30}] }}' for i in range(900)]),
    "texts-300-film": plot(trace("sin(t)"), *[f'{{ text = "@{{t:.2}}", at = ["t", "sin({i}*t)"] }}' for i in range(300)], head=FILM),
    "formulas-300": plot(trace("sin(t)"), *[f'{{ text = \'$\\frac{{a_{{{i}}}}}{{b}}$\', at = [{i / 30}, 0] }}' for i in range(300)]),
    "long-label": plot(trace("sin(t)"), "{ text = '" + "word " * 10000 + "', at = [0, 0] }"),
    "long-formula": plot(trace("sin(t)"), "{ text = '$" + "x^2+" * 10000 + "1$', at = [0, 0] }"),
    "deep-formula": plot(trace("sin(t)"), "{ text = '$" + "\\\\sqrt{" * 2000 + "x" + "}" * 2000 + "$', at = [0, 0] }"),
    "ticks-1000": plot(trace("sin(t)"), keys="x.ticks = [" + ",".join(str(i / 100) for i in range(1000)) + "]"),
    "tick-step": plot(trace("sin(t)"), keys="x.ticks = { step = 1e-4 }"),
    "tick-step-film": plot(trace("sin(t)"), head=FILM, keys='x.ticks = { step = 1e-3 }\nx.range = ["t - 1", "t"]'),
    "fields-36": panels(36, FIELD, "layout.columns = 6\n" + STILL),
    "fields-36-film": panels(36, FIELD.replace("-x", "-x*t"), "layout.columns = 6\n" + FILM),
    "fields-300": plot(*['{ field = ["y", "-x"], count = 200 }'] * 300, keys="x.range = [0, 1]\ny.range = [0, 1]").replace('"plot"', '"plane"'),
    "panels-300": panels(300, 'kind = "plot"\ndraw = [{ trace = "sin(t)" }]', LARGE + STILL),
    "panels-1000": panels(1000, 'kind = "plot"\ndraw = [{ trace = "sin(t)" }]', LARGE + STILL),
    "springs-200": LARGE + STILL + "[systems.s]\nkind = 'oscillator'\nstiffness = 2\nx0 = 1\n" + "".join(f"[panels.p{i}]\nkind = 'spring'\nsystem = 's'\n" for i in range(200)),
    # Maps, samples and phasors.
    "heats-100": "canvas = { size = [5000, 4000], scale = 1 }\n" + STILL + "[panels.p]\nkind = 'plot'\n" + UNIT + "\neach = { n = { from = 1, to = 100 } }\ndraw = [{ heat = 'sin(n*x*y)' }]\n",
    "contour-noise": plot('{ contour = "sin(1000*x)*cos(1000*y)", levels = 64 }', keys=UNIT),
    "contours-100": plot(*['{ contour = "sin(100*x)*cos(100*y)", levels = 64 }'] * 100, keys=UNIT),
    "contours-noise-film": plot(*['{ contour = "mod(1e5*sin(1e4*x*y + t), 1)", levels = 64 }'] * 10, keys=UNIT, head=FILM),
    "matrix-of-sums": STILL + "[panels.p]\nkind = 'matrix'\nvalue = 'sum(sin(n*row*col), n, 1, 1000)'\nrows = 400\ncolumns = 400\n",
    "stems-100000": plot('{ stem = "sin(1e4*t)", step = 1.01e-4 }'),
    "bars-100000": plot('{ bars = "sin(1e4*t)", step = 1.01e-4, fill = "gold" }'),
    "bars-100000-20": plot(*['{ bars = "sin(1e4*t)", step = 1.01e-4 }'] * 20),
    "hold-100000-20": plot(*['{ hold = "sin(1e4*t)", step = 1.01e-4 }'] * 20),
    "scatter-film-20": plot(*['{ scatter = "sin(1e4*n + t)", over = "n", span = [0, 1e4] }'] * 20, head=FILM),
    "color-map-film-100": plot(*[trace(f"sin({i}*u + t)", ', over = "u", span = [0, 10], color = { value = "cos(100*u)", map = "viridis" }') for i in range(100)], head=FILM),
    # Notes and names that move.
    "arrows-300-notes": plot(trace("sin(t)"), *[f'{{ arrow = [[{i / 30}, 0], ["t", "sin(t + {i})"]], note = "v{i}" }}' for i in range(300)], head=FILM),
    "note-long-film": plot(trace("sin(t)"), '{ point = "sin(t)", note = "v" }', head=FILM.replace("100", "100000")),
    "texts-crossing": plot(trace("sin(t)"), *[f'{{ text = "a", at = ["t", "sin({i / 7}*t)"] }}' for i in range(20)], head=FILM.replace("100", "20000")),
    "ends-100": plot(*[trace(f"sin(t + {i / 50})", f", legend = {{ at = 'end', text = 'a{i}' }}") for i in range(100)], head=FILM.replace("100", "5000")),
    "axes-moving-20000": plot(trace("sin(t)"), trace("cos(t)", ", axis = 'y2'"), head=FILM.replace("100", "20000"), keys='x.range = ["t - 1", "t"]\ny.range = ["-1 - t", "1 + t"]\ny2.range = ["-1 - 2*t", "1 + 2*t"]'),
    # Panels.
    "insets-200": LARGE + STILL + "[panels.a]\nkind = 'plot'\ndraw = [{ trace = 'sin(t)' }]\n" + "".join(f"[panels.p{i}]\nkind = 'plot'\ninset = {{ panel = 'a', at = [0.1, 0.1, 0.9, 0.9] }}\ndraw = [{{ trace = 'sin(t)' }}]\n" for i in range(200)),
    "insets-each": LARGE + STILL + "[panels.a]\nkind = 'plot'\ndraw = [{ trace = 'sin(t)' }]\n[panels.p]\nkind = 'plot'\neach = { n = { from = 0, to = 1999 } }\ninset = { panel = 'a', at = [0.1, 0.1, 0.9, 0.9] }\ndraw = [{ trace = 'sin(n*t)' }]\n",
    "helices-200": LARGE + STILL + OSCILLATOR + "".join(f"[panels.p{i}]\nkind = 'spring'\nsystem = 's'\ncoils = 1000\nshape = 'helix'\n" for i in range(200)),
    "helix-lanes-500": FILM + OSCILLATOR + "[panels.p]\nkind = 'spring'\ncoils = 1000\nshape = 'helix'\nlanes = [{ system = 's', each = { n = { from = 1, to = 500 } } }]\n",
    # Integrals up to a limit that moves.
    "integrals-running": plot(trace("integral(integral(sin(u*v), u, 0, v), v, 0, t)")),
    "integrals-running-3": plot(trace("integral(integral(integral(sin(u*v*w), u, 0, v), v, 0, w), w, 0, t)")),
    "integrals-of-signals": STILL + "[signals]\na = 'integral(sin(s^2), s, 0, t)'\nb = 'integral(a(s), s, 0, t)'\nc = 'integral(b(s), s, 0, t)'\n[panels.p]\nkind = 'plot'\ndraw = [{ trace = 'c' }]\n",
    # Canvas and film.
    "canvas-10000": "canvas = { size = [10000, 10000], scale = 1 }\n" + plot(trace("sin(t)")),
    "canvas-65535": "canvas = { size = [65535, 1500], scale = 1 }\n" + plot(trace("sin(t)")),
    "frames-million": plot(trace("sin(t)"), head=MILLION),
    "frames-million-moving": plot(trace("sin(u - t)", ', over = "u", span = [0, 10]'), head=MILLION),
    "frames-million-label": plot(trace("sin(t)"), '{ text = "@{t:.3}", at = ["t", 0] }', head=MILLION),
    "frames-million-range": plot(trace("sin(t)"), keys='x.range = ["t - 1", "t"]', head=MILLION),
    "variants-1000": variants(1000, 1),
    "variants-1000-traces": variants(900, 1500),
    "variants-each": "output = 'a.gif'\n" + STILL + "params = { k = 1 }\n[[variant]]\nname = 'v'\neach = { k = { from = 1, to = 2000, step = 1 } }\n[panels.p]\nkind = 'plot'\ndraw = [" + ",".join([trace("k*t")] * 1000) + "]\n",
    # Systems.
    "root-locus-60": "params = { k = 1 }\n" + LOCUS + "draw = [{ trace = 's.pole[n]', over = 'k', span = [0, 10], each = { n = { from = 0, to = 59 } } }]\n",
    "root-locus-60-film": "params = { k = 1 }\nanimate = { over = 'k', span = [0, 10], frames = 300 }\n" + LOCUS + "draw = [{ poles = 's' }]\n",
    "spectra-30": STILL + "".join(f"[systems.s{i}]\nkind = 'spectrum'\nof = 'sin({i}*t^2)'\nspan = [0, 10]\nsamples = 100000\n" for i in range(30))
    + "[panels.p]\nkind = 'plot'\ndraw = [" + ",".join(f"{{ trace = 'abs(s{i}.X[n])', over = 'n' }}" for i in range(30)) + "]\n",
    "ode-long": systems("ode", "rates = { x = 'v', v = '-x' }\nstart = { x = 1, v = 0 }", trace("s.x"), head="time = { span = [0, 1e9] }\n"),
    "ode-at": systems("ode", "rates = { x = 'v', v = '-x + sin(v*t)' }\nstart = { x = 1, v = 0 }", trace("s.x(1e9)")),
    "ode-fast": systems("ode", "rates = { x = 'v', v = '-1e12*x' }\nstart = { x = 1, v = 0 }", trace("s.x")),
    "ode-of-sums": systems("ode", "rates = { x = 'sum(sin(n*x), n, 1, 100000)' }\nstart = { x = 1 }", trace("s.x")),
    "ode-large": STILL + "[systems.s]\nkind = 'ode'\n[systems.s.rates]\n" + "".join(f"x{i} = '-x{i} + x{(i + 1) % 500}'\n" for i in range(500))
    + "[systems.s.start]\n" + "".join(f"x{i} = 1\n" for i in range(500)) + '[panels.p]\nkind = "plot"\ndraw = [{ trace = "s.x0" }]\n',
    "ode-over-param": "params = { k = 1 }\n" + systems("ode", "rates = { x = 'v', v = '-k*x^3' }\nstart = { x = 1, v = 0 }", '{ trace = "s.x(100)", over = "k", span = [1, 100] }'),
    "discrete-long": systems("discrete", "Ad = [[0.5]]\nBd = [1]\nu = 'sin(k)'\nstep = 1e-5\nx0 = [1]", trace("s.x[0]")),
    "hippo-256": systems("hippo", "measure = 'legs'\norder = 256\nu = 'sin(t^2)'", trace("s.c[200]")),
    "chain-1000": systems("chain", "count = 1000\nx0 = 'sin(i)'", trace("s.x[0]")),
    "chain-1000-all": systems("chain", "count = 1000\nx0 = 'sin(i)'", '{ trace = "s.x[n]", each = { n = { from = 0, to = 999, step = 1 } } }'),
    "chain-1000-unequal": systems("chain", "count = 1000\nmass = '1 + 0.1*sin(i)'\nx0 = 'sin(i)'", trace("s.x[0]")),
    "chain-over-param": "params = { k = 1 }\n" + systems("chain", "count = 500\nmass = '1 + 0.1*sin(k*i)'\nx0 = 'sin(i)'", '{ trace = "s.x[0](1)", over = "k", span = [1, 2] }'),
    "hippo-legt-256": systems("hippo", "measure = 'legt'\norder = 256\nu = 'sin(t^2)'", trace("s.c[2]")),
    "discrete-256": systems("discrete", "A = { kind = 'hippo-legs', order = 256 }\nu = 'sin(k)'\nstep = 1e-4", trace("s.x[0]")),
    "discrete-euler-256": systems("discrete", "A = { kind = 'hippo-legs', order = 256 }\nmethod = 'euler'\nu = 'sin(k)'\nstep = 'if(k > 0, 0.001, 0.002)'", trace("s.x[0]")),
    "discrete-zoh-256": systems("discrete", "A = { kind = 'hippo-legs', order = 256 }\nmethod = 'zoh'\nu = 'sin(k)'\nstep = 'if(k > 0, 0.01, 0.02)'", trace("s.x[0]")),
    "discrete-bilinear-256": systems("discrete", "A = { kind = 'hippo-legs', order = 256 }\nmethod = 'bilinear'\nu = 'sin(k)'\nstep = 'if(k > 0, 0.01, 0.02)'", trace("s.x[0]")),
    "ode-stiff-500": STILL + "[systems.s]\nkind = 'ode'\nstiff = true\n[systems.s.rates]\n" + "".join(f"x{i} = '-{i}*x{i} + x{(i + 1) % 500}'\n" for i in range(500))
    + "[systems.s.start]\n" + "".join(f"x{i} = 1\n" for i in range(500)) + '[panels.p]\nkind = "plot"\ndraw = [{ trace = "s.x0" }]\n',
    "state-space-256": systems("state-space", "A = { kind = 'hippo-legt', order = 256 }\nu = 'sin(t^2)'", trace("s.x[0]")),
    "state-space-poles": "params = { k = 1 }\n" + systems("state-space", "A = { kind = 'hippo-legt', order = 200, window = 'k' }", '{ trace = "re(s.pole[3])", over = "k", span = [1, 2] }'),
    "state-space-60": systems("state-space", f"A = {matrix(60)}\nB = [{','.join(['1'] * 60)}]\nu = 'sin(t^2)'", trace("s.x[0]")),
    "fourier-1000": systems("fourier-series", "of = 'sign(sin(1e5*t))'\nperiod = 6.28\nterms = 1000", trace("s.x")),
}


def measure(kymo, name, text):
    """Seconds of CPU time, megabytes, exit code, and the first line of the messages."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "scene.toml"), "w") as file:
            file.write(text)
        command = [os.path.abspath(kymo), "render", "scene.toml", "--frame", "0", "--output", "out.png"]
        if "variants" in name:
            # Each of them has a first frame.
            command = [os.path.abspath(kymo), "status", "scene.toml"]
        with open(os.path.join(folder, "log"), "wb") as log:
            child = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
            begun, status = time.monotonic(), 0
            while True:
                pid, status, usage = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() - begun > KILL_AFTER:
                    os.kill(child.pid, 9)
                    pid, status, usage = os.wait4(child.pid, 0)
                    break
                time.sleep(0.005)
            child.returncode = status
        with open(os.path.join(folder, "log"), errors="replace") as log:
            lines = log.read().splitlines()
        code = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, code, (lines or [""])[0]


def main():
    kymo, names = sys.argv[1], sys.argv[2:] or list(SCENES)
    failed = 0
    for name in names:
        text = SCENES[name]
        assert len(text) < 65536, f"{name}: {len(text)} bytes"
        seconds, megabytes, code, line = measure(kymo, name, text)
        over = seconds > SECONDS or megabytes > MEGABYTES or code not in (0, 1, 2)
        failed += over
        print(f"{'OVER' if over else 'ok  '} {name:26} {seconds:7.2f} s {megabytes:7.0f} MB  exit {code:3}  {line[:90]}", flush=True)
    print(f"{failed} of {len(names)} over {SECONDS} s or {MEGABYTES} MB")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
