"""Least-squares problems: residual vectors filled in place, in lists, or in one expression."""

import math

import numpy as np

from third_party.cases import published

KOWALIK_Y = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
KOWALIK_U = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625]
BARD_Y = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39]
GAUSSIAN_Y = [9e-4, 4.4e-3, 1.75e-2, 5.4e-2, 0.1295, 0.242, 0.3521, 0.3989]
OSBORNE_Y = np.array(
    [
        0.844,
        0.908,
        0.932,
        0.936,
        0.925,
        0.908,
        0.881,
        0.85,
        0.818,
        0.784,
        0.751,
        0.718,
        0.685,
        0.658,
        0.628,
        0.603,
        0.58,
        0.558,
        0.538,
        0.522,
        0.506,
        0.49,
        0.478,
        0.467,
        0.457,
        0.448,
        0.438,
        0.431,
        0.424,
        0.42,
        0.414,
        0.411,
        0.406,
    ]
)
MEYER_Y = np.array(
    [
        34780,
        28610,
        23650,
        19630,
        16370,
        13720,
        11540,
        9744,
        8261,
        7030,
        6005,
        5147,
        4427,
        3820,
        3307,
        2872,
    ]
)


@published(0.05, 0.6, 4, at=[[0.1928, 0.1913, 0.1231, 0.1361]])
def kowalik_osborne(x):
    r = np.zeros(11)
    for i in range(11):
        u = KOWALIK_U[i]
        r[i] = KOWALIK_Y[i] - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])
    return np.sum(r**2)


@published(0.5, 2, 3, at=[[0.08241, 1.133, 2.344]])
def bard(x):
    total = 0.0
    for i, y in enumerate(BARD_Y, 1):
        u, v = i, 16 - i
        w = min(u, v)
        total += (y - (x[0] + u / (v * x[1] + w * x[2]))) ** 2
    return total


@published([0.2, 0.5, -0.3], [0.6, 1.5, 0.3], 3, at=[[0.3989, 1.0, 0.0]])
def gaussian(x):
    y = np.array(GAUSSIAN_Y + GAUSSIAN_Y[-2::-1])
    t = (8 - np.arange(1, 16)) / 2
    return np.sum((x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - y) ** 2)


@published([-10, 5, -5, -2], [-8, 7, 0, 2], 4, at=[[-11.594, 13.204, -0.4034, 0.2368]])
def brown_dennis(x):
    residuals = []
    for i in range(1, 21):
        t = i / 5
        a = x[0] + t * x[1] - math.exp(t)
        b = x[2] + x[3] * math.sin(t) - math.cos(t)
        residuals.append(a**2 + b**2)
    return sum(r * r for r in residuals) / 1e4


@published(0.5, 5, 6, at=[[1.0, 10.0, 1.0, 5.0, 4.0, 3.0]])
def biggs_exp_six(x):
    f = np.empty(13)
    for i in range(13):
        t = 0.1 * (i + 1)
        y = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
        f[i] = x[2] * np.exp(-t * x[0]) - x[3] * np.exp(-t * x[1]) + x[5] * np.exp(-t * x[4]) - y
    return f.dot(f)


@published([0, 5, 0], [3, 12, 2], 3, at=[[1.0, 10.0, 1.0]])
def box_three(x):
    t = 0.1 * np.arange(1, 11)
    r = np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t))
    return r @ r


@published([0.2, 1.0, -1.5, 0.005, 0.01], [0.6, 2.0, -0.5, 0.02, 0.04], 5)
def osborne_one(x):
    t = 10.0 * np.arange(33)
    model = x[0] + x[1] * np.exp(-t * x[3]) + x[2] * np.exp(-t * x[4])
    return ((OSBORNE_Y - model) ** 2).sum()


@published([0.01, 4000, 250], [0.03, 6000, 350], 3, at=[[5.609636e-3, 6181.346, 345.2236]])
def meyer(x):
    t = 45 + 5 * np.arange(1, 17)
    return np.sum((x[0] * np.exp(x[1] / (t + x[2])) / MEYER_Y - 1) ** 2)


@published([3, 0.5, 0.1], [20, 2.2, 3], 3, at=[[50.0, 25.0, 1.5]])
def gulf(x):
    total = 0
    for i in range(1, 100):
        t = i / 100
        y = 25 + (-50 * math.log(t)) ** (2 / 3)
        total += (math.exp(-(abs(y - x[1]) ** x[2]) / x[0]) - t) ** 2
    return total


@published([0.2, 0.2], [2, 2], 2)
def exponential_decay(p):
    amplitude, rate = p
    t = np.linspace(0, 4, 9)
    data = 2 * np.exp(-1.3 * t) + 0.01 * np.cos(7 * t)
    residual = np.zeros_like(t)
    residual[:] = amplitude * np.exp(-rate * t)
    residual -= data
    return 0.5 * np.sum(residual**2)


@published([0.5, 0.5, 0.1], [2, 2, 1], 3)
def michaelis_menten(p):
    s = np.array([0.1, 0.5, 1, 2, 5, 10])
    v = np.array([0.09, 0.35, 0.51, 0.72, 0.85, 0.95])
    vmax, km, background = p[0], p[1], p[2]
    return np.linalg.norm(v - vmax * s / (km + s) - background) ** 2


@published(-1, 1, 4)
def polynomial_fit(c):
    x = np.linspace(-np.pi, np.pi, 25)
    y = np.sin(x)
    prediction = np.polyval(c, x)
    return np.mean((prediction - y) ** 2)


@published(-1, 1, 4)
def polynomial_by_powers(c):
    x = np.linspace(-1, 1, 12)
    design = np.vstack([x**k for k in range(len(c))]).T
    return np.sqrt(np.mean((design @ c - np.exp(x)) ** 2))


@published([0.5, -1, 0.3], [2, 1, 1.5], 3)
def gaussian_peak_robust(p):
    x = np.linspace(-3, 3, 20)
    y = 1.2 * np.exp(-0.5 * ((x - 0.2) / 0.7) ** 2)
    r = p[0] * np.exp(-0.5 * ((x - p[1]) / p[2]) ** 2) - y
    return np.sum(np.log1p(r**2))


@published(-2, 2, 3)
def lasso(w):
    features = np.array([[1, 2, 0.5], [0, 1, -1], [2, -1, 1.5], [1, 1, 1.0]])
    target = np.array([1.0, -1.0, 2.0, 0.5])
    error = features.dot(w) - target
    return 0.5 * error.dot(error) / len(target) + 0.1 * np.abs(w).sum()


@published(-2, 2, 3)
def quantile_regression(w, tau=0.3):
    x = np.linspace(0, 1, 10)
    y = 1 + 2 * x + 0.3 * np.sin(9 * x)
    residual = y - (w[0] + w[1] * x + w[2] * x**2)
    return np.sum(np.maximum(tau * residual, (tau - 1) * residual))


@published([1, 0.1, 0.3], [3, 1, 1], 3)
def circle_fit(p):
    points = [(1.0, 2.0), (2.1, 1.2), (3.2, 2.1), (2.0, 3.1)]
    error = 0.0
    for px, py in points:
        distance = math.sqrt((px - p[0]) ** 2 + (py - p[1]) ** 2)
        error += (distance - p[2]) ** 2
    return error


@published(-1, 1, 6)
def rigid_registration(p):
    source = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1.0]])
    target = source + [0.1, -0.2, 0.3]
    a, b, c = p[:3]
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    moved = source @ (rz @ ry @ rx).T + p[3:]
    return np.sum((moved - target) ** 2)


@published([0.5, 0.5, 0.5], [3, 3, 3], 3)
def trilateration(p):
    anchors = np.array([[0, 0, 0], [4, 0, 0], [0, 4, 0], [0, 0, 4.0]])
    ranges = np.array([1.7, 3.3, 3.2, 3.4])
    return sum((np.linalg.norm(p - a) - r) ** 2 for a, r in zip(anchors, ranges))


@published(-1, 1, 6)
def matrix_factorisation(p):
    ratings = np.array([[5, 3, 0], [4, 0, 1], [1, 1, 5.0]]) / 5
    u, v = p[:3].reshape(3, 1), p[3:].reshape(1, 3)
    known = ratings > 0
    return np.sum(((u @ v - ratings)[known]) ** 2) + 0.01 * np.sum(p**2)
