"""Bring the lessons into the form in which they are kept: ``python -m tools.lessons``.

Jupyter writes outputs, counts, random names of cells and the kernel of whoever saved into a
notebook. None of that belongs to the lesson, and all of it would show as a change.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SHELF = Path(__file__).parents[1] / "src" / "steepest" / "lessons"

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

FOLDED = {"jupyter": {"outputs_hidden": True, "source_hidden": True}}
"""What Jupyter folds; it stands for every cell with a tag."""


def kept(notebook: dict[str, Any], number: str) -> str:
    """Return the text of a notebook as it is kept.

    Parameters
    ----------
    notebook : dict
        What `json` reads.
    number : str
        That of the lesson, with which the names of its cells begin.
    """
    numbered = enumerate(notebook["cells"], start=1)
    cells = [_kept(cell, f"{number}-{place:02d}") for place, cell in numbered]
    whole = {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _kept(cell: dict[str, Any], name: str) -> dict[str, Any]:
    tags = cell["metadata"].get("tags", [])
    source = "".join(cell["source"]).splitlines(keepends=True)
    metadata = {**FOLDED, "tags": tags} if tags else {}
    common = {"cell_type": cell["cell_type"], "id": name, "metadata": metadata, "source": source}
    return (
        {**common, "execution_count": None, "outputs": []}
        if cell["cell_type"] == "code"
        else common
    )


def main() -> None:
    """Rewrite the lessons that are in another form."""
    for file in sorted(SHELF.glob("*.ipynb")):
        before = file.read_text("utf-8")
        after = kept(json.loads(before), file.name[:2])
        if after != before:
            file.write_text(after, "utf-8")
            print(f"rewrote {file.name}")


if __name__ == "__main__":
    main()
