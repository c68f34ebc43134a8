"""Choices between values: where, clip, select, piecewise, interpolation and comparisons."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, constant
from steepest.expression.operations.elementary import sinc
from steepest.expression.operations.kinks import where
from steepest.expression.operations.structure import reshape, take
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.functions.reductions import all_
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import lift, wrap
from steepest.expression.tracing.ufuncs import do


@handles(np.where, decides=True)
def where_(session: Session, condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None or y is None:
        return np.nonzero(session.decide(lift(condition)))
    return where(do("not_equal", lift(condition), 0), lift(x), lift(y))


@handles(np.nonzero, decides=True)
def nonzero(session: Session, a: Any) -> Any:
    return np.nonzero(session.decide(do("not_equal", lift(a), 0)))


@handles(np.flatnonzero, decides=True)
def flatnonzero(session: Session, a: Any) -> Any:
    return np.flatnonzero(session.decide(do("not_equal", lift(a), 0)))


@handles(np.argwhere, decides=True)
def argwhere(session: Session, a: Any) -> Any:
    return np.argwhere(session.decide(do("not_equal", lift(a), 0)))


@handles(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Expression:
    x = lift(a)
    low = options.get("min", a_min)
    high = options.get("max", a_max)
    if low is not None:
        x = do("maximum", x, lift(low))
    return x if high is None else do("minimum", x, lift(high))


@handles(np.round, np.around)
def round_(a: Any, decimals: int = 0) -> Expression:
    x = lift(a)
    if decimals == 0:
        return do("rint", x)
    scale = 10.0**decimals
    return do("divide", do("rint", do("multiply", x, scale)), scale)


@handles(np.fix)
def fix(x: Any) -> Expression:
    return do("trunc", lift(x))


@handles(np.nan_to_num)
def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, **limits: Any) -> Expression:
    node = lift(x)
    largest = np.finfo(float).max
    above, below = limits.get("posinf"), limits.get("neginf")
    node = where(do("isnan", node), nan, node)
    node = where(do("equal", node, np.inf), largest if above is None else above, node)
    return where(do("equal", node, -np.inf), -largest if below is None else below, node)


@handles(np.sinc)
def sinc_(x: Any) -> Expression:
    return sinc(lift(x))


@handles(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Expression:
    result = lift(default)
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        result = where(lift(condition), lift(choice), result)
    return result


@handles(np.piecewise, decides=True)
def piecewise(session: Session, x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    node = lift(x)
    conditions = [lift(condition) for condition in condlist]
    pieces = [
        lift(piece(wrap(session, node), *args, **kw)) if callable(piece) else lift(piece)
        for piece in funclist
    ]
    result = pieces[-1] if len(pieces) > len(conditions) else constant(0.0)
    for condition, piece in zip(conditions, pieces, strict=False):
        result = where(condition, piece, result)
    return result


@handles(np.interp, decides=True)
def interp(session: Session, x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """Piecewise linear interpolation; the interval each point lies in is a decision."""
    node, grid, values = lift(x), lift(xp), lift(fp)
    knots = np.asarray(session.decide(grid))
    passed = session.decide(do("less_equal", constant(knots), reshape(node, (*node.shape, 1))))
    k = np.clip(np.sum(passed, axis=-1) - 1, 0, knots.size - 2)
    x0, x1, y0, y1 = take(grid, k), take(grid, k + 1), take(values, k), take(values, k + 1)
    slope = do("divide", do("subtract", y1, y0), do("subtract", x1, x0))
    line = do("add", y0, do("multiply", slope, do("subtract", node, x0)))
    below = take(values, 0) if left is None else lift(left)
    above = take(values, -1) if right is None else lift(right)
    line = where(do("less", node, take(grid, 0)), below, line)
    return where(do("greater", node, take(grid, -1)), above, line)


@handles(np.isclose)
def isclose(
    a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Expression:
    x, y = lift(a), lift(b)
    allowed = do("add", atol, do("multiply", rtol, do("absolute", y)))
    return do("less_equal", do("absolute", do("subtract", x, y)), allowed)


@handles(np.allclose)
def allclose(
    a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Expression:
    return all_(isclose(a, b, rtol, atol))


@handles(np.array_equal)
def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> Any:
    x, y = lift(a1), lift(a2)
    return all_(do("equal", x, y)) if x.shape == y.shape else False
