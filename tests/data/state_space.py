#!/usr/bin/env python3
"""Writes state_space.csv: states and responses of linear systems, known to more digits than a double has.

    pip install mpmath==1.4.1 scipy==1.17.1 control==0.10.2 numpy
    python3 tests/data/state_space.py

Inputs that solve a linear equation themselves (constants, sines, ramps) are more components of one matrix, whose
exponential mpmath computes with 60 digits. The response to a chirp is an integral by Gauss-Legendre quadrature. The
triangle wave is scipy's lsim, which is exact for it, and poles, transfer functions and step responses are
python-control's. A row is: system, quantity, argument (re and im), value (re and im).
"""

import csv
import math
import os

import control
import numpy as np
import scipy.signal
from mpmath import expm, mp, mpc, mpf, matrix

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = []


def add(system, quantity, argument, value):
    argument, value = complex(argument), complex(value)
    ROWS.append((system, quantity, argument.real, argument.imag, value.real, value.imag))


def exact(entries):
    return matrix([[mpc(complex(entry)) for entry in row] for row in entries])


def exponential(flow, t):
    """exp(flow * t) by scaling, Taylor series and squaring, with the digits that the squaring loses added first."""
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


def augmented(a, b, generator, output_row):
    """x' = a x + b (output_row . w), w' = generator w."""
    n, m = len(a), len(generator)
    flow = mp.zeros(n + m)
    for i in range(n):
        for j in range(n):
            flow[i, j] = mpc(complex(a[i][j]))
        for j in range(m):
            flow[i, n + j] = mpc(complex(b[i])) * mpf(output_row[j])
    for i in range(m):
        for j in range(m):
            flow[n + i, n + j] = mpf(generator[i][j])
    return flow


def write_states(name, flow, start, count, times):
    start = matrix([mpc(complex(value)) for value in start])
    for t in times:
        state = exponential(flow, t) * start
        for i in range(count):
            add(name, f"x{i}", t, state[i])


def sine(a, b, x0, omega):
    """The input sin(omega t)."""
    return augmented(a, b, [[0, omega], [-omega, 0]], [1, 0]), [*x0, 0, 1]


def constant(a, b, x0):
    return augmented(a, b, [[0]], [1]), [*x0, 1]


TIMES = [0.0, 1e-9, 1e-3, 0.1, 0.7, 1.0, 3.3, 10.0, 47.9]

SPRING = [[0, 1], [-4, -0.25]]
JORDAN = [[-0.5, 1, 0], [0, -0.5, 1], [0, 0, -0.5]]
STIFF_COMPANION = [[0, 1], [-1e6, -1000001]]
# P diag(-1e6, -1) P^-1 with P = [[1, 1], [1, 2]]: whole numbers.
STIFF_FULL = [[-1999999, 999999], [-1999998, 999998]]
# The same for -1e6, -30, -1 with P = [[1, 1, 1], [1, 2, 3], [1, 3, 6]].
P3 = np.array([[1, 1, 1], [1, 2, 3], [1, 3, 6]])
P3_INVERSE = np.array([[3, -3, 1], [-3, 5, -2], [1, -2, 1]])
STIFF_THREE = (P3 @ np.diag([-1000000, -30, -1]) @ P3_INVERSE).tolist()
UNSTABLE = [[0, 1], [2, 1]]
INTEGRATOR = [[0, 1], [0, 0]]
FAST = [[0, 1], [-1e6, -10]]


def legs(n):
    root = np.sqrt(2 * np.arange(n) + 1.0)
    full = np.sqrt(np.outer(2 * np.arange(n) + 1, 2 * np.arange(n) + 1.0))
    return (-np.tril(full, -1) - np.diag(np.arange(n) + 1.0)), root


def legt(n, window):
    index = np.arange(n)
    full = np.sqrt(np.outer(2 * index + 1, 2 * index + 1.0))
    sign = np.where(index[None, :] <= index[:, None], 1.0, (-1.0) ** (index[:, None] - index[None, :]))
    return -full * sign / window, np.sqrt(2 * index + 1.0) / window


def fout(n):
    frequencies = np.arange(n // 2)
    d = np.stack([np.zeros(n // 2), frequencies], axis=-1).reshape(-1)[1:]
    a = np.pi * (-np.diag(d, 1) + np.diag(d, -1))
    b = np.zeros(n)
    b[0::2] = 2**0.5
    b[0] = 1
    # As exact products: 1, sqrt 2 and 2.
    product = np.zeros((n, n))
    product[0::2, 0::2] = 2
    product[0, 0::2] = product[0::2, 0] = 2**0.5
    product[0, 0] = 1
    return a - product, b


def states():
    write_states("spring-sine", *sine(SPRING, [0, 1], [1, -0.5], 1.5), 2, TIMES)
    write_states("jordan-sine", *sine(JORDAN, [1, 0, 1], [0.5, -1, 2], 2.0), 3, TIMES)
    write_states("stiff-companion-sine", *sine(STIFF_COMPANION, [0, 1e6], [1, 0], 1.0), 2, TIMES)
    write_states("stiff-full-sine", *sine(STIFF_FULL, [1, -1], [1, 0.5], 1.0), 2, TIMES)
    write_states("stiff-full-free", *constant(STIFF_FULL, [0, 0], [1, 0.5]), 2, TIMES)
    write_states("stiff-three-sine", *sine(STIFF_THREE, [1, 1, 0], [1, 0, -1], 3.0), 3, TIMES)
    write_states("unstable-sine", *sine(UNSTABLE, [0, 1], [0.25, 0], 1.0), 2, TIMES)
    write_states("integrator-constant", *constant(INTEGRATOR, [0, 1], [1, -2]), 2, TIMES)
    write_states("fast-sine", *sine(FAST, [0, 1e6], [1, 0], 40.0), 2, TIMES)
    write_states("long-free", *constant([[0, 1], [-3, 0]], [0, 0], [1, 0.5]), 2, [1e3 + 0.1, 1e6 + 0.1])
    write_states("long-sine", *sine([[0, 1], [-3, 0]], [0, 1], [1, 0.5], 1.0), 2, [10.1, 1e3 + 0.1, 3e3 + 0.1])
    decaying = [[-0.1, 8], [-8, -0.1]]
    write_states("spring-burst", augmented(SPRING, [0, 1], decaying, [1, 0]), [0, 0, 1, 1], 2, TIMES)
    modes = [[-0.5 + 3j, 0], [0, -0.25 - 7j]]
    write_states("complex-sine", *sine(modes, [1, 1 - 2j], [1j, 0.5], 2.0), 2, TIMES)
    a, b = legs(16)
    write_states("legs16-sine", *sine(a, b, [0] * 16, 5.0), 16, [0.1, 1.0, 7.7])
    a, b = legt(12, 1.5)
    write_states("legt12-sine", *sine(a, b, [0] * 12, 5.0), 12, [0.1, 1.0, 7.7])
    a, b = fout(10)
    write_states("fout10-sine", *sine(a, b, [0] * 10, 5.0), 10, [0.1, 1.0, 7.7])
    lagt = np.eye(8) / 2 - np.tril(np.ones((8, 8)))
    write_states("lagt8-sine", *sine(lagt, np.ones(8), [0] * 8, 5.0), 8, [0.1, 1.0, 7.7])


def square_wave():
    """1 for the first half of each 0.75 s, then -1."""
    flow = augmented(SPRING, [0, 1], [[0]], [1])
    half = 0.375
    for t in TIMES:
        state = matrix([mpf(1), mpf(-0.5)])
        whole = math.floor(t / half)
        step = exponential(flow, half)
        for k in range(whole):
            state = (step * matrix([state[0], state[1], (-1) ** k]))[:2, 0]
        last = exponential(flow, t - whole * half)
        state = last * matrix([state[0], state[1], (-1) ** whole])
        for i in range(2):
            add("spring-square", f"x{i}", t, state[i])


def pulses():
    """Pulses of 0.01 s at 1/3 s, 3.1 s and 20.3 s (whose ends are doubles)."""
    edges = [1 / 3, 1 / 3 + 0.01, 3.1, 3.1 + 0.01, 20.3, 20.3 + 0.25]
    flow = augmented(SPRING, [0, 1], [[0]], [1])
    for t in TIMES:
        state = matrix([mpf(0), mpf(0), mpf(0)])
        now = mpf(0)
        for index, edge in enumerate([*edges, math.inf]):
            end = min(mpf(edge), mpf(t))
            if end > now:
                state[2] = index % 2
                state = exponential(flow, end - now) * state
                now = end
        for i in range(2):
            add("spring-pulses", f"x{i}", t, state[i])


def chirp():
    """The input sin(3 t^2), by quadrature with the closed form of the impulse response."""
    gamma = mpf(SPRING[1][1]) / 2
    omega = mp.sqrt(mpf(4) - gamma**2)
    for t in [0.0, 0.1, 0.7, 1.0, 3.3, 10.0]:
        pieces = [mpf(t) * k / 400 for k in range(401)]

        def position(tau):
            s = mpf(t) - tau
            return mp.exp(gamma * s) * mp.sin(omega * s) / omega * mp.sin(3 * tau**2)

        def velocity(tau):
            s = mpf(t) - tau
            rate = gamma * mp.sin(omega * s) + omega * mp.cos(omega * s)
            return mp.exp(gamma * s) * rate / omega * mp.sin(3 * tau**2)

        with mp.workdps(30):
            add("spring-chirp", "x0", t, mp.quad(position, pieces, maxdegree=4) if t else 0)
            add("spring-chirp", "x1", t, mp.quad(velocity, pieces, maxdegree=4) if t else 0)


def triangle_wave():
    """scipy.signal.lsim interpolates its input linearly, so it is exact for a triangle wave: |(t mod 2) - 1|."""
    times = np.arange(0, 161) / 8
    u = np.abs(np.mod(times, 2) - 1)
    _, y, _ = scipy.signal.lsim((SPRING, [[0], [1]], [[1, 0]], [[0.5]]), u, times, X0=[1, -0.5])
    for t, value in zip(times[::5], y[::5]):
        add("spring-triangle", "y", t, value)


def legs64_kernel():
    """exp(t A) B = sqrt(2 n + 1) P_n(2 exp(-t) - 1) exp(-t), whatever is rounded in A."""
    for t in [0.0, 0.01, 0.3, 1.0, 5.0]:
        for n in range(0, 64, 7):
            decay = mp.exp(-mpf(t))
            add("legs64", f"impulse{n}", t, mp.sqrt(2 * n + 1) * mp.legendre(n, 2 * decay - 1) * decay)


def legs256_kernel():
    for t in [0.0, 0.01, 0.3, 1.0, 5.0]:
        for n in [0, 100, 255]:
            decay = mp.exp(-mpf(t))
            add("legs256", f"impulse{n}", t, mp.sqrt(2 * n + 1) * mp.legendre(n, 2 * decay - 1) * decay)


def control_responses():
    systems = {
        "spring": (SPRING, [[0], [1]], [[1, 0.5]], 0.25),
        "jordan": (JORDAN, [[1], [0], [1]], [[1, 0, 0]], 0),
        "legt5": (legt(5, 1.0)[0], legt(5, 1.0)[1][:, None], [[1, 0, 0, 0, 0]], 0),
        "fout7": (fout(8)[0][:7, :7], fout(8)[1][:7, None], [[1, 0, 0, 0, 0, 0, 0]], 0),
    }
    times = np.arange(0, 41) / 4
    for name, (a, b, c, d) in systems.items():
        system = control.ss(a, b, c, d)
        step = control.step_response(system, times)
        impulse = control.impulse_response(control.ss(a, b, c, 0), times)
        for at in range(0, 41, 5):
            add(name, "step", times[at], step.outputs[at])
            add(name, "impulse", times[at], impulse.outputs[at])
        for s in [0.5j, 1 + 2j, -0.25 + 7j, 3]:
            add(name, "H", s, system(s))
        if name != "jordan":
            poles = sorted(system.poles(), key=lambda p: (round(abs(p.imag), 9), -p.real, -p.imag))
            for n, pole in enumerate(poles):
                add(name, f"pole{n}", 0, pole)


def legt_values():
    for n, pole in enumerate([-2 + 1j * mp.sqrt(2), -2 - 1j * mp.sqrt(2)]):
        add("legt2", f"pole{n}", 0, pole)


if __name__ == "__main__":
    states()
    square_wave()
    pulses()
    chirp()
    triangle_wave()
    legs64_kernel()
    legs256_kernel()
    control_responses()
    legt_values()
    with open(os.path.join(HERE, "state_space.csv"), "w", encoding="ascii", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["system", "quantity", "at_re", "at_im", "re", "im"])
        for row in ROWS:
            writer.writerow([*row[:2], *(repr(float(value)) for value in row[2:])])
