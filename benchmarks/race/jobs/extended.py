"""Rosenbrock's function, extended, by L-BFGS to ‖g‖∞ ≤ 10⁻⁵."""

from __future__ import annotations

from benchmarks.race.large import job_of_large

JOB = job_of_large("extended")
