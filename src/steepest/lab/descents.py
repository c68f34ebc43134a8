"""The descents that a state asks for."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

from steepest.descent.methods import Method, named
from steepest.descent.minimize import minimize
from steepest.descent.result import Result
from steepest.errors import SteepestError
from steepest.figures.style import METHOD_COLOURS, THEMES
from steepest.functions import Function, function
from steepest.lab.limits import DESCENT_SECONDS, TOGETHER_SECONDS
from steepest.lab.state import METHODS, State

WITH_MOMENTUM = ("momentum", "nesterov")

WITHOUT_RATE = ("conjugate-gradient", "l-bfgs", "newton")

NO_TIME = (
    f"There was no time left for it: all descents together may take {TOGETHER_SECONDS:g} s. Choose "
    "fewer methods, fewer steps, or a shorter formula."
)


@dataclass(frozen=True)
class Descents:
    """What came of a state.

    Parameters
    ----------
    function : Function
    results : dict
        By method, in the order chosen.
    failed : dict
        Why a method could not run.
    """

    function: Function
    results: dict[str, Result]
    failed: dict[str, str]

    @property
    def longest(self) -> int:
        """The most steps that any of them made."""
        return max((result.nit for result in self.results.values()), default=0)

    def looked_into(self, state: State) -> Result | None:
        """Return the descent that is looked into; None where it could not run."""
        return self.results.get(state.looked_into or "")


def descents_of(state: State) -> Descents:
    """Make the descents of a state.

    Raises
    ------
    InputError
        For a state that cannot be shown.
    """
    state.checked()
    rates = (state.rate, state.momentum)
    return _made(state.formula, state.start, state.methods, *rates, state.steps)


@lru_cache(maxsize=64)
def _made(
    formula: str,
    start: tuple[float, float],
    methods: tuple[str, ...],
    rate: float,
    momentum: float,
    steps: int,
) -> Descents:
    """Make descents; how they are looked at does not matter to them."""
    known = function(formula)
    begin = dict(zip(known.variables, start, strict=True))
    results: dict[str, Result] = {}
    failed = {}
    deadline = time.perf_counter() + TOGETHER_SECONDS
    for name in methods:
        left = deadline - time.perf_counter()
        if left <= 0:
            failed[name] = NO_TIME
            continue
        try:
            results[name] = minimize(
                known,
                begin,
                method=named(name, **options_of(name, rate, momentum)),
                max_steps=steps,
                max_seconds=min(DESCENT_SECONDS, left),
            )
        except SteepestError as error:
            failed[name] = str(error)
    return Descents(known, results, failed)


def method_of(state: State, name: str) -> Method:
    """Return a method with the options of a state."""
    return named(name, **options_of(name, state.rate, state.momentum))


def options_of(name: str, rate: float, momentum: float) -> dict[str, float]:
    """Return the options that a method takes."""
    if name in WITHOUT_RATE:
        return {}
    options = {"learning_rate": rate}
    return {**options, "momentum": momentum} if name in WITH_MOMENTUM else options


def colour_of(method: str, theme: str) -> str:
    """Return the colour of a method, which is its own whichever others are shown."""
    colour = METHOD_COLOURS[METHODS.index(method) % len(METHOD_COLOURS)]
    if METHODS.index(method) >= len(METHOD_COLOURS):
        return "#e3120b"
    return THEMES[theme].ink if colour == "#000000" else colour
