"""How good a fit is, and what its residuals say that the model does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from steepest.derivative.reverse import gradient
from steepest.errors import SteepestError
from steepest.expression.node import topological_order, variable
from steepest.expression.parser import parse
from steepest.fitting.spread import prediction_jacobian
from steepest.objective import Vector
from steepest.threads import in_one_thread

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit

UNLIKELY = -4.0
"""Fewer runs of one sign than this many standard deviations below their mean are no chance."""

SWING = 0.1
"""A turn counts where the curve goes back by this share of its range."""

CLOSE, TOGETHER = 0.999, 0.9
"""Correlations above the first leave parameters hardly told apart; above the second they go
together."""

STIFF = 1e4
"""Condition numbers above this make plain gradient descent hopeless."""

HIGHEST_DEGREE = 12
"""Up to this degree a model is seen to be a polynomial."""


def remarks(fit: Fit) -> Iterator[str]:
    """Yield what one should know of a fit of errors: conditioning, and lack of fit."""
    yield from _pairs(fit)
    yield from _conditioning(fit)
    yield from _pattern(fit)


def runs_score(residuals: Vector) -> float:
    """Return how many standard deviations the number of runs of one sign is from its mean.

    n₊ and n₋ signs in random order make 2 n₊ n₋ / n + 1 runs in the mean.

    References
    ----------
    A. Wald, J. Wolfowitz, "On a test whether two samples are from the same population", Annals of
    Mathematical Statistics 11, 1940.

    Examples
    --------
    >>> runs_score(np.array([1.0] * 10 + [-1.0] * 10)) < -4
    True
    """
    signs = residuals[residuals != 0] > 0
    n, above = len(signs), int(signs.sum())
    if n < 10 or above in (0, n):
        return 0.0
    runs = 1 + int((signs[1:] != signs[:-1]).sum())
    mean = 2 * above * (n - above) / n + 1
    variance = (mean - 1) * (mean - 2) / (n - 1)
    return float((runs - mean) / np.sqrt(variance)) if variance > 0 else 0.0


def turns(curve: Vector) -> int:
    """Return how often a curve turns up or down, swings below a tenth of its range left out.

    Examples
    --------
    >>> turns(np.sin(np.linspace(-4 * np.pi, 4 * np.pi, 500)))
    8
    """
    enough = SWING * float(np.ptp(curve))
    if enough == 0:
        return 0
    count, direction = 0, 0
    lowest = highest = float(curve[0])
    for value in curve.tolist():
        lowest, highest = min(lowest, value), max(highest, value)
        if direction >= 0 and highest - value > enough:
            count, direction, lowest = count + (direction > 0), -1, value
        elif direction <= 0 and value - lowest > enough:
            count, direction, highest = count + (direction < 0), 1, value
    return count


def _pairs(fit: Fit) -> Iterator[str]:
    """Yield a warning of the two parameters that are hardest to tell apart."""
    correlation = fit.correlation
    if correlation is None or len(correlation) < 2:
        return
    sizes = np.abs(np.triu(correlation, 1))
    i, j = np.unravel_index(int(np.argmax(sizes)), sizes.shape)
    first, second = fit.free_names[i], fit.free_names[j]
    if sizes[i, j] > CLOSE:
        yield (
            f"{first} and {second} are hard to tell apart: their correlation is "
            f"{correlation[i, j]:.5f}."
        )
    elif sizes[i, j] > TOGETHER:
        yield f"{first} and {second} go together: their correlation is {correlation[i, j]:.3f}."


def _conditioning(fit: Fit) -> Iterator[str]:
    """Yield what the curvature of the squares means for plain descents."""
    criterion = fit.criterion
    if not criterion.loss.squares or fit.covariance is None or len(fit.free_names) < 2:
        return
    values = criterion.merged(fit.result.x)
    rows = criterion.rows
    jacobian = prediction_jacobian(criterion.free, rows.columns, len(rows), values)
    lengths = np.linalg.norm(jacobian, axis=0)
    raw = in_one_thread(np.linalg.svd, jacobian, compute_uv=False)
    scaled = in_one_thread(np.linalg.svd, jacobian / lengths, compute_uv=False)
    before, after = (float((one[0] / one[-1]) ** 2) for one in (raw, scaled))
    if before > STIFF:
        yield (
            f"Ill-conditioned for plain gradient descent: the curvature's condition number is "
            f"{before:.1e}, or {after:.1e} with parameters in units of their own."
        )


def _pattern(fit: Fit) -> Iterator[str]:
    """Yield what the order of the residuals' signs says of the model."""
    rows = fit.criterion.rows
    columns = list(rows.columns.items())
    if fit.criterion.loss.scores or len(columns) != 1 or columns[0][1].ndim != 1:
        return
    name, column = columns[0]
    order = np.argsort(column, kind="stable")
    residuals = fit.residuals()[order]
    if not runs_score(residuals) < UNLIKELY or fit.r_squared > 1 - 1e-12:
        return
    yield (
        f"Lack of fit: along {name} the residuals keep their sign over long stretches, which "
        "chance does not do. The model lacks something that the data have."
    )
    data, curve = (
        turns(_smoothed(rows.target[order])),
        turns((rows.target - fit.residuals())[order]),
    )
    if data > curve:
        degree = _degree(fit.criterion.model.text, name)
        most = "" if degree is None else f", and a polynomial of degree {degree} turns at most"
        most += "" if degree is None else f" {times(max(degree - 1, 0))}"
        yield f"The data turn {times(data)} along {name}, the curve {times(curve)}{most}."


def times(count: int) -> str:
    """Return a number of times in words.

    Examples
    --------
    >>> times(1), times(8)
    ('once', '8 times')
    """
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _smoothed(values: Vector) -> Vector:
    """Return running means over a fiftieth of the rows."""
    width = max(1, len(values) // 50)
    sums = np.cumsum(np.insert(values, 0, 0.0))
    means: Vector = (sums[width:] - sums[:-width]) / width
    return means


def _degree(model: str, predictor: str) -> int | None:
    """Return the degree of a formula in a predictor, where its derivatives come to an end."""
    try:
        formula = parse(model.partition("~")[2].strip())
    except SteepestError:
        return None
    expression = formula.expression
    place = variable(predictor)
    for degree in range(HIGHEST_DEGREE + 1):
        if place not in topological_order([expression]):
            return degree
        expression = gradient(expression, [place])[0]
    return None
