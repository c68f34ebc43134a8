"""What completion offers: the names that people use, and nothing that a file needs for itself."""

from __future__ import annotations

import pytest

import steepest as st


@pytest.mark.parametrize("room", sorted(st.ROOMS))
def test_dir_lists_the_public_names_alone(room):
    listed = dir(getattr(st, room))
    assert listed == sorted(getattr(st, room).__all__)
    assert all(hasattr(getattr(st, room), name) for name in listed if room != "interop")


def test_dir_lists_classes_that_are_not_loaded_yet():
    assert {"Adam", "LBFGS", "Newton"} <= set(dir(st.methods))
    assert {"HagerZhang", "Polyak"} <= set(dir(st.step_lengths))


def test_a_class_that_is_written_wrong_is_answered_with_the_right_one():
    with pytest.raises(AttributeError, match="Did you mean 'Adam'"):
        _ = st.methods.Adm
