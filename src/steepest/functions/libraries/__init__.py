"""Libraries that differentiate functions of their own arrays, by the name `jac` gives them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from steepest.errors import InputError, MissingPackageError, did_you_mean

LIBRARIES = {"torch": "TorchLibrary", "jax": "JaxLibrary"}
"""The class of each library; its file is the name behind `by_`."""


class Library(Protocol):
    """What a library must do for a function written with its arrays."""

    def value_and_gradient(self, call: Any, parts: list[Any]) -> tuple[Any, list[Any]]:
        """Return the value and one gradient per part, as NumPy arrays."""

    def hessian_vector(self, call: Any, parts: list[Any], vectors: list[Any]) -> list[Any]:
        """Return the Hessian times a vector, one NumPy array per part."""


def library_named(name: str) -> Library:
    """Return a library by its name.

    Raises
    ------
    InputError
        For an unknown name.
    MissingPackageError
        Where the library is not installed.
    """
    if name not in LIBRARIES:
        raise InputError(
            f"jac={name!r} is no way to differentiate.{did_you_mean(name, LIBRARIES)} Give None, "
            "True, a callable, 'torch' or 'jax'."
        )
    try:
        module = import_module(f"{__name__}.by_{name}")
    except ImportError as error:
        raise MissingPackageError(
            f"jac={name!r} lets {name} differentiate the function, and {name} is not installed: "
            f"pip install {name}."
        ) from error
    library: Library = vars(module)[LIBRARIES[name]]()
    return library
