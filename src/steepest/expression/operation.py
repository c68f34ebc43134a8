"""What an operation is, and the table of all of them.

One `Operation` holds everything the library knows about one operation: how
NumPy computes it, how it is differentiated, how it is simplified and how it is
spelled in generated source. The rows themselves are in `steepest.expression.operations`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.expression.frozen import thaw
from steepest.expression.precedence import ATOM

if TYPE_CHECKING:
    from steepest.expression.node import Expression

Shape = tuple[int, ...]

KINDS = "bif"
"""Kinds of element, each contained in the next: boolean, integer, floating point."""

Gradient = Callable[..., "tuple[Expression | None, ...]"]
"""A derivative rule: (gradient, result, *inputs, **attributes) -> one gradient per input."""


def broadcast_shape(*shapes: Shape, **_: Any) -> Shape:
    """Return the shape of an elementwise result."""
    first = shapes[0]
    if shapes.count(first) == len(shapes):
        return first
    return np.broadcast_shapes(*shapes)


def widest_kind(kinds: Sequence[str]) -> str:
    """Return the kind that contains all of ``kinds``; arithmetic on booleans counts."""
    return "f" if "f" in kinds else "i"


def same_kind(kinds: Sequence[str]) -> str:
    """Return the kind that contains all of ``kinds``."""
    return max(kinds, key=KINDS.index)


def always(kind: str) -> Callable[[Sequence[str]], str]:
    """Return a kind rule that ignores the inputs."""
    return lambda _: kind


FLOAT = always("f")


@dataclass(frozen=True, eq=False)
class Operation:
    """One row of the table of operations.

    Attributes
    ----------
    name : str
        Its name, NumPy's where NumPy has it.
    evaluate : callable
        ``evaluate(*inputs, **attributes)`` on NumPy arrays.
    gradient : callable or None
        The derivative rule. It is given the gradient of the final result with
        respect to this result, this result, and the inputs; it returns the
        gradient with respect to each input (None for zero). Elementwise rules
        need not undo broadcasting: the reverse walk does. A rule of None means
        that the derivative is zero wherever it exists (floor, sign, comparisons).
    shape : callable
        ``shape(*input_shapes, **attributes)``.
    kind : callable
        From the inputs' kinds to the result's.
    elementwise : bool
        Whether each element of the result depends on one element of each input.
    simplify : callable or None
        Exact simplification, or None where there is nothing to simplify.
    tidy : callable or None
        Further simplification for derivatives, see `steepest.expression.node.tidy`.
    spelling : str or callable
        NumPy source, as a template ``"np.sin({0})"`` or a function of the
        operands' source and the attributes.
    scalar_spelling : str or None
        Source for plain numbers: operators, built-ins and `math`. None where
        there is none.
    precedence : int
        How tightly the spelling binds: see `steepest.expression.precedence`.
    to_scalars : callable or None
        For an operation that is not elementwise: the same on object arrays of
        scalar expressions; None where that is impossible.
    latex : str or None
        LaTeX template.
    """

    name: str
    evaluate: Callable[..., Any]
    gradient: Gradient | None = None
    shape: Callable[..., Shape] = broadcast_shape
    kind: Callable[[Sequence[str]], str] = FLOAT
    elementwise: bool = True
    simplify: Callable[..., Expression | None] | None = None
    tidy: Callable[..., Expression | None] | None = None
    spelling: str | Callable[..., str] = ""
    scalar_spelling: str | None = None
    precedence: int = ATOM
    to_scalars: Callable[..., Any] | None = None
    latex: str | None = None

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


OPERATIONS: dict[str, Operation] = {}
"""Every operation by name, filled by the modules of `steepest.expression.operations`."""


def define(operation: Operation) -> Operation:
    """Add one row to the table and return it."""
    if operation.name in OPERATIONS:
        raise ValueError(f"There is an operation called {operation.name!r} already.")
    OPERATIONS[operation.name] = operation
    return operation


def _leaf(*_: Any, **__: Any) -> Any:
    raise LookupError("A variable was evaluated without a value.")


VARIABLE = define(Operation("variable", _leaf, elementwise=False))
CONSTANT = define(Operation("constant", thaw, elementwise=False))
