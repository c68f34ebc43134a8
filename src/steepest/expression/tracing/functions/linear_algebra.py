"""Products, norms and solutions of matrices and vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, apply, constant
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.linear_algebra import matmul, small_determinant, trace_sum
from steepest.expression.operations.reductions import total
from steepest.expression.operations.structure import reshape, take, transpose
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.functions.reductions import Axis, flag, reduce
from steepest.expression.tracing.functions.shapes import rearranged
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import do, normal_axes


def product(a: Expression, b: Expression) -> Expression:
    """Return np.dot: matmul where that is the same, else the sum over last and last but one."""
    if not a.ndim or not b.ndim:
        return do("multiply", a, b)
    if b.ndim <= 2 and a.ndim <= 2:
        return matmul(a, b)
    return tensor_product(a, b, [a.ndim - 1], [max(b.ndim - 2, 0)])


@handles(np.dot)
def dot(a: Any, b: Any) -> Expression:
    return product(lift(a), lift(b))


@handles(np.vdot)
def vdot(a: Any, b: Any) -> Expression:
    x, y = lift(a), lift(b)
    return matmul(reshape(x, (x.size,)), reshape(y, (y.size,)))


@handles(np.inner)
def inner(a: Any, b: Any) -> Expression:
    x, y = lift(a), lift(b)
    if not x.ndim or not y.ndim:
        return do("multiply", x, y)
    return tensor_product(x, y, [x.ndim - 1], [y.ndim - 1])


@handles(np.outer)
def outer(a: Any, b: Any) -> Expression:
    x, y = lift(a), lift(b)
    return do("multiply", reshape(x, (x.size, 1)), reshape(y, (1, y.size)))


@handles(np.kron)
def kron(a: Any, b: Any) -> Expression:
    x, y = lift(a), lift(b)
    ndim = max(x.ndim, y.ndim)
    m = (1,) * (ndim - x.ndim) + x.shape
    n = (1,) * (ndim - y.ndim) + y.shape
    left = reshape(x, tuple([size for pair in zip(m, (1,) * ndim, strict=True) for size in pair]))
    right = reshape(y, tuple([size for pair in zip((1,) * ndim, n, strict=True) for size in pair]))
    return reshape(do("multiply", left, right), tuple([p * q for p, q in zip(m, n, strict=True)]))


@handles(np.cross)
def cross(a: Any, b: Any, *_: Any, **__: Any) -> Expression:
    x, y = lift(a), lift(b)
    ahead, behind = [1, 2, 0], [2, 0, 1]

    def along(node: Expression, order: list[int]) -> Expression:
        return take(node, (..., np.array(order)))

    return do(
        "subtract",
        do("multiply", along(x, ahead), along(y, behind)),
        do("multiply", along(x, behind), along(y, ahead)),
    )


def tensor_product(a: Expression, b: Expression, left: list[int], right: list[int]) -> Expression:
    """Sum the product of two arrays over pairs of axes, as one matrix product."""
    free_left = [i for i in range(a.ndim) if i not in left]
    free_right = [i for i in range(b.ndim) if i not in right]
    summed = int(np.prod([a.shape[i] for i in left]))
    rows = tuple([a.shape[i] for i in free_left])
    columns = tuple([b.shape[i] for i in free_right])
    x = reshape(transpose(a, (*free_left, *left)), (int(np.prod(rows)), summed))
    y = reshape(transpose(b, (*right, *free_right)), (summed, int(np.prod(columns))))
    return reshape(matmul(x, y), rows + columns)


@handles(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Expression:
    x, y = lift(a), lift(b)
    if isinstance(axes, int):
        return tensor_product(x, y, list(range(x.ndim - axes, x.ndim)), list(range(axes)))
    left, right = [[int(i) for i in np.atleast_1d(one)] for one in axes]
    return tensor_product(x, y, [i % x.ndim for i in left], [i % y.ndim for i in right])


@handles(np.einsum)
def einsum(subscripts: Any, *operands: Any, **_: Any) -> Expression:
    """Einstein's summation; repeated letters become diagonals and lone letters sums first."""
    if not isinstance(subscripts, str):
        raise TracingError("np.einsum is followed in its form with subscripts as text only.")
    nodes = [lift(operand) for operand in operands]
    terms, output = _explicit(subscripts.replace(" ", ""), nodes)
    for k in range(len(nodes)):
        terms[k], nodes[k] = _without_repeats(terms[k], nodes[k])
    for k in range(len(nodes)):
        elsewhere = set(output).union(*[terms[i] for i in range(len(nodes)) if i != k])
        alone = tuple([i for i, letter in enumerate(terms[k]) if letter not in elsewhere])
        nodes[k] = total(nodes[k], alone) if alone else nodes[k]
        terms[k] = "".join([letter for letter in terms[k] if letter in elsewhere])
    return apply(OPERATIONS["einsum"], *nodes, subscripts=f"{','.join(terms)}->{output}")


def _explicit(subscripts: str, nodes: list[Expression]) -> tuple[list[str], str]:
    """Return the terms and the result of a summation with every axis spelled out."""
    from string import ascii_letters

    inputs, arrow, output = subscripts.partition("->")
    terms = inputs.split(",")
    spare = [letter for letter in ascii_letters if letter not in subscripts]
    counts = [node.ndim - len(t.replace("...", "")) for t, node in zip(terms, nodes, strict=True)]
    most = max([n for t, n in zip(terms, counts, strict=True) if "..." in t], default=0)
    dots = "".join(spare[:most])
    terms = [t.replace("...", dots[most - n :]) for t, n in zip(terms, counts, strict=True)]
    if not arrow:
        letters = "".join(terms)
        once = sorted({c for c in letters if letters.count(c) == 1 and c not in dots})
        return terms, dots + "".join(once)
    return terms, output.replace("...", dots)


def _without_repeats(term: str, node: Expression) -> tuple[str, Expression]:
    """Take the diagonal where one operand has a letter twice."""
    for letter in sorted(set(term)):
        while term.count(letter) > 1:
            i = term.index(letter)
            j = term.index(letter, i + 1)
            node = rearranged(np.diagonal, node, 0, i, j)
            term = term[:i] + term[i + 1 : j] + term[j + 1 :] + letter
    return term, node


@handles(np.trace)
def trace(
    a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, *_: Any, **__: Any
) -> Expression:
    x = lift(a)
    if offset or (axis1, axis2) != (0, 1) or x.ndim != 2:
        diagonal = rearranged(np.diagonal, x, offset, axis1, axis2)
        return total(diagonal, (diagonal.ndim - 1,))
    return trace_sum(x)


def vector_norm(x: Expression, order: Any, axes: tuple[int, ...], keepdims: bool) -> Expression:
    """Return the norm of vectors that lie along ``axes``."""
    size = do("absolute", x)
    if order in (None, 2, "fro"):
        return do("sqrt", reduce("sum", do("multiply", x, x), axes, keepdims))
    if order == np.inf:
        return reduce("max", size, axes, keepdims)
    if order == -np.inf:
        return reduce("min", size, axes, keepdims)
    if order == 1:
        return reduce("sum", size, axes, keepdims)
    if order == 0:
        return reduce("sum", do("real", do("not_equal", x, 0)), axes, keepdims)
    summed = reduce("sum", do("power", size, float(order)), axes, keepdims)
    return do("power", summed, 1.0 / order)


@handles(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Expression:
    node = lift(x)
    axes = normal_axes(axis, node.ndim)
    if axis is None and ord is None:
        return vector_norm(node, None, axes, flag(keepdims))
    if len(axes) == 1:
        return vector_norm(node, ord, axes, flag(keepdims))
    if ord in (None, "fro"):
        return vector_norm(node, None, axes, flag(keepdims))
    if ord in (1, -1, np.inf, -np.inf) and node.ndim == 2:
        sums = total(do("absolute", node), (0,) if abs(ord) == 1 else (1,))
        return reduce("max" if ord > 0 else "min", sums)
    raise TracingError(f"The matrix norm of order {ord!r} has no derivative rule here.")


@handles(np.linalg.solve)
def solve(a: Any, b: Any) -> Expression:
    matrix, right = lift(a), lift(b)
    if right.ndim == 1:
        column = apply(OPERATIONS["solve"], matrix, reshape(right, (*right.shape, 1)))
        return reshape(column, column.shape[:-1])
    return apply(OPERATIONS["solve"], matrix, right)


@handles(np.linalg.inv)
def inv(a: Any) -> Expression:
    return do("inv", lift(a))


@handles(np.linalg.det)
def det(a: Any) -> Expression:
    matrix = lift(a)
    small = small_determinant(matrix)
    return do("det", matrix) if small is None else small


SIGN_AND_LOG: Any = type(np.linalg.slogdet(np.eye(1)))


@handles(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    matrix = lift(a)
    return SIGN_AND_LOG(do("signdet", matrix), do("logabsdet", matrix))


@handles(np.linalg.cholesky)
def cholesky(a: Any, *, upper: bool = False) -> Expression:
    factor = do("cholesky", lift(a))
    return transpose(factor, (1, 0)) if upper else factor


@handles(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Expression:
    matrix = lift(a) if n >= 0 else do("inv", lift(a))
    result = constant(np.eye(matrix.shape[-1]))
    for _ in range(abs(n)):
        result = matmul(result, matrix)
    return result


@handles(np.linalg.multi_dot)
def multi_dot(arrays: Any) -> Expression:
    first, *others = [lift(array) for array in arrays]
    for other in others:
        first = matmul(first, other)
    return first
