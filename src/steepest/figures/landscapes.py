"""The public calls that draw landscapes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steepest.figures import interactive
from steepest.figures.landscape import basins_scene, landscape_scene
from steepest.figures.output import check_suffix, save_scene
from steepest.figures.style import theme_named

if TYPE_CHECKING:
    from steepest.landscapes.basins import Basins
    from steepest.landscapes.landscape import Landscape
    from steepest.landscapes.points import CriticalPoints


def plot_landscape(
    land: Landscape,
    kind: str | None = None,
    *,
    theme: str = "light",
    found: CriticalPoints | None = None,
) -> Any:
    """Draw a function over a box with its critical points marked.

    Parameters
    ----------
    land : Landscape
        What `landscape` returned.
    kind : str, optional
        ``"curve"`` for one variable; ``"contours"`` (default) or ``"surface"`` for two.
    theme : str, default "light"
        ``"light"`` or ``"dark"``.
    found : CriticalPoints, optional
        What `Landscape.critical_points` returned. Default: all of them, without limit of time.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InputError
        For an unknown kind or theme, or a kind that is not for so many variables.

    Examples
    --------
    >>> import steepest as st
    >>> land = st.landscape("x**3 - 3*x + y**2", x=(-2, 2), y=(-1, 1))
    >>> type(plot_landscape(land)).__name__
    'Figure'
    """
    return interactive.draw(landscape_scene(land, kind, found), theme_named(theme))


def save_landscape(
    land: Landscape,
    path: str | Path,
    kind: str | None = None,
    *,
    theme: str = "light",
    found: CriticalPoints | None = None,
) -> None:
    """Draw a function over a box with its critical points to a file.

    Parameters
    ----------
    land : Landscape
        What `landscape` returned.
    path : str or Path
        Ending in ``.html``, ``.png`` or ``.svg``.
    kind, theme, found
        As for `plot_landscape`.

    Raises
    ------
    InputError
        For an unknown suffix, kind or theme, or a place that cannot be written.

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> land = st.landscape("x**3 - 3*x + y**2", x=(-2, 2), y=(-1, 1))
    >>> with TemporaryDirectory() as folder:
    ...     save_landscape(land, f"{folder}/map.svg")
    """
    check_suffix(path)
    found = land.critical_points() if found is None else found
    save_scene(landscape_scene(land, kind, found), path, theme_named(theme), str(found))


def plot_basins(land: Landscape, basins: Basins | Sequence[Basins], *, theme: str = "light") -> Any:
    """Draw a map of which critical point each start comes to, for two variables.

    Parameters
    ----------
    land : Landscape
    basins : Basins or sequence of Basins
        What `Landscape.basins` returned; several, of one landscape, are drawn beside each other.
    theme : str, default "light"

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> import steepest as st
    >>> land = st.landscape("x**3 - 3*x + y**2", x=(-2, 2), y=(-1, 1))
    >>> basins = land.basins(learning_rate=0.05, points=11)
    >>> type(plot_basins(land, basins)).__name__
    'Figure'
    """
    return interactive.draw(basins_scene(land, _listed(basins)), theme_named(theme))


def save_basins(
    land: Landscape, basins: Basins | Sequence[Basins], path: str | Path, *, theme: str = "light"
) -> None:
    """Draw a map of which critical point each start comes to, to a file.

    Parameters
    ----------
    land, basins
        As for `plot_basins`.
    path : str or Path
        Ending in ``.html``, ``.png`` or ``.svg``.
    theme : str, default "light"

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> land = st.landscape("x**3 - 3*x + y**2", x=(-2, 2), y=(-1, 1))
    >>> basins = land.basins(learning_rate=0.05, points=11)
    >>> with TemporaryDirectory() as folder:
    ...     save_basins(land, basins, f"{folder}/basins.svg")
    """
    check_suffix(path)
    runs = _listed(basins)
    said = " ".join(run.text for run in runs)
    save_scene(basins_scene(land, runs), path, theme_named(theme), said)


def _listed(basins: Basins | Sequence[Basins]) -> Sequence[Basins]:
    """Return basins as a sequence, where one alone was given as well."""
    return basins if isinstance(basins, Sequence) else [basins]
