"""What came of a descent."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from steepest.descent.bounds import Box
from steepest.descent.explain import explanation
from steepest.descent.history import History
from steepest.descent.inside import InsideStep, inside_step
from steepest.descent.problem import Iterate, Problem
from steepest.descent.stationarity import Stationarity
from steepest.descent.stopping import Reason
from steepest.descent.verdict import Verdict, verdict_of
from steepest.objective import Objective, Vector

if TYPE_CHECKING:
    from pathlib import Path

    import plotly.graph_objects

    from steepest.descent.checkpoints.request import Request
    from steepest.descent.search import Minimum, Search


@dataclass(frozen=True)
class Point:
    """A point of a descent.

    Parameters
    ----------
    x : scalar, ndarray or dict
        The point, in the structure of the start.
    fun : float
        f(x).
    gradient : scalar, ndarray or dict
        The gradient at x, in the structure of the start.
    """

    x: Any
    fun: float
    gradient: Any


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What came of a descent: the best point seen, why it ended, and what was found.

    The names are SciPy's where SciPy has one, and ``result["x"]`` is ``result.x``.

    Parameters
    ----------
    x : scalar, ndarray or dict
        The best point seen, in the structure of the start: the last one, unless an earlier one
        is lower.
    fun : float
        f(x).
    jac : scalar, ndarray or dict
        The gradient at x, in the structure of the start.
    nit : int
        Steps made.
    nfev, njev, nhev : int
        How often f, its gradient, and its Hessian or a product with it were evaluated.
    success : bool
        Whether x was shown to be stationary, whatever ended the descent. What kind of point it
        is says `verdict`.
    status : int
        0 where the descent ended as asked, and otherwise the number of its reason, from 1 up.
    message : str
        Why it ended, in words and numbers.
    reason : Reason
        Why it ended.
    as_asked : bool
        Whether it ended by the rule asked for, not by a limit or a mishap.
    history : History
        Every point, from the start to the last one made.
    last : Point
        The last point made, which may be worse than the best.
    method : str
        The name of the method.
    options : dict
        The options of the method and of the run, as plain values or text.
    start : scalar, ndarray or dict
        Where it began.
    seed : int or None
        As given.
    notices : tuple of str
        Sentences about the run that one should read.
    program : str or None
        The source of the program that made this descent, where there is one.
    names : tuple of str
        One name per variable.
    position : ndarray, shape (n,)
        x as a flat vector.
    gradient : ndarray, shape (n,)
        jac as a flat vector.
    stationarity : Stationarity
        The evidence behind `success`.
    suggested_rate : float or None
        After a divergence: a learning rate that was run from the same start and held.
    function : object
        The function as it was given, for saving.
    objective : Objective or None
        The function; None for a loaded result whose function is not at hand.
    box : Box or None
        The bounds.
    search : Search or None
        What many starts found, where `minimize` was given `starts`.
    saved_verdict : Verdict or None
        The verdict of a loaded result.
    request : Request or None
        How it was asked for, so that `resume` can go on; None for a loaded result and within a
        fit.

    Examples
    --------
    >>> import steepest as st
    >>> result = st.minimize("x**2 + 3*y**2", {"x": 2, "y": 1}, learning_rate=0.25)
    >>> result.success, result.reason.name, result.verdict.kind, result.nit
    (True, 'GRADIENT', 'minimum', 23)
    >>> result.history.x[1].tolist(), result["nit"] == result.nit
    ([1.0, -0.5], True)
    """

    x: Any
    fun: float
    jac: Any
    nit: int
    nfev: int
    njev: int
    nhev: int
    success: bool
    status: int
    message: str
    reason: Reason
    as_asked: bool
    history: History
    last: Point
    method: str
    options: dict[str, Any]
    start: Any
    seed: int | None
    notices: tuple[str, ...]
    program: str | None
    names: tuple[str, ...]
    position: Vector
    gradient: Vector
    stationarity: Stationarity
    suggested_rate: float | None = None
    function: Any = None
    objective: Objective | None = field(default=None, repr=False)
    box: Box | None = field(default=None, repr=False)
    search: Search | None = field(default=None, repr=False)
    saved_verdict: Verdict | None = None
    request: Request | None = field(default=None, repr=False)

    @cached_property
    def verdict(self) -> Verdict:
        """What was found at x, with the numbers behind it; computed when first asked for."""
        if self.saved_verdict is not None:
            return self.saved_verdict
        if self.objective is None:
            numbers = (self.stationarity.gradient_norm, self.stationarity.goal)
            text = "Undetermined: the function is not at hand to look at its curvature."
            return Verdict("undetermined", text, *numbers)
        problem = Problem(self.objective, self.box)
        return verdict_of(
            problem, Iterate(self.position, self.fun, self.gradient), self.stationarity
        )

    @property
    def at_bound(self) -> dict[str, str]:
        """The variables that are at a bound: name -> "lower" or "upper"."""
        return {} if self.box is None else self.box.at_bound(self.position, self.names)

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """Every distinct minimum that a search from many starts found, the lowest first."""
        return () if self.search is None else self.search.minima

    def explain(self) -> str:
        """Return in a few lines what was done, why it ended, what was found, and what to try."""
        return explanation(self)

    def inside(self, step: int) -> InsideStep:
        """Return one step taken apart: what the gradient gave, and what the method added.

        Parameters
        ----------
        step : int
            Its number, from 1 up.

        Examples
        --------
        >>> from steepest import minimize
        >>> result = minimize("x**2 + y**2", [1, 2], method="momentum", learning_rate=0.1)
        >>> second = result.inside(2)
        >>> {name: vector.round(3).tolist() for name, vector in second.parts.items()}
        {'gradient': [-0.16, -0.32], 'momentum': [-0.18, -0.36]}
        >>> second.move.round(3).tolist(), round(second.change, 2), round(second.promised, 2)
        ([-0.34, -0.68], -2.14, -2.72)
        """
        return inside_step(self, step)

    def resume(self, **changes: Any) -> Result:
        """Go on with this descent as if it had never ended, as under a larger limit.

        With a checkpoint it goes on from there. Without one the steps made so far are made again,
        and the result is the same.

        Parameters
        ----------
        **changes
            Arguments of `minimize` in place of those given before, such as ``max_steps=500``.

        Returns
        -------
        Result
            From the start on.

        Raises
        ------
        InputError
            For a result that was loaded or is part of a fit, and arguments that cannot be used.

        Examples
        --------
        >>> from steepest import minimize
        >>> short = minimize("x**2 + 3*y**2", [2, 1], learning_rate=0.1, max_steps=5)
        >>> short.reason.name, short.resume(max_steps=1000).nit
        ('MAX_STEPS', 69)
        """
        from steepest.descent.checkpoints.resuming import resumed

        return resumed(self, changes)

    def save(self, path: str | Path) -> None:
        """Write this result as JSON, to be read again with `steepest.load`.

        Parameters
        ----------
        path : str or path
            The file; it is replaced at once when everything is written.
        """
        from steepest.descent.saving import save

        save(self, path)

    def plot(self, kind: str | None = None, **options: Any) -> plotly.graph_objects.Figure:
        """Return a figure of the descent.

        Parameters
        ----------
        kind : str, optional
            What to draw; None chooses by the number of variables.
        **options
            `step`, `against`, `animate` and `theme` of `figures.plot_result`.
        """
        from steepest.figures import plot_result

        return plot_result(self, kind, **options)

    def _repr_html_(self) -> str:
        from steepest.figures import result_html

        return result_html(self)

    def keys(self) -> tuple[str, ...]:
        """Return the names that ``result[name]`` knows."""
        return _KEYS

    def __getitem__(self, name: str) -> Any:
        if name not in _KEYS:
            raise KeyError(name)
        return getattr(self, name)

    def __repr__(self) -> str:
        return (
            f"Result(fun={self.fun!r}, x={self.x!r}, success={self.success}, "
            f"reason={self.reason.name}, nit={self.nit}, nfev={self.nfev}, njev={self.njev})"
        )


_KEYS = (
    "x",
    "fun",
    "jac",
    "nit",
    "nfev",
    "njev",
    "nhev",
    "success",
    "status",
    "message",
    "reason",
    "verdict",
    "history",
    "last",
    "at_bound",
    "minima",
    "method",
    "options",
    "start",
    "seed",
    "notices",
    "program",
)
