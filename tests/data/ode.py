#!/usr/bin/env python3
"""Writes ode.csv: solutions of differential equations to 24 digits.

    pip install mpmath==1.4.1
    python3 tests/data/ode.py

Every equation is written with polynomial right-hand sides (sines and powers of the radius become components of their
own) and integrated by Taylor series of order 40 in 60 digits, a method that shares nothing with the solver's. A
second run with steps half as long must agree. A row holds the name of the problem, the time and the values of the
state.
"""

import os

from mpmath import mp, mpf

mp.dps = 60
ORDER = 40
HERE = os.path.dirname(os.path.abspath(__file__))


def product(a, b, k):
    """Coefficient k of the product of two series."""
    return mp.fdot((a[i], b[k - i]) for i in range(k + 1))


def lorenz(y, k, extra):
    x, v, z = y
    return [10 * (v[k] - x[k]), 28 * x[k] - product(x, z, k) - v[k], product(x, v, k) - mpf(8) / 3 * z[k]]


def van_der_pol(y, k, extra):
    x, v = y
    extra["xx"].append(product(x, x, k))
    return [v[k], 5 * (v[k] - product(extra["xx"], v, k)) - x[k]]


def pendulum(y, k, extra):
    """Components: the angle, its rate, and sine and cosine of the angle."""
    _, rate, sine, cosine = y
    return [rate[k], -sine[k], product(cosine, rate, k), -product(sine, rate, k)]


def kepler(y, k, extra):
    """Components: the place, the velocity, and u = 1/r with u' = -u^3 (x vx + y vy)."""
    px, py, vx, vy, u = y
    extra["uu"].append(product(u, u, k))
    extra["uuu"].append(product(extra["uu"], u, k))
    extra["xv"].append(product(px, vx, k) + product(py, vy, k))
    cube = extra["uuu"]
    return [vx[k], vy[k], -product(px, cube, k), -product(py, cube, k), -product(cube, extra["xv"], k)]


def duffing(drive):
    """x'' = -0.3 x' + x - x^3 + drive cos(1.2 t). Components: the place, its rate, and cosine and sine of the drive."""

    def equation(y, k, extra):
        x, v, cosine, sine = y
        extra["xx"].append(product(x, x, k))
        force = drive * cosine[k] + x[k] - product(extra["xx"], x, k)
        return [v[k], force - mpf("0.3") * v[k], -mpf("1.2") * sine[k], mpf("1.2") * cosine[k]]

    return equation


DEGREES = mp.pi / 180
# Name, equation, components that are written, start, steps a second, times.
PROBLEMS = [
    ("lorenz", lorenz, 3, [mpf(1), mpf(1), mpf(1)], 64, [0.5, 1, 2, 5, 10, 15, 20, 25, 30]),
    ("van-der-pol", van_der_pol, 2, [mpf(2), mpf(0)], 128, [0.5, 1, 5, 10, 20, 40]),
    ("pendulum", pendulum, 2, [179 * DEGREES, mpf(0), mp.sin(179 * DEGREES), mp.cos(179 * DEGREES)], 16,
     [1, 4, 8, 16, 32, 64]),
    ("duffing-periodic", duffing(mpf("0.2")), 2, [mpf(1), mpf(0), mpf(1), mpf(0)], 16, [1, 10, 50, 100, 200]),
    ("duffing-chaotic", duffing(mpf("0.5")), 2, [mpf(1), mpf(0), mpf(1), mpf(0)], 16, [1, 10, 20, 40, 60, 80]),
    ("kepler", kepler, 4, [mpf("0.1"), mpf(0), mpf(0), mp.sqrt(19), mpf(10)], 192, [0.25, 1, 3, 6, 9, 12]),
]


def step(equation, y, length):
    series = [[value] for value in y]
    extra = {"xx": [], "uu": [], "uuu": [], "xv": []}
    for k in range(ORDER):
        for coefficients, rate in zip(series, equation(series, k, extra)):
            coefficients.append(rate / (k + 1))
    return [mp.polyval(coefficients[::-1], length) for coefficients in series]


def solve(problem, refinement):
    _, equation, _, y, rate, times = problem
    length = mpf(1) / (rate * refinement)
    rows, count = [], 0
    for time in times:
        target = round(time * rate * refinement)
        assert target == time * rate * refinement
        while count < target:
            y = step(equation, y, length)
            count += 1
        rows.append(y)
    return rows


def main():
    with open(os.path.join(HERE, "ode.csv"), "w", encoding="ascii") as file:
        for problem in PROBLEMS:
            coarse, fine = solve(problem, 1), solve(problem, 2)
            for time, first, second in zip(problem[5], coarse, fine):
                difference = max(abs(a - b) for a, b in zip(first, second))
                assert difference < mpf(10) ** -24, (problem[0], time, difference)
                values = [mp.nstr(value, 25) for value in second[: problem[2]]]
                file.write(",".join([problem[0], repr(float(time)), *values]) + "\n")


if __name__ == "__main__":
    main()
