"""What can be asked about an array without its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, constant
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.traced import is_traced, lift


@handles(np.shape)
def shape(a: Any) -> tuple[int, ...]:
    return lift(a).shape


@handles(np.ndim)
def ndim(a: Any) -> int:
    return lift(a).ndim


@handles(np.size)
def size(a: Any, axis: int | None = None) -> int:
    node = lift(a)
    return node.size if axis is None else node.shape[axis]


@handles(np.real, np.real_if_close)
def real(val: Any, *_: Any) -> Expression:
    return lift(val)


@handles(np.imag)
def imag(val: Any) -> Expression:
    return constant(np.zeros(lift(val).shape))


@handles(np.iscomplexobj)
def iscomplexobj(x: Any) -> bool:
    return False


@handles(np.isrealobj)
def isrealobj(x: Any) -> bool:
    return True


@handles(np.result_type)
def result_type(*arrays_and_dtypes: Any) -> Any:
    return np.result_type(*[one.dtype if is_traced(one) else one for one in arrays_and_dtypes])
