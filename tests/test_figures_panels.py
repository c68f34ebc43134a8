"""Panels show value, gradient and variables against steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from runs import BOWL, sine_walk, walk
from steepest.figures.panels import MOST_TRACES, convergence_panels, traces_panel, value_panel


def test_steady_progress_is_a_straight_line_on_a_logarithmic_axis() -> None:
    value, gradient = convergence_panels(walk(BOWL, [6.0, -3.0], 0.25, 40).history)
    assert value.logarithmic
    assert gradient.logarithmic
    assert gradient.lines[0].y == pytest.approx(12.0 * 0.5 ** np.arange(41))


def test_the_best_value_itself_is_left_out_of_a_logarithmic_line() -> None:
    line = convergence_panels(sine_walk().history)[0].lines[0]
    assert np.isnan(line.y).any()
    assert np.nanmin(line.y) > 0


def test_values_that_do_not_change_stay_on_a_linear_axis() -> None:
    unmoved = value_panel([("unmoved", walk(BOWL, [6.0, -3.0], 0.0, 5).history)])
    assert unmoved.label == "f"
    assert unmoved.lines[0].y.tolist() == [45.0] * 6


def test_the_best_of_all_methods_is_the_common_zero() -> None:
    good = walk(BOWL, [6.0, -3.0], 0.25, 40).history
    poor = walk(BOWL, [6.0, -3.0], 0.01, 40).history
    panel = value_panel([("good", good), ("poor", poor)])
    assert panel.lines[1].y == pytest.approx(poor.fun - good.fun.min())


def test_what_is_not_finite_is_a_gap() -> None:
    history = walk(BOWL, [6.0, -3.0], 1e200, 4).history
    for panel in (*convergence_panels(history), traces_panel(history)):
        for line in panel.lines:
            assert not np.isinf(line.y).any()


def test_nothing_finite_is_drawn_as_nothing() -> None:
    history = walk(BOWL, [6.0, -3.0], 0.1, 3).history
    nowhere = replace(history, fun=np.full(4, np.nan))
    assert np.isnan(value_panel([("nowhere", nowhere)]).lines[0].y).all()


def test_of_many_variables_those_that_moved_most_are_shown() -> None:
    start = np.zeros(50)
    start[7] = 9.0
    names = tuple(f"x[{i}]" for i in range(50))
    panel = traces_panel(walk(BOWL, start.tolist(), 0.1, 10, names=names).history)
    assert len(panel.lines) == MOST_TRACES
    assert "x[7]" in [line.name for line in panel.lines]
    assert "38" in panel.label
