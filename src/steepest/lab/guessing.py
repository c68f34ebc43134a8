"""A game: find the lowest place of a landscape that is not shown, by probing it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from steepest.descent.minimize import minimize
from steepest.figures import interactive
from steepest.figures.data import Caption, Contours
from steepest.figures.style import THEMES
from steepest.functions import function
from steepest.lab.famous import FAMOUS
from steepest.lab.pictures import grid_of

PROBES = 15
"""What each side may ask for."""

PLAYABLE = ("Himmelblau", "Six-hump camel", "Peaks", "Styblinski-Tang", "Beale", "Booth",
            "Three-hump camel", "Rosenbrock", "Levy")  # fmt: skip


@dataclass(frozen=True)
class Game:
    """One hidden landscape.

    Parameters
    ----------
    seed : int
        Which one.
    formula : str
    domain : tuple of float
    """

    seed: int
    formula: str
    domain: tuple[float, float, float, float]


@lru_cache(maxsize=64)
def game_of(seed: int) -> Game:
    """Return the landscape of a seed: a famous one, mirrored at random so that nobody knows it."""
    generator = np.random.default_rng(seed)
    known = {one.name: one for one in FAMOUS}
    one = known[str(generator.choice(PLAYABLE))]
    first, second = generator.choice([-1, 1], 2)
    formula = str(function(one.formula).formula)
    # A mirrored variable is written out, so that the formula stays one that people can read.
    for name, sign in (("x", first), ("y", second)):
        if sign < 0:
            formula = _mirrored(formula, name)
    low, high, bottom, top = one.domain
    across = (low, high) if first > 0 else (-high, -low)
    along = (bottom, top) if second > 0 else (-top, -bottom)
    return Game(seed, formula, (*across, *along))


def _mirrored(formula: str, name: str) -> str:
    """Return a formula in which a variable has the other sign."""
    return re.sub(rf"\b{name}\b", f"(-{name})", formula)


def probed(game: Game, places: Sequence[Sequence[float]]) -> list[float]:
    """Return the values at places."""
    known = function(game.formula)
    return [float(known(*place)) for place in places[:PROBES]]


@lru_cache(maxsize=64)
def rival(game: Game) -> tuple[float, int]:
    """Return the lowest value that descents find with as many probes, and how many began.

    L-BFGS begins at a random place, and at another one when it ends early.
    """
    low, high, bottom, top = game.domain
    generator = np.random.default_rng([game.seed, 1])
    left, best, begun = PROBES, np.inf, 0
    while left > 0:
        start = {"x": generator.uniform(low, high), "y": generator.uniform(bottom, top)}
        result = minimize(
            game.formula,
            start,
            method="l-bfgs",
            bounds={"x": (low, high), "y": (bottom, top)},
            max_evaluations=left,
        )
        left -= result.nfev
        best, begun = min(best, result.fun), begun + 1
    return float(best), begun


def board(game: Game, places: Sequence[Sequence[float]], shown: bool, theme: str) -> Any:
    """Return the board with the probes; the landscape is shown when the game is over."""
    from plotly.graph_objects import Figure

    low, high, bottom, top = game.domain
    if shown:
        grid = grid_of(game.formula, game.domain)
        figure = interactive.draw(Contours(Caption("", ""), grid, ()), THEMES[theme])
    else:
        figure = Figure()
    values = probed(game, places)
    best = int(np.argmin(values)) if values else -1
    for k, (place, value) in enumerate(zip(places, values, strict=False)):
        figure.add_scatter(
            x=[place[0]],
            y=[place[1]],
            mode="markers+text",
            text=[f"{value:.3g}"],
            textposition="top center",
            textfont={"size": 13, "color": THEMES[theme].ink if not shown else "#ffffff"},
            marker={
                "size": 14,
                "color": "#e3120b" if k == best else "#56b4e9",
                "line": {"color": "white", "width": 2},
            },
            hoverinfo="skip",
            showlegend=False,
        )
    look = THEMES[theme]
    lines = {"gridcolor": look.grid, "zerolinecolor": look.grid}
    return figure.update_layout(
        title=None,
        height=None,
        autosize=True,
        dragmode=False,
        showlegend=False,
        margin={"l": 48, "r": 8, "t": 8, "b": 44},
        paper_bgcolor=look.paper,
        plot_bgcolor=look.paper,
        font={"color": look.ink},
        xaxis={"range": [low, high], "title": "x", **lines},
        yaxis={"range": [bottom, top], "title": "y", **lines},
    )


def score(game: Game, places: Sequence[Sequence[float]]) -> str:
    """Return how the game stands, in words."""
    values = probed(game, places)
    left = PROBES - len(values)
    if not values:
        return f"You have {PROBES} probes. Click where you think it is low."
    yours = min(values)
    if left:
        return f"Your lowest so far is {yours:.4g}. {left} probes are left."
    theirs, begun = rival(game)
    if abs(yours - theirs) <= 1e-3 * max(abs(yours), abs(theirs), 1e-9):
        end = "A draw"
    else:
        end = "You win" if yours < theirs else "Gradient descent wins"
    starts = "one start" if begun == 1 else f"{begun} starts"
    return (
        f"{end}: your lowest is {yours:.5g}, and L-BFGS came to {theirs:.5g} with as many probes, "
        f"from {starts}. You saw values alone; it saw slopes as well."
    )
