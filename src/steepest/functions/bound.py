"""A function bound to a start: the objective that a descent walks on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from operator import attrgetter
from typing import Any, Self

import numpy as np

from steepest.derivative.numerical import (
    numerical_gradient_of,
    numerical_hessian_of,
    rounding_error,
    spacing_of,
)
from steepest.errors import InputError
from steepest.expression.node import evaluate
from steepest.functions.branches import Branch, Branches
from steepest.functions.residuals import Residuals
from steepest.functions.structure import Structure
from steepest.objective import Vector
from steepest.program.compiled import Program
from steepest.vectors import all_finite

VALUE = attrgetter("value_program")
VALUE_AND_GRADIENT = attrgetter("gradient_program")

ARITHMETIC_ERRORS = (ArithmeticError, ValueError)
"""What plain numbers raise where NumPy returns infinity or NaN."""


class BoundFunction:
    """What all objectives share: names, start, structure, and numerical second derivatives."""

    def __init__(
        self,
        structure: Structure,
        start: Vector,
        call: Callable[..., Any],
        formula: str | None = None,
        notices: Sequence[str] = (),
    ) -> None:
        self.structure = structure
        self.start = start
        self.call = call
        self.formula = formula
        self._notices = tuple(notices)

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences the user should read."""
        return self._notices

    differentiation = "numerical"
    lower: Vector | None = None
    upper: Vector | None = None

    def within(self, lower: Vector, upper: Vector) -> Self:
        """Return the same function, whose differences never leave these bounds."""
        bounded = copy(self)
        bounded.lower, bounded.upper = lower, upper
        return bounded

    @property
    def size(self) -> int:
        """Number of variables."""
        return self.structure.size

    @property
    def names(self) -> tuple[str, ...]:
        """One name per variable."""
        return self.structure.element_names

    def restore(self, x: Vector) -> Any:
        """Return a vector the way the user gave the start."""
        return self.structure.restore(x)

    def own_parts(self, x: Vector) -> list[Any]:
        """Return the parts of x for the user's code, which may change and keep them."""
        return self.structure.parts(np.array(x))

    def value(self, x: Vector) -> float:
        """Return f(x), called as the user wrote it."""
        with np.errstate(all="ignore"):
            try:
                result = self.call(*self.own_parts(x))
            except ArithmeticError:
                return float("nan")
        return as_number(result)

    def values(self, points: Any) -> Vector:
        """Return f at many points, shape (m, n) -> (m,)."""
        return np.array([self.value(point) for point in points])

    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        """Return f and its gradient at many points, shape (m, n) -> (m,) and (m, n)."""
        pairs = [self.value_and_gradient(point) for point in points]
        values, gradients = zip(*pairs, strict=True)
        return np.array(values), np.array(gradients)

    def started_at(self, start: Vector) -> Self:
        """Return the same function with another start."""
        same = copy(self)
        same.start = np.array(start, dtype=self.structure.dtype)
        return same

    def gradient(self, x: Vector) -> Vector:
        """Return the gradient at x."""
        return self.value_and_gradient(x)[1]

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""
        raise NotImplementedError

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian, by differences of gradients."""
        return numerical_hessian_of(self.gradient, x, self.lower, self.upper)

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the Hessian times a vector, by a difference of gradients."""
        length = float(np.linalg.norm(vector))
        if length == 0:
            return np.zeros_like(x)
        h = float(np.cbrt(spacing_of(x))) * (1 + float(np.linalg.norm(x))) / length
        ahead, behind = x + h * vector, x - h * vector
        if self.lower is not None and self.upper is not None:
            outside = (np.minimum(ahead, behind) < self.lower) | (
                np.maximum(ahead, behind) > self.upper
            )
            if outside.any():
                return np.asarray(self.hessian(x) @ vector)
        return np.asarray((self.gradient(ahead) - self.gradient(behind)) / (2 * h))

    def is_sum_of_squares(self) -> bool:
        """Return whether residuals are known whose squares add up to the function."""
        return False

    def residuals(self, x: Vector) -> Vector:
        """Return r with f(x) = ½ ‖r‖²."""
        raise InputError("The function is not known to be a sum of squares.")

    def jacobian(self, x: Vector) -> Vector:
        """Return the derivatives of the residuals."""
        raise InputError("The function is not known to be a sum of squares.")

    def locate_non_finite(self, x: Vector) -> str | None:
        """Say what is not finite at x."""
        return None if np.isfinite(self.value(x)) else "the function itself"


class GraphFunction(BoundFunction):
    """An objective whose derivatives come from its graph."""

    differentiation = "graph"

    def __init__(self, branches: Branches, **shared: Any) -> None:
        super().__init__(**shared)
        self.branches = branches
        self.separate = all(not shape for shape in self.structure.shapes)

    def arguments(self, x: Vector, plain: bool) -> list[Any]:
        """Return the arguments of a program."""
        if plain and self.separate:
            return list(x.tolist())
        parts = self.structure.parts(x)
        if not plain:
            return parts
        return [np.ravel(part).tolist() if np.shape(part) else float(part) for part in parts]

    def run(self, program: Callable[[Branch], Program], x: Vector) -> Any:
        """Run one of a branch's programs; None where plain numbers raise."""
        branch = self.branches.first or self.branches.at(self.structure.parts(x))
        for _ in range(2):
            chosen = program(branch)
            try:
                result = chosen.run(self.arguments(x, chosen.plain))
            except ARITHMETIC_ERRORS:
                if branch.agrees(self.structure.parts(x)):
                    return None
                result = None
            if result is not None:
                return result
            branch = self.branches.at(self.structure.parts(x))
        return None

    def value(self, x: Vector) -> float:
        """Return f(x) by the generated program."""
        result = self.run(VALUE, x)
        if result is None:
            return as_number(self.carefully(x, derivatives=False)[0])
        return as_number(result)

    def values(self, points: Any) -> Vector:
        """Return f at many points, shape (m, n) -> (m,), all at once where nothing decides."""
        branch = self.branches.at(self.structure.parts(self.start))
        if branch.arrays.guards or not self.separate:
            return super().values(points)
        columns = np.asarray(points, dtype=np.float64).T
        known = dict(zip(branch.arrays.inputs, columns, strict=True))
        (values,) = evaluate([branch.arrays.output], known)
        return np.broadcast_to(np.asarray(values, dtype=np.float64), columns[0].shape)

    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        """Return f and its gradient at many points, all at once where nothing decides."""
        branch = self.branches.at(self.structure.parts(self.start))
        if branch.graph.guards or not branch.graph.plain:
            return super().values_and_gradients(points)
        columns = np.ascontiguousarray(np.asarray(points, dtype=np.float64).T)
        known = dict(zip(branch.graph.inputs, columns, strict=True))
        value, *slopes = evaluate([branch.graph.output, *branch.gradient_expressions], known)
        count = len(points)
        values = np.array(np.broadcast_to(value, count), dtype=np.float64)
        gradients = np.array([np.broadcast_to(slope, count) for slope in slopes]).T
        # What is masked, or lies at a kink, is looked at point by point.
        for place in np.flatnonzero(~(np.isfinite(values) & np.isfinite(gradients).all(axis=1))):
            values[place], gradients[place] = self.value_and_gradient(points[place])
        return values, gradients

    def carefully(self, x: Vector, derivatives: bool = True) -> tuple[Any, list[Any]]:
        """Return value and gradient by the graph itself, kinks and infinities included."""
        parts = self.structure.parts(x)
        return self.branches.at(parts).carefully(parts, derivatives)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient by the generated program."""
        result = self.run(VALUE_AND_GRADIENT, x)
        if result is not None:
            value, slopes = as_number(result[0]), result[1]
            if self.branches.known[0].graph.plain:
                if math.isfinite(value + sum(slopes)):
                    return value, np.array(slopes, dtype=self.structure.dtype)
            else:
                gradient = self.structure.flatten(slopes)
                if math.isfinite(value) and all_finite(gradient):
                    return value, gradient
        value, slopes = self.carefully(x)
        return as_number(value), self.structure.flatten(slopes)

    def hessian(self, x: Vector) -> Vector:
        """Return the exact Hessian; where it is not finite, differences of gradients."""
        branch = self.branches.at(self.structure.parts(x))
        n = self.size
        if branch.writes_hessian:
            try:
                entries = branch.hessian_program.run(self.arguments(x, True))
            except ARITHMETIC_ERRORS:
                entries = [np.nan] * n**2
            matrix = np.array(entries, dtype=self.structure.dtype).reshape(n, n)
            if np.isfinite(matrix).all():
                return matrix
            matrix = super().hessian(x)
            if np.isfinite(matrix).all():
                return matrix
        return np.array([self.hessian_vector(x, row) for row in np.eye(n, dtype=x.dtype)])

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the exact Hessian-vector product.

        Where it is not finite there is a kink or a masked singularity, and differences
        of gradients tell more; at the edge of the domain, where these are not finite
        either, what is infinite counts as 0, as in gradients.
        """
        parts, vectors = self.structure.parts(x), self.structure.parts(vector)
        branch = self.branches.at(parts)
        flat = self.spread_out(branch.product_program.run([*parts, *vectors]))
        if not np.isfinite(flat).all():
            flat = super().hessian_vector(x, vector)
        if not np.isfinite(flat).all():
            flat = self.spread_out(branch.careful_product(parts, vectors))
        return flat

    def spread_out(self, products: Sequence[Any]) -> Vector:
        """Return products, which may be kept as one number for many equal ones, as a vector."""
        shapes = self.structure.shapes
        return self.structure.flatten(
            [np.broadcast_to(p, shape) for p, shape in zip(products, shapes, strict=True)]
        )

    def is_sum_of_squares(self) -> bool:
        """Return whether the function is written as a sum of squares at the start."""
        return self.branches.at(self.structure.parts(self.start)).residuals is not None

    def residuals(self, x: Vector) -> Vector:
        """Return r with f(x) = ½ ‖r‖², shape (m,); NaN where r is not defined."""
        found = self._squares(x)
        try:
            result = found.program.run(self.arguments(x, found.program.plain))
        except ARITHMETIC_ERRORS:
            result = None
        return np.full(1, np.nan) if result is None else found.flat(result)

    def jacobian(self, x: Vector) -> Vector:
        """Return the derivatives of the residuals, shape (m, n); NaN where there are none."""
        found = self._squares(x)
        if found.graph.plain:
            try:
                entries = found.entries_program.run(self.arguments(x, True))
            except ARITHMETIC_ERRORS:
                entries = [np.nan] * (len(found.roots) * self.size)
            return np.array(entries, dtype=np.float64).reshape(-1, self.size)
        parts = self.structure.parts(x)
        columns = [
            found.flat(found.product_program.run([*parts, *self.structure.parts(unit)]))
            for unit in np.eye(self.size)
        ]
        return np.array(columns).T

    def _squares(self, x: Vector) -> Residuals:
        """Return the residuals of the branch at x."""
        found = self.branches.at(self.structure.parts(x)).residuals
        if found is None:
            raise InputError("The function is not written as a sum of squares.")
        return found

    @cached_property
    def source(self) -> str:
        """The generated program of value and gradient at the start."""
        branch = self.branches.at(self.structure.parts(self.start))
        return branch.gradient_program.source

    def locate_non_finite(self, x: Vector) -> str | None:
        """Name the first operation whose result is not finite at x, or whose slope is not."""
        from steepest.functions.diagnosis import first_non_finite

        return first_non_finite(self.branches, self.structure.parts(x))


class NumericalFunction(BoundFunction):
    """An objective whose derivatives are central differences."""

    def __init__(self, h: float | None = None, **shared: Any) -> None:
        super().__init__(**shared)
        self.h = h

    @cached_property
    def error(self) -> float:
        """The relative rounding error of the function's values, found at the start."""
        return rounding_error(self.value, self.start, self.lower, self.upper)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its numerical gradient."""
        value = self.value(x)
        error = self.error if self.h is None else 0.0
        return value, numerical_gradient_of(
            self.value, x, self.h, value, self.lower, self.upper, error
        )


class GivenFunction(BoundFunction):
    """An objective whose gradient the user supplies."""

    differentiation = "given"

    def __init__(self, given: Callable[..., Any], together: bool = False, **shared: Any) -> None:
        super().__init__(**shared)
        self.given = given
        self._complaint: str | None = None
        self.together = together

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        if self.together:
            return self.value_and_gradient(x)[0]
        return super().value(x)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and the user's gradient."""
        with np.errstate(all="ignore"):
            if self.together:
                value, slopes = as_pair(self.call(*self.own_parts(x)))
                return as_number(value), self.as_gradient(slopes)
            return super().value(x), self.as_gradient(self.given(*self.own_parts(x)))

    @property
    def notices(self) -> tuple[str, ...]:
        """What a check of the user's gradient at the start found, along one random direction."""
        if self._complaint is None:
            from steepest.functions.check import check_along

            self._complaint = check_along(self, self.start) or ""
        return (self._complaint,) if self._complaint else ()

    def as_gradient(self, slopes: Any) -> Vector:
        """Return what the user's gradient returned as one vector."""
        parts = slopes
        if isinstance(slopes, dict):
            parts = [slopes.get(name) for name in self.structure.names]
        elif self.structure.form in ("number", "array"):
            parts = [slopes]
        try:
            arrays = [np.asarray(part) for part in parts]
        except (TypeError, ValueError):
            arrays = []
        real = all(array.dtype.kind in "fiub" for array in arrays)
        if not real or sum(array.size for array in arrays) != self.size:
            raise InputError(
                f"jac returned {described(slopes)} and the function has {self.size} "
                f"variable{'s' * (self.size != 1)}; it must return one derivative for each."
            )
        return self.structure.flatten(arrays)


def as_pair(result: Any) -> Any:
    """Return the value and the gradient that a function returned together."""
    try:
        value, slopes = result
    except (TypeError, ValueError):
        raise InputError(
            f"With jac=True a function returns a value and its gradient, as in `return f, g`; this "
            f"one returned {described(result)}."
        ) from None
    return value, slopes


def as_number(result: Any) -> float:
    """Return what an objective returned as a float.

    Raises
    ------
    InputError
        When it is no single real number.
    """
    if isinstance(result, float | int):
        return float(result)
    try:
        array = np.asarray(result)
    except ValueError:  # lists of different lengths
        array = np.asarray(None)
    if array.size != 1 or array.dtype.kind not in "fiub":
        raise InputError(
            f"The function returned {described(result)}; a descent needs one real number. Sum or "
            "average the parts, and `return` the result."
        )
    return float(array.reshape(()))


def described(result: Any) -> str:
    """Say what a function of the user returned."""
    try:
        array = np.asarray(result)
    except ValueError:
        return repr(result)
    numbers = "complex numbers" if array.dtype.kind == "c" else "an array"
    return f"{numbers} of shape {array.shape}" if array.ndim else repr(result)
