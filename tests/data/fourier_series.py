#!/usr/bin/env python3
"""Writes fourier_series.csv: Fourier coefficients and partial sums, with 40 digits rounded to doubles.

    pip install mpmath==1.4.1
    python3 tests/data/fourier_series.py

Coefficients come from closed forms. A row is: function, quantity (c or partial), n, time in s, value (re and im). The
period is 1 s except where a function's name says otherwise.
"""

import csv
import os

from mpmath import besseli, besselj, cos, exp, gamma, mp, mpc, mpf, pi, sin

mp.dps = 40
HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = []
J = mpc(0, 1)
LARGE = [*range(10), 31, 100, 501, 1000]
TIMES = [0.0, 0.125, 0.3, -0.45, 12.7, 1000.3]


def pulse(n):
    """1 from 1/3 s to 0.71 s, as doubles."""
    a, b = mpf(1 / 3), mpf(0.71)
    return b - a if n == 0 else (exp(-2 * J * pi * n * a) - exp(-2 * J * pi * n * b)) / (2 * J * pi * n)


def root(n):
    """The square root of |sin(pi t)|: an integral of sin^a cos (Gradshteyn and Ryzhik 3.631)."""
    a = mpf(1) / 2
    top = cos(pi * n) / 2**a * gamma(a + 1)
    return top / (gamma(1 + a / 2 + n) * gamma(1 + a / 2 - n))


def chirp(n):
    """cos(600 pi t + 1) + t^3 / 8 for 0 <= t < 1."""
    c = {300: exp(J) / 2, -300: exp(-J) / 2}.get(n, mpf(0))
    if n == 0:
        return c + mpf(1) / 32
    w = -2 * J * pi * n
    return c + (1 / w - 3 / w**2 + 6 / w**3) / 8


COEFFICIENTS = {
    "square": lambda n: 2 / (J * pi * n) if n % 2 else mpf(0),
    "triangle": lambda n: mpf(1) / 2 if n == 0 else -2 / (pi * n) ** 2 if n % 2 else mpf(0),
    "sawtooth": lambda n: mpf(1) / 2 if n == 0 else J / (2 * pi * n),
    "rectified": lambda n: -2 / (pi * (4 * mpf(n) ** 2 - 1)),
    "exponential": lambda n: besseli(n, 1) * (-J) ** n,
    "rational": lambda n: mpf(4) / 3 * mpf(2) ** -abs(n),
    "pulse": pulse,
    "root": root,
    "chirp": chirp,
    "phase": lambda n: besselj(n, 3),
}


if __name__ == "__main__":
    for name, c in COEFFICIENTS.items():
        for n in LARGE + ([299, 300, 301] if name == "chirp" else []):
            for sign in (1, -1) if n else (1,):
                ROWS.append((name, "c", sign * n, 0.0, c(sign * n)))
    for name in ("square", "triangle", "sawtooth", "phase"):
        for n in (0, 1, 5, 40, 200):
            for t in TIMES:
                terms = (COEFFICIENTS[name](k) * exp(2 * J * pi * k * mpf(t)) for k in range(-n, n + 1))
                ROWS.append((name, "partial", n, t, sum(terms)))
    with open(os.path.join(HERE, "fourier_series.csv"), "w", encoding="ascii", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["function", "quantity", "n", "t", "re", "im"])
        for name, quantity, n, t, value in ROWS:
            value = complex(value)
            writer.writerow([name, quantity, n, repr(t), repr(value.real), repr(value.imag)])
