"""A symbol that records arithmetic instead of doing it, as tracing does."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

ALLOWED_UFUNCS = {
    np.add, np.subtract, np.multiply, np.divide, np.power, np.negative, np.sqrt, np.sign,
    np.maximum, np.minimum, np.absolute, np.cos, np.floor_divide,
    np.equal, np.less, np.less_equal, np.greater, np.greater_equal,
}  # fmt: skip


class Symbol:
    """A value known only later: `evaluate` gives it once its inputs are given."""

    def __init__(self, evaluate: Callable[[Mapping[str, Any]], Any]) -> None:
        self.evaluate = evaluate

    @classmethod
    def named(cls, name: str) -> Symbol:
        return cls(lambda inputs: inputs[name])

    @classmethod
    def applied(cls, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Symbol:
        return cls(lambda inputs: function(*(evaluated(a, inputs) for a in arguments)))

    def __array_ufunc__(self, ufunc: Any, method: str, *arguments: Any, **options: Any) -> Any:
        assert method == "__call__"
        assert not options
        assert ufunc in ALLOWED_UFUNCS, f"{ufunc.__name__} cannot be traced"
        return Symbol.applied(ufunc, arguments)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        assert function is np.where, f"{function.__name__} cannot be traced"
        assert not options
        return Symbol.applied(function, arguments)

    def __bool__(self) -> bool:
        raise AssertionError("a rule must not branch on a traced value")

    def __float__(self) -> float:
        raise AssertionError("a rule must not ask for the number behind a traced value")

    def __neg__(self) -> Symbol:
        return Symbol.applied(operator.neg, (self,))

    __hash__ = None  # type: ignore[assignment]


def _operator(function: Callable[[Any, Any], Any]) -> Callable[[Symbol, Any], Symbol]:
    return lambda self, other: Symbol.applied(function, (self, other))


def _reflected(function: Callable[[Any, Any], Any]) -> Callable[[Symbol, Any], Symbol]:
    return lambda self, other: Symbol.applied(function, (other, self))


for _name in ("add", "sub", "mul", "truediv", "pow", "floordiv"):
    setattr(Symbol, f"__{_name}__", _operator(getattr(operator, _name)))
    setattr(Symbol, f"__r{_name}__", _reflected(getattr(operator, _name)))
for _name in ("eq", "lt", "le", "gt", "ge"):
    setattr(Symbol, f"__{_name}__", _operator(getattr(operator, _name)))


def evaluated(value: Any, inputs: Mapping[str, Any]) -> Any:
    """Return a number for a symbol, and anything else as it is."""
    return value.evaluate(inputs) if isinstance(value, Symbol) else value
