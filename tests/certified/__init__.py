"""Regression problems whose best constants are known to thirty digits."""
