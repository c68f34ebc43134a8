"""`landscape`: everything about the shape of a function over a box, asked for piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.methods.method import Method
from steepest.descent.options import COUNT, POSITIVE, require
from steepest.descent.result import Result
from steepest.errors import InputError, NonFiniteError
from steepest.landscapes import basins, critical, slices
from steepest.landscapes.contour_slope import ContourSlope, contour_slope
from steepest.landscapes.curvature import ConvergenceRate, Curvature, contraction_of
from steepest.landscapes.deadline import Deadline
from steepest.landscapes.domain import Domain, read_domain
from steepest.landscapes.field import Field
from steepest.landscapes.microscope import Microscope, microscope
from steepest.landscapes.newton import newton_runs
from steepest.landscapes.points import CriticalPoint, CriticalPoints
from steepest.landscapes.proof import MOST_CELLS
from steepest.objective import Objective, Vector
from steepest.threads import in_one_thread

if TYPE_CHECKING:
    from pathlib import Path

    import plotly.graph_objects


class Landscape:
    """A function over a box. Make one with `steepest.landscape`.

    Examples
    --------
    >>> landscape("x**3 - 3*x + y**2", x=(-2, 2), y=(-1, 1)).stable_rate([1, 0])
    0.3333333333333333
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        self._known: dict[tuple[int, int, float | None], CriticalPoints] = {}

    @property
    def domain(self) -> Domain:
        """The box: ``names``, ``lower``, ``upper``."""
        return self._field.domain

    @property
    def objective(self) -> Objective:
        """The function, as a descent sees it."""
        return self._field.objective

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences about the function that one should read."""
        return self._field.objective.notices

    def critical_points(
        self, *, seed: int = 0, most_cells: int = MOST_CELLS, max_seconds: float | None = None
    ) -> CriticalPoints:
        r"""Return the points with ∇f = 0, and how sure it is that none is missing.

        Newton runs start from every cell of a grid in which all components of the gradient change
        sign, and from random points. What they find is told apart by the eigenvalues of the
        Hessian, and then counted: for formulas of smooth operations interval arithmetic looks for
        what is missing, and proves that nothing is where it can; in one and two variables the
        indices of the points inside must add up to the winding number of the gradient along the
        boundary (Poincaré and Hopf).

        Parameters
        ----------
        seed : int, default 0
            Of the random starts.
        most_cells : int, default 100000
            How many cells of the box interval arithmetic may look at. More of them prove more.
        max_seconds : float, optional
            When these are over, what was found until then is returned, and ``sureness`` says that
            it stopped, and what is proved and what is not. Default: no limit.

        Returns
        -------
        CriticalPoints
            A sequence; ``inside``, ``boundary``, ``continua`` and ``sureness`` belong to it.

        Raises
        ------
        NonFiniteError
            Where f has no finite value in the box.

        Examples
        --------
        >>> points = landscape("x**3 - 3*x + y**2", x=(-2, 2), y=(-1, 1)).critical_points()
        >>> [(point.kind, point.x.round(3).tolist(), point.fun) for point in points]
        [('minimum', [1.0, 0.0], -2.0), ('saddle', [-1.0, 0.0], 2.0)]
        >>> points.sureness.proved
        True
        """
        require("seed", seed, COUNT, "critical_points")
        require("most_cells", most_cells, COUNT, "critical_points")
        if max_seconds is not None:
            require("max_seconds", max_seconds, POSITIVE, "critical_points")
        key = (seed, most_cells, max_seconds)
        whole = (seed, most_cells, None)
        if key not in self._known and whole not in self._known:
            self._field.require_values()
            found = critical.critical_points(self._field, *key)
            self._known[key if found.sureness.stopped else whole] = found
        return self._known[whole if whole in self._known else key]

    def curvature(self, point: Any) -> Curvature:
        """Return eigenvalues and directions of the Hessian, and the rates that follow from them.

        Parameters
        ----------
        point : sequence, mapping or CriticalPoint

        Examples
        --------
        >>> landscape("x**2 + 10*y**2", x=(-1, 1), y=(-1, 1)).curvature([0, 0]).condition
        10.0
        """
        x = self._vector(point)
        self._field.require_slope(x)
        hessian = self._field.objective.hessian(x)
        if not np.isfinite(hessian).all():
            raise NonFiniteError(
                f"The second derivatives are not finite at {self.domain.told(x)}: give another "
                "point."
            )
        eigenvalues, directions = in_one_thread(np.linalg.eigh, hessian)
        return Curvature(x, np.asarray(eigenvalues), np.asarray(directions))

    def stable_rate(self, point: Any) -> float:
        """Return 2/L, the rate above which gradient descent does not stay at a point.

        L is the largest eigenvalue of the Hessian there; where none is positive it is inf.

        Examples
        --------
        >>> landscape("x**2 + 10*y**2", x=(-1, 1), y=(-1, 1)).stable_rate([0, 0])
        0.1
        """
        return self.curvature(point).stable_rate

    def convergence_rate(
        self, result: Result, *, max_seconds: float | None = None
    ) -> ConvergenceRate:
        """Return how quickly a descent came to its end, beside what the curvature predicts.

        Parameters
        ----------
        result : Result
            Of a descent on this function. The end is the critical point next to its best point.
        max_seconds : float, optional
            For finding that point; afterwards the best point itself is taken. Default: no limit.

        Examples
        --------
        >>> from steepest import minimize
        >>> result = minimize("x**2 + 10*y**2", [1, 1], learning_rate=0.09)
        >>> seen = landscape("x**2 + 10*y**2", x=(-1, 1), y=(-1, 1)).convergence_rate(result)
        >>> round(seen.contraction, 2), round(seen.predicted, 2)
        (0.82, 0.82)
        """
        if len(result.names) != self.domain.size:
            raise InputError(
                f"The result is of {len(result.names)} variables, and this landscape has "
                f"{self.domain.size}: give a descent on this function."
            )
        within = Deadline.after(max_seconds)
        ended = newton_runs(self._field, result.position[None], within).points
        end = ended[0] if len(ended) else result.position
        contraction, steps = contraction_of(result.history.x, end)
        if not steps:
            raise InputError("The result has too few steps for a rate: give a longer descent.")
        rates = result.history.rate[1:][-steps:]
        constant = bool(np.ptp(rates) <= 1e-12 * np.abs(rates).max())
        rate = float(rates[-1]) if constant else None
        descends = result.method == "gradient-descent" and rate is not None
        predicted = self.curvature(end).contraction(rate) if descends and rate else None
        return ConvergenceRate(contraction, steps, rate, predicted)

    def microscope(
        self, point: Any, windows: int = 5, half_width: float | None = None
    ) -> Microscope:
        """Look at a point through windows that are each 10 times narrower than the one before.

        f differs from its tangent plane by half the curvature times the distance squared, so that
        in a window a tenth as wide the deviation is a hundredth.

        Parameters
        ----------
        point : sequence, mapping or CriticalPoint
        windows : int, default 5
        half_width : float, optional
            Of the first window. Default: the largest power of ten that fits into half the box.

        Examples
        --------
        >>> land = landscape("x**3 - 4*x - y**2", x=(-1.5, 4.5), y=(-4, 2))
        >>> round(land.microscope([1.8, -1]).exponent, 2)
        2.0
        """
        require("windows", windows, COUNT, "microscope")
        if not 1 <= windows <= 12:
            raise InputError(f"windows={windows} is no number of magnifications: give 1 to 12.")
        if half_width is not None:
            require("half_width", half_width, POSITIVE, "microscope")
        x = self._vector(point)
        self._field.require_slope(x)
        return microscope(self._field, x, windows, half_width)

    def contour_slope(self, point: Any, spacing: float = 0.3) -> ContourSlope:
        """Read the slopes at a point off a contour map, as a person does.

        Along each variable, the two contour lines next to the point are found, one on each side
        where there is one in the box: the step between their levels over their distance.

        Parameters
        ----------
        point : sequence, mapping or CriticalPoint
        spacing : float, default 0.3
            The step between neighbouring lines, which are at its multiples.

        Returns
        -------
        ContourSlope
            A sequence of the slopes (Δz/Δx, Δz/Δy, ...); ``comparison`` has the true ones beside.

        Examples
        --------
        >>> land = landscape("x**3 - 4*x - y**2", x=(-1.5, 4.5), y=(-4, 2))
        >>> [round(slope, 2) for slope in land.contour_slope([1.8, -1])]
        [5.93, 1.87]
        """
        require("spacing", spacing, POSITIVE, "contour_slope")
        x = self._vector(point)
        self._field.require_slope(x)
        return contour_slope(self._field, x, spacing)

    def basins(
        self,
        method: str | Method = "gradient-descent",
        *,
        learning_rate: Any = None,
        points: int | None = None,
        max_steps: int = 1000,
        engine: str = "auto",
        max_seconds: float | None = None,
    ) -> basins.Basins:
        """Descend from every point of a grid, and say which critical point each start reaches.

        All starts descend in the same arrays. A start has come to a point when the gradient is
        nearly 0 beside it; when the steps run out, it belongs to a minimum that is near and
        downhill.

        Parameters
        ----------
        method : str or Method, default "gradient-descent"
            A first-order method with a constant or scheduled rate.
        learning_rate : float or schedule, optional
            Default: the method's own; for methods without one 1/L, for the largest curvature L on
            a grid over the box.
        points : int, optional
            Starts along each side. Default: 201 for two variables.
        max_steps : int, default 1000
        engine : {"auto", "python", "native"}, default "auto"
            What makes the steps: NumPy, or compiled code where that pays or always.
            ``Basins.engine`` says what did.
        max_seconds : float, optional
            Of the search for critical points, where they are not known yet, and then again of the
            descents. When these are over, each start belongs to where it is then, and ``stopped``
            is True. Default: no limit.

        Examples
        --------
        >>> found = landscape("x**4 - x**2", x=(-1, 1)).basins(points=101)
        >>> [float(found.points[k].x[0].round(3)) for k in (found.reached[0], found.reached[-1])]
        [-0.707, 0.707]
        """
        critical = self.critical_points(max_seconds=max_seconds)
        deadline = Deadline.after(max_seconds)
        return basins.basins(
            self._field, critical, method, learning_rate, points, max_steps, engine, deadline
        )

    def slice(
        self,
        along: Sequence[str] | str | Result | None = None,
        at: Any = None,
        points: int = slices.POINTS,
    ) -> slices.Slice:
        """Return f on a plane, as a grid of values.

        Parameters
        ----------
        along : pair of str, "eigen" or Result
            Two variables; or the directions of the largest and the smallest curvature; or the
            plane of the two principal components of a descent's path, with how much of the path
            it shows. Default: the first two variables.
        at : sequence, mapping or CriticalPoint, optional
            The point the plane goes through. Default: the middle of the box; of a descent the end.
        points : int, default 101
            Along each axis.

        Examples
        --------
        >>> from steepest import minimize
        >>> f = "x**2 + 2*y**2 + 30*z**2"
        >>> path = minimize(f, {"x": 1, "y": 1, "z": 1}, learning_rate=0.01)
        >>> cut = landscape(f, x=(-1, 1), y=(-1, 1), z=(-1, 1)).slice(path)
        >>> cut.values.shape, float(cut.path.explained.sum().round(3))
        ((101, 101), 0.984)
        """
        require("points", points, COUNT, "slice")
        if points < 2:
            raise InputError(f"points={points} make no grid: give 2 or more.")
        place = None if at is None else self._vector(at)
        if along == "eigen":
            self.curvature(self.domain.middle if place is None else place)
        return slices.cut(self._field, along, place, points)

    def plot(self, kind: str | None = None, *, theme: str = "light") -> plotly.graph_objects.Figure:
        """Draw the function with its critical points marked.

        Parameters
        ----------
        kind : str, optional
            ``"curve"`` for one variable; ``"contours"`` (default) or ``"surface"`` for two.
        theme : str, default "light"

        Returns
        -------
        plotly.graph_objects.Figure
        """
        from steepest.figures import plot_landscape

        return plot_landscape(self, kind, theme=theme)

    def surface(self) -> plotly.graph_objects.Figure:
        """Draw the surface of a function of two variables with its critical points marked."""
        return self.plot("surface")

    def contours(self) -> plotly.graph_objects.Figure:
        """Draw the contour lines of a function of two variables with its critical points."""
        return self.plot("contours")

    def save_plot(self, path: str | Path, kind: str | None = None, *, theme: str = "light") -> None:
        """Draw the function with its critical points to an .html, .png or .svg file."""
        from steepest.figures import save_landscape

        save_landscape(self, path, kind, theme=theme)

    def explain(self) -> str:
        """Return what is in the box, in words."""
        return str(self.critical_points())

    def __repr__(self) -> str:
        ends = zip(self.domain.names, self.domain.lower, self.domain.upper, strict=True)
        box = ", ".join(f"{name}=({low:g}, {high:g})" for name, low, high in ends)
        return f"<Landscape of {self.objective.formula or 'a function'}, {box}>"

    def _vector(self, point: Any) -> Vector:
        given = point.x if isinstance(point, CriticalPoint | Curvature) else point
        return self.domain.vector(given)


def landscape(fun: Any, domain: Mapping[str, Any] | None = None, /, **ends: Any) -> Landscape:
    """Look at the shape of a function over a box.

    Parameters
    ----------
    fun : str, callable or Function
        A formula, or Python and NumPy code.
    domain : mapping of str to pair, optional
        The lower and upper end of each variable; for a variable that is an array, one pair for
        each element. For names that are no Python words.
    **ends : pair
        The same, by keyword.

    Returns
    -------
    Landscape
        Whose parts are computed when they are asked for.

    Raises
    ------
    InputError
        Where the box does not name the variables of the function, or has no extent.

    Examples
    --------
    >>> from math import pi
    >>> land = landscape("sin(x)*sin(y)", x=(0, 2*pi), y=(0, 2*pi))
    >>> print(land.critical_points().summary)
    Inside: 2 minima, 2 maxima and 1 saddle. On the boundary: 8 saddles.
    """
    twice = sorted(set(domain or {}) & set(ends))
    if twice:
        raise InputError(f"The ends of {twice[0]!r} are given twice: give them once.")
    return Landscape(Field(*read_domain(fun, {**(domain or {}), **ends})))
