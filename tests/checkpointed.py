"""Runs of slow steps in a process of their own, which a test may kill."""

from __future__ import annotations

import os
import signal
import sys
import time

import numpy as np

import steepest as st

SECONDS = 0.002
STEPS = 60


def slow(x):
    """The valley of Rosenbrock, evaluated slowly."""
    time.sleep(SECONDS)
    return np.sum((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2)


def slope(x):
    """Its gradient."""
    slopes = np.zeros_like(x)
    bend = x[1:] - x[:-1] ** 2
    slopes[:-1] = -2 * (1 - x[:-1]) - 400 * x[:-1] * bend
    slopes[1:] += 200 * bend
    return slopes


START = np.linspace(-1, 1, 6)
METHODS = ("l-bfgs", "adam", "momentum", "barzilai-borwein", "bfgs")


def run(method, path):
    """Begin a run that is kept after every second step."""
    checkpoint = None if path is None else st.Checkpoint(path, every_steps=2)
    rate = 0.001 if method in {"adam", "momentum"} else None
    return st.minimize(
        *(slow, START),
        method=method,
        jac=slope,
        learning_rate=rate,
        max_steps=STEPS,
        checkpoint=checkpoint,
    )


def begin_and_kill(method, folder, moments):
    """Begin the run once for each moment, and kill it when so many seconds have passed."""
    # What is imported on first use is there before the clock runs.
    st.minimize(slow, START, jac=slope, max_steps=2, checkpoint=f"{folder}/first.ckpt")
    for number, moment in enumerate(moments):
        child = os.fork()
        if child == 0:
            run(method, f"{folder}/run{number}.ckpt")
            os._exit(0)
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    begin_and_kill(sys.argv[1], sys.argv[2], map(float, sys.argv[3:]))
