"""From the text of a formula to what is minimised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from steepest.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from steepest.functions import Function

WAYS = ("graph", "numerical")


def read_function(formula: str, differentiation: str, difference_step: float | None) -> Function:
    """Return the function of a formula, differentiated as asked.

    Parameters
    ----------
    formula : str
    differentiation : str
        ``"graph"`` (exact) or ``"numerical"`` (central differences).
    difference_step : float or None
        The step of the differences; None chooses the best one.

    Returns
    -------
    Function

    Raises
    ------
    InputError
        For an unknown way, or a step without differences.
    """
    from steepest.functions import function

    if differentiation not in WAYS:
        raise InputError(
            f"--differentiation {differentiation!r} is not known."
            f"{did_you_mean(differentiation, WAYS)} Give {' or '.join(WAYS)}."
        )
    if differentiation == "graph":
        if difference_step is not None:
            raise InputError(
                "--difference-step is for differences, and derivatives are exact here."
                " Add --differentiation numerical, or leave it out."
            )
        return function(formula)
    return function(formula, differentiation="numerical", h=difference_step)


def check_point(
    variables: tuple[str, ...], point: Mapping[str, float] | None, option: str
) -> dict[str, float]:
    """Return a point, in the order of the formula's variables.

    Raises
    ------
    InputError
        When there is none, or it does not name exactly the variables of the formula.

    Examples
    --------
    >>> check_point(("x", "y"), {"y": 2.0, "x": 1.0}, "--start")
    {'x': 1.0, 'y': 2.0}
    """
    if not variables:
        raise InputError("The formula has no variables: it is a number, and goes nowhere.")
    example = ",".join(f"{name}=1" for name in variables)
    if point is None:
        raise InputError(f"Say where: add a point, such as {option} {example}.")
    unknown = [name for name in point if name not in variables]
    if unknown:
        raise InputError(
            f"{option} names {unknown[0]!r}, which is not in the formula."
            f"{did_you_mean(unknown[0], variables)}"
            f" Its variables are: {', '.join(variables)}."
        )
    missing = [name for name in variables if name not in point]
    if missing:
        from steepest.expression.vocabulary import CONSTANTS

        name = missing[0]
        known = f" (the number is written {name.lower()})" if name.lower() in CONSTANTS else ""
        raise InputError(
            f"{option} has no value for {name!r}{known}:"
            f" write one for every variable, such as {option} {example}."
        )
    return {name: point[name] for name in variables}
