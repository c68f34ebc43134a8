"""Problems that fit a curve to measured data: f(x) = Σ (model - data)²."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.problems.problem import least_squares, more


def numbers(text: str) -> Any:
    """Return the numbers in a text."""
    return np.array(text.split(), dtype=float)


BARD = numbers("0.14 0.18 0.22 0.25 0.29 0.32 0.35 0.39 0.37 0.58 0.73 0.96 1.34 2.10 4.39")

GAUSSIAN = numbers(
    "0.0009 0.0044 0.0175 0.0540 0.1295 0.2420 0.3521 0.3989 "
    "0.3521 0.2420 0.1295 0.0540 0.0175 0.0044 0.0009"
)

MEYER = numbers(
    "34780 28610 23650 19630 16370 13720 11540 9744 8261 7030 6005 5147 4427 3820 3307 2872"
)

KOWALIK_OSBORNE = numbers(
    "0.1957 0.1947 0.1735 0.1600 0.0844 0.0627 0.0456 0.0342 0.0323 0.0235 0.0246"
)

DOSES = numbers("4 2 1 0.5 0.25 0.167 0.125 0.1 0.0833 0.0714 0.0625")

OSBORNE_1 = numbers(
    "0.844 0.908 0.932 0.936 0.925 0.908 0.881 0.850 0.818 0.784 0.751 0.718 0.685 0.658 0.628 "
    "0.603 0.580 0.558 0.538 0.522 0.506 0.490 0.478 0.467 0.457 0.448 0.438 0.431 0.424 0.420 "
    "0.414 0.411 0.406"
)

OSBORNE_2 = numbers(
    "1.366 1.191 1.112 1.013 0.991 0.885 0.831 0.847 0.786 0.725 0.746 0.679 0.608 0.655 0.616 "
    "0.606 0.602 0.626 0.651 0.724 0.649 0.649 0.694 0.644 0.624 0.661 0.612 0.558 0.533 0.495 "
    "0.500 0.423 0.395 0.375 0.372 0.391 0.396 0.405 0.428 0.429 0.523 0.562 0.607 0.653 0.672 "
    "0.708 0.633 0.668 0.645 0.632 0.591 0.559 0.597 0.625 0.739 0.710 0.729 0.720 0.636 0.581 "
    "0.428 0.292 0.162 0.098 0.054"
)


def bard(x: Any) -> Any:
    """Return r_i = y_i - (x₁ + i / (v_i x₂ + w_i x₃)), v_i = 16 - i, w_i = min(i, v_i)."""
    i = np.arange(1.0, 16.0)
    opposite = 16 - i
    return BARD - (x[0] + i / (opposite * x[1] + np.minimum(i, opposite) * x[2]))


def gaussian(x: Any) -> Any:
    """Return r_i = x₁ e^(-x₂ (t_i - x₃)² / 2) - y_i, t_i = (8 - i)/2."""
    t = (8 - np.arange(1.0, 16.0)) / 2
    return x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - GAUSSIAN


def meyer(x: Any) -> Any:
    """Return r_i = x₁ e^(x₂ / (t_i + x₃)) - y_i, t_i = 45 + 5 i."""
    t = 45 + 5 * np.arange(1.0, 17.0)
    return x[0] * np.exp(x[1] / (t + x[2])) - MEYER


def gulf(x: Any) -> Any:
    """Return r_i = e^(-|y_i - x₂|^x₃ / x₁) - t_i, t_i = i/100, y_i = 25 + (-50 ln t_i)^(2/3).

    The paper prints y_i m i x₂ for y_i - x₂.
    """
    t = np.arange(1.0, 100.0) / 100
    y = 25 + (-50 * np.log(t)) ** (2 / 3)
    return np.exp(-(np.abs(y - x[1]) ** x[2]) / x[0]) - t


def box(x: Any) -> Any:
    """Return r_i = e^(-t_i x₁) - e^(-t_i x₂) - x₃ (e^(-t_i) - e^(-10 t_i)), t_i = i/10."""
    t = np.arange(1.0, 11.0) / 10
    return np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t))


def kowalik_osborne(x: Any) -> Any:
    """Return r_i = y_i - x₁ (u_i² + u_i x₂) / (u_i² + u_i x₃ + x₄)."""
    u = DOSES
    return KOWALIK_OSBORNE - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])


def brown_dennis(x: Any) -> Any:
    """Return r_i = (x₁ + t_i x₂ - e^t_i)² + (x₃ + x₄ sin t_i - cos t_i)², t_i = i/5, i = 1 … 20."""
    t = np.arange(1.0, 21.0) / 5
    return (x[0] + t * x[1] - np.exp(t)) ** 2 + (x[2] + x[3] * np.sin(t) - np.cos(t)) ** 2


def osborne_1(x: Any) -> Any:
    """Return r_i = y_i - (x₁ + x₂ e^(-t_i x₄) + x₃ e^(-t_i x₅)), t_i = 10 (i - 1)."""
    t = 10 * np.arange(33.0)
    return OSBORNE_1 - (x[0] + x[1] * np.exp(-t * x[3]) + x[2] * np.exp(-t * x[4]))


def biggs(x: Any) -> Any:
    """Return r_i = x₃ e^(-t_i x₁) - x₄ e^(-t_i x₂) + x₆ e^(-t_i x₅) - y_i, t_i = i/10, i = 1 … 13.

    y_i = e^(-t_i) - 5 e^(-10 t_i) + 3 e^(-4 t_i).
    """
    t = np.arange(1.0, 14.0) / 10
    data = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    model = x[2] * np.exp(-t * x[0]) - x[3] * np.exp(-t * x[1]) + x[5] * np.exp(-t * x[4])
    return model - data


def osborne_2(x: Any) -> Any:
    """Return r_i = y_i - (x₁ e^(-t_i x₅) + Σ_k x_k e^(-(t_i - x_(k+7))² x_(k+4))), k = 2, 3, 4.

    t_i = (i - 1)/10, i = 1 … 65.
    """
    t = np.arange(65.0) / 10
    model = x[0] * np.exp(-t * x[4])
    for k in (1, 2, 3):
        model = model + x[k] * np.exp(-((t - x[k + 7]) ** 2) * x[k + 4])
    return OSBORNE_2 - model


def exponential_decay(x: Any) -> Any:
    """Return r_i = x₁ e^(-x₂ t_i) + x₃ - (2 e^(-1.5 t_i) + 0.5), t_i = i/10, i = 0 … 30."""
    t = np.arange(31.0) / 10
    return x[0] * np.exp(-x[1] * t) + x[2] - (2 * np.exp(-1.5 * t) + 0.5)


def lanczos(x: Any) -> Any:
    """Return r_i = Σ_k x_(2k-1) e^(-x_(2k) t_i) - y_i, k = 1, 2, 3, t_i = i/20, i = 0 … 23.

    y_i is the same sum with (0.0951, 1, 0.8607, 3, 1.5576, 5) for x.
    """
    t = np.arange(24.0) / 20
    data = 0.0951 * np.exp(-t) + 0.8607 * np.exp(-3 * t) + 1.5576 * np.exp(-5 * t)
    model = sum(x[k] * np.exp(-x[k + 1] * t) for k in (0, 2, 4))
    return model - data


PROBLEMS = (
    least_squares("bard", bard, (1, 1, 1), (8.214877306579e-3,), more(8)),
    least_squares("gaussian", gaussian, (0.4, 1, 0), (1.127932769619e-8,), more(9)),
    least_squares("meyer", meyer, (0.02, 4000, 250), (87.9458551706,), more(10)),
    least_squares("gulf", gulf, (5, 2.5, 0.15), (0,), more(11), (50, 25, 1.5)),
    least_squares("box", box, (0, 10, 20), (0,), more(12), (1, 10, 1)),
    least_squares(
        "kowalik-osborne",
        kowalik_osborne,
        (0.25, 0.39, 0.415, 0.39),
        (3.075056038492e-4,),
        more(15),
    ),
    least_squares("brown-dennis", brown_dennis, (25, 5, -5, -1), (85822.201626356,), more(16)),
    least_squares(
        "osborne-1", osborne_1, (0.5, 1.5, -1, 0.01, 0.02), (5.464894697483e-5,), more(17)
    ),
    least_squares(
        "biggs-exp6", biggs, (1, 2, 1, 1, 1, 1), (0, 5.6556499255e-3), more(18), (1, 10, 1, 5, 4, 3)
    ),
    least_squares(
        "osborne-2",
        osborne_2,
        (1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5),
        (4.013773629355e-2,),
        more(19),
    ),
    least_squares(
        "exponential-decay",
        exponential_decay,
        (1, 1, 0),
        (0,),
        "made here: a decay onto a level, without noise",
        (2, 1.5, 0.5),
    ),
    least_squares(
        "lanczos",
        lanczos,
        (1.2, 0.3, 5.6, 5.5, 6.5, 7.6),
        (0,),
        "C. Lanczos, Applied Analysis, 1956, p. 272",
        (0.0951, 1, 0.8607, 3, 1.5576, 5),
    ),
)
