"""For as long as one trace runs: array creation and `math` that keep derivatives.

Most code is followed through NumPy's own protocols. Three things escape them:
`np.zeros(n)` that is written into later, `np.array([...])` of traced values, and
`math.sin(x)`, because all three insist on plain numbers. When a trace fails for
that reason it is repeated with those functions replaced, in the modules `numpy`
and `math` and under the names by which the user's modules imported them.

The replacements look at the calling thread: outside the trace they pass every
call on unchanged, so other threads do not notice. They are gone when the trace
ends, whatever ends it.
"""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

# NumPy's functions are known by identity: their handlers are there before any is replaced.
import steepest.expression.tracing.functions  # noqa: F401
from steepest.expression.tracing.creation import Float, replaced_creation
from steepest.expression.tracing.mathematics import replaced_mathematics
from steepest.expression.tracing.session import Session, made_current

_lock = threading.RLock()
"""One trace at a time replaces functions; others wait for it."""


@contextmanager
def intercepting(session: Session, namespaces: Sequence[dict[str, Any]]) -> Iterator[None]:
    """Replace creation and `math` functions in NumPy, `math` and the given namespaces."""
    with _lock:
        table = replaced_creation() | replaced_mathematics()
        special = sys.modules.get("scipy.special")
        places = [vars(np), vars(math), *([vars(special)] if special else []), *namespaces]
        shadowed = [space for space in namespaces if "float" not in space]
        changed: list[tuple[dict[str, Any], str, Any]] = []
        try:
            for space in shadowed:
                space["float"] = Float
            for place in places:
                for name, value in list(place.items()):
                    replacement = table.get(value) if type(value) in REPLACEABLE else None
                    if replacement is not None:
                        changed.append((place, name, value))
                        place[name] = replacement
            with made_current(session):
                yield
        finally:
            for place, name, value in reversed(changed):
                place[name] = value
            for space in shadowed:
                space.pop("float", None)


REPLACEABLE = (BuiltinFunctionType, FunctionType, type(np.sum), type)
"""What is looked up in a module's names: most other things are not even hashable."""
