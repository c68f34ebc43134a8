"""One step taken apart: the parts add up, and each is what the method says it is."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st

BOWL = "x**2 + 10*y**2 + 0.3*x*y"

METHODS = {
    "gradient-descent": {"gradient"},
    "momentum": {"gradient", "momentum"},
    "nesterov": {"gradient", "momentum"},
    "conjugate-gradient": {"gradient", "momentum"},
    "adam": {"gradient", "momentum", "scaling"},
    "rmsprop": {"gradient", "scaling"},
    "adagrad": {"gradient", "scaling"},
    "l-bfgs": {"gradient", "curvature"},
    "nadam": {"gradient", "memory and scaling"},
}


def descent(name, **options):
    if name not in {"l-bfgs", "newton", "conjugate-gradient"}:
        options["learning_rate"] = 0.03
    method = st.methods.named(name, **options)
    return st.minimize(BOWL, [1.0, -2.0], method=method, max_steps=6)


@pytest.mark.parametrize("name", METHODS)
def test_the_parts_of_a_step_add_up_to_it(name):
    run = descent(name)
    inside = run.inside(3)
    assert set(inside.parts) == METHODS[name]
    assert inside.move == pytest.approx(run.history.x[3] - run.history.x[2])
    assert sum(inside.parts.values()) == pytest.approx(inside.move, abs=1e-15)
    assert inside.parts["gradient"] == pytest.approx(-inside.rate * run.history.gradient[2])
    assert inside.change == run.history.fun[3] - run.history.fun[2]


def test_newtons_step_has_no_rate():
    inside = descent("newton").inside(1)
    assert inside.parts["gradient"] == pytest.approx(-inside.gradient)
    assert inside.parts["gradient"] + inside.parts["curvature"] == pytest.approx(inside.move)


def test_adams_momentum_is_its_mean_and_the_rest_its_scaling():
    run = descent("adam")
    slopes = run.history.gradient
    mean = np.zeros(2)
    for slope in slopes[:4]:
        mean = 0.9 * mean + 0.1 * slope
    mean /= 1 - 0.9**4
    inside = run.inside(4)
    assert inside.parts["gradient"] + inside.parts["momentum"] == pytest.approx(-0.03 * mean)
    # What scaling leaves is the mean over a root mean square, component by component.
    assert (inside.move / mean < 0).all()


def test_momentum_adds_what_is_left_of_the_step_before():
    run = descent("momentum")
    assert run.inside(3).parts["momentum"] == pytest.approx(0.9 * run.inside(2).move)


def test_what_cannot_be_told_apart_is_not():
    run = descent("rmsprop", momentum=0.5)
    assert set(run.inside(3).parts) == {"gradient", "memory and scaling"}


@pytest.mark.parametrize("step", [0, 7, -1])
def test_a_step_that_was_not_made(step):
    with pytest.raises(st.InputError, match="steps 1 to 6 were made"):
        descent("momentum").inside(step)


def test_a_step_beyond_all_numbers_is_told_without_a_warning():
    run = st.minimize("x**3 - 3*x*y**2", [0, 1e15], learning_rate=6e277, max_steps=1)
    assert not np.isfinite(run.inside(1).after).all()
