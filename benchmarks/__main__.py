"""Run every benchmark: ``python -m benchmarks``."""

from __future__ import annotations

from benchmarks import cold_start

cold_start.main()
