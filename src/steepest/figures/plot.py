"""The public calls that draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from steepest.figures import interactive
from steepest.figures.extract import race, scene
from steepest.figures.output import check_suffix, save_scene
from steepest.figures.run import Compared, Run
from steepest.figures.style import theme_named


def plot_result(result: Run, kind: str | None = None, *, theme: str = "light") -> Any:
    """Draw a descent as an interactive figure.

    Parameters
    ----------
    result : Run
        What `minimize` returned.
    kind : str, optional
        ``"curve"`` (one variable), ``"surface"`` or ``"contours"`` (two variables),
        ``"convergence"``, ``"traces"`` or ``"overview"`` (any number). Default: the curve,
        the surface or the overview, by the number of variables.
    theme : str, default "light"
        ``"light"`` or ``"dark"``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InputError
        For an unknown kind or theme, or a kind that this descent has no picture of.
    """
    return interactive.draw(scene(result, kind), theme_named(theme))


def plot_comparison(comparison: Compared, *, theme: str = "light") -> Any:
    """Draw several descents in one interactive figure.

    Parameters
    ----------
    comparison : Compared
        What `compare` returned.
    theme : str, default "light"

    Returns
    -------
    plotly.graph_objects.Figure
        For two variables the paths from above beside the progress; else the progress.

    Raises
    ------
    InputError
        For an unknown theme.
    """
    return interactive.draw(race(comparison), theme_named(theme))


def save_figure(
    result: Run, path: str | Path, kind: str | None = None, *, theme: str = "light"
) -> None:
    """Draw a descent to a file.

    Parameters
    ----------
    result : Run
        What `minimize` returned.
    path : str or Path
        The suffix says how: ``.html`` is interactive and needs no network, ``.png`` and
        ``.svg`` are still. An earlier file of that name is replaced only by a complete one.
    kind : str, optional
        As for `plot_result`.
    theme : str, default "light"

    Raises
    ------
    InputError
        For an unknown suffix, kind or theme, or a place that cannot be written.
    """
    check_suffix(path)
    save_scene(scene(result, kind), path, theme_named(theme), result.explain())


def save_comparison(comparison: Compared, path: str | Path, *, theme: str = "light") -> None:
    """Draw several descents to a file.

    Parameters
    ----------
    comparison : Compared
        What `compare` returned.
    path : str or Path
        Ending in ``.html``, ``.png`` or ``.svg``.
    theme : str, default "light"

    Raises
    ------
    InputError
        For an unknown suffix or theme, or a place that cannot be written.
    """
    check_suffix(path)
    save_scene(race(comparison), path, theme_named(theme))
