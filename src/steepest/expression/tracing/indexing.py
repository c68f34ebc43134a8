"""Reading and writing pieces of traced arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.kinks import where
from steepest.expression.operations.structure import Index, broadcast_to, reshape, take, write
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import TracedArray, is_traced, lift, wrap


def static_key(session: Session, key: Any) -> Any:
    """Return a key with plain numbers in it: an index that depends on values is a decision."""
    if isinstance(key, tuple):
        return tuple([static_key(session, part) for part in key])
    if isinstance(key, slice):
        bounds = [static_key(session, b) for b in (key.start, key.stop, key.step)]
        return slice(*bounds)
    if is_traced(key):
        if key.expression.kind == "f":
            raise IndexError("arrays used as indices must be of integer (or boolean) type")
        return session.decide(key.expression)
    if isinstance(key, list):
        return np.asarray([static_key(session, part) for part in key], dtype=None if key else int)
    if isinstance(key, np.ndarray) and key.dtype == object:
        return np.asarray([static_key(session, part) for part in key.ravel()]).reshape(key.shape)
    return key


def get_item(array: TracedArray, key: Any) -> Any:
    """Return ``array[key]``: a view for basic keys, as in NumPy, a copy otherwise."""
    static = static_key(array.session, key)
    index = Index(static)
    # Let NumPy judge the key, so that wrong ones raise what it raises.
    np.broadcast_to(np.empty(()), array.shape)[index.key]
    if index.is_basic:
        return array.view(lambda base: take(base, index.key))
    return wrap(array.session, take(array.expression, index.key))


def set_item(array: TracedArray, key: Any, value: Any) -> None:
    """Do ``array[key] = value``."""
    session = array.session
    node = in_kind(lift(value), array.expression.kind)
    if is_mask(key, array.shape) and node.shape == ():
        array.rebind(where(lift(key), node, array.expression))
        return
    index = Index(static_key(session, key))
    places = np.broadcast_to(np.empty(()), array.shape)[index.key]
    node = as_written(node, places.shape)
    if places.shape == array.shape and key is Ellipsis:
        array.rebind(broadcast_to(node, array.shape))
        return
    array.rebind(write(array.expression, index.key, node))


def is_mask(key: Any, shape: tuple[int, ...]) -> bool:
    """Whether a key is a traced truth value for every element."""
    return is_traced(key) and key.expression.kind == "b" and key.shape == shape


def as_written(node: Expression, shape: tuple[int, ...]) -> Expression:
    """Drop leading axes of length 1 that assignment tolerates."""
    while node.ndim > len(shape) and node.shape[0] == 1:
        node = reshape(node, node.shape[1:])
    return node


def in_kind(value: Expression, kind: str) -> Expression:
    """Return ``value`` as an array of that kind stores it: NumPy truncates, silently."""
    if kind == "f" or value.kind == kind:
        return value
    return (
        apply(OPERATIONS["integer"], value)
        if kind == "i"
        else (apply(OPERATIONS["not_equal"], value, 0))
    )
