"""`Function`: branches, structures, precision, wrong results, and code that misbehaves."""

from __future__ import annotations

import gc
import traceback
import weakref
from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.functions.branches import MOST_BRANCHES

# Branches: whichever side a point lies on, its own graph is used.


def staircase(x: Any, y: Any) -> Any:
    total = x * y
    if x > 0:
        total = total + x**2 if y > 0 else total - 3 * y
    elif y > x:
        total = total * y
    for k in range(int(abs(y))):
        total = total + (k + 1) * x
    return max(total, -50 * x)


def staircase_gradient(x: float, y: float) -> tuple[float, float]:
    steps = int(abs(y))
    value, by_x, by_y = x * y, y, x
    if x > 0:
        if y > 0:
            value, by_x = value + x**2, by_x + 2 * x
        else:
            value, by_y = value - 3 * y, by_y - 3
    elif y > x:
        value, by_x, by_y = x * y**2, y**2, 2 * x * y
    value += steps * (steps + 1) / 2 * x
    by_x += steps * (steps + 1) / 2
    return (by_x, by_y) if value > -50 * x else (-50.0, 0.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_right_branch_is_used_in_any_order(seed: int) -> None:
    f = st.function(staircase)
    points = np.random.default_rng(seed).uniform(-5, 5, (60, 2))
    for x, y in points.tolist():
        value, gradient = f.value_and_gradient(x, y)
        assert value == f(x, y) == pytest.approx(staircase(x, y), rel=1e-14)
        assert gradient == pytest.approx(staircase_gradient(x, y), rel=1e-13)
        assert f.differentiation == "graph"


def test_a_second_derivative_belongs_to_the_branch_of_its_point() -> None:
    f = st.function(lambda x: x**3 if x > 1 else -(x**2))
    for x, curvature in [(2.0, 12.0), (0.5, -2.0), (3.0, 18.0), (1.0, -2.0)]:
        assert f.hessian(x).item() == f.hessian_vector(x, 1.0) == pytest.approx(curvature)
        assert f.derivative(2)(x) == pytest.approx(curvature)


@pytest.mark.parametrize("start", [0.3, np.array([0.3])], ids=["number", "array"])
def test_branches_are_forgotten_and_followed_again(start: Any) -> None:
    f = st.function(lambda x: np.sum(x) * int(np.sum(x)))
    shift = np.arange(3 * MOST_BRANCHES)
    for k in [*shift, *shift[::-1], 7, 7]:
        value, gradient = f.value_and_gradient(start + k)
        assert value == pytest.approx((0.3 + k) * k)
        assert np.ravel(gradient).tolist() == [k]
    assert len(f.bind(start).branches.known) <= MOST_BRANCHES


def test_layouts_are_kept_apart() -> None:
    f = st.function(lambda x: np.sum(x**2))
    for shape in [(), (3,), (2, 2), (1,), (3,), ()]:
        point = np.full(shape, 2.0)
        assert np.shape(f.gradient(point)) == shape
        assert f(point) == 4.0 * point.size


def test_a_function_that_is_no_longer_used_is_freed() -> None:
    def made() -> weakref.ref[Any]:
        data = np.arange(5.0).view(Owned)
        f = st.function(lambda x: np.sum(np.asarray(data) * x**2))
        f.gradient(2.0)
        f.hessian(2.0)
        return weakref.ref(data)

    reference = made()
    gc.collect()
    assert reference() is None


class Owned(np.ndarray):  # type: ignore[type-arg]
    """An array to which there can be weak references."""


# Structures: results come back as the point was given.


def cubes(x: Any) -> Any:
    return np.sum(np.asarray(x) ** 3)


STRUCTURES: dict[str, tuple[Any, Any]] = {
    "number": (lambda x: x**3, 2.0),
    "whole number": (lambda x: x**3, 2),
    "NumPy number": (lambda x: x**3, np.float64(2.0)),
    "array of no axes": (lambda x: x**3, np.array(2.0)),
    "list": (lambda x: np.sum(x**3), [1.0, 2.0, -3.0]),
    "tuple": (lambda x: np.sum(x**3), (1, 2, -3)),
    "one element": (lambda x: np.sum(x**3), [2.0]),
    "nested lists": (lambda x: np.sum(x**3), [[1.0, 2.0], [3.0, -4.0]]),
    "matrix": (lambda x: np.sum(x**3), np.arange(6.0).reshape(2, 3)),
    "separate numbers": (lambda x, y: x**3 + y**3, [1.0, -2.0]),
    "formula": ("x**3 + y**3", [1.0, -2.0]),
    "mapping": (lambda p: np.sum(p["b"] ** 3) + p["a"] ** 3, {"a": 2.0, "b": [[1.0, 2.0]]}),
    "mapping of names": (lambda x, y: x**3 + y**3, {"y": -2.0, "x": 1.0}),
    "mapping for a formula": ("x**3 + y**3", {"y": -2.0, "x": 1.0}),
    "mapping of one name": (lambda x: np.sum(x**3), {"x": np.array([1.0, 2.0])}),
    "Fortran order": (lambda x: np.sum(x**3), np.asfortranarray(np.arange(6.0).reshape(2, 3))),
    "view": (lambda x: np.sum(x**3), np.arange(8.0)[::2]),
}


def assert_like(found: Any, point: Any, expected: Any) -> None:
    """Assert that a result has the structure of a point, and the expected numbers."""
    if isinstance(point, dict):
        assert set(found) == set(point)
        for name, part in point.items():
            assert_like(found[name], part, expected(np.asarray(part, dtype=float)))
        return
    assert np.shape(found) == np.shape(point)
    assert isinstance(found, np.ndarray if np.shape(point) else float)
    numbers = expected if not callable(expected) else expected(np.asarray(point, dtype=float))
    assert found == pytest.approx(numbers, rel=1e-14)


@pytest.mark.parametrize("differentiation", ["graph", "numerical"])
@pytest.mark.parametrize("case", STRUCTURES)
def test_structure(case: str, differentiation: str) -> None:
    fun, point = STRUCTURES[case]
    f = st.function(fun, differentiation=differentiation)
    assert f.bind(point).differentiation == differentiation
    flat = f.bind(point).start
    assert f(point) == pytest.approx(np.sum(flat**3), rel=1e-14)
    if differentiation == "numerical":
        found = f.gradient(point)
        assert type(found) is type(st.function(fun).gradient(point))
        assert f.hessian(point) == pytest.approx(np.diag(6 * flat), abs=1e-3)
        return
    assert f.value_and_gradient(point)[0] == f(point)
    assert_like(f.gradient(point), point, lambda x: 3 * x**2)
    assert_like(f.hessian_vector(point, point), point, lambda x: 6 * x**2)
    assert f.hessian(point) == pytest.approx(np.diag(6 * flat), rel=1e-14)
    step = st.minimize(f, point, method="gradient-descent", learning_rate=0.01, max_steps=1)
    assert_like(step.last.x, point, lambda x: x - 0.03 * x**2)


@pytest.mark.parametrize("fun", [lambda x: np.sum(x**3), "x**3 + y**3", lambda x, y: x**3 + y**3])
@pytest.mark.parametrize("differentiation", ["graph", "numerical"])
def test_single_precision_stays(fun: Any, differentiation: str) -> None:
    point = np.array([1.5, -2.0], dtype=np.float32)
    f = st.function(fun, differentiation=differentiation)
    gradient, hessian = f.gradient(point), f.hessian(point)
    assert gradient.dtype == f.hessian_vector(point, point).dtype == np.float32
    assert gradient == pytest.approx([6.75, 12], rel=1e-3)
    assert hessian == pytest.approx(np.diag([9, -12]), abs=0.2)
    result = st.minimize(f, point, learning_rate=0.01, max_steps=3)
    assert result.x.dtype == result.jac.dtype == np.float32


def test_single_and_double_precision_do_not_mix() -> None:
    f = st.function(lambda x: np.sum(x**2))
    single, double = np.ones(2, dtype=np.float32), np.ones(2)
    for point in (single, double, single, double):
        assert f.gradient(point).dtype == point.dtype


# Wrong results: what was returned is named.

WRONG: dict[str, tuple[Any, str]] = {
    "nothing": (lambda x: None, "returned None"),
    "text": (lambda x: "abc", "returned 'abc'"),
    "a number as text": (lambda x: "3.5", "returned '3.5'"),
    "a vector": (lambda x: 2 * x, r"an array of shape \(2,\)"),
    "a matrix": (lambda x: np.outer(x, x), r"an array of shape \(2, 2\)"),
    "no numbers": (lambda x: x[:0], r"an array of shape \(0,\)"),
    "a pair": (lambda x: (x[0], x[1]), r"shape \(2,\)"),
    "a complex number": (lambda x: 1 + 2j, r"returned \(1\+2j\)"),
    "complex numbers": (lambda x: np.array([1j, 2]), r"complex numbers of shape \(2,\)"),
    "an object": (lambda x: object(), "returned <object"),
    "a mapping": (lambda x: {"a": 1}, r"returned {'a': 1}"),
    "a function": (lambda x: lambda: x, "returned <function"),
    "a class": (lambda x: int, "returned <class 'int'>"),
    "ragged lists": (lambda x: [[1], [1, 2]], r"returned \[\[1\], \[1, 2\]\]"),
    "a generator": (lambda x: (v for v in x), "returned <generator"),
    "objects": (lambda x: np.array([x[0], "a"], dtype=object), r"shape \(2,\)"),
}


@pytest.mark.parametrize("differentiation", ["graph", "numerical"])
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_result_is_named(case: str, differentiation: str) -> None:
    wrong, words = WRONG[case]
    f = st.function(wrong, differentiation=differentiation)
    for use in (f, f.gradient, f.value_and_gradient, lambda x: st.minimize(f, x)):
        with pytest.raises(st.InputError, match=words):
            use([1.0, 2.0])


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_result_beside_a_gradient_is_named(case: str) -> None:
    wrong, words = WRONG[case]
    with pytest.raises(st.InputError, match=words):
        st.minimize(wrong, [1.0, 2.0], jac=lambda x: 2 * x)


@pytest.mark.parametrize("wrong", [None, 1.0, (1.0,), (1.0, 2.0, 3.0), np.ones(3)])
def test_jac_true_needs_a_value_and_a_gradient(wrong: Any) -> None:
    with pytest.raises(st.InputError, match="jac=True a function returns a value and its"):
        st.minimize(lambda x: wrong, [1.0, 2.0], jac=True)


@pytest.mark.parametrize("differentiation", ["graph", "numerical"])
def test_not_a_number_is_a_value_like_others(differentiation: str) -> None:
    f = st.function(lambda x: np.sum(x) * float("nan"), differentiation=differentiation)
    assert np.isnan(f([1.0, 2.0]))
    with pytest.raises(st.NonFiniteError, match="nan"):
        st.minimize(f, [1.0, 2.0])


@pytest.mark.parametrize("result", [np.ones((1, 1)), [1.0], np.array(1.0), True, 1])
def test_one_number_in_a_wrapping_is_one_number(result: Any) -> None:
    assert st.function(lambda x: result)([1.0, 2.0]) == 1.0


# Code that raises, that changes what it is given, and that keeps it.


class OwnError(Exception):
    pass


def check_positive(x: Any) -> None:
    if x[0] > 2:
        raise OwnError("too far")


def strict(x: Any) -> Any:
    check_positive(x)
    return -np.sum(x)


USES = {
    "value": lambda f: f([3.0, 1.0]),
    "gradient": lambda f: f.gradient([3.0, 1.0]),
    "hessian": lambda f: f.hessian([3.0, 1.0]),
    "descent": lambda f: st.minimize(f, [1.0, 1.0], learning_rate=0.5),
}


@pytest.mark.parametrize("differentiation", ["graph", "numerical"])
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("met", [False, True], ids=["at once", "later"])
def test_the_users_own_error_passes_with_its_own_traceback(
    use: str, met: bool, differentiation: str
) -> None:
    f = st.function(strict, differentiation=differentiation)
    if met:
        f.gradient([1.0, 1.0])
    with pytest.raises(OwnError, match="too far") as caught:
        USES[use](f)
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-2:] == ["strict", "check_positive"]
    assert caught.value.__cause__ is caught.value.__context__ is None


def greedy(x: Any) -> Any:
    x[0] = x[0] * 2
    x += 1
    return np.sum(x**2)


@pytest.mark.parametrize("differentiation", ["graph", "numerical"])
def test_a_function_may_change_what_it_is_given(differentiation: str) -> None:
    f = st.function(greedy, differentiation=differentiation)
    point = np.array([1.0, 2.0])
    for _ in range(3):
        assert f(point) == 18.0
        assert f.gradient(point) == pytest.approx([12, 6], rel=1e-7)
        assert f.hessian_vector(point, [1.0, 0.0]) == pytest.approx([8, 0], abs=1e-3)
        assert point.tolist() == [1.0, 2.0]
    result = st.minimize(f, point, learning_rate=0.1)
    assert result.x == pytest.approx([-0.5, -1], abs=1e-5)
    assert result.history.x[0].tolist() == point.tolist() == [1.0, 2.0]


def test_a_user_gradient_may_change_what_it_is_given() -> None:
    def slope(x: Any) -> Any:
        x *= 2
        return x

    def value(x: Any) -> Any:
        x **= 2
        return np.sum(x)

    result = st.minimize(value, np.array([1.0, -2.0]), jac=slope, learning_rate=0.25)
    assert result.notices == ()
    assert result.history.x[:3].tolist() == [[1, -2], [0.5, -1], [0.25, -0.5]]


@pytest.mark.parametrize("differentiation", ["graph", "numerical"])
def test_a_function_may_keep_what_it_is_given(differentiation: str) -> None:
    kept: list[Any] = []

    def keeper(x: Any) -> Any:
        kept.append(x)
        return np.sum((x - 1) ** 2)

    f = st.function(keeper, differentiation=differentiation)
    result = st.minimize(f, np.array([3.0, 0.0]), learning_rate=0.25, stop="max-steps", max_steps=2)
    assert result.history.x == pytest.approx(np.array([[3, 0], [2, 0.5], [1.5, 0.75]]), abs=1e-6)
    for x in kept:
        if isinstance(x, np.ndarray):
            x[:] = 99.0
    assert result.history.x == pytest.approx(np.array([[3, 0], [2, 0.5], [1.5, 0.75]]), abs=1e-6)
    assert f([3.0, 0.0]) == 5.0


def test_results_are_the_callers_own() -> None:
    f = st.function(lambda x: np.sum(x) + np.sum(x**2) * 0)
    first = f.gradient([1.0, 2.0])
    first[:] = 99.0
    assert f.gradient([1.0, 2.0]).tolist() == [1.0, 1.0]


def lost_beyond_one(x):
    if x[0] > 1:
        return (float(str(x[0])) - 2) ** 2
    return (x[0] - 2) ** 2


def test_a_branch_met_on_the_way_that_cannot_be_followed_is_differentiated_numerically_aloud():
    result = st.minimize(lost_beyond_one, [0.5], method="l-bfgs")
    assert result.x == pytest.approx([2.0], abs=1e-5)
    assert any("on a branch that was met on the way" in notice for notice in result.notices)
    at_once = st.minimize(lost_beyond_one, [0.5], method="newton", bounds=[(0, 1.5)])
    assert at_once.x == pytest.approx([1.5])


def test_the_notice_of_a_lost_branch_names_file_and_line():
    notice = " ".join(st.minimize(lost_beyond_one, [0.5]).notices)
    assert "test_function.py, line" in notice
    assert "float(str(x[0]))" in notice


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "adam", "newton", "l-bfgs"])
def test_a_search_goes_on_from_a_place_whose_branch_is_lost(method):
    result = st.minimize(lost_beyond_one, [0.5], method=method, starts=[[1.5], [3.0]])
    assert result.x == pytest.approx([2.0], abs=1e-3)
    assert any("test_function.py, line" in notice for notice in result.notices)
    assert result.objective.values([[1.5], [2.5]]) == pytest.approx([0.25, 0.25])


def squares_beyond_one(x):
    residuals = np.array([x[0] - 2, x[1]])
    if x[0] > 1:
        residuals = np.array([float(str(x[0])) - 2, float(str(x[1])), 0.0])
    return np.sum(residuals**2)


def test_a_lost_branch_of_squares_is_not_entered_and_told():
    result = st.minimize(squares_beyond_one, [0.5, 1.0], method="levenberg-marquardt")
    assert result.x[0] <= 1
    assert not result.success
    assert any("No residuals are known on a branch" in notice for notice in result.notices)
    assert any("l-bfgs" in notice for notice in result.notices)


def unequal_squares(x):
    residuals = [x[0] - 2, x[1]] + ([x[0] * x[1]] if x[0] > 1 else [])
    return np.sum(np.array(residuals) ** 2)


def test_branches_with_other_numbers_of_squares_are_entered():
    result = st.minimize(unequal_squares, [0.5, 1.0], method="levenberg-marquardt")
    assert result.x == pytest.approx([2.0, 0.0], abs=1e-6)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_many_points_are_no_elements_of_an_array_within_the_function(count: int) -> None:
    weights = np.linspace(0, 1, 3)
    f = st.function(lambda x, y: np.sum((x * weights - y) ** 2))
    points = np.random.default_rng(0).normal(size=(count, 2))
    one_by_one = [f(*point) for point in points]
    assert f.bind(np.zeros(2)).values(points) == pytest.approx(one_by_one, rel=1e-14)


def test_what_needs_the_shape_of_an_array_says_so_before_the_first_call():
    f = st.function(lambda x: np.sum(x**2))
    with pytest.raises(st.SteepestError, match=r"shape of x.*such as f\(\[1.0, 2.0\]\)"):
        assert f.differentiation
    f([1.0, 2.0])
    assert f.differentiation == "graph"
    asked = st.function(lambda x: np.sum(x**2), differentiation="numerical")
    assert asked.differentiation == "numerical"
