"""Test functions of two, three and four named variables."""

import math

import numpy as np
from numpy import abs, cos, exp, pi, sin, sqrt

from third_party.cases import published


@published(-4.5, 4.5, at=[[3.0, 0.5]])
def beale(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


@published(0, 6, at=[[math.pi, math.pi]])
def easom(x, y):
    return -math.cos(x) * math.cos(y) * math.exp(-((x - math.pi) ** 2) - (y - math.pi) ** 2)


@published([-15, -3], [-5, 3], at=[[-10.0, 1.0]])
def bukin_six(x, y):
    return 100 * np.sqrt(np.abs(y - 0.01 * x**2)) + 0.01 * np.abs(x + 10)


@published(-10, 10, at=[[1.3494, -1.3494], [0.0, 0.0]])
def cross_in_tray(x, y):
    inner = abs(sin(x) * sin(y) * exp(abs(100 - sqrt(x**2 + y**2) / pi))) + 1
    return -0.0001 * inner**0.1


@published(-500, 500, at=[[512.0, 404.2319]])
def eggholder(x, y):
    a = y + 47
    return -a * sin(sqrt(abs(x / 2 + a))) - x * sin(sqrt(abs(x - a)))


@published(-2, 2, at=[[0.0, -1.0]])
def goldstein_price(x, y):
    first = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    second = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return first * second


@published(-10, 10, at=[[8.05502, 9.66459], [0.0, 0.0]])
def holder_table(x, y):
    return -abs(sin(x) * cos(y) * exp(abs(1 - sqrt(x**2 + y**2) / pi)))


@published(-50, 50, at=[[0.0, 0.0]])
def schaffer_two(x, y):
    return 0.5 + (sin(x**2 - y**2) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2


@published(-50, 50, at=[[0.0, 1.25313]])
def schaffer_four(x, y):
    return 0.5 + (cos(sin(abs(x**2 - y**2))) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2


@published(-10, 10, at=[[1.0, 3.0]])
def booth(x, y):
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


@published(-10, 10, at=[[0.0, 0.0]])
def matyas(x, y):
    return 0.26 * (x**2 + y**2) - 0.48 * x * y


@published(-10, 10, at=[[1.0, 1.0]])
def levy_thirteen(x, y):
    a = sin(3 * pi * x) ** 2
    b = (x - 1) ** 2 * (1 + sin(3 * pi * y) ** 2)
    c = (y - 1) ** 2 * (1 + sin(2 * pi * y) ** 2)
    return a + b + c


@published(-5, 5, at=[[0.0, 0.0]])
def three_hump_camel(x, y):
    return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2


@published(-2, 2, at=[[0.0898, -0.7126]])
def six_hump_camel(x, y):
    return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2


@published([-1.5, -3], [4, 4], at=[[-0.54719, -1.54719]])
def mccormick(x, y):
    return np.sin(x + y) + np.square(x - y) - 1.5 * x + 2.5 * y + 1


@published(-5, 5, at=[[3.0, 2.0]])
def himmelblau(x, y):
    return pow(x * x + y - 11, 2) + pow(x + y * y - 7, 2)


@published([-5, 0], [10, 15], at=[[math.pi, 2.275]])
def branin(x, y, a=1.0, r=6.0, s=10.0):
    b, c, t = 5.1 / (4 * math.pi**2), 5 / math.pi, 1 / (8 * math.pi)
    return a * (y - b * x**2 + c * x - r) ** 2 + s * (1 - t) * math.cos(x) + s


@published(-5, 5, at=[[0.0, 0.0]])
def drop_wave(x, y):
    r2 = x**2 + y**2
    return -(1 + np.cos(12 * np.sqrt(r2))) / (0.5 * r2 + 2)


@published([0.5, 0.5], [1.5, 1.5], at=[[1.0, 1.0]])
def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


@published(-10, 10, at=[[1.0, 1.0, 1.0, 1.0]])
def wood(a, b, c, d):
    return (
        100 * (b - a**2) ** 2
        + (1 - a) ** 2
        + 90 * (d - c**2) ** 2
        + (1 - c) ** 2
        + 10 * (b + d - 2) ** 2
        + 0.1 * (b - d) ** 2
    )


@published(-10, 10, at=[[1.0, 1.0, 1.0, 1.0]])
def colville(x1, x2, x3, x4):
    result = 100 * (x1 * x1 - x2) ** 2
    result += (x1 - 1) * (x1 - 1) + (x3 - 1) * (x3 - 1)
    result += 90 * (x3 * x3 - x4) ** 2
    result += 10.1 * ((x2 - 1) ** 2 + (x4 - 1) ** 2)
    result += 19.8 * (x2 - 1) * (x4 - 1)
    return result


@published(-2, 2, at=[[5.0, 4.0], [11.41, -0.8968]])
def freudenstein_roth(x, y):
    f1 = -13 + x + ((5 - y) * y - 2) * y
    f2 = -29 + x + ((y + 1) * y - 14) * y
    return f1**2 + f2**2


@published([0.1, 0.1, 0.1], [2, 2, 2], at=[[1.0, 0.0, 0.0]])
def helical_valley(x, y, z):
    theta = math.atan2(y, x) / (2 * math.pi)
    return 100 * ((z - 10 * theta) ** 2 + (math.hypot(x, y) - 1) ** 2) + z**2


@published(-3, 3, at=[[1.0, 0.0, 0.0]])
def helical_valley_by_cases(x1, x2, x3):
    if x1 > 0:
        theta = math.atan(x2 / x1) / (2 * math.pi)
    elif x1 < 0:
        theta = math.atan(x2 / x1) / (2 * math.pi) + 0.5
    else:
        theta = 0.25 if x2 > 0 else -0.25
    return 100 * (x3 - 10 * theta) ** 2 + 100 * (math.sqrt(x1**2 + x2**2) - 1) ** 2 + x3**2


@published(-1, 1, at=[[1.098e-5, 9.106]])
def powell_badly_scaled(x, y):
    return (1e4 * x * y - 1) ** 2 + (exp(-x) + exp(-y) - 1.0001) ** 2


@published(-3, 3, at=[[1e6, 2e-6]])
def brown_badly_scaled(x, y):
    return (x - 1e6) ** 2 + (y - 2e-6) ** 2 + (x * y - 2) ** 2


@published(-0.9, 0.9, at=[[0.25782521, 0.25782521]])
def jennrich_sampson(a, b):
    s = 0
    for i in range(1, 11):
        s += (2 + 2 * i - (math.exp(i * a) + math.exp(i * b))) ** 2
    return s


@published(-5, 5, at=[[0.0, 0.0]])
def adjiman_like(x, y):
    return cos(x) * sin(y) - x / (y**2 + 1) + np.sinc(x) + np.tanh(x * y)


@published(-3, 3, at=[[0.0, 0.0]])
def peaks(x, y):
    return (
        3 * (1 - x) ** 2 * exp(-(x**2) - (y + 1) ** 2)
        - 10 * (x / 5 - x**3 - y**5) * exp(-(x**2) - y**2)
        - 1 / 3 * exp(-((x + 1) ** 2) - y**2)
    )


@published(-3, 3, at=[[0.0, 0.0], [1.0, 1.0]])
def crescent(x, y):
    return max(x**2 + (y - 1) ** 2 + y - 1, -(x**2) - (y - 1) ** 2 + y + 1)


@published([0, 0], [20, 20], at=[[9.0, 8.0]])
def bird_with_penalty(x, y):
    value = sin(x) * exp((1 - cos(y)) ** 2) + cos(y) * exp((1 - sin(x)) ** 2) + (x - y) ** 2
    excess = (x + 5) ** 2 + (y + 5) ** 2 - 25
    return value + (excess**2 if excess > 0 else 0.0) * 1e-3


@published(-4, 4, at=[[0.0, 0.0]])
def saddle_of_sines(x, y):
    return np.sin(x) * np.sin(y)


@published(-2, 2, at=[[0.0]])
def one_dimensional(x):
    return x**4 - 3 * x**2 + math.sin(5 * x)


@published(0.2, 3, at=[[1.0]])
def newton_inside(x):
    y = x
    for _ in range(30):
        y = y - (y**3 - x - 1) / (3 * y**2)
        if abs(y**3 - x - 1) < 1e-14:
            break
    return y**2
