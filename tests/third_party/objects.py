"""Functions with state: classes, closures, callables, configurable models."""

import functools
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np

from third_party.cases import published


class Benchmark(ABC):
    """A family of test functions with a shared base class."""

    def __init__(self, dimensions=3):
        self.dimensions = dimensions
        self.evaluations = 0

    def __call__(self, x, *args):
        self.evaluations += 1
        return self.value(np.asarray(x))

    @abstractmethod
    def value(self, x): ...


class Exponential(Benchmark):
    def value(self, x):
        return -np.exp(-0.5 * np.sum(x**2.0))


class Qing(Benchmark):
    def value(self, x):
        i = np.arange(1.0, self.dimensions + 1)
        return np.sum((x**2.0 - i) ** 2.0)


class Pathological(Benchmark):
    def value(self, x):
        first = np.sin(np.sqrt(100.0 * x[:-1] ** 2 + x[1:] ** 2)) ** 2 - 0.5
        second = 1.0 + 0.001 * (x[:-1] ** 2 - 2.0 * x[:-1] * x[1:] + x[1:] ** 2) ** 2
        return np.sum(0.5 + first / second)


class Csendes(Benchmark):
    def value(self, x):
        try:
            return np.sum((x**6.0) * (2.0 + np.sin(1.0 / x)))
        except ZeroDivisionError:
            return np.nan
        except FloatingPointError:
            return np.nan


class Shifted(Benchmark):
    def __init__(self, inner, shift):
        super().__init__(inner.dimensions)
        self.inner = inner
        self.shift = np.asarray(shift)

    def value(self, x):
        return self.inner(x - self.shift) + 10


published(-1, 1, 3, at=[[0.0] * 3])(Exponential())
published(-2, 2, 3, at=[[1.0, 2**0.5, 3**0.5]])(Qing())
published(-5, 5, 3, at=[[0.0] * 3])(Pathological())
published(0.1, 1, 3)(Csendes())
published(-2, 2, 3)(Shifted(Qing(), [0.1, 0.2, 0.3]))


@dataclass
class Layer:
    weights: np.ndarray
    activation: str = "tanh"

    def forward(self, h):
        z = h @ self.weights
        return {"tanh": np.tanh, "relu": lambda v: v * (v > 0)}[self.activation](z)


@dataclass
class Network:
    layers: list = field(default_factory=list)

    def __call__(self, inputs):
        return functools.reduce(lambda h, layer: layer.forward(h), self.layers, inputs)


@published(-1, 1, 10)
def layered_network(p):
    network = Network([Layer(p[:6].reshape(2, 3)), Layer(p[6:9].reshape(3, 1), "relu")])
    inputs = np.array([[0.1, 0.5], [0.9, -0.2], [-0.4, 0.3]])
    return np.mean((network(inputs)[:, 0] + p[9] - np.array([1.0, 0.0, 0.5])) ** 2)


class Account:
    """Bookkeeping in attributes."""

    def __init__(self, balance):
        self.balance = balance
        self.history = []

    def deposit(self, amount):
        self.balance += amount
        self.history.append(self.balance)
        return self

    def grow(self, rate):
        self.balance *= 1 + rate
        self.history.append(self.balance)
        return self


@published([0.5, 0.01], [2, 0.1], 2)
def savings(p):
    account = Account(1.0)
    for year in range(5):
        account.deposit(p[0]).grow(p[1] * (1 + year / 10))
    return (account.balance - 10) ** 2 + sum(account.history) * 0.01


class Vector:
    """A small vector class of one's own, as in a first program."""

    def __init__(self, *parts):
        self.parts = parts

    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.parts, other.parts)))

    def __mul__(self, factor):
        return Vector(*(factor * a for a in self.parts))

    __rmul__ = __mul__

    def dot(self, other):
        return sum(a * b for a, b in zip(self.parts, other.parts))

    def __abs__(self):
        return math.sqrt(self.dot(self))


@published(-2, 2)
def gravity_of_two_bodies(x, y):
    here = Vector(x, y)
    first, second = Vector(3.0, 0.5), Vector(-3.0, 0.2)
    return -1 / abs(here + -1 * first) - 2 / abs(here + -1.0 * second) + 0.1 * here.dot(here)


def make_penalised(function, constraint, weight):
    @functools.wraps(function)
    def penalised(x):
        violation = constraint(x)
        return function(x) + weight * max(0.0, violation) ** 2

    return penalised


published(-2, 2, 2)(
    make_penalised(
        lambda x: (x[0] - 1) ** 2 + (x[1] + 0.5) ** 2, lambda x: x[0] ** 2 + x[1] ** 2 - 1, 10.0
    )
)


def make_mixture(centres, widths):
    def mixture(x, y):
        return -sum(
            math.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * w * w))
            for (a, b), w in zip(centres, widths)
        )

    return mixture


published(-2, 2)(make_mixture([(0, 0), (1, 1), (-1, 0.5)], [0.5, 0.7, 1.1]))


class Polynomial:
    """Coefficients, evaluated by recursion."""

    def __init__(self, coefficients):
        self.coefficients = coefficients

    def at(self, x):
        def evaluate(k):
            if k == len(self.coefficients):
                return 0
            return self.coefficients[k] + x * evaluate(k + 1)

        return evaluate(0)


@published(-1, 1, 4)
def integral_of_square(c):
    polynomial = Polynomial(list(c))
    nodes = [-0.7745966692414834, 0.0, 0.7745966692414834]
    weights = [5 / 9, 8 / 9, 5 / 9]
    return sum(w * polynomial.at(t) ** 2 for t, w in zip(nodes, weights))


class Tape:
    """Named parameters unpacked from one vector."""

    names = ("gain", "offset", "width")

    @classmethod
    def unpack(cls, x):
        return dict(zip(cls.names, x))

    @staticmethod
    def response(t, *, gain, offset, width):
        return gain / (1 + ((t - offset) / width) ** 2)


@published([0.5, -0.5, 0.3], [2, 0.5, 2], 3)
def lorentzian(x):
    parameters = Tape.unpack(x)
    error = 0
    for t in np.arange(-2, 2.5, 0.5):
        error += (Tape.response(t, **parameters) - 1 / (1 + t**2)) ** 2
    return error


@published(-3, 3, 2)
def interpolated_table(x):
    grid = np.linspace(-3, 3, 7)
    table = np.sin(grid)
    return np.interp(x[0], grid, table) + np.interp(x[1], grid, table**2) * x[0]


@published(-2, 2, 4)
def memoised_fibonacci_like(x):
    memo = {}

    def term(k):
        if k not in memo:
            memo[k] = x[k] if k < 2 else math.tanh(term(k - 1)) + 0.5 * term(k - 2) * x[k % 4]
        return memo[k]

    return term(9)


@published(0.3, 2, 3)
def continued_fraction(x):
    value = x[-1]
    for v in reversed(x[:-1]):
        value = v + 1 / value
    return value


@published(-2, 2, 6)
def sorted_weights(x):
    return sum((k + 1) * v for k, v in enumerate(sorted(x))) + np.sort(x)[::-1] @ np.arange(6)


@published(-2, 2, 4)
def string_of_cases(x):
    score = 0.0
    for v, rule in zip(x, ["square", "absolute", "ramp", "sine"]):
        match rule:
            case "square":
                score += v**2
            case "absolute":
                score += abs(v)
            case "ramp":
                score += v if v > 0 else 0
            case _:
                score += math.sin(v)
    return score
