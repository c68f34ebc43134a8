"""The entry, from formulas and plain Python to results."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from steepest.descent.compare import compare
from steepest.descent.minimize import minimize
from steepest.descent.saving import load
from steepest.errors import InputError, NonFiniteError


def test_a_formula_is_walked_down_to_its_minimum():
    result = minimize("sin(x)*sin(y)", {"x": 1.66, "y": 3.37}, learning_rate=0.1, stop="no-descent")
    assert len(result.history) == 172
    assert result.last.x == pytest.approx(
        {"x": 1.5707963291341602, "y": 4.712388955843883}, abs=1e-12
    )
    assert result.verdict.kind == "minimum"
    assert result.explain().startswith("Gradient descent on sin(x)*sin(y), learning rate 0.1")


@pytest.mark.parametrize("start", [3.0, [3.0, 1.0], np.ones((2, 2)), {"x": 3.0}])
def test_the_answer_has_the_structure_of_the_start(start):
    def bowl(x):
        return np.sum(np.square(x["x"] if isinstance(x, dict) else x) - 1)

    result = minimize(bowl, start)
    assert type(result.x) is type(result.start)
    assert np.shape(result.x) == np.shape(start)
    assert result.success


def test_further_arguments_and_a_gradient_by_hand():
    result = minimize(lambda x, a: (x - a) ** 2, 0.0, args=(3.0,), jac=lambda x, a: 2 * (x - a))
    assert result.x == pytest.approx(3.0)


def test_single_precision_is_no_success_on_a_slope():
    result = minimize(lambda x: np.float32(x) * np.float32(x), 1.0)
    assert not (result.success and abs(result.x) > 1e-2)


def test_a_start_that_is_not_finite_names_the_operation():
    with pytest.raises(NonFiniteError, match=r"x=-1.*log"):
        minimize("log(x)", -1.0)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"bounds": [(2, 3)]}, "outside its bounds"),
        ({"bounds": [(0, 1), (0, 1)]}, "does not fit 1 variable"),
        ({"bounds": {"y": (0, 1)}}, "'y', which is no variable"),
        ({"bounds": [(3, 1)]}, "leave no room"),
        ({"bounds": [("low", 1)]}, "no pair of numbers"),
        ({"bounds": 3}, "does not fit"),
        ({"step_length": "armijo"}, "There is no step length 'armijo'"),
        ({"checkpoint": 3}, "goes to a file, not 3"),
        ({"engine": "warp"}, "no engine 'warp'"),
        ({"method": "adm"}, "Did you mean 'adam'"),
        ({"max_steps": -1}, "max_steps=-1"),
        ({"learning_rate": 0}, "learning_rate=0"),
    ],
)
def test_what_cannot_be_is_refused(options, complaint):
    with pytest.raises(InputError, match=complaint):
        minimize("x**2", 1.0, **options)


def test_a_saved_formula_is_loaded_with_its_function(tmp_path):
    result = minimize("x**2 + y**4", {"x": 1, "y": 2})
    result.save(tmp_path / "run.json")
    again = load(tmp_path / "run.json")
    assert again.explain() == result.explain()
    assert again.objective.value(np.array([1.0, 2.0])) == 17.0


def test_methods_race_on_a_formula():
    table = compare("x**2 + 9*y**2", [1, 1], ["gradient-descent", "nesterov"]).table()
    assert [row["success"] for row in table] == [True, True]


def test_nothing_heavy_is_loaded_to_minimise():
    heavy = {"plotly", "matplotlib", "rich", "scipy", "pandas", "numba", "pyarrow"}
    code = (
        "import sys; from steepest.descent.minimize import minimize; minimize('x**2', 1.0);"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
