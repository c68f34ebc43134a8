"""Which operation made a result infinite or not a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from steepest.expression.formula import to_formula
from steepest.expression.node import Expression, complete, topological_order
from steepest.functions.branches import Branch, Branches


def first_non_finite(branches: Branches, parts: Sequence[Any]) -> str | None:
    """Name the first operation whose result is not finite though its inputs are.

    Returns
    -------
    str or None
        For example ``"log(x - 2) where x - 2 = -1"``, and the line of the user's code
        where there is one; None where all is finite.
    """
    found = _operation(branches.at(parts), parts)
    if found is None:
        return None
    line = branches.follow(branches.parameters, parts, watching=True).first_non_finite
    return f"{found}, in {line}" if line else found


def _operation(branch: Branch, parts: Sequence[Any]) -> str | None:
    """Name the operation."""
    known = branch.known(parts)
    roots = [branch.arrays.output, *branch.careful_gradient]
    complete(roots, known)
    for root in roots:
        found = _culprit(root, known)
        if found is not None:
            return _sentence(found, known, slope=root is not branch.arrays.output)
    return None


def _culprit(root: Expression, known: dict[Expression, Any]) -> Expression | None:
    """Follow the results that are not finite down to where they arise."""
    if np.all(np.isfinite(known[root])):
        return None
    for node in topological_order([root]):
        finite_inputs = all(np.all(np.isfinite(known[child])) for child in node.inputs)
        if finite_inputs and not np.all(np.isfinite(known[node])) and node.kind == "f":
            return node
    return None


def _sentence(node: Expression, known: dict[Expression, Any], slope: bool) -> str:
    what = short(node)
    inputs = [
        f"{short(child)} = {np.asarray(known[child]).item():.6g}"
        for child in node.inputs
        if not child.is_constant and not np.shape(known[child])
    ]
    where = f" where {' and '.join(inputs)}" if inputs else ""
    return f"{'the slope ' if slope else ''}{what}{where}"


def short(node: Expression) -> str:
    """Return a formula cut to a readable length."""
    text = to_formula(node)
    return text if len(text) <= 60 else f"{text[:28]} ... {text[-28:]}"
