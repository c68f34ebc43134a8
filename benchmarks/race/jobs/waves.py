"""One value and gradient of a·sin(b·x + c)·exp(-d·x) on a million rows."""

from __future__ import annotations

from benchmarks.race.rows import job_of_rows

JOB = job_of_rows("a*sin(b*x + c)*exp(-d*x)", {"limit: C": 2.0, "JAX": 1 / 12, "PyTorch": 1 / 4})
