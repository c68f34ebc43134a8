"""A function bound to a start: the objective that a descent walks on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Self

import numpy as np

from steepest.derivative.numerical import (
    numerical_gradient_of,
    numerical_hessian_of,
    rounding_error,
    spacing_of,
)
from steepest.errors import InputError
from steepest.functions.structure import Structure
from steepest.objective import Vector


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
        # Of numbers beyond 1e154 the squares are infinite.
        largest = max(1.0, float(np.abs(x).max()))
        distance = largest * float(np.linalg.norm(x / largest))
        h = float(np.cbrt(spacing_of(x))) * (1 + distance) / length
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

    def couplings(self) -> list[set[int]]:
        """Return, for every variable, those on which the derivatives of the residuals depend."""
        return [set(range(self.size)) for _ in range(self.size)]

    def is_linear_least_squares(self) -> bool:
        """Whether the residuals are linear in all variables."""
        return False

    def locate_non_finite(self, x: Vector) -> str | None:
        """Say what is not finite at x."""
        if np.isfinite(self.value(x)):
            return None
        try:
            with np.errstate(all="ignore"):
                self.call(*self.own_parts(x))
        except ArithmeticError as error:
            return f"the function raised {type(error).__name__}: {error}"
        return "the function itself"


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
