"""The engine: compiled steps go where Python's go, and never silently anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import steepest as st
from processes import python
from steepest.descent import native
from steepest.descent.slices import run_slice
from steepest.descent.stopping import Check, Reason, Stop
from steepest.errors import InputError, MissingPackageError, SteepestError
from steepest.objective import Vector
from steepest.program.native import cache, compiling, engine
from steepest.program.native.module import Module


def chained(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def extended(x: Any) -> Any:
    first, second = x[::2], x[1::2]
    return np.sum(100 * (second - first**2) ** 2 + (1 - first) ** 2)


def waves(x: Any) -> Any:
    return np.sum(np.log(np.cosh(x - 1)) + 0.1 * np.exp(-x)) + np.mean(x) ** 2


def shifted(x: Any) -> Any:
    return np.sum(np.sqrt(1 + (x[1:] - x[:-1]) ** 2)) + 0.5 * np.sum(x**2) + x[-1] ** 4


def several(level: Any, curve: Any, table: Any) -> Any:
    rest = table - np.sum(curve) - level
    return np.sum(rest**2) + np.sum(curve**2) + (level - 3) ** 4 + np.sum(table[0] ** 4)


def far(x: Any) -> Any:
    """The first trials of each search leave the domain."""
    return np.sum(x - 100 * np.log(x)) + np.sum((x[1:] - x[:-1]) ** 2)


DATA = np.sin(np.arange(300.0)).reshape(20, 15)


def regression(x: Any) -> Any:
    return np.sum(np.log(1 + np.exp(-(DATA @ x)))) + 0.01 * x @ x


def joined(x: Any) -> Any:
    first = np.reshape(x[0] - 1, (1,))
    rest = np.concatenate([first, 10 * (x[1:] - x[:-1] ** 2)])
    return np.sum(rest**2) + np.sum(np.reshape(x, (4, 5)).sum(axis=0) ** 2)


CASES: dict[str, tuple[Callable[..., Any], Any]] = {
    "chained": (chained, np.tile([-1.2, 1.0], 40)),
    "extended": (extended, np.tile([-1.2, 1.0], 100)),
    "waves": (waves, np.linspace(-2, 3, 60)),
    "shifted": (shifted, np.linspace(-2, 3, 60) ** 3),
    "several": (several, {"level": 1.0, "curve": np.ones(4), "table": np.ones((3, 5))}),
    "regression": (regression, np.zeros(15)),
    "joined": (joined, np.full(20, 0.5)),
    "far": (far, np.full(60, 1e-3)),
}


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> engine.Evaluations:
    """A process that has compiled nothing yet."""
    made = engine.Evaluations()
    monkeypatch.setattr(native, "COMPILER", made)
    return made


def both(function: Any, start: Any, **options: Any) -> tuple[st.Result, st.Result]:
    options = {"method": "l-bfgs", **options}
    return (
        st.minimize(function, start, engine="python", **options),
        st.minimize(function, start, engine="native", **options),
    )


@pytest.mark.parametrize("case", CASES)
def test_compiled_steps_go_the_way_of_python(case: str) -> None:
    stepped, compiled = both(*CASES[case])
    assert stepped.options["engine"] == "python"
    assert compiled.options["engine"] == "native from step 2"
    assert compiled.notices == stepped.notices
    assert (compiled.reason, compiled.success) == (stepped.reason, stepped.success)
    # Rounding is another one, and a long way through a valley makes it felt.
    assert compiled.nfev == pytest.approx(stepped.nfev, rel=0.05, abs=1)
    assert compiled.fun == pytest.approx(stepped.fun, rel=1e-8, abs=1e-10)
    assert compiled.position == pytest.approx(stepped.position, rel=1e-4, abs=1e-5)
    first = min(len(stepped.history), len(compiled.history), 12)
    for column in ("step", "x", "fun", "gradient", "rate", "evaluations"):
        ours, theirs = (getattr(run.history, column)[:first] for run in (compiled, stepped))
        scale = np.abs(np.nan_to_num(theirs)).max()
        np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-9 * scale, err_msg=column)


@pytest.mark.parametrize("case", ["chained", "extended", "waves", "shifted"])
def test_the_history_of_compiled_steps_is_that_of_the_function(case: str) -> None:
    function, start = CASES[case]
    result = st.minimize(function, start, method="l-bfgs", engine="native")
    history, f = result.history, st.function(function)
    assert list(history.step) == list(range(result.nit + 1))
    assert history.evaluations[-1] == result.nfev == result.njev
    assert (np.diff(history.seconds) >= 0).all()
    for x, value, gradient in zip(history.x, history.fun, history.gradient, strict=True):
        assert value == pytest.approx(f(x), rel=1e-12, abs=1e-14)
        np.testing.assert_allclose(gradient, f.gradient(x), rtol=1e-9, atol=1e-10)


class ByPython:
    """What is compiled elsewhere, as Python runs it."""

    signatures = (None,)

    def __call__(self, *arguments: Any) -> Any:
        with np.errstate(over="ignore", invalid="ignore"):
            return run_slice(*arguments)


@pytest.mark.parametrize("case", ["chained", "extended", "waves", "shifted", "far"])
def test_slices_make_the_very_same_steps_where_python_runs_them(
    case: str, monkeypatch: pytest.MonkeyPatch, compiler: engine.Evaluations
) -> None:
    function, start = CASES[case]
    f = st.function(function).bind(start)

    def evaluate(x: Vector, gradient: Vector) -> float:
        value, gradient[:] = f.value_and_gradient(x)
        return value

    monkeypatch.setattr(engine, "compiled_evaluation", lambda module: evaluate)
    monkeypatch.setattr(native, "driver", ByPython)
    stepped, sliced = both(function, start)
    assert sliced.options["engine"] == "native from step 2"
    for column in ("step", "x", "fun", "gradient", "rate", "accepted"):
        ours, theirs = (getattr(run.history, column) for run in (sliced, stepped))
        np.testing.assert_array_equal(ours, theirs, err_msg=column)
    # What is tried in vain before Python makes a step is counted as well.
    if case == "far":
        assert sliced.nfev >= stepped.nfev
    else:
        np.testing.assert_array_equal(sliced.history.evaluations, stepped.history.evaluations)


@dataclass(frozen=True)
class AtStep(Stop):
    """A rule of the user's own."""

    step: int

    def begin(self, value: float, gradient: Any) -> Check:
        return lambda step, value, gradient: Reason.VALUE if step >= self.step else None


@pytest.mark.parametrize(
    "options",
    [
        {"max_steps": 7},
        {"max_evaluations": 20},
        {"stop": "max-steps", "max_steps": 9},
        {"stop": "no-descent"},
        {"stop": st.stopping.Value(40.0)},
        {"stop": st.stopping.Gradient(1e-3) | st.stopping.MaxSteps(11)},
        {"stop": AtStep(5)},
        {"history": False},
        {"callback": lambda step: step.step == 6},
        {"tol": 1e-13},
    ],
    ids=lambda options: next(iter(options)),
)
def test_every_rule_and_limit_ends_compiled_steps_where_it_ends_pythons(
    options: dict[str, Any],
) -> None:
    stepped, compiled = both(extended, np.tile([-1.2, 1.0], 100), **options)
    assert compiled.options["engine"].startswith("native")
    assert (compiled.reason, compiled.nit) == (stepped.reason, stepped.nit)
    assert (compiled.nfev, compiled.njev) == (stepped.nfev, stepped.njev)
    assert len(compiled.history) == len(stepped.history)
    assert compiled.fun == pytest.approx(stepped.fun, rel=1e-7, abs=1e-12)


def test_limits_that_are_whole_numbers_suit_the_same_loop() -> None:
    code = (
        "import numpy as np, steepest as st\n"
        "f = lambda x: np.sum((x - 1)**2) + np.sum(x)**4\n"
        "run = lambda **more: st.minimize(\n"
        "    f, np.zeros(9), method='l-bfgs', engine='native', **more)\n"
        "first = run(max_evaluations=50, stop=st.stopping.Value(1))\n"
        "then = run()\n"
        "print(first.options['engine'], then.options['engine'], then.success)"
    )
    assert python("-c", code).stdout == "native from step 2 native from step 2 True\n"


def test_a_function_without_a_bottom_is_seen_to_have_none() -> None:
    stepped, compiled = both(lambda x: -np.sum(x**2), np.ones(60))
    assert compiled.reason is stepped.reason is Reason.UNBOUNDED


def masked(x: Any) -> Any:
    return np.sum(np.where(x > 0, x * np.log(x), 0) + (x + 0.5) ** 2)


def test_what_only_python_computes_is_soon_left_to_python() -> None:
    # Half of the gradient is masked: finite by care alone, which compiled code does not take.
    stepped, asked = both(masked, np.tile([-3.0, 2.0], 30))
    assert asked.options["engine"] == "python"
    assert stepped.nfev < asked.nfev <= stepped.nfev + native.FRUITLESS * 12
    np.testing.assert_array_equal(asked.history.x, stepped.history.x)


def test_a_callback_sees_every_compiled_row_in_order() -> None:
    seen: list[st.Step] = []
    result = st.minimize(
        chained, np.tile([-1.2, 1.0], 40), method="l-bfgs", engine="native", callback=seen.append
    )
    assert [step.step for step in seen] == list(range(result.nit + 1))
    np.testing.assert_array_equal([step.x for step in seen], result.history.x)


def test_ctrl_c_between_slices_keeps_what_was_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    run, slices = native.Slices.run, []

    def interrupted(self: native.Slices, *arguments: Any) -> Any:
        if len(slices) == 3:
            raise KeyboardInterrupt
        slices.append(run(self, *arguments))
        return slices[-1]

    monkeypatch.setattr(native.Slices, "run", interrupted)
    result = st.minimize(chained, np.tile([-1.2, 1.0], 40), method="l-bfgs", engine="native")
    assert result.reason is Reason.INTERRUPTED
    assert result.nit == len(result.history) - 1 >= 4
    assert result.fun == result.history.fun.min()


def slices_of(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Run a descent, and return how many steps each slice was allowed."""
    run, allowed = native.Slices.run, []

    def noting(self: native.Slices, rows: Any, begin: int, end: int, *rest: Any) -> Any:
        allowed.append(end - begin)
        return run(self, rows, begin, end, *rest)

    monkeypatch.setattr(native.Slices, "run", noting)
    st.minimize(chained, np.tile([-1.2, 1.0], 40), method="l-bfgs", engine="native")
    return allowed


def test_slices_grow_only_while_they_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "SLICE_SECONDS", 0.0)
    assert set(slices_of(monkeypatch)) == {1}
    monkeypatch.setattr(native, "SLICE_SECONDS", 1e9)
    assert max(slices_of(monkeypatch)) >= 64


def test_slices_hold_only_so_many_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "SLICE_SECONDS", 1e9)
    monkeypatch.setattr(native, "SLICE_NUMBERS", 80 * 5)
    assert max(slices_of(monkeypatch)) == 5


def test_compiling_is_part_of_the_time_that_is_allowed(
    monkeypatch: pytest.MonkeyPatch, compiler: engine.Evaluations
) -> None:
    slow = engine.compiled_evaluation

    def compiled(module: Module) -> Any:
        time.sleep(0.3)
        return slow(module)

    monkeypatch.setattr(engine, "compiled_evaluation", compiled)
    result = st.minimize(
        chained, np.tile([-1.2, 1.0], 40), method="l-bfgs", engine="native", max_seconds=0.2
    )
    assert result.reason is Reason.MAX_SECONDS
    assert result.nit == 2


def test_a_function_is_compiled_once(
    monkeypatch: pytest.MonkeyPatch, compiler: engine.Evaluations
) -> None:
    compiled: list[Module] = []
    make = engine.compiled_evaluation
    monkeypatch.setattr(
        engine, "compiled_evaluation", lambda module: (compiled.append(module), make(module))[1]
    )
    for start in (np.ones(60), np.zeros(60)):
        for way in ("native", "auto"):
            result = st.minimize(lambda x: waves(x), start, method="l-bfgs", engine=way)
            assert result.options["engine"] == "native from step 2"
    assert len(compiled) == 1


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Set what compiling counts as costing, and count every moment of Python's."""
    monkeypatch.setattr(native, "COUNTED", 0.0)

    def cost(compiling: float, loading: float = 0.0) -> None:
        monkeypatch.setattr(engine, "COMPILE_SECONDS", compiling)
        monkeypatch.setattr(engine, "LOAD_SECONDS", loading)

    return cost


def test_auto_compiles_what_has_cost_python_as_much(
    compiler: engine.Evaluations, seconds: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache.CodeFile, "is_there", lambda self: False)
    seconds(1e9)
    start = np.tile([-1.2, 1.0], 40)
    assert st.minimize(chained, start, method="l-bfgs").options["engine"] == "python"
    seconds(1e-9)
    assert "native" in st.minimize(chained, start, method="l-bfgs").options["engine"]


def test_auto_loads_what_was_compiled_before_sooner(
    compiler: engine.Evaluations, seconds: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    st.minimize(chained, np.tile([-1.2, 1.0], 40), method="l-bfgs", engine="native")
    monkeypatch.setattr(native, "COMPILER", engine.Evaluations())
    seconds(1e9)
    result = st.minimize(chained, np.tile([-1.2, 1.0], 40), method="l-bfgs")
    assert "native" in result.options["engine"]


def test_small_work_is_left_to_python_and_numba_unloaded() -> None:
    code = (
        "import sys, numpy as np, steepest as st\n"
        "r = st.minimize(lambda x: np.sum((x - 1)**2), np.zeros(100), method='l-bfgs')\n"
        "print(r.options['engine'], 'numba' in sys.modules)"
    )
    assert python("-c", code).stdout == "python False\n"


def test_without_numba_auto_is_python_and_native_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, compiler: engine.Evaluations, seconds: Callable[[float], None]
) -> None:
    monkeypatch.setattr(compiling, "is_installed", lambda: False)
    monkeypatch.setattr(engine, "is_installed", lambda: False)
    seconds(0.0)
    start = np.tile([-1.2, 1.0], 40)
    assert st.minimize(chained, start, method="l-bfgs").options["engine"] == "python"
    with pytest.raises(MissingPackageError, match=r"pip install 'steepest\[native\]'"):
        st.minimize(chained, start, method="l-bfgs", engine="native")


@pytest.mark.parametrize("way", ["auto", "native"])
def test_a_numba_that_cannot_be_loaded_is_done_without(
    way: str,
    monkeypatch: pytest.MonkeyPatch,
    compiler: engine.Evaluations,
    seconds: Callable[[float], None],
) -> None:
    seconds(0.0)
    monkeypatch.setitem(sys.modules, "numba", None)
    compiling.surroundings.cache_clear()
    result = st.minimize(chained, np.tile([-1.2, 1.0], 40), method="l-bfgs", engine=way)
    assert result.success
    assert result.options["engine"] == "python"
    assert any("cannot be loaded" in notice for notice in result.notices) == (way == "native")


def test_steps_that_cannot_be_compiled_are_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(ByPython):
        signatures = ()

        def compile(self, types: Any) -> None:
            raise AssertionError("LLVM is out of order")

    monkeypatch.setattr(native, "driver", Broken)
    stepped, asked = both(chained, np.tile([-1.2, 1.0], 40))
    assert "Numba cannot compile it (AssertionError)" in asked.notices[-1]
    np.testing.assert_array_equal(asked.history.x, stepped.history.x)


def test_a_search_from_many_starts_compiles_its_descents() -> None:
    result = st.minimize(
        waves, np.linspace(-2, 3, 60), method="l-bfgs", engine="native", starts=3, seed=1
    )
    assert result.success
    assert result.options["engine"].startswith("native")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="Did you mean 'native'"):
        st.minimize("x**2", 1.0, engine="nativ")


def deciding(x: Any) -> Any:
    return np.sum((x - 1) ** 2) if x[0] > -5 else np.sum(x**2)


def special(x: Any) -> Any:
    from scipy.special import gammaln

    return np.sum(gammaln(1 + np.exp(x)))


def rolled(x: Any) -> Any:
    return np.sum((x - 2 * np.roll(x, 1) - 1) ** 2)


@pytest.mark.parametrize(
    ("function", "options", "why"),
    [
        (deciding, {}, "decides on values"),
        (special, {}, "Numba cannot compile it"),
        (rolled, {}, "Numba cannot compile it"),
        (chained, {"bounds": [(-2, 2)] * 50}, "without bounds"),
        (chained, {"method": "bfgs"}, "the method is 'bfgs'"),
        (chained, {"method": "adam", "max_steps": 50}, "the method is 'adam'"),
        (chained, {"step_length": "backtracking", "method": "l-bfgs"}, "own search"),
        (chained, {"x0": np.zeros(50, np.float32)}, "double precision"),
        (lambda x: float(str(float(np.sum(x**2)))), {}, "not followed as a graph"),
    ],
)
def test_what_is_not_compiled_is_done_by_python_aloud(
    function: Any, options: dict[str, Any], why: str
) -> None:
    options = {"method": "l-bfgs", **options}
    start = options.pop("x0", np.zeros(50))
    stepped, asked = both(function, start, **options)
    assert any("by Python, not by compiled code" in notice for notice in asked.notices)
    assert any(why in notice for notice in asked.notices)
    assert asked.options["engine"] == "python"
    assert asked.nfev == stepped.nfev
    np.testing.assert_array_equal(asked.history.x, stepped.history.x)
    assert st.minimize(function, start, **options).notices == stepped.notices


def test_compiled_code_with_other_values_is_not_used(
    monkeypatch: pytest.MonkeyPatch, compiler: engine.Evaluations
) -> None:
    make = engine.compiled_evaluation
    monkeypatch.setattr(
        engine,
        "compiled_evaluation",
        lambda module: make(Module(module.source.replace("400.0", "400.1"), {})),
    )
    stepped, asked = both(chained, np.tile([-1.2, 1.0], 40))
    assert "other values" in asked.notices[-1]
    assert asked.nfev == stepped.nfev
    np.testing.assert_array_equal(asked.history.x, stepped.history.x)


@pytest.mark.parametrize("case", CASES)
def test_value_and_gradient_compiled_for_calls_are_those_of_the_function(case: str) -> None:
    function, start = CASES[case]
    f = st.function(function)
    x = np.asarray(f.bind(start).start)
    value, gradient = f.native(start)(x)
    expected, slope = f.bind(start).value_and_gradient(x)
    assert value == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-10, atol=1e-12 * np.abs(slope).max())


def test_what_cannot_be_compiled_for_calls_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SteepestError, match="decides on values"):
        st.function(deciding).native(np.zeros(5))
    with pytest.raises(SteepestError, match="nothing to compile"):
        st.function(lambda x: float(str(float(np.sum(x**2))))).native(np.zeros(5))
    with pytest.raises(ValueError, match="has 4 numbers, and this was compiled for 5"):
        st.function(lambda x: np.sum(x**2)).native(np.zeros(5))(np.zeros(4))
    monkeypatch.setattr(compiling, "is_installed", lambda: False)
    with pytest.raises(MissingPackageError):
        st.function(lambda x: np.sum(x**2)).native(np.zeros(5))
