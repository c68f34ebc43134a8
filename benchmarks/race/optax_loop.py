"""Optax's L-BFGS as its experts run it: the whole loop compiled."""

from __future__ import annotations

from typing import Any


def compiled_descent(function: Any, goal: float, most: float) -> Any:
    """Return the descent on a function to a largest component of the gradient, in so many steps."""
    import jax
    import jax.numpy as jnp
    import optax

    solver = optax.lbfgs(memory_size=10)
    both = optax.value_and_grad_from_state(function)

    def step(carry: Any) -> Any:
        x, state = carry
        value, gradient = both(x, state=state)
        updates, state = solver.update(
            gradient, state, x, value=value, grad=gradient, value_fn=function
        )
        return optax.apply_updates(x, updates), state

    def goes_on(carry: Any) -> Any:
        _, state = carry
        count = optax.tree.get(state, "count")
        gradient = optax.tree.get(state, "grad")
        return (count == 0) | ((count < most) & (jnp.abs(gradient).max() > goal))

    @jax.jit
    def descend(x: Any) -> Any:
        return jax.lax.while_loop(goes_on, step, (x, solver.init(x)))[0]

    return descend
