#!/usr/bin/env python3
"""Writes chain.csv: frequencies and motions of chains of masses and springs, with 50 digits rounded to doubles.

    pip install mpmath==1.4.1
    python3 tests/data/chain.py

Undamped and proportionally damped chains come from mpmath's eigensolver for the mass-weighted stiffness matrix, those
whose damping couples the modes from the exponential of the matrix of the first-order system. A row is: chain,
quantity, time in s, value. All masses, stiffnesses and dampings are short binary fractions, so that they are the same
numbers in every program.
"""

import csv
import os

from mpmath import expm, mp, mpf, matrix

mp.dps = 50
HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = []
TIMES = [-0.75, 0.0, 0.25, 1.75, 10.0, 1000.5, 60000.25]


def mass(i):
    return mpf(1) + mpf(7 * i % 5) / 4


def stiffness(i):
    return mpf(2) + mpf(3 * i % 4) / 2


def one(_):
    return mpf(1)


def without(gaps):
    return lambda i: mpf(0) if i in gaps else stiffness(i)


def x0(i):
    return mpf(1 + 3 * i % 7) / 4


def v0(i):
    return mpf(5 * i % 6) / 2 - 1


def springs(ends, n):
    """The spring numbers with the masses on both sides."""
    if ends == "ring":
        return [(i, (i - 1) % n, i) for i in range(n)]
    first = 0 if ends != "free" else 1
    last = n if ends == "fixed" else n - 1
    return [(i, i - 1 if i > 0 else None, i if i < n else None) for i in range(first, last + 1)]


def laplacian(ends, n, weight):
    """The sum over springs of weight(i) times (right - left)^2 as a matrix."""
    result = mp.zeros(n)
    for i, left, right in springs(ends, n):
        if left == right:
            continue
        for place in (left, right):
            if place is not None:
                result[place, place] += weight(i)
        if left is not None and right is not None:
            result[left, right] -= weight(i)
            result[right, left] -= weight(i)
    return result


def add(name, quantity, t, value):
    ROWS.append((name, quantity, t, value))


def write_motion(name, n, t, x, v, m, k):
    for i in range(n):
        add(name, f"x{i}", t, x[i])
        add(name, f"v{i}", t, v[i])
    add(name, "kinetic", t, sum(m(i) * v[i] ** 2 for i in range(n)) / 2)
    add(name, "potential", t, (x.T * k * x)[0] / 2)


def amplitude(square, beta, q0, rate0, t):
    """The motion of one mode and its rate."""
    gamma = beta * square / 2
    delta = mp.sqrt(mp.mpc(gamma**2 - square))
    if abs(delta) < mpf(10) ** -20:
        q = mp.exp(-gamma * t) * (q0 + (rate0 + gamma * q0) * t)
        return q, mp.exp(-gamma * t) * (rate0 - gamma * (rate0 + gamma * q0) * t)
    a = (rate0 + (gamma + delta) * q0) / (2 * delta)
    b = q0 - a
    slow, fast = mp.exp((delta - gamma) * t), mp.exp((-delta - gamma) * t)
    return (a * slow + b * fast).real, (a * (delta - gamma) * slow - b * (delta + gamma) * fast).real


def separate(name, ends, n, m, k, beta=mpf(0), times=TIMES):
    matrix_k = laplacian(ends, n, k)
    roots = [mp.sqrt(m(i)) for i in range(n)]
    weighted = matrix(n, n)
    for i in range(n):
        for j in range(n):
            weighted[i, j] = matrix_k[i, j] / (roots[i] * roots[j])
    squares, vectors = mp.eigsy(weighted)
    squares = [mpf(0) if abs(s) < mpf(10) ** -40 else s for s in squares]
    for mode, square in enumerate(sorted(squares)):
        add(name, f"omega{mode}", 0, mp.sqrt(square))
    for t in times:
        x, v = mp.zeros(n, 1), mp.zeros(n, 1)
        for mode in range(n):
            q0 = sum(vectors[i, mode] * roots[i] * x0(i) for i in range(n))
            rate0 = sum(vectors[i, mode] * roots[i] * v0(i) for i in range(n))
            q, rate = amplitude(squares[mode], beta, q0, rate0, mpf(t))
            for i in range(n):
                x[i] += q * vectors[i, mode] / roots[i]
                v[i] += rate * vectors[i, mode] / roots[i]
        write_motion(name, n, t, x, v, m, matrix_k)


def coupled(name, ends, n, m, k, c, times):
    matrix_k, matrix_c = laplacian(ends, n, k), laplacian(ends, n, c)
    flow = mp.zeros(2 * n)
    for i in range(n):
        flow[i, n + i] = 1
        for j in range(n):
            flow[n + i, j] = -matrix_k[i, j] / m(i)
            flow[n + i, n + j] = -matrix_c[i, j] / m(i)
    start = matrix([x0(i) for i in range(n)] + [v0(i) for i in range(n)])
    for t in times:
        with mp.workdps(80):
            state = expm(flow * mpf(t), method="taylor") * start if t else start
        write_motion(name, n, t, state[:n, 0], state[n:, 0], m, matrix_k)


if __name__ == "__main__":
    separate("fixed", "fixed", 4, one, one)
    separate("free", "free", 4, one, one)
    separate("fixed-free", "fixed-free", 4, one, one)
    separate("ring", "ring", 5, one, one)
    separate("fixed-unequal", "fixed", 6, mass, stiffness)
    separate("free-unequal", "free", 5, mass, stiffness)
    separate("fixed-free-unequal", "fixed-free", 5, mass, stiffness)
    separate("ring-unequal", "ring", 6, mass, stiffness)
    separate("cut", "fixed", 7, mass, without((3, 4)))
    separate("ring-cut", "ring", 5, one, without((2,)))
    separate("damped", "fixed", 5, mass, stiffness, mpf(1) / 8, [-0.75, 0.0, 0.25, 1.75, 10.0, 40.0])
    separate("creeping", "free", 4, mass, stiffness, mpf(3), [-0.25, 0.0, 0.25, 1.75, 10.0, 1000.5])
    separate("critical", "fixed", 1, one, lambda i: mpf(2), mpf(1), [-0.75, 0.0, 0.25, 1.75, 10.0])
    times = [-0.75, 0.0, 0.25, 1.75, 10.0, 40.0]
    coupled("coupled", "fixed", 4, mass, stiffness, lambda i: mpf(i % 3) / 4, times)
    coupled("coupled-ring", "ring", 4, mass, stiffness, lambda i: mpf(1 if i == 2 else 0) / 2, times)
    with open(os.path.join(HERE, "chain.csv"), "w", encoding="ascii", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["chain", "quantity", "t", "value"])
        for name, quantity, t, value in ROWS:
            writer.writerow([name, quantity, repr(float(t)), repr(float(value))])
