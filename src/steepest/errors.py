"""The one family of errors, and the helpers that keep their texts helpful."""

from __future__ import annotations

from collections.abc import Iterable


class SteepestError(Exception):
    """Base class of every error this library raises on purpose.

    The text says what was given, why it cannot work, and what to do.

    Examples
    --------
    >>> import steepest as st
    >>> try:
    ...     st.minimize("x**2", {"y": 1})
    ... except st.SteepestError as error:
    ...     print(type(error).__name__)
    InputError
    """


class InputError(SteepestError, ValueError):
    """An argument, option or start that cannot be used.

    Examples
    --------
    >>> import steepest as st
    >>> try:
    ...     st.minimize("x**2", {"x": 1}, method="adm")
    ... except st.InputError as error:
    ...     print(str(error).partition("?")[0])
    There is no method 'adm'. Did you mean 'adam'
    """


class FormulaError(InputError):
    """A formula that cannot be read; the text carries a caret under the place.

    Examples
    --------
    >>> import steepest as st
    >>> try:
    ...     st.function("2*(x + 1")
    ... except st.FormulaError as error:
    ...     print("^" in str(error))
    True
    """


class TracingError(SteepestError, TypeError):
    """Python code that cannot be followed as a graph of operations.

    Examples
    --------
    >>> import steepest as st
    >>> issubclass(st.TracingError, TypeError)
    True
    """


class NonFiniteError(SteepestError, ArithmeticError):
    """A value or gradient that is not finite where a finite one is needed.

    Examples
    --------
    >>> import steepest as st
    >>> try:
    ...     st.minimize("x + log(x - 1)", {"x": 1.0})
    ... except st.NonFiniteError as error:
    ...     print(str(error).partition(":")[0])
    A descent cannot begin at x=1
    """


class MissingPackageError(SteepestError, ImportError):
    """An optional package that is needed for what was asked, and not installed.

    Examples
    --------
    >>> import steepest as st
    >>> issubclass(st.MissingPackageError, ImportError)
    True
    """


SHORTEST = 3
"""Of so many letters the beginning of a name is known by."""


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the closest candidate, or ``""``.

    Parameters
    ----------
    name : str
        What the user wrote.
    candidates : iterable of str
        The names that exist.

    Returns
    -------
    str
        A sentence with a leading space, or the empty string.

    Examples
    --------
    >>> did_you_mean("adm", ["adam", "momentum"])
    " Did you mean 'adam'?"
    >>> did_you_mean("mom", ["adam", "momentum"])
    " Did you mean 'momentum'?"
    >>> did_you_mean("qqq", ["adam", "momentum"])
    ''
    """
    from difflib import get_close_matches

    known = list(candidates)
    # Who writes the beginning of a name means that one, however long the rest is.
    begun = [one for one in known if len(name) >= SHORTEST and one.startswith(name)]
    close = begun or get_close_matches(name, known, n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""
