"""Problems of two variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.problems.problem import SURJANOVIC, least_squares, more, problem


def rosenbrock(x: Any) -> Any:
    """Return r = (10 (y - x²), 1 - x)."""
    return np.array([10 * (x[1] - x[0] ** 2), 1 - x[0]])


def freudenstein_roth(x: Any) -> Any:
    """Return r = (-13 + x + ((5 - y) y - 2) y, -29 + x + ((y + 1) y - 14) y)."""
    x, y = x
    return np.array([-13 + x + ((5 - y) * y - 2) * y, -29 + x + ((y + 1) * y - 14) * y])


def powell_badly_scaled(x: Any) -> Any:
    """Return r = (10⁴ x y - 1, e⁻ˣ + e⁻ʸ - 1.0001)."""
    return np.array([1e4 * x[0] * x[1] - 1, np.exp(-x[0]) + np.exp(-x[1]) - 1.0001])


def brown_badly_scaled(x: Any) -> Any:
    """Return r = (x - 10⁶, y - 2·10⁻⁶, x y - 2)."""
    return np.array([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2])


def beale(x: Any) -> Any:
    """Return r_i = y_i - x (1 - yⁱ), i = 1, 2, 3, with y_i = 1.5, 2.25, 2.625."""
    return np.array([1.5, 2.25, 2.625]) - x[0] * (1 - x[1] ** np.array([1.0, 2.0, 3.0]))


def jennrich_sampson(x: Any) -> Any:
    """Return r_i = 2 + 2 i - (e^(i x) + e^(i y)), i = 1 … 10."""
    i = np.arange(1.0, 11.0)
    return 2 + 2 * i - (np.exp(i * x[0]) + np.exp(i * x[1]))


def himmelblau(x: Any) -> Any:
    """Return r = (x² + y - 11, x + y² - 7)."""
    return np.array([x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7])


def cube(x: Any) -> Any:
    """Return r = (10 (y - x³), 1 - x)."""
    return np.array([10 * (x[1] - x[0] ** 3), 1 - x[0]])


def booth(x: Any) -> Any:
    """Return r = (x + 2 y - 7, 2 x + y - 5)."""
    return np.array([x[0] + 2 * x[1] - 7, 2 * x[0] + x[1] - 5])


def goldstein_price(x: Any) -> Any:
    """Return (1 + (x + y + 1)² p) (30 + (2 x - 3 y)² q).

    p = 19 - 14 x + 3 x² - 14 y + 6 x y + 3 y², q = 18 - 32 x + 12 x² + 48 y - 36 x y + 27 y².
    """
    x, y = x
    p = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    q = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    return (1 + (x + y + 1) ** 2 * p) * (30 + (2 * x - 3 * y) ** 2 * q)


def three_hump_camel(x: Any) -> Any:
    """Return 2 x² - 1.05 x⁴ + x⁶/6 + x y + y²."""
    return 2 * x[0] ** 2 - 1.05 * x[0] ** 4 + x[0] ** 6 / 6 + x[0] * x[1] + x[1] ** 2


def six_hump_camel(x: Any) -> Any:
    """Return (4 - 2.1 x² + x⁴/3) x² + x y + (4 y² - 4) y²."""
    x, y = x
    return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2


def matyas(x: Any) -> Any:
    """Return 0.26 (x² + y²) - 0.48 x y."""
    return 0.26 * (x[0] ** 2 + x[1] ** 2) - 0.48 * x[0] * x[1]


def mccormick(x: Any) -> Any:
    """Return sin(x + y) + (x - y)² - 1.5 x + 2.5 y + 1.

    Moving both variables by π lowers it by π: it has no lowest value, but a local minimum in
    every period.
    """
    return np.sin(x[0] + x[1]) + (x[0] - x[1]) ** 2 - 1.5 * x[0] + 2.5 * x[1] + 1


def branin(x: Any) -> Any:
    """Return (y - 5.1/(4 π²) x² + 5/π x - 6)² + 10 (1 - 1/(8 π)) cos(x) + 10."""
    x, y = x
    valley = y - 5.1 / (4 * np.pi**2) * x**2 + 5 / np.pi * x - 6
    return valley**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x) + 10


def cliff(x: Any) -> Any:
    """Return ((x - 3)/100)² - (x - y) + e^(20 (x - y))."""
    return ((x[0] - 3) / 100) ** 2 - (x[0] - x[1]) + np.exp(20 * (x[0] - x[1]))


def humps(x: Any) -> Any:
    """Return (x² + y²)/20 + (sin(20 x) sin(20 y))²."""
    return np.sum(x**2) / 20 + np.prod(np.sin(20 * x)) ** 2


def engvall(x: Any) -> Any:
    """Return x⁴ + y⁴ + 2 x² y² - 4 x + 3."""
    return x[0] ** 4 + x[1] ** 4 + 2 * x[0] ** 2 * x[1] ** 2 - 4 * x[0] + 3


# cos(x + y) = -1/2 and x - y = 1 there.
MCCORMICK_MINIMUM = -np.sqrt(3) / 2 - np.pi / 3

PROBLEMS = (
    least_squares("rosenbrock", rosenbrock, (-1.2, 1), (0,), more(1), (1, 1)),
    least_squares(
        "freudenstein-roth", freudenstein_roth, (0.5, -2), (0, 48.98425367924), more(2), (5, 4)
    ),
    least_squares(
        "powell-badly-scaled",
        powell_badly_scaled,
        (0, 1),
        (0,),
        more(3),
        (1.0981593296998e-5, 9.1061467398666),
    ),
    least_squares("brown-badly-scaled", brown_badly_scaled, (1, 1), (0,), more(4), (1e6, 2e-6)),
    least_squares("beale", beale, (1, 1), (0,), more(5), (3, 0.5)),
    least_squares("jennrich-sampson", jennrich_sampson, (0.3, 0.4), (124.36218235561,), more(6)),
    least_squares(
        "himmelblau",
        himmelblau,
        (-1, 1),
        (0,),
        "D. M. Himmelblau, Applied Nonlinear Programming, 1972",
        (3, 2),
    ),
    least_squares(
        "cube",
        cube,
        (-1.2, -1),
        (0,),
        "A. Leon, A Comparison among Eight Known Optimizing Procedures, 1966",
        (1, 1),
    ),
    least_squares("booth", booth, (-5, 5), (0,), SURJANOVIC, (1, 3)),
    problem(
        "goldstein-price",
        goldstein_price,
        (-0.5, 0.25),
        (3, 30, 84, 840),
        "A. A. Goldstein, J. F. Price, On Descent from Local Minima, 1971",
        (0, -1),
    ),
    problem(
        "three-hump-camel",
        three_hump_camel,
        (-2, 2),
        (0, 0.298638442236861),
        SURJANOVIC,
        (0, 0),
    ),
    problem(
        "six-hump-camel",
        six_hump_camel,
        (1, 1),
        (-1.03162845348988, -0.215463824383720, 2.10425031031126),
        "L. C. W. Dixon, G. P. Szegö, Towards Global Optimisation 2, 1978",
    ),
    problem("matyas", matyas, (5, -3), (0,), SURJANOVIC, (0, 0)),
    problem(
        "mccormick",
        mccormick,
        (0, 0),
        [MCCORMICK_MINIMUM - k * np.pi for k in (3, 2, 1, 0, -1, -2, -3)],
        "G. P. McCormick, Computability of Global Solutions to Factorable Programs, 1976",
    ),
    problem(
        "branin",
        branin,
        (2, 7),
        (5 / (4 * np.pi),),
        "F. H. Branin, Widely Convergent Method for Finding Multiple Solutions, 1972",
        (np.pi, 2.275),
    ),
    problem(
        "cliff",
        cliff,
        (0, -1),
        (np.log(20) / 20 + 1 / 20,),
        "A. R. Buckley, Test Functions for Unconstrained Minimization, 1989, problem 206",
        (3, 3 + np.log(20) / 20),
    ),
    problem(
        "humps",
        humps,
        (-506, -506.2),
        (0,),
        "Ph. L. Toint in I. Bongartz et al., CUTE: Constrained and Unconstrained Testing "
        "Environment, 1995",
        (0, 0),
    ),
    problem(
        "engvall",
        engvall,
        (0.5, 2),
        (0,),
        "J. L. Engvall, Numerical Algorithm for Solving Over-Determined Systems of Nonlinear "
        "Equations, 1966",
        (1, 0),
    ),
)
