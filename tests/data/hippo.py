#!/usr/bin/env python3
"""Writes hippo.csv: coefficients and reconstructions of HiPPO memories, known to more digits than a double has.

    pip install mpmath==1.4.1
    python3 tests/data/hippo.py

The coefficients of legs and lagt are integrals, by Gauss-Legendre quadrature with 160 nodes between the times at which
the input jumps or turns. Those of legt and fout solve a linear equation. A sine and a constant solve linear equations
themselves, so they become more components of one matrix, whose exponential is a Taylor series that is squared. All of
it is computed with 50 digits. A row is: measure, order, window, input, quantity, its argument, time, value.
"""

import csv
import os

from mpmath import mp, mpf, matrix

mp.dps = 50
HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = []


def gauss(count):
    """Nodes and weights on [-1, 1], by Newton's method."""
    rule = []
    for index in range(count):
        x = mp.cos(mp.pi * (index + mpf(3) / 4) / (count + mpf(1) / 2))
        for _ in range(8):
            before, now = mpf(0), mpf(1)
            for n in range(count):
                before, now = now, ((2 * n + 1) * x * now - n * before) / (n + 1)
            slope = count * (before - x * now) / (1 - x * x)
            x -= now / slope
        rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    return rule


RULE = gauss(160)

# The inputs, and where they are not smooth.
INPUTS = {
    "sine": (lambda t: mp.sin(5 * t), lambda t: []),
    "burst": (lambda t: mp.exp(-t) * mp.cos(20 * t), lambda t: []),
    "kink": (lambda t: abs(t - 1), lambda t: [mpf(1)]),
    "square": (lambda t: mp.sign(mp.sin(3 * t)), lambda t: [k * mp.pi / 3 for k in range(1, int(3 * t / mp.pi) + 1)]),
}


def legendre(order, x):
    values = [mpf(1), x]
    for n in range(1, order):
        values.append(((2 * n + 1) * x * values[n] - n * values[n - 1]) / (n + 1))
    return [mp.sqrt(2 * n + 1) * values[n] for n in range(order)]


def laguerre(order, x):
    values = [mp.exp(-x / 2), (1 - x) * mp.exp(-x / 2)]
    for n in range(1, order):
        values.append(((2 * n + 1 - x) * values[n] - n * values[n - 1]) / (n + 1))
    return values[:order]


def fourier(order, y):
    values = [mpf(1), mpf(0)]
    for k in range(1, order // 2 + 1):
        values += [mp.sqrt(2) * mp.cos(2 * mp.pi * k * y), mp.sqrt(2) * mp.sin(2 * mp.pi * k * y)]
    return values[:order]


def basis(measure, order, window, s, t):
    if measure == "legs":
        return legendre(order, 2 * s / t - 1)
    if measure == "legt":
        return legendre(order, 1 - 2 * (t - s) / window)
    if measure == "lagt":
        return laguerre(order, t - s)
    return fourier(order, (t - s) / window)


def integrals(measure, order, name, t):
    """The projections of legs and lagt, in pieces of at most two seconds."""
    function, edges = INPUTS[name]
    count = int(t / 2) + 1
    ends = sorted({mpf(0), t, *(edge for edge in edges(t) if edge < t), *(t * k / count for k in range(count))})
    sums = [mpf(0)] * order
    for start, end in zip(ends, ends[1:]):
        for x, weight in RULE:
            s = (start + end) / 2 + (end - start) / 2 * x
            factor = weight * (end - start) / 2 * function(s)
            values = basis(measure, order, None, s, t)
            sums = [total + factor * value for total, value in zip(sums, values)]
    return [total / t for total in sums] if measure == "legs" else sums


def equation(measure, order, window):
    """A and B."""
    a, b = mp.zeros(order), [mpf(0)] * order
    for n in range(order):
        for k in range(order):
            if measure == "legt":
                a[n, k] = -mp.sqrt((2 * n + 1) * (2 * k + 1)) * (1 if k <= n else (-1) ** (k - n)) / window
            else:
                b_n, b_k = [0 if m % 2 else mp.sqrt(2 if m else 1) for m in (n, k)]
                turn = mp.pi * (n // 2)
                a[n, k] = -b_n * b_k + (-turn if n % 2 == 0 and k == n + 1 else turn if n % 2 and k == n - 1 else 0)
                a[n, k] *= 2 / mpf(window)
        if measure == "legt":
            b[n] = mp.sqrt(2 * n + 1) / window
        else:
            b[n] = (0 if n % 2 else mp.sqrt(2 if n else 1)) * 2 / mpf(window)
    return a, b


def exponential(flow, t):
    squarings = max(0, int(mp.log(mp.mnorm(flow, 1) * t, 2))) + 6
    small = flow * (t / 2**squarings)
    term = total = mp.eye(flow.rows)
    order = 0
    while mp.mnorm(term, 1) > mpf(10) ** (-mp.dps - 5):
        order += 1
        term = term * small / order
        total = total + term
    for _ in range(squarings):
        total = total * total
    return total


def augmented(measure, order, window, generator, row):
    a, b = equation(measure, order, window)
    flow = mp.zeros(order + len(generator))
    for i in range(order):
        for j in range(order):
            flow[i, j] = a[i, j]
        for j, value in enumerate(row):
            flow[i, order + j] = b[i] * value
    for i, entries in enumerate(generator):
        for j, entry in enumerate(entries):
            flow[order + i, order + j] = mpf(entry)
    return flow


def states(measure, order, window, name, times):
    """The solutions of c' = A c + B u for legt and fout, at multiples of the first time."""
    if name == "sine":
        flow = augmented(measure, order, window, [[0, 5], [-5, 0]], [1, 0])
        first = exponential(flow, times[0])
        state, now = matrix([0] * order + [0, 1]), mpf(0)
        for t in times:
            for _ in range(round((t - now) / times[0])):
                state = first * state
            now = t
            yield t, list(state)[:order]
        return
    flow = augmented(measure, order, window, [[0]], [1])
    half = exponential(flow, mp.pi / 3)
    for t in times:
        state, now, sign = matrix([0] * order + [1]), mpf(0), 1
        while now + mp.pi / 3 <= t:
            state, now, sign = half * state, now + mp.pi / 3, -sign
            state[order] = sign
        yield t, list(exponential(flow, t - now) * state)[:order]


def write(measure, order, window, name, pairs):
    head = [measure, order, float(window or 0), name]
    for t, coefficients in pairs:
        picked = sorted({n for n in (0, 1, 2, 3, 7, 12, 21, 22, 31, 46, 62, 63, 100, 127) if n < order} | {order - 1})
        for n in picked:
            ROWS.append([*head, "c", n, float(t), float(coefficients[n])])
        span = {"legs": t, "lagt": mpf(12)}.get(measure, window)
        for share in ("0", "0.015625", "0.25", "0.59375", "0.984375", "1"):
            s = t - mpf(share) * span
            values = basis(measure, order, window, s, t)
            value = mp.fdot(zip(coefficients, values))
            ROWS.append([*head, "reconstruction", float(s), float(t), float(value)])


def main():
    for order, name, times in [
        (64, "sine", ["0.001", "0.75", "7.3125", "40"]),
        (64, "burst", ["0.03125", "2", "11.625"]),
        (16, "kink", ["0.5", "1.0009765625", "3.25", "40"]),
        (64, "kink", ["1.25", "6.5"]),
        (32, "square", ["1.0478515625", "3.1875", "10.5"]),
        (64, "square", ["2.0625", "30.25"]),
        (128, "sine", ["12.5"]),
        (128, "square", ["5.25"]),
    ]:
        times = [mpf(t) for t in times]
        write("legs", order, None, name, [(t, integrals("legs", order, name, t)) for t in times])
    for order, name, times in [
        (16, "sine", ["0.5", "3.25"]),
        (64, "sine", ["1.5", "20.25"]),
        (64, "square", ["2.0625", "20.25"]),
        (64, "kink", ["1.25", "30.5"]),
    ]:
        times = [mpf(t) for t in times]
        write("lagt", order, None, name, [(t, integrals("lagt", order, name, t)) for t in times])
    for measure, order, window, name, times in [
        ("legt", 24, 1, "sine", ["0.25", "1", "5"]),
        ("legt", 64, 2, "sine", ["0.5", "2", "12"]),
        ("legt", 24, 1.5, "square", ["0.5", "2.125", "9.25"]),
        ("fout", 25, 2, "sine", ["0.25", "1", "5"]),
        ("fout", 64, 2, "sine", ["0.5", "2", "12"]),
        ("fout", 24, 1.5, "square", ["0.5", "2.125", "9.25"]),
    ]:
        times = [mpf(t) for t in times]
        write(measure, order, mpf(window), name, states(measure, order, mpf(window), name, times))
    with open(os.path.join(HERE, "hippo.csv"), "w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["measure", "order", "window", "input", "quantity", "argument", "t", "value"])
        writer.writerows(ROWS)


if __name__ == "__main__":
    main()
