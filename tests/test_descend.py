"""Whole descents: what goes in, what comes out, and why it ended."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest

import steepest as st
from families import FIRST_ORDER
from objectives import AnalyticObjective, absolute, quadratic, rosenbrock, sine_product, square
from steepest.descent import schedules
from steepest.descent.descend import descend
from steepest.descent.methods import METHODS, Adam, Momentum
from steepest.descent.minimize import minimize
from steepest.descent.stopping import Gradient, MaxSteps, Reason, Value
from steepest.descent.walk import Walk
from steepest.errors import InputError, NonFiniteError


def test_the_walk_on_sines_has_172_points_and_a_known_end():
    result = descend(sine_product(), learning_rate=0.1, stop="no-descent")
    assert len(result.history) == 172
    assert result.reason is Reason.NO_DESCENT
    assert result.as_asked
    assert result.last.x == pytest.approx(
        {"x": 1.5707963291341602, "y": 4.712388955843883}, abs=1e-12
    )
    assert result.last.fun == pytest.approx(-0.9999999999999997, abs=1e-12)
    assert result.success
    assert result.verdict.kind == "minimum"


def test_five_thousand_epochs_on_the_paraboloid():
    result = descend(
        quadratic([2.0, 2.0], [6.0, -3.0]), learning_rate=0.001, stop="max-steps", max_steps=5000
    )
    rows = result.history.x
    known = {
        1: (5.988, -2.994),
        501: (2.2006573940846716, -1.1003286970423358),
        2501: (0.04014532795468376, -0.02007266397734188),
        5000: (0.00026968555624761565, -0.00013484277812380783),
    }
    for step, point in known.items():
        np.testing.assert_allclose(rows[step], point, rtol=1e-12)
    assert (result.nit, result.nfev, result.njev) == (5000, 5001, 5001)
    assert (result.reason, result.as_asked, result.status) == (Reason.MAX_STEPS, True, 0)
    assert not result.success


def test_a_limit_on_steps_is_not_what_was_asked():
    result = descend(rosenbrock(), learning_rate=1e-3, max_steps=10)
    assert (result.reason, result.as_asked) == (Reason.MAX_STEPS, False)
    assert result.status > 0


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "nesterov"])
def test_without_a_rate_these_find_the_valley_of_rosenbrock(method):
    result = descend(rosenbrock(), method)
    assert result.success
    np.testing.assert_allclose(result.x, [1.0, 1.0], atol=1e-5)
    assert (np.diff(result.history.fun) <= 0).all()


def test_gradient_descent_backtracks_where_no_rate_is_given():
    result = descend(quadratic([1.0, 30.0], [1.0, 1.0]), "gradient-descent")
    assert result.options["learning_rate"] is None
    assert "backtracking" in result.explain()
    assert result.success


@pytest.mark.parametrize("method", [m for m in FIRST_ORDER if not m.startswith("schedule-free")])
def test_every_method_finds_a_bowl_with_a_falling_rate(method):
    rate = {"gradient-descent": 0.3, "momentum": 0.05, "nesterov": 0.05, "adadelta": 20.0}
    highest = rate.get(method, 0.3)
    result = descend(
        quadratic([1.0, 3.0], [1.0, -2.0]),
        method,
        learning_rate=schedules.cosine(highest, steps=1000),
        stop=Gradient(1e-3) | MaxSteps(1000),
    )
    assert abs(result.x).max() < 1e-2


def test_the_best_point_is_never_lost():
    result = descend(absolute(1.1), learning_rate=0.5, max_steps=8)
    assert result.fun == pytest.approx(0.1)
    assert result.fun == result.history.fun.min()
    assert result.fun < absolute().value(np.array([1.1]))


def test_the_last_point_stands_beside_the_best():
    result = descend(absolute(1.1), learning_rate=0.5, max_steps=3)
    assert result.last.x.tolist() == pytest.approx([-0.4])
    assert result.last.fun == pytest.approx(0.4)
    assert result.last.gradient.tolist() == [-1.0]


def test_names_and_items_are_those_of_scipy():
    result = descend(square(3.0))
    for name in ("x", "fun", "jac", "nit", "nfev", "njev", "success", "status", "message"):
        assert result[name] is getattr(result, name)
    assert set(dict(result)) == set(result.keys())
    with pytest.raises(KeyError):
        result["y"]


def test_everything_comes_back_in_the_structure_of_the_start():
    result = descend(sine_product())
    assert result.x.keys() == result.jac.keys() == result.last.x.keys() == {"x", "y"}
    assert result.start == {"x": 1.66, "y": 3.37}
    assert result.position.tolist() == list(result.x.values())


def test_evaluations_are_all_counted():
    calls = {"value": 0, "gradient": 0}

    class Counting(AnalyticObjective):
        def value(self, x):
            calls["value"] += 1
            return super().value(x)

        def value_and_gradient(self, x):
            calls["gradient"] += 1
            calls["value"] += 1
            return float(self.function(x)), np.asarray(self.derivative(x), dtype=float)

    plain = rosenbrock()
    counting = Counting(
        plain.function, plain.derivative, plain.second_derivative, plain.first_point
    )
    result = descend(counting, max_steps=50)
    assert (result.nfev, result.njev) == (calls["value"], calls["gradient"])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"stop": Value(1.0)}, Reason.VALUE),
        ({"max_evaluations": 20}, Reason.MAX_EVALUATIONS),
        ({"max_seconds": 1e-9}, Reason.MAX_SECONDS),
        ({"max_steps": 0}, Reason.MAX_STEPS),
        ({"callback": lambda step: step.step == 3}, Reason.CALLBACK),
    ],
)
def test_other_ends(options, reason):
    result = descend(rosenbrock(), **options)
    assert result.reason is reason
    assert result.message.startswith(reason.value)
    assert result.fun == result.history.fun.min()


def test_a_number_of_steps_beyond_the_default_limit_is_run():
    result = descend(square(1.0), learning_rate=1e-9, stop=MaxSteps(100_001), history=False)
    assert result.nit == 100_001
    assert result.as_asked


def test_an_interrupt_gives_the_usual_result():
    def interrupt(step):
        if step.step == 4:
            raise KeyboardInterrupt

    result = descend(rosenbrock(), learning_rate=1e-3, callback=interrupt)
    assert result.reason is Reason.INTERRUPTED
    assert (result.success, result.as_asked) == (False, False)
    assert result.nit == 4
    assert len(result.history) == 5


def test_a_callback_sees_the_rows_of_the_history():
    seen = []
    result = descend(sine_product(), learning_rate=0.1, max_steps=6, callback=seen.append)
    assert [step.step for step in seen] == result.history.step.tolist()
    assert [step.fun for step in seen] == result.history.fun.tolist()
    assert [step.x["y"] for step in seen] == result.history.x[:, 1].tolist()
    assert [step.gradient_norm for step in seen] == result.history.gradient_norm.tolist()


def test_progress_is_given_the_goal():
    seen = []
    descend(rosenbrock(), max_steps=3, tol=1e-4, progress=lambda step, goal: seen.append(goal))
    assert seen == [1e-4] * 4


def test_progress_goes_to_stderr(monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    descend(rosenbrock(), max_steps=3, progress=True)
    assert "value 24.2" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_a_thin_history_gives_the_same_answer():
    whole, thin = (
        descend(rosenbrock(), "momentum"),
        descend(rosenbrock(), "momentum", history=False),
    )
    assert len(thin.history) <= 3
    assert (thin.fun, thin.nit, thin.reason) == (whole.fun, whole.nit, whole.reason)
    assert thin.history.step[-1] == whole.nit


def test_weight_decay_is_noticed_and_needs_a_rate():
    result = descend(square(3.0), Momentum(0.1, weight_decay=0.5), max_steps=200)
    assert "off the minimum" in result.notices[0]
    with pytest.raises(InputError, match="needs a learning_rate"):
        descend(square(3.0), Momentum(weight_decay=0.5))


def test_a_walk_made_elsewhere_takes_the_place_of_stepping():
    def rows():
        yield 0, (2.0,), 4.0, (4.0,), math.nan, True, 1
        yield 1, (0.0,), 0.0, (0.0,), 0.5, True, 2
        return Reason.GRADIENT

    result = descend(
        square(2.0),
        learning_rate=0.5,
        walker=lambda plan: Walk(rows(), stops_itself=True, program="x = 2", notices=("Note.",)),
    )
    assert (result.reason, result.success) == (Reason.GRADIENT, True)
    assert (result.program, result.notices) == ("x = 2", ("Note.",))
    assert (result.nit, result.nfev, result.njev) == (1, 2, 2)
    assert result.x.tolist() == [0.0]


def test_the_seed_is_recorded():
    assert descend(square(1.0), seed=7).seed == 7


def test_options_say_what_was_run():
    options = descend(square(1.0), Adam(beta1=0.5), max_steps=7).options
    assert options["learning_rate"] == 1e-3
    assert options["beta1"] == 0.5
    assert options["max_steps"] == 7
    scheduled = descend(square(1.0), learning_rate=schedules.constant(0.1), max_steps=7)
    assert scheduled.options["learning_rate"] == "constant(rate=0.1)"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"method": "adm"}, r"no method 'adm'.*Did you mean 'adam'"),
        ({"method": 3}, r"method=3 is no method"),
        ({"method": Adam}, r"is no method"),
        ({"learning_rate": 0}, r"learning_rate=0 "),
        ({"learning_rate": -0.1}, r"learning_rate=-0.1 "),
        ({"learning_rate": math.nan}, r"learning_rate=nan "),
        ({"learning_rate": "fast"}, r"learning_rate='fast' "),
        ({"method": Adam(0.1), "learning_rate": 0.2}, r"given twice"),
        ({"max_steps": -1}, r"max_steps=-1 "),
        ({"max_steps": 1.5}, r"max_steps=1.5 "),
        ({"max_seconds": 0}, r"max_seconds=0 "),
        ({"max_evaluations": 0}, r"max_evaluations=0 "),
        ({"tol": 0}, r"tol=0 "),
        ({"stop": "gradients"}, r"Did you mean 'gradient'"),
        ({"stop": 3}, r"stop=3 is no stop rule"),
        ({"stop": "max-steps"}, r"add max_steps"),
        ({"callback": 3}, r"callback=3 cannot be called"),
        ({"progress": 3}, r"progress=3 is none of"),
    ],
)
def test_what_cannot_be_is_refused(options, complaint):
    with pytest.raises(InputError, match=complaint):
        descend(square(1.0), **options)


@pytest.mark.parametrize(
    ("value", "gradient", "complaint"),
    [
        (math.nan, 1.0, r"x\[0\]=1: the value is nan there \(line 3\)"),
        (math.inf, 1.0, r"the value is inf"),
        (1.0, math.nan, r"the gradient is not finite"),
    ],
)
def test_a_start_that_is_not_finite_is_named(value, gradient, complaint):
    objective = AnalyticObjective(
        lambda x: value, lambda x: [gradient], lambda x: [[0.0]], [1.0], culprit="line 3"
    )
    with pytest.raises(NonFiniteError, match=complaint):
        descend(objective)


def test_an_explanation_says_all_of_it():
    text = descend(sine_product(), learning_rate=0.1, stop="no-descent").explain()
    for part in (
        "Gradient descent on sin(x)*sin(y), learning rate 0.1: 171 steps, 172 evaluations",
        "From -0.2255262476 to -1 at x = 1.570796329, y = 4.712388956",
        "Ended: The value did not fall any more",
        "Found: A minimum",
    ):
        assert part in text


def test_an_explanation_advises_against_swinging_and_against_saddles():
    swinging = descend(absolute(), learning_rate=0.5, max_steps=200)
    assert "swings" in swinging.explain()
    saddle = descend(quadratic([1.0, -1.0], [1.0, 0.0]))
    assert saddle.verdict.kind == "saddle"
    assert "start a little beside" in saddle.explain()


def test_a_result_prints_on_one_line():
    assert "\n" not in repr(descend(square(1.0)))
    assert "reason=GRADIENT" in repr(descend(square(1.0)))


@pytest.mark.parametrize("name", sorted(METHODS))
def test_single_precision_stays_single(name):
    start, seen = np.array([1.5, 2.0], dtype=np.float32), []
    result = minimize(
        *(lambda x: ((x - 1) ** 2).sum(), start),
        method=name, max_steps=20, callback=seen.append,
    )  # fmt: skip
    assert result.history.x.dtype == result.history.gradient.dtype == np.float32
    assert result.history.gradient_norm.dtype == np.float32
    assert (
        {step.x.dtype for step in seen} == {step.gradient.dtype for step in seen} == {start.dtype}
    )
    assert result.x.dtype == np.float32
    assert result.last.x.dtype == np.float32
    assert result.jac.dtype == np.float32


def test_single_precision_stays_single_in_a_file(tmp_path):
    start = np.array([1.5, 2.0], dtype=np.float32)
    result = minimize(bowl_around_1, start, bounds=[(0, 3)] * 2, method="l-bfgs")
    result.save(tmp_path / "run.json")
    loaded = st.load(tmp_path / "run.json", bowl_around_1)
    for one in (
        loaded.x,
        loaded.jac,
        loaded.start,
        loaded.last.x,
        loaded.position,
        loaded.gradient,
    ):
        assert one.dtype == np.float32
    assert loaded.history.x.dtype == loaded.history.gradient.dtype == np.float32
    np.testing.assert_array_equal(loaded.history.x, result.history.x)
    assert loaded.objective.start.dtype == np.float32


def bowl_around_1(x):
    return ((x - 1) ** 2).sum()


def test_bounds_of_an_array_are_given_under_its_name() -> None:
    start = {"a": np.zeros(3), "b": 2.0}
    bounds = {"a": (None, [1, 2, 4]), "b": (2, None)}
    result = st.minimize(lambda p: np.sum((p["a"] - 3) ** 2) + p["b"], start, bounds=bounds)
    assert result.x["a"] == pytest.approx([1.0, 2.0, 3.0])
    assert result.at_bound == {"a[0]": "upper", "a[1]": "upper", "b": "lower"}
    assert "At a bound: a[0] (upper), a[1] (upper), b (lower)." in result.explain()
    boxed = st.minimize(lambda x: x @ x, [3.0, 4.0], bounds={"x": (1, None)})
    assert boxed.x == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(
    ("bounds", "complaint"),
    [
        ({"x": ([0, 0, 0], None)}, "3 numbers on one side, and it has 2"),
        ({"x": 3}, "no pair of numbers"),
        ({"x": (["low", 0], None)}, "no pair of numbers"),
        ({"z": (0, 1)}, "'z', which is no variable"),
    ],
)
def test_bounds_that_fit_no_array_are_refused(bounds, complaint) -> None:
    with pytest.raises(st.InputError, match=complaint):
        st.minimize(lambda x: x @ x, [3.0, 4.0], bounds=bounds)


@pytest.mark.parametrize(
    ("method", "said"), [("l-bfgs", "L-BFGS on"), ("bfgs", "BFGS on"), ("adagrad", "AdaGrad on")]
)
def test_a_method_is_called_what_its_authors_call_it(method, said) -> None:
    assert st.minimize("x**2", 1.0, method=method).explain().startswith(said)


def test_a_method_without_a_learning_rate_speaks_of_none() -> None:
    assert "learning rate" not in st.minimize("-x**2", 1.0, method="newton").message
    rated = st.minimize("-x**2", 1.0, method="gradient-descent", learning_rate=0.1)
    assert "with learning rate 0.1" in rated.message


def test_a_variable_without_room_is_held_where_differences_see_no_slope() -> None:
    def opaque(x):
        return (float(str(x[0])) - 3) ** 2 + float(str(x[1])) ** 2

    held = st.minimize(opaque, [0.0, 2.0], bounds=[(0, 0), (0.5, 2)])
    assert held.success
    assert held.verdict.kind == "minimum"
    free = st.minimize(opaque, [0.0, 2.0], bounds=[(0, 0), (-1, 2)])
    assert free.x == pytest.approx([0.0, 0.0], abs=1e-6)
    assert free.verdict.kind == "minimum"
