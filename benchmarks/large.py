"""What large problems cost to ‖g‖∞ ≤ 10⁻⁵, from the plain NumPy function.

Beside SciPy's L-BFGS-B with a gradient written by hand, and Optax's L-BFGS, the whole loop of
which is compiled, where Optax is installed. All in double precision, with a memory of 10 pairs.
Two tables a problem: repeated calls, and the first call of a fresh process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.alternate import Timing, alternate, report
from benchmarks.rosenbrock import PROBLEMS, start_of
from steepest.objective import Vector
from steepest.program.native.cache import DIRECTORY

GOAL = 1e-5
MOST = 30_000

Run = Callable[[], Vector]


def by_steepest(name: str, engine: str) -> Run:
    """Return the call that leaves everything to us, tracing and the path kept included."""
    import steepest as st

    function, start = PROBLEMS[name][0], start_of(name)

    def run() -> Vector:
        stop = st.stopping.Gradient(GOAL)
        result = st.minimize(function, start, stop=stop, max_steps=MOST, engine=engine)
        return np.asarray(result.x)

    return run


def by_scipy(name: str) -> Run:
    """Return the call of SciPy's L-BFGS-B, which is not to stop before the goal."""
    from scipy import optimize

    by_hand, start = PROBLEMS[name][1], start_of(name)
    options = {"gtol": GOAL, "ftol": 0.0, "maxiter": MOST, "maxfun": 2 * MOST, "maxcor": 10}

    def run() -> Vector:
        result = optimize.minimize(by_hand, start, jac=True, method="L-BFGS-B", options=options)
        return np.asarray(result.x)

    return run


def by_optax(name: str) -> Run:
    """Return the call of Optax's L-BFGS, compiled whole when it is first called."""
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", True)

    def function(x: Any) -> Any:
        if name == "extended":
            first, second = x[::2], x[1::2]
        else:
            first, second = x[:-1], x[1:]
        return jnp.sum(100 * (second - first**2) ** 2 + (1 - first) ** 2)

    solver = optax.lbfgs(memory_size=10)
    both = optax.value_and_grad_from_state(function)

    def step(carry: Any) -> Any:
        x, state = carry
        value, gradient = both(x, state=state)
        updates, state = solver.update(
            gradient, state, x, value=value, grad=gradient, value_fn=function
        )
        return optax.apply_updates(x, updates), state

    def goes_on(carry: Any) -> Any:
        _, state = carry
        count = optax.tree.get(state, "count")
        gradient = optax.tree.get(state, "grad")
        return (count == 0) | ((count < MOST) & (jnp.abs(gradient).max() > GOAL))

    @jax.jit
    def descend(x: Any) -> Any:
        return jax.lax.while_loop(goes_on, step, (x, solver.init(x)))[0]

    first = jnp.asarray(start_of(name))
    return lambda: np.asarray(descend(first))


CONTENDERS: dict[str, Callable[[str], Run]] = {
    "SciPy L-BFGS-B, by hand": by_scipy,
    "steepest, Python": lambda name: by_steepest(name, "python"),
    "steepest, native": lambda name: by_steepest(name, "native"),
    "Optax L-BFGS, compiled": by_optax,
}


def installed() -> dict[str, Callable[[str], Run]]:
    """Return the contenders whose packages are here."""
    needed = {"steepest, native": "numba", "Optax L-BFGS, compiled": "optax"}
    return {who: make for who, make in CONTENDERS.items() if find_spec(needed.get(who, "numpy"))}


def warm(name: str, rounds: int) -> list[Timing]:
    """Time repeated calls, each contender having had one before; print where they end."""
    runs = {who: make(name) for who, make in installed().items()}
    for who, run in runs.items():
        slope = np.abs(PROBLEMS[name][1](run())[1]).max()
        print(f"{who}: ends at a gradient of {slope:.1e}")
    return alternate(runs, rounds)


def first_call(who: str, name: str, cache: str) -> float:
    """Return the seconds of one call in a fresh process, all that it imports counted."""
    code = (
        "from time import perf_counter as now; began = now()\n"
        "from benchmarks import large\n"
        f"large.CONTENDERS[{who!r}]({name!r})()\n"
        "print(now() - began)"
    )
    environment = {**os.environ, DIRECTORY: cache}
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    )
    return float(answer.stdout)


def cold(name: str, rounds: int) -> list[Timing]:
    """Time first calls; those of compiled code with nothing, the driver, and all of it on disk."""
    other = next(problem for problem in PROBLEMS if problem != name)
    native = "steepest, native"
    seconds: dict[str, list[float]] = {}
    for _ in range(rounds):
        for who in installed():
            with TemporaryDirectory() as cache:
                before = "" if who != native else ", never compiled"
                seconds.setdefault(who + before, []).append(first_call(who, name, cache))
            if who == native:
                with TemporaryDirectory() as cache:
                    # Another function leaves what it has in common with this one.
                    first_call(who, other, cache)
                    for kept in ("driver on disk", "all on disk"):
                        taken = first_call(who, name, cache)
                        seconds.setdefault(f"{who}, {kept}", []).append(taken)
    return [Timing(who, float(np.median(times)), min(times)) for who, times in seconds.items()]


def main(rounds: int = 7) -> None:
    """Print the tables."""
    for name in PROBLEMS:
        title = f"{name.capitalize()} Rosenbrock of {PROBLEMS[name][2]} variables"
        print(report(f"{title}, warm", warm(name, rounds)))
        print(report(f"{title}, first call of a process", cold(name, max(1, rounds // 3))))
        print()
