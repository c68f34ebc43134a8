"""A network fitted in batches has PyTorch's losses, batch by batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import steepest as st

ROWS, BATCH, EPOCHS, RATE, SEED = 300, 64, 6, 0.01, 5


def network(X, W, b, V, c):
    return np.tanh(X @ W + b) @ V + c


def test_cross_entropy_of_a_network_falls_as_in_pytorch():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(ROWS, 8))
    y = np.argmax(X @ rng.normal(size=(8, 4)) + 0.3 * rng.normal(size=(ROWS, 4)), axis=1)
    start = {
        "W": rng.normal(size=(8, 12)) / 3,
        "b": np.zeros(12),
        "V": rng.normal(size=(12, 4)) / 3,
        "c": np.zeros(4),
    }
    fit = st.fit(
        network,
        {"X": X, "y": y},
        "cross_entropy",
        start,
        "adam",
        learning_rate=RATE,
        batch_size=BATCH,
        epochs=EPOCHS,
        seed=SEED,
    )
    weights = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
    optimizer = torch.optim.Adam(weights.values(), lr=RATE)
    generator, losses = np.random.default_rng(SEED), []
    for _ in range(EPOCHS):
        order = generator.permutation(ROWS)
        for first in range(0, ROWS, BATCH):
            places = order[first : first + BATCH]
            inner = torch.tanh(torch.tensor(X[places]) @ weights["W"] + weights["b"])
            scores = inner @ weights["V"] + weights["c"]
            loss = torch.nn.functional.cross_entropy(scores, torch.tensor(y[places]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert fit.result.history.fun[:-1] == pytest.approx(losses, rel=1e-10)
    assert losses[-1] < losses[0] / 2
