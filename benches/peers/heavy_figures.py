"""The figures whose mathematics is heavy, with the computation as numpy does it best.

What all frames need is computed once, in arrays over all frames or all samples, before the first frame is drawn. The
sizes and the plot rectangles are kymo's, as in `figures`, which these join.
"""

import numpy as np
from figures import PX, Figure, Part, dot, line
from numpy.polynomial import legendre
from scipy.integrate import solve_ivp


def wave_packet():
    """A sum of 61 complex exponentials, of which three curves show the modulus and the parts."""
    frames = 150
    n, q = np.arange(61), np.linspace(-4, 12, 883)
    waves = np.exp(-((n - 30) ** 2) / 98)[:, None] * np.exp(0.2j * n[:, None] * q)
    times = np.linspace(0, 6, frames)
    psi = np.exp(-0.005j * n**2 * times[:, None]) @ waves / 17.5
    figure = Figure((500, 350), 2, frames, None)

    def still(fig):
        axes = figure.axes(fig, 92, 14, 882, 619)
        axes.set(xlim=(-4, 12), ylim=(-1.1, 1.1), xlabel="$x$", yticks=np.arange(-1, 1.1, 0.25))
        return [axes]

    figure.still = still
    curves = [(np.abs(psi), "black"), (psi.real, "crimson"), (psi.imag, "royalblue")]
    figure.fixed = lambda axes: axes[0].legend(
        handles=[axes[0].plot([], [], **line(color))[0] for _, color in curves],
        labels=[r"$|\psi|$", r"$\mathrm{Re}\,\psi$", r"$\mathrm{Im}\,\psi$"],
        loc="upper right",
        frameon=False,
    )
    figure.parts = [Part(0, "line", lambda k, y=y: (q, y[k]), line(color)) for y, color in curves]
    return figure


def fourier_winding():
    """A signal wound around the origin, and its transform up to the present frequency."""
    frames = 321
    t, nu = np.linspace(-4, 4, 1601), np.linspace(0, 4, frames)
    g = np.exp(-(t**2) / 4) * (np.cos(4 * np.pi * t) + 0.6 * np.cos(6 * np.pi * t))
    wound = g * np.exp(-2j * np.pi * nu[:, None] * t)
    weights = np.full(t.size, t[1] - t[0])  # The ends of the trapezoidal rule: the bell has decayed there.
    weights[[0, -1]] /= 2
    transform = wound @ weights
    figure = Figure((500, 500), 2, frames, None)

    def still(fig):
        plane = figure.axes(fig, 80, 14, 890, 576)
        plane.set(xlim=(-2.627, 2.627), ylim=(-1.7, 1.7), yticks=np.arange(-1.5, 1.6, 0.5))
        below = figure.axes(fig, 80, 647, 890, 288)
        below.set(xlim=(0, 4), ylim=(-0.3, 2), xlabel=r"$\nu$")
        return [plane, below]

    figure.still = still
    figure.parts = [
        Part(0, "line", lambda k: (wound[k].real, wound[k].imag), line("royalblue", 1)),
        Part(0, "line", lambda k: ([transform[k].real], [transform[k].imag]), dot("crimson")),
        Part(1, "line", lambda k: (nu[: k + 1], transform[: k + 1].real), line("crimson")),
    ]
    return figure


def lorenz():
    """A trajectory of a hundred thousand points, and a fading tail behind the present one."""
    frames, span = 200, (0, 100)

    def rates(_, state):
        x, y, z = state
        return [10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z]

    times = np.linspace(*span, 100_001)
    x, _, z = solve_ivp(rates, span, [1, 1, 20], "DOP853", times, rtol=1e-10, atol=1e-10).y
    present = np.linspace(0, times.size - 1, frames).round().astype(int)
    figure = Figure((500, 400), 2, frames, None)

    def still(fig):
        axes = figure.axes(fig, 73, 22, 913, 711)
        axes.set(xlim=(-22, 22), ylim=(0, 50), xlabel="$x$", ylabel="$z$")
        return [axes]

    def all_of_it(k):
        return x[: present[k] + 1], z[: present[k] + 1]

    def tail(k):
        """Five seconds in steps of 0.01."""
        part = slice(max(present[k] - 5000, 0), present[k] + 1, 10)
        return x[part], z[part]

    figure.still = still
    figure.parts = [
        Part(0, "line", all_of_it, line("#dddddd", 0.5)),
        Part(0, "tail", tail, {"color": "crimson", "linewidth": 1.75 * PX, "length": 500}),
        Part(0, "line", lambda k: ([x[present[k]]], [z[present[k]]]), dot("crimson")),
    ]
    return figure


def small_multiples():
    """Sixteen small plots of a damped oscillation."""
    frames = 100
    fine = np.linspace(0, 40, 4 * (frames - 1) + 1)
    values = np.exp(-0.02 * np.arange(16)[:, None] * fine) * np.cos(fine)
    figure = Figure((600, 500), 2, frames, None)

    def still(fig):
        columns, rows = [61, 357, 654, 950], [23, 264, 505, 745]
        panels = [figure.axes(fig, left, top, 224, 208) for top in rows for left in columns]
        for panel in panels:
            panel.set(xlim=(0, 40), ylim=(-1, 1), xticks=[0, 20, 40], yticks=[-1, 0, 1])
        for panel in panels[:12]:
            panel.set_xticklabels([])
        return panels

    figure.still = still
    for n, curve in enumerate(values):
        grown = lambda k, curve=curve: (fine[: 4 * k + 1], curve[: 4 * k + 1])
        now = lambda k, curve=curve: (fine[4 * k : 4 * k + 1], curve[4 * k : 4 * k + 1])
        figure.parts += [Part(n, "line", grown, line("#3f90da")), Part(n, "line", now, dot("#3f90da"))]
    return figure


def signal(t):
    """What LegS remembers."""
    return np.sin(t) + 0.5 * np.sin(2.7 * t + 1) + 0.3 * np.cos(5.1 * t)


def hippo_legs():
    """A signal, its reconstruction from 32 coefficients, and the coefficients, which quadrature gives for all times."""
    frames, order = 150, 32
    nodes, weights = legendre.leggauss(128)
    norms = np.sqrt(2 * np.arange(order) + 1)
    basis = legendre.legvander(nodes, order - 1) * norms
    times = np.linspace(0, 20, 4 * (frames - 1) + 1)
    coefficients = signal(np.outer(times, (nodes + 1) / 2)) @ (basis * weights[:, None] / 2)
    part = np.linspace(0, 1, 442)
    curves = coefficients @ (legendre.legvander(2 * part - 1, order - 1) * norms).T
    s = np.linspace(0, 20, 442)
    colors = ["#3f90da", "#bd1f01", "#ffa90e", "#832db6", "#94a4a2", "#a96b59", "#e76300", "#b9ac70"]
    figure = Figure((500, 400), 2, frames, None)

    def still(fig):
        past = figure.axes(fig, 80, 23, 884, 317)
        past.set(xlim=(0, 20), ylim=(-2, 2), xlabel="$s$", xticks=np.arange(0, 21, 2.5))
        past.plot(s, signal(s), **line("#bbbbbb"))
        below = figure.axes(fig, 80, 414, 884, 316)
        below.set(xlim=(0, 20), ylim=(-1, 1), xlabel="$t$", xticks=np.arange(0, 21, 2.5))
        return [past, below]

    figure.still = still
    figure.parts = [Part(0, "line", lambda k: (part * times[4 * k], curves[4 * k]), line("crimson"))]
    for n in range(order):
        grown = lambda k, n=n: (times[: 4 * k + 1], coefficients[: 4 * k + 1, n])
        figure.parts.append(Part(1, "line", grown, line(colors[n % len(colors)], 0.6)))
    return figure


FIGURES = {
    "wave-packet": wave_packet,
    "fourier-winding": fourier_winding,
    "lorenz": lorenz,
    "small-multiples": small_multiples,
    "hippo-legs": hippo_legs,
}
