"""Functions compiled by Numba, each once in a process, and kept on disk."""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from threading import RLock
from types import FunctionType, ModuleType
from typing import Any

from steepest.errors import MissingPackageError
from steepest.program.compiled import run_module
from steepest.program.native import elementary, tiles, width
from steepest.program.native.cache import CodeFile
from steepest.program.native.module import Module, NativeError
from steepest.program.native.row_source import RowSource
from steepest.program.native.start_source import StartSource
from steepest.program.native.words import ELEMENTS, SUMS, WORDS
from steepest.version import __version__

ONE_AT_A_TIME = RLock()
"""Held while something is compiled, so that no other thread compiles the same."""


@cache
def is_installed() -> bool:
    """Return whether Numba is there, without loading it."""
    return find_spec("numba") is not None


def require_numba() -> None:
    """Raise `MissingPackageError` where Numba is not installed."""
    if not is_installed():
        raise MissingPackageError(
            "engine='native' compiles with Numba, which is not installed: "
            "pip install 'steepest[native]'."
        )


@cache
def surroundings() -> str:
    """Return what compiled code depends on besides its source; raise `NativeError` without Numba.

    A Numba may be there that is not made for this NumPy or Python.
    """
    try:
        import llvmlite
        import numba
        import numpy as np
        from llvmlite import binding
    except Exception as error:
        raise NativeError(f"Numba cannot be loaded ({error}).") from error
    versions = (sys.version, numba.__version__, llvmlite.__version__, np.__version__, __version__)
    processor = (binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten())
    return "\n".join([*versions, *processor, binding.get_process_triple()])


@cache
def teach(
    name: Callable[..., Any],
    loop: Callable[..., Any],
    liberties: frozenset[str],
    inline: bool = False,
) -> None:
    """Let Numba compile the calls of a function, as that one or as a loop of its own."""
    from numba.extending import overload

    # Nobody calls it but compiled code: no ways in from Python and C, which cost time to compile.
    inside = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": inline}
    options = {"fastmath": set(liberties), "error_model": "numpy", **inside}
    overload(name, jit_options=options, strict=False)(lambda *_: loop)


def teach_words() -> None:
    """Teach Numba the words of `steepest.vectors`."""
    for word, (loop, liberties) in WORDS.items():
        teach(word, loop, liberties)


FUSED = frozenset({"contract"})
"""Products may be added without being rounded. Sums keep their order, on which digits depend."""


RECIPROCALS = frozenset({"arcp"})
"""Many numbers may be divided by one by multiplying them by its reciprocal."""

INSIDE = {
    "terms": (ELEMENTS, True),
    "slopes": (ELEMENTS, True),
    "outer": (ELEMENTS, True),
    "sum_block": (SUMS, False),
    "slope_block": (ELEMENTS, False),
}
"""Parts of functions that are sums over elements: the liberties of each, and whether it is written
out where it is called. Their arithmetic has NumPy's digits: where steps depend on rounding, those
of both go the same way."""


@cache
def teach_elementary() -> None:
    """Teach Numba the elementary functions, to be written out where they are called."""
    from steepest.program.native.translation import teach_translated

    width.teach_width()
    for function in elementary.ELEMENTARY.values():
        teach_translated(function)


def functions_of(module: ModuleType) -> list[FunctionType]:
    """Return the functions that a module defines."""
    members = vars(module).values()
    return [m for m in members if isinstance(m, FunctionType) and m.__module__ == module.__name__]


def called(*further: ModuleType) -> list[FunctionType]:
    """Return what loops depend on: elementary functions, their translation, widths, and more."""
    from steepest.program.native import translation

    modules = (*elementary.MODULES, width, translation, *further)
    return [function for module in modules for function in functions_of(module)]


def source_of(functions: Iterable[Callable[..., Any]]) -> str:
    """Return the modules that some functions are from, as one text: it changes when they do."""
    modules = {function.__module__ for function in functions}
    return "\n".join([inspect.getsource(sys.modules[name]) for name in sorted(modules)])


def compiled_driver(
    function: Callable[..., Any], callees: dict[Callable[..., Any], Callable[..., Any]]
) -> Any:
    """Return a function that is compiled, or taken from disk, when it is first called.

    Parameters
    ----------
    function : callable
        Plain arithmetic, calling the words, the callees, and what it is given.
    callees : dict
        Further functions that it calls, each with the one that compiled code calls instead.
    """
    from numba import njit

    teach_words()
    for name, loop in callees.items():
        teach(name, loop, frozenset())
    driver = njit(function, error_model="numpy", nogil=True)
    loops = [loop for loop, _ in WORDS.values()]
    driver._cache = CodeFile(source_of([function, *callees.values(), *loops]) + surroundings())
    return driver


def compiled_evaluation(module: Module) -> Any:
    """Return the function `evaluate(x, gradient) -> value` of a module, compiled.

    Raises
    ------
    NativeError
        Where Numba cannot compile it.
    """
    file = evaluation_file(module)
    from numba import types
    from numba.core.ccallback import CFunc

    evaluate = taught(module, file)
    vector = types.Array(types.float64, 1, "C")
    signature = ((vector, vector), types.float64)
    options = {"error_model": "numpy", "nopython": True}
    evaluation: Any = CFunc(evaluate, signature, {}, options)
    evaluation._cache = file
    quietly(evaluation.compile)
    return evaluation


def compiled_call(module: Module) -> Any:
    """Return the same for calls from Python, which go around the address.

    Raises
    ------
    NativeError
        Where Numba cannot compile it.
    """
    file = CodeFile(f"called from Python\n{module.key}" + surroundings())
    from numba import types

    evaluate = taught(module, file)
    vector = types.Array(types.float64, 1, "C")
    return compiled_loop(evaluate, types.float64(vector, vector), frozenset(), file)


def taught(module: Module, file: CodeFile) -> FunctionType:
    """Return the function `evaluate` of a module, after teaching Numba all that it calls."""
    teach_words()
    names = run_module(module.source, "native", module.data)
    evaluate: FunctionType = names["evaluate"]
    parts = {name: names[name] for name in names.keys() & INSIDE.keys()}
    for function in set_apart(names, file):
        if function is not evaluate and function not in parts.values():
            teach(function, function, frozenset())
    if parts:
        teach_elementary()
    for name, function in parts.items():
        teach(function, function, *INSIDE[name])
    return evaluate


def set_apart(names: dict[str, Any], file: CodeFile) -> list[FunctionType]:
    """Return the functions of a generated module, after naming them as no others are named.

    LLVM tells functions apart by their names, those of another process on disk included; and what
    is loaded must be of a module that can be imported.
    """
    own = [part for part in names.values() if isinstance(part, FunctionType)]
    own = [function for function in own if function.__module__ == "generated"]
    for function in own:
        function.__qualname__ = function.__name__ = f"{function.__name__}_{file.path.stem}"
        function.__module__ = __name__
    return own


def loop_file(source: RowSource | StartSource) -> CodeFile:
    """Return the place on disk of a loop over rows, or of descents from many starts."""
    liberties = sorted(SUMS | FUSED)
    return CodeFile(f"{source!r}{liberties}" + source_of(called(tiles)) + surroundings())


def compiled_rows(source: RowSource) -> Any:
    """Return `over_rows(numbers, *tables, *columns, count, first, last, *results)`, compiled.

    Raises
    ------
    NativeError
        Where Numba cannot compile it.
    """
    file = loop_file(source)
    from numba import types

    names = run_source(source, file, "row", "factors")
    column = types.Array(types.float64, 1, "C", readonly=True)
    results = types.Array(types.float64, 2, "C")
    table = types.Array(types.float64, 2, "C", readonly=True)
    read = [column, *[table] * source.tables, *[column] * source.columns]
    written = [results] * (2 if source.tables else 1)
    signature = types.void(*read, *[types.int64] * 3, *written)
    # Only the additions of the loop are free in their order: what a row adds is `row`'s affair.
    return compiled_loop(names["over_rows"], signature, SUMS | FUSED, file)


def compiled_starts(source: StartSource) -> Any:
    """Return `over_tiles(table, numbers, rates, tolerance, max_steps, first, last)`, compiled.

    Raises
    ------
    NativeError
        Where Numba cannot compile it.
    """
    file = loop_file(source)
    from numba import types

    names = run_source(source, file, "begun", "advanced", "begin", "advance")
    for function in functions_of(tiles):
        teach(function, function, frozenset())
    table, vector = types.Array(types.float64, 2, "C"), types.Array(types.float64, 1, "C")
    limits = (types.float64, types.int64, types.int64, types.int64)
    signature = types.void(table, vector, vector, *limits)
    return compiled_loop(names["over_tiles"], signature, frozenset(), file)


def steps_file(module: Module, functions: Sequence[str], columns: Sequence[int]) -> CodeFile:
    """Return the place on disk of steps on batches."""
    key = f"{module.key}\n{functions}{columns}{sorted(SUMS)}{sorted(FUSED | RECIPROCALS)}"
    return CodeFile(key + source_of(called()) + surroundings())


def compiled_steps(module: Module, functions: Sequence[str], columns: Sequence[int]) -> Any:
    """Return `steps(begin, places, rates, points, values, ...)` of a module, compiled.

    Parameters
    ----------
    module : Module
        See `steepest.fitting.batch_source`.
    functions : sequence of str
        Those of its functions that are written out where they are called.
    columns : sequence of int
        How many dimensions the columns have.

    Raises
    ------
    NativeError
        Where Numba cannot compile it.
    """
    file = steps_file(module, functions, columns)
    from numba import types

    names = run_module(module.source, "native", module.data)
    set_apart(names, file)
    teach_elementary()
    for part in functions:
        teach(names[part], names[part], FUSED | RECIPROCALS, inline=True)
    number, whole = types.float64, types.int64
    vector, table = types.Array(number, 1, "C"), types.Array(number, 2, "C")
    read = [types.Array(number, dimensions, "C", readonly=True) for dimensions in columns]
    places, memory = types.Array(whole, 2, "C"), types.Array(number, 3, "C")
    kept = [table, vector, table, memory, table, vector]
    signature = whole(whole, places, vector, *kept, *read)
    return compiled_loop(names["steps"], signature, SUMS, file)


def run_source(source: RowSource | StartSource, file: CodeFile, *inside: str) -> dict[str, Any]:
    """Return the names of a loop's module, some functions written out where they are called."""
    names = run_module(source.text, "native", {})
    set_apart(names, file)
    teach_elementary()
    for part in names.keys() & set(inside):
        teach(names[part], names[part], FUSED, inline=True)
    return names


def compiled_loop(
    function: FunctionType, signature: Any, liberties: frozenset[str], file: CodeFile
) -> Any:
    """Return a loop that is compiled for one signature and lets other threads run."""
    from numba import njit

    options = {"error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
    loop: Any = njit(function, fastmath=set(liberties), **options)
    loop._cache = file
    quietly(loop.compile, signature)
    loop.disable_compile()
    return loop


def descent_file(source: str) -> CodeFile:
    """Return the place on disk of the loop of a descent."""
    return CodeFile(source + surroundings())


def compiled_descent(source: str) -> tuple[Callable[..., Any], Any]:
    """Return the functions `first_state` and, compiled, `descend` of a module.

    Raises
    ------
    NativeError
        Where Numba cannot compile it.
    """
    file = descent_file(source)
    from numba import types

    names = run_module(source, "native", {})
    set_apart(names, file)
    number, whole = types.float64, types.int64
    vector, table = types.Array(number, 1, "C"), types.Array(number, 2, "C")
    signature = types.UniTuple(whole, 2)(vector, table, whole)
    # No liberties at all: what comes out is what Python computes, to the last bit.
    return names["first_state"], compiled_loop(names["descend"], signature, frozenset(), file)


def evaluation_file(module: Module) -> CodeFile:
    """Return the place on disk of the function that a module defines."""
    loops = [loop for loop, _ in WORDS.values()]
    return CodeFile(module.key + source_of([*loops, *called()]) + surroundings())


def quietly(call: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a call returns that may compile; raise `NativeError` where it cannot."""
    from numba.core.errors import NumbaWarning

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumbaWarning)
            return call(*arguments)
    except Exception as error:
        # Besides its own errors there are those of what it calls: LLVM, BLAS, itself.
        raise NativeError(f"Numba cannot compile it ({gist(error)}).") from error


def gist(error: Exception) -> str:
    """Return what an error of Numba's says last of its reasons, which may be pages."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = [line for line in lines if line.startswith(("No implementation", "Unknown", "Use of"))]
    return " ".join([type(error).__name__, *told[-1:]])[:200]


def types_of(arguments: Sequence[Any]) -> tuple[Any, ...]:
    """Return the types by which Numba tells arguments apart."""
    from numba import typeof

    return tuple([typeof(argument) for argument in arguments])
