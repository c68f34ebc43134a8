"""The public calls that draw to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from steepest.figures.extract import animation, race
from steepest.figures.fits import Curves, fit_scene
from steepest.figures.output import check_suffix, save_scene
from steepest.figures.rates import rates_scene
from steepest.figures.run import Advised, Compared, Run
from steepest.figures.style import theme_named
from steepest.figures.walks import run_scene

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit


def save_figure(
    result: Run,
    path: str | Path,
    kind: str | None = None,
    *,
    step: int | None = None,
    against: str | None = None,
    animate: bool = False,
    theme: str = "light",
) -> None:
    """Draw a descent to a file.

    Parameters
    ----------
    result : Run
        What `minimize` returned.
    path : str or Path
        The suffix says how: ``.html`` is interactive and needs no network, ``.png`` and
        ``.svg`` are still. An earlier file of that name is replaced only by a complete one.
    kind, step, against, animate, theme
        As for `plot_result`; only a page moves.

    Raises
    ------
    InputError
        For an unknown suffix, kind or theme, a picture that was to move, or a place that cannot
        be written.

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> walk = st.minimize("x**2 + 3*y**2", {"x": 2, "y": 1}, learning_rate=0.1)
    >>> with TemporaryDirectory() as folder:
    ...     save_figure(walk, f"{folder}/walk.svg", "contours")
    """
    check_suffix(path)
    drawn = run_scene(result, kind, step, against, animate)
    save_scene(drawn, path, theme_named(theme), result.explain())


def save_comparison(
    comparison: Compared, path: str | Path, *, animate: bool = False, theme: str = "light"
) -> None:
    """Draw several descents to a file.

    Parameters
    ----------
    comparison : Compared
        What `compare` returned.
    path : str or Path
        Ending in ``.html``, ``.png`` or ``.svg``.
    animate : bool, default False
        Show it step by step, which only a page can.
    theme : str, default "light"

    Raises
    ------
    InputError
        For an unknown suffix or theme, a picture that was to move, or a place that cannot be
        written.

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> race = st.compare("x**2 + 3*y**2", {"x": 2, "y": 1}, ["momentum", "newton"])
    >>> with TemporaryDirectory() as folder:
    ...     save_comparison(race, f"{folder}/race.svg")
    """
    check_suffix(path)
    drawn = animation(comparison) if animate else race(comparison)
    save_scene(drawn, path, theme_named(theme))


def save_rates(advice: Advised, path: str | Path, *, theme: str = "light") -> None:
    """Draw what every learning rate came to, to a file.

    Parameters
    ----------
    advice : RateAdvice
        What `suggest_rate` returned.
    path : str or Path
        Ending in ``.html``, ``.png`` or ``.svg``.
    theme : str, default "light"

    Raises
    ------
    InputError
        For an unknown suffix or theme, or a place that cannot be written.

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> advice = st.suggest_rate("x**2", 1.0)
    >>> with TemporaryDirectory() as folder:
    ...     save_rates(advice, f"{folder}/rates.svg")
    """
    check_suffix(path)
    save_scene(rates_scene(advice), path, theme_named(theme), advice.explain())


def save_fit(
    fit: Fit,
    path: str | Path,
    kind: str | None = None,
    *,
    curves: Curves | None = None,
    every: int | None = None,
    theme: str = "light",
) -> None:
    """Draw a fitted model to a file.

    Parameters
    ----------
    fit : Fit
        What `fit` returned.
    path : str or Path
        Ending in ``.html``, ``.png`` or ``.svg``.
    kind, curves, every, theme
        As for `plot_fit`; only a page moves.

    Raises
    ------
    InputError
        For an unknown suffix, kind or theme, a picture that was to move, or a place that cannot
        be written.

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> line = st.fit("y ~ a + b*x", {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.1, 4.9]})
    >>> with TemporaryDirectory() as folder:
    ...     save_fit(line, f"{folder}/fit.svg")
    """
    check_suffix(path)
    save_scene(fit_scene(fit, kind, curves, every), path, theme_named(theme), fit.explain())
