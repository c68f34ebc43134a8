"""Derivatives as functions of functions, under the names autograd and JAX gave them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from steepest.derivative.reverse import gradient
from steepest.errors import InputError
from steepest.expression.node import substitute, variable
from steepest.expression.operations.reductions import total
from steepest.expression.signature import positional_parameters
from steepest.expression.tracing.trace import trace
from steepest.expression.tracing.traced import is_traced, lift, wrap
from steepest.functions.branches import Branch, Branches
from steepest.functions.function import Function, function

Argnums = int | Sequence[int]


class _Followed:
    """A function of several arguments, followed once for every layout of its arguments."""

    def __init__(self, fun: Any, argnums: Argnums) -> None:
        self.fun = function(fun) if isinstance(fun, str) else fun
        if not callable(self.fun):
            raise InputError(f"There is nothing to differentiate in {fun!r}; give a function.")
        self.single = isinstance(argnums, int)
        self.argnums = (argnums,) if isinstance(argnums, int) else tuple(argnums)
        self.names = (
            self.fun.variables
            if isinstance(self.fun, Function)
            else positional_parameters(self.fun) or ()
        )
        self.branches: dict[Any, Branches] = {}

    def places(self, count: int) -> tuple[int, ...]:
        """Return the places of the arguments to differentiate by."""
        for place in self.argnums:
            if not -count <= place < count:
                raise InputError(
                    f"argnums = {place} asks for argument {place}, and {count} were given."
                )
        return tuple([place % count for place in self.argnums])

    def branch(self, args: Sequence[Any]) -> tuple[Branch, list[Any]]:
        """Return the branch for some arguments, and the arguments as arrays."""
        parts = [_real(arg) for arg in args]
        layout = tuple([part.shape for part in parts])
        known = self.branches.get(layout)
        if known is None:
            names = [
                self.names[k] if k < len(self.names) else f"argument_{k}" for k in range(len(args))
            ]
            known = self.branches[layout] = Branches(names, layout, self.follow)
        return known.at(parts), parts

    def follow(self, parameters: Any, parts: Sequence[Any]) -> Any:
        """Follow the function at a place."""
        values = {p.node: part[()] for p, part in zip(parameters, parts, strict=True)}
        nodes = [p.node for p in parameters]
        return trace(self.fun, lambda symbol: [symbol(n) for n in nodes], values, self.fun)

    def chosen(self, results: Sequence[Any], args: Sequence[Any]) -> Any:
        """Return the derivatives by the chosen arguments, one or a tuple."""
        picked = [_plain(results[place]) for place in self.places(len(args))]
        return picked[0] if self.single else tuple(picked)


def _real(arg: Any) -> Any:
    array = np.asarray(arg)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{arg!r} is not made of real numbers, so it has no derivative.")
    return array.astype(np.float64) if array.dtype != np.float32 else array


def _plain(array: Any) -> Any:
    array = np.asarray(array)
    return array if array.shape else float(array)


def _one_number(branch: Branch) -> None:
    shape = branch.arrays.output.shape
    if int(np.prod(shape)) != 1:
        raise InputError(
            f"The function returns an array of shape {shape}, and a gradient needs one number; "
            "use jacobian, or sum the result."
        )


def value_and_grad(fun: Any, argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes a function's value and gradient.

    Parameters
    ----------
    fun : callable, formula or Function
        Returns one number.
    argnums : int or sequence of int, default 0
        Which positional arguments to differentiate by.

    Returns
    -------
    callable
        ``(*args) -> (value, gradient)``; the gradient has the shape of the argument,
        and is a tuple where ``argnums`` is a sequence.

    Examples
    --------
    >>> import numpy as np
    >>> value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    (5.0, array([2., 4.]))
    """
    followed = _Followed(fun, argnums)

    def evaluate(*args: Any) -> Any:
        if any(is_traced(arg) for arg in args):
            return _within_a_trace(followed, args)
        branch, parts = followed.branch(args)
        _one_number(branch)
        value, slopes = branch.carefully(parts)
        return float(np.reshape(value, ())), followed.chosen(slopes, args)

    return evaluate


def _within_a_trace(followed: _Followed, args: Sequence[Any]) -> Any:
    """Differentiate inside a function that is being followed itself: derivatives nest."""
    session = next(arg.session for arg in args if is_traced(arg))
    nodes = [lift(arg) for arg in args]
    # A node of its own for each argument, so that only this use of it is differentiated;
    # the growing number keeps derivatives inside derivatives apart.
    level = len(session.values)
    own = [variable(f"the inner {level} {k}", node.shape) for k, node in enumerate(nodes)]
    for inner, node in zip(own, nodes, strict=True):
        session.values[inner] = session.value(node)
    output = lift(followed.fun(*[wrap(session, node) for node in own]))
    slopes = gradient(total(output) if output.shape else output, own)
    back = substitute([output, *slopes], dict(zip(own, nodes, strict=True)))
    value, *found = [wrap(session, node) for node in back]
    picked = [found[place] for place in followed.places(len(args))]
    return value, picked[0] if followed.single else tuple(picked)


def grad(fun: Any, argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes a function's gradient.

    Parameters
    ----------
    fun : callable, formula or Function
        Returns one number.
    argnums : int or sequence of int, default 0
        Which positional arguments to differentiate by.

    Returns
    -------
    callable
        ``(*args) -> gradient``, shaped like the argument.

    Examples
    --------
    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    """
    both = value_and_grad(fun, argnums)
    return lambda *args: both(*args)[1]


def jacobian(fun: Any, argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes the Jacobian of an array-valued function.

    J_ij = d f_i / d x_j

    Parameters
    ----------
    fun : callable
        Returns an array of any shape.
    argnums : int or sequence of int, default 0
        Which positional arguments to differentiate by.

    Returns
    -------
    callable
        ``(*args) -> array`` of the result's shape followed by the argument's.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: np.array([x[0] * x[1], x[1]]))(np.array([2.0, 3.0]))
    array([[3., 2.],
           [0., 1.]])
    """
    followed = _Followed(fun, argnums)

    def evaluate(*args: Any) -> Any:
        branch, parts = followed.branch(args)
        return followed.chosen(branch.jacobian(parts), args)

    return evaluate


def hessian(fun: Any, argnums: int = 0) -> Callable[..., Any]:
    """Return a function that computes a function's second derivatives.

    H_ij = d^2 f / dx_i dx_j

    Parameters
    ----------
    fun : callable, formula or Function
        Returns one number.
    argnums : int, default 0
        Which positional argument to differentiate by.

    Returns
    -------
    callable
        ``(*args) -> array``, the argument's shape twice.

    Examples
    --------
    >>> import numpy as np
    >>> hessian(lambda x: x[0]**2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(fun, argnums), argnums)


def hvp(fun: Any, argnums: int = 0) -> Callable[..., Any]:
    """Return a function that multiplies a function's Hessian by a vector, without forming it.

    H v = grad (grad f . v)

    Parameters
    ----------
    fun : callable, formula or Function
        Returns one number.
    argnums : int, default 0
        Which positional argument to differentiate by.

    Returns
    -------
    callable
        ``(*args, vector) -> array`` shaped like the argument.

    Examples
    --------
    >>> import numpy as np
    >>> hvp(lambda x: x[0]**2 * x[1])(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([4., 2.])
    """
    slope = grad(fun, argnums)

    def product(*args_and_vector: Any) -> Any:
        *args, vector = args_and_vector

        def along(*inner: Any) -> Any:
            return np.sum(slope(*inner) * np.asarray(vector, dtype=np.float64))

        return grad(along, argnums)(*args)

    return product
