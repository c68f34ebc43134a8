"""The words in which methods speak of arrays and of what they remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Array: TypeAlias = Any
"""An array of shape (n,), or a symbol that stands for one while a method is traced."""

State: TypeAlias = Mapping[str, Any]
"""A method's memory: name -> array of shape (n,), or one number shared by all coordinates."""
