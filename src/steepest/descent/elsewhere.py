"""Descents that the workers of a cluster make: many starts, and methods that race."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from steepest.descent.bounds import box_of
from steepest.descent.checkpoints.resuming import Recipe
from steepest.descent.descend import descend
from steepest.descent.result import Result
from steepest.descent.workers import Workers
from steepest.errors import InputError, NonFiniteError
from steepest.functions import Function, function, objective
from steepest.objective import Objective, Vector

KEPT_HERE = {"callback", "function", "journal", "progress", "request"}
"""Options of a descent that belong to the process which asked for it."""


class Given(NamedTuple):
    """A function and a start as the user gave them, which another process makes an objective of."""

    fun: Any
    x0: Any
    args: tuple[Any, ...]
    jac: Any

    def objective(self, bounds: Any = None) -> Objective:
        """Return the objective, whose differences stay within bounds."""
        made = objective(self.fun, self.x0, args=self.args, jac=self.jac)
        box = box_of(bounds, made.names, made.start)
        return made if box is None else made.within(box.lower, box.upper)


def given(fun: Any, x0: Any, args: tuple[Any, ...], jac: Any) -> Given:
    """Return what can be sent of a function.

    Raises
    ------
    InputError
        For a `Function` that was derived from another one.
    """
    if isinstance(fun, Function):
        known = fun.recipe
        if known is None:
            raise InputError(
                "This Function was made of Python code or derived from another one, and cannot be "
                "sent to the workers of a cluster: give the code itself, or a formula."
            )
        return Given(Recipe(*known), x0, args, jac)
    return Given(fun, x0, args, jac)


class Elsewhere:
    """The workers of a cluster, and the function that they descend on.

    Parameters
    ----------
    client : distributed.Client or str
    what : Given
    """

    def __init__(self, client: Any, what: Given) -> None:
        self.workers, self.what = Workers(client), what

    def close(self) -> None:
        """Close a connection of one's own."""
        self.workers.close()

    def from_starts(
        self, starts: Sequence[Vector], method: Any, here: Objective, options: dict[str, Any]
    ) -> Iterator[Result | None]:
        """Yield the descent from every start, in order; None where it cannot begin."""
        sent = {name: value for name, value in options.items() if name not in KEPT_HERE}
        items = [(self.what, start, method, sent) for start in starts]
        for start, found in zip(starts, self.workers.all(_from, items), strict=True):
            if found is not None:
                on, function = here.started_at(start), options.get("function")
                found = replace(
                    found, objective=on, function=function, request=options.get("request")
                )
            yield found

    def each(self, work: Callable[..., Any], items: Sequence[tuple[Any, ...]]) -> list[Result]:
        """Return what work returns for every item, given the function besides."""
        return self.workers.all(_each, [(self.what, work, *item) for item in items])


@contextmanager
def for_starts(
    client: Any, starts: Any, what: tuple[Any, Any, tuple[Any, ...], Any], asked: dict[str, Any]
) -> Iterator[dict[str, Elsewhere]]:
    """Give the workers that follow many starts, as an option of `search`.

    Raises
    ------
    InputError
        Without starts, and with what only one process can do.
    """
    if starts is None:
        raise InputError(
            "One descent takes one process: leave client out, or search from many starts=."
        )
    for name, value in asked.items():
        if value is not None:
            raise InputError(
                f"{name} cannot be had while descents are made by the workers of a cluster, all at "
                f"once: leave {name} or client out."
            )
    with closing(Elsewhere(client, given(*what))) as elsewhere:
        yield {"elsewhere": elsewhere}


def _made(what: Given) -> Given:
    """Return what was sent, its function made again."""
    if isinstance(what.fun, Recipe):
        formula, differentiation, h = what.fun
        made: Any = function(formula, differentiation=differentiation, h=h)
        return what._replace(fun=made)
    return what


def _from(what: Given, start: Vector, method: Any, options: dict[str, Any]) -> Result | None:
    """Return the descent from a start, without what only its own process can hold."""
    on = _made(what).objective(options["bounds"])
    try:
        return without_function(descend(on.started_at(start), method, **options))
    except NonFiniteError:
        return None


def _each(what: Given, work: Callable[..., Result], *item: Any) -> Result:
    """Return what work returns for a function."""
    return without_function(work(_made(what).objective(), *item))


def without_function(result: Result) -> Result:
    """Return a result that can be sent."""
    return replace(result, objective=None, function=None)
