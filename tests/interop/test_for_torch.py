"""Our first-order rules as PyTorch optimizers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import steepest as st
from steepest.descent.methods import METHODS, FirstOrderMethod

RULES = [name for name in METHODS if issubclass(METHODS[name], FirstOrderMethod)]
THEIRS = {
    "gradient-descent": lambda p: torch.optim.SGD(p, lr=1e-3),
    "momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=1e-3),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=1e-3),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1e-3),
    "nadam": lambda p: torch.optim.NAdam(p, lr=1e-3),
}


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def parameter():
    return torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)


def walked(optimizer, x, steps=50):
    for _ in range(steps):
        optimizer.zero_grad()
        rosenbrock(x).backward()
        optimizer.step()
    return x.detach().numpy()


@pytest.mark.parametrize("name", RULES)
def test_a_rule_walks_as_it_does_at_home(name):
    x = parameter()
    there = walked(st.interop.torch_optimizer(name, [x], learning_rate=1e-3), x)
    here = st.minimize(
        rosenbrock, [-1.2, 1.0], method=name, learning_rate=1e-3, stop="max-steps", max_steps=50
    )
    assert there == pytest.approx(here.history.x[-1], rel=1e-9)


@pytest.mark.parametrize("name", THEIRS)
def test_a_rule_walks_as_pytorchs_own(name):
    x, other = parameter(), parameter()
    ours = walked(st.interop.torch_optimizer(name, [x], learning_rate=1e-3), x)
    assert ours == pytest.approx(walked(THEIRS[name]([other]), other), rel=1e-9)


def test_a_run_goes_on_from_its_saved_state():
    whole, first = parameter(), parameter()
    walked(st.interop.torch_optimizer("adam", [whole], learning_rate=0.01), whole, 20)
    optimizer = st.interop.torch_optimizer("adam", [first], learning_rate=0.01)
    walked(optimizer, first, 10)
    second = first.detach().clone().requires_grad_()
    again = st.interop.torch_optimizer("adam", [second], learning_rate=0.01)
    again.load_state_dict(optimizer.state_dict())
    assert walked(again, second, 10).tolist() == whole.detach().numpy().tolist()


def test_groups_closures_and_schedules_work():
    fast, slow = parameter(), parameter()
    groups = [{"params": [fast], "learning_rate": 2e-3}, {"params": [slow]}]
    optimizer = st.interop.torch_optimizer(
        "gradient-descent", groups, learning_rate=st.schedules.constant(1e-3)
    )

    def closure():
        optimizer.zero_grad()
        loss = rosenbrock(fast) + rosenbrock(slow)
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == pytest.approx(48.4)
    moved = np.array([-1.2, 1.0]) - fast.detach().numpy()
    assert moved == pytest.approx(2 * (np.array([-1.2, 1.0]) - slow.detach().numpy()))


def test_what_is_no_rule_with_a_rate_is_refused():
    with pytest.raises(st.InputError, match="no first-order rule"):
        st.interop.torch_optimizer("newton", [parameter()])
    with pytest.raises(st.InputError, match="needs a learning_rate"):
        st.interop.torch_optimizer("gradient-descent", [parameter()])
