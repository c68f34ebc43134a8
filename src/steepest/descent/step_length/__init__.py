"""How far to go along a direction: one file per rule, and the table of their names.

Examples
--------
>>> named("backtracking")
Backtracking(sufficient=0.0001)
"""

from __future__ import annotations

from collections.abc import Mapping

from steepest.descent.options import Rule
from steepest.descent.step_length.backtracking import Backtracking
from steepest.descent.step_length.constant import Constant
from steepest.descent.step_length.hager_zhang import HagerZhang
from steepest.descent.step_length.step_length import StepLength
from steepest.descent.step_length.wolfe import StrongWolfe
from steepest.errors import InputError, did_you_mean

__all__ = [
    "STEP_LENGTH",
    "STEP_LENGTHS",
    "Backtracking",
    "Constant",
    "HagerZhang",
    "StepLength",
    "StrongWolfe",
    "named",
]

STEP_LENGTH: Mapping[str, Rule] = {
    "rule": Rule(
        "a step length such as Backtracking(), or None",
        lambda value: value is None or isinstance(value, StepLength),
    )
}
"""The rule for options that hold a step length."""

STEP_LENGTHS: Mapping[str, type[StepLength]] = {
    "backtracking": Backtracking,
    "wolfe": StrongWolfe,
    "hager-zhang": HagerZhang,
}
"""The rules that find a rate themselves, by name."""


def named(name: str) -> StepLength:
    """Return the step length of a name, with its defaults.

    Raises
    ------
    InputError
        For an unknown name.
    """
    if name not in STEP_LENGTHS:
        raise InputError(
            f"There is no step length {name!r}.{did_you_mean(name, STEP_LENGTHS)} "
            f"The step lengths are {', '.join(STEP_LENGTHS)}."
        )
    return STEP_LENGTHS[name]()
