"""Critical points and basins of what is shown, searched for in limits of time."""

from __future__ import annotations

from functools import lru_cache

from steepest.errors import InputError
from steepest.lab.descents import method_of
from steepest.lab.limits import BASIN_POINTS, MOST_MARKS, SEARCH_SECONDS
from steepest.lab.state import State, read_formula
from steepest.landscapes.basins import Basins
from steepest.landscapes.landscape import Landscape, landscape
from steepest.landscapes.points import CriticalPoint, CriticalPoints

Domain = tuple[float, float, float, float]


@lru_cache(maxsize=128)
def landscape_of(formula: str, domain: Domain) -> Landscape:
    """Return the landscape of a formula, which remembers its critical points."""
    low, high, bottom, top = domain
    first, second = read_formula(formula).variables
    return landscape(formula, {first: (low, high), second: (bottom, top)})


def points_of(state: State) -> CriticalPoints:
    """Return the critical points in the view, as far as time allowed to find them."""
    kept = _kept_points(state.formula, state.domain)
    if not kept:
        of = landscape_of(state.formula, state.domain)
        kept.append(of.critical_points(max_seconds=SEARCH_SECONDS))
    return kept[0]


def points_are_known(state: State) -> bool:
    """Return whether nobody would have to wait for them."""
    return bool(_kept_points(state.formula, state.domain))


@lru_cache(maxsize=128)
def _kept_points(formula: str, domain: Domain) -> list[CriticalPoints]:
    """Return the place where the points of a view are kept."""
    return []


def basins_of(state: State) -> Basins:
    """Return where the method that is looked into comes to, from all over the view.

    Raises
    ------
    InputError
        For a method that does not descend from many starts at once.
    """
    name = state.looked_into
    if name is None:
        raise InputError("Choose a method, whose basins are then shown.")
    return _basins(state.formula, state.domain, name, state.rate, state.momentum)


@lru_cache(maxsize=32)
def _basins(formula: str, domain: Domain, name: str, rate: float, momentum: float) -> Basins:
    state = State(formula, domain, methods=(name,), inside=name, rate=rate, momentum=momentum)
    return landscape_of(formula, domain).basins(
        method_of(state, name), points=BASIN_POINTS, max_seconds=SEARCH_SECONDS
    )


def key_of_points(state: State) -> str:
    """Return what the critical points depend on."""
    return f"{state.formula} {[*map(float, state.domain)]}"


def key_of_basins(state: State) -> str:
    """Return what the basins depend on."""
    return f"{key_of_points(state)} {state.looked_into} {state.rate} {state.momentum}"


def marked_of(points: CriticalPoints) -> tuple[CriticalPoint, ...]:
    """Return the points that are marked: all of them, or some of every kind."""
    return points[:: 1 + (len(points) - 1) // MOST_MARKS] if len(points) else ()


def said_of_points(points: CriticalPoints) -> str:
    """Return what was found, and how sure it is, in words."""
    marked = len(marked_of(points))
    if marked == len(points):
        return str(points)
    return f"{points} Of the {len(points)} points {marked} are marked; a smaller view shows more."
