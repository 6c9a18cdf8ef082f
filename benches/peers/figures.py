"""The figures for both scripts that use matplotlib.

A figure is what stands still (`still` makes the axes, `fixed` and `rules` are lines in them) and parts that move, each a
function of the frame's index. The one script makes new artists of them for every frame, as the post did; the
other makes them once and moves them. Sizes are kymo's: plot rectangles as `kymo inspect` prints them, in device pixels,
lines in CSS pixels, of which 100 are an inch here, so that 11 of them are the post's font of 8 points.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

PX = 0.72  # points in a CSS pixel
OMEGA0 = 1 / 3  # rad/s, of 90 kg on 10 N/m
INK = {"color": "black", "linewidth": 1.25 * PX}
THIN = {"color": "black", "linewidth": 0.6 * PX}


@dataclass
class Part:
    """Something that moves: `at(frame)` gives the points of a line or a patch, or a text's place, or None."""

    axes: int
    kind: str  # "line", "patch", "text" or "tail": a line whose opacity grows from its first point to its last
    at: Callable
    style: dict
    text: str = ""


@dataclass
class Rule:
    """A steady line across the axes: "h" or "v", at a value."""

    axes: int
    way: str
    value: float
    style: dict


@dataclass
class Figure:
    """A figure of `size` CSS pixels at `scale` device pixels each."""

    size: tuple
    scale: float
    frames: int
    still: Callable
    fixed: Callable = lambda axes: None
    rules: list = field(default_factory=list)
    parts: list = field(default_factory=list)

    def inches(self):
        """The size for matplotlib."""
        return self.size[0] / 100, self.size[1] / 100

    def dpi(self):
        """Its resolution, so that the picture has kymo's pixels."""
        return 100 * self.scale

    def axes(self, fig, left, top, width, height):
        """Axes at a plot rectangle in device pixels, y downward."""
        across, down = self.size[0] * self.scale, self.size[1] * self.scale
        return fig.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def settings(tex):
    """matplotlib's settings: Computer Modern by mathtext, or by a whole TeX."""
    common = {
        "font.size": 11 * PX,
        "axes.linewidth": 1.25 * PX,
        "axes.labelpad": 0,
        "xtick.major.width": 1.25 * PX,
        "ytick.major.width": 1.25 * PX,
        "lines.solid_capstyle": "butt",
    }
    if tex:
        return common | {"text.usetex": True, "font.family": "serif"}
    return common | {"font.family": "cmr10", "mathtext.fontset": "cm", "axes.formatter.use_mathtext": True}


def oscillation(zeta, t, x0=0.0, v0=0.0):
    """The displacement of a free oscillator, in closed form."""
    decay, rest = zeta * OMEGA0, v0 + zeta * OMEGA0 * x0
    if zeta == 1:
        return np.exp(-decay * t) * (x0 + rest * t)
    turn = OMEGA0 * np.sqrt(abs(1 - zeta**2))
    cos, sin = (np.cos, np.sin) if zeta < 1 else (np.cosh, np.sinh)
    return np.exp(-decay * t) * (x0 * cos(turn * t) + rest / turn * sin(turn * t))


def zigzag(wall, end, amplitude, windings):
    """A spring's wire from the wall to the mass: along the motion, and across it."""
    lead = (end - wall) * 0.07
    first, last = wall + lead, end - lead
    turns = 2 * windings
    tips = first + (last - first) / turns * (np.arange(turns) + 0.5)
    aside = amplitude * np.where(np.arange(turns) % 2, -1, 1)
    return np.concatenate([[wall, first], tips, [last, end]]), np.concatenate([[0, 0], aside, [0, 0]])


def box(x0, y0, x1, y1):
    """The corners of an upright rectangle."""
    return np.array([x0, x1, x1, x0]), np.array([y0, y0, y1, y1])


def pi_ticks(axis, values, numbers):
    """Tick labels in units of pi."""
    names = [r"$0$" if n == 0 else r"$\pi$" if n == 1 else rf"${n}\pi$" for n in numbers]
    axis.set_ticks(values, labels=names)


def hatch(axes, start, end, step, offset):
    """The hatching of a wall outside the axes: short strokes from `start` to `end`, drawn as one line."""
    (x0, y0), (x1, y1) = start, end
    count = int(round(np.hypot(x1 - x0, y1 - y0) / step)) + 1
    part = np.linspace(0, 1, count)
    x, y = x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
    nan = np.full(count, np.nan)
    points = np.ravel([x, x + offset[0], nan], "F"), np.ravel([y, y + offset[1], nan], "F")
    axes.plot(*points, color="black", linewidth=0.8 * PX, clip_on=False)


def growing(span, frames, motion):
    """A curve up to the present, four samples a frame so that it is smooth."""
    fine = np.linspace(*span, 4 * (frames - 1) + 1)
    values = motion(fine)
    return lambda k: (fine[: 4 * k + 1], values[: 4 * k + 1])


def line(color, width=1.75, **more):
    """The style of a curve, its width in CSS pixels."""
    return {"color": color, "linewidth": width * PX} | more


def dot(color):
    """The style of a marker at the present value."""
    return {"color": color, "marker": "o", "markersize": 7 * PX, "linestyle": "none"}


def fade(style):
    """The style of a tail of `length` pieces, the last of them opaque."""
    style, count = dict(style), style["length"]
    red, green, blue = to_rgb(style.pop("color"))
    del style["length"]
    return style | {"colors": [(red, green, blue, (i + 1) / count) for i in range(count)]}


def segments(points, count):
    """The pieces of a tail, of which there are always as many: those before its start have no length."""
    points = np.transpose(points)
    missing = max(count + 1 - len(points), 0)
    points = np.concatenate([np.repeat(points[:1], missing, axis=0), points])
    return np.stack([points[:-1], points[1:]], axis=1)


def spring_parts(axes, x, wall, windings, half):
    """Wire and mass of the level spring, and the names of the forces on the side where they point."""
    mass = {"edgecolor": "black", "facecolor": "#eef1f6", "linewidth": 1.25 * PX, "zorder": 3}
    names = [
        (-1, 0.97, r"$\leftarrow m\ddot{x}(t)$"),
        (-1, 0.78, r"$kx(t) \rightarrow$"),
        (1, 0.97, r"$m\ddot{x}(t) \rightarrow$"),
        (1, 0.78, r"$\leftarrow kx(t)$"),
    ]
    parts = [
        Part(axes, "line", lambda k: zigzag(wall, x[k] - half, 0.13, windings), INK),
        Part(axes, "patch", lambda k: box(x[k] - half, -0.5, x[k] + half, 0.5), mass),
    ]
    style = {"ha": "left", "va": "top"}
    for sign, height, name in names:
        show = lambda k, sign=sign, height=height: (0.03, height) if x[k] * sign > 0 else None
        parts.append(Part(axes, "text", show, style | {"panel": True}, name))
    return parts


def spring_rules(axes):
    """Rest and the turning points."""
    dashed = {"linestyle": "dashed", "linewidth": 1.25 * PX, "zorder": 1}
    return [Rule(axes, "v", at, dashed | {"color": c}) for at, c in [(0, "green"), (-3, "red"), (3, "red")]]


def simple_harmonic_motion():
    """A mass on a spring above its displacement and the force on it."""
    frames, span = 100, (0, 15 * np.pi)
    x = oscillation(0, np.linspace(*span, frames), v0=1)
    figure = Figure((500, 350), 2, frames, None)

    def still(fig):
        spring = figure.axes(fig, 98, 13, 871, 186)
        spring.set(xlim=(-5, 5), ylim=(-0.5, 0.75), yticks=[], xticks=range(-4, 5, 2), xlabel=r"$x \longrightarrow$")
        spring.spines[["right", "top"]].set_visible(False)
        above = figure.axes(fig, 98, 264, 871, 185)
        above.set(xlim=(0, 15 * np.pi), ylim=(-3.3, 3.3), xticks=[], yticks=[-2, 0, 2], ylabel=r"$x(t) \longrightarrow$")
        below = figure.axes(fig, 98, 449, 871, 185)
        below.set(xlim=(0, 15 * np.pi), ylim=(-33, 33), yticks=[-20, 0, 20])
        below.set(xlabel=r"$t \longrightarrow$", ylabel=r"$-kx(t) \longrightarrow$")
        pi_ticks(below.xaxis, np.arange(16) * np.pi, range(16))
        for axes in (above, below):
            axes.yaxis.set_label_coords(-0.075, 0.5)
        return [spring, above, below]

    figure.still = still
    figure.fixed = lambda axes: hatch(axes[0], (-5, -0.42), (-5, 0.75), 0.08, (-0.11, -0.07))
    zero = {"color": "black", "linestyle": "dashed", "linewidth": 1.25 * PX, "zorder": 1}
    figure.rules = spring_rules(0) + [Rule(1, "h", 0, zero), Rule(2, "h", 0, zero)]
    figure.parts = spring_parts(0, x, -5, 7, 0.5) + [
        Part(1, "line", growing(span, frames, lambda t: oscillation(0, t, v0=1)), line("orange")),
        Part(2, "line", growing(span, frames, lambda t: -10 * oscillation(0, t, v0=1)), line("blue")),
    ]
    return figure


def simple_harmonic_motion_z():
    """The same motion as the shadow of a turning one."""
    frames, span = 100, (0, 15 * np.pi)
    turning = lambda t: 3 * np.exp(1j * (OMEGA0 * t - np.pi / 2))
    z, curve = turning(np.linspace(*span, frames)), growing(span, frames, turning)
    x, y = z.real, z.imag
    figure = Figure((500, 500), 1.6, frames, None)

    def still(fig):
        spring = figure.axes(fig, 45, 11, 744, 121)
        spring.set(xlim=(-4.65, 4.65), ylim=(-0.5, 0.75), xticks=[], yticks=[])
        spring.spines[["right", "top"]].set_visible(False)
        plane = figure.axes(fig, 45, 132, 744, 608)
        plane.set(xlim=(-4.65, 4.65), ylim=(-3.8, 3.8), xlabel=r"$x(t) \longrightarrow$")
        plane.set(xticks=range(-4, 5), yticks=range(-3, 4))
        return [spring, plane]

    figure.still = still
    figure.fixed = lambda axes: hatch(axes[0], (-4.65, -0.4), (-4.65, 0.75), 0.1, (-0.09, -0.09))
    figure.rules = spring_rules(0) + [Rule(1, way, 0, THIN | {"zorder": 1}) for way in "hv"]
    note, fixed = {"va": "center"}, {"panel": True, "ha": "left", "va": "top"}
    turned = lambda k: curve(min(k, 40))[1]  # one turn is all of the circle
    figure.parts = spring_parts(0, x, -4.65, 7, 0.4) + [
        Part(1, "line", lambda k: (turned(k).real, turned(k).imag), line("blue", linestyle="dashed")),
        Part(1, "line", lambda k: (turned(k).real, 0 * turned(k).imag), line("orange")),
        Part(1, "line", lambda k: ([x[k], x[k]], [0, y[k]]), line("orange", 0.9)),
        Part(1, "line", lambda k: ([0, x[k]], [0, y[k]]), line("blue", 0.9)),
        Part(1, "line", lambda k: ([x[k]], [y[k]]), dot("blue")),
        Part(1, "text", lambda k: (x[k] + 0.15, y[k]), note | {"ha": "left"}, r"$z(t)$"),
        Part(1, "line", lambda k: ([x[k]], [0]), dot("orange")),
        Part(1, "text", lambda k: (x[k], 0.25), note | {"ha": "center"}, r"$x(t)$"),
        Part(1, "text", lambda k: (0.03, 0.98), fixed, r"$z(t) = 2r\exp(j(\omega_0 t - \phi))$"),
        Part(1, "text", lambda k: (0.03, 0.92), fixed, r"$x(t) = \mathrm{Re}(z)$"),
    ]
    return figure


LANES = [
    # damping ratio, line, mass, the lane's name, the curve's
    (0.0, "#3f90da", "#bcd9f3", r"$\gamma = 0$", r"undamped, $\gamma = 0$"),
    (0.2, "#bd1f01", "#e7b0a6", r"$\gamma < 2\omega_0$", r"underdamped, $\gamma = 0.4\,\omega_0$"),
    (1.0, "#ffa90e", "#ffe1ab", r"$\gamma = 2\omega_0$", r"critical, $\gamma = 2\omega_0$"),
    (2.5, "#832db6", "#d3b6e5", r"$\gamma > 2\omega_0$", r"overdamped, $\gamma = 5\,\omega_0$"),
]


def lane_parts(lane, x, edge, face):
    """An upright spring with its mass, and the moving half of its dashpot."""
    damped = lane > 0
    middle, amplitude = (lane - 0.15, 0.1) if damped else (lane, 0.13)
    mass = {"edgecolor": edge, "facecolor": face, "linewidth": 1.25 * PX, "zorder": 3}
    parts = [
        Part(0, "line", lambda k: wire(zigzag(-7, x[k] - 0.5, amplitude, 7), middle), INK),
        Part(0, "patch", lambda k: box(lane - 0.3, x[k] - 0.5, lane + 0.3, x[k] + 0.5), mass),
    ]
    if damped:
        parts.append(Part(0, "line", lambda k: piston(lane + 0.15, x[k] - 0.5), INK))
    return parts


def wire(points, middle):
    """A level spring turned upright."""
    along, aside = points
    return middle + aside, along


def piston(middle, top):
    """The rod from the mass into the cylinder, where it goes a shorter way than the mass, and the piston."""
    low = -5.04 + 0.47 * top
    return [middle, middle, np.nan, middle - 0.07, middle + 0.07], [top, low, np.nan, low, low]


def cylinder(axes, middle):
    """The half of a dashpot that stands on the floor."""
    axes.plot([middle, middle], [-7, -6.78], **INK)
    axes.plot(middle + np.array([-0.1, -0.1, 0.1, 0.1]), [-3.7, -6.78, -6.78, -3.7], **INK)


def damping_comparison():
    """Four upright springs under different damping, beside the curves of all four."""
    frames, span = 100, (0, 12 * np.pi)
    t = np.linspace(*span, frames)
    motions = [oscillation(zeta, t, x0=3) for zeta, *_ in LANES]
    figure = Figure((600, 300), 2, frames, None)

    def still(fig):
        springs = figure.axes(fig, 80, 13, 494, 521)
        springs.set(xlim=(-0.5, 3.5), ylim=(-7, 4), yticks=[-3, 0, 3], ylabel=r"$x$ in m")
        springs.set_xticks(range(4), labels=[name for *_, name, _ in LANES])
        springs.yaxis.set_label_coords(-0.1, 0.5)
        springs.tick_params(axis="x", length=0, pad=6)
        springs.spines[["right", "top"]].set_visible(False)
        plot = figure.axes(fig, 632, 13, 537, 521)
        plot.set(xlim=(0, 12 * np.pi), ylim=(-7, 4), yticks=[-3, 0, 3], xlabel=r"$t \longrightarrow$")
        pi_ticks(plot.xaxis, np.arange(0, 13, 3) * np.pi, range(0, 13, 3))
        return [springs, plot]

    def fixed(axes):
        hatch(axes[0], (-0.42, -7), (3.5, -7), 0.08, (-0.08, -0.19))
        for lane in (1, 2, 3):
            cylinder(axes[0], lane + 0.15)
        # celluloid shows a legend of an earlier frame again in each that follows, unless the frame has its own.
        samples = [Line2D([], [], **line(color)) for _, color, *_ in LANES]
        axes[1].legend(samples, [name for *_, name in LANES], loc="lower left", frameon=False)

    figure.still, figure.fixed = still, fixed
    figure.rules = [Rule(axes, "h", 0, THIN | {"zorder": 1}) for axes in (0, 1)]
    for lane, (x, (_, edge, face, *_)) in enumerate(zip(motions, LANES)):
        figure.parts += lane_parts(lane, x, edge, face)
    for x, (zeta, color, *_) in zip(motions, LANES):
        curve = growing(span, frames, lambda t, zeta=zeta: oscillation(zeta, t, x0=3))
        figure.parts.append(Part(1, "line", curve, line(color)))
        figure.parts.append(Part(1, "line", lambda k, x=x: ([t[k]], [x[k]]), dot(color)))
    return figure


def waves():
    """Forty-eight curves that change over the whole picture."""
    frames = 100
    colors = ["crimson", "darkorange", "seagreen", "royalblue", "purple", "black"]
    u = np.linspace(0, 1, 241)
    figure = Figure((500, 350), 2, frames, None)

    def still(fig):
        axes = figure.axes(fig, 14, 14, 972, 672)
        axes.set(xlim=(0, 1), ylim=(-1.5, 48.5))
        axes.set_axis_off()
        return [axes]

    def wave(i, k):
        t = k / frames
        p, q = 2 * np.pi * (3.5 * u - t), 2 * np.pi * (8 * u + 2 * t)
        return u, i + 0.9 * np.sin(p + 0.7 * i) + 0.6 * np.sin(q - 0.4 * i)

    figure.still = still
    figure.parts = [Part(0, "line", lambda k, i=i: wave(i, k), line(colors[i % 6])) for i in range(48)]
    return figure


FIGURES = {
    "simple-harmonic-motion": simple_harmonic_motion,
    "damping-comparison": damping_comparison,
    "simple-harmonic-motion-z": simple_harmonic_motion_z,
    "waves": waves,
}
