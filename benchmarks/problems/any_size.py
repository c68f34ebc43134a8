"""Problems whose number of variables is free; each is posed at the sizes below."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.problems.problem import SURJANOVIC, least_squares, more, problem


def indices(x: Any) -> Any:
    """Return 1 … n."""
    return np.arange(1.0, x.size + 1)


def extended_rosenbrock(x: Any) -> Any:
    """Return r = (10 (x_(2i) - x_(2i-1)²), 1 - x_(2i-1)): n/2 valleys side by side."""
    return np.concatenate([10 * (x[1::2] - x[::2] ** 2), 1 - x[::2]])


def extended_powell(x: Any) -> Any:
    """Return the residuals of Powell's singular function for every four variables."""
    a, b, c, d = x[::4], x[1::4], x[2::4], x[3::4]
    return np.concatenate(
        [a + 10 * b, np.sqrt(5) * (c - d), (b - 2 * c) ** 2, np.sqrt(10) * (a - d) ** 2]
    )


def chained_rosenbrock(x: Any) -> Any:
    """Return r = (10 (x_(i+1) - x_i²), 1 - x_i), i = 1 … n-1."""
    return np.concatenate([10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1]])


def penalty_1(x: Any) -> Any:
    """Return r = (√10⁻⁵ (x_i - 1), Σ x_j² - 1/4)."""
    return np.concatenate([np.sqrt(1e-5) * (x - 1), np.array([np.sum(x**2) - 0.25])])


def penalty_2(x: Any) -> Any:
    """Return the 2 n residuals of the second penalty function.

    r₁ = x₁ - 0.2; r_i = √10⁻⁵ (e^(x_i/10) + e^(x_(i-1)/10) - e^(i/10) - e^((i-1)/10)) and
    √10⁻⁵ (e^(x_i/10) - e^(-1/10)) for i = 2 … n; and Σ (n - j + 1) x_j² - 1.
    """
    i = indices(x)
    powers, levels = np.exp(x / 10), np.exp(i / 10)
    differences = powers[1:] + powers[:-1] - levels[1:] - levels[:-1]
    weighted = np.sum((x.size - i + 1) * x**2) - 1
    return np.concatenate(
        [
            np.array([x[0] - 0.2]),
            np.sqrt(1e-5) * differences,
            np.sqrt(1e-5) * (powers[1:] - np.exp(-0.1)),
            np.array([weighted]),
        ]
    )


def variably_dimensioned(x: Any) -> Any:
    """Return r = (x_i - 1, s, s²), s = Σ j (x_j - 1)."""
    moment = np.sum(indices(x) * (x - 1))
    return np.concatenate([x - 1, np.array([moment, moment**2])])


def trigonometric(x: Any) -> Any:
    """Return r_i = n - Σ cos x_j + i (1 - cos x_i) - sin x_i."""
    return x.size - np.sum(np.cos(x)) + indices(x) * (1 - np.cos(x)) - np.sin(x)


def brown_almost_linear(x: Any) -> Any:
    """Return r = (x_i + Σ x_j - (n + 1) for i < n, Π x_j - 1)."""
    return np.concatenate([x[:-1] + np.sum(x) - (x.size + 1), np.array([np.prod(x) - 1])])


def discrete_boundary_value(x: Any) -> Any:
    """Return r_i = 2 x_i - x_(i-1) - x_(i+1) + h² (x_i + t_i + 1)³ / 2, x₀ = x_(n+1) = 0.

    h = 1/(n + 1), t_i = i h: the equation u'' = (u + t + 1)³ / 2.
    """
    h = 1 / (x.size + 1)
    padded = np.concatenate([np.zeros(1), x, np.zeros(1)])
    return 2 * x - padded[:-2] - padded[2:] + h**2 * (x + h * indices(x) + 1) ** 3 / 2


def discrete_integral(x: Any) -> Any:
    """Return r_i = x_i + h/2 ((1 - t_i) Σ_(j≤i) t_j c_j + t_i Σ_(j>i) (1 - t_j) c_j).

    c_j = (x_j + t_j + 1)³: the same equation in the form of an integral.
    """
    h = 1 / (x.size + 1)
    t = h * indices(x)
    kernel = np.where(t[None, :] <= t[:, None], np.outer(1 - t, t), np.outer(t, 1 - t))
    return x + h / 2 * (kernel @ (x + t + 1) ** 3)


def broyden_tridiagonal(x: Any) -> Any:
    """Return r_i = (3 - 2 x_i) x_i - x_(i-1) - 2 x_(i+1) + 1, x₀ = x_(n+1) = 0."""
    padded = np.concatenate([np.zeros(1), x, np.zeros(1)])
    return (3 - 2 * x) * x - padded[:-2] - 2 * padded[2:] + 1


def broyden_banded(x: Any) -> Any:
    """Return r_i = x_i (2 + 5 x_i²) + 1 - Σ_j x_j (1 + x_j), j from i - 5 to i + 1 without i."""
    i = indices(x)
    ahead = i[None, :] - i[:, None]
    band = ((ahead >= -5) & (ahead <= 1) & (ahead != 0)).astype(float)
    return x * (2 + 5 * x**2) + 1 - band @ (x * (1 + x))


def linear_full_rank(x: Any) -> Any:
    """Return m = 2 n residuals: x_i - 2/m Σ x_j - 1 for i ≤ n, and -2/m Σ x_j - 1."""
    mean = np.sum(x) / x.size
    return np.concatenate([x - mean - 1, -mean - np.ones(x.size)])


def linear_rank_1(x: Any) -> Any:
    """Return m = 2 n residuals: i Σ j x_j - 1."""
    return np.arange(1.0, 2 * x.size + 1) * np.sum(indices(x) * x) - 1


def linear_rank_1_with_zeros(x: Any) -> Any:
    """Return m = 2 n residuals: -1, (i - 1) Σ_(j=2)^(n-1) j x_j - 1, -1."""
    factors = np.arange(0.0, 2 * x.size)
    factors[-1] = 0
    return factors * np.sum(indices(x)[1:-1] * x[1:-1]) - 1


def chebyquad(x: Any) -> Any:
    """Return r_i = Σ_j T_i(x_j) / n - ∫ T_i, T_i being Chebyshev's polynomials on [0, 1].

    ∫ T_i = 0 for odd i, and -1/(i² - 1) for even i.
    """
    n = x.size
    before, now = np.ones(n), 2 * x - 1
    residuals = []
    for i in range(1, n + 1):
        integral = 0.0 if i % 2 else -1 / (i**2 - 1)
        residuals.append(np.sum(now) / n - integral)
        before, now = now, 2 * (2 * x - 1) * now - before
    return np.array(residuals)


def dixon_price(x: Any) -> Any:
    """Return r = (x₁ - 1, √i (2 x_i² - x_(i-1)) for i ≥ 2)."""
    falls = np.sqrt(indices(x)[1:]) * (2 * x[1:] ** 2 - x[:-1])
    return np.concatenate([np.array([x[0] - 1]), falls])


def styblinski_tang(x: Any) -> Any:
    """Return Σ (x_i⁴ - 16 x_i² + 5 x_i) / 2."""
    return np.sum(x**4 - 16 * x**2 + 5 * x) / 2


def trid(x: Any) -> Any:
    """Return Σ (x_i - 1)² - Σ x_i x_(i-1)."""
    return np.sum((x - 1) ** 2) - np.sum(x[1:] * x[:-1])


def zakharov(x: Any) -> Any:
    """Return r = (x_i, s, s²), s = Σ j x_j / 2."""
    moment = np.sum(indices(x) * x) / 2
    return np.concatenate([x, np.array([moment, moment**2])])


def grid(n: int) -> Any:
    """Return t_i = i/(n + 1)."""
    return np.arange(1.0, n + 1) / (n + 1)


def dixon_price_minimiser(n: int) -> Any:
    """Return x_i = 2^(-(2^i - 2)/2^i)."""
    halves = 2.0 ** np.arange(1, n + 1)
    return 2.0 ** -((halves - 2) / halves)


# Every variable is at the lower or at the higher of two places; k counts those at the higher.
STYBLINSKI_TANG_MINIMA = tuple(
    -39.16616570377142 * (5 - k) - 25.02947189262086 * k for k in range(6)
)

PROBLEMS = (
    least_squares(
        "extended-rosenbrock",
        extended_rosenbrock,
        np.tile((-1.2, 1), 50),
        (0,),
        more(21),
        np.ones(100),
    ),
    least_squares(
        "extended-powell",
        extended_powell,
        np.tile((3, -1, 0, 1), 25),
        (0,),
        more(22),
        np.zeros(100),
    ),
    least_squares(
        "chained-rosenbrock-10",
        chained_rosenbrock,
        np.tile((-1.2, 1), 5),
        (0, 3.986579112347),
        SURJANOVIC,
        np.ones(10),
    ),
    least_squares(
        "chained-rosenbrock-100",
        chained_rosenbrock,
        np.tile((-1.2, 1), 50),
        (0, 3.986623854301),
        SURJANOVIC,
        np.ones(100),
    ),
    least_squares("penalty-1-4", penalty_1, (1, 2, 3, 4), (2.2499775009e-5,), more(23)),
    least_squares("penalty-1-10", penalty_1, np.arange(1, 11), (7.08765146709e-5,), more(23)),
    least_squares("penalty-2-4", penalty_2, np.full(4, 0.5), (9.376293007355e-6,), more(24)),
    least_squares("penalty-2-10", penalty_2, np.full(10, 0.5), (2.936605374567e-4,), more(24)),
    least_squares(
        "variably-dimensioned",
        variably_dimensioned,
        1 - np.arange(1, 11) / 10,
        (0,),
        more(25),
        np.ones(10),
    ),
    least_squares(
        "trigonometric",
        trigonometric,
        np.full(10, 0.1),
        (0, 2.795056121879e-5),
        more(26),
        np.zeros(10),
    ),
    least_squares(
        "brown-almost-linear", brown_almost_linear, np.full(10, 0.5), (0, 1), more(27), np.ones(10)
    ),
    least_squares(
        "discrete-boundary-value",
        discrete_boundary_value,
        grid(20) * (grid(20) - 1),
        (0,),
        more(28),
    ),
    least_squares(
        "discrete-integral", discrete_integral, grid(50) * (grid(50) - 1), (0,), more(29)
    ),
    least_squares("broyden-tridiagonal", broyden_tridiagonal, -np.ones(100), (0,), more(30)),
    least_squares("broyden-banded", broyden_banded, -np.ones(50), (0,), more(31)),
    least_squares("linear-full-rank", linear_full_rank, np.ones(10), (10,), more(32), -np.ones(10)),
    # m (m - 1) / (2 (2 m + 1)) and (m² + 3 m - 6) / (2 (2 m - 3)), with m = 20.
    least_squares("linear-rank-1", linear_rank_1, np.ones(10), (380 / 82,), more(33)),
    least_squares(
        "linear-rank-1-with-zeros", linear_rank_1_with_zeros, np.ones(10), (454 / 74,), more(34)
    ),
    least_squares("chebyquad-6", chebyquad, grid(6), (0,), more(35)),
    least_squares("chebyquad-8", chebyquad, grid(8), (3.516873725678e-3,), more(35)),
    least_squares(
        "chebyquad-10", chebyquad, grid(10), (4.772713696375e-3, 6.503954800882e-3), more(35)
    ),
    least_squares(
        "dixon-price", dixon_price, np.ones(10), (0, 2 / 3), SURJANOVIC, dixon_price_minimiser(10)
    ),
    problem(
        "styblinski-tang",
        styblinski_tang,
        -np.ones(5),
        STYBLINSKI_TANG_MINIMA,
        "M. A. Styblinski, T.-S. Tang, Experiments in Nonconvex Optimization, 1990",
    ),
    problem(
        "trid", trid, np.zeros(10), (-210,), SURJANOVIC, np.arange(1, 11) * np.arange(10, 0, -1)
    ),
    least_squares("zakharov", zakharov, np.ones(10), (0,), SURJANOVIC, np.zeros(10)),
)
