"""Products and solutions of matrices. All follow NumPy's shapes, stacks of matrices included."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply, constant
from steepest.expression.operation import OPERATIONS, Operation, Shape, define, widest_kind
from steepest.expression.operations.kinks import where
from steepest.expression.operations.reductions import sum_to_shape, total
from steepest.expression.operations.structure import reshape, swap_last
from steepest.expression.precedence import PRODUCT


def matmul(a: Expression, b: Expression) -> Expression:
    """Return the matrix product ``a @ b``."""
    return apply(matmul_, a, b)


def _matmul_shape(a: Shape, b: Shape) -> Shape:
    return (
        np.matmul(np.broadcast_to(0.0, a), np.broadcast_to(0.0, b)).shape
        if 0 in a + b
        else (
            *np.broadcast_shapes(a[:-2], b[:-2]),
            *(a[-2:-1] if len(a) > 1 else ()),
            *(b[-1:] if len(b) > 1 else ()),
        )
    )


def _matmul_gradient(g: Expression, y: Expression, a: Expression, b: Expression) -> Any:
    """d(A B) = dA B + A dB, so A gets g B^T and B gets A^T g (summed over stacks)."""
    if a.ndim == 1 and b.ndim == 1:
        return g * b, g * a
    left = reshape(a, (1, *a.shape)) if a.ndim == 1 else a
    right = reshape(b, (*b.shape, 1)) if b.ndim == 1 else b
    rows = reshape(g, (*g.shape[:-1], 1, g.shape[-1])) if a.ndim == 1 else g
    full = reshape(rows, (*rows.shape, 1)) if b.ndim == 1 else rows
    to_left = matmul(full, swap_last(right))
    to_right = matmul(swap_last(left), full)
    return (
        reshape(sum_to_shape(to_left, left.shape), a.shape),
        reshape(sum_to_shape(to_right, right.shape), b.shape),
    )


def _scalar_matmul(a: Any, b: Any) -> Any:
    """Return the product of object arrays of expressions, leaving out zeros."""
    left = a[None, :] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    if left.ndim > 2 or right.ndim > 2:
        return None
    result = np.empty((left.shape[0], right.shape[1]), dtype=object)
    for i, j in np.ndindex(result.shape):
        terms = [p * q for p, q in zip(left[i], right[:, j], strict=True)]
        element = constant(0.0)
        for term in terms:
            element = element + term
        result[i, j] = element
    shape = _matmul_shape(a.shape, b.shape)
    return result.reshape(shape)


matmul_: Operation = define(
    Operation(
        "matmul",
        np.matmul,
        _matmul_gradient,
        shape=_matmul_shape,
        kind=widest_kind,
        elementwise=False,
        spelling="{0} @ {1}",
        precedence=PRODUCT,
        to_scalars=_scalar_matmul,
    )
)


def _einsum_shape(*shapes: Shape, subscripts: str) -> Shape:
    inputs, output = subscripts.split("->")
    sizes = {
        letter: n
        for term, shape in zip(inputs.split(","), shapes, strict=True)
        for letter, n in zip(term, shape, strict=True)
    }
    return tuple([sizes[letter] for letter in output])


def _einsum_gradient(g: Expression, y: Expression, *inputs: Expression, subscripts: str) -> Any:
    """Give each operand the contraction of g with the others.

    Every letter of an operand stands in the result or in another operand, and once
    in itself: `steepest.expression.tracing.linear_algebra` sees to that.
    """
    terms, output = subscripts.split("->")
    letters = terms.split(",")
    gradients = []
    for k, own in enumerate(letters):
        others = [(t, x) for i, (t, x) in enumerate(zip(letters, inputs, strict=True)) if i != k]
        spelled = ",".join([output, *[t for t, _ in others]]) + "->" + own
        gradients.append(apply(einsum_, g, *[x for _, x in others], subscripts=spelled))
    return tuple(gradients)


einsum_: Operation = define(
    Operation(
        "einsum",
        lambda *inputs, subscripts: np.einsum(subscripts, *inputs, optimize=len(inputs) > 2),
        _einsum_gradient,
        shape=_einsum_shape,
        kind=widest_kind,
        elementwise=False,
        spelling=lambda *inputs, subscripts: f"np.einsum('{subscripts}', {', '.join(inputs)})",
    )
)


def _outer(column: Expression, row: Expression) -> Expression:
    """Return column row^T for stacks of vectors or matrices of columns."""
    return matmul(column, swap_last(row))


def _singular_is_nan(function: Any) -> Any:
    """Return ``function`` with NaN for a singular matrix: not finite, and said where it matters."""

    def evaluate(a: Any, *others: Any) -> Any:
        try:
            return function(a, *others)
        except np.linalg.LinAlgError:
            shape = np.shape(others[0]) if others else np.shape(a)
            return np.full(shape, np.nan)

    return evaluate


def _solve_gradient(g: Expression, y: Expression, a: Expression, b: Expression) -> Any:
    """From A dX = dB - dA X: B gets A^-T g, and A gets -(A^-T g) X^T."""
    to_b = apply(solve_, swap_last(a), g)
    return -sum_to_shape(_outer(to_b, y), a.shape), sum_to_shape(to_b, b.shape)


solve_: Operation = define(
    Operation(
        "solve",
        _singular_is_nan(np.linalg.solve),
        _solve_gradient,
        shape=lambda a, b: (*np.broadcast_shapes(a[:-2], b[:-2]), *b[-2:]),
        elementwise=False,
        spelling="np.linalg.solve({0}, {1})",
    )
)


def _inverse_gradient(g: Expression, y: Expression, a: Expression) -> Any:
    """From d(A^-1) = -A^-1 dA A^-1: A gets -A^-T g A^-T."""
    transposed = swap_last(y)
    return (-matmul(matmul(transposed, g), transposed),)


inverse_: Operation = define(
    Operation(
        "inv",
        _singular_is_nan(np.linalg.inv),
        _inverse_gradient,
        shape=lambda a: a,
        elementwise=False,
        spelling="np.linalg.inv({0})",
    )
)


def _per_matrix(g: Expression) -> Expression:
    """Return one number per matrix, ready to multiply matrices."""
    return reshape(g, (*g.shape, 1, 1))


det_: Operation = define(
    Operation(
        "det",
        np.linalg.det,
        # Jacobi: d det(A) = det(A) tr(A^-1 dA), so A gets g det(A) A^-T
        lambda g, y, a: (_per_matrix(g * y) * swap_last(apply(inverse_, a)),),
        shape=lambda a: a[:-2],
        elementwise=False,
        spelling="np.linalg.det({0})",
    )
)
logabsdet_: Operation = define(
    Operation(
        "logabsdet",
        lambda a: np.linalg.slogdet(a)[1],
        # d log|det A| = tr(A^-1 dA), so A gets g A^-T
        lambda g, y, a: (_per_matrix(g) * swap_last(apply(inverse_, a)),),
        shape=lambda a: a[:-2],
        elementwise=False,
        spelling="np.linalg.slogdet({0})[1]",
    )
)
signdet_: Operation = define(
    Operation(
        "signdet",
        lambda a: np.linalg.slogdet(a)[0],
        shape=lambda a: a[:-2],
        elementwise=False,
        spelling="np.linalg.slogdet({0})[0]",
    )
)


def lower_triangle(a: Expression) -> Expression:
    """Return ``a`` with zeros above its diagonal."""
    return where(constant(np.tri(*a.shape[-2:], dtype=bool)), a, 0.0)


def _cholesky_gradient(g: Expression, y: Expression, a: Expression) -> Any:
    """Murray (2016), Differentiation of the Cholesky decomposition, eq. 10.

    With P = Phi(L^T g), where Phi keeps the lower triangle and halves the diagonal,
    A gets S = L^-T P L^-1, made symmetric.
    """
    product = lower_triangle(matmul(swap_last(y), g))
    halved = product - 0.5 * product * constant(np.eye(a.shape[-1]))
    left = apply(solve_, swap_last(y), halved)
    s = swap_last(apply(solve_, swap_last(y), swap_last(left)))
    return (0.5 * (s + swap_last(s)),)


cholesky_: Operation = define(
    Operation(
        "cholesky",
        _singular_is_nan(np.linalg.cholesky),
        _cholesky_gradient,
        shape=lambda a: a,
        elementwise=False,
        spelling="np.linalg.cholesky({0})",
    )
)


def small_determinant(a: Expression) -> Expression | None:
    """Return the determinant of 1 x 1 to 3 x 3 matrices, expanded along the first row.

    Unlike the general rule, which needs the inverse, it has a gradient at singular matrices.
    """
    from steepest.expression.operations.structure import take

    n = a.shape[-1]
    if n > 3:
        return None
    at = {(i, j): take(a, (..., i, j)) for i in range(n) for j in range(n)}
    times, minus, plus = OPERATIONS["multiply"], OPERATIONS["subtract"], OPERATIONS["add"]

    def pair(i: int, j: int, k: int, m: int) -> Expression:
        return apply(minus, apply(times, at[i, k], at[j, m]), apply(times, at[i, m], at[j, k]))

    if n == 1:
        return at[0, 0]
    if n == 2:
        return pair(0, 1, 0, 1)
    first = apply(times, at[0, 0], pair(1, 2, 1, 2))
    second = apply(times, at[0, 1], pair(1, 2, 0, 2))
    third = apply(times, at[0, 2], pair(1, 2, 0, 1))
    return apply(plus, apply(minus, first, second), third)


def trace_sum(a: Expression) -> Expression:
    """Return the sum of the diagonal."""
    from steepest.expression.operations.structure import take

    n = min(a.shape[-2:])
    return total(take(a, (..., np.arange(n), np.arange(n))), (a.ndim - 2,))
