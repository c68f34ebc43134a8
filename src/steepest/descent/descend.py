"""One descent from beginning to end: choices made, loop run, result judged."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.bounds import box_of
from steepest.descent.choices import (
    chosen_engine,
    chosen_limits,
    chosen_method,
    chosen_stop,
    default_for,
    require_able,
    small_gradient,
)
from steepest.descent.emitted import ProgramWalk, follow_program, program_walk
from steepest.descent.history import History
from steepest.descent.loop import Limits, Outcome, follow
from steepest.descent.messages import message_of, require_finite_start
from steepest.descent.methods import DirectionMethod, FirstOrderMethod, Method
from steepest.descent.options import Schedule
from steepest.descent.problem import Iterate, Problem
from steepest.descent.rates import rate_that_holds
from steepest.descent.result import Point, Result
from steepest.descent.running import ProgramError, by_python
from steepest.descent.stationarity import judge
from steepest.descent.step_length import Constant, StepLength
from steepest.descent.stopping import Gradient, MaxSteps, Reason, Stop
from steepest.descent.walk import Plan, Row, Walk, Walker, numpy_walk
from steepest.descent.watching import Callback, Progress, once, watching
from steepest.objective import Objective

if TYPE_CHECKING:
    from steepest.descent.checkpoints.journal import Journal
    from steepest.descent.checkpoints.request import Request


def descend_from(
    objective: Objective, method: str | Method | None, starts: Any, **options: Any
) -> Result:
    """Return one descent, or where `starts` are given the best of a search from these."""
    if starts is None:
        return descend(objective, method, **options)
    # Most commands make one descent, and should not wait for more to be loaded.
    from steepest.descent.search import search

    return search(objective, method, starts, **options)


def descend(
    objective: Objective,
    method: str | Method | None = None,
    *,
    learning_rate: float | Schedule | None = None,
    step_length: str | StepLength | None = None,
    stop: str | Stop | None = None,
    tol: float | None = None,
    max_steps: int | None = None,
    max_seconds: float | None = None,
    max_evaluations: int | None = None,
    callback: Callback | None = None,
    bounds: Any = None,
    history: bool = True,
    seed: int | None = None,
    progress: Progress = None,
    engine: str = "python",
    walker: Walker | None = None,
    function: Any = None,
    journal: Journal | None = None,
    request: Request | None = None,
) -> Result:
    """Walk downhill on an objective, and say what was found.

    `minimize` documents the parameters that it shares with this function.

    Parameters
    ----------
    objective : Objective
        The function and its start.
    engine : {"auto", "python", "native"}, default "python"
        What makes the steps.
    walker : callable, optional
        Makes the walk of a plan; None takes what the engine has.
    function : object, optional
        The function as the user gave it, kept in the result.
    journal : Journal, optional
        Keeps the descent in a checkpoint, or shows what one has of it. All steps are then made
        by Python, one by one.
    request : Request, optional
        How to make the descent again, kept in the result.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        For a method, stop rule, limit or rate that cannot be used.
    NonFiniteError
        If the value or the gradient at the start is not finite.
    """
    box = box_of(bounds, objective.names, objective.start)
    problem = Problem(objective if box is None else objective.within(box.lower, box.upper), box)
    why = units = None
    if method is None and learning_rate is None and step_length is None:
        chosen, why, units = default_for(problem)
    else:
        chosen = chosen_method(method or "gradient-descent", learning_rate, step_length)
    require_able(chosen, objective, box)
    rule = chosen_stop(stop, tol, max_steps)
    limits = chosen_limits(rule, max_steps, max_seconds, max_evaluations)
    # Every step takes one evaluation at least.
    most = int(min(limits.steps, limits.evaluations - 1))
    plan = Plan(problem, chosen, rule, most, units, limits.evaluations, chosen_engine(engine))
    small = small_gradient(rule, tol)
    recording = None if journal is None else journal.recording(plan, history)
    if recording is not None:
        plan = plan._replace(record=recording)
        walk = recording.recorded(_step_by_step(plan, walker))
    else:
        walk = (walker or walker_of(plan))(plan)
    if recording is not None:
        pass
    elif walk.stops_itself and not history:
        # A program hands out its rows; what is to keep none of them is another loop.
        walk = replace(numpy_walk(plan), program=walk.program, notices=_unkept(plan))
    elif isinstance(walk, ProgramWalk) and callback is not None:
        callback = once(callback)
    elif walk.stops_itself and callback is not None:
        walk = replace(numpy_walk(plan), program=walk.program)
    try:
        outcome, goal = _followed(plan, walk, limits, small, callback, progress, history)
        if journal is not None and recording is not None:
            journal.ended(recording, outcome.reason, outcome.last[0])
    except ProgramError:
        walk = numpy_walk(plan)
        outcome, goal = _followed(plan, walk, limits, small, callback, progress, history)
    options = {
        **_plain_options(chosen),
        "steps": chosen.phrase,
        "chosen_because": why,
        "stop": repr(rule),
        "tolerance": small.tolerance,
        "max_steps": limits.steps,
        "max_seconds": max_seconds,
        "max_evaluations": max_evaluations,
        "engine": walk.engine,
    }
    return _judged(plan, walk, outcome, goal, options, seed, function, request)


def walker_of(plan: Plan) -> Walker:
    """Return what makes a walk by the engine of a plan."""
    if plan.engine == "python" or (plan.engine == "auto" and plan.method.name != "l-bfgs"):
        return program_walk
    # Most descents have nothing to compile, and should not wait for this to be loaded.
    from steepest.descent.native import native_walk

    return native_walk


def _step_by_step(plan: Plan, walker: Walker | None) -> Walk:
    """Return a walk that can be left and gone on with after every step."""
    walk = (walker or program_walk)(plan._replace(engine="python"))
    if not walk.stops_itself:
        return walk if plan.engine != "native" or walker else replace(walk, notices=_unkept(plan))
    return replace(numpy_walk(plan), program=walk.program, notices=_unkept(plan))


def _unkept(plan: Plan) -> tuple[str, ...]:
    """Return what to say where a program is not run because its rows are not kept."""
    if plan.engine != "native":
        return ()
    if plan.record is not None:
        return (by_python("a checkpoint is written between steps."),)
    return (by_python("compiled code keeps its rows."),)


def _followed(
    plan: Plan,
    walk: Walk,
    limits: Limits,
    small: Gradient,
    callback: Callback | None,
    progress: Progress,
    history: bool,
) -> tuple[Outcome, float]:
    """Follow a walk to its end; return what came of it, and the goal for its gradient."""
    first = next(walk.rows)
    require_finite_start(plan.objective, first)
    here = Iterate(plan.objective.start, first[2], np.asarray(first[3]))
    goal = small.goal(plan.problem.slope(here))
    steps = next((part.steps for part in plan.stop.parts if isinstance(part, MaxSteps)), None)
    with watching(callback, progress, plan.objective, goal, steps) as watch:
        if isinstance(walk, ProgramWalk):
            return follow_program(walk, limits, watch, callback is not None), goal
        first_rate = plan.method.first_rate(here)
        box, stop = plan.problem.box, plan.stop
        if plan.record is not None:
            stop, watch = plan.record.stop(), plan.record.shown_to(watch)
        return follow(first, walk, stop, limits, first_rate, watch, history, box), goal


def _judged(
    plan: Plan,
    walk: Walk,
    outcome: Outcome,
    goal: float,
    options: dict[str, Any],
    seed: int | None,
    function: Any,
    request: Request | None = None,
) -> Result:
    """Return the result of a descent, with its best point judged."""
    problem, objective = plan.problem, plan.objective
    reason, last = outcome.reason, outcome.last
    if walk.choose is not None:
        step, x, *_ = row = walk.choose() or last
        outcome = outcome._replace(best=(step, *problem.evaluate(np.array(x)), *row[4:]))
    best = Iterate(np.array(outcome.best[1]), outcome.best[2], np.array(outcome.best[3]))
    still, in_parts = reason is Reason.NO_FURTHER_FALL, walk.choose is not None
    found = judge(problem, best, goal, standstill=still, closely=not in_parts)
    mishap = reason in {Reason.DIVERGED, Reason.NOT_FINITE}
    holding = rate_that_holds(plan, outcome) if mishap else None
    as_asked = reason.as_asked or _was_goal(reason, plan.stop, last[0])
    return Result(
        x=objective.restore(best.x),
        fun=best.value,
        jac=objective.restore(best.gradient),
        nit=last[0],
        # A walk that evaluates by itself asks for the gradient with every value.
        nfev=max(problem.values, last[6]),
        njev=max(problem.gradients, last[6]),
        nhev=problem.hessians + problem.products,
        success=found.shown,
        status=0 if as_asked else list(Reason).index(reason) + 1,
        message=message_of(objective, plan.method, outcome, found, holding),
        reason=reason,
        as_asked=as_asked,
        history=History(outcome.rows, outcome.seconds, objective.names, problem.box),
        last=Point(*_restored(objective, last)),
        method=plan.method.name,
        options=options,
        start=objective.restore(objective.start),
        seed=seed,
        notices=(*objective.notices, *walk.notices, *_notices(plan.method)),
        program=walk.program,
        names=objective.names,
        position=best.x,
        gradient=best.gradient,
        stationarity=found,
        suggested_rate=None if holding is None else holding.rate,
        function=function,
        objective=objective,
        box=problem.box,
        request=request,
    )


def _restored(objective: Objective, row: Row) -> tuple[Any, float, Any]:
    """Return point, value and gradient of a row in the structure of the start."""
    x, gradient = np.array(row[1]), np.array(row[3])
    return objective.restore(x), row[2], objective.restore(gradient)


def _was_goal(reason: Reason, stop: Stop, steps: int) -> bool:
    """Return whether making this many steps was what the stop rule asked for."""
    goals = [part.steps for part in stop.parts if isinstance(part, MaxSteps)]
    return reason is Reason.MAX_STEPS and any(steps >= goal for goal in goals)


def _plain_options(method: Method) -> dict[str, Any]:
    """Return a method's options by name, schedules as text, the rate in force among them."""
    values = {option.name: getattr(method, option.name) for option in fields(method)}
    if isinstance(method, DirectionMethod) and isinstance(method.length, Constant):
        values["learning_rate"] = method.length.rate
    plain = (bool, int, float, str, type(None))
    return {
        name: value if isinstance(value, plain) else repr(value) for name, value in values.items()
    }


def _notices(method: Method) -> tuple[str, ...]:
    """Return what one should know of the method as it was set."""
    if not isinstance(method, FirstOrderMethod) or method.weight_decay == 0:
        return ()
    return (
        f"weight_decay={method.weight_decay!r} pulls every variable towards 0, "
        "and the end point off the minimum of the function.",
    )
