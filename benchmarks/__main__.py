"""Run every benchmark: ``python -m benchmarks``; or some: ``python -m benchmarks solved``."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = (
    "solved",
    "units",
    "race.row_kernels",
    "elements",
    "surface",
    "basins",
    "lab",
    "streaming",
)

for name in sys.argv[1:] or ALL:
    if name not in ALL:
        raise SystemExit(f"There is no benchmark {name!r}: there are {', '.join(ALL)}.")
    import_module(f"benchmarks.{name}").main()
    print()
