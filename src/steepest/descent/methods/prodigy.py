"""Prodigy: Adam with a rate that it finds from how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, DirectionMethod
from steepest.descent.methods.state import State
from steepest.descent.options import FRACTION, NOT_NEGATIVE, POSITIVE, SWITCH
from steepest.descent.step_length import Constant, StepLength
from steepest.errors import InputError
from steepest.objective import Vector


@dataclass(frozen=True)
class Prodigy(DirectionMethod):
    """Take Adam's steps, times an estimate d of the distance from the start to the minimum.

    With the rate a (1, or a falling schedule), e = d a c and β₃ = √beta2:
    r ← β₃ r + (d/d_0) e g·(x_0 - x);  s ← β₃ s + (d/d_0) e g;
    m ← beta1 m + (1 - beta1) d g;  v ← beta2 v + (1 - beta2) d² g²;
    d ← max(d, r/‖s‖₁);  x ← x - e (m/(√v + d epsilon) + weight_decay x), e being the old one.

    c is 1, or Adam's √(1 - beta2^t)/(1 - beta1^t) with `bias_correction`. For convex f with
    slopes of at most G the form without moments converges as fast as gradient descent with the
    best fixed rate, but for a logarithm; with moments it is a heuristic. For minibatches the
    authors take a cosine that falls to 0, with `bias_correction` and `safeguarded`.

    Parameters
    ----------
    learning_rate : float or schedule, default 1.0
        A factor on the rate found; 1, or a schedule that begins there.
    beta1, beta2 : float, default 0.9 and 0.999
        The share of each mean that is kept at each step (the authors' defaults).
    epsilon : float, default 1e-8
        Keeps the division finite.
    weight_decay : float, default 0.0
        The decoupled decay, as in `AdamW`.
    first_distance : float, default 1e-6
        d_0, below every distance that may be right (the authors' default).
    bias_correction : bool, default False
        See above (the authors' default).
    safeguarded : bool, default False
        Whether s takes d for e, which holds d back while a warm-up makes e small (the same).

    References
    ----------
    K. Mishchenko, A. Defazio, "Prodigy: an expeditiously adaptive parameter-free learner", ICML
    2024.

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> minimize("x**2 + 100*y**2", [5, 1], method=Prodigy(), max_steps=500).fun < 1e-6
    True
    """

    name: ClassVar[str] = "prodigy"
    default_rate: ClassVar[float | None] = 1.0
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    beta1: float = field(default=0.9, metadata=FRACTION)
    beta2: float = field(default=0.999, metadata=FRACTION)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)
    weight_decay: float = field(default=0.0, metadata=NOT_NEGATIVE)
    first_distance: float = field(default=1e-6, metadata=POSITIVE)
    bias_correction: bool = field(default=False, metadata=SWITCH)
    safeguarded: bool = field(default=False, metadata=SWITCH)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.step_length is not None:
            raise InputError(
                f"Prodigy finds the length of its steps itself: leave step_length="
                f"{self.step_length!r} out, or take another method."
            )

    @property
    def length(self) -> Constant:
        """The factor on the rate found."""
        return Constant(1.0 if self.learning_rate is None else self.learning_rate)

    def own_step_length(self) -> StepLength:
        """Return the same."""
        return self.length

    @property
    def phrase(self) -> str:
        """How long the steps are."""
        factor = "" if self.learning_rate is None else f" times {self.learning_rate}"
        return f"rates found from the way made{factor}"

    def initial_state(self, x: Vector) -> State:
        """Return the start, the moments and sums at rest, and the first distance."""
        zero = np.zeros_like(x)
        return {
            "start": x,
            "mean": zero,
            "squares": zero,
            "slopes": zero,
            "progress": 0.0,
            "distance": self.first_distance,
        }

    def direction(
        self, x: Vector, gradient: Vector, state: State, step: Any
    ) -> tuple[Vector, State]:
        """Return the step over the rate a."""
        distance, keep = state["distance"], self.beta2**0.5
        factor = distance * self._correction(step)
        rate = self.length.rate_of(step) * factor
        grown = distance / self.first_distance
        gain = grown * rate * float(gradient @ (state["start"] - x))
        weight = grown * (distance if self.safeguarded else rate)
        slopes = keep * state["slopes"] + weight * gradient
        mean = self.beta1 * state["mean"] + (1 - self.beta1) * distance * gradient
        squares = self.beta2 * state["squares"] + (1 - self.beta2) * distance**2 * gradient**2
        progress = keep * state["progress"] + gain
        total = float(np.abs(slopes).sum())
        following = max(distance, progress / total) if total > 0 else distance
        quotient = mean / (np.sqrt(squares) + following * self.epsilon)
        return -factor * (quotient + self.weight_decay * x), {
            "start": state["start"],
            "mean": mean,
            "squares": squares,
            "slopes": slopes,
            "progress": progress,
            "distance": following,
        }

    def _correction(self, step: int) -> float:
        """Return c."""
        if not self.bias_correction:
            return 1.0
        correction: float = (1 - self.beta2**step) ** 0.5 / (1 - self.beta1**step)
        return correction
