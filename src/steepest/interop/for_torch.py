"""Our first-order rules as a PyTorch optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from steepest.descent.choices import chosen_method
from steepest.descent.methods import FirstOrderMethod, Method, named
from steepest.descent.step_length import Constant
from steepest.errors import InputError


class RuleOptimizer(torch.optim.Optimizer):  # type: ignore[misc]
    """A first-order rule that steps tensors, with one memory for each.

    Parameters
    ----------
    params : iterable
        As for every PyTorch optimizer: tensors, or groups of them, which may have a
        `learning_rate` of their own.
    rule : FirstOrderMethod
        The rule.
    """

    def __init__(self, params: Iterable[Any], rule: FirstOrderMethod) -> None:
        length = rule.length
        if not isinstance(length, Constant):
            raise InputError(
                f"{rule.name} needs a learning_rate here: an optimizer sees gradients alone, and "
                "cannot look for the length of a step."
            )
        self.rule = rule
        super().__init__(params, {"learning_rate": length.rate})

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Make one step; with a closure, evaluate the loss again first."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._move(parameter, group["learning_rate"])
        return loss

    def _move(self, parameter: torch.Tensor, rate: Any) -> None:
        """Move one tensor."""
        x = parameter.detach().cpu().numpy()
        gradient = parameter.grad.detach().cpu().numpy()
        memory = self.state[parameter]
        count = memory.get("count", 0)
        known = {key: _plain(value) for key, value in memory.items() if key != "count"}
        state = known or self.rule.initial_state(x)
        direction, following = self.rule.direction(x, gradient, state, count + 1)
        memory.update({key: torch.as_tensor(value) for key, value in following.items()})
        memory["count"] = count + 1
        length = float(rate(count)) if callable(rate) else float(rate)
        step = torch.as_tensor(np.asarray(direction), dtype=parameter.dtype)
        parameter.add_(step.to(parameter.device), alpha=length)


def _plain(value: torch.Tensor) -> Any:
    """Return a tensor of a rule's memory as NumPy has it."""
    array = value.detach().cpu().numpy()
    return array if array.ndim else array.item()


def torch_optimizer(
    method: str | Method, params: Iterable[Any], **options: Any
) -> torch.optim.Optimizer:
    """Return a first-order rule of ours as a PyTorch optimizer.

    Parameters
    ----------
    method : str or FirstOrderMethod
        A rule with a learning rate.
    params : iterable
        The tensors to move, or groups of them.
    **options
        Fields of the rule, where it is given by its name.

    Returns
    -------
    torch.optim.Optimizer

    Raises
    ------
    InputError
        For a method that is no first-order rule, or has no learning rate.

    Examples
    --------
    >>> p = torch.tensor([2.0], requires_grad=True)
    >>> optimizer = torch_optimizer("gradient-descent", [p], learning_rate=0.25)
    >>> (p**2).sum().backward()
    >>> optimizer.step()
    >>> p.tolist()
    [1.0]
    """
    rule = named(method, **options) if isinstance(method, str) else chosen_method(method)
    if not isinstance(rule, FirstOrderMethod):
        raise InputError(
            f"The method {rule.name!r} is no first-order rule: it needs more than the gradient of "
            "each step."
        )
    return RuleOptimizer(params, rule)
