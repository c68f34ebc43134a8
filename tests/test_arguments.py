"""How functions, starts and further arguments fit together, and what is said where they do not."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st


@pytest.mark.parametrize(
    ("fun", "x0", "args", "complaint"),
    [
        (lambda x, y: x * y, [1.0], (), "takes 2 variables"),
        (lambda x, y, z: x + y + z, [1.0, 2.0], (), "takes 3 variables"),
        (lambda: 3.0, [1.0], (), "takes no variables"),
        (lambda x, y, a: x * y * a, [1.0], (2.0,), "takes 2 variables"),
        ("x**2", 1.0, (3,), "only a callable"),
        (lambda x: x**2, 1.0, 3, "must be a tuple"),
        ("x**2", 10**400, (), "real numbers"),
        ("x**2", "one", (), "real numbers"),
        ("x**2 + y**2", [1.0], (), "has 1 number and"),
        ("x**2 + y**2", {"x": 1.0}, (), "'y'"),
        ("x**2 + y**2", {"x": 1.0, "y": 1.0, "yy": 2.0}, (), "Did you mean 'y'"),
        ("x**2", [], (), "empty"),
        ("x**2", None, (), "real numbers"),
        (3, 1.0, (), "a callable"),
        (lambda p: p.sum(), [[1.0], [1.0, 2.0]], (), "not made of real numbers"),
    ],
)
def test_what_does_not_fit_is_said(fun, x0, args, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.minimize(fun, x0, args=args)


def test_a_formula_is_no_callable():
    with pytest.raises(st.InputError, match=r"steepest\.function"):
        st.numerical_gradient("x**2", 1.0)


@pytest.mark.parametrize(
    ("fun", "x0", "args", "expected"),
    [
        (lambda x, y: (x - 1) ** 2 + y**2, [3.0, 4.0], (), [1.0, 0.0]),
        (lambda p: np.sum((p - 1) ** 2), [3.0, 4.0], (), [1.0, 1.0]),
        (lambda x, y, a: (x - a) ** 2 + y**2, [3.0, 4.0], (2.0,), [2.0, 0.0]),
        (lambda p, a, b: np.sum((p - a) ** 2) + b, [3.0, 4.0], (2.0, 1.0), [2.0, 2.0]),
        (lambda x, scale=2.0: scale * (x - 1) ** 2, 3.0, (), 1.0),
        (lambda *p: (p[0] - 1.0) ** 2, 3.0, (), 1.0),
        (lambda p: (p["a"] - 1) ** 2 + np.sum(p["b"] ** 2), {"a": 0.0, "b": [1.0, 2.0]}, (), None),
    ],
)
def test_every_way_to_take_variables(fun, x0, args, expected):
    result = st.minimize(fun, x0, args=args)
    assert result.success
    if expected is not None:
        assert np.allclose(result.x, expected, rtol=0, atol=1e-5)
    else:
        assert result.x["a"] == pytest.approx(1.0, abs=1e-5)
        assert np.allclose(result.x["b"], 0.0, rtol=0, atol=1e-5)
