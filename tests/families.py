"""The methods by what they have in common."""

from __future__ import annotations

from steepest.descent.methods import METHODS, FirstOrderMethod

FIRST_ORDER = {
    name: method for name, method in METHODS.items() if issubclass(method, FirstOrderMethod)
}
"""The rules of elementwise arithmetic, which can be written out as programs."""
