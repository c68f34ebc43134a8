"""Learning rates that change with the step.

A schedule is any callable that takes the number of steps already made (0, 1, 2, ...) and returns
the learning rate of the next one. The ones here are plain arithmetic on the step, so that they
can be traced into generated source like everything else.

Examples
--------
>>> rate = warm_up(cosine(0.1, steps=100), steps=4)
>>> [round(float(rate(step)), 4) for step in (0, 1, 3, 4, 54, 104)]
[0.025, 0.05, 0.1, 0.1, 0.05, 0.0]
"""

# A schedule is called like a function, so it is named like one.
# ruff: noqa: N801

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.descent.options import (
    FRACTION,
    NOT_NEGATIVE,
    POSITIVE,
    RATE_OR_SCHEDULE,
    STEPS,
    Schedule,
    check_options,
)
from steepest.errors import InputError

__all__ = ["constant", "cosine", "exponential", "one_cycle", "step_decay", "warm_up"]


def __dir__() -> list[str]:
    return sorted(__all__)


@dataclass(frozen=True)
class constant:
    """Keep the same rate at every step.

    Parameters
    ----------
    rate : float
        The learning rate.

    Examples
    --------
    >>> constant(0.1)(1000)
    0.1
    """

    rate: float = field(metadata=POSITIVE)

    def __post_init__(self) -> None:
        check_options(self)

    def __call__(self, step: Any) -> Any:
        """Return the rate, whatever the step."""
        return self.rate


@dataclass(frozen=True)
class step_decay:
    """Multiply the rate by a factor every so many steps.

    rate(k) = rate · factor^⌊k / every⌋.

    Parameters
    ----------
    rate : float
        The first learning rate.
    factor : float, default 0.1
        What the rate is multiplied by; the default is the usual tenfold fall (He et al. 2016).
    every : int, default 30
        How many steps a rate is kept (He et al. 2016 drop it every 30 epochs).

    References
    ----------
    K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR 2016.

    Examples
    --------
    >>> [step_decay(0.5, factor=0.5, every=10)(step) for step in (0, 9, 10, 20)]
    [0.5, 0.5, 0.25, 0.125]
    """

    rate: float = field(metadata=POSITIVE)
    factor: float = field(default=0.1, metadata=POSITIVE)
    every: int = field(default=30, metadata=STEPS)

    def __post_init__(self) -> None:
        check_options(self)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step after `step` steps."""
        return self.rate * self.factor ** (step // self.every)


@dataclass(frozen=True)
class exponential:
    """Multiply the rate by a factor at every step.

    rate(k) = rate · factor^k.

    Parameters
    ----------
    rate : float
        The first learning rate.
    factor : float, default 0.99
        What the rate is multiplied by at each step (halved in 69 steps by default).

    Examples
    --------
    >>> [exponential(1.0, factor=0.5)(step) for step in (0, 1, 2)]
    [1.0, 0.5, 0.25]
    """

    rate: float = field(metadata=POSITIVE)
    factor: float = field(default=0.99, metadata=POSITIVE)

    def __post_init__(self) -> None:
        check_options(self)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step after `step` steps."""
        return self.rate * self.factor**step


@dataclass(frozen=True)
class cosine:
    """Let the rate fall along half a cosine, and stay at its final value.

    rate(k) = final + (rate - final) · (1 + cos(π · min(k, steps) / steps)) / 2.

    Parameters
    ----------
    rate : float
        The first learning rate.
    steps : int
        After how many steps the final rate is reached.
    final : float, default 0.0
        The rate from then on (0 in Loshchilov and Hutter 2017).

    References
    ----------
    I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.

    Examples
    --------
    >>> [round(float(cosine(0.2, steps=10)(step)), 12) for step in (0, 5, 10, 99)]
    [0.2, 0.1, 0.0, 0.0]
    """

    rate: float = field(metadata=POSITIVE)
    steps: int = field(metadata=STEPS)
    final: float = field(default=0.0, metadata=NOT_NEGATIVE)

    def __post_init__(self) -> None:
        check_options(self)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step after `step` steps."""
        share = np.minimum(step, self.steps) / self.steps
        return self.final + (self.rate - self.final) * (1 + np.cos(np.pi * share)) / 2


@dataclass(frozen=True)
class warm_up:
    """Rise in a straight line to a rate or to the start of another schedule, and go on with it.

    rate(k) = (k + 1) / steps · s(0) for k < steps, and s(k - steps) from there on, s being the
    schedule that follows.

    Parameters
    ----------
    rate : float or schedule
        The rate, or the schedule, that follows.
    steps : int
        How many steps the rise takes.

    References
    ----------
    P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017.

    Examples
    --------
    >>> [float(warm_up(0.2, steps=4)(step)) for step in (0, 1, 3, 4, 50)]
    [0.05, 0.1, 0.2, 0.2, 0.2]
    """

    rate: float | Schedule = field(metadata=RATE_OR_SCHEDULE)
    steps: int = field(metadata=STEPS)

    def __post_init__(self) -> None:
        check_options(self)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step after `step` steps."""
        then = self.rate if callable(self.rate) else constant(self.rate)
        rising = (step + 1) / self.steps * then(0)
        return np.where(step < self.steps, rising, then(np.maximum(step - self.steps, 0)))


@dataclass(frozen=True)
class one_cycle:
    """Rise along a cosine to a highest rate, and fall along another far below the first rate.

    The rate goes from highest / divisor at step 0 up to `highest` at step
    ``rise * steps - 1``, and down to highest / (divisor · final_divisor) at step ``steps - 1``,
    where it stays.

    Parameters
    ----------
    highest : float
        The highest learning rate.
    steps : int
        The number of steps of the whole cycle, at least 2.
    rise : float, default 0.3
        The share of the steps spent rising (PyTorch's ``OneCycleLR``).
    divisor : float, default 25.0
        The highest rate over the first (PyTorch's ``OneCycleLR``).
    final_divisor : float, default 1e4
        The first rate over the last (PyTorch's ``OneCycleLR``).

    References
    ----------
    L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks using large
    learning rates", 2018.

    Examples
    --------
    >>> rate = one_cycle(1.0, steps=100)
    >>> [round(float(rate(step)), 7) for step in (0, 29, 99)]
    [0.04, 1.0, 4e-06]
    """

    highest: float = field(metadata=POSITIVE)
    steps: int = field(metadata=STEPS)
    rise: float = field(default=0.3, metadata=FRACTION)
    divisor: float = field(default=25.0, metadata=POSITIVE)
    final_divisor: float = field(default=1e4, metadata=POSITIVE)

    def __post_init__(self) -> None:
        check_options(self)
        if self.rise * self.steps <= 1:
            raise InputError(
                f"one_cycle(steps={self.steps}, rise={self.rise}) leaves no step for the rise: "
                "rise * steps must be more than 1. Give more steps or a larger rise."
            )

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step after `step` steps."""
        first = self.highest / self.divisor
        top = self.rise * self.steps - 1
        rising = np.minimum(step / top, 1)
        falling = np.minimum(np.maximum((step - top) / (self.steps - 1 - top), 0), 1)
        up = first + (self.highest - first) * (1 - np.cos(np.pi * rising)) / 2
        last = first / self.final_divisor
        down = last + (self.highest - last) * (1 + np.cos(np.pi * falling)) / 2
        return np.where(step < top, up, down)
