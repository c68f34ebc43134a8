"""Every operation of the table, with inputs at which its derivative is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.expression.operations.structure import Index

REAL = (-2.0, 2.0)
POSITIVE = (0.2, 3.0)
UNIT = (-0.9, 0.9)


@dataclass(frozen=True)
class Row:
    """One operation; `domains` bound its inputs.

    Without `shapes` the operation is elementwise, and shapes that broadcast are drawn.
    `fixed` replaces some inputs by constants (indices, conditions).
    """

    name: str
    domains: tuple[tuple[float, float], ...]
    shapes: tuple[tuple[int, ...], ...] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    fixed: dict[int, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        options = ", ".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.name}({options})" if options else self.name


ELEMENTWISE = [
    *[
        Row(name, (REAL, REAL))
        for name in "less less_equal greater greater_equal equal not_equal logical_and logical_or "
        "logical_xor maximum minimum fmax fmin add subtract multiply arctan2 hypot logaddexp "
        "copysign where_finite".split()
    ],
    *[
        Row(name, (REAL,))
        for name in "logical_not isnan isfinite isinf finite_or_zero sign absolute floor ceil "
        "trunc rint integer real negative exp exp2 expm1 sin cos tan sinh cosh tanh arctan "
        "arcsinh cbrt expit erf erfc".split()
    ],
    *[Row(name, (POSITIVE,)) for name in "sqrt log log2 log10 log1p gammaln".split()],
    *[Row(name, (UNIT,)) for name in "arcsin arccos arctanh".split()],
    *[Row(name, (REAL, POSITIVE)) for name in "divide remainder fmod floor_divide".split()],
    Row("heaviside", (REAL, POSITIVE)),
    Row("arccosh", ((1.2, 4.0),)),
    Row("power", (POSITIVE, REAL)),
    Row("power", (REAL, REAL), fixed={1: 3}),
    Row("power", (REAL, REAL), fixed={1: -2}),
    Row("power", (POSITIVE, REAL), fixed={1: 1.5}),
    Row("power", (REAL, REAL), fixed={0: 1.7}),
    Row("where", (REAL, REAL, REAL), fixed={0: np.array([True, False, True])}),
    Row("polygamma", (POSITIVE,), options={"order": 0}),
    Row("polygamma", (POSITIVE,), options={"order": 2}),
]

AXES = [((0,), False), ((1,), True), ((0, 1), False)]
SOME = [
    Index((1, slice(None, None, 2))),
    Index((slice(None), None, slice(2, 0, -1))),
    Index((..., -1)),
    Index(([0, 1, 1], [2, 2, 0])),
    Index((slice(None), np.array([0, 0, 2]))),
    Index(np.array([[True, False, True], [False, True, True]])),
]
ORDER = np.array([[2, 0, 0], [1, 1, 2]])


def index_shape(index: Index) -> tuple[int, ...]:
    return np.zeros((2, 3))[index.key].shape


STRUCTURE = [
    Row("reshape", (REAL,), ((2, 3),), {"shape": (3, 2)}),
    Row("reshape", (REAL,), ((1, 1),), {"shape": ()}),
    Row("transpose", (REAL,), ((2, 3, 1),), {"axes": (2, 0, 1)}),
    Row("broadcast_to", (REAL,), ((3, 1),), {"shape": (2, 3, 4)}),
    Row("broadcast_to", (REAL,), ((),), {"shape": (2, 2)}),
    Row("concatenate", (REAL, REAL, REAL), ((2, 1), (2, 3), (2, 2)), {"axis": 1}),
    *[Row("getitem", (REAL,), ((2, 3),), {"index": index}) for index in SOME],
    *[
        Row("scatter", (REAL,), (index_shape(index),), {"index": index, "shape": (2, 3)})
        for index in SOME
    ],
    *[
        Row("setitem", (REAL, REAL), ((2, 3), index_shape(index)), {"index": index})
        for index in SOME
        if index is not SOME[3] and index is not SOME[4]
    ],
    Row("setitem", (REAL, REAL), ((2, 3), ()), {"index": Index(1)}),
    Row("take_along_axis", (REAL, REAL), ((2, 3), (2, 3)), {"axis": 1}, {1: ORDER}),
    Row("put_along_axis", (REAL, REAL), ((2, 3), (2, 3)), {"axis": 1, "shape": (2, 4)}, {1: ORDER}),
]

REDUCTIONS = [
    *[
        Row(name, (REAL,), ((2, 3),), {"axis": axis, "keepdims": keepdims})
        for name in ("sum", "max", "min", "all", "any")
        for axis, keepdims in AXES
    ],
    Row("cumsum", (REAL,), ((2, 3),), {"axis": 0}),
    Row("cumsum", (REAL,), ((4,),), {"axis": 0}),
    Row("argmax", (REAL,), ((2, 3),), {"axis": 1}),
    Row("argmin", (REAL,), ((2, 3),), {"axis": 0}),
    Row("argsort", (REAL,), ((2, 3),), {"axis": 1}),
]

MATRICES = [
    *[
        Row("matmul", (REAL, REAL), shapes)
        for shapes in [
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((3,), (3, 2)),
            ((2, 3), (3, 4)),
            ((5, 2, 3), (3, 2)),
            ((2, 3), (5, 3, 2)),
            ((1, 2, 3), (5, 3, 2)),
            ((3,), (2, 3, 2)),
        ]
    ],
    Row("einsum", (REAL, REAL), ((2, 3), (3, 4)), {"subscripts": "ij,jk->ik"}),
    Row("einsum", (REAL, REAL), ((2, 3), (2, 3)), {"subscripts": "ij,ij->i"}),
    Row("einsum", (REAL, REAL, REAL), ((2,), (2, 3), (3,)), {"subscripts": "i,ij,j->"}),
    Row("einsum", (REAL,), ((2, 3),), {"subscripts": "ij->ji"}),
    Row("solve", (POSITIVE, REAL), ((3, 3), (3, 2))),
    Row("solve", (POSITIVE, REAL), ((2, 3, 3), (3, 1))),
    Row("inv", (POSITIVE,), ((3, 3),)),
    Row("inv", (POSITIVE,), ((2, 2, 2),)),
    Row("det", (POSITIVE,), ((3, 3),)),
    Row("det", (POSITIVE,), ((2, 4, 4),)),
    Row("logabsdet", (POSITIVE,), ((3, 3),)),
    Row("signdet", (POSITIVE,), ((3, 3),)),
    Row("cholesky", (POSITIVE,), ((3, 3),)),
    Row("cholesky", (POSITIVE,), ((2, 2, 2),)),
]

UNCHECKED = {"variable", "constant", "masked_multiply", "masked_divide"}
"""Leaves, and the masked products of `careful`, which are never differentiated."""

ROWS = [*ELEMENTWISE, *STRUCTURE, *REDUCTIONS, *MATRICES]
