"""Syntax trees of Python's, made by one thread at a time."""

from __future__ import annotations

import ast
import threading
import warnings
from typing import Literal, overload

# Python counts how deep it is in a tree once for all threads (3.11 and 3.12): where another
# thread makes a tree meanwhile, it ends with "AST constructor recursion depth mismatch"
# (CPython's issue 106905). Filters of warnings belong to all threads, too. The lock lets its
# owner in again, for the garbage collection may run anything.
_MAKING = threading.RLock()


@overload
def syntax_tree(source: str) -> ast.Module: ...
@overload
def syntax_tree(source: str, mode: Literal["eval"]) -> ast.Expression: ...
def syntax_tree(source: str, mode: Literal["eval", "exec"] = "exec") -> ast.AST:
    """Return the syntax tree of a text, without the warnings it may give rise to.

    Raises
    ------
    SyntaxError, ValueError, MemoryError, RecursionError, OverflowError
        As Python's own parser does.

    Examples
    --------
    >>> ast.unparse(syntax_tree("1 +  2", "eval"))
    '1 + 2'
    """
    with _MAKING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, mode=mode)
