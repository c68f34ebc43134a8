"""The entry: whatever the user gave as function, start and gradient, as one objective."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from steepest.errors import InputError
from steepest.expression.signature import accepts, positional_parameters, takes_separate_numbers
from steepest.functions.binding import bound, taking_names
from steepest.functions.bound import (
    BoundFunction,
    GivenFunction,
)
from steepest.functions.foreign import ForeignFunction
from steepest.functions.function import Function, function
from steepest.functions.libraries import library_named
from steepest.functions.structure import Structure, read_start


def objective(
    fun: Any,
    x0: Any,
    args: Sequence[Any] = (),
    jac: Any = None,
    plain: bool = True,
) -> BoundFunction:
    """Return what a descent walks on: a function bound to the structure of a start.

    Parameters
    ----------
    fun : str, callable or Function
        The function.
    x0 : number, sequence, array or mapping
        The start; results come back in its structure.
    args : sequence, optional
        Further arguments of a callable, after the variables.
    jac : callable, True, "torch", "jax" or None
        The user's own gradient, as in SciPy; or the library whose arrays the function takes,
        which then differentiates it.
    plain : bool, default True
        Whether the programs of a callable may be written out in plain numbers. Each step then
        takes less time where arrays are short, and the first one some milliseconds more.
    """
    if not isinstance(args, tuple | list):
        meant = f" A method is given by name: method={args!r}." if isinstance(args, str) else ""
        raise InputError(
            f"args = {args!r} must be a tuple of further arguments, such as (3,).{meant}"
        )
    if isinstance(fun, str):
        fun = function(fun)
    if isinstance(fun, Function) and args:
        raise InputError(
            f"args = {tuple(args)!r} cannot be passed to {fun!r}: only a callable takes further "
            "arguments. Write the numbers into the function."
        )
    if isinstance(fun, Function) and jac is None:
        objective = fun.bind(x0)
        _, start = fun._start(x0)
        return objective.started_at(start)
    return _bind_callable(fun, x0, tuple(args), jac, plain)


def _bind_callable(
    fun: Any, x0: Any, args: tuple[Any, ...], jac: Any, plain: bool
) -> BoundFunction:
    if not callable(fun):
        raise InputError(
            f"A function is a formula such as 'x**2 + y**2' or a callable, not {fun!r}."
        )
    if not (jac in (None, True, False) or isinstance(jac, str) or callable(jac)):
        raise InputError(f"jac = {jac!r} must be None, True, a callable, 'torch' or 'jax'.")
    if isinstance(fun, Function):
        variables: tuple[str, ...] = fun.variables
        separate = fun._separate
    else:
        names = positional_parameters(fun) or ()
        count = len(x0) if isinstance(x0, dict) else read_start(x0)[1].size
        separate = takes_separate_numbers(fun, count, len(args))
        matches = isinstance(x0, dict) and set(names) == set(x0)
        separate = separate or matches
        variables = names[: len(names) - len(args)] if names else ("x",)
    structure, start = read_start(x0, variables, separate)
    check_arity(fun, structure, len(args), separate)
    by_name = structure.form == "names" and not separate

    def with_args(function: Callable[..., Any]) -> Callable[..., Any]:
        if by_name:
            return taking_names(function, structure, args)
        return (lambda *parts: function(*parts, *args)) if args else function

    call = with_args(fun)
    if isinstance(jac, str):
        library = library_named(jac)
        return ForeignFunction(library, structure=structure, start=start, call=call)
    if jac in (None, False):
        return bound(call, structure, start, original=fun, plain=plain)
    given = call if jac is True else with_args(jac)
    return GivenFunction(given, jac is True, structure=structure, start=start, call=call)


def check_arity(fun: Any, structure: Structure, extra: int, separate: bool) -> None:
    """Refuse a function that takes another number of arguments than the start has variables."""
    names = None if isinstance(fun, Function) else positional_parameters(fun)
    if names is None or separate:
        return
    wanted = len(names) - extra
    if wanted > 1 or (not accepts(fun, 1 + extra) and not wanted):
        takes = f"{wanted} variables ({', '.join(names[:wanted])})" if wanted else "no variables"
        raise InputError(
            f"The function takes {takes} and the start has {structure.size}: give one number for "
            "each, or let the function take one array."
        )
