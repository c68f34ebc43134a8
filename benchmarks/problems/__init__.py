"""Smooth test problems from the literature, written as plain NumPy functions of one array."""

from __future__ import annotations

from benchmarks.problems import any_size, convex, curve_fits, few_variables, two_variables
from benchmarks.problems.problem import Problem

FAMILIES = (two_variables, few_variables, curve_fits, any_size, convex)

PROBLEMS: dict[str, Problem] = {
    problem.name: problem for family in FAMILIES for problem in family.PROBLEMS
}
"""All problems by name."""
