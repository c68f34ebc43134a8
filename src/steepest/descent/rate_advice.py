"""Which learning rate to take: short descents with many rates side by side, and 2/L beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.choices import chosen_method
from steepest.descent.curvature import extremes
from steepest.descent.divergence import RISE
from steepest.descent.measures import largest
from steepest.descent.messages import require_finite_start
from steepest.descent.methods import FirstOrderMethod, Method
from steepest.descent.options import STEPS as STEPS_ALLOWED
from steepest.descent.options import require
from steepest.errors import InputError
from steepest.objective import Objective, Vector

if TYPE_CHECKING:
    import plotly.graph_objects

RATES = 81
"""How many rates are tried, evenly spaced by their logarithms."""

DECADES_BELOW, DECADES_ABOVE = 4.0, 1.0
"""How far they reach below and above the threshold of stability."""

STEPS = 100
"""How many steps each of them is run for."""

OFTEN = 0.25
"""Values that come to nothing and rise in more than this share of the steps oscillate."""

MOST_OF_IT = 0.95
"""A rate is slow that brings less than this share of the largest fall of any rate."""

BANDS = ("slow", "good", "oscillating", "diverging")

OPEN_ENDED = (
    "No rate was too large: the value falls on and on, and there may be no minimum on this side; "
    "start elsewhere, or check the sign of the function."
)


@dataclass(frozen=True, eq=False)
class RateAdvice:
    """A learning rate to take, and how others did.

    Parameters
    ----------
    rate : float
        The suggestion: of the good rates that are at most half the largest one, which leaves a
        margin for steeper places to come, the one that came lowest.
    stable : float or None
        The rate above which the curvature at the start lets the method diverge: 2/L for gradient
        descent. None where the method has no such threshold, or the curvature is not positive.
    curvature : float or None
        L, the largest curvature at the start; None where it is not positive or not finite.
    rates : ndarray, shape (m,)
        The rates that were tried, ascending.
    values : ndarray, shape (m,)
        What each of them came to; infinite where it diverged.
    bands : tuple of str
        For each rate "slow", "good", "oscillating" or "diverging", in this order: what the rates
        did, with the few that are out of order joined to those around them.
    start_value : float
        f at the start.
    method : str
        The name of the method.
    steps : int
        How many steps each rate was run for.

    Examples
    --------
    >>> import steepest as st
    >>> advice = st.suggest_rate("x**2 + 10*y**2", {"x": 1, "y": 1})
    >>> advice.stable, round(advice.rate, 2), sorted(set(advice.bands))
    (0.1, 0.04, ['diverging', 'good', 'oscillating', 'slow'])
    """

    rate: float
    stable: float | None
    curvature: float | None
    rates: Vector = field(repr=False)
    values: Vector = field(repr=False)
    bands: tuple[str, ...] = field(repr=False)
    start_value: float
    method: str
    steps: int

    def band(self, name: str) -> tuple[float, float] | None:
        """Return the lowest and the highest rate of a band; None where no rate is in it.

        Parameters
        ----------
        name : {"slow", "good", "oscillating", "diverging"}
        """
        if name not in BANDS:
            raise InputError(f"There is no band {name!r}: the bands are {', '.join(BANDS)}.")
        inside = self.rates[[band == name for band in self.bands]]
        return (float(inside[0]), float(inside[-1])) if inside.size else None

    @property
    def open_ended(self) -> bool:
        """Whether the largest of the rates did well still, as it does where there is no minimum."""
        return self.bands[-1] == "good"

    def explain(self) -> str:
        """Return the suggestion, the bands and the threshold in words."""
        lines = [f"Take learning_rate={self.rate:.3g} for {self.method}."]
        for name in BANDS:
            if ends := self.band(name):
                low, high = (f"{rate:.3g}" for rate in ends)
                lines.append(f"{name.capitalize()}: {low if low == high else f'{low} to {high}'}.")
        if self.stable is not None:
            lines.append(
                f"The curvature at the start, L = {self.curvature:.4g}, makes rates above "
                f"{self.stable:.4g} unstable there."
            )
        if self.open_ended:
            lines.append(OPEN_ENDED)
        lines.append(f"Each rate was run for {self.steps} steps from the same start.")
        return "\n".join(lines)

    def plot(self, *, theme: str = "light") -> plotly.graph_objects.Figure:
        """Return a figure of what every rate came to, over the bands.

        Parameters
        ----------
        theme : {"light", "dark"}, default "light"
            The colours.
        """
        from steepest.figures import plot_rates

        return plot_rates(self, theme=theme)


def suggest_rate(
    fun: Any,
    x0: Any,
    method: str | Method = "gradient-descent",
    *,
    args: tuple[Any, ...] = (),
    jac: Any = None,
    steps: int = STEPS,
) -> RateAdvice:
    """Suggest a learning rate for a method on a function.

    81 rates over five decades around the threshold of stability, 2/L for gradient descent, are
    each run for some steps from the same start, all at once. L is the largest eigenvalue of the
    Hessian at the start, from 20 Lanczos steps with Hessian-vector products where there are many
    variables.

    Parameters
    ----------
    fun, x0
        As in `minimize`.
    method : str or FirstOrderMethod, default "gradient-descent"
        A method with a learning rate.
    args, jac
        As in `minimize`.
    steps : int, default 100
        How many steps each rate is run for.

    Returns
    -------
    RateAdvice

    Raises
    ------
    InputError
        For a method without a learning rate, and for a start where the gradient is 0.
    NonFiniteError
        If the value or the gradient at the start is not finite.

    References
    ----------
    L. N. Smith, "Cyclical learning rates for training neural networks", 2015 (the range test).

    Examples
    --------
    >>> advice = suggest_rate("x**2 + 10*y**2", [1, 1])
    >>> advice.stable, 0.03 < advice.rate < 0.1
    (0.1, True)
    """
    from steepest.functions import objective

    return advise(objective(fun, x0, args=args, jac=jac), chosen_method(method), steps)


def advise(objective: Objective, method: Method, steps: int = STEPS) -> RateAdvice:
    """Return the advice of `suggest_rate` for an objective."""
    if not isinstance(method, FirstOrderMethod):
        raise InputError(
            f"The method {method.name!r} finds the length of its steps itself: take one with a "
            "learning rate, such as 'gradient-descent' or 'adam'."
        )
    require("steps", steps, STEPS_ALLOWED, "suggest_rate")
    start = np.asarray(objective.start, dtype=np.float64)
    value, gradient = objective.value_and_gradient(start)
    require_finite_start(objective, (0, start, value, gradient, np.nan, True, 1))
    if not gradient.any():
        raise InputError(
            "The gradient at the start is 0, so that every rate stays there: start on a slope."
        )
    ends = extremes(objective, start)
    curvature = None if ends is None or not ends[1] > 0 else ends[1]
    stable = None if curvature is None else method.stable_rate(curvature)
    middle = stable or _typical_rate(method, start, gradient)
    rates = np.geomspace(middle / 10**DECADES_BELOW, middle * 10**DECADES_ABOVE, RATES)
    values, rises = _raced(objective, method, rates, steps, value)
    bands = _ordered(_banded(values, rises, value))
    return RateAdvice(
        _best(rates, values, bands),
        stable,
        curvature,
        rates,
        values,
        bands,
        value,
        method.name,
        steps,
    )


def _typical_rate(method: FirstOrderMethod, start: Vector, gradient: Vector) -> float:
    """Return the middle of the rates to try where no threshold is known.

    Methods that divide by the size of the gradient move x by about the rate itself at a step;
    others by rate · g.
    """
    if method.default_rate is not None:
        return max(1.0, largest(start)) / 10
    return max(1.0, largest(start)) / largest(gradient)


def _raced(
    objective: Objective, method: FirstOrderMethod, rates: Vector, steps: int, value: float
) -> tuple[Vector, Vector]:
    """Return what every rate came to, and in which share of its steps the value rose."""
    count = len(rates)
    x = np.tile(np.asarray(objective.start, dtype=np.float64), (count, 1))
    values, slopes = objective.values_and_gradients(x)
    ceiling = value + RISE * max(abs(value), float(np.ptp(values)), 1e-300)
    state = method.initial_state(x)
    rises = np.zeros(count)
    alive = np.ones(count, dtype=bool)
    for step in range(1, steps + 1):
        with np.errstate(all="ignore"):
            direction, state = method.direction(x, slopes, state, step)
            x = np.where(alive[:, None], x + rates[:, None] * direction, x)
            following, slopes = objective.values_and_gradients(x)
        alive &= np.isfinite(following) & np.isfinite(slopes).all(axis=1) & (following < ceiling)
        rises += alive & (following > values)
        values = np.where(alive, following, np.inf)
        slopes = np.where(alive[:, None], slopes, 0.0)
        x = np.where(alive[:, None], x, np.asarray(objective.start))
    return values, rises / steps


def _banded(values: Vector, rises: Vector, start_value: float) -> list[str]:
    """Return the band of every rate."""
    falls = start_value - values
    most = float(falls.max())
    bands = []
    for value, fall, rise in zip(values, falls, rises, strict=True):
        if value == np.inf or value > start_value + abs(most):
            bands.append("diverging")
        elif fall >= MOST_OF_IT * most > 0:
            bands.append("good")
        else:
            bands.append("oscillating" if rise > OFTEN else "slow")
    good = [place for place, band in enumerate(bands) if band == "good"]
    # What is slow above the good rates wastes its steps on swinging.
    for place in range(good[-1] + 1 if good else 0, len(bands) if good else 0):
        bands[place] = "oscillating" if bands[place] == "slow" else bands[place]
    return bands


def _ordered(bands: list[str]) -> tuple[str, ...]:
    """Return the bands in order, slow to diverging, that agree with most of these.

    A rate may do well by luck among others that diverge: what lies beyond the good rates is not
    good because of it. What diverged is never called good.
    """
    wrong = np.array([[float(band != name) for name in BANDS] for band in bands])
    wrong[np.array(bands) == "diverging", BANDS.index("good")] = np.inf
    # The fewest disagreements up to each rate, by the band given to it, and the band before.
    costs, before = wrong[0], []
    for row in wrong[1:]:
        before.append([int(np.argmin(costs[: band + 1])) for band in range(len(BANDS))])
        costs = row + costs[before[-1]]
    place = int(np.argmin(costs))
    places = [place]
    for best in reversed(before):
        place = best[place]
        places.append(place)
    return tuple(BANDS[place] for place in reversed(places))


def _best(rates: Vector, values: Vector, bands: tuple[str, ...]) -> float:
    """Return the good rate that came lowest, of those at most half the largest good one."""
    good = [place for place, band in enumerate(bands) if band == "good"]
    if not good:
        return float(rates[int(np.argmin(values))])
    safe = [place for place in good if rates[place] <= rates[good[-1]] / 2] or good
    return float(rates[min(safe, key=lambda place: values[place])])
