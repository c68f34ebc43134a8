"""Still pictures, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

from steepest.figures.chart import Chart, Matrix
from steepest.figures.data import Contours, Curve, Panels, Race, Rates, Surface
from steepest.figures.marked import BasinMap, Marked
from steepest.figures.scene import Scene
from steepest.figures.still import chart, landscape, plane, rates, space
from steepest.figures.style import Theme


def draw(scene: Scene, theme: Theme) -> Any:
    """Draw a scene.

    Parameters
    ----------
    scene : Scene
        The extracted data of a figure.
    theme : Theme

    Returns
    -------
    matplotlib.figure.Figure
        With a canvas of its own; no global state is touched.
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
