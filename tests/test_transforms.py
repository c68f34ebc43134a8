"""Derivatives of functions of functions."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st


def test_derivatives_nest_without_confusing_their_variables():
    # d/dy (z y²) = 2 z y, at y = z times z is 2 z³, whose slope is 6 z², whose slope is 12 x
    inner = lambda z: z * st.grad(lambda y: z * y * y)(z)  # noqa: E731
    assert st.grad(st.grad(inner))(3.0) == pytest.approx(36.0)


def test_a_gradient_by_two_arguments_is_a_pair():
    by_x, by_y = st.grad(lambda x, y: np.sum(x * y), argnums=(0, 1))(np.array([1.0, 2.0]), 3.0)
    assert by_x.tolist() == [3.0, 3.0]
    assert by_y == 3.0


def test_the_hessian_of_a_form_is_twice_its_symmetric_part():
    form = np.array([[1.0, 2.0], [0.0, 3.0]])
    found = st.hessian(lambda x: x @ form @ x)(np.array([0.3, -0.7]))
    assert np.allclose(found, form + form.T, rtol=0, atol=1e-15)


def test_a_product_with_the_hessian_needs_no_hessian():
    point, vector = np.array([0.2, 0.4, -0.1]), np.array([1.0, -2.0, 0.5])
    curved = lambda x: np.sum(np.exp(x) * np.roll(x, 1))  # noqa: E731
    assert np.allclose(st.hvp(curved)(point, vector), st.hessian(curved)(point) @ vector)


def test_a_jacobian_has_the_shapes_of_result_and_argument():
    jacobian = st.jacobian(lambda x: np.outer(x, x))(np.array([1.0, 2.0, 3.0]))
    assert jacobian.shape == (3, 3, 3)
    assert jacobian[0, 1].tolist() == [2.0, 1.0, 0.0]


def test_an_array_has_no_gradient():
    with pytest.raises(st.InputError, match="jacobian"):
        st.grad(lambda x: x * 2)(np.array([1.0, 2.0]))


def test_an_argument_that_is_not_there():
    with pytest.raises(st.InputError, match="argnums"):
        st.grad(lambda x: x, argnums=3)(1.0)


def test_text_has_no_derivative():
    with pytest.raises(st.InputError, match="real numbers"):
        st.grad(lambda x: x)("a")
