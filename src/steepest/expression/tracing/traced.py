"""Values that record what is done to them: scalars and arrays that look like NumPy's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, apply, constant
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.structure import (
    concatenate,
    reshape,
    take,
    write,
)
from steepest.expression.tracing.session import Session

MOST_OBJECTS = 256
"""Largest array that is handed out as an array of scalars, one node per element."""

DTYPES = {"f": np.dtype(np.float64), "i": np.dtype(np.int64), "b": np.dtype(np.bool_)}


class Traced:
    """What scalars and arrays have in common: operators, and NumPy's protocols."""

    __slots__ = ("session",)
    session: Session
    __array_priority__ = 1000.0
    __hash__: ClassVar[None]  # type: ignore[assignment]

    @property
    def expression(self) -> Expression:
        """The node this value stands for now."""
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int, ...]:
        """NumPy's shape."""
        return self.expression.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.expression.ndim

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.expression.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64, int64 or bool."""
        return DTYPES[self.expression.kind]

    def __repr__(self) -> str:
        return f"<traced value {self.session.value(self.expression)!r}>"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        from steepest.expression.tracing.ufuncs import call_ufunc

        return call_ufunc(self.session, ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from steepest.expression.tracing.dispatch import call_function

        return call_function(self.session, function, args, kwargs)

    def method(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call NumPy's function of that name on this value."""
        return self.__array_function__(getattr(np, name), (), (self, *args), kwargs)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. "
                "Use a.any() or a.all()"
            )
        truth = self.expression
        if truth.kind != "b":
            truth = apply(OPERATIONS["not_equal"], truth, 0)
        return bool(np.asarray(self.session.decide(truth)).reshape(()))

    def _single(self) -> Expression:
        if self.size != 1:
            raise TypeError("only length-1 arrays can be converted to Python scalars")
        return reshape(self.expression, ())

    def __int__(self) -> int:
        return int(self.session.decide(apply(OPERATIONS["integer"], self._single())))

    def __index__(self) -> int:
        if self.expression.kind == "f":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return int(self.session.decide(self._single()))

    def __float__(self) -> float:
        single = self._single()
        if not self.session.moves(single):
            return float(self.session.decide(single))
        raise self.session.leak(
            "a value that depends on the variables becomes a plain number here, and a plain "
            "number has no derivative",
            "leave float(), math functions and fixed-type arrays out of the computation",
        )

    def __complex__(self) -> complex:
        raise self.session.leak("a traced value becomes a complex number here")

    def __trunc__(self) -> Any:
        return wrap(self.session, apply(OPERATIONS["trunc"], self.expression))

    def __floor__(self) -> Any:
        return wrap(self.session, apply(OPERATIONS["floor"], self.expression))

    def __ceil__(self) -> Any:
        return wrap(self.session, apply(OPERATIONS["ceil"], self.expression))

    def __round__(self, digits: int | None = None) -> Any:
        return self.method("round", digits or 0)

    def __pos__(self) -> Any:
        return self

    def __matmul__(self, other: Any) -> Any:
        return np.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return np.matmul(other, self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __pow__(self, other: Any, modulus: Any = None) -> Any:
        return self._binary(np.power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._binary(np.power, other, self)

    def _binary(self, ufunc: np.ufunc, left: Any, right: Any) -> Any:
        other = right if left is self else left
        if not is_numeric(other):
            return NotImplemented
        return self.__array_ufunc__(ufunc, "__call__", left, right)


def _operator(ufunc: np.ufunc) -> Any:
    return lambda self, other: self._binary(ufunc, self, other)


def _reflected(ufunc: np.ufunc) -> Any:
    return lambda self, other: self._binary(ufunc, other, self)


def _unary(ufunc: np.ufunc) -> Any:
    return lambda self: self.__array_ufunc__(ufunc, "__call__", self)


ARITHMETIC = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.true_divide,
    "floordiv": np.floor_divide,
    "mod": np.remainder,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
}
for _name, _ufunc in ARITHMETIC.items():
    setattr(Traced, f"__{_name}__", _operator(_ufunc))
    setattr(Traced, f"__r{_name}__", _reflected(_ufunc))
for _name, _ufunc in {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}.items():
    setattr(Traced, f"__{_name}__", _operator(_ufunc))
for _name, _ufunc in {"neg": np.negative, "abs": np.absolute, "invert": np.invert}.items():
    setattr(Traced, f"__{_name}__", _unary(_ufunc))

METHODS = (
    "sum prod mean var std max min argmax argmin argsort cumsum cumprod any all dot clip round "
    "reshape ravel transpose swapaxes squeeze trace diagonal repeat take nonzero ptp"
).split()


def _method(name: str) -> Any:
    return lambda self, *args, **kwargs: self.method(name, *args, **kwargs)


for _name in METHODS:
    setattr(Traced, _name, _method(_name))


class TracedScalar(Traced):
    """A traced number. Immutable, like NumPy's scalars."""

    __slots__ = ("_expression",)

    def __init__(self, session: Session, expression: Expression) -> None:
        self.session = session
        self._expression = expression

    @property
    def __class__(self) -> type:  # type: ignore[override]
        """NumPy's scalar type, so that isinstance(x, float) says what it does for NumPy."""
        return DTYPES[self._expression.kind].type

    @property
    def expression(self) -> Expression:
        """The node."""
        return self._expression

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return as_objects(self, dtype)

    def __getitem__(self, key: Any) -> Any:
        if key is Ellipsis or (isinstance(key, tuple) and not key):
            return self
        if key is None:
            return wrap(self.session, reshape(self._expression, (1,)))
        raise IndexError("invalid index to scalar variable.")

    @property
    def T(self) -> TracedScalar:  # noqa: N802 - NumPy's name
        """The value itself."""
        return self

    real = T

    @property
    def imag(self) -> float:
        """Zero."""
        return 0.0

    def item(self) -> TracedScalar:
        """Return the value itself: it stays traced."""
        return self

    def copy(self) -> TracedScalar:
        """Return the value itself."""
        return self

    conjugate = conj = copy

    def tolist(self) -> TracedScalar:
        """Return the value itself."""
        return self

    def is_integer(self) -> bool:
        """Whether the number is whole."""
        return bool(self == self.__floor__())

    def astype(self, dtype: Any, **_: Any) -> Any:
        """Return the value as another kind of number."""
        return cast(self, dtype)

    def flatten(self) -> Any:
        """Return an array of one element."""
        return self.method("ravel")


class TracedArray(Traced):
    """A traced array. Writing into it rebinds its node; views see the writing.

    A view holds no node of its own: it knows its base and the places in it.
    """

    __slots__ = ("_base", "_expression", "_places")

    def __init__(
        self,
        session: Session,
        expression: Expression,
        base: TracedArray | None = None,
        places: Any = None,
    ) -> None:
        self.session = session
        self._expression = expression
        self._base = base
        self._places = places

    @property
    def __class__(self) -> type:  # type: ignore[override]
        """NumPy's array type, so that isinstance(x, np.ndarray) holds."""
        return np.ndarray

    @property
    def expression(self) -> Expression:
        """The node this array stands for now."""
        return self._expression if self._base is None else self._places(self._base.expression)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return iter([self[k] for k in range(len(self))])

    def __contains__(self, item: Any) -> bool:
        return bool((self == item).any())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return as_objects(self, dtype)

    def __getitem__(self, key: Any) -> Any:
        from steepest.expression.tracing.indexing import get_item

        return get_item(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        from steepest.expression.tracing.indexing import set_item

        set_item(self, key, value)

    def rebind(self, expression: Expression) -> None:
        """Let the array stand for another node of the same shape, and its base with it."""
        if self._base is None:
            self._expression = expression
            return
        base = self._base.expression
        where = np.arange(base.size).reshape(base.shape)
        places = self._places(constant(where)).value
        flat = write(
            reshape(base, (base.size,)),
            np.ravel(places),
            reshape(expression, (expression.size,)),
        )
        self._base.rebind(reshape(flat, base.shape))

    def view(self, places: Any) -> Any:
        """Return a view: ``places`` maps the base's node to the view's."""
        expression = places(self.expression)
        if not expression.shape:
            return TracedScalar(self.session, expression)
        return TracedArray(self.session, expression, self, places)

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """The array with its axes reversed."""
        return self.method("transpose")

    @property
    def real(self) -> TracedArray:
        """The array itself."""
        return self

    @property
    def flat(self) -> Any:
        """The elements one after another."""
        return self.method("ravel")

    def copy(self, order: str = "C") -> TracedArray:
        """Return an array of its own."""
        return TracedArray(self.session, self.expression)

    def conj(self) -> TracedArray:
        """Return the array itself: it is real."""
        return self

    conjugate = conj

    def flatten(self, order: str = "C") -> Any:
        """Return a one-dimensional copy."""
        return wrap(self.session, reshape(self.expression, (self.size,)))

    def fill(self, value: Any) -> None:
        """Set every element to one value."""
        self[...] = value

    def sort(self, axis: int = -1, **_: Any) -> None:
        """Sort in place."""
        self[...] = self.method("sort", axis=axis)

    def item(self, *index: Any) -> Any:
        """Return one element; it stays traced."""
        flat = wrap(self.session, reshape(self.expression, (self.size,)))
        if not index:
            self._single()
            return flat[0]
        return self[index] if len(index) > 1 else flat[index[0]]

    def tolist(self) -> list[Any]:
        """Return the elements as nested lists; they stay traced."""
        return [row.tolist() for row in self]

    def astype(self, dtype: Any, **_: Any) -> Any:
        """Return the array as another kind of number."""
        return cast(self, dtype)


def _in_place(ufunc: np.ufunc) -> Any:
    def operate(self: TracedArray, other: Any) -> TracedArray:
        self[...] = ufunc(self, other)
        return self

    return operate


for _name, _ufunc in {**ARITHMETIC, "pow": np.power, "matmul": np.matmul}.items():
    setattr(TracedArray, f"__i{_name}__", _in_place(_ufunc))


def _element_method(name: str) -> Any:
    return lambda self: self.__array_ufunc__(getattr(np, name), "__call__", self)


# NumPy resolves ufuncs over arrays of objects through methods of the elements.
for _name in (
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log "
    "log2 log10 log1p sqrt cbrt fabs rint floor ceil trunc square reciprocal sign isnan isfinite "
    "isinf degrees radians deg2rad rad2deg logical_not"
).split():
    setattr(TracedScalar, _name, _element_method(_name))
for _name in ("arctan2", "hypot", "logical_and", "logical_or", "copysign", "fmod"):
    setattr(TracedScalar, _name, _operator(getattr(np, _name)))


def wrap(session: Session, expression: Expression) -> Any:
    """Return the traced scalar or array for a node."""
    if session.watching:
        session.watch(expression)
    if expression.shape:
        return TracedArray(session, expression)
    return TracedScalar(session, expression)


def is_traced(value: Any) -> bool:
    """Whether a value is traced (asked of its type: isinstance sees NumPy's types)."""
    return issubclass(type(value), Traced)


def is_numeric(value: Any) -> bool:
    """Whether arithmetic with ``value`` makes sense."""
    return (
        is_traced(value)
        or isinstance(value, bool | int | float | complex | np.ndarray | np.generic | list | tuple)
    )


def lift(value: Any) -> Expression:
    """Return the node for anything numeric: traced, plain, or nested lists that mix both.

    Raises
    ------
    TracingError
        For complex numbers, text and other things that are not real numbers.
    """
    if isinstance(value, Expression):
        return value
    if is_traced(value):
        node: Expression = value.expression
        return node
    if isinstance(value, np.ndarray):
        return constant(value) if value.dtype != object else _lift_objects(value)
    if isinstance(value, list | tuple):
        if not contains_traced(value):
            return lift(np.asarray(value))
        pieces = [lift(item) for item in value]
        return concatenate([reshape(piece, (1, *piece.shape)) for piece in pieces])
    if value is None or isinstance(value, str | bytes):
        raise TracingError(f"{value!r} is not a number.")
    if isinstance(value, int) and abs(value) > 2**62:
        return constant(float(value))
    return constant(value)


def _lift_objects(array: Any) -> Expression:
    if not array.size:
        return constant(np.zeros(array.shape))
    pieces = [reshape(lift(element), (1,)) for element in array.ravel()]
    return reshape(concatenate(pieces), array.shape)


def contains_traced(value: Any) -> bool:
    """Whether a traced value stands anywhere in nested lists or arrays of objects."""
    if is_traced(value):
        return True
    if isinstance(value, list | tuple):
        return any(contains_traced(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        return any(is_traced(item) for item in value.flat)
    return False


def as_objects(value: Traced, dtype: Any) -> Any:
    """Return an array of traced scalars, for code that insists on a real NumPy array."""
    wanted = None if dtype is None else np.dtype(dtype)
    if wanted not in (None, np.dtype(object)) and not value.session.moves(value.expression):
        return np.asarray(value.session.decide(value.expression), dtype=wanted)
    if wanted not in (None, np.dtype(object)) or value.size > MOST_OBJECTS:
        raise value.session.leak("a traced array is turned into an array of plain numbers here")
    result = np.empty(value.shape, dtype=object)
    for place in np.ndindex(value.shape):
        result[place] = TracedScalar(value.session, take(value.expression, place))
    return result


def cast(value: Traced, dtype: Any) -> Any:
    """Return ``value`` as booleans, integers or floating-point numbers."""
    kind = np.dtype(dtype).kind
    if kind == "f":
        return wrap(value.session, apply(OPERATIONS["real"], value.expression))
    if kind in "iu":
        return wrap(value.session, apply(OPERATIONS["integer"], value.expression))
    if kind == "b":
        return wrap(value.session, apply(OPERATIONS["not_equal"], value.expression, 0))
    if kind == "O":
        return as_objects(value, object)
    raise TracingError(f"A traced value cannot become {np.dtype(dtype)}.")

