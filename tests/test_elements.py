"""Sums over the elements of vectors in one compiled loop: Python's values and gradients."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from steepest.functions import objective as objective_of
from steepest.objective import Vector
from steepest.program.native import engine
from steepest.program.native.element_source import BLOCK, write_elements
from steepest.program.native.evaluation import write_evaluation
from steepest.program.native.module import NativeError
from steepest.program.native.width import WIDEST

SIZE = 2 * BLOCK + 180
DATA = np.random.default_rng(3).uniform(0.5, 2, SIZE)


def pairs(x: Any) -> Any:
    return np.sum(100 * (x[1::2] - x[::2] ** 2) ** 2 + (1 - x[::2]) ** 2)


def chained(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def ackley(x: Any) -> Any:
    far, waves = np.mean(x**2), np.mean(np.cos(2 * np.pi * x))
    return -20 * np.exp(-0.2 * np.sqrt(far)) - np.exp(waves)


def dixon_price(x: Any) -> Any:
    return (x[0] - 1) ** 2 + np.sum(np.arange(2, SIZE + 1) * (2 * x[1:] ** 2 - x[:-1]) ** 2)


CASES: dict[str, Callable[..., Any]] = {
    "pairs": pairs,
    "chained": chained,
    "ackley": ackley,
    "dixon-price": dixon_price,
    "powell": lambda x: np.sum((x[::4] + 10 * x[1::4]) ** 2 + (x[1::4] - 2 * x[2::4]) ** 4),
    "elementary": lambda x: np.sum(np.exp(-x) * np.sin(x) + np.tanh(x) ** 2 + np.arctan(x)),
    "weighted": lambda x: DATA @ np.log1p(np.exp(DATA * x)) + np.mean(x) ** 3,
    "powers": lambda x: np.sum(np.abs(x) ** 1.3) + np.max([1.0, 2.0]),
    "three together": lambda x: np.sum((x[:-2] - 2 * x[1:-1] + x[2:]) ** 2) + 0.5 * x[-1] ** 2,
    "single elements": lambda x: np.sum(x**2) * np.sin(x[3]) + x[3] * x[-2],
    "kinks": lambda x: np.sum(np.maximum(x, 0.7) + np.where(x > 1, x**2, x)),
}


def graph_of(function: Callable[..., Any]) -> tuple[Any, Any]:
    found = objective_of(function, np.random.default_rng(0).uniform(0.3, 1.7, SIZE))
    return found, found.branches.at(found.parts(found.start)).arrays


@cache
def caller() -> Any:
    """Return a compiled function that calls another by its address."""
    from numba import njit

    return njit(lambda evaluate, x, gradient: evaluate(x, gradient))


def by_compiled(graph: Any, x: Vector) -> tuple[float, Vector]:
    gradient = np.full_like(x, np.nan)
    value = caller()(engine.COMPILER.compiled(graph), x, gradient)
    return value, gradient


@pytest.mark.parametrize("case", CASES)
def test_value_and_gradient_are_those_of_python(case: str) -> None:
    plain, graph = graph_of(CASES[case])
    source = write_evaluation(graph).source
    assert source == write_elements(graph).source
    assert f"    {WIDEST}\n" in source
    expected, slope = plain.value_and_gradient(plain.start)
    value, gradient = by_compiled(graph, plain.start.copy())
    assert value == pytest.approx(expected, rel=1e-13)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12, atol=1e-13 * np.abs(slope).max())


def test_several_vectors_share_a_loop() -> None:
    def coupled(a: Any, b: Any) -> Any:
        return np.sum((a - b**2) ** 2 + np.cos(a))

    start = {"a": np.linspace(0, 1, SIZE), "b": np.linspace(1, 2, SIZE)}
    plain = objective_of(coupled, start)
    graph = plain.branches.at(plain.parts(plain.start)).arrays
    write_elements(graph)
    expected, slope = plain.value_and_gradient(plain.start)
    value, gradient = by_compiled(graph, plain.start.copy())
    assert value == pytest.approx(expected, rel=1e-13)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12, atol=1e-13)


OTHERS: dict[str, tuple[Callable[..., Any], str]] = {
    "products": (lambda x: np.sum((np.outer(x[:3], x[:3]) - 1) ** 2), "."),
    "centred": (lambda x: np.sum((x - np.mean(x)) ** 2), "sums over all rows"),
    "unlike lengths": (lambda x: np.sum(x**2) + np.sum(x[1:] * x[:-1]), "no column"),
    "backwards": (lambda x: np.sum(x[::-1] * x), "other parts"),
    "a common element": (lambda x: np.sum((x[1:] - x[0]) ** 2), "sums over all rows"),
    "cumulative": (lambda x: np.sum(np.cumsum(x) ** 2), "cumsum"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_other_functions_are_written_with_arrays(case: str) -> None:
    function, reason = OTHERS[case]
    _, graph = graph_of(function)
    with pytest.raises(NativeError, match=reason):
        write_elements(graph)
    assert "value_and_gradient" in write_evaluation(graph).source


def test_products_with_large_matrices_are_left_to_numpy() -> None:
    def product(rows: int) -> Any:
        matrix = np.ones((rows, SIZE))
        return graph_of(lambda x: np.sum((matrix @ x - 1) ** 2))[1]

    assert write_evaluation(product(300)).source
    with pytest.raises(NativeError, match="on all processors"):
        write_evaluation(product(500))


def test_the_loop_computes_many_elements_and_stores_none() -> None:
    _, graph = graph_of(CASES["elementary"])
    module = write_elements(graph)
    assert "np.exp" not in module.source
    program = engine.compiled_evaluation(
        module._replace(source=module.source + "\n#")
    ).inspect_llvm()
    assert "fmul contract <" in program
    assert "call double @exp" not in program
