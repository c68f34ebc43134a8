"""An objective whose derivatives come from the graph of its operations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property, wraps
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import numpy as np

from steepest.errors import InputError, TracingError
from steepest.expression.node import evaluate, topological_order
from steepest.functions.bound import BoundFunction, NumericalFunction, as_number
from steepest.functions.branches import Branch, Branches
from steepest.functions.residuals import Residuals
from steepest.objective import Vector
from steepest.program.compiled import Program
from steepest.vectors import all_finite

if TYPE_CHECKING:
    from steepest.program.native.predictor_curvature import PredictorCurvature

VALUE = attrgetter("value_program")
VALUE_AND_GRADIENT = attrgetter("gradient_program")

ARITHMETIC_ERRORS = (ArithmeticError, ValueError)
"""What plain numbers raise where NumPy returns infinity or NaN."""


Asked = TypeVar("Asked", bound=Callable[..., Any])


def numerical_where_lost(question: Asked) -> Asked:
    """Answer by differences where the code takes a branch that cannot be followed."""

    @wraps(question)
    def answer(self: GraphFunction, *arguments: Any) -> Any:
        try:
            return question(self, *arguments)
        except TracingError as reason:
            return getattr(self.without_graph(reason), question.__name__)(*arguments)

    return cast(Asked, answer)


class GraphFunction(BoundFunction):
    """An objective whose derivatives come from its graph."""

    differentiation = "graph"

    def __init__(self, branches: Branches, **shared: Any) -> None:
        super().__init__(**shared)
        self.branches = branches
        self.separate = all(not shape for shape in self.structure.shapes)
        self.data: tuple[Any, ...] = ()
        self.of_tables: dict[Branch, PredictorCurvature | None] = {}

    def parts(self, x: Vector) -> list[Any]:
        """Return the arguments of the function at x, its data among them."""
        return [*self.structure.parts(x), *self.data]

    def with_data(self, *data: Any) -> Self:
        """Return the same function of other data, which have the shapes of those followed."""
        same = copy(self)
        same.data, same.of_tables = data, {}
        return same

    def own_parts(self, x: Vector) -> list[Any]:
        """Return the parts of x for the user's code, and the data."""
        return [*super().own_parts(x), *self.data]

    def arguments(self, x: Vector, plain: bool) -> list[Any]:
        """Return the arguments of a program."""
        if plain and self.separate:
            return list(x.tolist())
        parts = self.parts(x)
        if not plain:
            return parts
        return [np.ravel(part).tolist() if np.shape(part) else float(part) for part in parts]

    def run(self, program: Callable[[Branch], Program], x: Vector) -> Any:
        """Run one of a branch's programs; None where plain numbers raise."""
        branch = self.branches.first or self.branches.at(self.parts(x))
        for _ in range(2):
            chosen = program(branch)
            try:
                result = chosen.run(self.arguments(x, chosen.plain))
            except ARITHMETIC_ERRORS:
                if branch.agrees(self.parts(x)):
                    return None
                result = None
            if result is not None:
                return result
            branch = self.branches.at(self.parts(x))
        return None

    def note(self, notice: str) -> None:
        """Add a sentence that the user should read, once."""
        if notice not in self._notices:
            self._notices += (notice,)

    def without_graph(self, reason: TracingError) -> NumericalFunction:
        """Return the same function by differences, for a branch that cannot be followed, aloud."""
        self.note(
            "Differentiated numerically on a branch that was met on the way, because its code "
            f"cannot be followed: {reason}"
        )
        lower, upper = self.lower, self.upper
        by_differences = NumericalFunction(
            structure=self.structure, start=self.start, call=self.call
        )
        if lower is None or upper is None:
            return by_differences
        return by_differences.within(lower, upper)

    @numerical_where_lost
    def value(self, x: Vector) -> float:
        """Return f(x) by the generated program."""
        result = self.run(VALUE, x)
        if result is None:
            return as_number(self.carefully(x, derivatives=False)[0])
        return as_number(result)

    @numerical_where_lost
    def values(self, points: Any) -> Vector:
        """Return f at many points, shape (m, n) -> (m,), all at once where nothing decides."""
        branch = self.branches.at(self.parts(self.start))
        # An array within the function would be taken for one number for each point.
        scalar = not any(node.shape for node in topological_order([branch.arrays.output]))
        graph = branch.arrays if scalar else branch.graph
        if graph.guards or not self.separate or not (scalar or graph.plain):
            return super().values(points)
        columns = np.asarray(points, dtype=np.float64).T
        known = dict(zip(graph.inputs, columns, strict=True))
        (values,) = evaluate([graph.output], known)
        return np.broadcast_to(np.asarray(values, dtype=np.float64), columns[0].shape)

    @numerical_where_lost
    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        """Return f and its gradient at many points, all at once where nothing decides."""
        branch = self.branches.at(self.parts(self.start))
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
        parts = self.parts(x)
        return self.branches.at(parts).carefully(parts, derivatives)

    @numerical_where_lost
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

    @numerical_where_lost
    def hessian(self, x: Vector) -> Vector:
        """Return the exact Hessian; where it is not finite, differences of gradients."""
        branch = self.branches.at(self.parts(x))
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
        of_tables = self.curvature_of_tables(branch)
        if of_tables is not None:
            matrix = of_tables.run(None, x)[2]
            if np.isfinite(matrix).all():
                return matrix
        return np.array([self.hessian_vector(x, row) for row in np.eye(n, dtype=x.dtype)])

    def curvature_of_tables(self, branch: Branch) -> PredictorCurvature | None:
        """Return what makes the Hessian of a sum over many rows of Xβ; None of another function."""
        if branch not in self.of_tables:
            # Most functions have no tables, and should not wait for this to be loaded.
            from steepest.program.native.predictor_curvature import curvature_of_many

            data = branch.known(self.parts(self.start))
            double = self.structure.dtype == "float64"
            self.of_tables[branch] = curvature_of_many(branch.arrays, data) if double else None
        return self.of_tables[branch]

    @numerical_where_lost
    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the exact Hessian-vector product.

        Where it is not finite there is a kink or a masked singularity, and differences
        of gradients tell more; at the edge of the domain, where these are not finite
        either, what is infinite counts as 0, as in gradients.
        """
        parts, vectors = self.parts(x), self.structure.parts(vector)
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
        whole = [
            product if np.shape(product) == shape else np.broadcast_to(product, shape)
            for product, shape in zip(products, shapes, strict=True)
        ]
        return self.structure.flatten(whole)

    def is_sum_of_squares(self) -> bool:
        """Return whether the function is written as a sum of squares at the start."""
        try:
            return self.branches.at(self.parts(self.start)).residuals is not None
        except TracingError:
            return False

    def residuals(self, x: Vector) -> Vector:
        """Return r with f(x) = ½ ‖r‖², shape (m,); one NaN, shape (1,), where r is not defined."""
        try:
            found = self._squares(x)
        except (TracingError, InputError) as reason:
            self.note(
                "No residuals are known on a branch that was met on the way, so that no step was "
                f"taken to it: {reason} Another method, such as l-bfgs, needs none."
            )
            return np.full(1, np.nan)
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
        parts = self.parts(x)
        if self.separate:
            return found.columns(found.columns_program.run(parts))
        columns = [
            found.flat(found.product_program.run([*parts, *self.structure.parts(unit)]))
            for unit in np.eye(self.size)
        ]
        return np.array(columns).T

    def couplings(self) -> list[set[int]]:
        """Return, for every variable, those on which the derivatives of the residuals depend."""
        found = self._squares(self.start)
        if len(found.graph.inputs) != self.size:
            return super().couplings()
        return found.couplings

    def is_linear_least_squares(self) -> bool:
        """Whether the residuals are linear in all variables: none of their derivatives has one."""
        return not any(self._squares(self.start).couplings)

    def _squares(self, x: Vector) -> Residuals:
        """Return the residuals of the branch at x."""
        found = self.branches.at(self.parts(x)).residuals
        if found is None:
            raise InputError("The function is not written as a sum of squares.")
        return found

    @cached_property
    def source(self) -> str:
        """The generated program of value and gradient at the start."""
        branch = self.branches.at(self.parts(self.start))
        return branch.gradient_program.source

    @numerical_where_lost
    def locate_non_finite(self, x: Vector) -> str | None:
        """Name the first operation whose result is not finite at x, or whose slope is not."""
        from steepest.functions.diagnosis import first_non_finite

        return first_non_finite(self.branches, self.parts(x))
