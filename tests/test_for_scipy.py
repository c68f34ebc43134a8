"""Our methods inside SciPy's `minimize`."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, minimize, rosen, rosen_der

import steepest as st

START = [-1.2, 1.0]


def both(x):
    return rosen(x), rosen_der(x)


@pytest.mark.parametrize("method", [None, "l-bfgs", "newton", "conjugate-gradient"])
@pytest.mark.parametrize(
    ("fun", "jac"), [(rosen, None), (rosen, rosen_der), (both, True), (rosen, "2-point")]
)
def test_the_valley_is_solved_whatever_gives_the_gradient(method, fun, jac):
    result = minimize(fun, START, jac=jac, method=st.scipy_method(method))
    assert result.success
    assert result.x == pytest.approx([1, 1], abs=1e-4)
    assert result.jac == pytest.approx(rosen_der(result.x), abs=1e-5)
    assert {"nit", "nfev", "njev", "nhev", "status", "message"} <= set(result)


def test_it_is_the_same_descent_as_ours():
    theirs = minimize(rosen, START, method=st.scipy_method("l-bfgs", memory=5))
    ours = st.minimize(rosen, START, method=st.methods.LBFGS(memory=5))
    assert theirs.x.tolist() == ours.x.tolist()
    assert (theirs.nit, theirs.nfev) == (ours.nit, ours.nfev)


def test_arguments_bounds_and_tolerance_pass_through():
    def shifted(x, a, b):
        return (x[0] - a) ** 2 + (x[1] - b) ** 2

    result = minimize(
        shifted,
        [0.0, 0.0],
        args=(3.0, -1.0),
        bounds=Bounds([-1, 0], [2, np.inf]),
        tol=1e-9,
        method=st.scipy_method(),
    )
    assert result.x == pytest.approx([2, 0])


def test_limits_hold():
    result = minimize(rosen, START, method=st.scipy_method("l-bfgs"), options={"maxiter": 3})
    assert (result.nit, result.success) == (3, False)


def test_callbacks_of_both_forms_see_every_step_and_may_stop():
    seen = []
    minimize(rosen, START, method=st.scipy_method("newton"), callback=lambda xk: seen.append(xk))
    shown = []

    def show(intermediate_result):
        shown.append(intermediate_result.fun)
        if len(shown) == 3:
            raise StopIteration

    stopped = minimize(rosen, START, method=st.scipy_method("newton"), callback=show)
    assert len(seen) > 3
    assert stopped.nit == 3
    assert shown == sorted(shown, reverse=True)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"options": {"maxitr": 3}}, "Did you mean 'maxiter'"),
        ({"constraints": {"type": "eq", "fun": lambda x: x[0]}}, "constraints other than bounds"),
    ],
)
def test_what_has_no_counterpart_is_refused(options, complaint):
    with pytest.raises(st.InputError, match=complaint):
        minimize(rosen, START, method=st.scipy_method("newton"), **options)


def test_options_belong_to_a_name():
    with pytest.raises(st.InputError, match="belong to a method given by its name"):
        st.scipy_method(st.methods.LBFGS(), memory=3)
    with pytest.raises(st.InputError, match="Did you mean 'l-bfgs'"):
        st.scipy_method("l-bfsg")
