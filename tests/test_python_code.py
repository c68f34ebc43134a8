"""Ordinary Python around the numbers: every construct is followed, and its gradient is right."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

import imported_functions
from numerics import assert_exact

VECTOR = np.array([0.7, -1.3, 0.45, 2.1])
RNG = np.random.default_rng(7)
NOISE = RNG.normal(size=4)
FACTOR = 3.0
Pair = namedtuple("Pair", "first second")


@dataclass
class Model:
    slope: float
    offset: float

    def predict(self, t):
        return self.slope * t + self.offset

    def __add__(self, other):
        return Model(self.slope + other.slope, self.offset + other.offset)


def comprehension(x):
    return sum([v**2 * i for i, v in enumerate(x)]) + sum(a * b for a, b in zip(x, x[1:]))


def builtins_on_arrays(x):
    return sum(x) * max(x) + min(x) * abs(x[1]) + pow(x[0], 2) + pow(x[3], 2.5) + round(x[3]) * x[0]


def builtins_on_numbers(x):
    return max(x[0], x[1], 0.5) * min(x[2], x[3]) + max([x[0] ** 2, x[1] ** 2]) + divmod(x[3], 1)[1]


def sorted_and_reversed(x):
    a, b, *rest = sorted(x)
    return a * 2 + b * 3 + sum(rest) + next(iter(reversed(x))) ** 2


def sorted_by_key(x):
    order = sorted(range(4), key=lambda i: abs(x[i]))
    return sum(k * x[i] for k, i in enumerate(order))


def any_and_all(x):
    if any(v < 0 for v in x) and not all(v > 0 for v in x):
        return np.sum(x**2)
    return np.sum(x)


def vectorised(x):
    @np.vectorize
    def g(t):
        return t**2 if t > 0 else math.sin(t)

    return np.sum(g(x))


def mapped(x):
    return (
        sum(map(lambda v: v**2, x))
        + sum(filter(lambda v: v > 0, x))
        + np.sum(list(map(math.exp, x)))
    )


def reduced(x):
    return functools.reduce(lambda a, b: a * b + 1, x) + functools.reduce(operator.add, x)


def accumulated(x):
    return list(itertools.accumulate(x, operator.mul))[-1] + sum(
        a * b for a, b in itertools.combinations(x, 2)
    )


def paired(x):
    return sum((b - a**2) ** 2 for a, b in itertools.pairwise(x)) + math.prod(x)


def early_return(x):
    if x[0] > 10:
        return 0.0
    if x[1] < 0:
        return np.sum(x**2) * FACTOR
    return np.sum(x)


def chained_comparison(x):
    return x[0] ** 2 if 0 < x[0] < 1 <= x[3] else x[1]


def while_loop(x):
    total, steps = x[3], 0
    while total > 0.1 and steps < 50:
        total = total / 2
        steps += 1
    return total * steps + x[0] ** 2


def newton_iteration(x):
    root = 1.0
    while abs(root * root - x[3]) > 1e-13:
        root = 0.5 * (root + x[3] / root)
    return root * x[0]


def recursion(x):
    def power(base, n):
        return 1.0 if n == 0 else base * power(base, n - 1)

    return power(x[0], 5) + power(x[3], 3)


def horner(x):
    result = 0.0
    for coefficient in [1, -2, 3]:
        result = result * x[0] + coefficient
    return result + x[1] ** 2


def generator(x):
    def squares():
        for v in x:
            yield v * v

    return sum(squares())


def try_and_except(x):
    try:
        value = math.log(x[1] + 1.0)
    except ValueError:
        value = x[1] ** 2 * 3
    return value + x[0]


def division_by_zero_caught(x):
    try:
        value = x[0] / 0
    except ZeroDivisionError:
        value = x[0] * 2
    return np.sum(x) + (value if np.isfinite(value) else x[1])


def error_state(x):
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        y = np.log(np.abs(x)) / x
    return np.sum(y)


def isinstance_checks(x):
    assert isinstance(x, np.ndarray)
    assert isinstance(x[0], float)
    assert isinstance(x[0], np.floating)
    assert not isinstance(x[0], int)
    assert np.isscalar(x[0])
    assert isinstance(len(x), int)
    return np.sum(x**2) if hasattr(x, "shape") and type(x).__name__ else 0


def dtype_checks(x):
    x = np.asarray(x, dtype=np.float64)
    if x.dtype == np.float64 and np.issubdtype(x.dtype, np.floating) and x.dtype.kind == "f":
        return np.sum(x**2)
    raise TypeError("numbers are expected")


def validated(x):
    x = np.atleast_1d(x)
    if x.ndim != 1 or x.shape[0] != 4 or np.any(np.isnan(x)) or not np.all(np.isfinite(x)):
        raise ValueError("four finite numbers are expected")
    return float(np.sum(x**2))


def converted(x):
    a, b = float(x[0]), np.float64(x[1])
    return float(np.sum(x)) + a * b + float(a**2) + int(x[3]) * a + bool(x[0]) * b


def items(x):
    return x[0].item() * x.item(1) + sum(x.tolist()) + x.sum().item() ** 2


def unpacked(x):
    a, b, (c, d) = x[0], x[1], x[2:]
    first, *others = x
    return a * b + c * d + first * len(others)


def closures(x):
    scale = x[0]

    def scaled(v, power=2, *, shift=0.5):
        return scale * v**power + shift * scale

    return sum(scaled(v) for v in x) + scaled(x[1], power=3, shift=x[2])


def lambdas_with_defaults(x, weights=NOISE, power=2):
    functions = [lambda t, k=k: t**k for k in range(1, 4)]
    return np.sum(weights * x**power) + sum(g(x[0]) for g in functions)


def partial_function(x):
    return functools.partial(np.hypot, x[0])(x[1]) + functools.partial(pow, x[3])(3)


def containers(x):
    parameters = {"a": x[0], "b": x[1]}
    parameters["c"] = parameters["a"] * parameters["b"]
    pair = Pair(x[2], x[3])
    return sum(parameters.values()) + pair.first * pair.second + Pair(*x[:2]).second ** 2


def objects(x):
    model = Model(x[0], x[1]) + Model(x[2], 1.0)
    t = np.linspace(0, 1, 5)
    return np.sum((model.predict(t) - np.sin(t)) ** 2) + model.slope


def structural_matching(x):
    match len(x):
        case 4:
            return np.sum(x**2)
        case _:
            return 0.0


def walrus(x):
    return (y := x[0] * 2) + y**2 if (n := len(x)) > 2 and n < 9 else 0.0


def cached_helper(x):
    @functools.lru_cache
    def binomial(n, k):
        return math.comb(n, k)

    return sum(binomial(3, k) * x[k] ** k for k in range(4))


def formatted(x):
    label = f"{len(x)} values"
    return np.sum(x**2) * len(label)


def seeded_outside(x):
    return np.sum((x - NOISE) ** 2)


def seeded_inside(x):
    rng = np.random.default_rng(3)
    sample = rng.normal(size=(20, 4))
    return np.mean((sample @ x) ** 2)


def matrix_operator(x):
    a = np.arange(16.0).reshape(4, 4) / 10
    return x @ a @ x + (a @ x)[0] + (x[None, :] @ a)[0, 1]


def lists_and_arrays(x):
    return np.sum([1.0, 2.0, 3.0, 4.0] * x) + np.dot([1, 2, 3, 4], x) + (x + [1, 1, 1, 1])[2] ** 2


def conditional_expression(x):
    return sum(v if v > 0 else -2 * v for v in x)


def truth_of_numbers(x):
    return (x[0] or 1.0) + (x[1] and x[2]) + (not x[3]) * x[0]


def membership(x):
    return x[0] * 2 if 3.0 in [1.0, 3.0] and 100.0 not in x else x[1]


def global_rebinding(x):
    value = x[0]
    for v in x[1:]:
        value, previous = v * value, value
    return value + previous


def matrix_from_function(x):
    a = np.fromfunction(lambda i, j: (i + 1) * (j + 1), (2, 2))
    return np.sum(a * x[:2]) + np.sum(np.fromiter((v * v for v in x), float))


def numpy_poly(x):
    return np.polyval(np.array([1.0, x[0], x[1]]), 2.0) + np.polyval([2, 1], x[2])


def enumerated_grid(x):
    total = 0.0
    for (i, j), weight in np.ndenumerate(np.array([[1.0, 2.0], [3.0, 4.0]])):
        total += weight * x[i] * x[j + 1]
    for index in np.ndindex(2, 2):
        total += x[index[0]] * index[1]
    return total


def printed_nowhere(x, verbose=False):
    if verbose:
        print(x)
    return np.sum(x**2)


CASES = [
    f
    for f in list(globals().values())
    if getattr(f, "__module__", "") == __name__ and type(f) is type(lambda: 0)
]


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_gradient(f):
    assert_exact(f, VECTOR)


@pytest.mark.parametrize(
    "f",
    [
        imported_functions.starred,
        imported_functions.doubled(imported_functions.starred),
        imported_functions.Spring(2.0, 0.3),
        functools.partial(lambda p, x: np.sum(x**p), 3),
        lambda x: imported_functions.helper_of_math(x[0], x[3]),
        lambda x: imported_functions.Spring(x[0], 0.1).energy(x[1]),
    ],
)
def test_code_of_another_module(f):
    assert_exact(f, VECTOR)


def test_methods_and_separate_numbers():
    spring = imported_functions.Spring(2.0, 0.3)
    assert_exact(spring.energy, 1.7)
    assert_exact(imported_functions.helper_of_math, [0.7, 1.3])
    assert_exact(lambda x, y, scale=2.0: scale * math.sin(x) * np.cos(y), [0.7, 1.3])
    assert_exact(functools.partial(lambda a, x, y: a * x * y**2, 3.0), [0.7, 1.3])
