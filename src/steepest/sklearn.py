"""Fits as scikit-learn estimators; needs scikit-learn.

>>> from steepest.sklearn import DescentRegressor
>>> DescentRegressor(l2=0.1)
DescentRegressor(l2=0.1)
"""

from steepest.interop.for_sklearn import DescentClassifier, DescentRegressor

__all__ = ["DescentClassifier", "DescentRegressor"]
