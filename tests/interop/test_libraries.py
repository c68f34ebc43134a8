"""Functions of PyTorch and JAX, differentiated by their own library and descended by ours."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
import torch

import steepest as st
from steepest.functions import objective

LIBRARIES = ("torch", "jax")
SINE = {"torch": torch.sin, "jax": jnp.sin}


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def waves(library):
    return lambda x, y: SINE[library](x) * SINE[library](y) + x * x * y


def named(p):
    return ((p["w"] - 1) ** 2).sum() + (p["b"] + 2) ** 2


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("method", [None, "newton", "bfgs", "gradient-descent"])
def test_the_valley_is_solved(library, method):
    result = st.minimize(rosenbrock, [-1.2, 1.0, 0.5], jac=library, method=method, tol=1e-5)
    assert result.success
    assert result.x == pytest.approx([1, 1, 1], abs=1e-3)


@pytest.mark.parametrize("library", LIBRARIES)
def test_derivatives_are_exact_in_double_precision(library):
    numpy_sine = objective(lambda x, y: np.sin(x) * np.sin(y) + x * x * y, [0.3, 0.7])
    theirs = objective(waves(library), [0.3, 0.7], jac=library)
    x, v = np.array([0.3, 0.7]), np.array([1.0, -2.0])
    value, gradient = theirs.value_and_gradient(x)
    expected, slopes = numpy_sine.value_and_gradient(x)
    assert value == pytest.approx(expected, rel=1e-15)
    assert gradient == pytest.approx(slopes, rel=1e-14)
    assert theirs.hessian(x) == pytest.approx(numpy_sine.hessian(x), rel=1e-13)
    assert theirs.hessian_vector(x, v) == pytest.approx(numpy_sine.hessian_vector(x, v), rel=1e-13)


@pytest.mark.parametrize("library", LIBRARIES)
def test_points_keep_their_structure(library):
    result = st.minimize(named, {"w": np.zeros((2, 2)), "b": 0.0}, jac=library)
    assert result.x["w"] == pytest.approx(np.ones((2, 2)))
    assert result.x["b"] == pytest.approx(-2.0)


def test_a_variable_that_plays_no_part_has_slope_0():
    assert objective(lambda x, y: x * x, [3.0, 5.0], jac="torch").gradient(
        np.array([3.0, 5.0])
    ).tolist() == [6.0, 0.0]
    linear = objective(lambda x: 2 * x[0] + x[1], [1.0, 1.0], jac="torch")
    assert linear.hessian(linear.start).tolist() == [[0, 0], [0, 0]]


def test_constants_have_no_slope():
    constant = objective(lambda x: torch.tensor(4.0), [1.0, 2.0], jac="torch")
    assert constant.gradient(constant.start).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_result_that_is_no_number_is_refused(library):
    with pytest.raises(st.InputError, match=f"jac='{library}' the function must return one"):
        st.minimize(lambda x: x * 2, [1.0, 2.0], jac=library)


def test_what_returns_no_tensor_is_refused():
    with pytest.raises(st.InputError, match="one real number in a tensor"):
        st.minimize(lambda x: 3.0, [1.0, 2.0], jac="torch")
