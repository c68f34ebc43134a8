"""A result in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from steepest.descent.methods import title
from steepest.descent.stopping import Reason

if TYPE_CHECKING:
    from steepest.descent.result import Result

SHOWN = 6
"""How many variables are written out."""


def explanation(result: Result) -> str:
    """Return what was done, why it ended, what was found, and what to try next.

    Parameters
    ----------
    result : Result
        The result.

    Returns
    -------
    str
        A few short lines.
    """
    return "\n".join(
        [
            _what_was_done(result),
            *_why_this_method(result),
            f"From {_value(result.history.fun[0])} to {_value(result.fun)} at {_place(result)}.",
            f"Ended: {result.message}",
            f"Found: {result.verdict.text}",
            *_what_is_held(result),
            *([f"Scaling: {result.verdict.scaling}"] if result.verdict.scaling else []),
            *_what_was_searched(result),
            *(f"Note: {notice}" for notice in result.notices),
            *(f"Try: {advice}" for advice in _advice(result)),
        ]
    )


def _what_was_done(result: Result) -> str:
    """Return the method, the function, the rate, and what it took."""
    return (
        f"{title(result.method)} on {_subject(result)}, {result.options['steps']}: "
        f"{_count(result.nit, 'step')}, {_count(result.nfev, 'evaluation')}."
    )


def _why_this_method(result: Result) -> Iterator[str]:
    """Yield why the method was chosen, where it was not the user who did."""
    if why := result.options.get("chosen_because"):
        yield f"Chosen because {why}."


def _what_is_held(result: Result) -> Iterator[str]:
    """Yield which variables are at a bound, where some are."""
    sides = result.at_bound
    if sides:
        shown = ", ".join(f"{name} ({side})" for name, side in list(sides.items())[:SHOWN])
        more = ", ..." if len(sides) > SHOWN else ""
        yield f"At a bound: {shown}{more}. The gradient is what is left of it inside the bounds."


def _what_was_searched(result: Result) -> Iterator[str]:
    """Yield what many starts found, where there were many."""
    search = result.search
    if search is None:
        return
    count = len(search.minima)
    values = ", ".join(f"{_value(one.fun)} ({one.starts})" for one in search.minima[:SHOWN])
    more = f" and {count - SHOWN} more" if count > SHOWN else ""
    listed = f", by value (and starts): {values}{more}" if count else ""
    yield (
        f"Searched: {_count(search.starts, 'start')}, {_count(search.evaluations, 'evaluation')}; "
        f"{count or 'no'} {'minima' if count > 1 else 'minimum'}{listed}."
        + (f" {_count(search.lost, 'start')} ended at no minimum." if search.lost else "")
        + (
            f" {_count(search.unfollowed, 'start')} not followed to the end."
            if search.unfollowed
            else ""
        )
    )


def _subject(result: Result) -> str:
    """Return the function as its formula, or by its variables."""
    if isinstance(result.function, str):
        return result.function
    if result.objective is not None and result.objective.formula is not None:
        return result.objective.formula
    more = ", ..." if len(result.names) > SHOWN else ""
    return f"a function of {', '.join(result.names[:SHOWN])}{more}"


def _place(result: Result) -> str:
    """Return the best point as ``x = 1.5, y = 2``, shortened where there are many variables."""
    shown = ", ".join(
        f"{name} = {component:.10g}"
        for name, component in zip(result.names[:SHOWN], result.position[:SHOWN], strict=True)
    )
    return shown + (", ..." if len(result.names) > SHOWN else "")


def _advice(result: Result) -> Iterator[str]:
    """Yield the next things to try, where what was found is not what one wants."""
    kind = result.verdict.kind
    if kind in {"saddle", "maximum"}:
        yield "start a little beside this point; downhill from there leads away from it."
    if kind == "flat" and result.nit == 0:
        yield "start where the function is not level."
    if kind == "not stationary" and result.reason is Reason.NO_DESCENT:
        yield "a smaller learning rate: the last step overshot a place that is still a slope."
    jumped = result.reason is Reason.GRADIENT and result.last.fun > result.fun
    if kind == "not stationary" and jumped:
        yield "a smaller learning rate, or a start at the best point: a long step jumped off it."
    if kind == "not stationary" and result.reason is Reason.NO_FURTHER_FALL:
        if result.stationarity.kink:
            nearest = "" if result.method in {"bfgs", "l-bfgs"} else "bfgs, which comes nearest; "
            yield (
                f"{nearest}a smooth form of the kink, such as sqrt(x**2 + 1e-12) for |x|; or, "
                "where the lowest value is known, gradient-descent with the step length polyak."
            )
        else:
            yield (
                "look for a kink here, such as that of |x|, where no gradient is small; "
                "or check the gradient."
            )
    if result.reason is Reason.DIVERGED and result.suggested_rate is None:
        yield (
            "a larger curvature, where one was given; or a method that searches for the length "
            "of each step, such as l-bfgs."
        )
    if result.reason is Reason.MAX_STEPS and not result.success and _swings(result):
        yield "a smaller or falling learning rate: the value swings instead of falling."


def _swings(result: Result) -> bool:
    """Return whether the value rose as often as every third step of the last hundred."""
    recent = result.history.fun[-100:]
    rises = (recent[1:] > recent[:-1]).sum()
    return bool(3 * rises >= len(recent) > 3)


def _value(value: Any) -> str:
    value = value + 0.0  # no "-0"
    return f"{value:.10g}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
