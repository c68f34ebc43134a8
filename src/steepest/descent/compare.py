"""Several methods side by side: the same function, the same start, the same budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from steepest.descent.bounds import box_of
from steepest.descent.choices import chosen_method, default_method, require_able, why_unable
from steepest.descent.descend import descend_from
from steepest.descent.methods import METHODS, FirstOrderMethod, Method
from steepest.descent.options import Schedule
from steepest.descent.result import Result
from steepest.descent.step_length import StepLength
from steepest.descent.stopping import Stop
from steepest.descent.walk import Walker, numpy_walk
from steepest.errors import InputError
from steepest.objective import Objective

if TYPE_CHECKING:
    from steepest.descent.elsewhere import Elsewhere
    from steepest.descent.many_starts import Sampler

USUAL = ("gradient-descent", "momentum", "adam", "conjugate-gradient", "l-bfgs")
"""Who races where nobody is named, beside the default method: one of every family."""

ROW = (
    *("method", "steps", "evaluations", "fun", "gradient_norm", "seconds"),
    *("reason", "success", "left_out"),
)
"""The fields of a row of `Comparison.table`."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """What several methods made of one function.

    Parameters
    ----------
    results : dict
        The result of each method, by its name or label, in the order given.
    left_out : dict, default {}
        Why a method did not race, by its name or label.

    Examples
    --------
    >>> import steepest as st
    >>> race = st.compare("x**2 + 3*y**2", {"x": 2, "y": 1}, ["momentum", "newton"])
    >>> [(row["method"], row["success"]) for row in race.table()]
    [('momentum', True), ('newton', True)]
    >>> race.best
    'newton'
    """

    results: dict[str, Result]
    left_out: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.results)}; {self.best} came lowest>"

    def __str__(self) -> str:
        names = ROW[:-1]
        cells = [[_written(row[name]) for name in names] for row in self.table()]
        widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in [names, *cells]
        ]
        return "\n".join([*lines, *(f"{one}: {why}." for one, why in self.left_out.items())])

    def table(self) -> list[dict[str, Any]]:
        """Return a row for each method: how far it came, what it took, why it ended.

        Those that were left out come last, with None for what is not known of them.
        """
        return [
            {
                "method": label,
                "steps": result.nit,
                "evaluations": result.search.evaluations if result.search else result.nfev,
                "fun": result.fun,
                "gradient_norm": result.stationarity.gradient_norm,
                "seconds": (
                    result.search.seconds if result.search else float(result.history.seconds[-1])
                ),
                "reason": result.reason.name,
                "success": result.success,
                "left_out": None,
            }
            for label, result in self.results.items()
        ] + [
            {**dict.fromkeys(ROW), "method": label, "success": False, "left_out": why}
            for label, why in self.left_out.items()
        ]

    @property
    def best(self) -> str:
        """The label of the method that came lowest."""
        return min(self.results, key=lambda label: self.results[label].fun)


def _written(value: Any) -> str:
    """Return an entry of the table as text."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def race(
    objective: Objective,
    methods: Sequence[str | Method] | Mapping[str, str | Method] | None = None,
    *,
    learning_rate: float | Schedule | None = None,
    step_length: str | StepLength | None = None,
    stop: str | Stop | None = None,
    tol: float | None = None,
    max_steps: int | None = None,
    max_seconds: float | None = None,
    max_evaluations: int | None = None,
    bounds: Any = None,
    starts: int | Sequence[Any] | Sampler | None = None,
    seed: int | None = None,
    walker: Walker = numpy_walk,
    function: Any = None,
    elsewhere: Elsewhere | None = None,
) -> Comparison:
    """Run several methods on one objective; those that cannot do it are left out.

    Parameters
    ----------
    objective : Objective
        The function and the start.
    methods : sequence, or mapping of labels to methods, optional
        Names or method objects. A name that comes twice gets its number. None races one of
        every family, and what `minimize` would choose.
    learning_rate : float or schedule, optional
        For every method that has none of its own.
    step_length : str or StepLength, optional
        For every first-order method without a documented rate and a step length of its own.
    stop, tol, max_steps, max_seconds, max_evaluations, bounds
        As in `descend`, the same for every method.
    starts, seed : optional
        As in `minimize`: every method follows the same starts to their bottoms.
    walker, function
        As in `descend`.
    elsewhere : Elsewhere, optional
        The workers that race.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        For no methods at all, where none of them can do it, and for what `descend` refuses.
    """
    labelled = _labelled(_usual(objective, bounds) if methods is None else methods)
    box = box_of(bounds, objective.names, objective.start)
    reasons = {label: why_unable(method, objective, box) for label, method in labelled.items()}
    left_out = {label: why for label, why in reasons.items() if why is not None}
    if len(left_out) == len(labelled):
        require_able(next(iter(labelled.values())), objective, box)
    options = {
        "stop": stop,
        "tol": tol,
        "max_steps": max_steps,
        "max_seconds": max_seconds,
        "max_evaluations": max_evaluations,
        "bounds": bounds,
        "seed": seed,
        "walker": walker,
    }
    runs = {
        label: (_with_shared(method, learning_rate, step_length), starts, options)
        for label, method in labelled.items()
        if label not in left_out
    }
    if elsewhere is None:
        found = [one_of(objective, *run) for run in runs.values()]
    else:
        found = elsewhere.each(one_of, list(runs.values()))
        found = [replace(result, objective=objective) for result in found]
    results = {
        label: replace(result, function=function) for label, result in zip(runs, found, strict=True)
    }
    return Comparison(results, left_out)


def one_of(objective: Objective, method: Method, starts: Any, options: dict[str, Any]) -> Result:
    """Return the descent of one of several methods."""
    return descend_from(objective, method, starts, **options)


def _usual(objective: Objective, bounds: Any) -> list[str]:
    """Return the methods that race where nobody is named, all of them able to."""
    chosen, _ = default_method(objective)
    names = dict.fromkeys([*USUAL, chosen.name])
    return [name for name in names if bounds is None or METHODS[name].capabilities.takes_bounds]


def _with_shared(
    method: Method, learning_rate: float | Schedule | None, step_length: str | StepLength | None
) -> Method:
    """Return a method with the shared rate or step length, where it takes one and has none."""
    if not isinstance(method, FirstOrderMethod):
        return method
    if method.learning_rate is not None or method.step_length is not None:
        return method
    if method.default_rate is not None:
        step_length = None
    return chosen_method(method, learning_rate, step_length)


def compare(
    fun: Any,
    x0: Any,
    methods: Sequence[str | Method] | Mapping[str, str | Method] | None = None,
    *,
    args: tuple[Any, ...] = (),
    jac: Any = None,
    client: Any = None,
    **options: Any,
) -> Comparison:
    """Run several methods on one function from one start.

    Parameters
    ----------
    fun, x0
        As in `minimize`.
    methods : sequence, or mapping of labels to methods, optional
        Names or method objects. None races one of every family, and what `minimize` would choose.
    args, jac
        As in `minimize`.
    client : distributed.Client or str, optional
        A Dask cluster, or the address of its scheduler, whose workers race; the results are the
        same, but for the seconds.
    **options
        As in `minimize`, the same for every method: ``learning_rate``, ``step_length``, ``stop``,
        ``tol``, ``bounds``, ``starts``, ``seed`` and the limits.

    Returns
    -------
    Comparison

    Examples
    --------
    >>> comparison = compare("x**2 + 3*y**2", [2, 1], ["gradient-descent", "momentum"])
    >>> [row["success"] for row in comparison.table()]
    [True, True]
    """
    from steepest.functions import objective

    bound = objective(fun, x0, args=args, jac=jac)
    if client is None:
        return race(bound, methods, function=fun, **options)
    from steepest.descent.elsewhere import Elsewhere, given

    with closing(Elsewhere(client, given(fun, x0, args, jac))) as elsewhere:
        return race(bound, methods, function=fun, elsewhere=elsewhere, **options)


def _labelled(
    methods: Sequence[str | Method] | Mapping[str, str | Method],
) -> dict[str, Method]:
    """Return the methods by label: their names, numbered where one comes again."""
    if isinstance(methods, Mapping):
        labelled = {str(label): chosen_method(method) for label, method in methods.items()}
    else:
        labelled, names = {}, list[str]()
        for given in [methods] if isinstance(methods, str) else methods:
            method = chosen_method(given)
            name = given if isinstance(given, str) else method.name
            names.append(name)
            again = names.count(name)
            labelled[f"{name} ({again})" if again > 1 else name] = method
    if not labelled:
        raise InputError("There is nothing to compare: give at least one method.")
    return labelled
