"""Choices, comparisons and operations with kinks, and the conventions at the kinks.

One rule decides every kink: *the gradient is the shortest of the slopes that the
kink allows*. So |x| has slope 0 at 0, max(x, 0) has slope 0 at 0 (a constant
takes the tie), max(x, y) gives each half where x = y, and where the slope is
infinite (sqrt at 0) there is no finite slope to choose from and it is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply
from steepest.expression.operation import Operation, always, define, same_kind, widest_kind
from steepest.expression.precedence import ATOM, COMPARISON


def comparison(
    name: str,
    symbol: str,
    latex: str,
    simplify: Callable[..., Expression | None] | None = None,
) -> Operation:
    """Define a comparison: true or false, so its slope is zero."""
    return define(
        Operation(
            name,
            getattr(np, name),
            kind=always("b"),
            simplify=simplify,
            spelling=f"{{0}} {symbol} {{1}}",
            scalar_spelling=f"{{0}} {symbol} {{1}}",
            precedence=COMPARISON,
            latex=f"{{0}} {latex} {{1}}",
        )
    )


def simplify_truth(x: Expression, number: Expression) -> Expression | None:
    """Simplify the question whether a truth value is not 0."""
    return x if x.kind == "b" and not number.shape and number.equals_constant(0) else None


less: Operation = comparison("less", "<", "<")
less_equal: Operation = comparison("less_equal", "<=", r"\le")
greater: Operation = comparison("greater", ">", ">")
greater_equal: Operation = comparison("greater_equal", ">=", r"\ge")
equal: Operation = comparison("equal", "==", "=")
not_equal: Operation = comparison("not_equal", "!=", r"\ne", simplify_truth)


def logical(name: str, scalar: str, precedence: int = ATOM) -> Operation:
    """Define a logical operation on truth values."""
    arity = "({0})" if name in ("logical_not", "isnan", "isfinite", "isinf") else "({0}, {1})"
    return define(
        Operation(
            name,
            getattr(np, name),
            kind=always("b"),
            spelling=f"np.{name}{arity}",
            scalar_spelling=scalar,
            precedence=precedence,
        )
    )


logical_and: Operation = logical("logical_and", "bool({0} and {1})")
logical_or: Operation = logical("logical_or", "bool({0} or {1})")
logical_xor: Operation = logical("logical_xor", "bool({0}) != bool({1})", COMPARISON)
logical_not: Operation = logical("logical_not", "(not {0})")
isnan: Operation = logical("isnan", "isnan({0})")
isfinite: Operation = logical("isfinite", "isfinite({0})")
isinf: Operation = logical("isinf", "isinf({0})")


def simplify_where(condition: Expression, a: Expression, b: Expression) -> Expression | None:
    """Simplify a choice between equals, or one that is already made."""
    if a is b and a.shape == np.broadcast_shapes(condition.shape, a.shape):
        return a
    if condition.is_constant and not condition.shape and a.shape == b.shape and a.kind == b.kind:
        return a if condition.value else b
    return None


def where(condition: Any, a: Any, b: Any) -> Expression:
    """Return ``a`` where ``condition`` holds and ``b`` elsewhere."""
    return apply(choose, condition, a, b)


choose: Operation = define(
    Operation(
        "where",
        np.where,
        # each branch gets the gradient where it was taken, and exactly 0 elsewhere
        lambda g, y, c, a, b: (None, where(c, g, 0.0), where(c, 0.0, g)),
        kind=lambda kinds: same_kind(kinds[1:]),
        simplify=simplify_where,
        spelling="np.where({0}, {1}, {2})",
        scalar_spelling="({1} if {0} else {2})",
        latex=r"\begin{{cases}} {1} & {0} \\ {2} & \text{{else}} \end{{cases}}",
    )
)


def _finite_or_zero(x: Any) -> Any:
    return np.where(np.isfinite(x), x, 0.0)[()]


tame: Operation = define(
    Operation(
        "finite_or_zero",
        _finite_or_zero,
        lambda g, y, x: (apply(while_finite, g, x),),
        spelling="np.nan_to_num({0}, nan=0.0, posinf=0.0, neginf=0.0)",
        scalar_spelling="{0}",
    )
)
"""A slope that counts as 0 where it is infinite (a vertical tangent).

Programs compute the bare slope first and come back to this one only where the
result is not finite: see `steepest.derivative.careful`.
"""


while_finite: Operation = define(
    Operation(
        "where_finite",
        lambda g, x: np.where(np.isfinite(x), g, 0.0)[()],
        lambda h, y, g, x: (apply(while_finite, h, x), None),
        spelling="np.where(np.isfinite({1}), {0}, 0.0)",
        scalar_spelling="({0} if isfinite({1}) else 0.0)",
    )
)
"""The gradient that such a slope passes on: none where it is infinite."""


def finite_or_zero(x: Expression) -> Expression:
    """Return ``x`` where it is finite and 0 elsewhere."""
    return apply(tame, x)


sign: Operation = define(
    Operation(
        "sign",
        np.sign,
        kind=widest_kind,
        spelling="np.sign({0})",
        scalar_spelling="float(({0} > 0) - ({0} < 0))",
        latex=r"\operatorname{{sign}}\left({0}\right)",
    )
)
absolute: Operation = define(
    Operation(
        "absolute",
        np.absolute,
        # d|x| = sign(x) dx, and sign(0) = 0
        lambda g, y, x: (g * apply(sign, x),),
        kind=same_kind,
        spelling="np.abs({0})",
        scalar_spelling="abs({0})",
        latex=r"\left|{0}\right|",
    )
)


def extreme_gradient(wins: Operation) -> Any:
    """Return the rule of max or min: the winner takes the gradient, ties share it.

    A constant cannot move, so it takes a tie whole: the shortest slope is 0.
    """

    def rule(g: Expression, y: Expression, a: Expression, b: Expression) -> Any:
        if a.is_constant or b.is_constant:
            return (
                None if a.is_constant else where(apply(wins, a, b), g, 0.0),
                None if b.is_constant else where(apply(wins, b, a), g, 0.0),
            )
        tie = where(apply(equal, a, b), 0.5 * g, 0.0)
        return where(apply(wins, a, b), g, tie), where(apply(wins, b, a), g, tie)

    return rule


def extreme(name: str, wins: Operation, scalar: str) -> Operation:
    """Define an elementwise maximum or minimum."""
    return define(
        Operation(
            name,
            getattr(np, name),
            extreme_gradient(wins),
            kind=same_kind,
            simplify=lambda a, b: a if a is b else None,
            spelling=f"np.{name}({{0}}, {{1}})",
            scalar_spelling=f"{scalar}({{0}}, {{1}})",
            latex=rf"\{scalar}\left({{0}}, {{1}}\right)",
        )
    )


maximum: Operation = extreme("maximum", greater, "max")
minimum: Operation = extreme("minimum", less, "min")
fmax: Operation = extreme("fmax", greater, "max")
fmin: Operation = extreme("fmin", less, "min")

heaviside: Operation = define(
    Operation(
        "heaviside",
        np.heaviside,
        # a step is flat on both sides; at 0 it is the second argument itself
        lambda g, y, x, h: (None, where(apply(equal, x, 0), g, 0.0)),
        spelling="np.heaviside({0}, {1})",
        scalar_spelling="(0.0 if {0} < 0 else {1} if {0} == 0 else 1.0)",
    )
)
copysign: Operation = define(
    Operation(
        "copysign",
        np.copysign,
        # copysign(a, b) = |a| with the sign of b, so its slope in a is y / a = +-1
        lambda g, y, a, b: (g * apply(sign, a) * apply(sign, y), None),
        spelling="np.copysign({0}, {1})",
        scalar_spelling="copysign({0}, {1})",
    )
)


def step_function(name: str, scalar: str) -> Operation:
    """Define a piecewise constant function of one variable: its slope is 0."""
    function = getattr(np, name)
    return define(
        Operation(
            name,
            lambda x: function(x) if np.asarray(x).dtype.kind == "f" else _real(function(x)),
            spelling=f"np.{name}({{0}})",
            scalar_spelling=scalar,
        )
    )


floor: Operation = step_function("floor", "float(floor({0}))")
ceil: Operation = step_function("ceil", "float(ceil({0}))")
trunc: Operation = step_function("trunc", "float(trunc({0}))")
rint: Operation = step_function("rint", "float(round({0}))")


def _whole(x: Any) -> Any:
    return np.asarray(x).astype(np.int64)[()]


integer: Operation = define(
    Operation(
        "integer",
        _whole,
        kind=always("i"),
        spelling="np.asarray({0}).astype(int)",
        scalar_spelling="int({0})",
    )
)


def _real(x: Any) -> Any:
    return np.asarray(x).astype(np.float64)[()]


real: Operation = define(
    Operation(
        "real",
        _real,
        lambda g, y, x: (g,),
        simplify=lambda x: x if x.kind == "f" else None,
        spelling="np.asarray({0}).astype(float)",
        scalar_spelling="float({0})",
    )
)


def _masked(function: Any) -> Any:
    def evaluate(a: Any, b: Any) -> Any:
        stopped = np.equal(a, 0)
        if function is np.multiply:
            stopped = stopped | np.equal(b, 0)
        return np.where(stopped, 0.0, function(a, b))[()]

    return evaluate


def _masked_operation(name: str, function: Any, symbol: str, stopped: str) -> Operation:
    return define(
        Operation(
            name,
            _masked(function),
            spelling=f"np.where({stopped}, 0.0, {{0}}{symbol}{{1}})",
            scalar_spelling=f"(0.0 if {stopped} else {{0}}{symbol}{{1}})",
        )
    )


masked_multiply: Operation = _masked_operation(
    "masked_multiply", np.multiply, "*", "({0} == 0) | ({1} == 0)"
)
masked_divide: Operation = _masked_operation("masked_divide", np.true_divide, "/", "{0} == 0")
"""Products of backpropagation in which a zero gradient stays zero, see `careful`."""
