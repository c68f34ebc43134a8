"""Functions whose value and gradient are compiled, for calls from Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.errors import SteepestError
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector
from steepest.program.native.compiling import compiled_call, require_numba
from steepest.program.native.evaluation import write_evaluation


def compiled_for(objective: BoundFunction) -> Callable[[Any], tuple[float, Vector]]:
    """Return the value and gradient of an objective, compiled.

    Raises
    ------
    MissingPackageError
        Without Numba.
    SteepestError
        Where it cannot be compiled; the text says why.
    """
    require_numba()
    if not isinstance(objective, GraphFunction):
        raise SteepestError(f"There is nothing to compile: {objective.notices[0]}")
    branch = objective.branches.at(objective.structure.parts(objective.start))
    evaluate = compiled_call(write_evaluation(branch.arrays))
    size, empty = objective.size, np.empty

    def both(x: Any) -> tuple[float, Vector]:
        if len(x) != size:
            raise ValueError(f"x has {len(x)} numbers, and this was compiled for {size}.")
        gradient = empty(size)
        return evaluate(x, gradient), gradient

    return both
