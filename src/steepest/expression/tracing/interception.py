"""For as long as one trace runs: array creation and `math` that keep derivatives.

Most code is followed through NumPy's own protocols. Three things escape them:
`np.zeros(n)` that is written into later, `np.array([...])` of traced values, and
`math.sin(x)`, because all three insist on plain numbers. When a trace fails for
that reason it is repeated with those functions replaced, in the modules `numpy`
and `math` and under the names by which the user's modules imported them.

The replacements look at the calling thread: outside the trace they pass every
call on unchanged, so other threads do not notice. They are gone when the trace
ends, whatever ends it.
"""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from steepest.expression.node import Expression, constant
from steepest.expression.operations.structure import reshape
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import (
    TracedArray,
    cast,
    contains_traced,
    is_traced,
    lift,
    wrap,
)
from steepest.expression.tracing.ufuncs import SPECIAL, UFUNCS, do

_tracing = threading.local()
_lock = threading.RLock()

Replacement = Callable[..., Any]


def current_session() -> Session | None:
    """Return the session that intercepts on this thread."""
    session: Session | None = getattr(_tracing, "session", None)
    return session


def creating(original: Any) -> Replacement:
    """Replace a function that makes a new array, so that traced values can be written into it."""

    def create(*args: Any, **kwargs: Any) -> Any:
        session = current_session()
        if session is None or called_from_library():
            return original(*args, **kwargs)
        made = original(*args, **kwargs)
        return buffer(session, made)

    return create


def buffer(session: Session, made: Any) -> Any:
    """Return a traced array with the content of a plain one, if it holds real numbers."""
    if isinstance(made, np.ndarray) and made.dtype.kind in "fib" and not is_traced(made):
        return TracedArray(session, constant(made))
    return made


def converting(original: Any) -> Replacement:
    """Replace np.array and its relatives, which turn their argument into an array."""

    def convert(a: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        session = current_session()
        if session is None or called_from_library():
            return original(a, *([] if dtype is None else [dtype]), *args, **kwargs)
        if not contains_traced(a):
            made = original(a, *([] if dtype is None else [dtype]), *args, **kwargs)
            return buffer(session, made)
        ndmin = kwargs.get("ndmin", 0)
        node = lift(a)
        array: Any = TracedArray(session, node)
        while array.ndim < ndmin:
            array = array[None]
        return array if dtype in (None, object) else cast(array, dtype)

    return convert


def called_from_library() -> bool:
    """Whether NumPy, SciPy or the standard library made the call: only user code is followed."""
    module = sys._getframe(2).f_globals.get("__name__", "")
    return str(module).partition(".")[0] in LIBRARIES


LIBRARIES = {"numpy", "scipy", "steepest", *sys.stdlib_module_names} - {"__main__", "test"}


def counting(original: Any, build: Callable[..., Expression]) -> Replacement:
    """Replace a function of `math` by the same on traced values."""

    def calculate(*args: Any) -> Any:
        for value in args:
            if is_traced(value):
                return wrap(value.session, build(*[lift(one) for one in args]))
        return original(*args)

    return calculate


def gathering(original: Any, gather: Callable[[Sequence[Any]], Any]) -> Replacement:
    """Replace a function of `math` that takes a sequence."""

    def calculate(values: Any, *args: Any, **kwargs: Any) -> Any:
        values = list(values)
        if contains_traced(values):
            return gather(values)
        return original(values, *args, **kwargs)

    return calculate


def _log(x: Expression, base: Expression | None = None) -> Expression:
    natural = do("log", x)
    return natural if base is None else do("divide", natural, do("log", base))


def _gamma(x: Expression) -> Expression:
    """Gamma(x) = exp(log|Gamma(x)|), which is right for x > 0."""
    return do("exp", do("gammaln", x))


def _sum(values: Sequence[Any]) -> Any:
    return sum(values)


def _product(values: Sequence[Any]) -> Any:
    result: Any = 1
    for value in values:
        result = result * value
    return result


MATH: dict[str, Callable[..., Expression]] = {
    **{
        name: UFUNCS[getattr(np, name)]
        for name in "sin cos tan sinh cosh tanh exp exp2 expm1 log1p log2 log10 sqrt cbrt hypot "
        "copysign fmod fabs isnan isfinite isinf degrees radians".split()
    },
    "asin": UFUNCS[np.arcsin],
    "acos": UFUNCS[np.arccos],
    "atan": UFUNCS[np.arctan],
    "asinh": UFUNCS[np.arcsinh],
    "acosh": UFUNCS[np.arccosh],
    "atanh": UFUNCS[np.arctanh],
    "atan2": UFUNCS[np.arctan2],
    "pow": UFUNCS[np.power],
    "log": _log,
    "erf": SPECIAL["erf"],
    "erfc": SPECIAL["erfc"],
    "lgamma": SPECIAL["gammaln"],
    "gamma": _gamma,
}


def _logsumexp(original: Any) -> Replacement:
    def logsumexp(
        a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
    ) -> Any:
        if not (is_traced(a) or is_traced(b) or contains_traced(a)) or return_sign:
            return original(a, axis, b, keepdims, return_sign)
        # log sum exp(a) = m + log sum exp(a - m); m has no slope in the end, whatever it is
        session = a.session if is_traced(a) else current_session()
        assert session is not None
        x = wrap(session, lift(a))
        largest = np.max(x, axis=axis, keepdims=True)
        weights = np.exp(x - largest) if b is None else b * np.exp(x - largest)
        total = np.log(np.sum(weights, axis=axis, keepdims=True)) + largest
        return total if keepdims else np.squeeze(total, axis=axis)

    return logsumexp


def _softmax(original: Any) -> Replacement:
    def softmax(x: Any, axis: Any = None) -> Any:
        if not is_traced(x):
            return original(x, axis=axis)
        powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
        return powers / np.sum(powers, axis=axis, keepdims=True)

    return softmax


class _FloatType(type):
    """Lets a stand-in for a type answer isinstance and issubclass as the type does."""

    stands_for: type

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.stands_for)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.stands_for)

    def __call__(cls, value: Any = 0.0, *args: Any) -> Any:
        if is_traced(value) and value.size == 1:
            node = lift(value)
            return wrap(value.session, do("real", reshape(node, ())))
        return cls.stands_for(value, *args)


class Float(metaclass=_FloatType):
    """`float`, except that a traced number stays traced."""

    stands_for = float
    dtype = np.dtype(np.float64)
    fromhex = float.fromhex


class Float64(metaclass=_FloatType):
    """`numpy.float64`, except that a traced number stays traced."""

    stands_for = np.float64
    dtype = np.dtype(np.float64)


def _fromiter(original: Any) -> Replacement:
    def fromiter(values: Any, dtype: Any = float, *args: Any, **kwargs: Any) -> Any:
        session = current_session()
        if session is None:
            return original(values, dtype, *args, **kwargs)
        items = list(values)
        if not contains_traced(items):
            return original(items, dtype, *args, **kwargs)
        return TracedArray(session, lift(items))

    return fromiter


def replacements() -> dict[Any, Replacement]:
    """Return what stands in for what, by the original function."""
    table: dict[Any, Replacement] = {}
    for name in "zeros ones empty full eye identity arange linspace".split():
        table[getattr(np, name)] = creating(getattr(np, name))
    for name in "zeros_like ones_like empty_like full_like copy".split():
        table[getattr(np, name)] = creating(getattr(np, name))
    for name in "array asarray asanyarray ascontiguousarray asfarray asarray_chkfinite".split():
        if name in vars(np):
            table[getattr(np, name)] = converting(getattr(np, name))
    table[np.fromiter] = _fromiter(np.fromiter)
    table[np.float64] = Float64
    table[float] = Float
    for name, build in MATH.items():
        original = getattr(math, name)
        table[original] = counting(original, build)
    table[math.fsum] = gathering(math.fsum, _sum)
    table[math.prod] = gathering(math.prod, _product)
    special = sys.modules.get("scipy.special")
    if special is not None:
        table[special.logsumexp] = _logsumexp(special.logsumexp)
        table[special.softmax] = _softmax(special.softmax)
    return table


@contextmanager
def intercepting(session: Session, namespaces: Sequence[dict[str, Any]]) -> Iterator[None]:
    """Replace creation and `math` functions in NumPy, `math` and the given namespaces."""
    with _lock:
        table = replacements()
        special = sys.modules.get("scipy.special")
        places = [vars(np), vars(math), *([vars(special)] if special else []), *namespaces]
        changed: list[tuple[dict[str, Any], str, Any]] = []
        _tracing.session = session
        shadowed = [space for space in namespaces if "float" not in space]
        try:
            for space in shadowed:
                space["float"] = Float
            for place in places:
                for name, value in list(place.items()):
                    replacement = _replacement(table, value)
                    if replacement is not None:
                        changed.append((place, name, value))
                        place[name] = replacement
            yield
        finally:
            for place, name, value in reversed(changed):
                place[name] = value
            for space in shadowed:
                space.pop("float", None)
            _tracing.session = None


REPLACEABLE = (BuiltinFunctionType, FunctionType, type(np.sum), type)


def _replacement(table: dict[Any, Replacement], value: Any) -> Replacement | None:
    """Look a module's global up; most are neither hashable nor functions."""
    return table.get(value) if type(value) in REPLACEABLE else None
