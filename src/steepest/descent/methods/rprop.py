"""Rprop: every variable has a step size of its own, and signs alone decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, POSITIVE


@dataclass(frozen=True)
class Rprop(FirstOrderMethod):
    """Lengthen a variable's step while its slope keeps its sign, and shorten it where it turns.

    η ← 1.2 η where g · g_before > 0, and 0.5 η where it is < 0, which also makes g = 0 there;
    x ← x - rate · η · sign(g), η being 1 at first.

    How large a slope is does not matter. For whole gradients only: in noisy ones signs change
    by chance. It comes no nearer to a minimum than its smallest step. The convention is
    PyTorch's. There is no general guarantee.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.01
        The first step of every variable (PyTorch's default).
    increase, decrease : float, default 1.2 and 0.5
        What η is multiplied by (Riedmiller and Braun, and PyTorch).
    smallest, largest : float, default 1e-4 and 5000.0
        The limits of η: steps of 1e-6 and 50 with the default rate, which are PyTorch's.
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    M. Riedmiller, H. Braun, "A direct adaptive method for faster backpropagation learning: the
    RPROP algorithm", IEEE International Conference on Neural Networks, 1993.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = Rprop(), np.zeros(1)
    >>> _, state = method.direction(x, np.array([4.0]), method.initial_state(x), 1)
    >>> method.direction(x, np.array([0.1]), state, 2)[0]
    array([-1.2])
    """

    name: ClassVar[str] = "rprop"
    default_rate: ClassVar[float | None] = 0.01
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True)

    increase: float = field(default=1.2, metadata=POSITIVE)
    decrease: float = field(default=0.5, metadata=FRACTION)
    smallest: float = field(default=1e-4, metadata=POSITIVE)
    largest: float = field(default=5000.0, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return no gradient ``before``, and steps of size 1."""
        return {"before": np.zeros_like(x), "size": np.ones_like(x)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the sign of the gradient times the size of the step."""
        gradient = self.with_penalty(x, gradient)
        agreement = np.sign(gradient) * np.sign(state["before"])
        size = state["size"]
        size = np.where(agreement > 0, size * self.increase, size)
        size = np.where(agreement < 0, size * self.decrease, size)
        size = np.minimum(np.maximum(size, self.smallest), self.largest)
        gradient = np.where(agreement < 0, gradient * 0.0, gradient)
        return -np.sign(gradient) * size, {"before": gradient, "size": size}
