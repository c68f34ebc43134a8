"""Elementary and special functions of one or two variables, one row each.

A row reads: name, derivative rule (g is the gradient of the result y), spelling
for plain numbers. `g * finite_or_zero(...)` marks a vertical tangent.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply
from steepest.expression.operation import Operation, define
from steepest.expression.operations.kinks import finite_or_zero, less, where

LOG_2, LOG_10 = math.log(2), math.log(10)


def function(
    name: str, rule: Any, scalar: str | None = None, latex: str | None = None, evaluate: Any = None
) -> Operation:
    """Define a function of one variable whose rule gives its slope."""
    return define(
        Operation(
            name,
            evaluate or getattr(np, name),
            lambda g, y, x: (rule(g, y, x),),
            spelling=f"np.{name}({{0}})",
            scalar_spelling=scalar or f"{name}({{0}})",
            latex=latex or rf"\{name}\left({{0}}\right)",
        )
    )


def roman(name: str) -> str:
    """Return LaTeX for a function that has no command of its own."""
    return rf"\operatorname{{{{{name}}}}}\left({{0}}\right)"


sqrt: Operation = function(
    "sqrt",
    # d sqrt(x) = dx / (2 sqrt(x)), vertical at 0
    lambda g, y, x: g * finite_or_zero(0.5 / y),
    latex=r"\sqrt{{{0}}}",
)
cbrt: Operation = function(
    "cbrt",
    # d x^(1/3) = dx / (3 x^(2/3)), vertical at 0
    lambda g, y, x: g * finite_or_zero(1 / (3 * (y * y))),
    latex=r"\sqrt[3]{{{0}}}",
)
exp: Operation = function("exp", lambda g, y, x: g * y, latex=r"e^{{{0}}}")  # d exp(x) = exp(x) dx
exp2: Operation = function(
    "exp2", lambda g, y, x: g * (LOG_2 * y), latex=r"2^{{{0}}}"
)  # 2^x log 2 dx
expm1: Operation = function(
    "expm1", lambda g, y, x: g * (y + 1), latex=r"\left(e^{{{0}}} - 1\right)"
)
log: Operation = function("log", lambda g, y, x: g / x)  # d log(x) = dx / x
log2: Operation = function("log2", lambda g, y, x: g / (LOG_2 * x), latex=r"\log_2\left({0}\right)")
log10: Operation = function(
    "log10", lambda g, y, x: g / (LOG_10 * x), latex=r"\log_{{10}}\left({0}\right)"
)
log1p: Operation = function("log1p", lambda g, y, x: g / (1 + x), latex=r"\log\left(1 + {0}\right)")
sin: Operation = function("sin", lambda g, y, x: g * apply(cos, x))  # d sin(x) = cos(x) dx
cos: Operation = function("cos", lambda g, y, x: -(g * apply(sin, x)))  # d cos(x) = -sin(x) dx
tan: Operation = function("tan", lambda g, y, x: g * (1 + y * y))  # d tan(x) = (1 + tan^2 x) dx
sinh: Operation = function("sinh", lambda g, y, x: g * apply(cosh, x))
cosh: Operation = function("cosh", lambda g, y, x: g * apply(sinh, x))
tanh: Operation = function("tanh", lambda g, y, x: g * (1 - y * y))  # d tanh(x) = (1 - tanh^2 x) dx
arcsin: Operation = function(
    "arcsin",
    # d arcsin(x) = dx / sqrt(1 - x^2), vertical at -1 and 1
    lambda g, y, x: g * finite_or_zero(1 / apply(sqrt, 1 - x * x)),
    "asin({0})",
)
arccos: Operation = function(
    "arccos", lambda g, y, x: -(g * finite_or_zero(1 / apply(sqrt, 1 - x * x))), "acos({0})"
)
arctan: Operation = function("arctan", lambda g, y, x: g / (1 + x * x), "atan({0})")
arcsinh: Operation = function(
    "arcsinh",
    lambda g, y, x: g / apply(sqrt, x * x + 1),
    "asinh({0})",
    roman("arsinh"),
)
arccosh: Operation = function(
    "arccosh",
    # d arcosh(x) = dx / sqrt(x^2 - 1), vertical at 1
    lambda g, y, x: g * finite_or_zero(1 / apply(sqrt, x * x - 1)),
    "acosh({0})",
    roman("arcosh"),
)
arctanh: Operation = function(
    "arctanh", lambda g, y, x: g / (1 - x * x), "atanh({0})", roman("artanh")
)


def binary(name: str, rule: Any, scalar: str, latex: str) -> Operation:
    """Define a function of two variables."""
    return define(
        Operation(
            name,
            getattr(np, name),
            rule,
            spelling=f"np.{name}({{0}}, {{1}})",
            scalar_spelling=scalar,
            latex=latex,
        )
    )


def _arctan2_gradient(g: Expression, _: Expression, y: Expression, x: Expression) -> Any:
    """D atan2(y, x) = (x dy - y dx) / (x^2 + y^2); 0 at the origin."""
    square = x * x + y * y
    return g * finite_or_zero(x / square), -(g * finite_or_zero(y / square))


arctan2: Operation = binary(
    "arctan2",
    _arctan2_gradient,
    "atan2({0}, {1})",
    r"\operatorname{{atan2}}\left({0}, {1}\right)",
)
hypot: Operation = binary(
    "hypot",
    # d sqrt(a^2 + b^2) = (a da + b db) / y; the cone's tip has slope 0
    lambda g, y, a, b: (g * finite_or_zero(a / y), g * finite_or_zero(b / y)),
    "hypot({0}, {1})",
    r"\sqrt{{{0}^2 + {1}^2}}",
)


def _expit(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)) without overflow: exp only sees numbers below 0."""
    small = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + small), small / (1 + small))[()]


expit: Operation = define(
    Operation(
        "expit",
        _expit,
        # d s(x) = s(x) (1 - s(x)) dx
        lambda g, y, x: (g * (y * (1 - y)),),
        spelling="np.exp(-np.logaddexp(0.0, -({0})))",
        scalar_spelling="(1/(1 + exp(-({0}))) if {0} >= 0 else exp({0})/(1 + exp({0})))",
        latex=r"\sigma\left({0}\right)",
    )
)


def _logaddexp_gradient(g: Expression, y: Expression, a: Expression, b: Expression) -> Any:
    """D log(e^a + e^b) = e^(a-y) da + e^(b-y) db, where e^(a-y) = s(a - b)."""
    return g * apply(expit, a - b), g * apply(expit, b - a)


logaddexp: Operation = define(
    Operation(
        "logaddexp",
        np.logaddexp,
        _logaddexp_gradient,
        spelling="np.logaddexp({0}, {1})",
        scalar_spelling="(max({0}, {1}) + log1p(exp(-abs({0} - ({1})))))",
        latex=r"\log\left(e^{{{0}}} + e^{{{1}}}\right)",
    )
)


def sinc(x: Expression) -> Expression:
    """Return sin(pi x) / (pi x), by its Taylor series near 0.

    With t = (pi x)^2 the series is 1 - t/3! + t^2/5! - t^3/7! + t^4/9! - ...; for
    pi |x| < 0.1 the first term left out is below 3e-18, and unlike a bare "1 at 0"
    the series has the right derivatives of every order there.
    """
    angle = math.pi * x
    t = angle * angle
    near = apply(less, t, 0.01)
    series = 1 + t * (-1 / 6 + t * (1 / 120 + t * (-1 / 5040 + t * (1 / 362880))))
    safe = where(near, 1.0, angle)
    return where(near, series, apply(sin, safe) / safe)
