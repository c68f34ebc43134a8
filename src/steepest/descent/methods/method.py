"""What a method is: how to get from one point to the next, and what it must remember."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from steepest.descent.methods.state import Array, State
from steepest.descent.options import NOT_NEGATIVE, RATE_OR_NONE, Schedule, check_options
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length import STEP_LENGTH, Backtracking, Constant, StepLength
from steepest.errors import InputError
from steepest.objective import Vector


class Capabilities(NamedTuple):
    """What a method needs and can do; callers and tests select methods by it.

    Attributes
    ----------
    takes_bounds : bool, default False
        Whether the method keeps inside lower and upper bounds.
    stochastic : bool, default False
        Whether the method is meant for noisy gradients, such as those of minibatches.
    needs_hessian : bool, default False
        Whether the method asks for Hessians or their products with vectors.
    needs_residuals : bool, default False
        Whether the function must be a sum of squares whose terms are known.
    convex_only : bool, default False
        Whether the method can fail, or its guarantee is empty, where f is not convex.

    Examples
    --------
    >>> import steepest as st
    >>> st.methods.Adam.capabilities.stochastic, st.methods.Newton.capabilities.needs_hessian
    (True, True)
    """

    takes_bounds: bool = False
    stochastic: bool = False
    needs_hessian: bool = False
    needs_residuals: bool = False
    convex_only: bool = False


@dataclass(frozen=True)
class Method(ABC):
    """One step of a descent; never the loop around it.

    Examples
    --------
    >>> import steepest as st
    >>> [name for name, method in st.methods.METHODS.items() if method.capabilities.needs_hessian]
    ['newton', 'cubic-newton']
    """

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities] = Capabilities()
    memory_types: ClassVar[tuple[type, ...]] = ()
    """The named tuples that its memory is made of, besides numbers, arrays, tuples and mappings:
    a checkpoint holds no others."""

    def __post_init__(self) -> None:
        check_options(self)

    @property
    @abstractmethod
    def phrase(self) -> str:
        """How the method finds the length of its steps, as a report says it."""

    @abstractmethod
    def advance(self, problem: Problem, here: Iterate, memory: Any = None) -> Trial:
        """Make one step.

        Parameters
        ----------
        problem : Problem
            The function.
        here : Iterate
            The point, its value and its gradient.
        memory : object
            What the step before left in `Trial.memory`; None at the first.

        Returns
        -------
        Trial
        """

    def first_rate(self, here: Iterate) -> float:
        """Return the rate of the first step, or the one it tries first."""
        return 1.0

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


class DirectionMemory(NamedTuple):
    """What direction and step length remember between steps."""

    state: State
    steps: int
    length: Any


@dataclass(frozen=True)
class DirectionMethod(Method):
    """A direction, and a rule for how far to go along it: x ← x + rate · direction.

    Parameters
    ----------
    learning_rate : float or schedule, optional
        The rate. None takes the method's documented default, or, where there is none, the rule
        `step_length`.
    step_length : StepLength, optional
        The rule that finds the rate of each step, in place of a given one. None takes the
        method's own.

    Examples
    --------
    >>> import steepest as st
    >>> method = st.methods.BFGS()
    >>> isinstance(method, DirectionMethod), method.learning_rate
    (True, None)
    """

    default_rate: ClassVar[float | None] = None
    memory_types: ClassVar[tuple[type, ...]] = (DirectionMemory,)

    learning_rate: float | Schedule | None = field(default=None, metadata=RATE_OR_NONE)
    _: KW_ONLY
    step_length: StepLength | None = field(default=None, metadata=STEP_LENGTH)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.learning_rate is not None and self.step_length is not None:
            raise InputError(
                f"learning_rate={self.learning_rate!r} and step_length={self.step_length!r} are "
                f"both given in {type(self).__name__}, and each decides how far a step goes: "
                "leave one of them out."
            )

    @cached_property
    def length(self) -> StepLength:
        """The rule in force for how far a step goes."""
        if self.step_length is not None:
            return self.step_length
        rate = self.default_rate if self.learning_rate is None else self.learning_rate
        return self.own_step_length() if rate is None else Constant(rate)

    def own_step_length(self) -> StepLength:
        """Return the rule that the method takes where nothing else is asked for."""
        return Backtracking()

    @property
    def phrase(self) -> str:
        """What the step length calls itself."""
        return self.length.phrase

    def first_rate(self, here: Iterate) -> float:
        """Return the rate that the step length would try first down the slope."""
        return self.length.first_rate(here.x, here.gradient)

    def initial_state(self, x: Array) -> State:
        """Return the method's memory before the first step: none, unless a method has one.

        Parameters
        ----------
        x : array, shape (n,)
            The start.

        Returns
        -------
        State
        """
        return {}

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

    def direction_within(
        self, problem: Problem, here: Iterate, state: State, step: int
    ) -> tuple[Vector, State]:
        """Return the direction where there may be bounds, onto which the step is projected."""
        return self.direction(here.x, here.gradient, state, step)

    def advance(
        self, problem: Problem, here: Iterate, memory: DirectionMemory | None = None
    ) -> Trial:
        """Go along the direction as far as the step length says.

        Where nothing along it is good enough, the memory is forgotten and the way is straight
        down (O'Donoghue and Candès 2015); where that leads nowhere either, it ends.
        """
        length = self.length
        state, steps, reach = memory or DirectionMemory(self.initial_state(here.x), 0, None)
        while True:
            steps += 1
            direction, following = self.direction_within(problem, here, state, steps)
            trial = length.advance(problem, here, direction, reach)
            if trial.accepted or steps == 1:
                return trial._replace(memory=DirectionMemory(following, steps, trial.memory))
            state, steps = self.initial_state(here.x), 0


@dataclass(frozen=True)
class FirstOrderMethod(DirectionMethod):
    """A rule of plain elementwise arithmetic, which can be written out as a program.

    `direction` uses + - * / **, unary -, comparisons, and NumPy's sqrt, sign, where, maximum and
    abs, with no ``if`` on anything but the method's own options. The same code therefore runs
    on arrays and on the symbols that generated source is traced from.

    Parameters
    ----------
    learning_rate, step_length
        See `DirectionMethod`.
    weight_decay : float, default 0.0
        The factor λ of the penalty λ/2 · ‖x‖², whose gradient λ x is added to that of f. What
        is recorded and reported is f alone.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize(
    ...     "x**2", 1.0, method=st.methods.GradientDescent(0.25, weight_decay=1.0), max_steps=1
    ... )
    >>> walk.last.x
    0.25
    """

    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True)

    _: KW_ONLY
    weight_decay: float = field(default=0.0, metadata=NOT_NEGATIVE)

    @cached_property
    def length(self) -> StepLength:
        """The rule in force for how far a step goes."""
        length = super().length
        if self.weight_decay > 0 and not isinstance(length, Constant):
            raise InputError(
                f"weight_decay={self.weight_decay!r} needs a learning_rate: without one, each "
                "step is as long as the value of the function alone allows, which knows no "
                "penalty."
            )
        return length

    def with_penalty(self, x: Array, gradient: Array) -> Array:
        """Return the gradient of f(x) + weight_decay/2 · ‖x‖²."""
        if self.weight_decay == 0:
            return gradient
        return gradient + self.weight_decay * x
