"""JAX's differentiation of functions of its arrays."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from steepest.errors import InputError


class JaxLibrary:
    """Differentiates by `jax.grad`, compiled once, in double precision where that is asked for."""

    def __init__(self) -> None:
        self.compiled: dict[str, Any] = {}

    def value_and_gradient(self, call: Any, parts: list[Any]) -> tuple[Any, list[Any]]:
        """Return the value and one gradient per part."""
        with jax.enable_x64(True):
            if "gradient" not in self.compiled:
                places = tuple(range(len(parts)))
                both = jax.value_and_grad(checked(call), argnums=places)
                self.compiled["gradient"] = jax.jit(both)
            value, gradients = self.compiled["gradient"](*map(np.asarray, parts))
        return float(value), [np.asarray(gradient) for gradient in gradients]

    def hessian_vector(self, call: Any, parts: list[Any], vectors: list[Any]) -> list[Any]:
        """Return the derivative of the gradient along the vector."""
        with jax.enable_x64(True):
            if "product" not in self.compiled:
                gradient = jax.grad(checked(call), argnums=tuple(range(len(parts))))
                self.compiled["product"] = jax.jit(
                    lambda x, v: jax.jvp(gradient, tuple(x), tuple(v))[1]
                )
            arrays = [[np.asarray(part) for part in given] for given in (parts, vectors)]
            products = self.compiled["product"](*arrays)
        return [np.asarray(product) for product in products]


def checked(call: Any) -> Any:
    """Return the function, whose result is refused where it is not one number."""

    def function(*parts: Any) -> Any:
        value = call(*parts)
        if np.shape(value) not in ((), (1,)):
            raise InputError(
                "With jac='jax' the function must return one number, as in "
                f"`return (x**2).sum()`; it returned an array of shape {np.shape(value)}."
            )
        return value.reshape(()) if np.shape(value) else value

    return function
