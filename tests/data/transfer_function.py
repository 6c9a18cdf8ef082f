"""Writes transfer_function.csv: references for tests/library/transfer_function.rs.

Needs scipy, python-control and mpmath: run `python tests/data/transfer_function.py`.

Poles and zeros are mpmath's roots of the polynomials, whose coefficients are exact doubles. Responses are exponentials of
60 digits, of the companion matrix with the input sin(1.5 t) or 1 as more components; scipy's and python-control's own
agree with them. Residues are numerator over derivative where poles are simple, else scipy's. A row is: system,
quantity, argument (re and im), value (re and im).
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


def product(roots, lead=1):
    """The coefficients of lead * prod(s - root), exactly."""
    coefficients = [mpc(lead)]
    for root in roots:
        coefficients.append(mpc(0))
        for at in range(len(coefficients) - 1, 0, -1):
            coefficients[at] -= mpc(root) * coefficients[at - 1]
    return coefficients


CLUSTER = [-1, -1.0001, -1.0002, -1 + 1e-4j, -1 - 1e-4j]
CLUSTER_COEFFICIENTS = [float(mp.re(c)) for c in product(CLUSTER)]
BUTTERWORTH = scipy.signal.butter(8, 2.0, analog=True)
# By coefficients: numerator, denominator.
POLYNOMIALS = {
    "spring": ([1], [1, 0.25, 4]),
    "lead": ([2, 3, 1], [1, 0.4, 4]),
    "third": ([1, 2], [3, 1, 7, 0.5]),
    "double": ([1, 3.5], [1, 5, 7, 3]),
    "integrators": ([1, 1, 0.5], [1, 1, 0, 0]),
    "unstable": ([1], [1, -0.5, 2]),
    "cancelling": ([1, 2], [1, 3, 2]),
    "wilkinson": ([1, 2.5], [int(mp.re(c)) for c in product([-n for n in range(1, 11)])]),
    "close": ([1], CLUSTER_COEFFICIENTS),
    "butterworth": ([float(BUTTERWORTH[0][-1])], [float(c) for c in BUTTERWORTH[1]]),
    "stiff": ([1e6], [1, 1000001, 1e6]),
}
# By zeros, poles and gain.
ROOTS = {
    "roots": ([-1 + 2j, -1 - 2j], [-0.5 + 3j, -0.5 - 3j, -2, -4], 5),
    "cluster": ([-0.5], CLUSTER, 2),
    "equal": ([-3], [-1, -1, -1, -2], 1),
    "biproper": ([1, 2 + 1j, 2 - 1j], [-1, -2 + 1j, -2 - 1j], -0.5),
    "twenty": ([], [-n for n in range(1, 21)], 1e18),
}


def exponential(flow, t):
    size = float(mp.mnorm(flow, 1)) * t
    squarings = max(0, math.ceil(math.log2(size)) + 8) if size > 0 else 0
    with mp.workdps(60 + squarings):
        small = flow * (mpf(t) / 2**squarings)
        term = total = mp.eye(flow.rows)
        order = 0
        while mp.mnorm(term, 1) > mpf(10) ** (-mp.dps - 5):
            order += 1
            term = term * small / order
            total = total + term
        for _ in range(squarings):
            total = total * total
        return total


TIMES = [0.0, 1e-3, 0.1, 0.7, 1.0, 3.3, 10.0]


def responses(name, numerator, denominator):
    """By the companion form of the exact coefficients, in 60 digits and more where they cancel."""
    n = len(denominator) - 1
    numerator = [mpc(c) for c in numerator]
    numerator = [mpc(0)] * (n + 1 - len(numerator)) + numerator
    denominator = [mpc(c) for c in denominator]
    through = numerator[0] / denominator[0]
    c = [(numerator[n - k] - through * denominator[n - k]) / denominator[0] for k in range(n)]
    flow = mp.zeros(n + 2)
    for k in range(n - 1):
        flow[k, k + 1] = 1
    for k in range(n):
        flow[n - 1, k] = -denominator[n - k] / denominator[0]
    omega = mpf(1.5)
    for t in TIMES:
        sine = flow.copy()
        sine[n - 1, n] = 1
        sine[n, n + 1], sine[n + 1, n] = omega, -omega
        state = exponential(sine, t)
        add(name, "y", t, sum(c[k] * state[k, n + 1] for k in range(n)) + through * mp.sin(omega * t))
        add(name, "impulse", t, sum(c[k] * state[k, n - 1] for k in range(n)))
        step = flow.copy()
        step[n - 1, n] = 1
        state = exponential(step, t)
        add(name, "step", t, sum(c[k] * state[k, n] for k in range(n)) + through)
    for s in [0.5j, 1 + 2j, -0.25 + 7j, 3, 1e-3, 2e3j]:
        value = mp.polyval(numerator, mpc(s)) / mp.polyval(denominator, mpc(s))
        add(name, "H", s, value)


def check(name, numerator, denominator):
    """scipy and python-control agree, as far as their digits go."""
    times = np.array(TIMES[2:])
    rows = {row[2]: row[4] for row in ROWS if row[0] == name and row[1] == "step"}
    system = control.tf([complex(c).real for c in numerator], [complex(c).real for c in denominator])
    grid = np.linspace(0, 10, 10001)
    _, step = scipy.signal.step((system.num[0][0], system.den[0][0]), T=grid)
    for t in times:
        ours = rows[t]
        assert abs(np.interp(t, grid, step) - ours) < 1e-5 * max(1, abs(ours)), (name, t)
    value = complex(system(0.5j))
    ours = next(row for row in ROWS if row[0] == name and row[1] == "H")
    assert abs(value - complex(ours[4], ours[5])) < 1e-9 * abs(value), name


def add_roots(name, quantity, roots):
    order = lambda p: (abs(p.imag), -p.real, -p.imag)  # noqa: E731
    # What 60 digits leave of a repeated real root is no pair.
    real = [complex(root.real if abs(root.imag) < 1e-17 else root) for root in map(complex, roots)]
    for n, root in enumerate(sorted(real, key=order)):
        add(name, quantity, n, root)


def polynomials():
    for name, (numerator, denominator) in POLYNOMIALS.items():
        responses(name, numerator, denominator)
        if name not in ("close", "wilkinson"):
            check(name, numerator, denominator)
        precise = dict(maxsteps=2000, extraprec=2000)
        poles = mp.polyroots([mpf(c) for c in denominator], **precise)
        add_roots(name, "pole", poles)
        if len(numerator) > 1:
            add_roots(name, "zero", mp.polyroots([mpf(c) for c in numerator], **precise))
        if name in ("double", "integrators"):
            residues, at, _ = scipy.signal.residue(numerator, denominator)
            order = sorted(range(len(at)), key=lambda n: (round(abs(at[n].imag), 9), -round(at[n].real, 6), n))
            for n, index in enumerate(order):
                add(name, "residue", n, residues[index])
        else:
            derivative = [c * (len(denominator) - 1 - n) for n, c in enumerate(map(mpf, denominator[:-1]))]
            exact = sorted(poles, key=lambda p: (float(abs(p.imag)), -float(p.real), -float(p.imag)))
            for n, pole in enumerate(exact):
                top = mp.polyval([mpf(c) for c in numerator], pole)
                if len(numerator) == len(denominator):
                    top -= mpf(numerator[0]) / denominator[0] * mp.polyval([mpf(c) for c in denominator], pole)
                add(name, "residue", n, top / mp.polyval(derivative, pole))


def roots():
    for name, (zeros, poles, gain) in ROOTS.items():
        numerator, denominator = product(zeros, gain), product(poles)
        with mp.workdps(120):
            responses(name, numerator, denominator)
        if name == "equal":
            # (s + 3)/((s + 1)^3 (s + 2)) = 1/(s+1) - 1/(s+1)^2 + 2/(s+1)^3 - 1/(s+2).
            for n, value in enumerate([1, -1, 2, -1]):
                add(name, "residue", n, value)
            continue
        for n, pole in enumerate(poles):
            top = mpc(gain)
            for zero in zeros:
                top *= mpc(pole) - mpc(zero)
            for other in poles[:n] + poles[n + 1 :]:
                top /= mpc(pole) - mpc(other)
            add(name, "residue", n, top)


if __name__ == "__main__":
    polynomials()
    roots()
    with open(os.path.join(HERE, "transfer_function.csv"), "w", encoding="ascii", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["system", "quantity", "at_re", "at_im", "re", "im"])
        for row in ROWS:
            writer.writerow([*row[:2], *(repr(float(value)) for value in row[2:])])
