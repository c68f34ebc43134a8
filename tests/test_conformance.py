"""What every method must do: one table, one row for each.

A new method is one row in `ROWS`; without one the suite fails. All functions here are sums of
squares, so that methods for these take part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import steepest as st
from families import FIRST_ORDER
from steepest.descent import methods
from steepest.descent.methods import METHODS, DirectionMethod, Method
from steepest.descent.step_length import Constant
from steepest.descent.stopping import Reason


class Budget(NamedTuple):
    """The evaluations a method may take: 20 % more than were measured."""

    double: int
    single: int


@dataclass(frozen=True)
class Row:
    """A method as it is held to the promises, and how many evaluations it may take.

    A budget of None promises nothing on that problem.
    """

    method: Method
    quadratic: Budget | None
    hyperbolic: Budget | None
    rosenbrock: Budget | None = None
    proves: bool = True
    """Whether it ends where the gradient is small; else only the value must be right."""

    def budget(self, task: Task, dtype: type) -> int | None:
        """Return the budget for a task."""
        found: Budget | None = getattr(self, task.budget)
        if found is None:
            return None
        return found.double if dtype is np.float64 else found.single


ROWS = {
    "gradient-descent": Row(methods.GradientDescent(), Budget(593, 298), Budget(34, 27)),
    "momentum": Row(methods.Momentum(), Budget(552, 306), Budget(38, 30), Budget(5916, 2351)),
    "nesterov": Row(methods.Nesterov(), Budget(190, 135), Budget(48, 39), Budget(6027, 2612)),
    "adagrad": Row(methods.AdaGrad(1.0), Budget(117, 66), Budget(78, 41)),
    "rmsprop": Row(methods.RMSProp(0.1), Budget(95, 58), Budget(68, 38)),
    "adadelta": Row(methods.Adadelta(5.0), Budget(428, 411), Budget(274, 256)),
    "adam": Row(methods.Adam(0.3), Budget(365, 196), Budget(318, 161), Budget(1239, 788)),
    "adamw": Row(
        methods.AdamW(0.3, weight_decay=0.0),
        Budget(365, 196),
        Budget(318, 161),
        Budget(1239, 788),
    ),
    "nadam": Row(methods.NAdam(0.3), Budget(134, 69), Budget(110, 75)),
    "amsgrad": Row(methods.AMSGrad(0.3), Budget(344, 197), Budget(326, 147), Budget(1582, 900)),
    "lion": Row(
        methods.Lion(st.schedules.cosine(0.1, 500)),
        Budget(602, 570),
        Budget(602, 500),
        proves=False,
    ),
    "adamax": Row(methods.Adamax(0.5), Budget(343, 188), Budget(311, 160), Budget(3158, 2342)),
    "radam": Row(
        methods.RAdam(st.schedules.warm_up(0.3, steps=300)),
        Budget(529, 404),
        Budget(455, 290),
        Budget(2429, 1751),
    ),
    "rprop": Row(
        methods.Rprop(st.schedules.cosine(0.1, 500)),
        Budget(602, 570),
        Budget(602, 500),
        proves=False,
    ),
    "schedule-free": Row(
        methods.ScheduleFree(0.1, warm_up=1000), Budget(1381, 698), Budget(1546, 679)
    ),
    "schedule-free-adamw": Row(methods.ScheduleFreeAdamW(1.0), Budget(202, 84), Budget(132, 28)),
    "prodigy": Row(methods.Prodigy(), Budget(376, 228), Budget(354, 187), Budget(3271, 3257)),
    "dog": Row(methods.DoG(), Budget(406, 274), Budget(544, 337)),
    "accelerated-gradient": Row(
        methods.AcceleratedGradient(), Budget(61, 41), Budget(48, 34), Budget(912, 214)
    ),
    "optimized-gradient": Row(
        methods.OptimizedGradient(), Budget(455, 246), Budget(128, 49), Budget(1734, 707)
    ),
    "adaptive-accelerated-gradient": Row(
        methods.AdaptiveAcceleratedGradient(), Budget(84, 65), Budget(83, 53), Budget(890, 671)
    ),
    "conjugate-gradient": Row(
        methods.ConjugateGradient(), Budget(22, 15), Budget(21, 18), Budget(112, 128)
    ),
    "l-bfgs": Row(methods.LBFGS(), Budget(11, 10), Budget(12, 10), Budget(53, 52)),
    "bfgs": Row(methods.BFGS(), Budget(14, 11), Budget(16, 11), Budget(54, 53)),
    "newton": Row(methods.Newton(), Budget(3, 3), Budget(8, 8), Budget(30, 29)),
    "cubic-newton": Row(methods.CubicNewton(), Budget(9, 9), Budget(10, 9), Budget(45, 44)),
    "levenberg-marquardt": Row(
        methods.LevenbergMarquardt(), Budget(10, 8), Budget(12, 10), Budget(20, 17)
    ),
}


@dataclass(frozen=True)
class Task:
    """A function of a scalar, a vector or a dictionary, and its minimum."""

    budget: str
    structure: str
    function: Callable[[Any], Any]
    start: Any
    minimum: float
    minimiser: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.budget}-{self.structure}"

    def started(self, dtype: type) -> Any:
        """Return the start in this precision."""
        if isinstance(self.start, dict):
            return {name: np.asarray(part, dtype)[()] for name, part in self.start.items()}
        return np.asarray(self.start, dtype)[()]


def quadratic(v: Any) -> Any:
    return np.sum((np.array([1.0, 1.5, 2.0]) * (v - 1)) ** 2)


def hyperbolic(v: Any) -> Any:
    return np.sum(np.sinh(v - np.array([0.5, 1.0, 1.5])) ** 2) + 1


def rosenbrock(v: Any) -> Any:
    return 100 * (v[1] - v[0] ** 2) ** 2 + (1 - v[0]) ** 2


def of_parts(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the same function of a dictionary: its first variable, and the others."""
    return lambda parts: function(np.concatenate([np.reshape(parts["a"], (1,)), parts["b"]]))


TASKS = [
    Task("quadratic", "scalar", lambda x: 3 * (x - 1) ** 2, 3.0, 0.0, (1.0,)),
    Task("quadratic", "vector", quadratic, [-3.0, 2.0, 3.0], 0.0, (1.0, 1.0, 1.0)),
    Task(
        "quadratic",
        "dict",
        of_parts(quadratic),
        {"a": -3.0, "b": [2.0, 3.0]},
        0.0,
        (1.0, 1.0, 1.0),
    ),
    Task("hyperbolic", "scalar", lambda x: np.sinh(x - 0.5) ** 2 + 1, 2.0, 1.0, (0.5,)),
    Task("hyperbolic", "vector", hyperbolic, [2.0, -0.5, 1.0], 1.0, (0.5, 1.0, 1.5)),
    Task(
        "hyperbolic",
        "dict",
        of_parts(hyperbolic),
        {"a": 2.0, "b": [-0.5, 1.0]},
        1.0,
        (0.5, 1.0, 1.5),
    ),
    Task("rosenbrock", "vector", rosenbrock, [-1.2, 1.0], 0.0, (1.0, 1.0)),
    Task("rosenbrock", "dict", of_parts(rosenbrock), {"a": -1.2, "b": [1.0]}, 0.0, (1.0, 1.0)),
]
VECTORS = {task.budget: task for task in TASKS if task.structure == "vector"}

EVERY = pytest.mark.parametrize("name", METHODS)


def has_fixed_rate(name: str) -> bool:
    """Return whether a method goes by a rate fixed beforehand, and not by what it finds."""
    method = ROWS[name].method
    if isinstance(method, methods.OptimizedGradient):
        return True
    return isinstance(method, DirectionMethod) and isinstance(method.length, Constant)


def flat(x: Any) -> Any:
    """Return the numbers of a point in a row."""
    parts = x.values() if isinstance(x, dict) else [x]
    return np.concatenate([np.ravel(part) for part in parts])


def test_every_method_has_a_row_of_its_own() -> None:
    assert {row.method.name for row in ROWS.values()} == set(ROWS) == set(METHODS)


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["double", "single"])
@pytest.mark.parametrize("task", TASKS, ids=str)
@EVERY
def test_it_reaches_the_minimum_within_its_budget(name: str, task: Task, dtype: type) -> None:
    row = ROWS[name]
    budget = row.budget(task, dtype)
    start = task.started(dtype)
    tolerance, close = (1e-6, 1e-6) if dtype is np.float64 else (1e-3, 1e-5)
    result = st.minimize(
        task.function,
        start,
        method=row.method,
        tol=tolerance,
        max_evaluations=10_000 if budget is None else budget,
        max_steps=10 if budget is None else None,
    )
    assert np.shape(flat(result.x)) == np.shape(flat(start))
    assert type(result.x) is (dict if task.structure == "dict" else type(result.start))
    # What was asked for in single precision stays in it, every step of the way.
    points = result.history.x
    np.testing.assert_array_equal(points, points.astype(dtype))
    if budget is None:
        return
    assert result.nfev <= budget
    assert result.success or not row.proves, result.message
    assert abs(result.fun - task.minimum) <= close
    np.testing.assert_allclose(flat(result.x), task.minimiser, atol=4 * np.sqrt(close))


@pytest.mark.parametrize("task", VECTORS.values(), ids=str)
@EVERY
def test_it_keeps_its_promise_compiled_as_well(name: str, task: Task) -> None:
    row = ROWS[name]
    budget = row.budget(task, np.float64)
    options: dict[str, Any] = {"method": row.method, "max_evaluations": budget or 50}
    stepped = st.minimize(task.function, task.start, engine="python", **options)
    compiled = st.minimize(task.function, task.start, engine="native", **options)
    if name == "l-bfgs":
        assert compiled.options["engine"].startswith("native")
        assert compiled.success
        assert budget is not None
        assert compiled.nfev <= budget
        return
    is_program = name in FIRST_ORDER and stepped.program is not None
    assert compiled.options["engine"] == ("native" if is_program else "python")
    assert compiled.message == stepped.message
    np.testing.assert_array_equal(compiled.history.x, stepped.history.x)
    np.testing.assert_array_equal(compiled.history.gradient, stepped.history.gradient)


@pytest.mark.parametrize("task", TASKS, ids=str)
@EVERY
def test_value_and_gradient_of_the_history_are_those_of_its_points(name: str, task: Task) -> None:
    # Compiled steps, which "auto" takes where a test before compiled the function, round otherwise.
    result = st.minimize(
        task.function, task.start, method=ROWS[name].method, max_steps=25, engine="python"
    )
    history = result.history
    assert len(history) == result.nit + 1
    assert history.step.tolist() == list(range(result.nit + 1))
    # Half the squares of residuals, and their Jacobian times them, round in another order.
    rounding = 1e-14 if METHODS[name].capabilities.needs_residuals else 0.0
    steepest = np.abs(history.gradient).max()
    for x, value, gradient in zip(history.x, history.fun, history.gradient, strict=True):
        again, slope = result.objective.value_and_gradient(x)
        assert abs(value - again) <= rounding * abs(value)
        assert np.abs(gradient - slope).max() <= rounding * steepest
    best = int(np.argmin(history.fun))
    assert result.fun == pytest.approx(history.fun[best], rel=1e-15)


@EVERY
def test_a_callback_stops_it(name: str) -> None:
    seen = []

    def third(step: Any) -> bool:
        seen.append(step.step)
        return step.step == 3

    result = st.minimize(rosenbrock, [-1.2, 1.0], method=ROWS[name].method, callback=third)
    assert (result.reason, result.nit) == (Reason.CALLBACK, 3)
    assert seen == [0, 1, 2, 3]


@EVERY
def test_limits_hold(name: str) -> None:
    def run(**limits: Any) -> st.Result:
        return st.minimize(rosenbrock, [-1.2, 1.0], method=ROWS[name].method, **limits)

    short = run(max_steps=4)
    assert (short.reason, short.nit) == (Reason.MAX_STEPS, 4)
    few = run(max_evaluations=6)
    assert few.reason is Reason.MAX_EVALUATIONS
    # It ends with the first step that has used them up: one step less would not have.
    assert few.nfev >= 6 > run(max_steps=few.nit - 1).nfev
    assert run(max_seconds=1e-9).reason is Reason.MAX_SECONDS


def barrier(v: Any) -> Any:
    return np.sum(np.log(v) ** 2)


def root(v: Any) -> Any:
    return np.sum((np.sqrt(v) - 0.5) ** 2)


def corridor(v: Any) -> Any:
    return np.sum(np.log((1e-3 + v) / (1e-3 - v)) ** 2)


@pytest.mark.parametrize(("function", "minimum"), [(barrier, 1.0), (root, 0.25)])
@EVERY
def test_a_domain_that_ends_is_survived(
    name: str, function: Callable[[Any], Any], minimum: float
) -> None:
    result = st.minimize(function, [3.0, 0.5], method=ROWS[name].method, max_evaluations=600)
    assert np.isfinite(result.x).all()
    assert result.fun == pytest.approx(np.nanmin(result.history.fun), rel=1e-15)
    # A rate that was given can be too large; then the result says so.
    assert result.success or has_fixed_rate(name)
    if result.success:
        np.testing.assert_allclose(result.x, minimum, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in ROWS if not has_fixed_rate(name)])
def test_a_step_out_of_a_narrow_domain_is_taken_back(name: str) -> None:
    # A step of any usual length from here ends where the logarithm is no number.
    result = st.minimize(corridor, [9.9e-4, -5e-4], method=ROWS[name].method, max_evaluations=600)
    assert np.isfinite(result.history.fun).all()
    assert result.success
    np.testing.assert_allclose(result.x, 0, atol=1e-8)


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_a_fixed_rate_that_leads_out_of_the_domain_keeps_the_best_point(name: str) -> None:
    result = st.minimize(barrier, [3.0, 0.5], method=name, learning_rate=50.0, max_steps=500)
    assert np.isfinite(result.x).all()
    assert result.fun == np.nanmin(result.history.fun)
    if result.success:
        np.testing.assert_allclose(result.x, 1.0, atol=1e-5)
    else:
        assert result.reason in {Reason.NOT_FINITE, Reason.DIVERGED}


class Spy:
    """A function of a vector that remembers where it was asked."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function
        self.points: list[Any] = []

    def __call__(self, x: Any) -> Any:
        self.points.append(np.array(x))
        return self.function(x)


def bounded_tasks() -> list[Any]:
    """Return functions with a start, bounds, and the minimiser within them."""
    corner = ([-3.0, 2.0, 3.0], [(-5.0, 0.5), (1.5, 5.0), (None, None)], [0.5, 1.5, 1.0])
    held = ([-3.0, 1.5, 3.0], [(-3.0, 0.5), (1.5, 1.5), (0.0, 3.0)], [0.5, 1.5, 1.0])
    valley = ([-1.2, 1.0], [(-2.0, 0.5), (-1.0, 2.0)], [0.5, 0.25])
    return [
        pytest.param(quadratic, *corner, id="corner"),
        pytest.param(quadratic, *held, id="start-at-bounds"),
        pytest.param(rosenbrock, *valley, id="valley"),
    ]


def bounded_methods() -> list[tuple[str, str]]:
    """Return the methods that take bounds, with every kind of derivative they work with."""
    able = {name: METHODS[name].capabilities for name in METHODS}
    # What squares add up to a function is only known by its graph.
    kinds = {True: ("exact",), False: ("exact", "given", "differences")}
    return [
        (name, kind)
        for name, known in able.items()
        if known.takes_bounds
        for kind in kinds[known.needs_residuals]
    ]


@pytest.mark.parametrize(("function", "start", "bounds", "minimiser"), bounded_tasks())
@pytest.mark.parametrize(("name", "derivative"), bounded_methods())
def test_bounds_hold(
    name: str,
    function: Callable[[Any], Any],
    start: list[float],
    bounds: list[Any],
    minimiser: list[float],
    derivative: str,
) -> None:
    row = ROWS[name]
    spy, slope = Spy(function), Spy(st.function(function).gradient)
    asked: Any = {
        "exact": {"fun": function},
        "given": {"fun": spy, "jac": slope},
        "differences": {"fun": st.function(spy, differentiation="numerical")},
    }
    result = st.minimize(
        **asked[derivative], x0=start, method=row.method, bounds=bounds, max_evaluations=2000
    )
    lower = [-np.inf if low is None else low for low, _ in bounds]
    upper = [np.inf if high is None else high for _, high in bounds]
    for points in (result.history.x, spy.points, slope.points):
        for x in points:
            assert np.all((lower <= x) & (x <= upper))
    if derivative != "exact":
        assert len(spy.points) > 3
    if (row.rosenbrock if function is rosenbrock else row.quadratic) is None:
        return
    assert result.success or not row.proves, result.message
    np.testing.assert_allclose(result.x, minimiser, atol=1e-3)


@pytest.mark.parametrize("name", [n for n in METHODS if METHODS[n].capabilities.needs_residuals])
def test_a_method_for_sums_of_squares_refuses_other_functions(name: str) -> None:
    with pytest.raises(st.InputError, match="needs a sum of squares"):
        st.minimize("x**2 - cos(x)", 1.0, method=ROWS[name].method)


@pytest.mark.parametrize("name", [n for n in METHODS if not METHODS[n].capabilities.takes_bounds])
def test_a_method_without_bounds_says_so(name: str) -> None:
    with pytest.raises(st.InputError, match="takes no bounds"):
        st.minimize(quadratic, [0.0, 0.0, 0.0], method=ROWS[name].method, bounds=[(-1, 1)] * 3)


@EVERY
def test_it_goes_the_same_way_again_under_a_seed(name: str) -> None:
    one, other = (
        st.minimize(hyperbolic, [2.0, -0.5, 1.0], method=ROWS[name].method, seed=7)
        for _ in range(2)
    )
    assert one.seed == other.seed == 7
    np.testing.assert_array_equal(one.history.x, other.history.x)
    np.testing.assert_array_equal(one.history.fun, other.history.fun)
    assert (one.nfev, one.njev, one.reason) == (other.nfev, other.njev, other.reason)
