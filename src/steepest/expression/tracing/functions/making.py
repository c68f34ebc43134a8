"""Functions that make new arrays: like others, on a grid, with a diagonal or an edge."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, constant
from steepest.expression.operations.kinks import where
from steepest.expression.operations.structure import reshape, take, write
from steepest.expression.tracing.creation import writable
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.functions.shapes import rearranged
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import do


@handles(np.tril)
def tril(m: Any, k: int = 0) -> Expression:
    x = lift(m)
    return where(constant(np.tri(x.shape[-2], x.shape[-1], k, dtype=bool)), x, 0.0)


@handles(np.triu)
def triu(m: Any, k: int = 0) -> Expression:
    x = lift(m)
    return where(constant(~np.tri(x.shape[-2], x.shape[-1], k - 1, dtype=bool)), x, 0.0)


@handles(np.diag)
def diag(v: Any, k: int = 0) -> Expression:
    x = lift(v)
    if x.ndim == 2:
        return rearranged(np.diagonal, x, k)
    n = x.size + abs(k)
    zeros = constant(np.zeros(n * n))
    places = np.diagonal(np.arange(n * n).reshape(n, n), k)
    return reshape(write(zeros, places, x), (n, n))


@handles(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Expression:
    x = lift(v)
    return diag(reshape(x, (x.size,)), k)


@handles(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Expression:
    x = lift(array)
    if mode == "constant":
        places = np.pad(np.arange(x.size).reshape(x.shape), pad_width, constant_values=-1)
        fill = lift(options.get("constant_values", 0.0))
        inside = take(reshape(x, (x.size,)), np.maximum(places, 0))
        return where(constant(places >= 0), inside, fill)
    return rearranged(np.pad, x, pad_width, mode)


@handles(np.copy)
def copied(a: Any, order: str = "K", subok: bool = False) -> Expression:
    return lift(a)


def like(session: Session, a: Any, dtype: Any, options: dict[str, Any]) -> Any:
    """Return zeros that are like an array."""
    node = lift(a)
    shape = options.get("shape")
    return np.zeros(node.shape if shape is None else shape, dtype or session.dtype(node))


@handles(np.zeros_like, np.empty_like, decides=True, typed=True)
def zeros_like(session: Session, a: Any, dtype: Any = None, *_: Any, **options: Any) -> Any:
    return writable(session, like(session, a, dtype, options))


@handles(np.ones_like, decides=True, typed=True)
def ones_like(session: Session, a: Any, dtype: Any = None, *_: Any, **options: Any) -> Any:
    return writable(session, like(session, a, dtype, options) + 1)


@handles(np.full_like, decides=True, typed=True)
def full_like(
    session: Session, a: Any, fill_value: Any, dtype: Any = None, *_: Any, **options: Any
) -> Any:
    filled = writable(session, like(session, a, dtype, options))
    filled[...] = fill_value
    return filled


@handles(np.linspace)
def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, **_: Any
) -> Any:
    first, last = lift(start), lift(stop)
    step = do("divide", do("subtract", last, first), max(num - 1 if endpoint else num, 1))
    column = np.arange(num).reshape(-1, *[1] * max(first.ndim, last.ndim))
    grid = do("add", first, do("multiply", constant(column), step))
    return (grid, step) if retstep else grid
