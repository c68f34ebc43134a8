"""Backpropagation: derivatives of all orders, deep graphs, and the conventions at kinks."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import steepest as st
from steepest.derivative.reverse import gradient, hessian_vector
from steepest.expression.node import apply, constant, evaluate, topological_order, variable
from steepest.expression.operations import OPERATIONS

X, Y = variable("x"), variable("y")


def test_a_variable_has_the_gradient_one_and_others_zero() -> None:
    assert gradient(X, [X, Y]) == [constant(1.0), constant(0.0)]
    assert gradient(constant(3.0), [X]) == [constant(0.0)]


def test_a_gradient_by_a_node_stops_at_that_node() -> None:
    inner = X * Y
    slope, by_x = gradient(inner * inner, [inner, X])
    assert evaluate([slope], {X: 2.0, Y: 3.0}) == [12.0]
    # By X there is no way past the node that was asked for.
    assert by_x == constant(0.0)


def test_a_seed_gives_the_product_of_a_vector_and_the_jacobian() -> None:
    v, seed = variable("v", (3,)), variable("seed", (3,))
    square = apply(OPERATIONS["multiply"], v, v)
    (product,) = gradient(square, [v], seed)
    values = {v: np.array([1.0, 2.0, 3.0]), seed: np.array([1.0, 0.0, -1.0])}
    assert evaluate([product], values)[0].tolist() == [2.0, 0.0, -6.0]


def test_whole_numbers_and_truth_values_have_no_slope() -> None:
    taken = apply(OPERATIONS["integer"], X) * Y
    assert evaluate(gradient(taken, [X, Y]), {X: 2.7, Y: 3.0}) == [0.0, 2.0]


# One function, four kinds of derivative.


def woven(x: Any) -> Any:
    return np.sum(np.sin(x) * np.exp(x[::-1] / 3)) + x[0] * x[1] * x[2] ** 2


def components(x: Any) -> Any:
    return np.array([np.sin(x[0]) * x[1], np.exp(x[2] / 2), np.sum(x**2), x[0] / (2 + x[1] ** 2)])


coordinates = some.lists(some.floats(-2, 2), min_size=3, max_size=3).map(np.array)


@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(x=coordinates, v=coordinates)
def test_derivatives_are_consistent(x: Any, v: Any) -> None:
    f = st.function(woven)
    hessian = f.hessian(x)
    close = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(f.hessian_vector(x, v), hessian @ v, **close)
    np.testing.assert_allclose(hessian, hessian.T, **close)
    np.testing.assert_allclose(st.hessian(woven)(x), hessian, **close)
    np.testing.assert_allclose(st.hvp(woven)(x, v), hessian @ v, **close)
    np.testing.assert_allclose(st.jacobian(st.grad(woven))(x), hessian, **close)
    np.testing.assert_allclose(st.grad(woven)(x), f.gradient(x), **close)


@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(x=coordinates, v=coordinates.map(lambda three: np.append(three, 0.5)))
def test_a_jacobian_has_the_gradients_of_the_components_as_rows(x: Any, v: Any) -> None:
    jacobian = st.jacobian(components)(x)
    rows = [st.grad(lambda x, k=k: components(x)[k])(x) for k in range(4)]
    np.testing.assert_allclose(jacobian, rows, rtol=1e-13, atol=1e-13)
    along = st.grad(lambda x: np.sum(components(x) * v))(x)
    np.testing.assert_allclose(along, v @ jacobian, rtol=1e-12, atol=1e-12)


def test_a_hessian_vector_product_is_linear_in_the_vector() -> None:
    v = variable("v", (2,))
    summed = apply(OPERATIONS["sum"], v * v * v, axis=(0,), keepdims=False)
    (product,) = hessian_vector(summed, [v], [constant(np.array([2.0, -1.0]))])
    assert evaluate([product], {v: np.array([1.0, 4.0])})[0].tolist() == [12.0, -24.0]


# Derivatives of any order against closed forms.


def falling(power: float, order: int) -> float:
    """Return p (p - 1) ... (p - n + 1)."""
    return math.prod([power - k for k in range(order)])


ORDERS: dict[str, tuple[float, Callable[[float, int], float]]] = {
    "exp(x)": (0.7, lambda x, n: math.exp(x)),
    "exp(-2*x)": (0.7, lambda x, n: (-2) ** n * math.exp(-2 * x)),
    "2**x": (0.7, lambda x, n: math.log(2) ** n * 2**x),
    "sin(x)": (0.7, lambda x, n: math.sin(x + n * math.pi / 2)),
    "cos(3*x)": (0.7, lambda x, n: 3**n * math.cos(3 * x + n * math.pi / 2)),
    "1/x": (1.3, lambda x, n: (-1) ** n * math.factorial(n) / x ** (n + 1)),
    "log(x)": (1.3, lambda x, n: (-1) ** (n - 1) * math.factorial(n - 1) / x**n),
    "sqrt(x)": (1.3, lambda x, n: falling(0.5, n) * x ** (0.5 - n)),
    "x**7": (-1.3, lambda x, n: falling(7, n) * x ** (7 - n)),
    "x**-2": (-1.3, lambda x, n: falling(-2, n) * x ** (-2 - n)),
    "x**2.5": (1.3, lambda x, n: falling(2.5, n) * x ** (2.5 - n)),
    "x*exp(x)": (0.7, lambda x, n: (x + n) * math.exp(x)),
    "sinh(x)": (0.7, lambda x, n: math.cosh(x) if n % 2 else math.sinh(x)),
    "exp(x)*sin(x)": (
        0.7,
        lambda x, n: 2 ** (n / 2) * math.exp(x) * math.sin(x + n * math.pi / 4),
    ),
}


@pytest.mark.parametrize("text", ORDERS)
def test_derivatives_of_every_order(text: str) -> None:
    x, expected = ORDERS[text]
    f = st.function(text)
    for order in range(1, 9):
        assert f.derivative(order)(x) == pytest.approx(expected(x, order), rel=1e-11), order


def test_a_polynomial_ends_in_zero() -> None:
    f = st.function("x**4 - x")
    assert [f.derivative(n).formula for n in (3, 4)] == ["24*x", "24"]
    assert f.derivative(5)(1.7) == 0.0


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_derivatives_of_code_are_those_of_the_formula(order: int) -> None:
    code, text = st.function(lambda x: np.exp(-x) * x**3), st.function("exp(-x)*x**3")
    assert code.derivative(order)(0.8) == pytest.approx(text.derivative(order)(0.8), rel=1e-13)


# Depth. Each step uses the one before it twice, so that nothing is a plain chain.


def chained(steps: int) -> Any:
    """Return x -> sin(x) x applied again and again."""
    node = X
    for _ in range(steps // 2):
        node = apply(OPERATIONS["multiply"], apply(OPERATIONS["sin"], node), constant(1.01))
    return node


def test_a_long_chain_is_differentiated_without_recursion_and_in_linear_size() -> None:
    sizes = {}
    for steps in (4_000, 40_000):
        output = chained(steps)
        (slope,) = gradient(output, [X])
        sizes[steps] = len(topological_order([output, slope]))
    assert sizes[40_000] <= 10.01 * sizes[4_000]
    assert sizes[40_000] <= 5 * 40_000
    value, slope_value = evaluate([output, slope], {X: 0.3})
    expected, expected_slope = 0.3, 1.0
    for _ in range(20_000):
        expected, expected_slope = (
            math.sin(expected) * 1.01,
            expected_slope * math.cos(expected) * 1.01,
        )
    assert value == pytest.approx(expected, rel=1e-9)
    assert slope_value == pytest.approx(expected_slope, rel=1e-9)


def test_a_loop_of_many_steps_is_differentiated() -> None:
    def walk(x: Any) -> Any:
        for _ in range(3000):
            x = x - 1e-3 * np.sin(x)
        return x

    slope = st.grad(walk)(1.0)
    difference = (walk(1 + 1e-6) - walk(1 - 1e-6)) / 2e-6
    assert slope == pytest.approx(difference, rel=1e-8)


def test_shared_nodes_do_not_multiply() -> None:
    node = X
    for _ in range(200):
        node = apply(OPERATIONS["add"], node, node)
    (slope,) = gradient(node, [X])
    assert len(topological_order([slope])) <= 401
    assert evaluate([slope], {X: 1.0}) == [2.0**200]


# Kinks: value, gradient, and a Hessian-vector product that is finite. The gradient is
# the shortest of the slopes that the kink allows.

KINKS: list[tuple[Any, Any, float, Any]] = [
    ("abs(x)", 0, 0, 0),
    ("abs(x)**1.5", 0, 0, 0),
    ("abs(x)*abs(y)", [0, 0], 0, [0, 0]),
    ("sqrt(x)", 0, 0, 0),
    ("sqrt(x**2)", 0, 0, 0),
    ("x**0.5", 0, 0, 0),
    ("x**1.5", 0, 0, 0),
    ("x**(1/3)", 0, 0, 0),
    ("cbrt(x)", 0, 0, 0),
    ("x**0", 0, 1, 0),
    ("x**1", 0, 0, 1),
    ("x**2", 0, 0, 0),
    ("x**y", [0, 2], 0, [0, 0]),
    ("sign(x)", 0, 0, 0),
    ("floor(x)", 1, 1, 0),
    ("round(x)", 0.5, 0, 0),
    ("heaviside(x, 0.5)", 0, 0.5, 0),
    ("x % 1", 1, 0, 1),
    ("max(x, 0)", 0, 0, 0),
    ("min(x, 0)", 0, 0, 0),
    ("max(x, 0)**2", 0, 0, 0),
    ("max(x, y)", [1, 1], 1, [0.5, 0.5]),
    ("min(x, y)", [1, 1], 1, [0.5, 0.5]),
    ("fmax(x, y)", [1, 1], 1, [0.5, 0.5]),
    ("fmin(x, y)", [1, 1], 1, [0.5, 0.5]),
    ("clip(x, -1, 1)", 1, 1, 0),
    ("clip(x, -1, 1)", -1, -1, 0),
    ("hypot(x, y)", [0, 0], 0, [0, 0]),
    ("sqrt(x**2 + y**2)", [0, 0], 0, [0, 0]),
    ("sqrt(x**2 + y**2)**2", [0, 0], 0, [0, 0]),
    ("arctan2(y, x)", [0, 0], 0, [0, 0]),
    ("copysign(x, y)", [0, 1], 0, [0, 0]),
    ("arcsin(x)", 1, math.pi / 2, 0),
    ("arccos(x)", -1, math.pi, 0),
    ("arccosh(x)", 1, 0, 0),
    ("where(x > 0, log(x), x)", -1, -1, 1),
    ("where(x > 0, sqrt(x), 2*x)", -1, -2, 2),
    ("where(x > 0, 1/x, 3*x)", 0, 0, 3),
    ("where(x != 0, sin(x)/x, 1)", 0, 1, 0),
    ("where(x > 0, x*log(x), 0)", 0, 0, 0),
    ("sinc(x)", 0, 1, 0),
    ("exp(-1/x**2)", 0, 0, 0),
    ("logaddexp(0, x)", 800, 800, 1),
    ("logaddexp(0, x)", -800, 0, 0),
    ("expit(x)", -800, 0, 0),
    (lambda x: np.linalg.norm(x), [0, 0], 0, [0, 0]),
    (lambda x: np.linalg.norm(x) ** 2, [0, 0], 0, [0, 0]),
    (lambda x: np.linalg.norm(x.reshape(2, 2), axis=1).sum(), [0, 0, 3, 4], 5, [0, 0, 0.6, 0.8]),
    (lambda x: np.max(x), [1, 1, 0], 1, [0.5, 0.5, 0]),
    (lambda x: np.min(x), [2, 1, 1], 1, [0, 0.5, 0.5]),
    (lambda x: np.sum(np.clip(x, 0, 1)), [0, 1, 0.5], 1.5, [0, 0, 1]),
    (lambda x: np.sum(np.where(x > 0, np.sqrt(np.abs(x)), 0)), [-1, 0, 4], 2, [0, 0, 0.25]),
    (lambda x: np.std(x), [1, 1], 0, [0, 0]),
    (lambda x: np.prod(x), [0, 0, 2], 0, [0, 0, 0]),
    (lambda x: np.prod(x), [0, 3, 2], 0, [6, 0, 0]),
    (lambda x: np.sum(np.abs(x)), [0, -2, 2], 4, [0, -1, 1]),
]


@pytest.mark.parametrize(("fun", "point", "value", "slopes"), KINKS)
def test_kink(fun: Any, point: Any, value: float, slopes: Any) -> None:
    f = st.function(fun)
    point = np.asarray(point, dtype=float)[()]
    assert f(point) == pytest.approx(value, abs=1e-15)
    found, gradient_found = f.value_and_gradient(point)
    assert found == f(point)
    assert np.asarray(gradient_found) == pytest.approx(np.asarray(slopes, dtype=float), abs=1e-15)
    assert np.isfinite(f.hessian_vector(point, np.ones_like(point))).all()
    assert np.isfinite(f.hessian(point)).all()
    assert f.differentiation == "graph"


@pytest.mark.parametrize(
    ("text", "point", "curvature"),
    [
        ("abs(x)**3", 0.0, 0.0),
        ("abs(x)", 0.0, 0.0),
        ("x**2.5", 0.0, 0.0),
        ("x**1.5", 0.0, 0.0),
        ("max(x, 0)**2", -1.0, 0.0),
        ("sqrt(x**2)**2", 0.0, 2.0),
        ("sinc(x)", 0.0, -(math.pi**2) / 3),
        ("where(x != 0, sin(x)/x, 1)", 0.0, -1 / 3),
        ("where(x > 0, log(x), x**2)", -1.0, 2.0),
        ("logaddexp(0, x)", 0.0, 0.25),
        ("expit(x)", 800.0, 0.0),
    ],
)
def test_curvature_at_special_points(text: str, point: float, curvature: float) -> None:
    f = st.function(text)
    assert f.hessian_vector(point, 1.0) == pytest.approx(curvature, abs=1e-5)
    assert f.hessian(point).item() == pytest.approx(curvature, abs=1e-5)


@pytest.mark.parametrize("text", ["log(x)", "1/x", "log(x)*x"])
def test_a_pole_is_not_hidden(text: str) -> None:
    assert not np.isfinite(st.function(text)(0.0))
