"""What `check_gradient` says of gradients, right and wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import steepest as st

POINT = [1.5, -0.5, 2.0]


def quartic(x: Any) -> Any:
    return np.sum(x**4) + x[0] * x[1]


def exact(x: Any) -> Any:
    return 4 * x**3 + np.array([x[1], x[0], 0 * x[2]])


def one_wrong(x: Any) -> Any:
    return exact(x) + np.array([0.0, 0.3, 0.0])


def one_wrong_sign(x: Any) -> Any:
    return exact(x) * np.array([1.0, -1.0, 1.0])


VERDICTS: dict[str, tuple[Callable[[Any], Any], bool, str]] = {
    "right": (exact, True, "agrees with central differences in all 3 variables."),
    "wrong sign": (lambda x: -exact(x), False, "It has the wrong sign."),
    "twice": (lambda x: 2 * exact(x), False, "It is 2 times too large."),
    "half": (lambda x: exact(x) / 2, False, "It is 2 times too small."),
    "a third": (lambda x: exact(x) / 3, False, "It is 3 times too small."),
    "off by a little": (lambda x: exact(x) * 1.001, False, "in 3 of 3 variables, most in x[2]"),
    "one component": (one_wrong, False, "in 1 of 3 variables, most in x[1]"),
    "one sign": (one_wrong_sign, False, "most in x[1]"),
    "zero": (lambda x: 0 * x, False, "in 3 of 3 variables"),
    "not a number": (lambda x: np.array([np.nan, 1, 1]) * exact(x), False, "most in x[0]: nan"),
    "infinite": (lambda x: exact(x) / np.array([1, 1, 0.0]), False, "most in x[2]: inf"),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_verdict(case: str) -> None:
    gradient, agrees, words = VERDICTS[case]
    with np.errstate(all="ignore"):
        report = st.check_gradient(quartic, POINT, gradient)
    assert (report.agrees, bool(report)) == (agrees, agrees)
    assert words in report.verdict
    assert str(report).endswith(report.verdict)
    assert [row.name for row in report.rows] == ["x[0]", "x[1]", "x[2]"]
    assert str(report).count("<- differs") == sum(not row.agrees for row in report.rows)


def test_a_hint_is_given_for_a_component_that_has_the_wrong_sign_only() -> None:
    assert "wrong sign" in st.check_gradient(quartic, POINT, one_wrong_sign).verdict
    assert "wrong sign" not in st.check_gradient(quartic, POINT, one_wrong).verdict


def test_a_zero_component_that_should_not_be() -> None:
    report = st.check_gradient("x**2 + y", {"x": 0.0, "y": 1.0}, lambda x, y: (2 * x, 0.0))
    assert "in 1 of 2 variables, most in y: 0 against 1." in report.verdict


@pytest.mark.parametrize(
    ("text", "point"), [("max(x, -3*x) + y**2", [0.0, 1.0]), ("abs(x - 1) + 2*x + y", [1.0, 0.0])]
)
def test_a_kink_is_named_as_a_possible_reason(text: str, point: list[float]) -> None:
    # One-sided slopes may be given at a kink; the central difference is their mean.
    report = st.check_gradient(text, point, lambda x, y: (3.0, 2 * y if "y**2" in text else 1.0))
    assert not report
    assert "most in x" in report.verdict
    assert "the function has a kink here" in report.verdict


@pytest.mark.parametrize(
    ("fun", "x", "count"),
    [
        ("x**3 - 4*x - y**2", [1.8, -1], "in both variables"),
        ("x**3", 1.8, "in the variable"),
        (lambda x: np.sum(np.exp(x) * x[::-1]), np.linspace(-1, 1, 30), "in all 30 variables"),
        (lambda p: p["a"] * np.sum(p["b"] ** 2), {"a": 2.0, "b": [1.0, 3.0]}, "all 3"),
        (lambda x: np.sum(x @ x), np.arange(4.0).reshape(2, 2), "all 4"),
        ("1e-9*sin(x)", 0.3, "in the variable"),
        ("1e12*sin(x) + 1e12", 0.3, "in the variable"),
        (lambda v: np.sum(v**2), np.array([1, 2], dtype=np.float32), "in both variables"),
    ],
)
def test_our_own_gradient_agrees(fun: Any, x: Any, count: str) -> None:
    report = st.check_gradient(fun, x)
    assert report
    assert report.verdict.endswith(f"{count}.") or count in report.verdict


def test_many_rows_are_cut_in_print_only() -> None:
    report = st.check_gradient(lambda x: np.sum(x**2), np.ones(50))
    assert len(report.rows) == 50
    assert "... and 30 more" in repr(report)


@pytest.mark.parametrize(
    ("gradient", "shape"),
    [(lambda x: x[:2], r"\(2,\)"), (lambda x: np.outer(x, x), r"\(3, 3\)"), (lambda x: 1.0, "1.0")],
)
def test_a_gradient_of_a_wrong_shape_is_named(gradient: Any, shape: str) -> None:
    with pytest.raises(st.InputError, match=f"jac returned .*{shape}"):
        st.check_gradient(quartic, POINT, gradient)


@pytest.mark.parametrize("wrong", [None, "abc", {"a": 1}, 1j * np.ones(3), [[1], [1, 2]]])
def test_a_gradient_that_is_none_is_named(wrong: Any) -> None:
    with pytest.raises(st.InputError, match="jac returned"):
        st.check_gradient(quartic, POINT, lambda x: wrong)


@pytest.mark.parametrize("gradient", [lambda x, a: 2 * a * x, None])
def test_further_arguments_are_passed_on(gradient: Any) -> None:
    assert st.check_gradient(lambda x, a: a * np.sum(x**2), [1.0, 2.0], gradient, args=(3.0,))
