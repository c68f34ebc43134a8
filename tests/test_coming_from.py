"""What the page for people from other libraries says of their calls and ours holds."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from peer_tables import agree, names, outcome, rows

BOTH_SIDES = [(peer, *row) for peer in ("SciPy", "scikit-learn") for row in rows(peer)]
OUR_SIDE = [row[1] for peer in ("PyTorch", "JAX", "lmfit") for row in rows(peer)]

known = cache(names)


@pytest.mark.parametrize(("peer", "theirs", "ours"), BOTH_SIDES)
def test_both_sides_of_a_row_come_to_the_same(peer: str, theirs: str, ours: str) -> None:
    there, here = outcome(theirs, known()), outcome(ours, known())
    assert agree(there, here), f"{peer} comes to {there}, and steepest to {here}"


@pytest.mark.parametrize("ours", OUR_SIDE)
def test_our_side_of_a_row_runs(ours: str) -> None:
    found: Any = outcome(ours, known())
    assert found is not None


def test_every_peer_has_rows() -> None:
    assert all(
        len(rows(peer)) >= 6 for peer in ("SciPy", "scikit-learn", "PyTorch", "JAX", "lmfit")
    )
