"""Simplifying never changes a value: not at all while recording, within rounding in derivatives."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from steepest.derivative.reverse import bare, careful, gradient
from steepest.expression.node import (
    apply,
    constant,
    evaluate,
    substitute,
    tidy,
    topological_order,
    variable,
)
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.structure import broadcast_to

X, Y = variable("x"), variable("y")
A = variable("a", (2, 3))
NUMBERS = [0, 1, -1, 2, 3, -2, 0.5, 1.0, 0.0, -0.0, 2.5, -1.5]
BINARY = "add subtract multiply divide power maximum".split()
UNARY = "negative sin exp sqrt absolute".split()

leaves = some.sampled_from(["x", "y", *NUMBERS])
trees = some.recursive(
    leaves,
    lambda inner: some.one_of(
        some.tuples(some.sampled_from(UNARY), inner),
        some.tuples(some.sampled_from(BINARY), inner, inner),
    ),
    max_leaves=12,
)
numbers = some.sampled_from([0.0, 0.7, -1.3, 2.1, 5.0])


def raw(tree, x, y):
    """Return the value of a tree as NumPy computes it, step by step."""
    if not isinstance(tree, tuple):
        return {"x": np.float64(x), "y": np.float64(y)}.get(tree, tree)
    name, *inputs = tree
    with np.errstate(all="ignore"):
        return OPERATIONS[name].evaluate(*[raw(one, x, y) for one in inputs])


def built(tree, build):
    """Return the expression of a tree, made by `apply` or by `tidy`."""
    if not isinstance(tree, tuple):
        return {"x": X, "y": Y}.get(tree, tree)
    name, *inputs = tree
    return build(name, *[built(one, build) for one in inputs])


def recorded(name, *inputs):
    return apply(OPERATIONS[name], *inputs)


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(tree=trees, x=numbers, y=numbers)
def test_recording_is_exact(tree, x, y):
    expression = built(tree, recorded)
    expected = raw(tree, x, y)
    if not isinstance(tree, tuple):
        return
    (value,) = evaluate([expression], {X: np.float64(x), Y: np.float64(y)})
    assert np.array_equal(float(value), float(expected), equal_nan=True), (tree, expression)


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(tree=trees, x=numbers, y=numbers)
def test_tidying_changes_rounding_only(tree, x, y):
    if not isinstance(tree, tuple):
        return
    expression = built(tree, tidy)
    expected = float(raw(tree, x, y))
    (value,) = evaluate([expression], {X: np.float64(x), Y: np.float64(y)})
    if math.isfinite(expected) and abs(expected) < 1e100:
        size = max([1.0, *magnitudes(tree, x, y)])
        assert abs(float(value) - expected) <= 1e-12 * size, (tree, expression)


def magnitudes(tree, x, y):
    """Yield the sizes of all intermediate results: what rounding errors are relative to."""
    value = abs(float(raw(tree, x, y)))
    yield value if math.isfinite(value) else math.inf
    if isinstance(tree, tuple):
        for one in tree[1:]:
            yield from magnitudes(one, x, y)


def tidied(text):
    from steepest.expression.formula import to_formula

    return to_formula(text)


def test_what_tidying_makes_of_sums_and_products():
    assert X + 0 is X
    assert 1 * X is X
    assert tidied(X - X) == "0"
    assert tidied(2 * X + 3 * X) == "5*x"
    assert tidied(X * X * X) == "x**3"
    assert tidied(-(2 * X)) == "-2*x"
    assert tidied(X + -2) == "x - 2"
    assert tidied(-(X - Y)) == "y - x"
    assert tidied(X - -Y) == "x + y"
    assert tidied(2 * (3 * X)) == "6*x"
    assert tidied(0 * X) == "0"
    assert tidied((6 * X) / 3) == "2*x"


def test_shapes_survive_tidying():
    for expression in (A * 0, A + 0, 0 - A, 0 / A, A * 1, constant(0.0) * A, A - 0):
        assert expression.shape == (2, 3)
        assert np.shape(evaluate([expression], {A: np.ones((2, 3))})[0]) == (2, 3)
    assert (constant(np.zeros((2, 3))) + X).shape == (2, 3)


def test_equal_constants_of_different_types_stay_apart():
    assert constant(1) is not constant(1.0)
    assert constant(True) is not constant(1)
    assert constant(0.0) is not constant(-0.0)
    assert constant(2.5) is constant(2.5)
    assert variable("k", (), "i") is not variable("k", (), "f")


def test_substitution_replaces_everywhere():
    expression = recorded("add", recorded("sin", X), recorded("multiply", X, Y))
    (replaced,) = substitute([expression], {X: recorded("exp", Y)})
    assert X not in topological_order([replaced])
    value = evaluate([replaced], {Y: 0.5})[0]
    assert value == np.sin(np.exp(0.5)) + np.exp(0.5) * 0.5


def product_with_a_stopped_factor():
    """Return where(x > 0, log(x), 0) and its gradient: at x = -1 and 0 it must not be NaN."""
    log = recorded("log", X)
    output = recorded("where", recorded("greater", X, 0), log, 0.0)
    return output, gradient(output, [X])


def test_careful_gradients_stop_at_zero_factors():
    output, slopes = product_with_a_stopped_factor()
    guarded = careful(slopes, [output])
    for x, expected in ((-1.0, 0.0), (0.0, 0.0), (2.0, 0.5)):
        assert evaluate(guarded, {X: x})[0] == expected


def test_careful_leaves_the_function_itself_alone():
    output = recorded("multiply", X, recorded("divide", 1.0, Y))
    slopes = gradient(output, [X, Y])
    guarded = careful(slopes, [output])
    (value,) = evaluate([output], {X: 0.0, Y: 0.0})
    assert math.isnan(value)
    assert [float(v) for v in evaluate(guarded, {X: 2.0, Y: 4.0})] == [0.25, -0.125]


def test_bare_gradients_drop_the_guards_and_nothing_else():
    output = recorded("sqrt", recorded("multiply", X, X))
    slopes = gradient(output, [X])
    plain = bare(slopes)
    names = {node.operation.name for node in topological_order(plain)}
    assert "finite_or_zero" not in names
    assert evaluate(plain, {X: -3.0})[0] == -1.0
    assert not np.isfinite(evaluate(plain, {X: 0.0})[0])
    assert evaluate(careful(slopes, [output]), {X: 0.0})[0] == 0.0


def test_a_truth_value_is_not_asked_whether_it_is_true():
    truth = recorded("less", X, Y)
    assert recorded("not_equal", truth, 0) is truth
    assert recorded("not_equal", X, 0).operation.name == "not_equal"
    assert recorded("not_equal", truth, 1).operation.name == "not_equal"
    assert recorded("not_equal", truth, np.zeros(3)).shape == (3,)


def test_derivatives_spread_nothing_that_arithmetic_spreads_itself():
    row = variable("row", (1, 3))
    spread = broadcast_to(row, (2, 3))
    assert tidy("multiply", spread, A).inputs == (row, A)
    assert tidy("add", A, spread).inputs == (A, row)
    # Nothing else would have the shape.
    for alone in (tidy("multiply", spread, X), tidy("multiply", spread, spread), -spread):
        assert alone.shape == (2, 3)
    values = {row: np.array([[1.0, 2.0, 3.0]]), A: np.ones((2, 3))}
    (found,) = evaluate([tidy("subtract", spread, A)], values)
    assert np.array_equal(found, [[0.0, 1.0, 2.0]] * 2)
