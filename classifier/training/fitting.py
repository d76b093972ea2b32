"""Fits linear models: the only module that knows scikit-learn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped] # ships no types
from scipy.optimize import minimize, minimize_scalar  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

_TURNS: Final = 400
_NEVER: Final = -12.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """One weight for each column, and what is added to their sum: the log odds."""

    weights: NDArray[np.float64]
    intercept: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitOfMany:
    """Weights of shape (columns, classes) and an intercept for each of `classes`: log odds up to a constant."""

    classes: tuple[str, ...]
    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to fit: the higher `strength`, the less the weights are held down."""

    strength: float
    solver: Literal["lbfgs", "liblinear"] = "lbfgs"
    tolerance: float = 1e-4


def fit(
    rows: Any,  # noqa: ANN401 - a dense array or any sparse matrix of shape (texts, columns)
    labels: NDArray[np.bool_],
    recipe: Recipe,
    weights: NDArray[np.float64] | None = None,
) -> Fit:
    """Logistic regression, regularised by squares. Equal input gives equal weights; without two classes, never."""
    if labels.all() or not labels.any():
        return Fit(weights=np.zeros(rows.shape[1]), intercept=_NEVER)
    model = LogisticRegression(
        C=recipe.strength, solver=recipe.solver, max_iter=_TURNS, tol=recipe.tolerance, random_state=0
    )
    model.fit(rows, labels, weights)
    return Fit(weights=np.asarray(model.coef_[0], dtype=np.float64), intercept=float(model.intercept_[0]))


def fit_many(
    rows: Any,  # noqa: ANN401 - as above
    classes: Sequence[str],
    recipe: Recipe,
    weights: NDArray[np.float64],
) -> FitOfMany:
    """The same for classes which exclude each other, two at least."""
    model = LogisticRegression(C=recipe.strength, max_iter=_TURNS, tol=recipe.tolerance)
    model.fit(rows, np.asarray(classes), weights)
    found, offsets = np.asarray(model.coef_, dtype=np.float64), np.asarray(model.intercept_, dtype=np.float64)
    if len(found) == 1:  # of two classes scikit-learn keeps the second only
        found, offsets = np.vstack([np.zeros_like(found), found]), np.append(0.0, offsets)
    return FitOfMany(classes=tuple(map(str, model.classes_)), weights=found.T, intercepts=offsets)


def fit_shift(
    odds: NDArray[np.float64],
    labels: NDArray[np.bool_],
    weights: NDArray[np.float64],
    *,
    usual: float,
    most: float = math.inf,
) -> float:
    """What to add to log odds so that they come true; held back by how large a shift is `usual`, and at `most`."""

    def loss(shift: float) -> float:
        margins = np.where(labels, 1.0, -1.0) * (odds + shift)
        return float(weights @ np.logaddexp(0.0, -margins)) + shift**2 / (2.0 * usual**2)

    reach = min(most, 10.0 * usual)
    return float(minimize_scalar(loss, bounds=(-reach, reach), method="bounded").x) if labels.size else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Texts to fit on: a matrix of shape (texts, columns), and of each text the label and how much it counts."""

    matrix: sparse.csr_matrix
    labels: NDArray[np.bool_]
    weights: NDArray[np.float64]

    def loss(self, weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Logistic loss of `weights`, the last being the intercept, and its slope."""
        signs = np.where(self.labels, 1.0, -1.0)
        margins = signs * (self.matrix @ weights[:-1] + weights[-1])
        pulls = -self.weights * signs * expit(-margins)
        return float(self.weights @ np.logaddexp(0.0, -margins)), np.append(self.matrix.T @ pulls, pulls.sum())


def fit_from(start: Fit, new: Rows, known: Rows, strength: float) -> Fit:
    """Move what was fitted before as far as the `new` rows ask for; without any, it stays as it is.

    Squares hold each weight to where it was, and so do the `known` rows: the start is taken for the best there is for
    them and for all that cannot be looked at again, and they make it dear to leave it.
    """
    before = np.append(start.weights, start.intercept)
    _, settled = known.loss(before)

    def loss(moved: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        asked, towards = new.loss(before + moved)
        held, back = known.loss(before + moved)
        total = asked + held - settled @ moved + moved @ moved / (2.0 * strength)
        return float(total), towards + back - settled + moved / strength

    found = minimize(loss, np.zeros_like(before), jac=True, method="L-BFGS-B", options={"maxiter": _TURNS})
    after = before + np.asarray(found.x, dtype=np.float64)
    return Fit(weights=after[:-1], intercept=float(after[-1]))
