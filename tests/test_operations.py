"""Every row of the table of operations: derivatives of first and second order, shapes, kinds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from numerics import slope
from operation_rows import ELEMENTWISE, ROWS, UNCHECKED
from steepest.derivative.reverse import gradient
from steepest.expression.node import apply, constant, evaluate, variable
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.reductions import total
from steepest.program.spelling import Arrays, PlainNumbers

TOLERANCE = 1e-6
MATRIX = {"solve", "inv", "det", "logabsdet", "signdet", "cholesky"}


def test_every_operation_has_a_row():
    assert {row.name for row in ROWS} == set(OPERATIONS) - UNCHECKED


def drawn(row, shapes, rng):
    """Return an operation applied to variables, and their values."""
    nodes, values = [], {}
    for k, ((low, high), shape) in enumerate(zip(row.domains, shapes, strict=True)):
        if k in row.fixed:
            nodes.append(constant(row.fixed[k]))
            continue
        node = variable(f"x{k}", shape)
        value = rng.uniform(low, high, shape)
        if row.name in MATRIX and k == 0:
            value = value + 3 * np.eye(shape[-1])
            if row.name == "cholesky":
                # Of a matrix only the lower triangle is read; its slope is made symmetric.
                value = (value + np.swapaxes(value, -1, -2)) / 2
        nodes.append(node)
        values[node] = np.asarray(value)[()]
    return apply(OPERATIONS[row.name], *nodes, **row.options), values


def directions(row, values, rng):
    """Return a random direction to move the inputs in."""
    moved = {node: np.asarray(rng.normal(size=node.shape))[()] for node in values}
    if row.name == "cholesky":
        moved = {node: value + np.swapaxes(value, -1, -2) for node, value in moved.items()}
    return moved


def weighted(nodes, rng):
    """Return a random linear functional of some results, in which each element counts."""
    result = constant(0.0)
    for node in nodes:
        result = result + total(node * constant(rng.normal(size=node.shape)))
    return result


def assert_slopes(row, output, values, rng, order):
    """Assert that the gradient's slope along a random direction is the numerical one."""
    slopes = gradient(output, list(values))
    direction = directions(row, values, rng)
    exact = sum(
        float(np.sum(slope_value * direction[node]))
        for node, slope_value in zip(values, evaluate(slopes, values), strict=True)
    )

    def along(t):
        moved = {node: value + t * direction[node] for node, value in values.items()}
        return float(evaluate([output], moved)[0])

    numerical, _ = slope(along, 0.0)
    error = abs(exact - numerical) / max(1.0, abs(exact), abs(numerical))
    assert error <= TOLERANCE, (
        f"Derivative of order {order} of {row} at shapes {[node.shape for node in values]}: "
        f"exact {exact}, numerical {numerical}, error {error:.1e}"
    )
    return slopes


def check(row, shapes, seed):
    rng = np.random.default_rng(seed)
    result, values = drawn(row, shapes, rng)
    assert_shape_and_kind(row, result, values)
    output = weighted([result], rng)
    slopes = assert_slopes(row, output, values, rng, order=1)
    assert_slopes(row, weighted(slopes, rng), values, rng, order=2)


def assert_shape_and_kind(row, result, values):
    (value,) = evaluate([result], values)
    assert np.shape(value) == result.shape, row
    assert {"u": "i"}.get(np.asarray(value).dtype.kind, np.asarray(value).dtype.kind) == result.kind


def shapes_for(row):
    """Return a strategy of input shapes that broadcast together."""
    count = len(row.domains)
    if count == 1:
        return some.sampled_from([((),), ((3,),), ((2, 3),), ((2, 1, 2),)])
    fixed = next((np.shape(value) for value in row.fixed.values()), ())
    base = mutually_broadcastable_shapes(
        num_shapes=count, base_shape=fixed, min_dims=0, max_dims=3, min_side=1, max_side=3
    )
    return base.map(lambda drawn_shapes: drawn_shapes.input_shapes)


@pytest.mark.parametrize("row", ELEMENTWISE, ids=str)
@settings(max_examples=6, derandomize=True, deadline=None, database=None)
@given(data=some.data(), seed=some.integers(0, 2**32 - 1))
def test_elementwise(row, data, seed):
    check(row, data.draw(shapes_for(row)), seed)


@pytest.mark.parametrize("row", [row for row in ROWS if row.shapes is not None], ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_others(row, seed):
    check(row, row.shapes, seed)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_constants_fold_to_what_numpy_returns(row):
    rng = np.random.default_rng(5)
    shapes = row.shapes or [np.shape(row.fixed.get(k, 0)) for k in range(len(row.domains))]
    result, values = drawn(row, shapes, rng)
    inputs = [
        values.get(node, None) if not node.is_constant else node.value
        for node in (result.inputs if result.operation.name == row.name else values)
    ]
    folded = apply(OPERATIONS[row.name], *inputs, **row.options)
    assert folded.is_constant
    assert np.array_equal(folded.value, evaluate([result], values)[0])


@pytest.mark.parametrize("kinds", ["i", "b", "ib", "if"])
@pytest.mark.parametrize("row", [row for row in ELEMENTWISE if not row.fixed], ids=str)
def test_kind_of_whole_numbers_and_truth_values(row, kinds):
    samples = {"i": np.array([1, 2, 3]), "b": np.array([True, False, True]), "f": np.ones(3)}
    count = len(row.domains)
    values = [samples[kinds[k % len(kinds)]] for k in range(count)]
    try:
        with np.errstate(all="ignore"):
            expected = np.asarray(OPERATIONS[row.name].evaluate(*values, **row.options))
    except TypeError:
        return  # NumPy has no such operation on truth values
    nodes = [variable(f"k{k}", (3,), kinds[k % len(kinds)]) for k in range(count)]
    result = apply(OPERATIONS[row.name], *nodes, **row.options)
    assert result.kind == expected.dtype.kind, (row, kinds, expected.dtype)


SCALARS = [row for row in ELEMENTWISE if OPERATIONS[row.name].scalar_spelling]


@pytest.mark.parametrize("row", SCALARS, ids=str)
def test_both_spellings_compute_the_same(row):
    """The source for plain numbers, and for NumPy, against the operation itself."""
    rng = np.random.default_rng(8)
    for _ in range(4):
        result, values = drawn(row, [()] * len(row.domains), rng)
        if "where" in row.name:
            continue
        (expected,) = evaluate([result], values)
        for dialect in (PlainNumbers(), Arrays()):
            computed = run(dialect, result, values)
            assert computed == pytest.approx(float(expected), rel=4e-15, abs=1e-14), (row, dialect)


def run(dialect, result, values):
    from steepest.program.compiled import run_module
    from steepest.program.emission import Emitter

    names = {node: node.name for node in values}
    emitter = Emitter(dialect, names, [result])
    returned = emitter.source(result)
    body = "".join(f"    {line}\n" for line in [*emitter.lines, f"return {returned}"])
    header = "\n".join(dialect.header(body))
    source = f"{header}\n\ndef f({', '.join(names.values())}):\n{body}"
    with np.errstate(all="ignore"):
        return float(run_module(source, "f", {})["f"](*map(float, values.values())))


def test_folding_obeys_ieee_rules():
    def folded(name, *inputs):
        return apply(OPERATIONS[name], *inputs).value

    assert folded("divide", 1, 0) == math.inf
    assert math.isnan(folded("divide", 0, 0))
    assert folded("power", 2, -1) == 0.5
    assert folded("power", 9, 9**9) == math.inf
    assert folded("power", 10, 15) == 1e15
    assert math.isnan(folded("power", -8.0, 1 / 3))
    assert folded("exp", 1000.0) == math.inf
    assert folded("log", 0.0) == -math.inf
