"""A module of its own, as users keep their helpers in: everything here is plain code."""

from functools import wraps
from math import *
from math import sqrt as root

import numpy
from numpy import *
from numpy import zeros as nothing


def helper_of_math(x, y):
    return root(x * x + y * y) + exp_of(x) * atan2(y, x)


def exp_of(x):
    return numpy.exp(-x)


def starred(x):
    a = zeros(3)
    for i in range(3):
        a[i] = sin(x[i]) * pi
    b = nothing(3)
    b[:] = x[:3]
    return dot(a, b) + sum(array([x[0], x[1]]) ** 2)


def doubled(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return 2 * function(*args, **kwargs)

    return wrapper


class Spring:
    """State, methods and a property."""

    def __init__(self, stiffness, rest):
        self.stiffness = stiffness
        self.rest = rest
        self.calls = 0

    @property
    def half(self):
        return self.stiffness / 2

    def energy(self, length):
        self.calls += 1
        return self.half * (length - self.rest) ** 2

    def __call__(self, x):
        total = zeros(1)
        for length in x:
            total[0] += self.energy(length)
        return total[0]
