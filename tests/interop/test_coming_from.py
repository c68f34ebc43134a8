"""Rows of the tables for people from PyTorch and JAX, both sides."""

from __future__ import annotations

import numpy as np
import pytest

from peer_tables import agree, is_one_call, outcome, peer_names, rows


@pytest.mark.parametrize("peer", ["PyTorch", "JAX"])
def test_both_sides_of_what_is_one_call_come_to_the_same(peer):
    known = peer_names(peer)
    # An optimizer is no number: that its steps are ours, test_for_torch and test_for_optax show.
    calls = [row for row in rows(peer) if is_one_call(row[0]) and "optim." not in row[0]]
    assert len(calls) >= 3
    for theirs, ours in calls:
        there, here = outcome(theirs, known), outcome(ours, known)
        if isinstance(there, tuple):
            assert all(agree(np.asarray(a), b) for a, b in zip(there, here, strict=True)), theirs
        else:
            assert agree(np.asarray(there.detach() if peer == "PyTorch" else there), here), theirs
