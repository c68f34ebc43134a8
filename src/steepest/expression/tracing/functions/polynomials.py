"""Polynomials, and the convolution that multiplies them."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, constant
from steepest.expression.operations.reductions import total
from steepest.expression.operations.structure import flip, reshape, take
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.functions.joins import concatenated
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import do


@handles(np.polyval)
def polyval(p: Any, x: Any) -> Expression:
    coefficients, place = lift(p), lift(x)
    result = constant(0.0)
    for k in range(coefficients.size):
        result = do("add", do("multiply", result, place), take(coefficients, k))
    return result


@handles(np.convolve)
def convolve(a: Any, v: Any, mode: str = "full") -> Expression:
    x, kernel = lift(a), lift(v)
    n, m = x.size, kernel.size
    places = np.arange(n + m - 1)[:, None] - np.arange(m)[None, :]
    inside = (places >= 0) & (places < n)
    shifted = take(x, np.clip(places, 0, n - 1))
    full = total(do("multiply", do("multiply", shifted, constant(inside * 1.0)), kernel), (1,))
    return take(full, _kept(n, m, mode))


def _kept(n: int, m: int, mode: str) -> slice:
    """Return the part of the full convolution that a mode keeps."""
    if mode == "full":
        return slice(None)
    if mode == "valid":
        return slice(min(n, m) - 1, max(n, m))
    start = (min(n, m) - 1) // 2
    return slice(start, start + max(n, m))


@handles(np.correlate)
def correlate(a: Any, v: Any, mode: str = "valid") -> Expression:
    """Return c_k = sum_n a_(n+k) v_n: the convolution with ``v`` reversed."""
    x, kernel = lift(a), lift(v)
    if mode == "valid" and kernel.size > x.size:
        return flip(convolve(kernel, flip(x, 0), mode), 0)
    return convolve(x, flip(kernel, 0), mode)


@handles(np.vander)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Expression:
    node = lift(x)
    count = node.size if N is None else N
    powers = range(count) if increasing else range(count)[::-1]
    column = reshape(node, (node.size, 1))
    return concatenated([do("power", column, k) for k in powers], 1)
