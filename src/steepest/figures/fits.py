"""From a fitted model to the plain data of figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.errors import InputError, did_you_mean
from steepest.figures.chart import Axes, Chart, Dots, Frame, Item, Matrix, Ribbon, Stroke
from steepest.figures.data import Caption, finite_or_nan
from steepest.figures.panels import convergence_panels
from steepest.fitting.explaining import name_of_loss
from steepest.objective import Vector

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit

CURVE_POINTS = 401

MOST_ROWS = 3000
"""More points than this are drawn as every k-th: they would hide each other."""

MOST_FRAMES = 60

MOST_SECTIONS = 6
"""Loss curves of more parameters than this would be too small to read."""

SECTION_POINTS = 81

REACH = 4.0
"""How many standard errors a loss curve reaches on both sides."""

MARGIN = 0.08
"""Free room above and below the data, of their height."""

Curves = Mapping[str, Mapping[str, float]]
"""Further curves: name -> parameters."""


def fit_scene(
    fit: Fit, kind: str | None = None, curves: Curves | None = None, every: int | None = None
) -> Chart | Matrix:
    """Extract the data of one figure of a fit.

    Parameters
    ----------
    fit : Fit
    kind : str, optional
        One of `FIT_KINDS`; "fit" by default.
    curves : mapping, optional
        Further curves to draw with it, by their parameters.
    every : int, optional
        Show the curve every so many steps, one after the other.

    Raises
    ------
    InputError
        For an unknown kind, and one that this fit has no picture of.
    """
    kind = "fit" if kind is None else kind
    check_fit_kind(kind, bool(curves), every)
    if kind == "fit":
        return _curve(fit, curves or {}, every)
    return FIT_KINDS[kind](fit)


def check_fit_kind(kind: str | None, curves: bool = False, every: int | None = None) -> None:
    """Refuse a kind of figure that no fit has; see `fit_scene`."""
    if kind is not None and kind not in FIT_KINDS:
        raise InputError(
            f"There is no figure of a fit called {kind!r}.{did_you_mean(kind, FIT_KINDS)} "
            f"Give one of {', '.join(FIT_KINDS)}."
        )
    if kind not in (None, "fit") and (curves or every is not None):
        raise InputError(f"Further curves and moving ones belong to the kind 'fit', not {kind!r}.")
    if every is not None and every < 1:
        raise InputError(f"every={every!r} selects no steps: give 1 or more.")


def _curve(fit: Fit, curves: Curves, every: int | None) -> Chart:
    """Return the data with the curve before and after; else predictions against responses."""
    predictor = _only_predictor(fit)
    if predictor is None:
        if curves or every:
            raise InputError(
                "Only a model of one predictor has a curve; this one is drawn as predictions "
                "against responses."
            )
        return _agreement(fit)
    rows = fit.criterion.rows
    column = rows.columns[predictor]
    x = np.linspace(column.min(), column.max(), CURVE_POINTS)
    kept, shown = _kept(fit)
    items: list[Item] = []
    if fit.covariance is not None and not _is_exact(fit):
        band = fit.band({predictor: x})
        items.append(Ribbon("95 % of the curve", x, band.lower, band.upper))
    items.append(Dots(f"data{shown}", column[kept], rows.target[kept]))
    before = _curve_at(fit, predictor, x, fit.parameters_at(0))
    after = _curve_at(fit, predictor, x, fit.parameters)
    if not np.allclose(before, after, rtol=1e-3, atol=1e-3 * float(np.ptp(rows.target))):
        items.append(Stroke("at the start", x, before, "before"))
    for name, values in curves.items():
        completed = {**fit.parameters, **values}
        items.append(Stroke(name, x, _curve_at(fit, predictor, x, completed), "other"))
    items.append(Stroke("fit", x, after))
    low, high = float(rows.target.min()), float(rows.target.max())
    room = MARGIN * ((high - low) or 1.0)
    axes = Axes((predictor, _response(fit)), tuple(items), (low - room, high + room))
    frames = () if every is None else _frames(fit, predictor, x, every)
    return Chart(_caption(fit), (axes,), frames)


def _frames(fit: Fit, predictor: str, x: Vector, every: int) -> tuple[Frame, ...]:
    """Return the curve every so many steps, and at the end."""
    history = fit.result.history
    count = len(history)
    chosen = list(dict.fromkeys([*range(0, count, every), count - 1]))
    if len(chosen) > MOST_FRAMES:
        chosen = [chosen[k] for k in np.linspace(0, len(chosen) - 1, MOST_FRAMES).astype(int)]
    return tuple(
        Frame(
            int(history.step[row]),
            _curve_at(fit, predictor, x, fit.parameters_at(row)),
        )
        for row in chosen
    )


def _curve_at(fit: Fit, predictor: str, x: Vector, parameters: Mapping[str, Any]) -> Vector:
    """Return the expected response along a predictor."""
    scores = fit.criterion.predicted({predictor: x}, parameters)
    return finite_or_nan(np.asarray(fit.criterion.loss.expected(scores)))


def _agreement(fit: Fit) -> Chart:
    """Return predictions against responses."""
    target, expected = fit.criterion.rows.target, fit.criterion.rows.target - fit.residuals()
    kept, shown = _kept(fit)
    ends = np.array([min(target.min(), expected.min()), max(target.max(), expected.max())])
    items = (
        Dots(f"rows{shown}", expected[kept], target[kept]),
        Stroke("prediction = response", ends, ends, "reference"),
    )
    return Chart(_caption(fit), (Axes((f"predicted {_response(fit)}", _response(fit)), items),))


def _residuals(fit: Fit) -> Chart:
    """Return what the model leaves, along the predictor or the prediction."""
    residuals = fit.residuals()
    predictor = _only_predictor(fit)
    along = fit.criterion.rows.target - residuals
    if predictor is not None:
        along = fit.criterion.rows.columns[predictor]
    label = f"predicted {_response(fit)}" if predictor is None else predictor
    kept, shown = _kept(fit)
    ends = np.array([float(along.min()), float(along.max())])
    items = (
        Stroke("no residual", ends, np.zeros(2), "reference"),
        Dots(f"residuals{shown}", along[kept], residuals[kept]),
    )
    return Chart(_caption(fit), (Axes((label, f"{_response(fit)} − fit"), items),))


def _convergence(fit: Fit) -> Chart:
    """Return loss and gradient against steps; with batches, losses against epochs."""
    if fit.epochs:
        numbers = np.array([float(one.number) for one in fit.epochs])
        losses = np.array([one.loss for one in fit.epochs])
        items: list[Item] = [Stroke("rows fitted to", numbers, losses)]
        if fit.epochs[0].held_out_loss is not None:
            aside = np.array([float(one.held_out_loss or np.nan) for one in fit.epochs])
            items.append(Stroke("rows held out", numbers, aside, "other"))
        return Chart(_caption(fit), (Axes(("epoch", name_of_loss(fit)), tuple(items)),))
    axes = tuple(
        Axes(
            ("step", panel.label),
            tuple(Stroke(line.name, line.x, line.y) for line in panel.lines),
            logarithmic=panel.logarithmic,
        )
        for panel in convergence_panels(fit.result.history)
    )
    return Chart(_caption(fit), axes)


def _losses(fit: Fit) -> Chart:
    """Return the loss against each parameter, the others as fitted, and the way it came."""
    names = [name for name, value in fit.free.items() if not np.ndim(value)]
    if not names:
        raise InputError("Every parameter is an array: there is no single one to draw a loss of.")
    axes = [_section(fit, name) for name in names[:MOST_SECTIONS]]
    hidden = len(fit.free) - len(axes)
    more = f"; {hidden} more parameters are not shown" if hidden else ""
    caption = _caption(fit)
    subtitle = f"the loss against each parameter, the others as fitted{more}"
    return Chart(Caption(caption.title, subtitle), tuple(axes))


def _section(fit: Fit, name: str) -> Axes:
    """Return the loss against one parameter."""
    criterion, rows = fit.criterion, fit.criterion.rows
    best = float(fit.free[name])
    errors = fit.standard_errors
    walked = [fit.parameters_at(row)[name] for row in range(len(fit.result.history))]
    trail = np.array(walked, dtype=np.float64)
    reach = REACH * errors[name] if errors else 0.0
    reach = max(reach, 1.1 * float(np.abs(trail - best).max()), 1e-3 * abs(best)) or 1.0
    values = np.linspace(best - reach, best + reach, SECTION_POINTS)
    losses = []
    for value in values:
        completed = criterion.restrictions.completed({**fit.free, name: float(value)})
        predicted = criterion.predicted(rows.columns, completed)
        with np.errstate(all="ignore"):
            losses.append(float(criterion.loss(predicted, rows.target, rows.weights)))
    curve = finite_or_nan(np.array(losses))
    items: list[Item] = [Stroke("others as fitted", values, curve)]
    sampled = len(rows) < criterion.count
    if criterion.loss.reduction == "sum" and not criterion.penalty and not sampled:
        items.append(Stroke("on the way", trail, fit.result.history.fun, "trail"))
    # Of rows that are read piece by piece a sample is at hand, whose loss is another than of all.
    lowest = float(criterion.loss(fit.fitted, rows.target, rows.weights))
    items.append(Dots("fit", np.array([best]), np.array([lowest]), "main"))
    label = f"{name_of_loss(fit)}{f' of {len(rows):,} rows' * sampled}"
    return Axes((name, label), tuple(items), logarithmic=_spans_decades(curve))


def _correlation(fit: Fit) -> Matrix:
    """Return the correlations of the parameters."""
    if fit.correlation is None:
        raise InputError(f"There are no correlations: {fit.why_no_errors}.")
    caption = _caption(fit)
    subtitle = "correlations of the parameters: near ±1 the data hardly tell two of them apart"
    return Matrix(Caption(caption.title, subtitle), fit.free_names, fit.correlation)


FIT_KINDS: dict[str, Callable[[Fit], Chart | Matrix]] = {
    "fit": lambda fit: _curve(fit, {}, None),
    "residuals": _residuals,
    "convergence": _convergence,
    "losses": _losses,
    "correlation": _correlation,
}
"""The kinds of figures of a fit."""


def _caption(fit: Fit) -> Caption:
    """Return the model, and its constants as far as there is room."""
    parts = [
        f"{name} = {value:.4g}" for name, value in fit.parameters.items() if not np.ndim(value)
    ]
    if len(parts) > MOST_SECTIONS:
        parts = [*parts[:MOST_SECTIONS], "…"]
    words = ", ".join(parts) or f"{fit.criterion.loss.name} = {fit.loss:.4g}"
    return Caption(fit.model.text, words)


def _response(fit: Fit) -> str:
    """Return what is predicted, as the model writes it."""
    return fit.model.text.partition("~")[0].strip()


def _only_predictor(fit: Fit) -> str | None:
    """Return the predictor, where there is one column of numbers and one score a row."""
    columns = fit.criterion.rows.columns
    if len(columns) != 1 or fit.fitted.ndim != 1:
        return None
    ((name, column),) = columns.items()
    return name if column.ndim == 1 else None


def _is_exact(fit: Fit) -> bool:
    """Return whether nothing is left that errors could be told from."""
    return bool(np.abs(fit.residuals()).max() <= 1e-12 * np.abs(fit.criterion.rows.target).max())


def _kept(fit: Fit) -> tuple[slice, str]:
    """Return which rows are drawn, and how many of how many where these are not all."""
    held = len(fit.criterion.rows)
    every = -(-held // MOST_ROWS)
    drawn, count = -(-held // every), fit.criterion.count
    return slice(None, None, every), "" if drawn == count else f" ({drawn:,} of {count:,} rows)"


def _spans_decades(values: Vector) -> bool:
    """Return whether positive values differ so much that only a logarithm shows them."""
    finite = values[np.isfinite(values)]
    return bool(finite.size and finite.min() > 0 and finite.max() > 100 * finite.min())
