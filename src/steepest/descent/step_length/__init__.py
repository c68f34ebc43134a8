"""How far to go along a direction: one file per rule."""

from __future__ import annotations

from steepest.descent.step_length.backtracking import Backtracking
from steepest.descent.step_length.constant import Constant
from steepest.descent.step_length.step_length import Evaluations, StepLength, Trial

__all__ = ["Backtracking", "Constant", "Evaluations", "StepLength", "Trial"]
