"""Famous functions of two variables, each with a view, a start and a rate worth seeing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Famous:
    """A function to begin with.

    Parameters
    ----------
    name : str
    formula : str
    domain : tuple of float
        The ends of x, then those of y.
    start : tuple of float
    rate : float
        A learning rate with which plain descent shows what is special.
    """

    name: str
    formula: str
    domain: tuple[float, float, float, float]
    start: tuple[float, float]
    rate: float


TAU = 6.283185307179586

FAMOUS = (
    Famous("Sines", "sin(x)*sin(y)", (0, TAU, 0, TAU), (1.66, 3.37), 0.1),
    Famous("Paraboloid", "x**2 + y**2", (-10, 10, -10, 10), (6, -3), 0.1),
    Famous("Long bowl", "x**2 + 20*y**2", (-4, 4, -2, 2), (-3.5, 1.5), 0.045),
    Famous("Saddle", "x**2 - y**2", (-2, 2, -2, 2), (1.5, 0.001), 0.1),
    Famous("Monkey saddle", "x**3 - 3*x*y**2", (-2, 2, -2, 2), (1, 0.2), 0.03),
    Famous("Cubic", "x**3 - 4*x - y**2", (-1.5, 4.5, -4, 2), (1.8, -1), 0.05),
    Famous("Rosenbrock", "(1-x)**2 + 100*(y-x**2)**2", (-2, 2, -1, 3), (-1.2, 1), 0.001),
    Famous("Himmelblau", "(x**2+y-11)**2 + (x+y**2-7)**2", (-5, 5, -5, 5), (0, 0), 0.01),
    Famous("Beale", "(1.5-x+x*y)**2 + (2.25-x+x*y**2)**2 + (2.625-x+x*y**3)**2",
           (-1, 4, -2, 1.5), (1, 1), 0.005),
    Famous("Booth", "(x+2*y-7)**2 + (2*x+y-5)**2", (-6, 8, -6, 8), (-4, 6), 0.05),
    Famous("Matyas", "0.26*(x**2+y**2) - 0.48*x*y", (-8, 8, -8, 8), (-7, 3), 0.9),
    Famous("Three-hump camel", "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
           (-2.4, 2.4, -2.4, 2.4), (2.1, 2), 0.05),
    Famous("Six-hump camel", "(4-2.1*x**2+x**4/3)*x**2 + x*y + (-4+4*y**2)*y**2",
           (-2, 2, -1.2, 1.2), (1.6, 1), 0.02),
    Famous("Rastrigin", "20 + x**2 + y**2 - 10*(cos(2*pi*x) + cos(2*pi*y))",
           (-2.5, 2.5, -2.5, 2.5), (1.3, -1.7), 0.002),
    Famous("Ackley", "20 + e - 20*exp(-0.2*sqrt((x**2+y**2)/2)) - exp((cos(2*pi*x)+cos(2*pi*y))/2)",
           (-4, 4, -4, 4), (2.4, 1.3), 0.05),
    Famous("Levy", "sin(pi*(1+(x-1)/4))**2 + (y-1)**2/16*(1+sin(2*pi*(1+(y-1)/4))**2)",
           (-8, 10, -8, 10), (-6, 7), 0.5),
    Famous("Styblinski-Tang", "(x**4-16*x**2+5*x + y**4-16*y**2+5*y)/2",
           (-4, 4, -4, 4), (0.5, 3), 0.01),
    Famous("Easom", "-cos(x)*cos(y)*exp(-(x-pi)**2-(y-pi)**2)", (0, TAU, 0, TAU), (2.3, 2.4), 0.2),
    Famous("Peaks", "3*(1-x)**2*exp(-x**2-(y+1)**2) - 10*(x/5-x**3-y**5)*exp(-x**2-y**2)"
           " - exp(-(x+1)**2-y**2)/3", (-3, 3, -3, 3), (0.2, 0.6), 0.03),
    Famous("Ravine with a kink", "abs(x) + 10*y**2", (-3, 3, -1.5, 1.5), (-2.5, 1.2), 0.06),
)  # fmt: skip
"""Twenty of them, from the gentlest to the nastiest."""


def place_of(formula: str) -> int | None:
    """Return which of the famous functions a formula is; None where it is none of them."""
    places = {one.formula: place for place, one in enumerate(FAMOUS)}
    return places.get(formula)
