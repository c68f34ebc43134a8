"""What the user asked for, turned into a method, a stop rule and limits."""

from __future__ import annotations

import math
from dataclasses import replace

from steepest.descent.bounds import Box
from steepest.descent.loop import Limits
from steepest.descent.methods import METHODS, NAMES, DirectionMethod, Method, named
from steepest.descent.options import COUNT, POSITIVE, STEPS, Schedule, require
from steepest.descent.problem import Problem
from steepest.descent.step_length import StepLength
from steepest.descent.step_length import named as named_length
from steepest.descent.stopping import TOLERANCE, Gradient, MaxSteps, Stop
from steepest.descent.stopping import named as named_stop
from steepest.descent.units import units_of
from steepest.errors import InputError, did_you_mean
from steepest.objective import Objective, Vector

MAX_STEPS = 100_000
"""The default limit on steps.

Gradient descent takes about κ ln(1/tolerance) steps on a problem of condition number κ: this is
enough for κ up to some thousands, and takes seconds.
"""


FEW = 50
"""Up to so many variables Newton's method is the default where the Hessian is exact.

On 72 problems of the literature it took 12 evaluations in the median, L-BFGS 32, and no other
method solved more of them, whatever the units of the variables (`benchmarks/solved.py`). Beyond,
its eigenvalues cost more time than the evaluations it saves.
"""


def default_method(objective: Objective) -> tuple[Method, str]:
    """Return the method for a function where none is asked for, and why.

    Parameters
    ----------
    objective : Objective
        The function.

    Returns
    -------
    method : Method
    reason : str
        The end of a sentence that begins "chosen because".
    """
    one = objective.size == 1
    count = "1 variable is" if one else f"{objective.size} variables are"
    if objective.differentiation != "graph":
        how = "numerical" if objective.differentiation == "numerical" else "as given"
        return named("l-bfgs"), f"the gradient is {how}, so that no exact Hessian is at hand"
    if objective.size <= FEW:
        return named("newton"), f"the Hessian is exact, and {count} few enough for it"
    return named("l-bfgs"), f"{count} many, for which it needs little memory"


def default_for(problem: Problem) -> tuple[Method, str, Vector | None]:
    """Return the default method for a problem, why, and units in which it is to see the variables.

    Newton's method is free of units by itself, and L-BFGS is not.
    """
    method, why = default_method(problem.objective)
    units = None
    if method.name == "l-bfgs" and problem.objective.differentiation == "graph":
        units = units_of(problem, problem.start)
    if units is not None:
        why += "; each is measured by its curvature at the start, since their units are unlike"
    return method, why, units


def chosen_method(
    method: str | Method,
    learning_rate: float | Schedule | None = None,
    step_length: str | StepLength | None = None,
) -> Method:
    """Return the method that was asked for.

    Raises
    ------
    InputError
        For what is no method, and for a learning rate given twice.
    """
    if isinstance(method, str):
        method = named(method)
    if not isinstance(method, Method):
        raise InputError(
            f"method={method!r} is no method: give a name ({', '.join(NAMES)}) "
            "or an object such as Momentum(momentum=0.8)."
        )
    if learning_rate is None and step_length is None:
        return method
    if not isinstance(method, DirectionMethod):
        raise InputError(
            f"{method.name} finds the length of its steps itself: leave learning_rate and "
            "step_length out."
        )
    if learning_rate is None:
        return replace(method, step_length=step_length_of(step_length))
    if method.learning_rate is not None:
        raise InputError(
            f"The learning rate is given twice, in {method!r} and as "
            f"learning_rate={learning_rate!r}: leave one of them out."
        )
    return replace(method, learning_rate=learning_rate, step_length=step_length_of(step_length))


def step_length_of(step_length: str | StepLength | None) -> StepLength | None:
    """Return the step length of a name."""
    return named_length(step_length) if isinstance(step_length, str) else step_length


def why_unable(method: Method, objective: Objective, box: Box | None) -> str | None:
    """Return why a method cannot do what it is asked for, as the end of a sentence; or None."""
    if method.capabilities.needs_residuals and not objective.is_sum_of_squares():
        return (
            "needs a sum of squares, such as np.sum(r**2), and the function is not written as one"
        )
    if box is not None and not method.capabilities.takes_bounds:
        return "takes no bounds"
    return None


def require_able(method: Method, objective: Objective, box: Box | None) -> None:
    """Raise `InputError` where a method cannot do what it is asked for."""
    why = why_unable(method, objective, box)
    if why is None:
        return
    remedy = "take another method, such as 'l-bfgs' or 'newton'"
    if box is not None and not method.capabilities.takes_bounds:
        able = [name for name in METHODS if METHODS[name].capabilities.takes_bounds]
        remedy = f"leave them out, or take one of {', '.join(able)}"
    raise InputError(f"The method {method.name!r} {why}: {remedy}.")


def chosen_stop(stop: str | Stop | None, tol: float | None, max_steps: int | None) -> Stop:
    """Return the stop rule that was asked for; `Gradient` where none was.

    Raises
    ------
    InputError
        For what is no stop rule, for a tolerance that is no positive number, and for one given
        twice.
    """
    if tol is not None:
        require("tol", tol, POSITIVE, "minimize")
    if max_steps is not None:
        require("max_steps", max_steps, COUNT, "minimize")
    if isinstance(stop, Stop):
        if tol is not None and any(isinstance(part, Gradient) for part in stop.parts):
            raise InputError(
                f"The tolerance is given twice, in {stop!r} and as tol={tol!r}: leave one of them "
                "out."
            )
        return stop
    if stop is None or isinstance(stop, str):
        return named_stop(stop or "gradient", tolerance=tol, steps=max_steps)
    raise InputError(
        f"stop={stop!r} is no stop rule: give 'gradient', 'no-descent' or 'max-steps', "
        "or an object such as stopping.Gradient(1e-8)."
    )


ENGINES = ("auto", "python", "native")
"""What may make the steps: compiled code where it pays, Python alone, compiled code at once."""


def chosen_engine(engine: str) -> str:
    """Return the engine that was asked for; raise `InputError` where there is none."""
    if engine not in ENGINES:
        raise InputError(
            f"There is no engine {engine!r}: the engines are {', '.join(ENGINES)}."
            f"{did_you_mean(str(engine), ENGINES)}"
        )
    return engine


def small_gradient(stop: Stop, tol: float | None) -> Gradient:
    """Return the rule by which a gradient counts as small, whatever ends the descent.

    Of several it is the most lenient one, at which the descent ends.
    """
    asked = [part for part in stop.parts if isinstance(part, Gradient)]
    own = Gradient(TOLERANCE if tol is None else tol)
    return max(asked, key=lambda part: part.tolerance, default=own)


def chosen_limits(
    stop: Stop,
    max_steps: int | None,
    max_seconds: float | None,
    max_evaluations: int | None,
) -> Limits:
    """Return the limits that were asked for.

    Without a limit on steps it is `MAX_STEPS`, or what a `MaxSteps` rule asks for.

    Raises
    ------
    InputError
        For a limit that is no positive number.
    """
    if max_seconds is not None:
        require("max_seconds", max_seconds, POSITIVE, "minimize")
    if max_evaluations is not None:
        require("max_evaluations", max_evaluations, STEPS, "minimize")
    if max_steps is None:
        asked = [part.steps for part in stop.parts if isinstance(part, MaxSteps)]
        max_steps = max(asked, default=MAX_STEPS)
    return Limits(
        max_steps,
        math.inf if max_evaluations is None else max_evaluations,
        math.inf if max_seconds is None else max_seconds,
    )
