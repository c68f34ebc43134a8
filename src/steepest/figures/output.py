"""From a scene to a file: a page that works offline, or a picture."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from io import BytesIO
from pathlib import Path

from steepest.descent.files import write_atomically
from steepest.errors import InputError, did_you_mean
from steepest.figures import interactive, still
from steepest.figures.chart import Chart
from steepest.figures.data import Animation, Contours, Race, Surface
from steepest.figures.interactive.player import KEYS
from steepest.figures.scene import Scene
from steepest.figures.style import FONT, Theme

SUFFIXES = (".html", ".png", ".svg")

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0 auto; max-width: 1100px; padding: 0 1rem 2rem; }}
body {{ background: {paper}; color: {ink}; font-family: {font}; }}
.wide {{ overflow-x: auto; }}
.wide > div {{ min-width: 48rem; }}
pre {{ white-space: pre-wrap; line-height: 1.5; margin: 0 1rem; }}
</style>
</head>
<body>
{figure}
<pre>{words}</pre>
</body>
</html>
"""


def check_suffix(path: str | Path) -> str:
    """Return the kind of file a name asks for.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    str
        One of `SUFFIXES`.

    Raises
    ------
    InputError
        For any other suffix.

    Examples
    --------
    >>> check_suffix("walk.HTML")
    '.html'
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"Cannot draw to {str(path)!r}: a figure's file name ends in"
            f" {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.{did_you_mean(suffix, SUFFIXES)}"
        )
    return suffix


def save_scene(scene: Scene | Animation, path: str | Path, theme: Theme, words: str = "") -> None:
    """Draw a scene to a file, whose suffix says how.

    Parameters
    ----------
    scene : Scene or Animation
    path : str or Path
        Ending in ``.html`` (interactive, with everything it needs inside), ``.png`` or ``.svg``.
    theme : Theme
    words : str, default ""
        Text that a page shows below the figure.

    Raises
    ------
    InputError
        For an unknown suffix, a picture that was to move, or a place that cannot be written.
    """
    suffix = check_suffix(path)
    if suffix == ".html":
        content = html_page(scene, theme, words)
    elif isinstance(scene, Animation) or (isinstance(scene, Chart) and scene.frames):
        raise InputError(f"{str(path)!r} is a picture and does not move: name an .html file.")
    else:
        content = picture(scene, suffix, theme)
    write_atomically(path, content)


def html_page(scene: Scene | Animation, theme: Theme, words: str) -> bytes:
    """Return a page with an interactive figure that works without a network."""
    if isinstance(scene, Surface | Contours):
        # A map of a million points would make a page of ten megabytes that looks the same.
        scene = replace(scene, grid=scene.grid.thinned())
    figure = interactive.draw(scene, theme)
    finish = scene.race if isinstance(scene, Animation) else scene
    height = "100%"
    if isinstance(finish, Surface):
        # A view into space is as wide as it is high: on a narrow page it must be lower.
        height = f"clamp(26rem, 108vw, {figure.layout.height}px)"
        figure.layout.height = None
    drawn = figure.to_html(
        full_html=False,
        include_plotlyjs=True,
        auto_play=False,
        post_script=KEYS if figure.frames else None,
        config={"displaylogo": False, "responsive": True},
        default_height=height,
    )
    wide = isinstance(scene, Chart) and (len(scene.axes) > 1 or scene.frames)
    if isinstance(scene, Race | Animation) or wide:
        # Two pictures side by side, or a slider: a narrow page scrolls, and squeezes neither.
        drawn = f'<div class="wide">{drawn}</div>'
    if figure.frames:
        words = f"{words}\n\nThe arrow keys ← → go frame by frame.".strip()
    return page_around(drawn, finish.caption.title, theme, words)


def page_around(drawn: str, title: str, theme: Theme, words: str) -> bytes:
    """Return a page around the markup of a figure; title and words are text."""
    page = PAGE.format(
        title=escape(f"{title} · steepest"),
        paper=theme.paper,
        ink=theme.ink,
        font=FONT,
        figure=drawn,
        words=escape(words),
    )
    return page.encode()


def picture(scene: Scene, suffix: str, theme: Theme, dpi: float | None = None) -> bytes:
    """Return a still picture as the content of a ``.png`` or ``.svg`` file."""
    from matplotlib import rc_context

    buffer = BytesIO()
    # Text stays text in an SVG: smaller, searchable, and in the reader's own font.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "steepest"}):
        figure = still.draw(scene, theme)
        figure.savefig(
            buffer,
            format=suffix.removeprefix("."),
            dpi=dpi or figure.dpi,
            # The same run gives the same bytes, whenever it is drawn.
            metadata={"Date": None} if suffix == ".svg" else None,
        )
    return buffer.getvalue()
