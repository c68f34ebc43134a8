"""Compiled code: the same source that Python runs, by Numba, where that pays."""
