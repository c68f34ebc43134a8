"""One answer of the command line, from start to exit."""

from __future__ import annotations

import shlex
import subprocess
import sys
from compileall import compile_dir
from pathlib import Path

from benchmarks.race.job import Job, Run

WALK = (
    'minimize "sin(x)*sin(y)" --start x=1.66,y=3.37'
    " --method gradient-descent --learning-rate 0.1 --stop no-descent --json"
)


def process(*arguments: str) -> Run:
    """Return a run of Python in a fresh process."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def steepest() -> Run:
    """Walk down sin(x)·sin(y) by the command line, byte-compiled as an installed package is."""
    import steepest

    compile_dir(Path(steepest.__file__).parent, quiet=1)
    return process("-m", "steepest", *shlex.split(WALK))


JOB = Job(
    "172 points down sin(x)·sin(y) by the command line, a fresh process each time",
    {
        "steepest": steepest,
        "import numpy": lambda: process("-c", "import numpy"),
        "import scipy.optimize": lambda: process("-c", "import scipy.optimize"),
        "import jax.numpy": lambda: process("-c", "import jax.numpy"),
        "import torch": lambda: process("-c", "import torch"),
    },
    lambda answer: answer.returncode,
    goals={"import numpy": 2.0},
)
