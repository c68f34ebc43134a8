"""Our methods inside other libraries: thin adapters, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steepest.interop.for_mlflow import mlflow_callback
    from steepest.interop.for_optax import optax_transformation
    from steepest.interop.for_scipy import scipy_method
    from steepest.interop.for_tensorboard import tensorboard_callback
    from steepest.interop.for_torch import torch_optimizer

HOMES = {
    "mlflow_callback": "steepest.interop.for_mlflow",
    "optax_transformation": "steepest.interop.for_optax",
    "scipy_method": "steepest.interop.for_scipy",
    "tensorboard_callback": "steepest.interop.for_tensorboard",
    "torch_optimizer": "steepest.interop.for_torch",
}

__all__ = [
    "mlflow_callback",
    "optax_transformation",
    "scipy_method",
    "tensorboard_callback",
    "torch_optimizer",
]


def __getattr__(name: str) -> Any:
    """Load an adapter on first use."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
