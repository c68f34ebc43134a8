"""Plain NumPy code, element by element: every function is followed, and its gradient is right."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

import steepest as st
from numerics import assert_exact

POINT = np.array([0.71, -1.32, 0.43, 2.13])
POSITIVE = np.array([0.7, 1.3, 0.4, 2.1])
INSIDE = np.array([0.7, -0.3, 0.4, 0.1])
WEIGHTS = np.array([1.0, -2.0, 0.5, 3.0])

ANYWHERE = {
    "add": lambda x: np.add(x, 2.0) * x,
    "subtract": lambda x: np.subtract(1.0, x) * x,
    "multiply": lambda x: np.multiply(x, x[::-1]),
    "divide": lambda x: np.divide(1.0, x) + np.true_divide(x, 3) + x / x[::-1],
    "negative": lambda x: np.negative(x) * -x,
    "positive": lambda x: np.positive(x) * +x,
    "power whole": lambda x: x**3 + np.power(x, 2) + x**-2,
    "power of a base": lambda x: 2.0**x + np.power(1.5, x),
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arctan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "arcsinh": np.arcsinh,
    "arctan2": lambda x: np.arctan2(x, x[::-1]) * x,
    "hypot": lambda x: np.hypot(x, x[::-1]),
    "cbrt": np.cbrt,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "absolute": lambda x: np.absolute(x) + abs(x) * x + np.abs(x) + np.fabs(x),
    "sign": lambda x: np.sign(x) * x**2,
    "floor": lambda x: np.floor(x) * x,
    "ceil": lambda x: np.ceil(x) * x,
    "rint": lambda x: np.rint(x) * x,
    "round": lambda x: np.round(x) * x + np.round(x, 1) * x + np.around(x) * x,
    "trunc": lambda x: np.trunc(x) * x + np.fix(x) * x,
    "mod": lambda x: np.mod(x, 0.9) * x + (x % 0.31) + np.remainder(5.0, x),
    "fmod": lambda x: np.fmod(x, 0.9) * x,
    "floor divide": lambda x: (x // 0.29) * x + np.floor_divide(x, 0.45),
    "divmod": lambda x: divmod(x, 0.29)[1] * x + np.divmod(x, 0.62)[0] * x,
    "modf": lambda x: np.modf(x)[0] * x,
    "heaviside": lambda x: np.heaviside(x, 0.5) * x,
    "maximum": lambda x: np.maximum(x, 0.5) + np.maximum(x, x[::-1]),
    "minimum": lambda x: np.minimum(x, 0.5) + np.minimum(x, x[::-1]),
    "fmax": lambda x: np.fmax(x, 0.5) * x,
    "fmin": lambda x: np.fmin(x, 0.5) * x,
    "clip": lambda x: np.clip(x, -1, 1) * x + x.clip(0, None) + np.clip(x, None, 0.5),
    "where": lambda x: np.where(x > 0.5, x**2, -x),
    "copysign": lambda x: np.copysign(x, -1.0) * x,
    "signbit": lambda x: np.signbit(x) * x,
    "logaddexp": lambda x: np.logaddexp(x, x[::-1]) + np.logaddexp2(x, 1.0),
    "degrees": lambda x: np.degrees(x) + np.rad2deg(x) * x + np.radians(x) + np.deg2rad(x),
    "sinc": np.sinc,
    "comparisons": lambda x: (
        (x < 0.5) * x**2 + (x <= 0.6) * x + (x > 1) * x**3 + (x >= 2) + (x == 0.5) * x + (x != 0.5)
    ),
    "logical": lambda x: (
        np.logical_and(x > 0, x < 1) * x
        + ((x > 0) & (x < 1)) * x**2
        + np.logical_or(x > 1, x < 0) * x
        + ((x > 1) | (x < 0)) * x**3
        + np.logical_not(x > 0) * x
        + ~(x > 0) * x
        + np.logical_xor(x > 0, x > 1) * x
        + ((x > 0) ^ (x > 1)) * x
    ),
    "tests": lambda x: np.isfinite(x) * x + np.isnan(x) + np.isinf(x) + np.isclose(x, 0.5) * x,
    "nan_to_num": lambda x: np.nan_to_num(x) * x,
    "select": lambda x: np.select([x < 0, x < 1], [x**2, x**3], default=-x),
    "piecewise": lambda x: np.piecewise(x, [x < 0, x >= 1], [lambda t: t**2, lambda t: 3 * t, 1.0]),
    "real": lambda x: np.real(x) * x + np.imag(x) + np.conj(x) + x.real * x + x.conj(),
    "float_power": lambda x: np.float_power(x, 2),
    "astype": lambda x: x.astype(float) * x + x.astype(np.float64) + x.astype(int) * x,
    "erf": lambda x: special.erf(x) + special.erfc(x) * x,
    "expit": lambda x: special.expit(x) * x + special.log_expit(x),
    "ndtr": special.ndtr,
    "softplus": lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0),
    "exp10": special.exp10,
}
POSITIVE_ONLY = {
    "power real": lambda x: x**2.5 + x**-0.5 + np.power(x, 1.3) + x**0.5,
    "power of both": lambda x: x ** x[::-1],
    "float power": lambda x: np.float_power(x, 1.7),
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "sqrt": np.sqrt,
    "gammaln": special.gammaln,
    "digamma": lambda x: special.psi(x) + special.digamma(x),
    "xlogy": lambda x: special.xlogy(x, x) + special.xlog1py(x, x) + special.entr(x),
}
BETWEEN = {
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctanh": np.arctanh,
    "logit": lambda x: special.logit((x + 1) / 2),
}
CASES = [
    *[(name, f, POINT) for name, f in ANYWHERE.items()],
    *[(name, f, POSITIVE) for name, f in POSITIVE_ONLY.items()],
    *[(name, f, INSIDE) for name, f in BETWEEN.items()],
    ("arccosh", np.arccosh, POSITIVE + 1),
]


@pytest.mark.parametrize(("f", "point"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_arrays(f, point):
    assert_exact(lambda x: np.sum(WEIGHTS * f(x)), point)


SCALAR = [
    case
    for case in CASES
    if case[0]
    not in (
        "multiply",
        "divide",
        "arctan2",
        "hypot",
        "maximum",
        "minimum",
        "logaddexp",
        "power of both",
        "piecewise",
    )
]


@pytest.mark.parametrize(("f", "point"), [case[1:] for case in SCALAR], ids=[c[0] for c in SCALAR])
def test_numbers_one_by_one(f, point):
    def total(a, b):
        return f(np.float64(a)) * 2 + f(np.float64(b))

    assert_exact(total, point[:2])


MATH = {
    "trigonometry": lambda x, y: math.sin(x) + math.cos(y) * math.tan(x),
    "inverses": lambda x, y: math.asin(x / 2) + math.acos(y / 2) * math.atan(x),
    "atan2": lambda x, y: math.atan2(x, y) + math.hypot(x, y),
    "hyperbolic": lambda x, y: math.sinh(x) + math.cosh(y) * math.tanh(x),
    "inverse hyperbolic": lambda x, y: math.asinh(x) + math.acosh(y + 1) * math.atanh(x / 2),
    "exponentials": lambda x, y: math.exp(x) + math.exp2(y) + math.expm1(x * y),
    "logarithms": lambda x, y: math.log(x) + math.log(y, 3) + math.log2(x) + math.log10(y),
    "log1p": lambda x, y: math.log1p(x * y),
    "roots": lambda x, y: math.sqrt(x) + math.cbrt(y) + math.pow(x, y) + math.pow(x, 2),
    "special": lambda x, y: math.erf(x) + math.erfc(y) + math.gamma(x + 1) + math.lgamma(y),
    "steps": lambda x, y: math.floor(x) * x + math.ceil(y) * y + math.trunc(x * 7) * x,
    "fabs": lambda x, y: math.fabs(x - y) + math.copysign(x, -y) + math.fmod(x * 5, 2.0),
    "sums": lambda x, y: math.fsum([x, y, x * y]) + math.prod([x, y, 3]),
    "angles": lambda x, y: math.degrees(x) + math.radians(y),
    "distance": lambda x, y: math.dist([x, y], [1, 2]) + math.hypot(x, y, 2.0),
    "tests": lambda x, y: x * y if math.isfinite(x) and not math.isnan(y) else 0.0,
    "isclose": lambda x, y: x if math.isclose(x, y) else x * y,
    "modf": lambda x, y: math.modf(x * 3)[0] * y,
    "constants": lambda x, y: math.pi * x + math.e * y * x,
}


@pytest.mark.parametrize("f", MATH.values(), ids=MATH.keys())
def test_math_functions(f):
    assert_exact(f, [0.7, 1.3])


FLAT = {
    "floor": lambda x: np.sum(np.floor(x)),
    "sign": lambda x: np.sum(np.sign(x)),
    "round": lambda x: np.sum(np.round(x)),
    "cast": lambda x: np.sum(x.astype(int)),
    "comparison": lambda x: np.sum(x > 0.5),
    "mean of comparison": lambda x: np.mean(x > 0.5),
    "count": lambda x: float(np.count_nonzero(x > 0)),
    "int": lambda x: int(x[0]) + int(x[1]),
    "argmax": lambda x: np.argmax(x),
    "constant": lambda x: 3.0,
    "length": lambda x: len(x),
}


@pytest.mark.parametrize("f", FLAT.values(), ids=FLAT.keys())
def test_flat_functions_have_gradient_zero(f):
    function = st.function(f)
    assert np.array_equal(function.gradient(POINT), np.zeros(4))
    assert function.differentiation == "graph"
