"""Functions that write into an array they are given."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply, constant
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.structure import Index, broadcast_to, reshape
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.indexing import static_key
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import lift, wrap
from steepest.expression.tracing.ufuncs import do, writable_target


@handles(np.copyto, decides=True)
def copyto(session: Session, dst: Any, src: Any, casting: str = "", where: Any = True) -> None:
    target = writable_target(session, dst)
    target[...] = src if where is True else np.where(where, src, target)


@handles(np.fill_diagonal, decides=True)
def fill_diagonal(session: Session, a: Any, val: Any, wrap: bool = False) -> None:
    target = writable_target(session, a)
    places = np.zeros(target.shape, dtype=bool)
    np.fill_diagonal(places, True, wrap)
    target[places] = resized(session, val, int(places.sum()))


@handles(np.put, decides=True)
def put(session: Session, a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    target = writable_target(session, a)
    order = np.arange(target.size)
    places = np.unravel_index(np.take(order, static_key(session, ind), mode=mode), target.shape)  # type: ignore[call-overload]
    target[places] = resized(session, v, np.size(places[0])).reshape(np.shape(places[0]))


@handles(np.putmask, decides=True)
def putmask(session: Session, a: Any, mask: Any, values: Any) -> None:
    target = writable_target(session, a)
    spread = resized(session, values, target.size).reshape(target.shape)
    target[...] = np.where(mask, spread, target)


@handles(np.place, decides=True)
def place(session: Session, arr: Any, mask: Any, vals: Any) -> None:
    target = writable_target(session, arr)
    places = np.asarray(static_key(session, mask), dtype=bool)
    target[places] = resized(session, vals, int(places.sum()))


def resized(session: Session, values: Any, size: int) -> Any:
    """Return values repeated as often as needed, as the writing functions do."""
    return np.resize(wrap(session, reshape(lift(values), (lift(values).size,))), size)


@handles(np.bincount, decides=True)
def bincount(session: Session, x: Any, weights: Any = None, minlength: int = 0) -> Expression:
    places = np.asarray(static_key(session, x))
    if weights is None:
        return constant(np.bincount(places, minlength=minlength))
    size = max(int(minlength), int(places.max(initial=-1)) + 1)
    added = do("real", broadcast_to(lift(weights), places.shape))
    return apply(OPERATIONS["scatter"], added, index=Index(places), shape=(size,))
