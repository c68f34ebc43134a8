"""The tables of ``docs/coming-from.md``: what a row says, and what its two sides come to."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

PAGE = Path(__file__).resolve().parents[1] / "docs" / "coming-from.md"

SETUP = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sections() -> dict[str, str]:
    """Return the text below each heading of the page."""
    parts = re.split(r"^## (.+)\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(peer: str) -> list[tuple[str, str]]:
    """Return what stands in the first two columns of a peer's table."""
    table = re.findall(r"^\| (.+?) \| (.+?) \| .+ \|$", sections()[peer], re.MULTILINE)
    return [(theirs, ours) for theirs, ours in table if "`" in theirs]


def names() -> dict[str, Any]:
    """Return what the set-ups of the page define."""
    known: dict[str, Any] = {}
    for block in SETUP.findall(PAGE.read_text("utf-8")):
        exec(block, known)  # noqa: S102 - our own page
    return known


def peer_names(peer: str) -> dict[str, Any]:
    """Return also what the indented set-up of a peer defines, which needs that peer."""
    lines = sections()[peer].partition("\n|")[0].splitlines()
    code = [line for line in lines if line.startswith("    ") or not line.strip()]
    known = names()
    exec(textwrap.dedent("\n".join(code)), known)  # noqa: S102 - our own page
    return known


def is_one_call(cell: str) -> bool:
    """Return whether a cell is code that can be run, and nothing else."""
    return re.fullmatch(r"`[^`]+\)(\[\d\])?`", cell) is not None


def outcome(cell: str, known: dict[str, Any]) -> Any:
    """Return the value of the code in a cell."""
    (code,) = re.fullmatch(r"`([^`]+)`", cell).groups()  # type: ignore[union-attr]
    return eval(code, known)  # noqa: S307 - our own page


def agree(theirs: Any, ours: Any) -> bool:
    """Return whether both sides came to the same numbers, to four digits."""
    return bool(np.allclose(theirs, ours, rtol=1e-4, atol=1e-4))
