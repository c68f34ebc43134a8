"""Methods side by side."""

from __future__ import annotations

import pytest

import steepest as st
from objectives import quadratic, rosenbrock
from steepest.descent.compare import USUAL, compare, race
from steepest.descent.methods import Adam, Momentum
from steepest.errors import InputError
from steepest.functions import objective


def test_every_method_gets_the_same_start_and_budget():
    comparison = race(rosenbrock(), ["gradient-descent", "momentum", "adam"], max_evaluations=200)
    assert list(comparison.results) == ["gradient-descent", "momentum", "adam"]
    for result in comparison.results.values():
        assert result.start.tolist() == [-1.2, 1.0]
        assert 200 <= result.nfev < 260


def test_the_table_has_a_plain_row_for_each_method():
    comparison = race(
        quadratic([1.0, 9.0], [1.0, 1.0]), ["gradient-descent", "adam"], max_steps=100
    )
    first, second = comparison.table()
    assert list(first) == [
        "method", "steps", "evaluations", "fun", "gradient_norm", "seconds", "reason", "success",
        "left_out",
    ]  # fmt: skip
    assert (first["method"], first["reason"], first["success"]) == (
        "gradient-descent",
        "GRADIENT",
        True,
    )
    assert (second["steps"], second["reason"]) == (100, "MAX_STEPS")
    assert comparison.best == "gradient-descent"


def test_one_method_may_race_against_itself():
    comparison = race(rosenbrock(), [Adam(1e-2), Adam(1e-1), "adam"], max_steps=5)
    assert list(comparison.results) == ["adam", "adam (2)", "adam (3)"]
    assert comparison.results["adam (2)"].options["learning_rate"] == 0.1


def test_labels_may_be_given():
    comparison = race(rosenbrock(), {"heavy": Momentum(1e-4), "light": "momentum"}, max_steps=5)
    assert list(comparison.results) == ["heavy", "light"]


def test_a_rate_is_for_those_that_have_none():
    comparison = race(rosenbrock(), ["adam", Adam(0.5)], learning_rate=0.1, max_steps=5)
    rates = [result.options["learning_rate"] for result in comparison.results.values()]
    assert rates == [0.1, 0.5]


def test_a_rate_leaves_those_alone_that_take_none():
    methods = ["l-bfgs", "bfgs", "conjugate-gradient", "newton", "cubic-newton"]
    shared, alone = (
        race(rosenbrock(), methods, learning_rate=rate).table() for rate in (0.001, None)
    )
    untimed = [[{**row, "seconds": 0} for row in table] for table in (shared, alone)]
    assert untimed[0] == untimed[1]


@pytest.mark.parametrize(("bounds", "missing"), [(None, set()), ([(-2, 2)] * 2, {USUAL[3]})])
def test_nobody_named_is_one_of_every_family_that_is_able(bounds, missing):
    function = objective("(1-x)**2 + 100*(y-x**2)**2", [-1.2, 1.0])
    comparison = race(function, bounds=bounds, max_steps=3)
    assert set(comparison.results) == {*USUAL, "newton"} - missing


def test_a_race_from_many_starts_counts_all_their_evaluations():
    comparison = race(rosenbrock(), ["newton", "bfgs"], starts=5, seed=1)
    for row, result in zip(comparison.table(), comparison.results.values(), strict=True):
        assert row["evaluations"] == result.search.evaluations > result.nfev


@pytest.mark.parametrize("methods", [[], {}])
def test_nothing_to_compare_is_refused(methods):
    with pytest.raises(InputError, match="nothing to compare"):
        race(rosenbrock(), methods)


def test_a_method_that_is_a_step_length_keeps_the_name_it_was_given():
    comparison = race(rosenbrock(), ["silver", "silver", "gradient-descent"], max_steps=5)
    assert list(comparison.results) == ["silver", "silver (2)", "gradient-descent"]


def test_a_step_length_is_for_those_that_look_for_their_rate():
    methods = ["gradient-descent", "momentum", "adam", "l-bfgs", "silver"]
    comparison = race(rosenbrock(), methods, step_length="wolfe", max_steps=5)
    steps = {name: result.options["steps"] for name, result in comparison.results.items()}
    assert steps["gradient-descent"] == steps["momentum"] == "a strong Wolfe line search"
    assert steps["adam"] == "learning rate 0.001"
    assert comparison.results["l-bfgs"].options["step_length"] is None
    assert steps["silver"] == "silver step lengths"


def test_a_method_that_cannot_do_it_is_left_out_and_says_why():
    names = ["conjugate-gradient", "l-bfgs", "levenberg-marquardt"]
    comparison = compare("x**2 + y**4 + x", [1, 2], names, bounds=[(0, 3), (None, None)])
    assert list(comparison.results) == ["l-bfgs"]
    assert comparison.best == "l-bfgs"
    rows = {row["method"]: row for row in comparison.table()}
    assert list(rows) == ["l-bfgs", "conjugate-gradient", "levenberg-marquardt"]
    assert len({tuple(row) for row in rows.values()}) == 1
    assert rows["l-bfgs"]["left_out"] is None
    assert rows["conjugate-gradient"]["left_out"] == "takes no bounds"
    assert rows["conjugate-gradient"]["fun"] is None
    assert not rows["conjugate-gradient"]["success"]
    assert "sum of squares" in rows["levenberg-marquardt"]["left_out"]


def test_a_race_that_nobody_can_run_is_refused():
    with pytest.raises(InputError, match="takes no bounds: leave them out, or take one of"):
        compare("x**2", 1.0, ["conjugate-gradient", "schedule-free"], bounds=[(0, 3)])


def test_what_is_wrong_for_every_method_leaves_nobody_out():
    with pytest.raises(InputError, match="outside its bounds"):
        compare("x**2", 5.0, ["conjugate-gradient", "l-bfgs"], bounds=[(0, 3)])


def test_the_time_of_a_search_is_that_of_all_its_descents():
    comparison = compare("(x**2 - 1)**2 + y**2", [1, 2], ["l-bfgs"], starts=5)
    (row,) = comparison.table()
    result = comparison.results["l-bfgs"]
    assert row["seconds"] == result.search.seconds > result.history.seconds[-1]


def test_a_comparison_is_printed_as_a_table():
    found = st.compare(
        "x**2 + 3*y**2 + sin(x)", [2, 1], ["momentum", "levenberg-marquardt", "newton"]
    )
    assert repr(found) == "<Comparison of momentum, newton; newton came lowest>"
    heading, momentum, *_, why = str(found).splitlines()
    assert heading.split() == [
        *("method", "steps", "evaluations", "fun", "gradient_norm", "seconds", "reason", "success"),
    ]
    assert momentum.startswith("momentum  ")
    assert heading.index("fun") == momentum.index(f"{found.results['momentum'].fun:.4g}")
    assert why.startswith("levenberg-marquardt: needs a sum of squares")
