"""A table of classes by name, each loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Generic, TypeVar

from steepest.errors import did_you_mean

Kind = TypeVar("Kind")


class Registry(Mapping[str, type[Kind]], Generic[Kind]):
    """The classes of a room by name: one descent uses one or two of them.

    Parameters
    ----------
    package : str
        The package their files are in. The file of a name is the name with underscores.
    classes : dict
        Name -> name of the class.

    Examples
    --------
    >>> methods = Registry("steepest.descent.methods", {"adam": "Adam"})
    >>> methods["adam"].__name__, "bfgs" in methods
    ('Adam', False)
    """

    def __init__(self, package: str, classes: dict[str, str]) -> None:
        self._package = package
        self._classes = classes

    def __getitem__(self, name: str) -> type[Kind]:
        class_name = self._classes[name]
        module = import_module(f"{self._package}.{name.replace('-', '_')}")
        found: type[Kind] = vars(module)[class_name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)

    def attribute(self, class_name: str) -> Any:
        """Return a class by its own name, for the package's ``__getattr__``."""
        for name, known in self._classes.items():
            if known == class_name:
                return self[name]
        meant = did_you_mean(class_name, self._classes.values())
        raise AttributeError(f"module {self._package!r} has no attribute {class_name!r}.{meant}")
