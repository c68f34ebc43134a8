"""Every kind of figure, before it is drawn."""

from __future__ import annotations

from steepest.figures.chart import Chart, Matrix
from steepest.figures.data import Contours, Curve, Panels, Race, Rates, Surface
from steepest.figures.marked import BasinMap, Marked

Scene = Curve | Surface | Contours | Panels | Race | Rates | Chart | Matrix | Marked | BasinMap
"""Any figure that stands still."""
