#!/usr/bin/env python3
"""Writes functions.csv: values of special functions and logarithms, correctly rounded.

    pip install mpmath==1.4.1 scipy==1.17.1
    python3 tests/data/functions.py

mpmath computes each value in 50 digits. scipy must agree with it to 1e-11 of the value, or of 1 where that is more;
it works in double precision and is not written.

The columns are function, a, b, re, im: the value at the complex number a + j·b, and of besselj that of order a at b.
The inputs are exact doubles.
"""

import os

from mpmath import besselj, cbrt, erf, factorial, gamma, isint, log, mp, mpc, mpf, sincpi
from scipy import special

mp.dps = 50
HERE = os.path.dirname(os.path.abspath(__file__))
REAL = [-40.0, -7.5, -2.625, -1.0, -0.3, -1e-7, 1e-9, 0.125, 0.5, 1.0, 1.4616, 2.0, 3.75, 10.0, 64.0, 1e3, 123456.789]
COMPLEX = [(0.5, 0.25), (-3.0, 1e-3), (2.75, -1.5), (-0.875, 4.0), (1e-6, -1e-6), (0.0, 2.0), (1.0, 1e-9), (300.0, -7.0)]
ORDERS = [-3, 0, 1, 2, 5, 17, 60, 250]


def real_root(x):
    """The real cube root."""
    return cbrt(x) if x >= 0 else -cbrt(-x)


def rows():
    """The function, its two inputs, its value and scipy's, if scipy has it."""
    for x in REAL:
        yield "cbrt", x, 0.0, real_root(mpf(x)), special.cbrt(x)
        yield "erf", x, 0.0, erf(mpf(x)), special.erf(x)
        yield "sinc", x, 0.0, sincpi(mpf(x)), None
        if x > 0:
            yield "log10", x, 0.0, log(mpf(x)) / log(mpf(10)), None
            yield "log2", x, 0.0, log(mpf(x)) / log(mpf(2)), None
        if -30 < x < 170 and not (isint(x) and x <= 0):
            yield "gamma", x, 0.0, gamma(mpf(x)), special.gamma(x)
    for n in [0, 1, 2, 5, 12, 20, 23, 30, 100, 170]:
        yield "factorial", float(n), 0.0, factorial(n), special.factorial(n)
    for re, im in COMPLEX:
        z = mpc(re, im)
        yield "sinc", re, im, sincpi(z), None
        yield "log10", re, im, log(z) / log(mpf(10)), None
        yield "log2", re, im, log(z) / log(mpf(2)), None
    for n in ORDERS:
        for x in REAL[:-1]:
            yield "besselj", float(n), x, besselj(n, mpf(x)), special.jv(n, x)


def main():
    """Writes the file."""
    with open(os.path.join(HERE, "functions.csv"), "w", encoding="utf-8") as file:
        file.write("function,a,b,re,im\n")
        for function, a, b, value, other in rows():
            value = mpc(value)
            if other is not None:
                assert abs(value.real - other) <= 1e-11 * max(1, abs(value.real)), (function, a, b, value, other)
            file.write(f"{function},{a!r},{b!r},{float(value.real)!r},{float(value.imag)!r}\n")


main()
