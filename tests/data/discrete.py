"""Writes discrete.csv: references for tests/library/discrete.rs.

Needs scipy, python-control and mpmath: run `python tests/data/discrete.py`.

Ad and Bd are those of scipy's cont2discrete, where its doubles are good enough, and of mpmath with 60 digits. scipy's
`bilinear` changes C and D as well; only its Ad and Bd are used. States are the recurrence in 60 digits, x(k) =
Ad x(k-1) + Bd u(k), and those of scipy's dlsim, whose x(k+1) = Ad x(k) + Bd u(k) is one step behind. Transfer functions are
python-control's, whose H has no factor z. A row is: system, quantity, argument (re and im), value (re and im).
"""

import csv
import math
import os

import control
import numpy as np
import scipy.signal
from mpmath import matrix, mp, mpc, mpf

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = []


def add(system, quantity, argument, value):
    argument, value = complex(argument), complex(value)
    ROWS.append((system, quantity, argument.real, argument.imag, value.real, value.imag))


def legs(n):
    index = np.arange(n)
    full = np.sqrt(np.outer(2 * index + 1, 2 * index + 1.0))
    return -np.tril(full, -1) - np.diag(index + 1.0), np.sqrt(2 * index + 1.0)


def legt(n, window):
    index = np.arange(n)
    full = np.sqrt(np.outer(2 * index + 1, 2 * index + 1.0))
    sign = np.where(index[None, :] <= index[:, None], 1.0, (-1.0) ** (index[:, None] - index[None, :]))
    return -full * sign / window, np.sqrt(2 * index + 1.0) / window


SYSTEMS = {
    "spring": ([[0, 1], [-4, -0.25]], [0, 1], 0.1),
    "jordan": ([[-0.5, 1, 0], [0, -0.5, 1], [0, 0, -0.5]], [1, 0, 1], 0.3),
    "integrator": ([[0, 1], [0, 0]], [0, 1], 0.25),
    "stiff": ([[-1999999, 999999], [-1999998, 999998]], [1, -1], 0.01),
    "modes": ([[-0.5 + 3j, 0], [0, -0.25 - 7j]], [1, 1 - 2j], 0.1),
    "legs8": (*legs(8), 0.05),
    "legt6": (*legt(6, 1.0), 0.02),
}
METHODS = {"euler": "euler", "backward-euler": "backward_diff", "bilinear": "bilinear", "zoh": "zoh"}


def exact(rows):
    return matrix([[mpc(complex(entry)) for entry in row] for row in rows])


def exponential(flow):
    size = float(mp.mnorm(flow, 1))
    squarings = max(0, math.ceil(math.log2(size)) + 8) if size > 0 else 0
    with mp.workdps(60 + squarings):
        small = flow / 2**squarings
        term = total = mp.eye(flow.rows)
        order = 0
        while mp.mnorm(term, 1) > mpf(10) ** (-mp.dps - 5):
            order += 1
            term = term * small / order
            total = total + term
        for _ in range(squarings):
            total = total * total
        return total


def discretize(a, b, step, method):
    """Ad and Bd with 60 digits."""
    n = len(b)
    a, b, h = exact(a), exact([[entry] for entry in b]), mpf(step)
    one = mp.eye(n)
    if method == "euler":
        return one + h * a, h * b
    if method == "backward-euler":
        inverse = (one - h * a) ** -1
        return inverse, inverse * h * b
    if method == "bilinear":
        inverse = (one - h / 2 * a) ** -1
        return inverse * (one + h / 2 * a), inverse * h * b
    flow = mp.zeros(n + 1)
    flow[:n, :n] = h * a
    flow[:n, n] = h * b
    flow = exponential(flow)
    return flow[:n, :n], flow[:n, n]


def check_against_scipy(name, a, b, step, method, ad, bd):
    n = len(b)
    system = (np.array(a), np.array(b)[:, None], np.eye(n), np.zeros((n, 1)))
    theirs = scipy.signal.cont2discrete(system, step, method=METHODS[method])
    scale = max(1, abs(np.array(a)).max() * step)
    for row in range(n):
        assert abs(complex(bd[row]) - theirs[1][row, 0]) < 1e-9 * scale, (name, method)
        for column in range(n):
            assert abs(complex(ad[row, column]) - theirs[0][row, column]) < 1e-9 * scale, (name, method)


def matrices_and_states():
    for name, (a, b, step) in SYSTEMS.items():
        n = len(b)
        for method in METHODS:
            ad, bd = discretize(a, b, step, method)
            check_against_scipy(name, a, b, step, method, ad, bd)
            label = f"{name}-{method}"
            for row in range(n):
                add(label, "Bd", row, bd[row])
                for column in range(0, n, 1 if n < 4 else 3):
                    add(label, "Ad", row + 1j * column, ad[row, column])
            if name == "stiff" and method == "euler":
                continue
            x = mp.zeros(n, 1)
            for k in range(1001):
                u = mp.sin(mpf(3) * k * mpf(step))
                x = ad * x + bd * u
                if k in (0, 1, 7, 127, 128, 500, 1000):
                    for row in range(0, n, 1 if n < 4 else 3):
                        add(label, f"x{row}", k, x[row])


def scipy_states():
    a, b, step = SYSTEMS["spring"]
    system = (np.array(a, float), np.array(b, float)[:, None], np.array([[1, 0.5]]), np.array([[0]]))
    ad, bd, *_ = scipy.signal.cont2discrete(system, step, method="zoh")
    times = np.arange(101) * step
    u = np.cos(2 * times)
    _, _, x = scipy.signal.dlsim((ad, bd, np.eye(2), np.zeros((2, 1)), step), np.append(u, 0))
    for k in range(0, 100, 9):
        for row in range(2):
            add("spring-cosine", f"x{row}", k, x[k + 1, row])


def responses():
    for name, method in [("spring", "bilinear"), ("jordan", "zoh"), ("legt6", "bilinear"), ("modes", "zoh")]:
        a, b, step = SYSTEMS[name]
        n = len(b)
        ad, bd = discretize(a, b, step, method)
        c = matrix([[mpf(1) / (row + 1) for row in range(n)]])
        state = bd
        for k in range(301):
            if k in (0, 1, 2, 10, 130, 300):
                add(f"{name}-{method}", "K", k, (c * state)[0])
            state = ad * state
        if name != "modes":
            system = control.ss(
                np.array(ad.tolist(), complex).real, np.array(bd.tolist(), complex).real,
                np.array(c.tolist(), float), 0, step)
            for z in [2, -1, 0.3 + 1.1j, np.exp(0.2j)]:
                add(f"{name}-{method}", "H", z, z * system(z))


def legs_kernel():
    """The values that S4's own formulas give for LegS, N = 4, step 0.1, C = 1."""
    a, b = legs(4)
    ad, bd = discretize(a, b, 0.1, "bilinear")
    state = bd
    for k, known in enumerate([0.547052197739, 0.223439367527, 0.063993929101, -0.004599418612]):
        value = sum(state)
        assert abs(value - known) < 1e-11
        add("legs4-bilinear", "sum", k, value)
        state = ad * state


def selective():
    """One step after the other: A = [-1, -2], step = ln(1 + exp(sin k)), B = [1, u], by zero-order hold."""
    x, t = [mpf(0), mpf(0)], mpf(0)
    for k in range(301):
        u = mp.cos(t)
        step = mp.log(1 + mp.exp(mp.sin(mpf(k))))
        for row, b in enumerate([mpf(1), u]):
            decay = mp.exp(-(row + 1) * step)
            x[row] = decay * x[row] + (1 - decay) / (row + 1) * b * u
        if k in (0, 1, 50, 128, 300):
            add("selective", "t", k, t)
            for row in range(2):
                add("selective", f"x{row}", k, x[row])
        t += step


if __name__ == "__main__":
    matrices_and_states()
    scipy_states()
    responses()
    legs_kernel()
    selective()
    with open(os.path.join(HERE, "discrete.csv"), "w", encoding="ascii", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["system", "quantity", "at_re", "at_im", "re", "im"])
        for row in ROWS:
            writer.writerow([*row[:2], *(repr(float(value)) for value in row[2:])])
