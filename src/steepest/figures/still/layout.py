"""What all still pictures share: paper, caption, axes, the ends of a path."""

from __future__ import annotations

from typing import Any

from steepest.figures import style
from steepest.figures.data import Caption, Path
from steepest.figures.style import Theme

DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}

LEAST_NAMED = 4
"""Size of a marker in the legend, at least."""

HEADER = 0.72
"""Inches kept for the two lines of the caption."""


def new_figure(caption: Caption, theme: Theme, stretch: tuple[float, float] = (1, 1)) -> Any:
    """Return an empty picture with its caption, `stretch` times the usual width and height."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height = style.PICTURE_INCHES
    figure: Any = Figure(
        figsize=(width * stretch[0], height * stretch[1]),
        dpi=style.PICTURE_DPI,
        facecolor=theme.paper,
        layout="constrained",
    )
    FigureCanvasAgg(figure)
    total = height * stretch[1]
    figure.get_layout_engine().set(w_pad=0.1, rect=(0.0, 0.0, 1.0, 1.0 - HEADER / total))
    # parse_math is off: a name such as a$b is no formula.
    left = {"x": 0.15 / (width * stretch[0]), "va": "baseline", "parse_math": False}
    figure.text(
        s=caption.title, y=1 - 0.32 / total, color=theme.ink, fontsize=style.TITLE_SIZE - 3, **left
    )
    figure.text(
        s=caption.subtitle,
        y=1 - 0.58 / total,
        color=theme.faint_ink,
        fontsize=style.FONT_SIZE - 3,
        **left,
    )
    return figure


def dress(axes: Any, theme: Theme, labels: tuple[str, ...]) -> None:
    """Colour the axes and name them."""
    axes.set_facecolor(theme.paper)
    for axis, label in zip((axes.xaxis, axes.yaxis), labels, strict=True):
        axis.set_label_text(label, color=theme.ink, parse_math=False)
    axes.tick_params(colors=theme.faint_ink, labelsize=style.FONT_SIZE - 4)
    for spine in axes.spines.values():
        spine.set_color(theme.grid)


def legend(axes: Any, theme: Theme) -> None:
    """Name the lines of the axes within them, where they leave room."""
    _readable(axes.legend(facecolor=theme.paper, edgecolor=theme.grid), theme)


def shared_legend(figure: Any, axes: Any, theme: Theme) -> None:
    """Name the lines of the axes below the picture, where nothing is covered."""
    from matplotlib.lines import Line2D

    lines, names = axes.get_legend_handles_labels()
    box = figure.legend(
        lines,
        names,
        loc="outside lower center",
        ncols=min(len(names), 4 if len(names) < 9 else 6),
        frameon=False,
    )
    for handle in box.legend_handles:
        # A dot so small that only thousands of them show is named by a larger one.
        if isinstance(handle, Line2D):
            handle.set_markersize(max(handle.get_markersize(), LEAST_NAMED))
    _readable(box, theme)


def _readable(box: Any, theme: Theme) -> None:
    for text in box.get_texts():
        text.set(color=theme.ink, fontsize=style.FONT_SIZE - 4, parse_math=False)


def line_style(path: Path) -> dict[str, Any]:
    """Return dots at the points of a path while they are few."""
    return {"marker": "o", "markersize": 3} if len(path.steps) <= style.MOST_MARKERS else {}


def ends(path: Path, colour: str) -> list[tuple[str, int, dict[str, Any]]]:
    """Return name, index and marker of the start, and of the end where it is in view."""
    shared = {"marker": "o", "markersize": 8, "linestyle": "none", "zorder": 10}
    ring = {**shared, "markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 2}
    disc = {**shared, "markerfacecolor": colour, "markeredgecolor": "white", "markeredgewidth": 1.2}
    start = ("start", 0, ring)
    return [start, ("end", -1, disc)] if path.complete else [start]
