"""Many starts by compiled code: NumPy's ends and arrivals, with any number of threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.descent.lockstep import Lockstep
from steepest.descent.methods import METHODS, named
from steepest.descent.methods.method import FirstOrderMethod
from steepest.errors import InputError, MissingPackageError
from steepest.landscapes import rollers
from steepest.landscapes.landscape import Landscape
from steepest.landscapes.rolling import Rolled, roll, slopes_of
from steepest.objective import Vector
from steepest.program.compiled import run_module
from steepest.program.native import compiling, engine, passes
from steepest.program.native.chunks import shared
from steepest.program.native.tiles import parted, whole
from steepest.program.native.width import WIDEST

TURN = 2 * np.pi
SINES = ("sin(x)*sin(y)", {"x": (0, TURN), "y": (0, TURN)})
HIMMELBLAU = ("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", {"x": (-5, 5), "y": (-5, 5)})
WELLS = ("(a**2 - 1.7)**2 + exp(0.3*a)*b**2 + (c - 0.2)**2", dict.fromkeys("abc", (-2, 2)))
RULES = [name for name in METHODS if issubclass(METHODS[name], FirstOrderMethod)]


def land_of(case: tuple[str, dict[str, Any]]) -> Landscape:
    return st.landscape(case[0], case[1])


def rule_of(method: str) -> FirstOrderMethod:
    rule = named(method)
    assert isinstance(rule, FirstOrderMethod)
    return rule


def starts_in(land: Landscape, count: int) -> Vector:
    share = np.random.default_rng(1).random((land.domain.size, count))
    return np.asarray(land.domain.lower[:, None] + share * land.domain.width[:, None])


def lockstep(land: Landscape, method: str, rate: Any, steps: int) -> Lockstep:
    field = land._field
    assert field.graph is not None
    return Lockstep(field.graph.inputs, field.slopes, rule_of(method), rate, steps, 1e-7)


def by_numpy(land: Landscape, method: str, rate: Any, steps: int, starts: Vector) -> Rolled:
    return roll(slopes_of(land._field), starts, rule_of(method), rate, steps, 1e-7)


@pytest.mark.parametrize("method", RULES)
def test_the_steps_of_every_rule_are_those_of_numpy(method: str) -> None:
    land, steps = land_of(WELLS), 4
    starts = starts_in(land, 21)
    work = lockstep(land, method, 0.01, steps)
    # Python runs the same source, if it is given numbers of its own.
    names = run_module(work.source.text, "starts", {})
    advanced = names["advanced"]
    names["advanced"] = lambda *numbers: advanced(*map(float, numbers))
    found = work.run(names["over_tiles"], starts)
    expected = by_numpy(land, method, 0.01, steps, starts)
    np.testing.assert_allclose(found.points, expected.ends, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(found.gradients, expected.gradients, rtol=1e-12, atol=1e-14)


COMPILED: dict[str, tuple[Any, str, Any, int]] = {
    "descent": (SINES, "gradient-descent", 0.5, 300),
    "few steps": (SINES, "gradient-descent", 0.1, 7),
    "momentum": (HIMMELBLAU, "momentum", 0.003, 400),
    "schedule": (WELLS, "gradient-descent", st.schedules.exponential(0.05, 0.999), 200),
}


@pytest.mark.parametrize("case", COMPILED)
def test_ends_and_arrivals_are_those_of_numpy(case: str) -> None:
    form, method, rate, steps = COMPILED[case]
    land = land_of(form)
    starts = starts_in(land, 3000)
    work = lockstep(land, method, rate, steps)
    found = work.run(engine.START_LOOPS.compiled(work.source), starts)
    expected = by_numpy(land, method, rate, steps, starts)
    np.testing.assert_array_equal(np.minimum(found.steps, steps), expected.steps)
    np.testing.assert_array_equal(found.steps <= steps, expected.arrived)
    apart = np.abs(found.points - expected.ends).max(axis=0)
    # Beside a ridge every step multiplies what rounding has left.
    assert np.quantile(apart, 0.99) <= 1e-13 * np.abs(expected.ends).max()
    assert apart.max() <= 1e-9


def test_any_number_of_threads_gives_the_same_digits() -> None:
    land = land_of(HIMMELBLAU)
    starts = starts_in(land, 5000)
    roller = rollers.Roller(
        land._field, slopes_of(land._field), rule_of("momentum"), 0.003, 100, 1e-7, "native"
    )
    alone = roller.roll(starts[:, :1000])
    for threads in (1, 3):
        ends = np.empty_like(starts)

        def block(k: int, ends: Vector = ends) -> None:
            part = slice(1000 * k, 1000 * (k + 1))
            ends[:, part] = roller.roll(starts[:, part]).ends

        shared(block, 5, threads)
        np.testing.assert_array_equal(ends[:, :1000], alone.ends)
        if threads == 1:
            first = ends
    np.testing.assert_array_equal(ends, first)


def test_lanes_that_moved_come_to_the_front() -> None:
    random = np.random.default_rng(2)
    for count in (8, 16, 64):
        for share in (0.0, 0.3, 1.0):
            lanes, order = random.random((4, count)), np.arange(count)
            lanes[2] = np.where(random.random(count) < share, 5.0, 3.0)
            before = lanes.copy()
            moving = int((before[2] == 5.0).sum())
            assert parted(lanes, order, count, 5.0, 1) == whole(moving)
            assert (lanes[2, :moving] == 5.0).all()
            assert (lanes[2, moving:] == 3.0).all()
            np.testing.assert_array_equal(lanes, before[:, order])


def test_the_loop_computes_many_starts_at_a_time() -> None:
    work = lockstep(land_of(SINES), "momentum", 0.1, 10)
    source = work.source._replace(text=work.source.text + "\n# compiled here, not read from disk\n")
    (program,) = compiling.compiled_starts(source).inspect_llvm().values()
    assert "fmul contract <" in program
    # The part that has the attribute was written out where it is called.
    assert f"    {WIDEST}\n" in source.text
    called = {line.split("call double")[1].split("(")[0] for line in calls(program)}
    assert called <= {" @PyFloat_AsDouble"}


def calls(program: str) -> list[str]:
    """Return the lines that call functions for a single number."""
    return [line for line in program.splitlines() if "call double" in line]


def test_other_numbers_need_no_other_loop() -> None:
    one, other = [
        lockstep(st.landscape(f"(x - {a})**2 + cos({b}*x)", x=(-1, 1)), "momentum", rate, steps)
        for a, b, rate, steps in [(0.31, 2.71, 0.1, 10), (0.77, 3.33, 0.2, 20)]
    ]
    assert one.source == other.source
    assert not np.array_equal(one.numbers, other.numbers)


# Basins


@pytest.mark.parametrize(
    ("form", "method", "rate"),
    [(SINES, "gradient-descent", 0.3), (HIMMELBLAU, "momentum", 0.003)],
)
def test_basins_are_the_same(form: Any, method: str, rate: float) -> None:
    land = land_of(form)
    stepped, compiled = [
        land.basins(method, learning_rate=rate, points=60, max_steps=300, engine=name)
        for name in ("python", "native")
    ]
    assert (stepped.engine, compiled.engine) == ("python", "native")
    np.testing.assert_array_equal(compiled.reached, stepped.reached)
    np.testing.assert_array_equal(compiled.steps, stepped.steps)
    assert compiled.shares == stepped.shares


@pytest.mark.parametrize(
    ("formula", "rate"), [("x**3 - 3*x + y**2", 0.05), ("sin(x) + 1e-3*x**4 + y**2", 30.0)]
)
def test_numpy_answers_where_something_is_not_finite(formula: str, rate: float) -> None:
    land = st.landscape(formula, x=(-4, 2), y=(-1, 1))
    options: dict[str, Any] = {"points": 30, "learning_rate": rate, "max_steps": 60}
    stepped = land.basins(engine="python", **options)
    compiled = land.basins(engine="native", **options)
    assert compiled.engine == "native"
    np.testing.assert_array_equal(compiled.reached, stepped.reached)


def test_what_cannot_be_compiled_is_followed_by_python_and_said() -> None:
    def steps(x: Any, y: Any) -> Any:
        return np.sin(x) ** 2 + y**2 * (2 + np.ceil(x))

    land = st.landscape(steps, x=(-1, 1), y=(-1, 1))
    compiled = land.basins(points=9, learning_rate=0.1, engine="native")
    assert compiled.engine == "python"
    assert any("followed by Python" in notice for notice in land.notices)
    quiet = st.landscape(steps, x=(-1, 1), y=(-1, 1))
    left = quiet.basins(points=9, learning_rate=0.1)
    np.testing.assert_array_equal(left.reached, compiled.reached)
    assert not any("followed by Python" in notice for notice in quiet.notices)


def test_what_compiled_code_gets_wrong_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Lockstep.run

    def wrong(self: Lockstep, *arguments: Any) -> Any:
        found = right(self, *arguments)
        return found._replace(points=found.points * (1 + 1e-6))

    monkeypatch.setattr(Lockstep, "run", wrong)
    land = land_of(SINES)
    found = land.basins(points=20, learning_rate=0.3, engine="native")
    assert found.engine == "python"
    assert any("has other values" in notice for notice in land.notices)
    assert land_of(SINES).notices == ()


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> engine.StartLoops:
    """A process that has compiled nothing yet."""
    made = engine.StartLoops()
    monkeypatch.setattr(rollers, "START_LOOPS", made)
    return made


def test_little_work_is_never_compiled(
    loops: engine.StartLoops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LOAD_SECONDS", 1e9)  # however busy the machine is
    assert land_of(SINES).basins(points=150, learning_rate=0.3).engine == "python"
    assert loops.is_empty


def test_descents_are_compiled_once_that_pays(
    loops: engine.StartLoops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "COUNTED", 0.0)
    monkeypatch.setattr(engine, "LOAD_SECONDS", 0.0)
    monkeypatch.setattr(engine, "START_SECONDS", 0.0)
    land = land_of(SINES)
    ask: Callable[[], Any] = lambda: land.basins(points=150, learning_rate=0.3)  # noqa: E731
    assert ask().engine == "python and native"
    # What is compiled is used at once, also for another rate.
    assert land.basins(points=20, learning_rate=0.2).engine == "native"


def test_without_numba_auto_is_python_and_native_names_what_to_install(
    loops: engine.StartLoops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "is_installed", lambda: False)
    monkeypatch.setattr(engine, "is_installed", lambda: False)
    land = land_of(SINES)
    assert land.basins(points=9).engine == "python"
    with pytest.raises(MissingPackageError, match=r"steepest\[native\]"):
        land.basins(points=9, engine="native")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="no engine 'numba'"):
        land_of(SINES).basins(engine="numba")
