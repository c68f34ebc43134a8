"""One value and gradient of a·exp(-b·x) + c on a million rows."""

from __future__ import annotations

from benchmarks.race.rows import job_of_rows

JOB = job_of_rows("a*exp(-b*x) + c", {"limit: C": 2.0, "JAX": 1 / 3, "PyTorch": 1 / 6})
