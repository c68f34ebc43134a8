"""Our methods as `method=` of `scipy.optimize.minimize`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from steepest.descent.choices import chosen_method
from steepest.descent.history import Step
from steepest.descent.methods import Method, named
from steepest.descent.minimize import minimize
from steepest.descent.result import Result
from steepest.errors import InputError, did_you_mean
from steepest.functions import function

OPTIONS = {
    "maxiter": "max_steps",
    "maxfun": "max_evaluations",
    "maxfev": "max_evaluations",
    "gtol": "tol",
    "tol": "tol",
}
"""SciPy's options that have a counterpart here."""

DIFFERENCES = ("2-point", "3-point", "cs")
"""SciPy's names for numerical differentiation."""


def scipy_method(method: str | Method | None = None, **options: Any) -> Callable[..., Any]:
    """Return one of our methods as SciPy's `minimize` takes it.

    Parameters
    ----------
    method : str or Method, optional
        As in `steepest.minimize`; None chooses by the problem.
    **options
        Fields of the method, where it is given by its name.

    Returns
    -------
    callable
        For ``scipy.optimize.minimize(..., method=...)``. Without `jac` the function is
        differentiated here. Of SciPy's options it knows maxiter, maxfun, maxfev, gtol, tol and
        disp; bounds hold where the method takes bounds; there are no other constraints.

    Examples
    --------
    >>> from scipy.optimize import minimize, rosen
    >>> result = minimize(rosen, [-1.2, 1.0], method=scipy_method("l-bfgs"))
    >>> result.success, result.x.round(6)
    (True, array([1., 1.]))
    """
    chosen = named(method, **options) if isinstance(method, str) else method
    if options and not isinstance(method, str):
        raise InputError(f"Options {', '.join(options)} belong to a method given by its name.")
    if chosen is not None:
        chosen_method(chosen)

    def run(
        fun: Callable[..., Any],
        x0: Any,
        args: tuple[Any, ...] = (),
        jac: Any = None,
        hess: Any = None,
        hessp: Any = None,
        bounds: Any = None,
        constraints: Any = (),
        callback: Callable[..., Any] | None = None,
        **given: Any,
    ) -> Any:
        """Minimise as SciPy asks."""
        if constraints:
            raise InputError("constraints other than bounds are not known here: leave them out.")
        if jac in DIFFERENCES:
            fun, jac = function(fun, differentiation="numerical"), None
        result = minimize(
            fun,
            x0,
            args=args,
            method=chosen,
            jac=jac or None,
            bounds=bounds,
            callback=None if callback is None else _shown(callback),
            **_translated(given),
        )
        return _as_scipy(result, given.get("disp", False))

    return run


def _translated(given: dict[str, Any]) -> dict[str, Any]:
    """Return SciPy's options by our names."""
    translated = {}
    for name, value in given.items():
        if name == "disp" or value is None:
            continue
        if name not in OPTIONS:
            raise InputError(
                f"The option {name!r} has no counterpart here.{did_you_mean(name, OPTIONS)} "
                f"The options are {', '.join(OPTIONS)} and disp."
            )
        translated[OPTIONS[name]] = value
    return translated


def _shown(callback: Callable[..., Any]) -> Callable[[Step], bool]:
    """Return a callback of ours that calls SciPy's, in either of its forms."""
    from scipy.optimize import OptimizeResult

    by_keyword = set(inspect.signature(callback).parameters) == {"intermediate_result"}

    def show(step: Step) -> bool:
        if step.step == 0:
            return False  # SciPy shows no start
        try:
            if by_keyword:
                callback(intermediate_result=OptimizeResult(x=step.x, fun=step.fun))
            else:
                return bool(callback(step.x))
        except StopIteration:
            return True
        return False

    return show


def _as_scipy(result: Result, shown: bool) -> Any:
    """Return our result with SciPy's fields."""
    from scipy.optimize import OptimizeResult

    if shown:
        # SciPy prints its summary, too, where it is asked to.
        print(result.explain())  # noqa: T201
    fields = ("x", "fun", "jac", "nit", "nfev", "njev", "nhev", "success", "status", "message")
    return OptimizeResult({name: getattr(result, name) for name in fields})
