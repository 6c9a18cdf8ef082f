#!/usr/bin/env python3
"""Prints the constants of src/solver/ode/radau/coefficients.rs.

    pip install mpmath==1.4.1
    python3 tests/data/ode_coefficients.py

Everything follows from the nodes of the Radau IIA method with five stages; see E. Hairer, G. Wanner, Solving Ordinary
Differential Equations II, sections IV.5 and IV.8.
"""

from mpmath import eig, im, inverse, matrix, mp, mpf, polyroots, re

mp.dps = 60
STAGES = 5


def product(a, b):
    """The product of two polynomials, lowest power first."""
    result = [mpf(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for k, y in enumerate(b):
            result[i + k] += x * y
    return result


def value(polynomial, x):
    return sum(a * x**i for i, a in enumerate(polynomial))


def radau_nodes():
    """Zeros of the derivative of order STAGES - 1 of s^(STAGES - 1) (s - 1)^STAGES."""
    polynomial = [mpf(1)]
    for factor in [[mpf(0), mpf(1)]] * (STAGES - 1) + [[mpf(-1), mpf(1)]] * STAGES:
        polynomial = product(polynomial, factor)
    for _ in range(STAGES - 1):
        polynomial = [i * a for i, a in enumerate(polynomial)][1:]
    roots = polyroots(polynomial[::-1], maxsteps=1000, extraprec=600)
    return sorted(re(root) for root in roots)[:-1] + [mpf(1)]


def lagrange(nodes, index):
    """The polynomial that is 1 at one node and 0 at the others."""
    result = [mpf(1)]
    for other, x in enumerate(nodes):
        if other != index:
            result = [a / (nodes[index] - x) for a in product(result, [-x, mpf(1)])]
    return result


def collocation_matrix(nodes):
    """A: integrals of the Lagrange polynomials from 0 to the nodes."""
    a = matrix(STAGES, STAGES)
    for k in range(STAGES):
        integral = [mpf(0)] + [c / (i + 1) for i, c in enumerate(lagrange(nodes, k))]
        for i in range(STAGES):
            a[i, k] = value(integral, nodes[i])
    return a


def block_diagonalize(a_inverse):
    """The real eigenvalue, the complex pairs, and T, whose columns end in 1 and 0."""
    values, vectors = eig(a_inverse)
    real = min(range(STAGES), key=lambda k: abs(im(values[k])))
    pairs = [k for k in range(STAGES) if k != real and im(values[k]) > 0]
    pairs.sort(key=lambda k: -re(values[k]))
    columns = []
    for k in [real, *pairs]:
        vector = [vectors[i, k] / vectors[STAGES - 1, k] for i in range(STAGES)]
        columns.append([re(x) for x in vector])
        if k != real:
            columns.append([im(x) for x in vector])
    t = matrix(STAGES, STAGES)
    for k, column in enumerate(columns):
        for i, x in enumerate(column):
            t[i, k] = x
    return re(values[real]), [(re(values[k]), im(values[k])) for k in pairs], t


def error_weights(nodes, a, mu):
    """mu (b^ - b) A^-1, where b^ is exact up to order STAGES and gives the start the weight 1/mu."""
    moments, target = matrix(STAGES, STAGES), matrix(STAGES, 1)
    for n in range(STAGES):
        target[n] = mpf(1) / (n + 1) - (1 / mu if n == 0 else 0)
        for k in range(STAGES):
            moments[n, k] = nodes[k] ** n
    embedded = inverse(moments) * target
    difference = matrix([[embedded[k] - a[STAGES - 1, k] for k in range(STAGES)]])
    return mu * (difference * inverse(a))


def nested_form(polynomial):
    """The coefficients c0, c1, … of c0 + s (c1 + r (c2 + s (c3 + …))), with r = 1 - s."""
    coefficients = []
    for depth in range(len(polynomial)):
        at = depth % 2
        coefficients.append(value(polynomial, at))
        rest = [polynomial[0] - coefficients[-1], *polynomial[1:]]
        if at == 0:
            polynomial = rest[1:]
        else:
            # Division by 1 - s.
            polynomial = [sum(rest[: i + 1]) for i in range(len(rest) - 1)]
    return coefficients


def show(name, rows):
    print(name)
    for row in rows:
        print("   ", [float(x) for x in row])


def main():
    nodes = radau_nodes()
    a = collocation_matrix(nodes)
    mu, pairs, t = block_diagonalize(inverse(a))
    show("NODES", [nodes])
    show("REAL", [[mu]])
    show("PAIRS", pairs)
    show("T", t.tolist())
    show("T_INVERSE", inverse(t).tolist())
    show("ERROR", error_weights(nodes, a, mu).tolist())
    forms = [nested_form(lagrange([mpf(0), *nodes], k + 1)) for k in range(STAGES)]
    show("DENSE", [[form[i] for form in forms] for i in range(2, STAGES + 1)])


if __name__ == "__main__":
    main()
