"""How a function is bound to a start: followed as a graph, or else differentiated numerically."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.parser import Formula
from steepest.expression.tracing.trace import Trace, trace
from steepest.functions.bound import (
    BoundFunction,
    NumericalFunction,
    as_number,
)
from steepest.functions.branches import BESIDE, Branch, Branches, beside, through_text
from steepest.functions.graph import GraphFunction
from steepest.functions.structure import Structure
from steepest.objective import Vector


def bound(
    call: Callable[..., Any],
    structure: Structure,
    start: Vector,
    *,
    formula: Formula | None = None,
    differentiation: str = "graph",
    h: float | None = None,
    original: Any = None,
    data: Mapping[str, Any] | None = None,
    plain: bool = True,
) -> BoundFunction:
    """Return an objective, followed as a graph where that is possible.

    Parameters
    ----------
    data : mapping of str to array, optional
        Further arguments of `call`, by which nothing is differentiated.
    plain : bool, default True
        Whether short arrays may be written out in plain numbers.
    """
    given = data or {}
    text = formula.text if formula else None
    notices = list(formula.notices) if formula else []

    def follow(parameters: Any, parts: Sequence[Any], watching: bool = False) -> Trace:
        if formula is not None:
            return Trace(formula.expression, ())
        values = {p.node: np.asarray(part)[()] for p, part in zip(parameters, parts, strict=True)}
        try:
            return trace(
                call,
                lambda symbol: [symbol(p.node) for p in parameters],
                values,
                original or call,
                watching,
            )
        except TracingError as error:
            problem = error
        # What the code raises on plain numbers, too, is an error of the user's own.
        with np.errstate(all="ignore"), suppress(ArithmeticError):
            call(*[np.array(part)[()] for part in parts])
        raise problem

    branches = Branches(
        [*structure.names, *given],
        [*structure.shapes, *map(np.shape, given.values())],
        follow,
        plain and structure.dtype == "float64",
        len(given),
    )
    graph = GraphFunction(
        branches=branches,
        structure=structure,
        start=start,
        call=call,
        formula=text,
        notices=notices,
    )
    graph = graph.with_data(*given.values())
    if formula is not None:
        graph.call = lambda *parts: graph.carefully(structure.flatten(parts), False)[0]
    shared = {"structure": structure, "start": start, "call": graph.call, "formula": text}
    if differentiation == "numerical":
        return NumericalFunction(
            h, notices=[*notices, "Differentiated numerically, as asked."], **shared
        )
    problem = followable(graph, graph.parts(start))
    if problem is None:
        return graph
    return NumericalFunction(h, notices=[*notices, problem], **shared)


def followable(graph: GraphFunction, parts: Sequence[Any]) -> str | None:
    """Follow the function once; return why that failed, or None."""
    try:
        branch = graph.branches.at(parts)
    except TracingError as error:
        return f"Differentiated numerically, because the code cannot be followed: {error}"
    if graph.formula is not None:
        return None
    if not _is_the_function(branch, graph.call, parts):
        return (
            "Differentiated numerically, because the function returns other values than the graph "
            "of its operations; does it use random numbers, or numbers of lower precision?"
        )
    if branch.shown and not all(
        _is_the_function(branch, graph.call, beside(parts, share)) for share in BESIDE
    ):
        return f"Differentiated numerically. {through_text(branch.shown)}"
    return None


def _is_the_function(branch: Branch, call: Callable[..., Any], parts: Sequence[Any]) -> bool:
    """Return whether a branch has the value that the code returns, where its decisions hold."""
    if not branch.agrees(parts):
        return True
    value, _ = branch.carefully(parts, derivatives=False)
    if np.size(value) != 1:
        return True
    with np.errstate(all="ignore"):
        try:
            expected = as_number(call(*[np.array(part)[()] for part in parts]))
        except ArithmeticError:
            return True
    found = float(np.reshape(value, ()))
    return bool(np.isclose(found, expected, rtol=1e-9, atol=1e-12, equal_nan=True))


def taking_names(
    function: Callable[..., Any], structure: Structure, args: tuple[Any, ...] = ()
) -> Callable[..., Any]:
    """Return a function of separate parts that calls another with a mapping of them."""
    return lambda *parts: function(dict(zip(structure.names, parts, strict=True)), *args)
