"""Plain NumPy code on arrays: reductions, shapes, joins, pieces, order and matrices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from numerics import assert_exact

VECTOR = np.array([0.7, -1.3, 0.45, 2.1])
MATRIX = np.array([[0.7, -1.3, 0.45], [2.1, 0.35, -0.8]])
SQUARE = np.array([[2.0, -0.3, 0.4], [0.6, 1.7, 0.2], [-0.5, 0.1, 2.4]])
CUBE = np.sin(np.arange(12.0)).reshape(2, 3, 2)


def weighted(result):
    """Return one number that depends on every element of a result in its own way."""
    flat = np.ravel(np.asarray(result))
    return np.sum(flat * np.cos(1.0 + np.arange(flat.size)))


REDUCTIONS = {
    "sum": lambda x: np.sum(x, axis=0) * x.sum(1, keepdims=True) + x.sum(),
    "sum where": lambda x: np.sum(x, where=x > 0) + np.sum(x, axis=1, initial=3.0),
    "nansum": lambda x: np.nansum(x, axis=0),
    "prod": lambda x: np.prod(x, axis=0) + x.prod(),
    "prod keepdims": lambda x: np.prod(x, axis=1, keepdims=True) * x,
    "mean": lambda x: np.mean(x, axis=1) + x.mean() * np.mean(x, where=x > 0),
    "average": lambda x: np.average(x, axis=1, weights=[1.0, 2.0, 3.0]) + np.average(x),
    "var": lambda x: np.var(x, axis=0) * x.var() + np.var(x, ddof=1),
    "std": lambda x: np.std(x, axis=1) + x.std(ddof=1),
    "max": lambda x: np.max(x, axis=0) * x.max() + np.amax(x) + np.max(x, initial=0.1),
    "min": lambda x: np.min(x, axis=1) * x.min() + np.amin(x, axis=(0, 1)),
    "ptp": lambda x: np.ptp(x, axis=0) * np.ptp(x),
    "median": lambda x: np.median(x, axis=1) * np.median(x) + np.median(x, keepdims=True) * x[:, 0],
    "quantile": lambda x: np.quantile(x, 0.3) * np.percentile(x, [20, 70], axis=1),
    "cumsum": lambda x: np.cumsum(x, axis=1) * x.cumsum(axis=0) + np.cumsum(x)[-1],
    "cumprod": lambda x: np.cumprod(x, axis=1) + x.cumprod(0),
    "diff": lambda x: np.diff(x)[:, 0] * np.diff(x, axis=0)[0, 1] + np.diff(x, n=2)[:, 0],
    "diff ends": lambda x: np.diff(x, prepend=0.0, append=1.0),
    "ediff1d": np.ediff1d,
    "trapezoid": lambda x: np.trapezoid(x**2, dx=0.1) + np.trapezoid(x, [0.0, 1.0, 3.0], axis=1),
    "add reduce": lambda x: np.add.reduce(x) + np.add.reduce(x, axis=None),
    "multiply reduce": lambda x: np.multiply.reduce(x, axis=1) + np.maximum.reduce(x, axis=1),
    "accumulate": lambda x: np.add.accumulate(x, axis=1) * np.multiply.accumulate(x, axis=1),
    "outer method": lambda x: np.multiply.outer(x[0], x[1]) + np.add.outer(x[0], x[1]),
    "any all": lambda x: x * np.any(x > 2) + x**2 * np.all(x > -2, axis=0) + (x > 0).any() * x,
    "argmax": lambda x: x[0, np.argmax(x[0])] + x[np.arange(2), x.argmin(axis=1)],
    "logsumexp": lambda x: special.logsumexp(x) + special.logsumexp(x, axis=1),
    "softmax": lambda x: special.softmax(x, axis=1),
    "norm": lambda x: np.linalg.norm(x) + np.linalg.norm(x, axis=1) * np.linalg.norm(x[0], 3),
    "norms": lambda x: np.linalg.norm(x[0], 1) * np.linalg.norm(x[1], np.inf),
    "matrix norms": lambda x: np.linalg.norm(x, 1) * np.linalg.norm(x, "fro"),
    "count": lambda x: np.count_nonzero(x > 0) * x,
}

SHAPES = {
    "reshape": lambda x: np.reshape(x, (3, 2)) @ x.reshape(2, -1) + x.reshape(-1)[0],
    "reshape order": lambda x: x.reshape(3, 2, order="F") * x.T,
    "ravel": lambda x: np.ravel(x) * x.flatten()[::-1] * x.ravel(),
    "transpose": lambda x: np.transpose(x) * x.T + x.transpose(1, 0) * np.transpose(x, (1, 0)),
    "swapaxes": lambda x: np.swapaxes(x, 0, 1) * x.swapaxes(1, 0) + np.moveaxis(x, 0, 1),
    "expand": lambda x: np.expand_dims(x, 1) * x[None] + x[:, None, :] * x[np.newaxis],
    "squeeze": lambda x: np.squeeze(x[None]) * x[None].squeeze(0),
    "broadcast": lambda x: np.broadcast_to(x, (3, 2, 3)) + np.broadcast_arrays(x, x[0])[1] ** 2,
    "concatenate": lambda x: np.concatenate([x, x**2]) + np.concatenate((x, x), axis=0),
    "concatenate flat": lambda x: np.concatenate([x, [[1.0, 2.0, 3.0]]], axis=None),
    "append": lambda x: np.append(x, 3.0) * np.append(1.0, x),
    "stack": lambda x: np.stack([x, x**2], axis=1) + np.stack([x, x])[0, 0, 0],
    "hstack": lambda x: np.hstack([x, x**2]),
    "hstack scalars": lambda x: np.hstack([x[0, 0], x[1], 3.0]),
    "vstack": lambda x: np.vstack([x, x[0]]) * np.vstack((x**2, np.ones(3))),
    "dstack": lambda x: np.dstack([x, x**2]),
    "column stack": lambda x: np.column_stack([x[0], x[1], x[0] * x[1]]),
    "block": lambda x: np.block([[x, np.ones((2, 1))], [np.zeros((1, 3)), 2 * np.ones((1, 1))]]),
    "repeat": lambda x: np.repeat(x, 2, axis=1) + x.repeat(2).reshape(2, 6) + np.repeat(x, 2)[0],
    "tile": lambda x: np.tile(x, (2, 2)),
    "roll": lambda x: np.roll(x, 1) * np.roll(x, -1, axis=1) * x,
    "flip": lambda x: np.flip(x) * x + np.flip(x, 1) * np.fliplr(x) * np.flipud(x) * x,
    "rot90": lambda x: np.rot90(x) * x.T,
    "triangles": lambda x: np.tril(x) * 2 + np.triu(x, 1) * x,
    "diag": lambda x: np.diag(x[0]) + np.diag(x[0] ** 2, 0) + np.diag(x) @ np.diagonal(x),
    "diag offset": lambda x: np.diag(x[0], 1).sum(axis=0) + np.diagflat(x, -1)[1, 0],
    "sort": lambda x: np.sort(x, axis=0) * np.sort(x) + np.sort(x, axis=None)[2],
    "argsort": lambda x: x[0][np.argsort(x[0])] * x[1][x[1].argsort()[::-1]],
    "take": lambda x: np.take(x, [0, 4, 4]) * x.take([1, 2, 3]) + np.take(x, 1, axis=0),
    "take along": lambda x: np.take_along_axis(x, np.argsort(x, axis=1), axis=1),
    "partition": lambda x: np.partition(x[0], 1)[:2],
    "split": lambda x: np.split(x, 3, axis=1)[1] * np.array_split(x, [1], axis=0)[1],
    "pad": lambda x: np.pad(x, 1) + np.pad(x, 1, mode="edge") * np.pad(x, 1, mode="wrap"),
    "delete": lambda x: np.delete(x, 1, axis=1),
    "meshgrid": lambda x: np.meshgrid(x[0], x[1])[0] * np.meshgrid(x[0], x[1], indexing="ij")[1],
    "ogrid": lambda x: x * np.ogrid[0:2, 0:3][0] + x * np.mgrid[0:2, 0:3][1],
    "at least": lambda x: np.atleast_1d(x[0, 0]) * np.atleast_2d(x) * np.atleast_3d(x[0])[0, 0, 0],
    "shapes": lambda x: x * x.shape[0] * x.ndim * x.size * len(x) * np.shape(x)[1] * np.ndim(x),
    "sizes": lambda x: x * np.size(x) * np.size(x, 0),
    "apply along": lambda x: np.apply_along_axis(lambda row: row * row[0], 1, x),
    "linspace": lambda x: np.linspace(x[0, 0], x[1, 0], 5) ** 2,
    "geometric": lambda x: np.exp(np.linspace(np.log(x[1, 0]), 0.0, 4, endpoint=False)),
    "interp": lambda x: (
        np.interp([0.2, 0.9], [0.0, 0.5, 1.0], x[0]) + np.interp(x[1, 1], [0.0, 1.0], [2.0, 5.0])
    ),
    "convolve": lambda x: np.convolve(x[0], x[1]) + np.convolve(x[0], [1.0, 2.0], "same")[1],
    "correlate": lambda x: np.correlate(x[0], x[1], "full"),
    "gradient": lambda x: np.gradient(x[0]) * np.gradient(x[1], 0.1),
    "vander": lambda x: np.vander(x[0], 3),
    "unwrap by hand": lambda x: x - 2 * np.pi * np.round(x / (2 * np.pi)),
    "select": lambda x: np.extract(x > 0, x) + np.compress([True, False, True], x[0]).sum(),
    "nonzero": lambda x: x[np.nonzero(x > 0)] * x[x > 0] + x[np.where(x > 0)],
    "choose": lambda x: np.choose([0, 1, 0], [x[0], x[1]]),
    "ix": lambda x: x[np.ix_([0, 1], [2, 0])],
    "indices": lambda x: x[np.triu_indices(2)] + x[np.tril_indices(2)] + x[np.diag_indices(2)][0],
    "flat": lambda x: sum(v**2 for v in x.flat) + x.flat[3],
    "cov": lambda x: np.cov(x) @ np.corrcoef(x[:, :2] + [[0.0, 0.3], [0.1, 0.0]]),
    "clip array": lambda x: np.clip(x, x[0], 1.5),
    "polynomials": lambda x: np.polyval(x[0], x[1]) + np.polyval([1.0, 2.0, 3.0], x[0]),
    "unique order": lambda x: np.searchsorted([0.0, 1.0], 0.5) * x,
}

INDEXING = {
    "numbers": lambda x: x[0, 1] * x[1][2] * x[-1, -1],
    "slices": lambda x: x[:, 1:] * x[:, :-1] + x[::-1, ::2],
    "ellipsis": lambda x: x[..., 0] * x[0, ...][1] * x[...][1, 1],
    "new axes": lambda x: x[:, None] * x[None, :] * x[..., np.newaxis, 1, None],
    "arrays": lambda x: x[[0, 1, 1], [2, 2, 0]] * x[:, [2, 0, 0]][1],
    "negative arrays": lambda x: x[[-1, 0]][:, np.array([-1, 1])],
    "masks": lambda x: (
        x[x > 0].sum() * x[np.array([True, False])] * x[:, [True, False, True]].sum()
    ),
    "mixed": lambda x: x[1, [0, 2]] * x[[0, 1], 1:][1],
    "tuples": lambda x: x[(1, 2)] * x[(slice(None), 0)],
    "index objects": lambda x: x[np.int64(1), np.uint8(0)] * x[np.s_[0, 1:]],
    "computed": lambda x: x[int(x[1, 0]) - 1, len(x) - 1] * x[np.round(x[1, 0]).astype(int) - 1],
    "take 3d": lambda x: (x[None] * CUBE[0, 0, 0])[:, 1, -1],
    "empty": lambda x: np.sum(x[2:]) + x[0],
}

MATRICES = {
    "dot": lambda a: np.dot(a, a[0]) + a.dot(a)[0] + np.dot(a[0], a[1]) + np.dot(2.0, a[0]),
    "vdot": lambda a: np.vdot(a, a.T) * np.inner(a[0], a[1]) + np.inner(a, a),
    "outer": lambda a: np.outer(a[0], a[1]) + np.outer(a[0], [1.0, 2.0, 3.0]),
    "matmul": lambda a: a @ a + np.matmul(a, a[0]) + a[0] @ a + a[0] @ a[1] + np.ones((3, 3)) @ a,
    "matmul stack": lambda a: np.stack([a, a.T]) @ a + CUBE.transpose(0, 2, 1)[:, :1] @ a,
    "tensordot": lambda a: (
        np.tensordot(a, a, axes=1) + np.tensordot(a, a) + np.tensordot(a, a, axes=([0], [1]))
    ),
    "einsum": lambda a: np.einsum("ij,jk->ik", a, a) + np.einsum("ii", a) + np.einsum("ij->j", a),
    "einsum more": lambda a: (
        np.einsum("i,ij,j", a[0], a, a[1])
        + np.einsum("...i,i", a, a[0])
        + np.einsum("ij,ij->i", a, a)
        + np.einsum("i,j->ij", a[0], a[1])
        + np.einsum("ji", a)
    ),
    "trace": lambda a: np.trace(a) * np.trace(a, offset=1) + a.trace(),
    "solve": lambda a: np.linalg.solve(a, a[0]) + np.linalg.solve(a, a.T)[0],
    "inv": lambda a: np.linalg.inv(a) @ a[0] + np.linalg.inv(a),
    "det": lambda a: (
        np.linalg.det(a)
        + np.linalg.det(a[:2, :2])
        * np.linalg.det(np.block([[a, a[:, :1]], [a[:1] ** 2, a[:1, :1]]]))
    ),
    "slogdet": lambda a: (
        np.linalg.slogdet(a)[1] * np.linalg.slogdet(a)[0] + np.linalg.slogdet(a).logabsdet
    ),
    "cholesky": lambda a: np.linalg.cholesky(a @ a.T + np.eye(3)),
    "matrix power": lambda a: np.linalg.matrix_power(a, 3) + np.linalg.matrix_power(a, -1),
    "multi dot": lambda a: np.linalg.multi_dot([a[:2], a, a[:, :1]]),
    "cross": lambda a: (
        np.cross(a[0], a[1]) + np.cross(a, [1.0, 2.0, 3.0]) + np.cross(a[:, :3], a[0])
    ),
    "kron": lambda a: np.kron(a[:2, :2], a) + np.kron(a[0], a[1])[0],
    "quadratic form": lambda a: a[0] @ a @ a[1].T,
    "lstsq by hand": lambda a: np.linalg.solve(a.T @ a, a.T @ np.array([1.0, 2.0, 3.0])),
    "pinv by hand": lambda a: np.linalg.inv(a.T @ a) @ a.T,
    "cond by hand": lambda a: np.linalg.norm(a) * np.linalg.norm(np.linalg.inv(a)),
    "eye": lambda a: np.eye(3) * a + np.identity(3) @ a + np.diag(np.ones(3)) @ a,
}

ALL = {
    **{f"reduce {k}": (f, MATRIX) for k, f in REDUCTIONS.items()},
    **{f"shape {k}": (f, MATRIX) for k, f in SHAPES.items()},
    **{f"index {k}": (f, MATRIX) for k, f in INDEXING.items()},
    **{f"matrix {k}": (f, SQUARE) for k, f in MATRICES.items()},
}


@pytest.mark.parametrize(("f", "point"), ALL.values(), ids=ALL.keys())
def test_gradient(f, point):
    assert_exact(lambda x: weighted(f(x)), point)
