"""The polygamma function of plain numbers, as generated programs carry it along."""

from __future__ import annotations

from math import factorial, log


def polygamma(order: int, x: float) -> float:
    """Return the derivative of that order of psi(x), itself the slope of log(gamma(x))."""
    # psi^(m)(x) = psi^(m)(x + 1) - (-1)^m m! / x^(m+1) leads to where the asymptotic series
    # psi(x) ~ log(x) - 1/(2 x) - sum B_2k / (2k x^2k) is exact to the last digits, differentiated
    # m times (Abramowitz and Stegun, 1964, 6.3.18, 6.4.6 and 6.4.11).
    if x <= 0 and x == round(x):
        return float("nan")
    sign = (-1) ** (order + 1)
    total = 0.0
    while x < 15 + order:
        total += sign * factorial(order) / x ** (order + 1)
        x += 1
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
    series = factorial(order) / (2 * x ** (order + 1))
    series += factorial(order - 1) / x**order if order else -log(x)
    for k, number in enumerate(bernoulli, start=1):
        ratio = factorial(2 * k + order - 1) / factorial(2 * k)
        series += number * ratio / x ** (2 * k + order)
    return float(total + sign * series)
