"""All that the page shows, as one value that fits into its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any
from urllib.parse import parse_qs, quote

from steepest.errors import InputError, SteepestError, did_you_mean
from steepest.expression.node import topological_order
from steepest.expression.parser import Formula, parse
from steepest.lab.famous import FAMOUS
from steepest.lab.limits import LONGEST, MOST_OPERATIONS, MOST_STEPS

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

VIEWS = {"map": "Map", "surface": "Surface", "microscope": "Microscope"}
"""How the function is looked at."""

MARKS = {
    "points": "Critical points",
    "basins": "Basins",
    "arrows": "Arrows of the step",
    "axes": "Axes of curvature",
}
"""What can be laid over the map."""

ROOMS = {
    "descend": "Descend",
    "fit": "Fit your data",
    "guess": "Guess the minimum",
    "lessons": "Lessons",
}
"""The parts of the page."""

DEEPEST_ZOOM = 6.0
"""The power of ten up to which the microscope magnifies: beyond it rounding shows."""


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
    view : str
        Of `VIEWS`.
    marks : tuple of str
        Of `MARKS`.
    inside : str
        The method whose steps are looked into; the first one chosen where it is not among them.
    zoom : float
        The magnification of the microscope, as a power of ten.
    room : str
        Of `ROOMS`.
    """

    formula: str = FAMOUS[0].formula
    domain: tuple[float, float, float, float] = FAMOUS[0].domain
    start: tuple[float, float] = FAMOUS[0].start
    methods: tuple[str, ...] = ("gradient-descent",)
    rate: float = FAMOUS[0].rate
    momentum: float = 0.9
    steps: int = 200
    view: str = "map"
    marks: tuple[str, ...] = ("points", "axes")
    inside: str = METHODS[0]
    zoom: float = 0.0
    room: str = "descend"

    @property
    def looked_into(self) -> str | None:
        """The method that is looked into; None where none is chosen."""
        if self.inside in self.methods:
            return self.inside
        return self.methods[0] if self.methods else None

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
            "v": self.view,
            "o": ",".join(self.marks),
            "i": self.inside,
            "z": repr(self.zoom),
            "p": self.room,
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
        query = query.lstrip("?").replace("+", "%2B")
        try:
            given = {
                key: values[-1]
                for key, values in parse_qs(
                    query, keep_blank_values=True, max_num_fields=40
                ).items()
            }
        except ValueError as error:
            raise InputError("The address holds too many parts: keep those of the page.") from error
        parts: dict[str, Any] = {name: given[key] for key, name in TEXTS.items() if key in given}
        for key, name in LISTS.items():
            if key in given:
                parts[name] = tuple(filter(None, given[key].split(",")))
        for key, (name, count) in NUMBERS.items():
            if key in given:
                numbers = _numbers(given[key], count)
                parts[name] = tuple(numbers) if count > 1 else numbers[0]
        if "n" in given:
            parts["steps"] = _whole(given["n"])
        if parts.get("methods") and "inside" not in parts:
            parts["inside"] = parts["methods"][0]
        return cls(**parts)

    def checked(self) -> Formula:
        """Return the formula, read; refuse what cannot be shown, and what would take too long.

        Raises
        ------
        InputError
        """
        formula = read_formula(self.formula)
        for method in (*self.methods, self.inside):
            _check_known("method", method, METHODS)
        if len(set(self.methods)) < len(self.methods):
            raise InputError("A method is named twice: name each once.")
        for mark in self.marks:
            _check_known("mark", mark, MARKS)
        _check_known("view", self.view, VIEWS)
        _check_known("room", self.room, ROOMS)
        low, high, bottom, top = self.domain
        ends = all(map(isfinite, self.domain)) and low < high and bottom < top
        if not (ends and isfinite(high - low) and isfinite(top - bottom)):
            raise InputError("The view needs a lower and a higher end on both axes.")
        if not all(map(isfinite, self.start)):
            raise InputError("The start is two finite numbers.")
        if not (isfinite(self.rate) and self.rate > 0):
            raise InputError(f"The rate {self.rate!r} must be a positive number.")
        if not 0 <= self.momentum < 1:
            raise InputError(f"The momentum {self.momentum!r} must be from 0 to below 1.")
        if not 1 <= self.steps <= MOST_STEPS:
            raise InputError(f"The steps must be 1 to {MOST_STEPS}.")
        if not 0 <= self.zoom <= DEEPEST_ZOOM:
            raise InputError(f"The zoom {self.zoom!r} must be 0 to {DEEPEST_ZOOM:g} powers of ten.")
        return formula


def state_at(query: str) -> State:
    """Return the state of an address; that of a new page where the address makes no sense."""
    try:
        state = State.from_query(query)
        state.checked()
    except SteepestError:
        return State()
    return state


@lru_cache(maxsize=256)
def read_formula(text: str) -> Formula:
    """Return a formula of two variables that is not too long, read.

    Raises
    ------
    InputError
    """
    if len(text) > LONGEST:
        raise InputError(f"The formula has more than {LONGEST} characters: shorten it.")
    formula = parse(text)
    if len(formula.variables) != 2:
        named = ", ".join(formula.variables) or "none"
        raise InputError(
            f"The page draws functions of two variables, and this one has "
            f"{len(formula.variables)} ({named}): give two, such as x and y."
        )
    if len(topological_order([formula.expression])) > MOST_OPERATIONS:
        raise InputError(f"The formula has more than {MOST_OPERATIONS} operations: shorten it.")
    return formula


TEXTS = {"f": "formula", "v": "view", "i": "inside", "p": "room"}
LISTS = {"m": "methods", "o": "marks"}
NUMBERS = {
    "r": ("rate", 1),
    "b": ("momentum", 1),
    "z": ("zoom", 1),
    "d": ("domain", 4),
    "s": ("start", 2),
}
"""What the letters of an address mean."""


def _check_known(what: str, name: str, known: Sequence[str] | dict[str, str]) -> None:
    if name not in known:
        short = name[:40]
        raise InputError(f"There is no {what} {short!r} here.{did_you_mean(short, known)}")


def _whole(text: str) -> int:
    """Return a whole number."""
    (number,) = _numbers(text, 1)
    if not number.is_integer():
        raise InputError(f"The address holds {text[:40]!r}, which is no whole number.")
    return int(number)


def _numbers(text: str, count: int) -> Sequence[float]:
    """Return so many numbers, separated by commas."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise InputError(f"The address holds {text[:40]!r}, which is no {count} number(s).")
    return numbers
