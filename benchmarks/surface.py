"""What a surface of a million points costs, from the formula to the page.

The yardstick is NumPy by hand: the grid, and the function on it. Our own time is what the data of
the figure take besides; writing the page is Plotly's.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from benchmarks.alternate import alternate, duration, report
from steepest.figures.function import function_scene
from steepest.figures.output import html_page
from steepest.figures.style import THEMES
from steepest.objective import Vector

POINTS = 1000
DOMAIN = {"x": (0.0, 2 * np.pi), "y": (0.0, 2 * np.pi)}
FORMULAS = {
    "sin(x)*sin(y)": lambda x, y: np.sin(x) * np.sin(y),
    "(1-x)**2 + 100*(y-x**2)**2": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
}


def by_hand(formula: str) -> Vector:
    """Return the values on the grid."""
    axis = np.linspace(0, 2 * np.pi, POINTS)
    x, y = np.meshgrid(axis, axis)
    values: Vector = FORMULAS[formula](x, y)
    return values


def by_steepest(formula: str) -> Vector:
    """Return the values of the extracted scene."""
    scene = function_scene(formula, DOMAIN, POINTS, "surface", None, None, None)
    return scene.grid.values  # type: ignore[union-attr]


def main(rounds: int = 9) -> None:
    """Print the tables."""
    for formula in FORMULAS:
        np.testing.assert_allclose(by_steepest(formula), by_hand(formula), rtol=1e-13, atol=1e-15)
        contenders = {
            "NumPy by hand": lambda formula=formula: by_hand(formula),
            "steepest, the data of the figure": lambda formula=formula: by_steepest(formula),
        }
        title = f"{formula} on {POINTS} x {POINTS} points"
        print(report(title, alternate(contenders, rounds)))
        scene = function_scene(formula, DOMAIN, POINTS, "surface", None, None, None)
        began = perf_counter()
        page = html_page(scene, THEMES["light"], "")
        bare = html_page(
            function_scene(formula, DOMAIN, 2, "surface", None, None, None), THEMES["light"], ""
        )
        size = (len(page) - len(bare)) / 1e6
        print(f"The page: {duration(perf_counter() - began)}, {size:.1f} MB without Plotly itself")
        print()
