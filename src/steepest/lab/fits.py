"""Fits of pasted data, for the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from steepest.errors import InputError, MissingPackageError
from steepest.figures import interactive
from steepest.figures.fits import fit_scene
from steepest.figures.style import THEMES
from steepest.fitting.fit import fit
from steepest.fitting.fitted import Fit
from steepest.lab.limits import FIT_SECONDS, LONGEST, MOST_ROWS

LOSSES = ("sse", "mae", "huber", "cauchy", "logcosh", "quantile", "log", "poisson")

EXAMPLE = """x,y
0,3.02
0.5,2.25
1,1.79
1.5,1.42
2,1.24
2.5,1.05
3,0.97
3.5,0.85
4,0.82
4.5,0.79
5,0.73
"""
"""Data to begin with: a decay to an offset."""

MODEL = "y ~ a*exp(-b*x) + c"

MODELS = (
    MODEL,
    "y ~ a + b*x",
    "y ~ a + b*x + c*x**2 + d*x**3",
    "y ~ a*x**b",
    "y ~ a/(1 + exp(b - c*x))",
    "y ~ a*sin(b*x + c) + d",
    "y ~ a*exp(-((x - b)/c)**2) + d",
)
"""Models to choose from."""


@dataclass(frozen=True)
class Asked:
    """What is to be fitted.

    Parameters
    ----------
    data : str
        Rows separated by commas, the first one being names.
    model : str
        With its response left of ``~``.
    loss : str
    """

    data: str = EXAMPLE
    model: str = MODEL
    loss: str = "sse"


@lru_cache(maxsize=32)
def fitted(asked: Asked) -> Fit:
    """Fit a model to pasted data.

    Raises
    ------
    InputError
        For data or a model that cannot be used.
    """
    if len(asked.model) > LONGEST:
        raise InputError(f"The model has more than {LONGEST} characters: shorten it.")
    if asked.loss not in LOSSES:
        raise InputError(f"The page has no loss {asked.loss!r}: {', '.join(LOSSES)}.")
    table = table_of(asked.data)
    return fit(asked.model, table, asked.loss, drop_missing=True, max_seconds=FIT_SECONDS)


def table_of(text: str) -> Any:
    """Return pasted data as a table.

    Raises
    ------
    InputError
        For text that is none, and for too many rows.
    """
    try:
        import pyarrow
        from pyarrow import csv
    except ImportError as error:
        raise MissingPackageError(
            "Data are read with PyArrow, which is not installed: pip install 'steepest[fit]'."
        ) from error
    separators = {sign: text.count(sign) for sign in (",", ";", "\t")}
    sign = max(separators, key=lambda one: separators[one])
    try:
        options = csv.ParseOptions(delimiter=sign if separators[sign] else ",")
        table = csv.read_csv(BytesIO(text.strip().encode()), parse_options=options)
        names = table.column_names
    except (pyarrow.ArrowInvalid, UnicodeDecodeError) as error:
        raise InputError(
            f"The data cannot be read as a table ({str(error).splitlines()[0]}): give names in "
            "the first line, and numbers separated by commas below."
        ) from error
    if table.num_rows > MOST_ROWS:
        raise InputError(
            f"The page fits up to {MOST_ROWS} rows, and these are {table.num_rows}: use "
            "`steepest fit` for more."
        )
    if not names or not table.num_rows:
        raise InputError("There are no rows: paste some below a line of names.")
    return table


def figure_of(found: Fit, theme: str) -> Any:
    """Return data and curve as a Plotly figure, which bends into place where there is a curve."""
    every = max(1, found.result.nit // 40)
    try:
        scene = fit_scene(found, "fit", every=every if found.result.nit else None)
    except InputError:
        scene = fit_scene(found)
    figure = interactive.draw(scene, THEMES[theme])
    figure.update_layout(title=None, margin={"l": 56, "r": 8, "t": 24})
    if figure.frames:
        # The buttons above the slider, so that both have room on a narrow screen.
        figure.update_layout(margin={"t": 130})
        figure.layout.updatemenus[0].pad.b = 80
        figure.layout.sliders[0].update(x=0, len=1)
    return figure


def as_python(asked: Asked) -> str:
    """Return Python code that makes the same fit."""
    return "\n".join(
        [
            "import steepest as st",
            "",
            "fit = st.fit(",
            f"    {asked.model!r},",
            '    "data.csv",  # the data above',
            f"    {asked.loss!r},",
            "    drop_missing=True,",
            ")",
            "print(fit.explain())",
        ]
    )
