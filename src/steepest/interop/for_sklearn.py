"""Our fits as scikit-learn estimators: for pipelines, grid searches and cross-validation."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from steepest.descent.stopping import Reason
from steepest.fitting.fit import fit
from steepest.fitting.fitted import Fit
from steepest.objective import Vector

CUT_SHORT = {
    Reason.MAX_STEPS,
    Reason.MAX_SECONDS,
    Reason.DIVERGED,
    Reason.NOT_FINITE,
    Reason.INTERRUPTED,
}


class _Descent(BaseEstimator):  # type: ignore[misc]
    """What both estimators share: layers of a model, and how it is fitted."""

    usual_l2 = 0.0
    """The penalty where none is given."""

    usual_tolerance: float | None = None
    """The goal for the gradient where none is given, see `fit`."""

    def __init__(
        self,
        hidden: Sequence[int] = (),
        loss: Any = None,
        method: Any = None,
        *,
        learning_rate: Any = None,
        l1: float = 0.0,
        l2: float | None = None,
        batch_size: int | None = None,
        epochs: int | None = None,
        held_out: float | None = None,
        patience: int = 10,
        max_steps: int | None = None,
        tol: float | None = None,
        seed: int = 0,
    ) -> None:
        self.hidden = hidden
        self.loss = loss
        self.method = method
        self.learning_rate = learning_rate
        self.l1 = l1
        self.l2 = l2
        self.batch_size = batch_size
        self.epochs = epochs
        self.held_out = held_out
        self.patience = patience
        self.max_steps = max_steps
        self.tol = tol
        self.seed = seed

    def _fitted(self, X: Vector, y: Vector, outputs: int, loss: Any, sample_weight: Any) -> Fit:
        """Fit layers with this many outputs; 0 is one number for each row."""
        sizes = [X.shape[1], *self.hidden]
        start = _started(sizes, outputs, self.seed)
        weights = [name for name in start if name.startswith("weights")]
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        found = fit(
            _layers(len(self.hidden)),
            {"X": X, "y": y},
            loss,
            start,
            self.method,
            weights=sample_weight,
            l1=dict.fromkeys(weights, self.l1),
            l2=dict.fromkeys(weights, self.usual_l2 if self.l2 is None else self.l2),
            batch_size=self.batch_size,
            epochs=self.epochs,
            held_out=self.held_out,
            patience=self.patience,
            learning_rate=self.learning_rate,
            max_steps=self.max_steps,
            tol=self.usual_tolerance if self.tol is None else self.tol,
            seed=self.seed,
        )
        if found.result.reason in CUT_SHORT and not found.epochs:
            warnings.warn(found.result.message, ConvergenceWarning, stacklevel=3)
        self.fit_ = found
        self.loss_ = found.criterion.loss
        self.parameters_ = found.parameters
        self.n_iter_ = max(1, found.result.nit)
        if not self.hidden:
            self.coef_ = np.asarray(found.parameters["weights_1"]).T
            self.intercept_ = found.parameters["offset_1"]
        return found

    def _scores(self, X: Any) -> Vector:
        """Return the model's own prediction."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(_layers(len(self.hidden))(X, *self.parameters_.values()))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the fit itself, which holds functions: what predicts is enough."""
        state: dict[str, Any] = {**super().__getstate__()}
        state.pop("fit_", None)
        return state


class DescentRegressor(RegressorMixin, _Descent):  # type: ignore[misc]
    """A linear model, or a network of tanh layers, fitted by descent.

    Parameters
    ----------
    hidden : sequence of int, default ()
        The sizes of hidden layers; none is the linear model X w + b.
    loss : str, Loss or callable, default "mse"
        As in `fit`.
    method, learning_rate
        As in `fit`.
    l1, l2 : float, default 0 and None
        Penalties of the weights, not of the offsets: λ Σ|w| and μ/2 Σw². None is 0.
    batch_size, epochs, held_out, patience, max_steps, tol, seed
        As in `fit`.

    Attributes
    ----------
    fit_ : Fit
        The fit, with its standard errors, `explain` and `plot`; a pickle leaves it out.
    parameters_ : dict
        Name -> array: `weights_1`, `offset_1`, ...
    coef_, intercept_ : ndarray, float
        Of the linear model.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0]])
    >>> DescentRegressor().fit(X, [1.0, 3.0, 5.0]).predict([[3.0]]).round(6)
    array([7.])
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : array_like, shape (m, p)
        y : array_like, shape (m,)
        sample_weight : array_like, shape (m,), optional

        Returns
        -------
        DescentRegressor
        """
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True, ensure_min_samples=2)
        self._fitted(X, np.asarray(y, dtype=np.float64), 0, self.loss or "mse", sample_weight)
        return self

    def predict(self, X: Any) -> Vector:
        """Return predictions.

        Parameters
        ----------
        X : array_like, shape (m, p)

        Returns
        -------
        ndarray, shape (m,)
        """
        scores = self._scores(X)
        return np.asarray(self.loss_.expected(scores))


class DescentClassifier(ClassifierMixin, _Descent):  # type: ignore[misc]
    """Logistic regression, or a network of tanh layers, fitted by descent.

    Parameters
    ----------
    hidden : sequence of int, default ()
        The sizes of hidden layers; none is a model linear in X.
    loss : str, Loss or callable, optional
        None is the logistic loss for two classes and cross-entropy for more.
    method, learning_rate
        As in `fit`.
    l1, l2 : float, default 0 and None
        Penalties of the weights, not of the offsets. None is 1e-4, scikit-learn's
        `SGDClassifier.alpha`: classes that can be separated have no best fit without one.
    batch_size, epochs, held_out, patience, max_steps, tol, seed
        As in `fit`.

    Attributes
    ----------
    fit_ : Fit
        The fit, with its `explain` and `plot`; a pickle leaves it out.
    parameters_ : dict
        Name -> array: `weights_1`, `offset_1`, ...
    classes_ : ndarray, shape (k,)
    coef_, intercept_ : ndarray
        Of the linear model.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> DescentClassifier().fit(X, ["a", "a", "b", "b"]).predict([[0.2], [2.8]]).tolist()
    ['a', 'b']
    """

    usual_l2 = 1e-4
    # Repeated rows are to give the same chances as weights, to seven digits.
    usual_tolerance = 1e-12

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : array_like, shape (m, p)
        y : array_like, shape (m,)
            The classes, numbers or words.
        sample_weight : array_like, shape (m,), optional

        Returns
        -------
        DescentClassifier
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, places = np.unique(y, return_inverse=True)
        count = len(self.classes_)
        if count < 2:
            raise ValueError(f"There is one class alone, {self.classes_[0]!r}: give two or more.")
        loss = self.loss or ("log" if count == 2 else "cross_entropy")
        outputs = 0 if count == 2 else count
        self._fitted(X, places.astype(np.float64), outputs, loss, sample_weight)
        return self

    def decision_function(self, X: Any) -> Vector:
        """Return scores, shape (m,) for two classes and (m, k) for more.

        Parameters
        ----------
        X : array_like, shape (m, p)
        """
        return self._scores(X)

    def predict_proba(self, X: Any) -> Vector:
        """Return the probabilities of the classes, shape (m, k).

        Parameters
        ----------
        X : array_like, shape (m, p)
        """
        scores = self._scores(X)
        chances = np.asarray(self.loss_.expected(scores))
        return chances if chances.ndim > 1 else np.column_stack([1 - chances, chances])

    def predict(self, X: Any) -> Any:
        """Return the likeliest class of every row.

        Parameters
        ----------
        X : array_like, shape (m, p)

        Returns
        -------
        ndarray, shape (m,)
        """
        scores = self._scores(X)
        places = (scores > 0).astype(int) if scores.ndim == 1 else np.argmax(scores, axis=1)
        return self.classes_[places]


def _started(sizes: Sequence[int], outputs: int, seed: int) -> dict[str, Any]:
    """Return the start: 0 for a linear model; hidden layers by Glorot and Bengio (2010)."""
    generator = np.random.default_rng(seed)
    start: dict[str, Any] = {}
    shapes = list(pairwise([*sizes, outputs]))
    for layer, (inputs, units) in enumerate(shapes, start=1):
        shape = (inputs, units) if units else (inputs,)
        reach = 0.0 if len(shapes) == 1 else float(np.sqrt(6 / (inputs + max(units, 1))))
        start[f"weights_{layer}"] = generator.uniform(-reach, reach, shape)
        start[f"offset_{layer}"] = np.zeros(units) if units else 0.0
    return start


def _layers(hidden: int) -> Any:
    """Return the model tanh(… tanh(X W₁ + b₁) …) W + b with this many hidden layers."""

    def network(X: Any, *parameters: Any) -> Any:
        *inner, weights, offset = parameters
        for layer in range(0, len(inner), 2):
            X = np.tanh(X @ inner[layer] + inner[layer + 1])
        return X @ weights + offset

    names = ["X"]
    for layer in range(1, hidden + 2):
        names += [f"weights_{layer}", f"offset_{layer}"]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    network.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, kind) for name in names]
    )
    return network
