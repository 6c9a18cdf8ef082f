#!/usr/bin/env python3
"""Writes oscillator.csv and roots.csv: the oscillator's motion to 22 digits, and its characteristic roots.

    pip install mpmath==1.3.0
    python3 tests/data/oscillator.py

The motion is the exponential of a 4 x 4 matrix by scaling, Taylor series and squaring, in 120 digits,
with the drive as two more components that turn (c' = -w s, s' = w c). None of the closed forms that the
solver evaluates enters it. The inputs are exact doubles. A result is written as the nearest double and
what that leaves over; one that has decayed below 1e-80 is known to 1e-100 only.
"""

import itertools
import math
import os

from mpmath import expm, matrix, mp, mpf, sqrt

mp.dps = 120
HERE = os.path.dirname(os.path.abspath(__file__))

REGIMES = [
    0.0, 1e-6, 1e-3, 0.1, 0.5, 0.9, 1 - 1e-3, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12, 1 - 2**-53,
    1.0, 1 + 2**-52, 1 + 1e-12, 1 + 1e-9, 1 + 1e-6, 1.001, 1.1, 2.0, 10.0, 1e3, 1e6,
]
STARTS = [(1.0, 0.0), (0.0, 1.0), (-0.3, 2.1), (2.5, -0.7)]


def machines(zeta):
    """The same regime in the three ways to write it: kind, mass, and the kind's two numbers."""
    yield "zeta", 1.0, 1.7, zeta
    yield "gamma", 0.7, 3.3, 2 * zeta * 3.3
    yield "mechanical", 90.0, 10.0, 2 * zeta * math.sqrt(900.0)
    yield "mechanical", 0.31, 7.9, 2 * zeta * math.sqrt(0.31 * 7.9)


def exact_rates(machine):
    """k/m and b/m, exactly."""
    kind, mass, first, second = machine
    mass, first, second = mpf(mass), mpf(first), mpf(second)
    if kind == "mechanical":
        return first / mass, second / mass
    return first**2, second if kind == "gamma" else 2 * second * first


def motion(machine, start, drive, t):
    """x and v at t."""
    stiffness, gamma = exact_rates(machine)
    force, omega, phase = (mpf(value) for value in drive)
    push = force / mpf(machine[1])
    flow = matrix(
        [[0, 1, 0, 0], [-stiffness, -gamma, push, 0], [0, 0, 0, -omega], [0, 0, omega, 0]]
    )
    state = matrix([mpf(start[0]), mpf(start[1]), mp.cos(phase), mp.sin(phase)])
    state = expm(flow * mpf(t)) * state
    return state[0], state[1]


def pair(value):
    """The nearest double and the rest."""
    near = float(value)
    return f"{near!r},{float(value - mpf(near)):.6e}"


def free_cases():
    times = [0.0, 1e-9, 1e-3, 0.7, 3.0, 17.3, 250.0, 1e4]
    starts = itertools.cycle(STARTS)
    for zeta in REGIMES:
        for machine in machines(zeta):
            omega0 = float(sqrt(exact_rates(machine)[0]))
            start = next(starts)
            for time in times:
                yield machine, start, (0.0, 0.0, 0.0), time / omega0
        # The period of four starts and that of four machines would otherwise always pair the same two.
        next(starts)


def driven_cases():
    dampings = [0.0, 1e-6, 1e-3, 0.3, 1 - 1e-12, 1.0, 1 + 1e-12, 5.0, 1e6]
    ratios = [0.0, 1e-3, 0.5, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12, 1.0, 1 + 1e-12, 1 + 1e-9, 1 + 1e-6, 1.5, 1e3]
    times = [0.01, 2.0, 41.0, 1e3, 1e4]
    starts = itertools.cycle([(0.0, 0.0), (1.0, -0.4), (0.0, 0.0), (-0.2, 1.3), (0.0, 0.0)])
    phases = itertools.cycle([0.0, 0.4, -math.pi / 2, 2.5, 1.1, -3.0, 0.0])
    forces = itertools.cycle([1.0, -2.5, 40.0])
    written = [itertools.cycle(list(machines(zeta))) for zeta in dampings]
    for machines_of_one, ratio in itertools.product(written, ratios):
        machine = next(machines_of_one)
        omega0 = float(sqrt(exact_rates(machine)[0]))
        drive = (next(forces), omega0 * ratio, next(phases))
        start = next(starts)
        for time in times:
            yield machine, start, drive, time / max(omega0, drive[1])


def write_motion():
    with open(os.path.join(HERE, "oscillator.csv"), "w", encoding="ascii", newline="\n") as file:
        file.write("kind,mass,first,second,x0,v0,force,omega,phase,t,x,x_rest,v,v_rest\n")
        for machine, start, drive, t in itertools.chain(free_cases(), driven_cases()):
            x, v = motion(machine, start, drive, t)
            inputs = ",".join(repr(value) for value in (*machine[1:], *start, *drive, t))
            file.write(f"{machine[0]},{inputs},{pair(x)},{pair(v)}\n")


def write_roots():
    with open(os.path.join(HERE, "roots.csv"), "w", encoding="ascii", newline="\n") as file:
        file.write("kind,mass,first,second,re1,im1,re2,im2\n")
        for zeta in REGIMES:
            for machine in machines(zeta):
                stiffness, gamma = exact_rates(machine)
                shift = mp.sqrt(mp.mpc(gamma**2 / 4 - stiffness))
                first, second = -gamma / 2 + shift, -gamma / 2 - shift
                inputs = ",".join(repr(value) for value in machine[1:])
                parts = (first.real, first.imag, second.real, second.imag)
                file.write(f"{machine[0]},{inputs},{','.join(repr(float(part)) for part in parts)}\n")


if __name__ == "__main__":
    write_motion()
    write_roots()
