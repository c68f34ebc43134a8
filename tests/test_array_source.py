"""Graphs of arrays as loops and products: the numbers that the graph has, or a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from steepest.derivative.reverse import bare, gradient
from steepest.functions import objective as objective_of
from steepest.program.compiled import run_module
from steepest.program.native.array_source import IMPORTS, ArraySource
from steepest.program.native.module import NativeError

RANDOM = np.random.default_rng(8)
A, B = RANDOM.normal(size=(5, 4)), RANDOM.normal(size=(5, 3))
ROW = RANDOM.normal(size=4)
M, V = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=3)
CUBE = RANDOM.normal(size=(2, 5, 4))


def network(m: Any, v: Any) -> Any:
    return np.sum((np.tanh(A @ m + v) - B) ** 2)


CASES: dict[str, Callable[..., Any]] = {
    "network": network,
    "two layers": lambda m, v: np.mean((np.tanh(np.tanh(A @ m) @ m.T + ROW) @ m) ** 2) + v @ v,
    "largest of rows": lambda m, v: (
        np.sum(
            np.log(np.sum(np.exp(A @ m - np.floor(np.max(A @ m, axis=1, keepdims=True))), axis=1))
        )
        + np.sum(v)
    ),
    "columns": lambda m, v: np.sum(np.exp(np.sum(m, axis=0) * v)),
    "extremes with slopes": lambda m, v: np.sum(np.max(m * v, axis=0) * np.min(m + v, axis=0)),
    "vectors": lambda m, v: np.sum(np.sin(ROW @ m) * (m.T @ ROW)) + np.sum((m @ v) ** 2),
    "spread": lambda m, v: np.sum((m + ROW[:, np.newaxis]) * v / (1 + v[np.newaxis, :] ** 2)),
    "three axes": lambda m, v: np.sum(np.tanh(CUBE[0] * 2) @ m) + np.sum(np.sum(m, axis=1) * ROW),
    "choices": lambda m, v: np.sum(np.where(m > 0, m * v, np.maximum(m, v))),
    "one of two": lambda m, v: np.sum(m * m) + 0.0 * np.sum(v),
    "whole": lambda m, v: np.sqrt(np.sum(m**2) + np.sum(v**2)) * np.sum(v),
}


def computed(function: Callable[..., Any], m: Any, v: Any) -> tuple[float, list[Any], ArraySource]:
    """Return value and gradient by the statements, run by Python as they stand."""
    followed = objective_of(function, {"m": m, "v": v})
    graph = followed.branches.at(followed.parts(followed.start)).arrays
    source = ArraySource(dict(zip(graph.inputs, ["m", "v"], strict=True)), "own")
    slopes = bare(gradient(graph.output, graph.inputs))
    source.write([(graph.output, "value"), *zip(slopes, ["slope_m", "slope_v"], strict=True)])
    lines = [f"{name} = np.full({shape}, np.nan)" for name, shape in source.buffers.items()]
    body = "\n".join([f"    {line}" for line in [*lines, *source.lines, "return value"]])
    text = "\n\n".join([IMPORTS, *source.functions, f"def run(m, v, slope_m, slope_v):\n{body}\n"])
    written = [np.full(m.shape, np.nan), np.full(v.shape, np.nan)]
    return run_module(text, "test", source.data)["run"](m, v, *written), written, source


@pytest.mark.parametrize("case", CASES)
def test_statements_compute_value_and_gradient(case: str) -> None:
    value, slopes, _ = computed(CASES[case], M, V)
    expected = objective_of(CASES[case], {"m": M, "v": V})
    known, slope = expected.value_and_gradient(expected.start)
    assert value == pytest.approx(known, rel=1e-12)
    found = np.concatenate([np.ravel(one) for one in slopes])
    np.testing.assert_allclose(found, slope, rtol=1e-11, atol=1e-12 * np.abs(slope).max())


def test_arrays_that_follow_each_other_share_a_loop() -> None:
    _, _, source = computed(lambda m, v: np.sum(np.exp(m) * np.sin(m)) + np.sum(v), M, V)
    assert any(line.strip().startswith("own_0[i0, i1], own_1[i0, i1] =") for line in source.lines)


def test_no_array_is_kept_that_only_one_loop_needs() -> None:
    _, _, source = computed(network, M, V)
    # A m, tanh(A m + v), the errors, and what comes back; the rest are numbers of a loop.
    assert list(source.buffers.values()) == [(5, 3)] * 4


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda m, v: np.sum(np.cumsum(m, axis=0)) + np.sum(v), "cumsum"),
        (lambda m, v: np.sum(np.linalg.inv(m.T @ m)) + np.sum(v), "inv"),
        (lambda m, v: np.sum(np.ceil(m) * m) + np.sum(v), "ceil"),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(
    function: Callable[..., Any], reason: str
) -> None:
    with pytest.raises(NativeError, match=reason):
        computed(function, M, V)
