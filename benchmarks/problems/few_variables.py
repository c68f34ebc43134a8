"""Problems of three to twelve variables that are neither fits nor of any size."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.problems.problem import least_squares, more, problem

DENNIS = "J. E. Dennis, D. M. Gay, P. A. Vu, A New Nonlinear Equations Test Problem, 1985"


def helical_valley(x: Any) -> Any:
    """Return r = (10 (x₃ - 10 θ), 10 (√(x₁² + x₂²) - 1), x₃), θ being the turns of (x₁, x₂).

    θ = arctan(x₂/x₁) / (2 π), plus 1/2 where x₁ < 0.
    """
    turns = np.arctan(x[1] / x[0]) / (2 * np.pi) + np.where(x[0] < 0, 0.5, 0.0)
    radius = np.sqrt(x[0] ** 2 + x[1] ** 2)
    return np.array([10 * (x[2] - 10 * turns), 10 * (radius - 1), x[2]])


def powell_singular(x: Any) -> Any:
    """Return r = (x₁ + 10 x₂, √5 (x₃ - x₄), (x₂ - 2 x₃)², √10 (x₁ - x₄)²).

    The Hessian is singular at the minimiser.
    """
    a, b, c, d = x
    return np.array(
        [a + 10 * b, np.sqrt(5) * (c - d), (b - 2 * c) ** 2, np.sqrt(10) * (a - d) ** 2]
    )


def wood(x: Any) -> Any:
    """Return the residuals of two valleys that are tied together.

    r = (10 (x₂ - x₁²), 1 - x₁, √90 (x₄ - x₃²), 1 - x₃, √10 (x₂ + x₄ - 2), (x₂ - x₄)/√10).
    """
    a, b, c, d = x
    return np.array(
        [
            10 * (b - a**2),
            1 - a,
            np.sqrt(90) * (d - c**2),
            1 - c,
            np.sqrt(10) * (b + d - 2),
            (b - d) / np.sqrt(10),
        ]
    )


def watson(x: Any) -> Any:
    """Return the residuals of u' - u² - 1 = 0, u(0) = 0, for the polynomial u = Σ_j x_j t^(j-1).

    r_i = u'(t_i) - u(t_i)² - 1 at t_i = i/29, i = 1 … 29, r₃₀ = x₁, r₃₁ = x₂ - x₁² - 1.
    """
    t = np.arange(1.0, 30.0)[:, None] / 29
    j = np.arange(x.size)
    powers = t**j
    slopes = j[1:] * t ** (j[1:] - 1)
    equation = slopes @ x[1:] - (powers @ x) ** 2 - 1
    return np.concatenate([equation, np.array([x[0], x[1] - x[0] ** 2 - 1])])


def dipoles(dipole: Any, place: Any) -> Any:
    """Return the moments of two dipoles: Re and Im of p z + q w, p z² + q w² and p z³ + q w³.

    p = a + i c, q = b + i d, z = t + i v, w = u + i w; multiplied out.
    """
    (a, b, c, d), (t, u, v, w) = dipole, place
    return np.array(
        [
            t * a + u * b - v * c - w * d,
            v * a + w * b + t * c + u * d,
            a * (t**2 - v**2) - 2 * c * t * v + b * (u**2 - w**2) - 2 * d * u * w,
            c * (t**2 - v**2) + 2 * a * t * v + d * (u**2 - w**2) + 2 * b * u * w,
            a * t * (t**2 - 3 * v**2)
            + c * v * (v**2 - 3 * t**2)
            + b * u * (u**2 - 3 * w**2)
            + d * w * (w**2 - 3 * u**2),
            c * t * (t**2 - 3 * v**2)
            - a * v * (v**2 - 3 * t**2)
            + d * u * (u**2 - 3 * w**2)
            - b * w * (w**2 - 3 * u**2),
        ]
    )


def heart_6(x: Any) -> Any:
    """Return the moments of two dipoles in a heart, less the measured ones.

    x = (a, c, t, u, v, w); a + b = -0.816 and c + d = -0.017 are measured, too, and give b, d.
    """
    a, c, *place = x
    moments = dipoles((a, -0.816 - a, c, -0.017 - c), place)
    return moments - np.array([-1.826, -0.754, -4.839, -3.259, -14.023, 15.467])


def heart_8(x: Any) -> Any:
    """Return the moments of two dipoles in a heart, less the measured ones.

    x = (a, b, c, d, t, u, v, w), for which a + b = -0.69 and c + d = -0.044 are equations as well.
    """
    a, b, c, d, *place = x
    sums = np.array([a + b + 0.69, c + d + 0.044])
    moments = dipoles((a, b, c, d), place)
    return np.concatenate([sums, moments - np.array([-1.57, -1.31, -2.65, 2.0, -12.6, 9.48])])


def miele_cantrell(x: Any) -> Any:
    """Return (e^x₁ - x₂)⁴ + 100 (x₂ - x₃)⁶ + tan⁴(x₃ - x₄) + x₁⁸."""
    a, b, c, d = x
    return (np.exp(a) - b) ** 4 + 100 * (b - c) ** 6 + np.tan(c - d) ** 4 + a**8


PROBLEMS = (
    least_squares("helical-valley", helical_valley, (-1, 0, 0), (0,), more(7), (1, 0, 0)),
    least_squares("powell-singular", powell_singular, (3, -1, 0, 1), (0,), more(13), (0, 0, 0, 0)),
    least_squares("wood", wood, (-3, -1, -3, -1), (0,), more(14), (1, 1, 1, 1)),
    least_squares("watson-6", watson, np.zeros(6), (2.287670053552e-3,), more(20)),
    least_squares("watson-9", watson, np.zeros(9), (1.399760138096e-6,), more(20)),
    least_squares("watson-12", watson, np.zeros(12), (4.722381105e-10,), more(20)),
    least_squares("heart-6", heart_6, (0, 0, 1, 1, 1, 1), (0,), DENNIS),
    least_squares("heart-8", heart_8, (0, 1, 0, 1, 1, 1, 1, 1), (0,), DENNIS),
    problem(
        "miele-cantrell",
        miele_cantrell,
        (1, 2, 2, 2),
        (0,),
        "A. Miele, J. W. Cantrell, Study on a Memory Gradient Method for the Minimization of "
        "Functions, 1969",
        (0, 1, 1, 1),
    ),
)
