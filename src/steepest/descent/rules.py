"""One step of a first-order method as expressions, for whoever writes it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from steepest.descent.methods.method import FirstOrderMethod
from steepest.descent.updates import moved
from steepest.expression.node import Expression, variable
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import lift, wrap


class Memory(NamedTuple):
    """What a method remembers of one variable, or of all together.

    Attributes
    ----------
    key : str
        What the method calls it.
    place : int or None
        Of which variable it is; None where it is one number for all.
    node : Expression
        The variable that it is in the expressions.
    initial : Expression
        What it is before the first step.
    """

    key: str
    place: int | None
    node: Expression
    initial: Expression


class Rule(NamedTuple):
    """One step, on every variable.

    Attributes
    ----------
    memory : list of Memory
        What it reads besides variables and gradient.
    following : list of Expression
        What each of these is after the step.
    moved : list of Expression
        What each variable is after the step.
    """

    memory: list[Memory]
    following: list[Expression]
    moved: list[Expression]


def traced_rule(
    method: FirstOrderMethod,
    variables: Sequence[Expression],
    slopes: Sequence[Expression],
    rate: Expression,
    step: Expression,
) -> Rule:
    """Return what a method does, written for variables and their slopes.

    Parameters
    ----------
    method : FirstOrderMethod
        A rule of plain elementwise arithmetic.
    variables, slopes : sequence of Expression
        The point, number by number or array by array, and the gradient there.
    rate, step : Expression
        The learning rate, and the number of the step, which begins at 1.
    """
    session = Session({})

    def traced(node: Expression) -> Any:
        return wrap(session, node)

    example = method.initial_state(np.zeros(2))
    shared = {key for key, value in example.items() if np.ndim(value) == 0}
    memory: dict[tuple[str, int | None], Memory] = {}
    following: dict[tuple[str, int | None], Expression] = {}
    ends = []
    for place, (x, slope) in enumerate(zip(variables, slopes, strict=True)):
        begin = method.initial_state(traced(x))
        own = {key: (key, None if key in shared else place) for key in begin}
        for key, whose in own.items():
            if whose not in memory:
                shape = () if key in shared else x.shape
                node = variable(f"the {key} of {x.name}", shape)
                memory[whose] = Memory(*whose, node, lift(begin[key]))
        state = {key: traced(memory[whose].node) for key, whose in own.items()}
        direction, after = method.direction(traced(x), traced(slope), state, traced(step))
        following |= {own[key]: lift(value) for key, value in after.items()}
        ends.append(moved(x, rate, lift(direction)))
    return Rule(list(memory.values()), [following[whose] for whose in memory], ends)
