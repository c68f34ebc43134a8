"""How narrow the valley around a point is, and whether the units of the variables make it so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steepest.objective import Vector
from steepest.threads import in_one_thread

NARROW = 1e4
"""From this condition number on it is worth a word: gradient descent needs that many steps."""

UNITS_TO_BLAME = 100.0
"""Units are to blame where equal curvatures would make the condition so many times smaller."""


SURELY = 1e-8
"""An eigenvalue above this, where all diagonal entries are 1, is positive beyond rounding."""


def is_positive(hessian: Vector) -> bool:
    """Return whether a Hessian is positive definite beyond rounding, whatever the units.

    By Sylvester's law the signs of the eigenvalues are those of D⁻¹ H D⁻¹, whose diagonal is 1
    for D = √H_ii, and which knows no units.
    """
    bends = np.diag(hessian)
    if not (bends > 0).all():
        return False
    scale = np.sqrt(bends)
    return bool(in_one_thread(np.linalg.eigvalsh, hessian / np.outer(scale, scale))[0] > SURELY)


def conditioning(hessian: Vector, names: Sequence[str]) -> str | None:
    """Return what the condition number of a Hessian says, in a sentence or two.

    Parameters
    ----------
    hessian : ndarray, shape (n, n)
        Symmetric.
    names : sequence of str
        The variables.

    Returns
    -------
    str or None
        None where the Hessian is not positive, or where there is nothing to worry about.

    Examples
    --------
    >>> print(conditioning(np.diag([2e6, 2.0]), ["x", "y"]))
    The condition number is about 1e+06, and the units of the variables make it so: x bends the \
function 1e+06 times as strongly as y. Measured in units of its own, each would bend it alike, \
with a condition number of 1.
    """
    bends = np.diag(hessian)
    if not (bends > 0).all() or len(bends) < 2:
        return None
    scale = np.sqrt(bends)
    even = in_one_thread(np.linalg.eigvalsh, hessian / np.outer(scale, scale))
    # Of the even Hessian the smallest eigenvalue is known far better than of the other.
    if not even[0] > len(bends) * np.finfo(np.float64).eps:
        return None
    within = float(even[-1] / even[0])
    spread = float(bends.max() / bends.min())
    eigenvalues = in_one_thread(np.linalg.eigvalsh, hessian)
    positive = eigenvalues[0] > len(bends) * np.finfo(np.float64).eps * eigenvalues[-1]
    condition = float(eigenvalues[-1] / eigenvalues[0]) if positive else spread
    if condition < NARROW:
        return None
    if condition < UNITS_TO_BLAME * within:
        return (
            f"The condition number is about {condition:.0e}: a valley in which gradient descent "
            "takes about as many steps; methods that learn the curvature do not."
        )
    most, least = names[int(np.argmax(bends))], names[int(np.argmin(bends))]
    return (
        f"The condition number is about {condition:.0e}, and the units of the variables make it "
        f"so: {most} bends the function {spread:.0e} times as strongly as {least}. Measured in "
        f"units of its own, each would bend it alike, with a condition number of {within:.2g}."
    )
