"""Going on with a run from its checkpoint."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from steepest.descent.checkpoints import container
from steepest.descent.checkpoints.checkpoint import Checkpoint, checkpoint_of
from steepest.descent.checkpoints.encoding import Array, Codec, EncodingError
from steepest.descent.checkpoints.journal import FORMAT, Journal
from steepest.descent.checkpoints.request import Request
from steepest.descent.saved_function import fingerprint, qualified_name
from steepest.errors import InputError, did_you_mean
from steepest.functions import Function, function

if TYPE_CHECKING:
    from steepest.descent.result import Result

OPTIONAL = {"callback", "client", "progress"}
"""Arguments that no step depends on: without them a run goes on silently."""


class Recipe(NamedTuple):
    """A `Function` of a formula, as `function` is asked for it."""

    formula: str
    differentiation: str
    h: float | None


@cache
def option_types() -> tuple[type, ...]:
    """Return the classes of everything that options are made of."""
    from steepest.descent import schedules, stopping
    from steepest.descent.methods import METHODS
    from steepest.descent.step_length import STEP_LENGTHS, Constant
    from steepest.descent.stopping import Stop

    rates = [kind for kind in vars(schedules).values() if _is_of(kind, schedules.__name__)]
    stops = [kind for kind in vars(stopping).values() if _is_of(kind, stopping.__name__)]
    stops = [kind for kind in stops if issubclass(kind, Stop)]
    return (Recipe, Constant, *METHODS.values(), *STEP_LENGTHS.values(), *rates, *stops)


def _is_of(kind: Any, module: str) -> bool:
    """Return whether something is a class that a module defines."""
    return isinstance(kind, type) and kind.__module__ == module


def plain_request(
    request: Request, types: Iterable[type] = ()
) -> tuple[dict[str, Any], list[Array]]:
    """Return a request as JSON data and arrays; what cannot be kept is named.

    Parameters
    ----------
    request : Request
        What was asked for.
    types : iterable of type
        The classes of options that may occur, besides those of `minimize`.
    """
    codec = Codec((*option_types(), *types))
    arrays: list[Array] = []
    arguments: dict[str, Any] = {}
    absent: list[str] = []
    prints: dict[str, Any] = {}
    for name, value in request.arguments.items():
        if name == "checkpoint":
            continue
        found = list(arrays)
        try:
            arguments[name] = codec.encoded(_recipe_of(value), found)
        except EncodingError:
            absent.append(name)
            if callable(value):
                code = _code_of(value)
                prints[name] = {"callable": qualified_name(code), "sha256": fingerprint(code)}
        else:
            arrays = found
    plain = {"kind": request.kind, "arguments": arguments, "absent": absent, "prints": prints}
    return plain, arrays


def _recipe_of(value: Any) -> Any:
    """Return a `Function` of a formula as what makes it again; anything else as it is."""
    if not isinstance(value, Function):
        return value
    found = value.recipe
    return value if found is None else Recipe(*found)


def _code_of(value: Any) -> Any:
    """Return the Python function that a `Function` was made of; anything else as it is."""
    return value.original if isinstance(value, Function) else value


def journal_of(checkpoint: Any, request: Request, types: Iterable[type] = ()) -> Journal:
    """Return the journal of a new run."""
    return Journal(checkpoint_of(checkpoint), *plain_request(request, types))


@dataclass(frozen=True)
class Stored:
    """A checkpoint that was read.

    Parameters
    ----------
    path : path
        The file.
    header : dict
        Its header.
    arrays : list of ndarray
        Its arrays.
    """

    path: str | Path
    header: dict[str, Any]
    arrays: list[Array]

    @classmethod
    def of(cls, path: str | Path) -> Stored:
        """Read a file; raise `InputError` where it is no checkpoint, or none that is whole."""
        header, arrays = container.read(path)
        if header.get("format") != FORMAT:
            raise container.damaged(path, f"its format is {header.get('format')!r}")
        return cls(path, header, arrays)

    @property
    def kind(self) -> str:
        """What was called: "minimize" or "fit"."""
        return str(self.header["request"]["kind"])

    @property
    def size(self) -> int:
        """How many variables its first descent has; 0 where there is none yet."""
        descents = self.header.get("descents") or [{}]
        return len(descents[0].get("names", []))

    def arguments(
        self, given: Mapping[str, Any], known: Iterable[str], types: Iterable[type] = ()
    ) -> dict[str, Any]:
        """Return the arguments of the run, with those given in place of those kept.

        Parameters
        ----------
        given : mapping
            Name -> value.
        known : iterable of str
            The names that there are.
        types : iterable of type
            The classes of options, besides those of `minimize`.

        Raises
        ------
        InputError
            For a name that there is not, an argument that the file cannot hold and that is not
            given, and a function that is another.
        """
        known = list(known)
        for name in given:
            if name not in known:
                raise InputError(
                    f"A run of {self.kind} has no argument {name!r}."
                    f"{did_you_mean(name, known)} Its arguments are {', '.join(known)}."
                )
        request = self.header["request"]
        codec = Codec((*option_types(), *types))
        found = {
            name: codec.decoded(value, self.arrays)
            for name, value in request["arguments"].items()
            if name in known and name not in given
        }
        for name in request["absent"]:
            if name not in given and name not in OPTIONAL:
                raise InputError(
                    f"{str(self.path)!r} needs {name}: no file holds "
                    f"{self._what_it_was(name)}. Give it as it was, as in "
                    f"steepest.resume({str(self.path)!r}, {name}=...)."
                )
        for name, value in given.items():
            self._require_same(name, value)
        made = {
            name: function(value.formula, differentiation=value.differentiation, h=value.h)
            if isinstance(value, Recipe)
            else value
            for name, value in found.items()
        }
        return {**made, **given}

    def _what_it_was(self, name: str) -> str:
        """Return what an argument was that the file does not hold."""
        of = self.header["request"]["prints"].get(name)
        return f"the Python function {of['callable']}" if of and "callable" in of else "its data"

    def _require_same(self, name: str, value: Any) -> None:
        """Refuse a function whose source is another than it was."""
        of = self.header["request"]["prints"].get(name)
        if name in OPTIONAL or not of or not callable(value):
            return
        code = _code_of(value)
        if of.get("sha256") not in {None, fingerprint(code)}:
            raise InputError(
                f"{str(self.path)!r} is a checkpoint of another function: the source of "
                f"{of['callable']} was another than that of {qualified_name(code)} is now. "
                f"Give {name} as it was, or begin anew."
            )

    def journal(self, request: Request, checkpoint: Any = None, types: Any = ()) -> Journal:
        """Return the journal of the run, with its descents so far."""
        asked = Checkpoint(
            self.path, self.header.get("every_steps"), self.header.get("every_seconds")
        )
        journal = journal_of(asked if checkpoint is None else checkpoint, request, types)
        journal.go_on(self.header, self.arrays)
        # Of the data, which may be given again.
        journal.request["prints"] = self.header["request"]["prints"] | journal.request["prints"]
        return journal


def went_on(
    path: str | Path,
    given: Mapping[str, Any],
    calls: Mapping[str, Callable[..., Any]],
    types: Mapping[str, Iterable[type]],
    kept: Callable[[Request], Request],
) -> Any:
    """Return what came of a run that a checkpoint holds.

    Parameters
    ----------
    path : path
        The file.
    given : mapping
        Arguments in place of those kept, or that the file does not hold.
    calls : mapping of str to callable
        "minimize", "fit" and what they stand for.
    types : mapping of str to iterable of type
        The classes of their options, besides those of `minimize`.
    kept : callable
        Returns a request as its file is to hold it.
    """
    given = dict(given)
    checkpoint = given.pop("checkpoint", None)
    stored = Stored.of(path)
    try:
        call = calls[stored.kind]
        kinds = tuple(types.get(stored.kind, ()))
        known = [name for name in inspect.signature(call).parameters if name != "checkpoint"]
        arguments = stored.arguments(given, known, kinds)
        journal = stored.journal(kept(Request(stored.kind, arguments)), checkpoint, kinds)
    except InputError:
        raise
    except (EncodingError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise container.damaged(path, f"{type(error).__name__}: {error}") from error
    return call(**arguments, checkpoint=journal)


def resumed(result: Result, changes: Mapping[str, Any]) -> Result:
    """Return the result of a run that goes on, from its checkpoint where it has one."""
    from steepest.descent.minimize import minimize

    request = result.request
    if request is None:
        raise InputError(
            "This result cannot go on: it was loaded, or is the descent of a fit. Give "
            "checkpoint='run.ckpt' to the run, and then call steepest.resume('run.ckpt')."
        )
    arguments = {**request.arguments, "checkpoint": None, **changes}
    known = list(inspect.signature(minimize).parameters)
    for name in changes:
        if name not in known:
            raise InputError(
                f"A run of minimize has no argument {name!r}.{did_you_mean(name, known)} "
                f"Its arguments are {', '.join(known)}."
            )
    if request.kept is None:
        return minimize(**arguments)
    path = request.kept.path
    stored = Stored.of(path)
    if stored.header.get("run") != request.run:
        raise InputError(
            f"{str(path)!r} holds another run by now: begin this one anew, and keep each run in a "
            "file of its own."
        )
    asked = Request("minimize", arguments)
    journal = stored.journal(asked, changes.get("checkpoint") or replace(request.kept))
    return minimize(**{**arguments, "checkpoint": journal})
