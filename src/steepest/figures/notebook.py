"""How a result shows itself in a notebook: words, and a small picture in the page."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from steepest.figures.extract import default_kind, scene
from steepest.figures.fits import fit_scene
from steepest.figures.output import picture
from steepest.figures.run import Run
from steepest.figures.scene import Scene
from steepest.figures.style import THEMES

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit

DPI = 80


def result_html(result: Run) -> str:
    """Return the words and the picture of a descent as a piece of HTML.

    Parameters
    ----------
    result : Run
        A finished descent.

    Returns
    -------
    str
        Without scripts, so that it also shows in an exported or untrusted notebook.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize("x**2 + 3*y**2", {"x": 2, "y": 1}, learning_rate=0.1)
    >>> "Gradient descent on x**2 + 3*y**2" in result_html(walk)
    True
    """
    # A still surface hides half of itself; from above, everything is in sight.
    kind = default_kind(result)
    drawn = scene(result, "contours" if kind == "surface" else kind)
    return _html(result.explain(), drawn, f"{kind} of the descent")


def fit_html(fit: Fit) -> str:
    """Return the words and the picture of a fit as a piece of HTML, without scripts.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    str

    Examples
    --------
    >>> import steepest as st
    >>> line = st.fit("y ~ a + b*x", {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.1, 4.9]})
    >>> "Fitted y ~ a + b*x" in fit_html(line)
    True
    """
    kind = "fit" if fit.fitted.ndim == 1 else "convergence"
    return _html(fit.explain(), fit_scene(fit, kind), "the fit")


def _html(words: str, drawn: Scene, what: str) -> str:
    """Return words above a picture."""
    content = b64encode(picture(drawn, ".png", THEMES["light"], dpi=DPI)).decode()
    return (
        "<div>"
        f'<pre style="white-space:pre-wrap">{escape(words)}</pre>'
        f'<img alt="{escape(what)}" style="max-width:640px"'
        f' src="data:image/png;base64,{content}">'
        "</div>"
    )
