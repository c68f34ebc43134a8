"""The jobs of many variables: who solves them is in `benchmarks.race.large_problems`."""

from __future__ import annotations

from benchmarks.race import large_problems as large
from benchmarks.race.job import Job
from benchmarks.rosenbrock import PROBLEMS


def job_of_large(name: str) -> Job:
    """Return the job of one problem."""
    one_thread = {"OPENBLAS_NUM_THREADS": "1"}
    return Job(
        f"{name.capitalize()} Rosenbrock of {PROBLEMS[name][2]:,} variables, solved",
        {
            "steepest": lambda: large.by_steepest(name, "native"),
            "steepest, by Python": lambda: large.by_steepest(name, "python"),
            "SciPy L-BFGS-B, by hand": lambda: large.by_scipy(name),
            "Optax L-BFGS": lambda: large.by_optax(name),
        },
        lambda x: [PROBLEMS[name][1](x)[0]],
        goals={"Optax L-BFGS": 1.0, "SciPy L-BFGS-B, by hand": 1.0},
        atol=1e-6,
        environment={"SciPy L-BFGS-B, by hand": one_thread},
    )
