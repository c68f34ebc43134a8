"""PyTorch's differentiation of functions of tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from steepest.errors import InputError


class TorchLibrary:
    """Differentiates by `torch.autograd`, in the precision of the variables."""

    def value_and_gradient(self, call: Any, parts: list[Any]) -> tuple[Any, list[Any]]:
        """Return the value and one gradient per part."""
        tensors = as_tensors(parts, True)
        value = as_scalar(call(*tensors))
        return value.item(), as_arrays(slopes(value, tensors), parts)

    def hessian_vector(self, call: Any, parts: list[Any], vectors: list[Any]) -> list[Any]:
        """Return the gradient of g · v, by differentiating twice."""
        tensors = as_tensors(parts, True)
        gradients = slopes(as_scalar(call(*tensors)), tensors, keep=True)
        pairs = zip(gradients, as_tensors(vectors, False), strict=True)
        product = sum((g * v).sum() for g, v in pairs if g is not None)
        if not isinstance(product, torch.Tensor) or not product.requires_grad:
            return [np.zeros_like(part) for part in parts]  # f is linear
        return as_arrays(slopes(product, tensors), parts)


def as_tensors(parts: list[Any], differentiated: bool) -> list[torch.Tensor]:
    """Return arrays as tensors of their own."""
    return [torch.tensor(np.asarray(part), requires_grad=differentiated) for part in parts]


def slopes(value: torch.Tensor, tensors: list[torch.Tensor], keep: bool = False) -> Any:
    """Return the gradients; None for tensors that the value does not depend on."""
    if not value.requires_grad:
        return [None for _ in tensors]
    return torch.autograd.grad(value, tensors, create_graph=keep, allow_unused=True)


def as_arrays(gradients: Any, parts: list[Any]) -> list[Any]:
    """Return gradients as NumPy arrays; zeros where there is none."""
    return [
        np.zeros_like(part) if gradient is None else gradient.detach().numpy()
        for gradient, part in zip(gradients, parts, strict=True)
    ]


def as_scalar(value: Any) -> torch.Tensor:
    """Return what the function returned, if it is one number in a tensor."""
    if not isinstance(value, torch.Tensor) or value.numel() != 1 or value.is_complex():
        what = f"a tensor of shape {tuple(value.shape)}" if torch.is_tensor(value) else repr(value)
        raise InputError(
            f"With jac='torch' the function must return one real number in a tensor, as in "
            f"`return (x**2).sum()`; it returned {what}."
        )
    return value.reshape(())
