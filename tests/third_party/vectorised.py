"""Test functions in vectorised NumPy, tables of constants included."""

import numpy as np
from scipy import special, stats

from third_party.cases import published

HARTMANN_A = np.array([[3.0, 10, 30], [0.1, 10, 35], [3.0, 10, 30], [0.1, 10, 35]])
HARTMANN_P = 1e-4 * np.array(
    [[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]]
)
HARTMANN_ALPHA = np.array([1.0, 1.2, 3.0, 3.2])
SHEKEL_C = np.array([[4, 1, 8, 6, 3], [4, 1, 8, 6, 7], [4, 1, 8, 6, 3], [4, 1, 8, 6, 7.0]])
SHEKEL_B = 0.1 * np.array([1, 2, 2, 4, 4])
LANGERMANN_A = np.array([[3, 5], [5, 2], [2, 1], [1, 4], [7, 9.0]])
LANGERMANN_C = np.array([1, 2, 5, 2, 3.0])


@published(-5, 5, 4, at=[np.zeros(4)])
def ackley_vectorised(x, a=20, b=0.2, c=2 * np.pi):
    x = np.asarray_chkfinite(x)
    n = len(x)
    s1 = np.sum(x**2)
    s2 = np.sum(np.cos(c * x))
    return -a * np.exp(-b * np.sqrt(s1 / n)) - np.exp(s2 / n) + a + np.exp(1)


@published(-2, 2, 6, at=[np.ones(6)])
def rosenbrock_vectorised(x):
    x = np.asarray(x)
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0, axis=0)


@published(0.05, 0.95, 3, at=[[0.114614, 0.555649, 0.852547]])
def hartmann(x):
    return -np.sum(HARTMANN_ALPHA * np.exp(-np.sum(HARTMANN_A * (x - HARTMANN_P) ** 2, axis=1)))


@published(0, 10, 4, at=[[4.0] * 4])
def shekel(x):
    return -np.sum(1 / (np.sum((x[:, None] - SHEKEL_C) ** 2, axis=0) + SHEKEL_B))


@published(0, 10, 2, at=[[2.00299219, 1.006096]])
def langermann(x):
    d = ((x - LANGERMANN_A) ** 2).sum(axis=1)
    return -(LANGERMANN_C * np.exp(-d / np.pi) * np.cos(np.pi * d)).sum()


@published(-10, 10, 4, at=[np.zeros(4)])
def alpine(x):
    return np.abs(x * np.sin(x) + 0.1 * x).sum()


@published(-3, 3, 5, at=[np.full(5, 0.2)])
def trigonometric(x):
    n = x.size
    i = np.arange(1, n + 1)
    return np.sum((n - np.sum(np.cos(x)) + i * (1 - np.cos(x)) - np.sin(x)) ** 2)


@published(-2, 2, 6, at=[np.zeros(6)])
def broyden_tridiagonal(x):
    left = np.concatenate([[0.0], x[:-1]])
    right = np.append(x[1:], 0.0)
    return np.sum(((3 - 2 * x) * x - left - 2 * right + 1) ** 2)


@published(-1, 1, 6, at=[np.zeros(6)])
def broyden_banded(x):
    n = len(x)
    f = x * (2 + 5 * x**2) + 1
    for i in range(n):
        band = [j for j in range(max(0, i - 5), min(n, i + 2)) if j != i]
        f[i] -= np.sum(x[band] * (1 + x[band]))
    return f @ f


@published(0.05, 0.95, 5, at=[np.full(5, 0.5)])
def chebyquad(x):
    n = x.size
    y = 2 * x - 1
    before, now = np.ones(n), y
    total = 0.0
    for i in range(1, n + 1):
        integral = 0.0 if i % 2 else -1 / (i**2 - 1)
        total += (np.mean(now) - integral) ** 2
        before, now = now, 2 * y * now - before
    return total


@published(-1, 2, 6, at=[np.ones(6)])
def discrete_boundary_value(x):
    n = len(x)
    h = 1 / (n + 1)
    t = h * np.arange(1, n + 1)
    padded = np.pad(x, 1)
    f = 2 * x - padded[:-2] - padded[2:] + h**2 * (x + t + 1) ** 3 / 2
    return np.dot(f, f)


@published(-1, 1, 5, at=[np.zeros(5)])
def discrete_integral(x):
    n = len(x)
    h = 1 / (n + 1)
    t = h * np.arange(1, n + 1)
    cubes = (x + t + 1) ** 3
    ahead = np.cumsum(t * cubes)
    behind = np.cumsum(((1 - t) * cubes)[::-1])[::-1]
    f = x + h / 2 * ((1 - t) * ahead + t * (behind - (1 - t) * cubes))
    return (f**2).sum()


@published(-2, 2, 5, at=[np.ones(5)])
def variably_dimensioned(x):
    k = np.arange(1.0, x.size + 1)
    s = k @ (x - 1)
    return ((x - 1) ** 2).sum() + s**2 + s**4


@published(-1, 1, 4, at=[np.full(4, 0.5)])
def penalty_quadratic(x, a=1e-5):
    return a * np.sum((x - 1) ** 2) + (np.sum(x**2) - 0.25) ** 2


@published(0.2, 2, 5, at=[np.ones(5)])
def brown_almost_linear(x):
    f = x + x.sum() - (len(x) + 1)
    f[-1] = np.prod(x) - 1
    return (f**2).sum()


@published(-2, 2, 4, at=[np.zeros(4)])
def rotated_ellipsoid(x):
    rng = np.random.default_rng(0)
    q, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    return np.sum(10.0 ** np.linspace(0, 3, 4) * (q @ x) ** 2)


@published(-3, 3, 4, at=[np.zeros(4)])
def huber(x, delta=1.0):
    r = np.abs(x)
    return np.where(r < delta, 0.5 * x**2, delta * (r - 0.5 * delta)).sum()


@published(-3, 3, 4, at=[np.zeros(4)])
def smooth_absolute(x):
    return np.logaddexp(x, -x).sum() + np.hypot(x, 0.1).sum()


@published(-2, 2, 4, at=[np.zeros(4)])
def largest_component(x):
    return np.max(np.abs(x)) + np.linalg.norm(x) + np.linalg.norm(x, 1)


@published(-2, 2, 5, at=[np.ones(5)])
def nesterov_nonsmooth(x):
    return 0.25 * abs(x[0] - 1) + np.sum(np.abs(x[1:] - 2 * np.abs(x[:-1]) + 1))


@published(-2, 2, 6)
def median_absolute_deviation(x):
    return np.median(np.abs(x - np.median(x))) + np.percentile(x, 30)


@published(0.1, 3, 4)
def entropy(x):
    p = x / x.sum()
    return np.sum(p * np.log(p)) + special.entr(p).sum() * 0.5


@published(-2, 2, 6)
def cross_entropy_of_softmax(x):
    logits = x.reshape(2, 3)
    labels = np.array([2, 0])
    log_probabilities = logits - special.logsumexp(logits, axis=1, keepdims=True)
    return -np.mean(log_probabilities[np.arange(2), labels])


@published([0.2, 0.5], [2, 3], 2)
def gamma_likelihood(p):
    data = np.array([0.5, 1.2, 2.2, 0.9, 3.1])
    shape, scale = p
    n = data.size
    return -(
        (shape - 1) * np.log(data).sum()
        - data.sum() / scale
        - n * (special.gammaln(shape) + shape * np.log(scale))
    )


@published([-1, 0.3], [2, 2], 2)
def normal_likelihood(p):
    data = np.array([0.5, 1.2, -0.3, 0.9, 1.1])
    z = (data - p[0]) / p[1]
    return 0.5 * np.sum(z**2) + data.size * np.log(p[1]) + stats.norm.pdf(0.0)


@published(-2, 2, 3)
def probit_likelihood(w):
    features = np.array([[1, 0.5, -1], [1, -0.2, 0.3], [1, 1.5, 2], [1, -1, 0.1]])
    y = np.array([1, 0, 1, 0])
    p = 0.5 * (1 + special.erf(features @ w / np.sqrt(2)))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@published(-1, 1, 6)
def determinant_and_trace(x):
    m = np.zeros((3, 3))
    m[np.triu_indices(3)] = x
    m = m + m.T + 3 * np.eye(3)
    return np.log(np.linalg.det(m)) + np.trace(np.linalg.inv(m))
