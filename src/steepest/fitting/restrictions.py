"""Parameters that are not free: fixed at a value, or tied to others by a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from steepest.errors import FormulaError, InputError, did_you_mean
from steepest.expression.parser import Formula, parse
from steepest.fitting.model import Model, computed


@dataclass(frozen=True)
class Restrictions:
    """What is known of parameters beforehand.

    Parameters
    ----------
    names : tuple of str
        All parameters, in the model's order.
    fixed : mapping of str to float or array
        Those that keep a value.
    ties : mapping of str to Formula
        Those that follow from others, in an order in which they can be computed.
    """

    names: tuple[str, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    ties: Mapping[str, Formula] = field(default_factory=dict)

    @property
    def free(self) -> tuple[str, ...]:
        """The parameters that are to be found."""
        return tuple(one for one in self.names if one not in self.fixed and one not in self.ties)

    def completed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of all parameters, from those of the free ones."""
        known = {**self.fixed, **values}
        for name, formula in self.ties.items():
            known[name] = computed(formula, known)
        return {name: known[name] for name in self.names}

    def applied(self, model: Model) -> Model:
        """Return the model of the free parameters alone."""
        if not self.fixed and not self.ties:
            return model
        return replace(
            model,
            parameters=self.free,
            predict=lambda columns, values: model.predict(columns, self.completed(values)),
        )

    def holding(self, name: str, value: float) -> Restrictions:
        """Return the same with one more parameter fixed."""
        return replace(self, fixed={**self.fixed, name: value})


def restrictions_of(
    names: Sequence[str], fixed: Mapping[str, Any] | None, ties: Mapping[str, str] | None
) -> Restrictions:
    """Return what a user says is known of parameters, checked.

    Parameters
    ----------
    names : sequence of str
        The parameters of the model.
    fixed : mapping of str to float, optional
        Name -> value.
    ties : mapping of str to str, optional
        Name -> formula of other parameters, such as ``{"b": "2*a"}``.

    Raises
    ------
    InputError
        For a name that is no parameter, a value that is no number, and ties that go in a circle.

    Examples
    --------
    >>> known = restrictions_of(["a", "b", "c"], {"c": 1.0}, {"b": "2*a"})
    >>> known.free, float(known.completed({"a": 3.0})["b"])
    (('a',), 6.0)
    """
    held, tied = dict(fixed or {}), dict(ties or {})
    for what, given in (("fixed", held), ("ties", tied)):
        for name in given:
            if name not in names:
                raise InputError(
                    f"{what} names {name!r}, which is no parameter."
                    f"{did_you_mean(str(name), names)} The parameters are {', '.join(names)}."
                )
    both = sorted(set(held) & set(tied))
    if both:
        raise InputError(f"{both[0]!r} is fixed and tied at once: leave one of them out.")
    values = {name: _fixed_value(name, value) for name, value in held.items()}
    formulas = {name: _tie(name, text, names) for name, text in tied.items()}
    restrictions = Restrictions(tuple(names), values, _in_order(formulas))
    if not restrictions.free:
        raise InputError("Every parameter is fixed or tied: there is nothing to fit.")
    return restrictions


def _fixed_value(name: str, value: Any) -> Any:
    """Return the value of a fixed parameter."""
    try:
        number = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        number = np.asarray(np.nan)
    if not np.isfinite(number).all():
        raise InputError(f"fixed gives {name} the value {value!r}: give a finite number.")
    return number if number.ndim else float(number)


def _tie(name: str, text: Any, names: Sequence[str]) -> Formula:
    """Return the formula of a tied parameter."""
    if not isinstance(text, str):
        raise InputError(
            f"ties gives {name} the value {text!r}: give a formula of other parameters, such as "
            "'2*a', or fix it with fixed=."
        )
    try:
        formula = parse(text)
    except FormulaError as error:
        raise InputError(f"The tie of {name} cannot be read: {error}") from error
    for one in formula.variables:
        if one not in names:
            raise InputError(
                f"The tie {name} = {text} uses {one!r}, which is no parameter."
                f"{did_you_mean(one, names)} The parameters are {', '.join(names)}."
            )
    return formula


def _in_order(ties: Mapping[str, Formula]) -> dict[str, Formula]:
    """Return ties so that each comes after those that it uses."""
    ordered: dict[str, Formula] = {}
    waiting = dict(ties)
    while waiting:
        ready = [
            name for name, formula in waiting.items() if not set(formula.variables) & set(waiting)
        ]
        if not ready:
            raise InputError(
                f"The ties of {', '.join(waiting)} go in a circle: each needs another one first. "
                "Leave one of these parameters free."
            )
        ordered |= {name: waiting.pop(name) for name in ready}
    return ordered
