"""Test functions written with loops, indices and the math module."""

import math
from math import cos, e, exp, pi, sin, sqrt

import numpy as np

from third_party.cases import published


@published(-5, 5, 4, at=[[0.0] * 4])
def ackley(x):
    n = len(x)
    squares = 0
    cosines = 0
    for i in range(n):
        squares += x[i] ** 2
        cosines += cos(2 * pi * x[i])
    return -20 * exp(-0.2 * sqrt(squares / n)) - exp(cosines / n) + 20 + e


@published(-5.12, 5.12, 5, at=[[0.0] * 5])
def rastrigin(x):
    total = 10 * len(x)
    for xi in x:
        total = total + xi**2 - 10 * math.cos(2 * math.pi * xi)
    return total


@published(-60, 60, 4, at=[[0.0] * 4])
def griewank(x):
    s, p = 0.0, 1.0
    for i, v in enumerate(x, start=1):
        s += v * v / 4000
        p *= math.cos(v / math.sqrt(i))
    return s - p + 1


@published(-500, 500, 3, at=[[420.9687] * 3, [0.0] * 3])
def schwefel(x):
    value = 0
    for i in range(len(x)):
        value = value - x[i] * math.sin(math.sqrt(abs(x[i])))
    return 418.9829 * len(x) + value


@published(-10, 10, 4, at=[[1.0] * 4])
def levy(x):
    w = [1 + (xi - 1) / 4 for xi in x]
    d = len(w)
    first = sin(pi * w[0]) ** 2
    last = (w[d - 1] - 1) ** 2 * (1 + sin(2 * pi * w[d - 1]) ** 2)
    middle = 0
    for wi in w[:-1]:
        middle += (wi - 1) ** 2 * (1 + 10 * sin(pi * wi + 1) ** 2)
    return first + middle + last


@published(0.1, 3.0, 5, at=[[2.20, 1.57, 1.28, 1.92, 1.72]])
def michalewicz(x, m=10):
    return -sum(sin(v) * sin((i + 1) * v**2 / pi) ** (2 * m) for i, v in enumerate(x))


@published(-5, 10, 4, at=[[0.0] * 4])
def zakharov(x):
    s1 = s2 = 0
    i = 0
    while i < len(x):
        s1 += x[i] ** 2
        s2 += 0.5 * (i + 1) * x[i]
        i += 1
    return s1 + s2**2 + s2**4


@published(-4, 5, 8, at=[[0.0] * 8])
def powell_singular(x):
    total = 0
    for i in range(0, len(x), 4):
        a, b, c, d = x[i], x[i + 1], x[i + 2], x[i + 3]
        total += (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4
    return total


@published(-2, 2, 6, at=[[-0.0157, 1.0124, -0.233, 1.2604, -1.5137, 0.993]])
def watson(x):
    n, total = len(x), 0.0
    for i in range(1, 30):
        t = i / 29.0
        slope = 0.0
        for j in range(1, n):
            slope += j * t ** (j - 1) * x[j]
        curve = 0.0
        for j in range(n):
            curve += t**j * x[j]
        total += (slope - curve**2 - 1) ** 2
    return total + x[0] ** 2 + (x[1] - x[0] ** 2 - 1) ** 2


@published(-16, 16, 4, at=[[4.0, 6.0, 6.0, 4.0]])
def trid(x):
    return sum([(xi - 1) ** 2 for xi in x]) - sum([x[i] * x[i - 1] for i in range(1, len(x))])


@published(-10, 10, 4, at=[[1.0, 2**-0.5, 2**-0.75, 2**-0.875]])
def dixon_price(x):
    result = (x[0] - 1) ** 2
    for i in range(2, len(x) + 1):
        result += i * (2 * x[i - 1] ** 2 - x[i - 2]) ** 2
    return result


@published(-5, 5, 4, at=[[-2.903534] * 4])
def styblinski_tang(x):
    return 0.5 * math.fsum(v**4 - 16 * v**2 + 5 * v for v in x)


@published(-10, 10, 2, at=[[-7.0835, 4.8580]])
def shubert(x):
    product = 1
    for v in x:
        s = 0
        for j in range(1, 6):
            s += j * math.cos((j + 1) * v + j)
        product *= s
    return product


@published(-3, 3, 3, at=[[0.0] * 3])
def sum_of_different_powers(x):
    return sum(abs(xi) ** (i + 2) for i, xi in enumerate(x))


@published(-4, 4, 4, at=[[1.0, 2.0, 3.0, 4.0]])
def permutation(x, beta=0.5):
    n = len(x)
    outer = 0
    for k in range(1, n + 1):
        inner = 0
        for j in range(1, n + 1):
            inner += (j**k + beta) * ((x[j - 1] / j) ** k - 1)
        outer += inner**2
    return outer


@published(-50, 50, 4, at=[[-1.0] * 4])
def penalised_one(x):
    def u(v, a, k, m):
        if v > a:
            return k * (v - a) ** m
        elif v < -a:
            return k * (-v - a) ** m
        else:
            return 0

    n = len(x)
    y = [1 + (v + 1) / 4 for v in x]
    s = 10 * sin(pi * y[0]) ** 2
    for i in range(n - 1):
        s += (y[i] - 1) ** 2 * (1 + 10 * sin(pi * y[i + 1]) ** 2)
    s += (y[-1] - 1) ** 2
    return pi / n * s + sum(u(v, 10, 100, 4) for v in x)


@published(-50, 50, 4, at=[[1.0] * 4])
def penalised_two(x):
    s = sin(3 * pi * x[0]) ** 2
    for i in range(len(x) - 1):
        s += (x[i] - 1) ** 2 * (1 + sin(3 * pi * x[i + 1]) ** 2)
    s += (x[-1] - 1) ** 2 * (1 + sin(2 * pi * x[-1]) ** 2)
    p = 0
    for v in x:
        if v > 5:
            p += 100 * (v - 5) ** 4
        elif v < -5:
            p += 100 * (-v - 5) ** 4
    return 0.1 * s + p


@published(-0.5, 0.5, 4, at=[[0.0] * 4])
def weierstrass(x):
    a, b, k_max = 0.5, 3, 6
    total = 0
    for v in x:
        for k in range(k_max + 1):
            total += a**k * math.cos(2 * math.pi * b**k * (v + 0.5))
    return total - len(x) * sum(a**k * math.cos(math.pi * b**k) for k in range(k_max + 1))


@published(-10, 10, 3, at=[[0.0] * 3])
def salomon(x):
    r = 0
    for v in x:
        r += v**2
    r = math.sqrt(r)
    return 1 - math.cos(2 * math.pi * r) + 0.1 * r


@published(-5, 5, 5, at=[[1.0] * 5])
def extended_rosenbrock(x):
    y = 0
    for i in range(len(x) - 1):
        y += 100 * math.pow(x[i + 1] - math.pow(x[i], 2), 2) + math.pow(1 - x[i], 2)
    return y


@published(0.05, 0.95, 3, at=[[0.5, 0.5, 0.5]])
def katsuura_like(x):
    product = 1
    for i, v in enumerate(x):
        s = 0
        for k in range(1, 5):
            s += abs(2**k * v - round(2**k * v)) / 2**k
        product *= 1 + (i + 1) * s
    return product


@published(-3, 3, 4, at=[[0.0] * 4])
def step_and_bowl(x):
    total = 0
    for v in x:
        total += math.floor(v + 0.5) ** 2 + 0.01 * v * v
    return total


@published(-10, 10, 4, at=[[0.0] * 4])
def schwefel_problem_two(x):
    total, product = 0, 1
    for v in x:
        total += abs(v)
        product *= abs(v)
    return total + product


@published(-10, 10, 4, at=[[0.0] * 4])
def schwefel_problem_four(x):
    largest = abs(x[0])
    for v in x[1:]:
        if abs(v) > largest:
            largest = abs(v)
    return largest


@published(-5, 5, 4, at=[[0.0] * 4])
def rotated_hyper_ellipsoid(x):
    total = np.zeros(1)
    for i in range(len(x)):
        partial = np.zeros(1)
        for j in range(i + 1):
            partial[0] += x[j]
        total[0] += partial[0] ** 2
    return total[0]
