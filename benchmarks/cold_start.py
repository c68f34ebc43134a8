"""What one answer from the command line costs beyond loading NumPy."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from compileall import compile_dir
from pathlib import Path

import steepest
from benchmarks.alternate import alternate, report

WALK = (
    'minimize "sin(x)*sin(y)" --start x=1.66,y=3.37'
    " --method gradient-descent --learning-rate 0.1 --stop no-descent --json"
)


def fresh_process(*arguments: str) -> Callable[[], object]:
    """Return a call that runs Python with these arguments from start to exit."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main(rounds: int = 15) -> None:
    """Print the table, of a package that is byte-compiled as an installed one is."""
    compile_dir(Path(steepest.__file__).parent, quiet=1)
    contenders = {
        "import numpy": fresh_process("-c", "import numpy"),
        "import steepest": fresh_process("-c", "import steepest"),
        "steepest minimize": fresh_process("-m", "steepest", *shlex.split(WALK)),
        "import scipy.optimize": fresh_process("-c", "import scipy.optimize"),
    }
    print(report("Cold: a fresh process from start to answer", alternate(contenders, rounds)))
