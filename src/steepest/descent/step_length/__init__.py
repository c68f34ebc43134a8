"""How far to go along a direction: one file per rule, and the table of their names.

Examples
--------
>>> named("backtracking")
Backtracking(sufficient=0.0001)
>>> named("polyak", lowest=0.0)
Polyak(lowest=0.0)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from steepest.descent.options import Rule, with_options
from steepest.descent.registry import Registry
from steepest.descent.step_length.backtracking import Backtracking
from steepest.descent.step_length.constant import Constant
from steepest.descent.step_length.step_length import StepLength
from steepest.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from steepest.descent.step_length.adaptive import Adaptive
    from steepest.descent.step_length.automatic import Automatic
    from steepest.descent.step_length.barzilai_borwein import BarzilaiBorwein
    from steepest.descent.step_length.hager_zhang import HagerZhang
    from steepest.descent.step_length.optimized_schedule import OptimizedSchedule
    from steepest.descent.step_length.polyak import Polyak
    from steepest.descent.step_length.silver import Silver
    from steepest.descent.step_length.wolfe import StrongWolfe

__all__ = [
    "STEP_LENGTH",
    "STEP_LENGTHS",
    "Adaptive",
    "Automatic",
    "Backtracking",
    "BarzilaiBorwein",
    "Constant",
    "HagerZhang",
    "OptimizedSchedule",
    "Polyak",
    "Silver",
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

# A new step length is one file beside these, one line here and its name in __all__.
CLASSES = {
    "backtracking": "Backtracking",
    "wolfe": "StrongWolfe",
    "hager-zhang": "HagerZhang",
    "automatic": "Automatic",
    "adaptive": "Adaptive",
    "barzilai-borwein": "BarzilaiBorwein",
    "polyak": "Polyak",
    "silver": "Silver",
    "optimized-schedule": "OptimizedSchedule",
}
"""The rules that find a rate themselves; the file of each is its name with underscores."""

_registry: Registry[StepLength] = Registry(__name__, CLASSES)
STEP_LENGTHS: Mapping[str, type[StepLength]] = _registry


def __getattr__(name: str) -> Any:
    """Load the class of a step length on first use."""
    return _registry.attribute(name)


def __dir__() -> list[str]:
    return sorted(__all__)


def named(name: str, **options: Any) -> StepLength:
    """Return the step length of a name, with its options.

    Parameters
    ----------
    name : str
        A key of `STEP_LENGTHS`, such as ``"backtracking"``.
    **options
        What its class documents.

    Raises
    ------
    InputError
        For an unknown name or option, one that is missing, and a value that it cannot have.

    Examples
    --------
    >>> named("polyak", lowest=0.0)
    Polyak(lowest=0.0)
    """
    if name not in STEP_LENGTHS:
        raise InputError(
            f"There is no step length {name!r}.{did_you_mean(name, STEP_LENGTHS)} "
            f"The step lengths are {', '.join(STEP_LENGTHS)}."
        )
    return with_options(STEP_LENGTHS[name], f"step length {name!r}", options)
