"""Programs that were written once serve the same function again, in all of its later descents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.descent.emitted import MOST_PROGRAMS
from steepest.functions import objective as objective_of
from steepest.functions.branches import MOST_CONSTANTS, Branch


def branch_of(function: Any, start: Any) -> Branch:
    found = objective_of(function, start)
    return found.branches.at(found.parts(found.start))


def test_a_function_that_is_followed_again_has_its_programs() -> None:
    def valley(v: Any) -> Any:
        return (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2

    first = branch_of(valley, [1.0, 2.0])
    assert branch_of(lambda v: valley(v), [3.0, 4.0]) is first
    assert branch_of(lambda v: valley(v) + 1, [1.0, 2.0]) is not first
    assert branch_of(valley, [1.0, 2.0, 3.0]) is not first


def test_decisions_belong_to_the_function_that_took_them() -> None:
    def bent(x: Any) -> Any:
        return x**2 if x > 0 else -x

    assert branch_of(bent, 1.0) is not branch_of(bent, 1.0)


def test_functions_of_large_data_are_not_remembered() -> None:
    data = np.random.default_rng(0).normal(size=MOST_CONSTANTS + 1)

    def far(x: Any) -> Any:
        return np.sum((x - data) ** 2)

    assert branch_of(far, 1.0) is not branch_of(far, 1.0)


def test_each_program_says_what_it_is_of() -> None:
    options: Any = {"method": "gradient-descent", "learning_rate": 0.1, "max_steps": 3}
    formula = st.minimize("x**2 + 1", 1.0, **options)
    code = st.minimize(lambda x: x**2 + 1, 1.0, **options)
    assert "on x**2 + 1." in formula.program
    assert "on a function of x." in code.program


def test_trying_many_rates_keeps_few_programs() -> None:
    for rate in np.linspace(0.01, 0.1, MOST_PROGRAMS + 9):
        st.minimize(
            "x**2 + 3", 1.0, method="gradient-descent", learning_rate=float(rate), max_steps=2
        )
    assert len(branch_of("x**2 + 3", 1.0).programs) <= MOST_PROGRAMS


def test_a_schedule_that_changed_is_looked_at_again() -> None:
    class Rate:
        first = 0.1

        def __call__(self, step: Any) -> Any:
            return self.first / (1 + step)

    rate = Rate()

    def end() -> Any:
        options: Any = {"method": "gradient-descent", "learning_rate": rate, "max_steps": 2}
        return st.minimize(lambda x: x**2 + 5, 1.0, **options).history.x[-1, 0]

    before = end()
    rate.first = 0.2
    assert before == pytest.approx((1 - 0.2) * (1 - 0.1))
    assert end() == pytest.approx((1 - 0.4) * (1 - 0.2))
