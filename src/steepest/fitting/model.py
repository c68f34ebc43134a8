"""A model: a response, and what predicts it from columns and parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.errors import InputError, did_you_mean
from steepest.expression.node import evaluate, substitute, variable
from steepest.expression.parser import Formula, parse
from steepest.expression.tracing.traced import is_traced, lift, wrap
from steepest.objective import Vector

Prediction = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
"""Takes columns and parameters by name; returns one number for each row."""


@dataclass(frozen=True)
class Model:
    """A model whose columns are known.

    Parameters
    ----------
    text : str
        The model as one writes it.
    predictors : tuple of str
        The columns that the prediction uses.
    parameters : tuple of str
        The names of the constants to be found.
    predict : callable
        The prediction.
    response : callable
        Takes columns by name; returns what is predicted.
    responses : tuple of str
        The columns that the response uses.
    """

    text: str
    predictors: tuple[str, ...]
    parameters: tuple[str, ...]
    predict: Prediction
    response: Callable[[Mapping[str, Vector]], Vector]
    responses: tuple[str, ...]


def model_of(model: Any, columns: Iterable[str], response: str = "y") -> Model:
    """Return the model of a formula or a function, for data with these columns.

    Parameters
    ----------
    model : str or callable
        ``"y ~ a + b*x"``, in which every name that is no column is a parameter; or a function
        ``f(x, a, b)`` whose arguments that are columns are predictors.
    columns : iterable of str
        The names of the columns.
    response : str, default "y"
        The column that a function predicts.

    Raises
    ------
    InputError
        For a model without parameters or response.

    Examples
    --------
    >>> model_of("y ~ a + b*x", ["x", "y"]).parameters
    ('a', 'b')
    """
    known = set(columns)
    if isinstance(model, str):
        found = _from_formula(model, known)
    elif callable(model):
        found = _from_function(model, known, response)
    else:
        raise InputError(f"A model is text such as 'y ~ a + b*x' or a function, not {model!r}.")
    if not found.parameters:
        raise InputError(
            f"The model {found.text!r} has no parameters: every name in it is a column of the data "
            f"({', '.join(sorted(known))})."
        )
    return found


def lookalikes(model: Model, columns: Iterable[str]) -> tuple[str, ...]:
    """Return a notice for every parameter that differs from a column by capitals alone."""
    known = {name.lower(): name for name in columns}
    return tuple(
        f"{name!r} is taken as a parameter, and the data have a column {known[name.lower()]!r}: "
        "write it so, if that is meant."
        for name in model.parameters
        if name.lower() in known
    )


def _from_formula(text: str, known: set[str]) -> Model:
    """Return the model of a formula."""
    sides = text.split("~")
    if len(sides) != 2 or not all(side.strip() for side in sides):
        raise InputError(
            f"The model {text!r} must have the form 'response ~ prediction', such as 'y ~ a + b*x'."
        )
    left, right = (parse(side.strip()) for side in sides)
    unknown = [name for name in left.variables if name not in known]
    if unknown or not left.variables:
        what = f"{unknown[0]!r}, which is no column" if unknown else "no column"
        meant = did_you_mean(unknown[0], known) if unknown else ""
        raise InputError(
            f"The response {sides[0].strip()!r} uses {what}: left of ~ stand columns of the data "
            f"({', '.join(sorted(known))}).{meant}"
        )
    predictors = tuple(name for name in right.variables if name in known)
    parameters = tuple(name for name in right.variables if name not in known)
    return Model(
        text,
        predictors,
        parameters,
        lambda columns, values: computed(right, {**columns, **values}),
        lambda columns: np.asarray(computed(left, columns), dtype=np.float64),
        left.variables,
    )


def computed(formula: Formula, values: Mapping[str, Any]) -> Any:
    """Return a formula's value, of arrays and of symbols alike."""
    used = [values[name] for name in formula.variables]
    session = next((value.session for value in used if is_traced(value)), None)
    nodes = [variable(name) for name in formula.variables]
    if session is None:
        with np.errstate(all="ignore"):
            return evaluate([formula.expression], dict(zip(nodes, used, strict=True)))[0]
    # While a descent follows the loss, the formula's own graph is taken over as it is.
    replaced = dict(zip(nodes, map(lift, used), strict=True))
    return wrap(session, substitute([formula.expression], replaced)[0])


def _first_free(names: Collection[str], known: set[str]) -> str:
    """Return a column that is no argument of a function, if there is one."""
    return min(known.difference(names) or known)


def _from_function(function: Callable[..., Any], known: set[str], response: str) -> Model:
    """Return the model of a Python function."""
    name = getattr(function, "__name__", "model")
    try:
        arguments = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        arguments = []
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [argument.name for argument in arguments if argument.kind in plain]
    if len(names) < 2:
        raise InputError(
            f"The arguments of the function {name!r} cannot be told apart: write it as "
            "f(x, a, b), columns and parameters by name."
        )
    if response not in known:
        raise InputError(
            f"The function {name!r} predicts the column {response!r}, which the data do not have: "
            f"name the response, as in response={_first_free(names, known)!r}."
        )
    predictors = tuple(one for one in names if one in known and one != response)
    parameters = tuple(one for one in names if one not in predictors)
    return Model(
        f"{response} ~ {name}({', '.join(names)})",
        predictors,
        parameters,
        lambda columns, values: function(
            *[columns[one] if one in predictors else values[one] for one in names]
        ),
        lambda columns: columns[response],
        (response,),
    )
