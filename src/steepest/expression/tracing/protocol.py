"""What all traced values have in common: operators, and NumPy's protocols."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from steepest.expression.node import Expression, apply
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.structure import reshape
from steepest.expression.tracing.session import Session


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
        """float64, int64 or bool; float32 where the variables are."""
        return self.session.dtype(self.expression)

    def __repr__(self) -> str:
        return f"<traced value {self.session.text(self.expression)}>"

    def __str__(self) -> str:
        # As format does: text is for people to read, and what prints shows numbers.
        return self.session.text(self.expression)

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

    def __pos__(self) -> Any:
        return self

    def __matmul__(self, other: Any) -> Any:
        return self._binary(np.matmul, self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return self._binary(np.matmul, other, self)

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


def operator(ufunc: np.ufunc) -> Any:
    """Return the method of an operator."""
    return lambda self, other: self._binary(ufunc, self, other)


def reflected(ufunc: np.ufunc) -> Any:
    """Return the method of an operator whose left side is something else."""
    return lambda self, other: self._binary(ufunc, other, self)


def unary(ufunc: np.ufunc) -> Any:
    """Return the method of a sign or the like."""
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
    setattr(Traced, f"__{_name}__", operator(_ufunc))
    setattr(Traced, f"__r{_name}__", reflected(_ufunc))
for _name, _ufunc in {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}.items():
    setattr(Traced, f"__{_name}__", operator(_ufunc))
for _name, _sign in {"neg": np.negative, "abs": np.absolute, "invert": np.invert}.items():
    setattr(Traced, f"__{_name}__", unary(_sign))

METHODS = (
    "sum prod mean var std max min argmax argmin argsort cumsum cumprod any all dot clip round "
    "reshape ravel transpose swapaxes squeeze trace diagonal repeat take nonzero ptp"
).split()


def _method(name: str) -> Any:
    return lambda self, *args, **kwargs: self.method(name, *args, **kwargs)


for _name in METHODS:
    setattr(Traced, _name, _method(_name))


def is_traced(value: Any) -> bool:
    """Whether a value is traced (asked of its type: isinstance sees NumPy's types)."""
    return issubclass(type(value), Traced)


def is_numeric(value: Any) -> bool:
    """Whether arithmetic with ``value`` makes sense."""
    return is_traced(value) or isinstance(
        value, bool | int | float | complex | np.ndarray | np.generic | list | tuple
    )
