"""Printing results: one JSON object, or tables and text for people."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import click
import numpy as np


def print_json(record: Mapping[str, Any]) -> None:
    """Print one JSON object; what is not a finite number becomes null.

    Parameters
    ----------
    record : mapping
        Of plain values, NumPy scalars and arrays, and mappings and sequences of such.
    """
    click.echo(json.dumps(plain(record), ensure_ascii=False, allow_nan=False))


def plain(value: Any) -> Any:
    """Return a value as JSON knows it.

    Examples
    --------
    >>> plain({"x": np.float64(1.5), "jac": np.array([np.nan, 2.0])})
    {'x': 1.5, 'jac': [None, 2.0]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def print_text(text: str) -> None:
    """Print lines of prose: wrapped between words on a terminal, whole anywhere else."""
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        width = get_terminal_size().columns
        text = "\n".join(wrapped(line, width) for line in text.split("\n"))
    click.echo(text)


def wrapped(line: str, width: int) -> str:
    """Return a line in parts no wider than `width`, all after the first indented.

    Examples
    --------
    >>> print(wrapped("Ended: The value reached its target.", 20))
    Ended: The value
      reached its
      target.
    """
    return fill(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def notice(message: str, quiet: bool) -> None:
    """Say something on standard error, unless asked to be quiet."""
    if not quiet:
        click.echo(message, err=True)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table: ruled on a terminal, plain and aligned anywhere else.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of sequences
        Numbers are shown with nine significant digits and aligned to the right; None is
        nothing.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [all(_is_number(row[i]) for row in rows) for i in range(len(columns))]
    if sys.stdout.isatty():
        _print_ruled(columns, cells, numeric)
    else:
        _print_aligned(columns, cells, numeric)


def _print_ruled(
    columns: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name, right in zip(columns, numeric, strict=True):
        table.add_column(Text(name), justify="right" if right else "left")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    # A terminal that is too narrow breaks the lines; cut numbers would be other numbers.
    needed = sum(widths_of([columns, *cells])) + 2 * len(columns)
    console.width = max(console.width, needed)
    console.print(table)


def widths_of(lines: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column."""
    return [max(map(len, column)) for column in zip(*lines, strict=True)]


def _print_aligned(
    columns: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> None:
    lines = [list(columns), *cells]
    widths = widths_of(lines)
    for line in lines:
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return value is None or isinstance(value, int | float | np.number)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:.9g}"
    return str(value)
