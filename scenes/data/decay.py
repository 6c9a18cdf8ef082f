"""Makes decay.csv, a record as a camera takes it of a mass on a spring, and fits a damped oscillator to it.

    python3 decay.py > decay.csv

The record is a damped oscillation, sampled ten times a second for eight seconds, with Gaussian errors of 1 mm. The fit
by least squares (Gauss and Newton) goes to the standard error; `own-data.toml` has its numbers.
"""

import math
import random
import sys

GAMMA, OMEGA, AMPLITUDE, PHASE = 0.62, 5.2, 24.0, 0.4
ERROR = 1.0
TIMES = [k / 10 for k in range(81)]
NAMES = ["gamma", "omega_u", "a", "b"]


def motion(p, t):
    """The displacement exp(-gamma*t/2)*(a*cos(omega_u*t) + b*sin(omega_u*t)) in mm, and its derivatives by p."""
    gamma, omega, a, b = p
    fade, cos, sin = math.exp(-gamma * t / 2), math.cos(omega * t), math.sin(omega * t)
    x = fade * (a * cos + b * sin)
    return x, [-t / 2 * x, fade * t * (b * cos - a * sin), fade * cos, fade * sin]


def solved(rows, right):
    """The solution of linear equations by elimination with pivots."""
    n = len(right)
    rows = [row[:] + [value] for row, value in zip(rows, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def fitted(record):
    """The parameters of least squares."""
    p = [0.5, 5.0, 20.0, 5.0]
    for _ in range(50):
        terms = [(x - motion(p, t)[0], motion(p, t)[1]) for t, x in record]
        matrix = [[sum(d[i] * d[j] for _, d in terms) for j in range(4)] for i in range(4)]
        right = [sum(rest * d[i] for rest, d in terms) for i in range(4)]
        p = [x + y for x, y in zip(p, solved(matrix, right))]
    return p


def main():
    chance = random.Random(7)
    start = [GAMMA, OMEGA, AMPLITUDE * math.cos(PHASE), AMPLITUDE * math.sin(PHASE)]
    record = [(t, round(motion(start, t)[0] + chance.gauss(0, ERROR), 2)) for t in TIMES]
    print("Time (s),Displacement (mm)")
    for t, x in record:
        print(f"{t:.1f},{x:.2f}")
    p = fitted(record)
    gamma, omega, a, b = p
    square = sum((x - motion(p, t)[0]) ** 2 for t, x in record) / len(record)
    for name, value in zip(NAMES, p):
        print(f"{name} = {value:.6f}", file=sys.stderr)
    print(f"omega0 = {math.hypot(omega, gamma / 2):.6f}", file=sys.stderr)
    print(f"x0 = {a:.6f}, v0 = {b * omega - a * gamma / 2:.6f}", file=sys.stderr)
    print(f"root of the mean square of the rest = {math.sqrt(square):.6f} mm", file=sys.stderr)


main()
