"""Adadelta: steps in the units of x, with no rate to choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, POSITIVE


@dataclass(frozen=True)
class Adadelta(FirstOrderMethod):
    """Scale each coordinate's gradient by recent steps over recent gradients.

    v ← rho · v + (1 - rho) · g²;  d = g · √(u + epsilon) / √(v + epsilon);
    u ← rho · u + (1 - rho) · d²;  x ← x - rate · d.

    The convention is that of PyTorch. The quotient has the units of x, so that a rate of 1 fits
    every scaling of f; the first steps are tiny, about √epsilon. No guarantee is known.

    Parameters
    ----------
    learning_rate : float or schedule, default 1.0
        PyTorch's default, which is Zeiler's method.
    rho : float, default 0.9
        The share of each mean square that is kept at each step (PyTorch's default).
    epsilon : float, default 1e-6
        Starts the steps and keeps the division finite (PyTorch's default).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    M. D. Zeiler, "ADADELTA: an adaptive learning rate method", arXiv 1212.5701, 2012.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = Adadelta(), np.zeros(1)
    >>> method.direction(x, np.array([4.0]), method.initial_state(x), 1)[0].round(6)
    array([-0.003162])
    """

    name: ClassVar[str] = "adadelta"
    default_rate: ClassVar[float | None] = 1.0
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    rho: float = field(default=0.9, metadata=FRACTION)
    epsilon: float = field(default=1e-6, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the mean squares of gradients and of steps, ``squares`` and ``moves``."""
        return {"squares": np.zeros_like(x), "moves": np.zeros_like(x)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the gradient times recent steps over recent gradients."""
        gradient = self.with_penalty(x, gradient)
        squares = self.rho * state["squares"] + (1 - self.rho) * gradient * gradient
        ratio = np.sqrt(state["moves"] + self.epsilon) / np.sqrt(squares + self.epsilon)
        move = gradient * ratio
        moves = self.rho * state["moves"] + (1 - self.rho) * move * move
        return -move, {"squares": squares, "moves": moves}
