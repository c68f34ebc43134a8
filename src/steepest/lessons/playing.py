"""A lesson from top to bottom without Jupyter: ``python -m steepest.lessons.playing NAME``.

The lab shows lessons with their outputs. Notebooks are kept without any, so they are played on the
machine of whoever reads them, in a process of its own; only those that come with the package are.
"""

from __future__ import annotations

import ast
import json
import sys
from code import InteractiveInterpreter
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from steepest.expression.syntax import syntax_tree
from steepest.lessons.lesson import Cell, lesson_named

Output = dict[str, Any]
"""Either ``{"text": ...}`` or ``{"figure": ...}``, a figure as Plotly's plain data."""


class Player(InteractiveInterpreter):
    """Runs cell after cell, and gives back what each of them showed."""

    def __init__(self) -> None:
        super().__init__({"__name__": "__main__"})
        self._shown: list[Output] = []

    def play(self, cell: Cell) -> list[Output]:
        """Return what a cell printed, and then its value, if it ends with one.

        Examples
        --------
        >>> Player().play(Cell("code", "print(1, end=''); 1 + 1"))
        [{'text': '1'}, {'text': '2'}]
        """
        tree = syntax_tree(cell.source)
        last = [tree.body.pop()] if tree.body and isinstance(tree.body[-1], ast.Expr) else []
        self._shown = []
        printed = StringIO()
        hook, sys.displayhook = sys.displayhook, self._show
        try:
            with redirect_stdout(printed):
                self.runcode(compile(tree, "<cell>", "exec"))
                self.runcode(compile(ast.Interactive(list(last)), "<cell>", "single"))
        finally:
            sys.displayhook = hook
        text = printed.getvalue()
        return [*([{"text": text}] if text else []), *self._shown]

    def showtraceback(self) -> None:
        """Let an error pass; a lesson has none."""
        # It is being handled where this is called from.
        raise

    def _show(self, value: Any) -> None:
        if hasattr(value, "to_plotly_json"):
            self._shown.append({"figure": json.loads(value.to_json())})
        elif value is not None:
            self._shown.append({"text": repr(value)})


def play(name: str) -> list[list[Output]]:
    """Return what every cell of a lesson shows; nothing for text."""
    player = Player()
    return [player.play(cell) if cell.kind == "code" else [] for cell in lesson_named(name).cells]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(play(sys.argv[1])))
