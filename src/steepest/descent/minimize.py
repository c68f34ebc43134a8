"""The entry: a function and a start in, a result out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from steepest.descent.checkpoints.request import Request, keeping
from steepest.descent.descend import descend_from
from steepest.descent.methods import Method
from steepest.descent.options import COUNT, Schedule, require
from steepest.descent.result import Result
from steepest.descent.step_length import StepLength
from steepest.descent.stopping import Stop
from steepest.descent.watching import Callback, Progress
from steepest.functions import objective

if TYPE_CHECKING:
    from pathlib import Path

    from steepest.descent.checkpoints.checkpoint import Checkpoint
    from steepest.descent.checkpoints.journal import Journal
    from steepest.descent.many_starts import Sampler


def minimize(
    fun: Any,
    x0: Any,
    args: tuple[Any, ...] = (),
    method: str | Method | None = None,
    jac: Any = None,
    bounds: Any = None,
    tol: float | None = None,
    callback: Callback | None = None,
    *,
    learning_rate: float | Schedule | None = None,
    step_length: str | StepLength | None = None,
    stop: str | Stop | None = None,
    max_steps: int | None = None,
    max_seconds: float | None = None,
    max_evaluations: int | None = None,
    history: bool = True,
    starts: int | Sequence[Any] | Sampler | None = None,
    seed: int | None = None,
    progress: Progress = None,
    checkpoint: str | Path | Checkpoint | Journal | None = None,
    engine: str = "auto",
    client: Any = None,
) -> Result:
    """Minimise a function by gradient descent or one of its relatives.

    x ← x + rate · direction, until the gradient is small or something else ends it.

    Parameters
    ----------
    fun : str, Function or callable
        The function: a formula such as ``"x**2 + y**2"``, or Python code.
    x0 : float, sequence, ndarray or dict
        The start. Results come back in the same structure.
    args : tuple, default ()
        Further arguments of a callable `fun`.
    method : str or Method, optional
        A name such as ``"adam"``, or an object such as ``Momentum(momentum=0.8)``; SciPy's
        ``"BFGS"``, ``"L-BFGS-B"``, ``"CG"``, ``"Newton-CG"`` and ``"trust-exact"`` are understood.
        None chooses by the problem, which `Result.explain` reports: Newton's method for up to 50
        variables where the Hessian is exact, and L-BFGS otherwise; with a `learning_rate` or a
        `step_length`, gradient descent.
    jac : callable, bool, "torch" or "jax", optional
        The gradient; True where `fun` returns value and gradient; None differentiates `fun`. The
        name of a library lets that one differentiate: `fun` then takes its tensors or arrays.
    bounds : sequence or mapping of (low, high), optional
        The box that x must not leave, as in SciPy; None stands for an open side. A mapping of
        names may leave variables out, and gives an array's bounds under its name. The function
        is not evaluated outside, by no difference either.
    tol : float, default 1e-6
        The goal: ‖g‖∞ ≤ tol · min(1, ‖g_0‖∞), g_0 being the gradient at the start.
    callback : callable, optional
        Called with every point as a `Step`; a true answer stops the descent.
    learning_rate : float or schedule, optional
        The rate; None is the method's own default, or backtracking where it has none.
    step_length : str or StepLength, optional
        The rule that finds the length of each step, such as ``"backtracking"`` or
        ``step_lengths.Polyak(lowest=0.0)``; None is the method's own.
    stop : {"gradient", "no-descent", "max-steps"} or Stop, default "gradient"
        What ends the descent.
    max_steps : int, default 100000
        A limit on steps.
    max_seconds : float, optional
        A limit on time, looked at after every step, or where steps are quick some 50 times a
        second; with `starts`, on the time of them all. Compiling counts.
    max_evaluations : int, optional
        A limit on evaluations, looked at after every step; with `starts`, on those of them all.
    history : bool, default True
        Whether to keep every point, or only the first, the best and the last.
    starts : int, array, list of mappings or callable, optional
        Search for the lowest of several minima: so many descents, from x0 and random places; from
        x0 and these points, one in each row, or by names where x0 is a mapping; or from x0 and
        those that the function returns for a random generator. Points outside the bounds are
        moved to them. All roll down together, and then the method goes on from where they came
        to, as does the callback. `Result.minima` holds every distinct minimum found.
    seed : int, optional
        Of the random starts, 0 if not given; recorded in the result.
    progress : bool or callable, optional
        True shows a line on stderr; a callable is called with every `Step` and the goal.
    checkpoint : path or Checkpoint, optional
        Keep the run in this file every 30 seconds, or as often as a `Checkpoint` says, so that
        `resume` can go on with it to the last bit. All steps are then made by Python.
    engine : {"auto", "python", "native"}, default "auto"
        What makes the steps. Compiled by Numba ("native") they take a fraction of the time, and
        the first run seconds more; "auto" compiles once Python has spent these seconds on the
        function. Compiled are L-BFGS, up to rounding, and first-order methods with a learning
        rate on up to 24 variables, to the last bit.
    client : distributed.Client or str, optional
        A Dask cluster, or the address of its scheduler, whose workers follow the places that
        `starts` come to; what is found is the same.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        For an argument that cannot be used.
    NonFiniteError
        If the value or the gradient at the start is not finite.

    References
    ----------
    A. Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées",
    Comptes rendus 25, 1847.

    Examples
    --------
    >>> result = minimize("(1 - x)**2 + 100*(y - x**2)**2", {"x": -1.2, "y": 1})
    >>> result.success, result.verdict.kind, result.method
    (True, 'minimum', 'newton')
    """
    request = Request("minimize", dict(locals()))
    if seed is not None:
        require("seed", seed, COUNT, "minimize")
    bound = objective(fun, x0, args=args, jac=jac)
    spread: AbstractContextManager[dict[str, Any]] = nullcontext({})
    if client is not None:
        from steepest.descent.elsewhere import for_starts

        asked = {"callback": callback, "checkpoint": checkpoint, "max_evaluations": max_evaluations}
        spread = for_starts(client, starts, (fun, x0, args, jac), asked)
    with keeping(checkpoint, request) as journal, spread as elsewhere:
        result = descend_from(
            bound,
            method,
            starts,
            learning_rate=learning_rate,
            step_length=step_length,
            stop=stop,
            tol=tol,
            max_steps=max_steps,
            max_seconds=max_seconds,
            max_evaluations=max_evaluations,
            callback=callback,
            history=history,
            seed=seed,
            progress=progress,
            bounds=bounds,
            engine=engine,
            function=fun,
            journal=journal,
            request=request,
            **elsewhere,
        )
    return result if journal is None else journal.noted(result)
