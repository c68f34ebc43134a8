"""All that the page shows, as one value that fits into its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from urllib.parse import parse_qs, quote

from steepest.errors import InputError, did_you_mean
from steepest.expression.node import topological_order
from steepest.expression.parser import Formula, parse
from steepest.lab.famous import FAMOUS

METHODS = (
    "gradient-descent",
    "momentum",
    "nesterov",
    "adam",
    "rmsprop",
    "adagrad",
    "conjugate-gradient",
    "l-bfgs",
    "newton",
)
"""The methods that the page offers, each in a colour of its own."""

LONGEST = 400
"""Characters of a formula."""

MOST_OPERATIONS = 600
"""Operations of a formula: a map of it takes a tenth of a second at most."""

MOST_STEPS = 5000


@dataclass(frozen=True)
class State:
    """A function, where to look at it, and the descents on it.

    Parameters
    ----------
    formula : str
        A formula of two variables.
    domain : tuple of float
        The ends of the first variable, then those of the second.
    start : tuple of float
    methods : tuple of str
        Of `METHODS`.
    rate : float
        The learning rate of the methods that take one.
    momentum : float
        That of momentum and nesterov.
    steps : int
        At most.
    """

    formula: str = FAMOUS[0].formula
    domain: tuple[float, float, float, float] = FAMOUS[0].domain
    start: tuple[float, float] = FAMOUS[0].start
    methods: tuple[str, ...] = ("gradient-descent",)
    rate: float = FAMOUS[0].rate
    momentum: float = 0.9
    steps: int = 200

    def to_query(self) -> str:
        """Return the state as the query of an address; every number keeps all its digits."""
        parts = {
            "f": self.formula,
            "d": ",".join(map(repr, self.domain)),
            "s": ",".join(map(repr, self.start)),
            "m": ",".join(self.methods),
            "r": repr(self.rate),
            "b": repr(self.momentum),
            "n": str(self.steps),
        }
        return "?" + "&".join(
            f"{key}={quote(value, safe=',*()+-.')}" for key, value in parts.items()
        )

    @classmethod
    def from_query(cls, query: str) -> State:
        """Return the state of an address; what it does not say is as in a new page.

        Raises
        ------
        InputError
            For numbers that are none.

        Examples
        --------
        >>> state = State(rate=0.25, methods=("adam", "newton"))
        >>> State.from_query(state.to_query()) == state
        True
        """
        # In a query a plus sign is a space; here it is a plus sign.
        given = {
            key: values[-1]
            for key, values in parse_qs(
                query.lstrip("?").replace("+", "%2B"), keep_blank_values=True
            ).items()
        }
        state = cls()
        if "f" in given:
            state = replace(state, formula=given["f"])
        if "d" in given:
            low, high, bottom, top = _numbers(given["d"], 4)
            state = replace(state, domain=(low, high, bottom, top))
        if "s" in given:
            first, second = _numbers(given["s"], 2)
            state = replace(state, start=(first, second))
        if "m" in given:
            state = replace(state, methods=tuple(filter(None, given["m"].split(","))))
        if "r" in given:
            state = replace(state, rate=_numbers(given["r"], 1)[0])
        if "b" in given:
            state = replace(state, momentum=_numbers(given["b"], 1)[0])
        if "n" in given:
            state = replace(state, steps=int(_numbers(given["n"], 1)[0]))
        return state

    def checked(self) -> Formula:
        """Return the formula, read; refuse what cannot be shown, and what would take too long.

        Raises
        ------
        InputError
        """
        if len(self.formula) > LONGEST:
            raise InputError(f"The formula has more than {LONGEST} characters: shorten it.")
        formula = parse(self.formula)
        if len(formula.variables) != 2:
            named = ", ".join(formula.variables) or "none"
            raise InputError(
                f"The page draws functions of two variables, and this one has "
                f"{len(formula.variables)} ({named}): give two, such as x and y."
            )
        if len(topological_order([formula.expression])) > MOST_OPERATIONS:
            raise InputError(f"The formula has more than {MOST_OPERATIONS} operations: shorten it.")
        for method in self.methods:
            if method not in METHODS:
                raise InputError(
                    f"There is no method {method!r} here.{did_you_mean(method, METHODS)}"
                )
        low, high, bottom, top = self.domain
        if not (all(map(isfinite, self.domain)) and low < high and bottom < top):
            raise InputError("The view needs a lower and a higher end on both axes.")
        if not all(map(isfinite, self.start)):
            raise InputError("The start is two finite numbers.")
        if not (isfinite(self.rate) and self.rate > 0):
            raise InputError(f"The rate {self.rate!r} must be a positive number.")
        if not 0 <= self.momentum < 1:
            raise InputError(f"The momentum {self.momentum!r} must be from 0 to below 1.")
        if not 1 <= self.steps <= MOST_STEPS:
            raise InputError(f"The steps must be 1 to {MOST_STEPS}.")
        return formula


def _numbers(text: str, count: int) -> Sequence[float]:
    """Return so many numbers, separated by commas."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise InputError(f"The address holds {text[:40]!r}, which is no {count} number(s).")
    return numbers
