"""Our first-order rules as an Optax transformation, which JAX can compile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from steepest.descent.choices import chosen_method
from steepest.descent.methods import FirstOrderMethod, Method, named
from steepest.descent.step_length import Constant
from steepest.errors import InputError
from steepest.expression.node import Expression, topological_order, variable
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import lift, wrap


class RuleState(NamedTuple):
    """The number of steps made, and the rule's memory of every array."""

    count: Any
    memory: Any


class Rule:
    """A first-order rule as a graph, traced once and evaluated by JAX.

    Parameters
    ----------
    method : FirstOrderMethod
        The rule.
    """

    def __init__(self, method: FirstOrderMethod) -> None:
        self.method = method
        session = Session({})
        self.x, self.gradient = variable("x"), variable("gradient")
        self.step = variable("step")
        self.state = {key: variable(key) for key in method.initial_state(np.zeros(1))}
        direction, following = method.direction(
            wrap(session, self.x),
            wrap(session, self.gradient),
            {key: wrap(session, node) for key, node in self.state.items()},
            wrap(session, self.step),
        )
        self.direction = lift(direction)
        self.following = {key: lift(value) for key, value in following.items()}

    def __call__(
        self, x: Any, gradient: Any, state: Mapping[str, Any], step: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the direction and the next memory, as JAX arrays."""
        known = {self.x: x, self.gradient: gradient, self.step: step}
        known |= {node: state[key] for key, node in self.state.items()}
        values = evaluated_by_jax([self.direction, *self.following.values()], known, x.dtype)
        return values[0], dict(zip(self.following, values[1:], strict=True))


def evaluated_by_jax(
    outputs: list[Expression], known: dict[Expression, Any], dtype: Any
) -> list[Any]:
    """Return the values of graphs of elementwise operations, computed by `jax.numpy`."""
    for node in topological_order(outputs, known):
        if node.is_constant:
            known[node] = jnp.asarray(node.value, dtype if node.kind == "f" else None)
        else:
            function = getattr(jnp, node.operation.name)
            known[node] = function(*[known[child] for child in node.inputs])
    return [known[output] for output in outputs]


def optax_transformation(method: str | Method, **options: Any) -> optax.GradientTransformation:
    """Return a first-order rule of ours as an Optax transformation.

    Parameters
    ----------
    method : str or FirstOrderMethod
        A rule with a learning rate.
    **options
        Fields of the rule, where it is given by its name.

    Returns
    -------
    optax.GradientTransformation
        Its updates are what is added to the parameters, the learning rate included; it needs
        the parameters in `update`, and can be compiled.

    Raises
    ------
    InputError
        For a method that is no first-order rule, or has no learning rate.

    Examples
    --------
    >>> p = {"w": jnp.array([2.0])}
    >>> transformation = optax_transformation("gradient-descent", learning_rate=0.25)
    >>> state = transformation.init(p)
    >>> updates, state = transformation.update({"w": 2 * p["w"]}, state, p)
    >>> optax.apply_updates(p, updates)["w"].tolist()
    [1.0]
    """
    chosen = named(method, **options) if isinstance(method, str) else chosen_method(method)
    if not isinstance(chosen, FirstOrderMethod):
        raise InputError(f"The method {chosen.name!r} is no first-order rule.")
    length = chosen.length
    if not isinstance(length, Constant):
        raise InputError(f"{chosen.name} needs a learning_rate here, as in learning_rate=0.1.")
    rule, rate = Rule(chosen), length.rate

    def init(params: Any) -> RuleState:
        def begun(leaf: Any) -> dict[str, Any]:
            start = chosen.initial_state(np.asarray(leaf))
            return {key: jnp.asarray(value, leaf.dtype) for key, value in start.items()}

        return RuleState(jnp.zeros([], jnp.int32), jax.tree.map(begun, params))

    def update(updates: Any, state: RuleState, params: Any = None) -> tuple[Any, RuleState]:
        if params is None:
            raise InputError("A rule needs the parameters too: update(gradients, state, params).")
        leaves, tree = jax.tree.flatten(params)
        gradients, memories = tree.flatten_up_to(updates), tree.flatten_up_to(state.memory)
        count = state.count + 1
        length = rate(state.count) if callable(rate) else rate
        moved = [
            rule(x, g, memory, count.astype(x.dtype))
            for x, g, memory in zip(leaves, gradients, memories, strict=True)
        ]
        steps = [length * direction for direction, _ in moved]
        following = [
            {key: jnp.broadcast_to(value, memory[key].shape) for key, value in new.items()}
            for (_, new), memory in zip(moved, memories, strict=True)
        ]
        return tree.unflatten(steps), RuleState(count, tree.unflatten(following))

    return optax.GradientTransformation(init, update)
