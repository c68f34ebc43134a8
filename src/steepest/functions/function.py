"""`Function`: whatever the user gave, with value, gradient, Hessian and source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from steepest.derivative.reverse import gradient
from steepest.errors import InputError, SteepestError, did_you_mean
from steepest.expression.formula import to_formula
from steepest.expression.node import Expression, variable
from steepest.expression.parser import Formula, parse
from steepest.expression.signature import positional_parameters
from steepest.expression.tracing.traced import is_traced, lift, wrap
from steepest.functions.binding import bound, taking_names
from steepest.functions.bound import (
    BoundFunction,
)
from steepest.functions.graph import GraphFunction
from steepest.functions.structure import Structure, read_start
from steepest.objective import Vector

DIFFERENTIATIONS = ("graph", "numerical")


class Function:
    """A function of numbers or arrays that knows its derivatives.

    Make one with `steepest.function`.

    Attributes
    ----------
    variables : tuple of str
        The names of its variables.

    Examples
    --------
    >>> import steepest as st
    >>> f = st.function("x**3 - 4*x - y**2")
    >>> f.variables, round(f(1.8, -1), 3)
    (('x', 'y'), -2.368)
    >>> f.gradient([1.8, -1]).round(2).tolist(), f.partial("x").formula
    ([5.72, 2.0], '3*x**2 - 4')
    """

    def __init__(
        self,
        call: Callable[..., Any],
        variables: Sequence[str],
        separate: bool,
        formula: Formula | None = None,
        differentiation: str = "graph",
        h: float | None = None,
    ) -> None:
        self._call = call
        self._separate = separate
        self._formula = formula
        self._wanted = differentiation
        self._h = h
        self._bound: dict[Structure, BoundFunction] = {}
        self.variables = tuple(variables)

    def __call__(self, *args: Any) -> Any:
        """Return the value.

        Parameters
        ----------
        *args : numbers or arrays
            The variables one by one, or one sequence of them all.
        """
        if any(is_traced(arg) for arg in args):
            return self._call(*self._spread(args))
        return self._at(args).value(self._vector(args))

    def _spread(self, args: Sequence[Any]) -> Sequence[Any]:
        """Return the variables one by one, where one sequence holds them all."""
        if self._separate and len(args) == 1 and len(self.variables) != 1:
            return list(args[0])
        return args

    def _point(self, args: Sequence[Any]) -> Any:
        """Return the arguments as one start."""
        return args[0] if len(args) == 1 else list(args)

    def _vector(self, args: Sequence[Any]) -> Vector:
        return self._start(self._point(args))[1]

    def _start(self, point: Any) -> tuple[Structure, Vector]:
        named = isinstance(point, dict) and set(point) == set(self.variables)
        return read_start(point, self.variables, self._separate or named)

    def _at(self, args: Sequence[Any]) -> BoundFunction:
        return self.bind(self._point(args))

    def bind(self, x0: Any) -> BoundFunction:
        """Return the objective for variables laid out like ``x0``."""
        structure, start = self._start(x0)
        known = self._bound.get(structure)
        if known is None:
            by_name = structure.form == "names" and structure.names != self.variables
            known = self._bound[structure] = bound(
                taking_names(self._call, structure) if by_name else self._call,
                structure,
                start,
                formula=self._formula,
                differentiation=self._wanted,
                h=self._h,
                original=self._call,
            )
        return known

    def gradient(self, *point: Any) -> Any:
        """Return the partial derivatives at a point, shaped like the point."""
        objective = self._at(point)
        slopes = objective.gradient(self._vector(point))
        return objective.restore(slopes)

    def value_and_gradient(self, *point: Any) -> tuple[float, Any]:
        """Return the value and the partial derivatives at a point."""
        objective = self._at(point)
        value, slopes = objective.value_and_gradient(self._vector(point))
        return value, objective.restore(slopes)

    def hessian(self, *point: Any) -> Any:
        """Return the matrix of second derivatives at a point, shape (n, n)."""
        return self._at(point).hessian(self._vector(point))

    def hessian_vector(self, point: Any, vector: Any) -> Any:
        """Return the Hessian at a point times a vector, without forming the Hessian."""
        objective = self.bind(point)
        product = objective.hessian_vector(self._start(point)[1], self._start(vector)[1])
        return objective.restore(product)

    def partial(self, name: str) -> Function:
        """Return the partial derivative by one variable, as a function of all variables.

        Parameters
        ----------
        name : str
            One of `variables`.

        Examples
        --------
        >>> from steepest.functions import function
        >>> function("x**3 - 4*x - y**2").partial("x").formula
        '3*x**2 - 4'
        """
        if name not in self.variables:
            raise InputError(
                f"There is no variable {name!r}; the variables are {', '.join(self.variables)}."
                f"{did_you_mean(name, self.variables)}"
            )
        place = self.variables.index(name)
        if self._formula is not None:
            from steepest.expression.arranging import arranged

            (slope,) = gradient(self._formula.expression, [variable(name)])
            shown = arranged(slope)
            derived = Formula(to_formula(shown), slope, self.variables, (), shown)
            return Function(_unused, self.variables, True, derived)
        call, spread = self._call, self._spread

        def derivative(*args: Any) -> Any:
            args = tuple(spread(args))
            if not any(is_traced(arg) for arg in args):
                objective = self._at(args)
                return objective.structure.parts(objective.gradient(self._vector(args)))[place]
            session = next(arg.session for arg in args if is_traced(arg))
            nodes = [lift(arg) for arg in args]
            result = lift(call(*[wrap(session, node) for node in nodes]))
            return wrap(session, gradient(result, [nodes[place]])[0])

        return Function(derivative, self.variables, self._separate)

    def derivative(self, order: int = 1) -> Function:
        """Return the n-th derivative of a function of one variable.

        Parameters
        ----------
        order : int, default 1
            How often to differentiate.

        Examples
        --------
        >>> from steepest.functions import function
        >>> function("x**4").derivative(3).formula
        '24*x'
        """
        if len(self.variables) != 1:
            raise InputError(
                f"This function has the variables {', '.join(self.variables)}; use "
                f"partial({self.variables[0]!r}) to differentiate by one of them."
            )
        if order < 0 or order != int(order):
            raise InputError(f"The order of a derivative is 0, 1, 2, ..., not {order!r}.")
        result = self
        for _ in range(int(order)):
            result = result.partial(self.variables[0])
        return result

    @property
    def formula(self) -> str | None:
        """The function as a formula, where it is one."""
        return None if self._formula is None else self._formula.text

    @property
    def original(self) -> Callable[..., Any]:
        """What the user gave, where it is Python code."""
        return self._call

    @property
    def recipe(self) -> tuple[str, str, float | None] | None:
        """Formula, way of differentiation and step that `function` makes this one of, if any."""
        if self._formula is None:
            return None
        known = _parsed(self._formula.text)._formula
        if known is None or known.expression is not self._formula.expression:
            return None
        return self._formula.text, self._wanted, self._h

    @property
    def latex(self) -> str:
        """The function in LaTeX."""
        from steepest.expression.latex import to_latex

        return to_latex(self._expression)

    @property
    def _expression(self) -> Expression:
        if self._formula is not None:
            return self._formula.shown or self._formula.expression
        objective = self._any_bound()
        if not isinstance(objective, GraphFunction) or not objective.branches.known:
            raise SteepestError("This function was not followed as a graph; it has no formula.")
        return objective.branches.known[0].graph.output

    def _any_bound(self) -> BoundFunction:
        """Return the objective used last; with separate variables any start will do."""
        if self._bound:
            return list(self._bound.values())[-1]
        if self._separate:
            return self.bind([1.0] * len(self.variables) if len(self.variables) != 1 else 1.0)
        raise SteepestError(
            f"What computes this function depends on the shape of {self.variables[0]}, which is "
            "not known yet: call it or its gradient once before, such as f([1.0, 2.0])."
        )

    @property
    def source(self) -> str:
        """Runnable Python that computes the value and the gradient, generated for this function."""
        objective = self._any_bound()
        if isinstance(objective, GraphFunction):
            return objective.source
        raise SteepestError(f"There is no source: {objective.notices[0]}")

    @cached_property
    def compiled(self) -> Callable[..., Any]:
        """The generated function itself: plain numbers in, (value, (slopes, ...)) out."""
        objective = self._any_bound()
        if not isinstance(objective, GraphFunction):
            raise SteepestError(f"There is no program: {objective.notices[0]}")
        start = objective.structure.parts(objective.start)
        return objective.branches.at(start).gradient_program.function

    def native(self, x0: Any) -> Callable[[Any], tuple[float, Vector]]:
        """Compile value and gradient for points like a given one.

        Parameters
        ----------
        x0 : number, sequence, ndarray or mapping
            A point, which says what the variables are.

        Returns
        -------
        callable
            From a flat float64 array of shape (n,) to the value and a new gradient of shape (n,).

        Raises
        ------
        MissingPackageError
            Without Numba.
        SteepestError
            Where the function cannot be compiled; the text says why.

        Examples
        --------
        >>> import numpy as np
        >>> both = function(lambda x: np.sum(x**2)).native(np.zeros(3))
        >>> both(np.array([1.0, 2.0, 3.0]))
        (14.0, array([2., 4., 6.]))
        """
        from steepest.functions.native import compiled_for

        return compiled_for(self.bind(x0))

    @property
    def differentiation(self) -> str:
        """How derivatives are made: "graph" or "numerical"."""
        if self._wanted == "numerical":
            return self._wanted
        return self._any_bound().differentiation

    @property
    def notice(self) -> str | None:
        """Why derivatives are numerical, where they are; what else there is to know."""
        notices = self._any_bound().notices
        return " ".join(notices) or None

    def __repr__(self) -> str:
        what = self.formula or f"of {', '.join(self.variables)}"
        return f"<Function {what}>"


def _unused(*_: Any) -> Any:
    raise AssertionError("A formula is computed by its program.")


@lru_cache(maxsize=256)
def _parsed(text: str) -> Function:
    formula = parse(text)
    if not formula.variables:
        raise InputError(
            f"The formula {text!r} has no variables, so there is nothing to differentiate; "
            "write one such as 'x**2'."
        )
    return Function(_unused, formula.variables, True, formula)


def function(
    fun: str | Callable[..., Any] | Function,
    *,
    differentiation: str = "graph",
    h: float | None = None,
) -> Function:
    """Return a `Function`, which knows its derivatives.

    Parameters
    ----------
    fun : str, callable or Function
        A formula, or ordinary Python and NumPy code.
    differentiation : {"graph", "numerical"}, default "graph"
        Exact derivatives from the graph of operations, or central differences.
        What cannot be followed as a graph is differentiated numerically, and
        `Function.notice` says why.
    h : float, optional
        Step of the central differences.

    Returns
    -------
    Function

    Raises
    ------
    FormulaError, InputError
        Where the text cannot be read or the argument is no function.

    Examples
    --------
    >>> f = function("x**3 - 4*x - y**2")
    >>> f.variables
    ('x', 'y')
    >>> f(2, 1)
    -1.0
    >>> f.gradient([2, 1])
    array([ 8., -2.])
    """
    if differentiation not in DIFFERENTIATIONS:
        raise InputError(
            f"differentiation = {differentiation!r} is not known; it is 'graph' or 'numerical'."
            f"{did_you_mean(str(differentiation), DIFFERENTIATIONS)}"
        )
    if h is not None and not (np.isfinite(h) and h > 0):
        raise InputError(f"The step h = {h!r} must be a positive number, such as 1e-5.")
    if isinstance(fun, str):
        known = _parsed(fun)
        if differentiation == "graph":
            return known
        return Function(known._call, known.variables, True, known._formula, differentiation, h)
    if isinstance(fun, Function):
        if differentiation == "graph":
            return fun
        return Function(fun._call, fun.variables, fun._separate, fun._formula, differentiation, h)
    if not callable(fun):
        raise InputError(
            f"A function is a formula such as 'x**2 + y**2' or a callable, not {fun!r}."
        )
    names = positional_parameters(fun)
    separate = names is not None and len(names) >= 2
    return Function(fun, names if names else ("x",), separate, None, differentiation, h)
