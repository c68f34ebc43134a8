"""What is said of narrow valleys and of the units of the variables."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest.descent.conditioning import conditioning


def test_units_are_named_where_they_are_to_blame():
    result = st.minimize("(1e4*x - 1)**2 + (1e-2*y - 1)**2", {"x": 0, "y": 0})
    assert result.success
    assert "cannot be told from 0" not in result.explain()
    assert "x bends the function 1e+12 times as strongly as y" in result.explain()


def test_a_valley_across_the_axes_is_no_matter_of_units():
    text = conditioning(np.array([[1.0, 1 - 1e-6], [1 - 1e-6, 1.0]]), ["x", "y"])
    assert "about 2e+06: a valley" in text


@pytest.mark.parametrize("hessian", [np.diag([1.0, 30.0]), np.diag([-1.0, 1e9]), np.ones((1, 1))])
def test_nothing_is_said_where_there_is_nothing_to_say(hessian):
    assert conditioning(hessian, ["x", "y"]) is None


def test_it_comes_back_from_a_file(tmp_path):
    result = st.minimize("(1e4*x - 1)**2 + (1e-2*y - 1)**2", {"x": 0, "y": 0})
    result.save(tmp_path / "run.json")
    assert st.load(tmp_path / "run.json").verdict == result.verdict
