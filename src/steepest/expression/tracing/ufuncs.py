"""NumPy's (and SciPy's) universal functions on traced values."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, apply
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.kinks import where
from steepest.expression.operations.linear_algebra import matmul
from steepest.expression.operations.structure import Index, reshape, scatter_
from steepest.expression.tracing.scans import product, scan
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import TracedArray, cast, is_traced, lift, wrap
from steepest.expression.vocabulary import WORDS

Builder = Callable[..., Any]


def do(name: str, *inputs: Any) -> Expression:
    """Apply an operation by name, with exact simplification only."""
    return apply(OPERATIONS[name], *inputs)


def _xlogy(x: Expression, y: Expression) -> Expression:
    """Return x log(y), which is 0 at x = 0."""
    zero = do("equal", x, 0)
    return where(zero, 0.0, do("multiply", x, do("log", where(zero, 1.0, y))))


def _bitwise(logical: str) -> Builder:
    def build(a: Expression, b: Expression) -> Expression:
        if a.kind != "b" or b.kind != "b":
            raise TracingError("Bitwise operations on numbers have no derivative.")
        return do(logical, a, b)

    return build


def _joining(number: str, logical: str) -> Builder:
    """Return arithmetic that NumPy takes as logic where both operands are truth values."""
    return lambda a, b: do(logical if a.kind == b.kind == "b" else number, a, b)


def _invert(a: Expression) -> Expression:
    if a.kind != "b":
        raise TracingError("Bitwise operations on numbers have no derivative.")
    return do("logical_not", a)


def _divmod(a: Expression, b: Expression) -> tuple[Expression, Expression]:
    return do("floor_divide", a, b), do("remainder", a, b)


def _modf(a: Expression) -> tuple[Expression, Expression]:
    whole = do("trunc", a)
    return do("subtract", a, whole), whole


def _logit(p: Expression) -> Expression:
    return do("log", do("divide", p, do("subtract", 1.0, p)))


def _digamma(x: Expression) -> Expression:
    return apply(OPERATIONS["polygamma"], x, order=0)


def _gamma(x: Expression) -> Expression:
    """Return Gamma(x) = exp(log|Gamma(x)|), which is below 0 where x < 0 and floor(x) is odd."""
    odd = do("logical_and", do("less", x, 0), do("remainder", do("floor", x), 2))
    size = do("exp", do("gammaln", x))
    return where(odd, do("negative", size), size)


def _betaln(a: Expression, b: Expression) -> Expression:
    """Return log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b), for a, b > 0."""
    whole = do("gammaln", do("add", a, b))
    return do("subtract", do("add", do("gammaln", a), do("gammaln", b)), whole)


def _entropy(x: Expression) -> Expression:
    return do("negative", _xlogy(x, x))


def _power(x: Expression, p: Expression) -> Expression:
    return do("power", x, p)


SAME_NAME = (
    "subtract negative remainder fmod floor_divide absolute sign exp exp2 expm1 log "
    "log2 log10 log1p sqrt cbrt sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh "
    "arctanh arctan2 hypot logaddexp maximum minimum fmax fmin heaviside copysign floor ceil "
    "trunc rint less less_equal greater greater_equal equal not_equal logical_and logical_or "
    "logical_xor logical_not isnan isfinite isinf"
).split()

UFUNCS: dict[Any, Builder] = {
    **{getattr(np, name): partial(do, name) for name in SAME_NAME},
    np.add: _joining("add", "logical_or"),
    np.multiply: _joining("multiply", "logical_and"),
    np.true_divide: lambda a, b: do("divide", a, b),
    np.power: _power,
    np.float_power: lambda x, p: do("power", do("real", x), p),
    np.square: lambda x: do("multiply", x, x) if x.kind != "f" else do("power", x, 2),
    np.reciprocal: WORDS["reciprocal"].build,
    np.positive: lambda x: x,
    np.conjugate: lambda x: x,
    np.fabs: lambda x: do("absolute", x),
    np.degrees: WORDS["degrees"].build,
    np.rad2deg: WORDS["degrees"].build,
    np.radians: WORDS["radians"].build,
    np.deg2rad: WORDS["radians"].build,
    np.logaddexp2: WORDS["logaddexp2"].build,
    np.signbit: lambda x: do("less", x, 0),
    np.matmul: matmul,
    np.bitwise_and: _bitwise("logical_and"),
    np.bitwise_or: _bitwise("logical_or"),
    np.bitwise_xor: _bitwise("logical_xor"),
    np.invert: _invert,
    np.divmod: _divmod,
    np.modf: _modf,
}

SPECIAL: dict[str, Builder] = {
    "erf": WORDS["erf"].build,
    "erfc": WORDS["erfc"].build,
    "gammaln": WORDS["gammaln"].build,
    "gamma": _gamma,
    "betaln": _betaln,
    "beta": lambda a, b: do("exp", _betaln(a, b)),
    "expit": WORDS["expit"].build,
    "psi": _digamma,
    "digamma": _digamma,
    "logit": _logit,
    "log_expit": lambda x: do("negative", do("logaddexp", 0.0, do("negative", x))),
    "xlogy": _xlogy,
    "xlog1py": lambda x, y: _xlogy(x, do("add", 1.0, y)),
    "entr": _entropy,
    "exp2": lambda x: do("exp2", x),
    "exp10": lambda x: do("exp", do("multiply", math.log(10), x)),
    "cbrt": lambda x: do("cbrt", x),
    "log1p": lambda x: do("log1p", x),
    "expm1": lambda x: do("expm1", x),
    "ndtr": lambda x: do("multiply", 0.5, do("erfc", do("multiply", -math.sqrt(0.5), x))),
}
"""SciPy's universal functions, known by name so that SciPy need not be there."""


REDUCTIONS = {
    np.add: "sum",
    np.maximum: "max",
    np.minimum: "min",
    np.logical_and: "all",
    np.logical_or: "any",
}


def call_ufunc(
    session: Session, ufunc: np.ufunc, method: str, inputs: Any, options: dict[str, Any]
) -> Any:
    """Do for traced values what ``ufunc.method(*inputs, **options)`` does for arrays."""
    out = options.pop("out", None)
    mask = options.pop("where", True)
    dtype = options.pop("dtype", None)
    match method:
        case "__call__":
            result = build_ufunc(ufunc, inputs)
        case "reduce":
            result = reduce_ufunc(ufunc, inputs[0], **options)
        case "accumulate":
            result = accumulate_ufunc(ufunc, inputs[0], **options)
        case "outer":
            a, b = map(lift, inputs)
            result = build_ufunc(ufunc, (reshape(a, a.shape + (1,) * b.ndim), b))
        case "at":
            return write_at(session, ufunc, *inputs)
        case _:
            raise TracingError(f"np.{ufunc.__name__}.{method} has no derivative here.")
    if isinstance(result, tuple):
        return tuple([wrap(session, part) for part in result])
    if dtype is not None:
        result = lift(cast(wrap(session, result), dtype))
    target = out[0] if isinstance(out, tuple) else out
    if mask is not True:
        otherwise = lift(target) if target is not None else 0.0
        result = where(lift(mask), result, otherwise)
    return wrap(session, result) if target is None else write_out(session, target, result)


def write_out(session: Session, target: Any, result: Expression) -> Any:
    """Write a result into the array that was given as ``out``."""
    writable_target(session, target)[...] = wrap(session, result)
    return target


def writable_target(session: Session, target: Any) -> TracedArray:
    """Return an array that traced values can be written into."""
    if issubclass(type(target), TracedArray):
        array: TracedArray = target
        return array
    raise session.leak(
        "a traced value is written into an array of plain numbers here",
        "make that array in the function itself, with np.zeros, np.array or np.copy",
    )


def build_ufunc(ufunc: np.ufunc, inputs: Any) -> Any:
    """Return the expression of one call."""
    builder = UFUNCS.get(ufunc) or SPECIAL.get(ufunc.__name__)
    if builder is None:
        raise TracingError(f"The function {ufunc.__name__} has no derivative rule here.")
    return builder(*[lift(value) for value in inputs])


def normal_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """Return axes as a sorted tuple of whole numbers >= 0 (None: all)."""
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    normal = []
    for one in axes:
        if not -ndim <= int(one) < ndim:
            raise np.exceptions.AxisError(int(one), ndim)
        normal.append(int(one) % ndim)
    return tuple(sorted(normal))


def reduce_ufunc(
    ufunc: np.ufunc, array: Any, axis: Any = 0, keepdims: bool = False, **_: Any
) -> Expression:
    """Return a reduction such as np.add.reduce."""
    x = lift(array)
    axes = normal_axes(axis, x.ndim)
    if ufunc is np.multiply:
        return product(x, axes, bool(keepdims))
    if ufunc not in REDUCTIONS:
        raise TracingError(f"np.{ufunc.__name__}.reduce has no derivative rule here.")
    return apply(OPERATIONS[REDUCTIONS[ufunc]], x, axis=axes, keepdims=bool(keepdims))


def accumulate_ufunc(ufunc: np.ufunc, array: Any, axis: int = 0, **_: Any) -> Expression:
    """Return running results such as np.add.accumulate."""
    x = lift(array)
    (place,) = normal_axes(axis, x.ndim)
    if ufunc is np.add:
        return apply(OPERATIONS["cumsum"], x, axis=place)
    return scan(lambda a, b: build_ufunc(ufunc, (a, b)), x, place)


def write_at(session: Session, ufunc: np.ufunc, target: Any, key: Any, value: Any = 0) -> None:
    """Do np.add.at (or np.subtract.at) on a traced array."""
    if ufunc not in (np.add, np.subtract) or is_traced(key):
        raise TracingError(f"np.{ufunc.__name__}.at has no derivative rule here.")
    array = writable_target(session, target)
    index = Index(key)
    places = np.arange(array.size).reshape(array.shape)[index.key]
    spread = apply(OPERATIONS["broadcast_to"], lift(value), shape=places.shape)
    added = apply(scatter_, spread, index=index, shape=array.shape)
    array[...] = ufunc(array, wrap(session, added))
