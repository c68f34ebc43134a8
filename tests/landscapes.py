"""Functions of two variables whose critical points are known, with how many of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi


@dataclass(frozen=True)
class Known:
    """A formula over a box, and its numbers of minima, maxima, saddles and degenerate points."""

    formula: str
    x: tuple[float, float]
    y: tuple[float, float]
    counts: tuple[int, int, int, int]
    proved: bool = True


CAMEL = "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2"
PEAKS = (
    "3*(1-x)**2*exp(-x**2-(y+1)**2) - 10*(x/5-x**3-y**5)*exp(-x**2-y**2) - exp(-(x+1)**2-y**2)/3"
)
BEALE = "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2"
GOLDSTEIN_PRICE = (
    "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
    "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))"
)
SHUBERT = "*".join(
    f"(cos(2*{v}+1) + 2*cos(3*{v}+2) + 3*cos(4*{v}+3) + 4*cos(5*{v}+4) + 5*cos(6*{v}+5))"
    for v in "xy"
)
MUELLER_BROWN = (
    "-200*exp(-(x-1)**2-10*y**2) - 100*exp(-x**2-10*(y-0.5)**2)"
    " - 170*exp(-6.5*(x+0.5)**2+11*(x+0.5)*(y-1.5)-6.5*(y-1.5)**2)"
    " + 15*exp(0.7*(x+1)**2+0.6*(x+1)*(y-1)+0.7*(y-1)**2)"
)
BRANIN = "(y - 5.1/(4*pi**2)*x**2 + 5/pi*x - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10"
LEVY = "sin(3*pi*x)**2 + (x-1)**2*(1+sin(3*pi*y)**2) + (y-1)**2*(1+sin(2*pi*y)**2)"
BIRD = "sin(x)*exp((1-cos(y))**2) + cos(y)*exp((1-sin(x))**2) + (x-y)**2"
FIVE, TWO, ONE = (-5.0, 5.0), (-2.0, 2.0), (-1.0, 1.0)

CLASSIC = {
    "himmelblau": Known("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", (-6, 6), (-6, 6), (4, 1, 4, 0)),
    "six-hump camel": Known(CAMEL, (-3, 3), TWO, (6, 2, 7, 0)),
    "three-hump camel": Known("2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2", FIVE, FIVE, (3, 0, 2, 0)),
    "monkey saddle": Known("x**3 - 3*x*y**2", (-1, 1.5), ONE, (0, 0, 0, 1), proved=False),
    "peaks": Known(PEAKS, (-3, 3), (-3, 3), (3, 3, 3, 0)),
    "rosenbrock": Known("(1 - x)**2 + 100*(y - x**2)**2", TWO, (-1, 3), (1, 0, 0, 0)),
    "beale": Known(BEALE, (-4.5, 4.5), (-4.5, 4.5), (1, 0, 2, 0)),
    "matyas": Known("0.26*(x**2 + y**2) - 0.48*x*y", (-10, 10), (-10, 10), (1, 0, 0, 0)),
    "booth": Known("(x + 2*y - 7)**2 + (2*x + y - 5)**2", (-10, 10), (-10, 10), (1, 0, 0, 0)),
    "goldstein-price": Known(GOLDSTEIN_PRICE, TWO, TWO, (4, 1, 4, 0)),
    "rastrigin": Known(
        "20 + x**2 + y**2 - 10*cos(2*pi*x) - 10*cos(2*pi*y)",
        (-2.5, 2.5),
        (-2.5, 2.5),
        (25, 16, 40, 0),
    ),
    "mccormick": Known(
        "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1", (-1.5, 4), (-3, 4), (2, 0, 1, 0)
    ),
    "branin": Known(BRANIN, (-5, 10), (0, 15), (3, 0, 2, 0)),
    "easom": Known("-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)", (1, 5), (1, 5), (5, 4, 4, 0)),
    "styblinski-tang": Known(
        "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2", FIVE, FIVE, (4, 1, 4, 0)
    ),
    "griewank": Known("1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))", FIVE, FIVE, (5, 4, 8, 0)),
    "levy": Known(LEVY, (0.4, 1.6), (0.4, 1.6), (7, 4, 12, 0)),
    "schwefel": Known("-x*sin(sqrt(x)) - y*sin(sqrt(y))", (1, 100), (1, 100), (4, 1, 4, 0)),
    "shubert": Known(SHUBERT, ONE, ONE, (8, 8, 9, 0)),
    "mueller-brown": Known(MUELLER_BROWN, (-1.5, 1.2), (-0.5, 2), (3, 0, 2, 0)),
    "henon-heiles": Known(
        "(x**2 + y**2)/2 + x**2*y - y**3/3", (-1.2, 1.2), (-0.8, 1.2), (1, 0, 3, 0)
    ),
    "double well": Known("(x**2 - 1)**2 + y**2", TWO, ONE, (2, 0, 1, 0)),
    "cubic": Known("x**3 - 4*x - y**2", (-1.5, 4.5), (-4, 2), (0, 1, 1, 0)),
    "folium": Known("x**3 + y**3 - 3*x*y", (-1, 2), (-1, 2), (1, 0, 1, 0)),
    "two cubics": Known("x**3/3 - x + y**3/3 - y", TWO, TWO, (1, 1, 2, 0)),
    "egg box": Known("sin(x)**2 + cos(y)**2 + x*y/50", (-4, 4), (-4, 4), (6, 6, 13, 0)),
    "bird": Known(BIRD, FIVE, FIVE, (5, 5, 8, 0)),
    "adjiman": Known("cos(x)*sin(y) - x/(y**2 + 1)", FIVE, FIVE, (5, 5, 8, 0)),
    "quartic bowl": Known("x**4 + y**4", (-1, 2), ONE, (0, 0, 0, 1), proved=False),
    "parsopoulos": Known("cos(x)**2 + sin(y)**2", FIVE, FIVE, (12, 12, 25, 0)),
    "ring": Known("(x**2+y**2)*exp(-x**2-y**2+x/5)", (-3, 3), (-3, 3), (1, 1, 1, 0)),
    "leon": Known("100*(y - x**3)**2 + (1 - x)**2", (-1.5, 1.5), (-1.5, 2), (1, 0, 0, 0)),
    "log valley": Known("log(1 + x**2 + y**2) + x*y/10", (-3, 3), (-3, 3), (1, 0, 0, 0)),
}

SQUARE = {"x": (0.0, 2 * pi), "y": (0.0, 2 * pi)}
