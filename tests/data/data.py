#!/usr/bin/env python3
"""Writes data.csv: rows of time series with gaps, and the values between the rows, correctly rounded.

    pip install mpmath==1.4.1 numpy==2.4.6 scipy==1.17.1
    python3 tests/data/data.py

A cubic value comes from a dense linear system, solved in 60 digits: four coefficients of every interval, the
values at both of its ends, continuous first and second derivatives, and a continuous third derivative at the second
row and at the last but one. scipy's CubicSpline and numpy's interp must agree with each value to 1e-9 of the series;
they work in double precision and are not written. Four rows of which two are close are left out of this comparison:
scipy loses digits there, and is off by 1e-4 of the series where times are 1e-6 apart.

The columns are kind, series, t, y. A row of a series has the kind `row`; an empty y is a gap. The other kinds are the
ways to interpolate; an empty y is a time without a value. The inputs are exact doubles.
"""

import math
import os
import random

import numpy as np
from mpmath import lu_solve, matrix, mp, mpf
from scipy.interpolate import CubicSpline

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))
GAP = math.nan


def series():
    """The name, times and values of every series."""
    choose = random.Random(1)
    for count in [1, 2, 3, 4, 5, 6, 9]:
        yield f"even-{count}", [0.5 * n for n in range(count)], [choose.uniform(-2, 2) for _ in range(count)]
    for count in [2, 3, 4, 5, 6, 9, 14]:
        times = sorted(choose.uniform(-3, 7) for _ in range(count))
        yield f"uneven-{count}", times, [choose.uniform(-1, 1) for _ in times]
    times = [0.05 * n * n for n in range(40)]
    yield "wave", times, [math.sin(t) for t in times]
    times = [1.7e9 + 0.125 * n + choose.choice([0, 0.03125]) for n in range(12)]
    yield "clock", times, [choose.uniform(20, 21) for _ in times]
    times = [0, 1e-6, 1, 1.001, 50, 50.0001, 50.0002, 1e4]
    yield "clustered", times, [choose.uniform(-1, 1) * 1e-9 for _ in times]
    yield "close-pair", [0.0, 1.0, 1 + 2.0**-20, 2.3], [choose.uniform(-1, 1) * 2.0**-20 for _ in range(4)]
    yield "close-values", [0.0, 1.0, 1 + 2.0**-20, 2.3], [0.3, 0.7, 0.7 + 2.0**-20, -0.2]
    yield "step", [float(n) for n in range(12)], [0.0] * 6 + [1.0] * 6
    gaps = {3, 5, 8, 9, 12, 16, 21}
    times = [0.3 * n + choose.uniform(0, 0.2) for n in range(24)]
    yield "gaps", times, [GAP if n in gaps else choose.uniform(-1, 1) for n in range(24)]
    yield "gap-at-the-ends", [float(n) for n in range(7)], [GAP, 1.0, 4.0, -2.0, 0.5, 3.0, GAP]
    yield "only-gaps", [0.0, 1.0], [GAP, GAP]


def piece(values, row):
    """The first row and the one behind the last of the rows without a gap around a row."""
    start = end = row
    while start > 0 and not math.isnan(values[start - 1]):
        start -= 1
    while end < len(values) and not math.isnan(values[end]):
        end += 1
    return start, end


def coefficients(times, values):
    """The polynomials of the spline in (t - t_i), lowest power first."""
    t, y = [mpf(x) for x in times], [mpf(x) for x in values]
    count = len(t) - 1
    if count <= 2:
        # The polynomial through all rows, by divided differences, about the start of each interval.
        c1 = (y[1] - y[0]) / (t[1] - t[0])
        c2 = 0 if count == 1 else ((y[2] - y[1]) / (t[2] - t[1]) - c1) / (t[2] - t[0])
        slope = lambda at: c1 + c2 * ((at - t[0]) + (at - t[1]))
        return [[y[i], slope(t[i]), c2, 0] for i in range(count)]
    rows, right = [], []

    def equation(entries, value):
        row = [mpf(0)] * (4 * count)
        for index, entry in entries:
            row[index] += entry
        rows.append(row)
        right.append(value)

    for i in range(count):
        h = t[i + 1] - t[i]
        equation([(4 * i, 1)], y[i])
        equation([(4 * i + k, h**k) for k in range(4)], y[i + 1])
        if i + 1 < count:
            equation([(4 * i + 1, 1), (4 * i + 2, 2 * h), (4 * i + 3, 3 * h**2), (4 * i + 5, -1)], 0)
            equation([(4 * i + 2, 2), (4 * i + 3, 6 * h), (4 * i + 6, -2)], 0)
    equation([(3, 1), (7, -1)], 0)
    equation([(4 * count - 5, 1), (4 * count - 1, -1)], 0)
    solution = lu_solve(matrix(rows), matrix(right))
    return [[solution[4 * i + k] for k in range(4)] for i in range(count)]


class Reference:
    def __init__(self, times, values):
        self.times, self.values, self.splines = times, values, {}

    def value(self, kind, t):
        """The exact value, or None."""
        times, values = self.times, self.values
        if not times[0] <= t <= times[-1]:
            return None
        row = max(n for n, time in enumerate(times) if time <= t)
        if times[row] == t or kind == "previous":
            return None if math.isnan(values[row]) else mpf(values[row])
        if kind == "none" or math.isnan(values[row]) or math.isnan(values[row + 1]):
            return None
        if kind == "linear":
            (t0, t1), (y0, y1) = map(mpf, times[row : row + 2]), map(mpf, values[row : row + 2])
            exact = y0 + (y1 - y0) * (mpf(t) - t0) / (t1 - t0)
            check(np.interp(t, times, values), exact, values[row : row + 2])
            return exact
        start, end = piece(values, row)
        if start not in self.splines:
            part = times[start:end], values[start:end]
            self.splines[start] = coefficients(*part), CubicSpline(*part)
        polynomials, scipy = self.splines[start]
        offset = mpf(t) - mpf(times[row])
        exact = sum(c * offset**k for k, c in enumerate(polynomials[row - start]))
        if end - start != 4 or min(np.diff(times[start:end])) > 1e-3:
            check(scipy(t), exact, values[start:end])
        return exact


def check(value, exact, values):
    scale = max(map(abs, values)) + abs(float(exact))
    assert abs(float(value) - float(exact)) <= 1e-9 * scale, (value, exact)


def questions(times):
    """Times of rows, between rows, and outside."""
    yield times[0] - 0.25
    for start, end in zip(times, times[1:]):
        yield start
        for share in [1e-9, 0.1, 0.5, 0.77, 1 - 1e-6]:
            yield start + share * (end - start)
    yield times[-1]
    yield times[-1] + 0.25


def written(value):
    return "" if value is None or math.isnan(value) else repr(float(value))


def main():
    lines = ["kind,series,t,y"]
    for name, times, values in series():
        times = list(map(float, times))
        lines += [f"row,{name},{t!r},{written(y)}" for t, y in zip(times, values)]
        reference = Reference(times, values)
        for kind in ["linear", "cubic", "previous", "none"]:
            for t in questions(times):
                lines.append(f"{kind},{name},{t!r},{written(reference.value(kind, t))}")
    with open(os.path.join(HERE, "data.csv"), "w", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


main()
