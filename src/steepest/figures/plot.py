"""The public calls that draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from steepest.figures import interactive
from steepest.figures.extract import animation, race
from steepest.figures.fits import Curves, fit_scene
from steepest.figures.function import Domain, Eye, function_scene
from steepest.figures.phase import phase_scene
from steepest.figures.rates import rates_scene
from steepest.figures.run import Advised, Compared, Run
from steepest.figures.style import theme_named
from steepest.figures.walks import run_scene

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit


def plot_result(
    result: Run,
    kind: str | None = None,
    *,
    step: int | None = None,
    against: str | None = None,
    animate: bool = False,
    theme: str = "light",
) -> Any:
    """Draw a descent as an interactive figure.

    Parameters
    ----------
    result : Run
        What `minimize` returned.
    kind : str, optional
        ``"curve"``, ``"tangents"`` or ``"cobweb"`` (one variable), ``"surface"``,
        ``"contours"``, ``"directions"`` or ``"step"`` (two variables), ``"convergence"``,
        ``"traces"`` or ``"overview"`` (any number). Default: the curve, the surface or the
        overview, by the number of variables.
    step : int, optional
        The step that ``"step"`` shows from inside: slope, memory and scaling, as arrows and
        numbers.
    against : str, optional
        ``"steps"`` (default), ``"evaluations"`` or ``"seconds"``, for ``"convergence"``.
    animate : bool, default False
        Show it step by step, with buttons to play it, a slider, and the arrow keys.
    theme : str, default "light"
        ``"light"`` or ``"dark"``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InputError
        For an unknown kind or theme, or a kind that this descent has no picture of.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize("x**2 + 3*y**2", {"x": 2, "y": 1}, learning_rate=0.1)
    >>> figure = plot_result(walk, "contours")
    >>> type(figure).__name__
    'Figure'
    """
    return interactive.draw(run_scene(result, kind, step, against, animate), theme_named(theme))


def plot_function(
    function: Any,
    domain: Domain,
    *,
    points: int | None = None,
    kind: str | None = None,
    path: npt.ArrayLike | None = None,
    spacing: float | None = None,
    level: bool = False,
    eye: Eye | None = None,
    size: tuple[int, int] | None = None,
    theme: str = "light",
) -> Any:
    """Draw a function of one or two variables over a domain, without a descent.

    Parameters
    ----------
    function : str, callable or Function
        A formula, or Python code.
    domain : mapping or array_like, shape (n, 2)
        The lower and upper end of each variable, by name or in the variables' order.
    points : int, optional
        Points along each axis. Default: 601 for a curve, 241 otherwise.
    kind : str, optional
        ``"curve"`` (one variable), ``"surface"`` or ``"contours"`` (two variables). Default:
        the curve or the surface.
    path : array_like, shape (k, n), optional
        Points to draw as a red line on the function, such as ``result.history.x``.
    spacing : float, optional
        The distance between contour lines; on a surface also between the lines along which a
        variable is constant. Default: round levels on the contours, no lines on a surface.
    level : bool, default False
        Whether to cut a surface with a level plane, which a slider moves down: where it only
        touches is a minimum, and there the tangent plane is level, too.
    eye : tuple of float, optional
        Where a surface is seen from, in Plotly's units: its box is about 1 wide and lies
        around (0, 0, 0). Default: above the side that hides least.
    size : tuple of int, optional
        Width and height in pixels. Default: as wide as the page.
    theme : str, default "light"
        ``"light"`` or ``"dark"``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InputError
        For a domain, number, kind or theme that cannot be used.

    Examples
    --------
    >>> figure = plot_function("x**2 + y**2", {"x": (-10, 10), "y": (-10, 10)}, points=21)
    >>> figure.data[0].z[0, :4].tolist()
    [200.0, 181.0, 164.0, 149.0]
    """
    drawn = function_scene(function, domain, points, kind, path, spacing, eye, level)
    figure = interactive.draw(drawn, theme_named(theme))
    if size is not None:
        figure.update_layout(width=size[0], height=size[1])
    return figure


def plot_comparison(comparison: Compared, *, animate: bool = False, theme: str = "light") -> Any:
    """Draw several descents in one interactive figure.

    Parameters
    ----------
    comparison : Compared
        What `compare` returned.
    animate : bool, default False
        Show it step by step, with buttons to play it and a slider.
    theme : str, default "light"

    Returns
    -------
    plotly.graph_objects.Figure
        For two variables the paths from above beside the progress; else the progress.

    Raises
    ------
    InputError
        For an unknown theme.

    Examples
    --------
    >>> import steepest as st
    >>> race = st.compare("x**2 + 3*y**2", {"x": 2, "y": 1}, ["momentum", "newton"])
    >>> type(plot_comparison(race)).__name__
    'Figure'
    """
    drawn = animation(comparison) if animate else race(comparison)
    return interactive.draw(drawn, theme_named(theme))


def plot_phase(
    lowest: float,
    highest: float,
    *,
    rate: float | None = None,
    momentum: float = 0.0,
    theme: str = "light",
) -> Any:
    """Draw which rates and momenta suit a bowl, by how much a step shortens the distance.

    Parameters
    ----------
    lowest, highest : float
        The ends of its curvatures: the eigenvalues μ and L of the Hessian.
    rate, momentum : float, optional
        A choice to mark.
    theme : str, default "light"

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InputError
        For curvatures that are not positive.

    Examples
    --------
    >>> plot_phase(1.0, 100.0).layout.xaxis.title.text
    'learning rate'
    """
    return interactive.draw(phase_scene(lowest, highest, rate, momentum), theme_named(theme))


def plot_rates(advice: Advised, *, theme: str = "light") -> Any:
    """Draw what every learning rate came to, and the bands that the rates fall into.

    Parameters
    ----------
    advice : RateAdvice
        What `suggest_rate` returned.
    theme : str, default "light"
        ``"light"`` or ``"dark"``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InputError
        For an unknown theme.

    Examples
    --------
    >>> from steepest.descent.rate_advice import suggest_rate
    >>> figure = plot_rates(suggest_rate("x**2 + 10*y**2", [1, 1]))
    >>> [trace.name for trace in figure.data][:4]
    ['slow', 'good', 'oscillating', 'diverging']
    """
    return interactive.draw(rates_scene(advice), theme_named(theme))


def plot_fit(
    fit: Fit,
    kind: str | None = None,
    *,
    curves: Curves | None = None,
    every: int | None = None,
    theme: str = "light",
) -> Any:
    """Draw a fitted model.

    Parameters
    ----------
    fit : Fit
        What `fit` returned.
    kind : str, optional
        ``"fit"`` (default): the data, the curve at the start and at the end, and the band in
        which it lies; with several predictors, predictions against responses. ``"residuals"``,
        ``"convergence"``, ``"losses"`` (the loss against each parameter) or ``"correlation"``.
    curves : mapping, optional
        Further curves by their parameters, such as ``{"by hand": {"a": 0, "b": 0.86}}``.
    every : int, optional
        Show the curve every so many steps, with buttons to play it and a slider.
    theme : str, default "light"
        ``"light"`` or ``"dark"``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InputError
        For an unknown kind or theme, or a kind that this fit has no picture of.

    Examples
    --------
    >>> import steepest as st
    >>> line = st.fit("y ~ a + b*x", {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.1, 4.9]})
    >>> type(plot_fit(line)).__name__
    'Figure'
    """
    return interactive.draw(fit_scene(fit, kind, curves, every), theme_named(theme))
