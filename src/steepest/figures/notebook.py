"""How a result shows itself in a notebook: words, and a small picture in the page."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from steepest.figures.extract import default_kind, scene
from steepest.figures.output import picture
from steepest.figures.run import Run
from steepest.figures.style import THEMES

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
    """
    # A still surface hides half of itself; from above, everything is in sight.
    kind = default_kind(result)
    drawn = picture(
        scene(result, "contours" if kind == "surface" else kind), ".png", THEMES["light"], dpi=DPI
    )
    return (
        "<div>"
        f'<pre style="white-space:pre-wrap">{escape(result.explain())}</pre>'
        f'<img alt="{escape(kind)} of the descent" style="max-width:640px"'
        f' src="data:image/png;base64,{b64encode(drawn).decode()}">'
        "</div>"
    )
