"""Interactive figures, drawn with Plotly."""

from __future__ import annotations

from typing import Any

from steepest.figures.chart import Chart, Matrix
from steepest.figures.data import Animation, Contours, Curve, Panels, Race, Rates, Surface
from steepest.figures.interactive import chart, landscape, motion, plane, rates, space
from steepest.figures.marked import BasinMap, Marked
from steepest.figures.scene import Scene
from steepest.figures.style import Theme


def draw(scene: Scene | Animation, theme: Theme) -> Any:
    """Draw a scene.

    Parameters
    ----------
    scene : Scene or Animation
        The extracted data of a figure.
    theme : Theme

    Returns
    -------
    plotly.graph_objects.Figure
    """
    match scene:
        case Curve():
            return plane.curve(scene, theme)
        case Surface():
            return space.surface(scene, theme)
        case Contours():
            return plane.contours(scene, theme)
        case Panels():
            return plane.panels(scene, theme)
        case Animation():
            return motion.animation(scene, theme)
        case Race():
            return plane.race(scene, theme)
        case Rates():
            return rates.rates(scene, theme)
        case Chart():
            return chart.chart(scene, theme)
        case Matrix():
            return chart.matrix(scene, theme)
        case Marked():
            return landscape.marked(scene, theme)
        case BasinMap():
            return landscape.basins(scene, theme)
