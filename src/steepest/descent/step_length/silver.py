"""The silver step lengths: fixed beforehand, a few of them very long, and faster for it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache

from steepest.descent.options import NOT_NEGATIVE, STEPS_OR_NONE
from steepest.descent.step_length.normalized import Normalized
from steepest.errors import InputError

SILVER_RATIO = 1 + math.sqrt(2)
"""ρ."""

MOST_DOUBLINGS = 16
"""A block of 65536 steps serves condition numbers up to a million."""


@dataclass(frozen=True)
class Silver(Normalized):
    """Take h_i/L with h_i = 1 + ρ^(ν(i) - 1), ρ = 1 + √2, i having ν(i) factors of 2.

    Most steps are short (√2 and 2 of every four), and one in 2^k is as long as ρ^k: it overshoots
    where f is steep, and the short ones make good for it. For directions down the slope and
    convex f with curvatures of at most L,
    f(x_n) - f* ≤ L ‖x_0 - x*‖² / (1 + √(4 ρ^2k - 3)) at n = 2^k - 1: O(n^-1.27), against O(1/n)
    of constant rates. It holds at these n alone; between them the value may rise a lot. There is
    no linear convergence on strongly convex functions, unless the schedule begins again.

    With a strong convexity μ > 0 blocks of n = 2^k steps are repeated, each of which gives
    ‖x_n - x*‖ ≤ (1 - z)/(1 + z) ‖x_0 - x*‖ (see `strongly_convex_block`).

    Parameters
    ----------
    curvature : float, optional
        See `Normalized`. The guarantees need a true bound L.
    strong_convexity : float, default 0.0
        μ, a lower bound on the curvatures of f.
    doublings : int, optional
        k: begin again after 2^k - 1 steps, or after 2^k where f is strongly convex. None never
        begins again, or takes 2^k ≈ (L/μ)^0.7864, where blocks begin to work at full rate (the
        second paper; 0.7864 is log 2 / log ρ).

    References
    ----------
    J. M. Altschuler, P. A. Parrilo, "Acceleration by stepsize hedging II: silver stepsize
    schedule for smooth convex optimization", Mathematical Programming, 2025.
    J. M. Altschuler, P. A. Parrilo, "Acceleration by stepsize hedging I: multi-step descent and
    the silver stepsize schedule", Journal of the ACM 72, 2025.

    Examples
    --------
    >>> [round(Silver().length(step, 1.0), 3) for step in range(1, 9)]
    [1.414, 2.0, 1.414, 3.414, 1.414, 2.0, 1.414, 6.828]
    """

    strong_convexity: float = field(default=0.0, metadata=NOT_NEGATIVE)
    doublings: int | None = field(default=None, metadata=STEPS_OR_NONE)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return "silver step lengths"

    def length(self, step: int, curvature: float) -> float:
        """Return h_i."""
        if self.strong_convexity == 0:
            place = step if self.doublings is None else (step - 1) % (2**self.doublings - 1) + 1
            return 1 + SILVER_RATIO ** (_factors_of_two(place) - 1)
        share = self.strong_convexity / curvature
        if share > 1:
            raise InputError(
                f"strong_convexity={self.strong_convexity!r} is above the largest curvature "
                f"{curvature:.6g}, and no function has both: give a smaller one, or the right "
                "curvature."
            )
        doublings = self.doublings
        if doublings is None:
            wanted = math.log(1 / share) / math.log(SILVER_RATIO)
            doublings = min(max(round(wanted), 1), MOST_DOUBLINGS)
        block, _ = strongly_convex_block(share, doublings)
        return block[(step - 1) % len(block)]


def _factors_of_two(number: int) -> int:
    """Return how often 2 divides a number, which is its count of trailing zero bits."""
    return (number & -number).bit_length() - 1


@cache
def strongly_convex_block(share: float, doublings: int) -> tuple[tuple[float, ...], float]:
    """Return a block of 2^k silver steps for strongly convex functions, and its rate.

    From z = m and the block [ψ(m)], ψ(t) = (1 + t/m)/(1 + t), each doubling puts the block twice,
    without its last step, before ψ(y) and ψ(z): [..., ψ(y), ..., ψ(z)], where
    s = 1 - z + √(1 + (1 - z)²), y = z/s and z ← z s.

    Parameters
    ----------
    share : float
        m = μ/L, above 0 and at most 1.
    doublings : int
        k.

    Returns
    -------
    block : tuple of float, length 2^k
        h_1, h_2, ...
    rate : float
        (1 - z)/(1 + z), by which a block shrinks the distance to the minimum.

    References
    ----------
    J. M. Altschuler, P. A. Parrilo, "Acceleration by stepsize hedging I: multi-step descent and
    the silver stepsize schedule", Journal of the ACM 72, 2025.

    Examples
    --------
    >>> block, rate = strongly_convex_block(0.1 / 3.2, 1)
    >>> [round(h, 4) for h in block], round(rate**2, 4)
    ([1.4049, 3.1301], 0.744)
    """

    def normalized(t: float) -> float:
        return (1 + t / share) / (1 + t)

    z = share
    block = [normalized(z)]
    for _ in range(doublings):
        gap = 1 - z
        growth = gap + math.sqrt(1 + gap * gap)
        y, z = z / growth, z * growth
        block = [*block[:-1], normalized(y), *block[:-1], normalized(z)]
    return tuple(block), (1 - z) / (1 + z)
