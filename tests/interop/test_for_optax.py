"""Our first-order rules as Optax transformations."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import steepest as st
from steepest.descent.methods import METHODS, FirstOrderMethod

RULES = [name for name in METHODS if issubclass(METHODS[name], FirstOrderMethod)]


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def walked(transformation, steps=50):
    with jax.enable_x64(True):
        x = {"x": jnp.array([-1.2, 1.0])}
        state = transformation.init(x)

        @jax.jit
        def step(x, state):
            gradient = jax.grad(lambda p: rosenbrock(p["x"]))(x)
            updates, state = transformation.update(gradient, state, x)
            return optax.apply_updates(x, updates), state

        for _ in range(steps):
            x, state = step(x, state)
        return np.asarray(x["x"])


@pytest.mark.parametrize("name", RULES)
def test_a_rule_walks_compiled_as_it_does_at_home(name):
    there = walked(st.interop.optax_transformation(name, learning_rate=1e-3))
    here = st.minimize(
        rosenbrock, [-1.2, 1.0], method=name, learning_rate=1e-3, stop="max-steps", max_steps=50
    )
    assert there == pytest.approx(here.history.x[-1], rel=1e-9)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("adam", optax.adam(1e-3)), ("gradient-descent", optax.sgd(1e-3)), ("lion", None)],
)
def test_a_rule_walks_as_optaxs_own(name, theirs):
    theirs = theirs or optax.lion(1e-3, weight_decay=0.0)
    ours = walked(st.interop.optax_transformation(name, learning_rate=1e-3))
    assert ours == pytest.approx(walked(theirs), rel=1e-9)


def test_it_chains_with_other_transformations():
    clipped = optax.chain(
        optax.clip(1.0), st.interop.optax_transformation("adam", learning_rate=0.01)
    )
    assert np.isfinite(walked(clipped)).all()


def test_a_schedule_falls_with_the_steps():
    falling = st.schedules.exponential(1e-3, factor=0.5)
    one, two = (
        walked(st.interop.optax_transformation("gradient-descent", learning_rate=falling), steps)
        for steps in (1, 2)
    )
    alone = st.minimize(
        rosenbrock, [-1.2, 1.0], method="gradient-descent", learning_rate=falling,
        stop="max-steps", max_steps=2,
    )  # fmt: skip
    assert one == pytest.approx(alone.history.x[1], rel=1e-12)
    assert two == pytest.approx(alone.history.x[2], rel=1e-12)


def test_what_is_no_rule_with_a_rate_is_refused():
    with pytest.raises(st.InputError, match="no first-order rule"):
        st.interop.optax_transformation("newton")
    with pytest.raises(st.InputError, match="needs a learning_rate"):
        st.interop.optax_transformation("momentum")
