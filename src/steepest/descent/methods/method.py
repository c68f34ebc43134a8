"""What a method is: which way to go from a point, and how its memory evolves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar, TypeAlias

from steepest.descent.options import NOT_NEGATIVE, RATE_OR_NONE, check_options
from steepest.descent.schedules import Schedule

Array: TypeAlias = Any
"""An array of shape (n,), or a symbol that stands for one while a method is traced."""

State: TypeAlias = Mapping[str, Any]
"""A method's memory: name -> array of shape (n,), or one float shared by all coordinates."""


@dataclass(frozen=True)
class Capabilities:
    """What a method needs and can do; callers and tests select methods by it.

    Parameters
    ----------
    needs_gradient : bool, default True
        Whether the method uses the gradient.
    takes_bounds : bool, default False
        Whether the method keeps inside lower and upper bounds.
    stochastic : bool, default False
        Whether the method is meant for noisy gradients, such as those of minibatches.
    first_order_rule : bool, default True
        Whether `Method.direction` is plain elementwise arithmetic, which can be traced into
        source code.
    """

    needs_gradient: bool = True
    takes_bounds: bool = False
    stochastic: bool = False
    first_order_rule: bool = True


@dataclass(frozen=True)
class Method(ABC):
    """A rule x ← x + rate · direction; never a loop.

    `direction` is plain elementwise arithmetic: + - * / **, unary -, comparisons, and NumPy's
    sqrt, sign, where, maximum and abs, with no ``if`` on anything but the method's own options.
    The same code therefore runs on arrays and on the symbols that generated source is traced
    from.

    Parameters
    ----------
    learning_rate : float or schedule, optional
        The rate. None takes the method's documented default, or, where there is none, chooses
        each step's length by backtracking.
    weight_decay : float, default 0.0
        The factor λ of the penalty λ/2 · ‖x‖², whose gradient λ x is added to that of f. What
        is recorded and reported is f alone.
    """

    name: ClassVar[str]
    default_rate: ClassVar[float | None]
    capabilities: ClassVar[Capabilities] = Capabilities()

    learning_rate: float | Schedule | None = field(default=None, metadata=RATE_OR_NONE)
    _: KW_ONLY
    weight_decay: float = field(default=0.0, metadata=NOT_NEGATIVE)

    def __post_init__(self) -> None:
        check_options(self)

    @abstractmethod
    def initial_state(self, x: Array) -> State:
        """Return the method's memory before the first step.

        Parameters
        ----------
        x : array, shape (n,)
            The start.

        Returns
        -------
        State
        """

    @abstractmethod
    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return which way to go from x, and the memory after this step.

        Parameters
        ----------
        x : array, shape (n,)
            The point.
        gradient : array, shape (n,)
            The gradient of f at x.
        state : State
            The memory after the step before, or the initial one.
        step : int
            The number of this step: 1, 2, 3, ...

        Returns
        -------
        direction : array, shape (n,)
        state : State
        """

    def stable_rate(self, curvature: float) -> float | None:
        """Return the rate above which a quadratic of this largest curvature diverges.

        Parameters
        ----------
        curvature : float
            The largest eigenvalue L of the Hessian, positive.

        Returns
        -------
        float or None
            None where no such threshold is known for the method.
        """
        return None

    def with_penalty(self, x: Array, gradient: Array) -> Array:
        """Return the gradient of f(x) + weight_decay/2 · ‖x‖²."""
        if self.weight_decay == 0:
            return gradient
        return gradient + self.weight_decay * x
