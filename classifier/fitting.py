"""Fits a linear model: the only module that knows scikit-learn."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

_TURNS = 400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """One weight for each column, and what is added to their sum: the log odds."""

    weights: NDArray[np.float64]
    intercept: float


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
    """Logistic regression, regularised by squares. Equal input gives equal weights."""
    model = LogisticRegression(
        C=recipe.strength, solver=recipe.solver, max_iter=_TURNS, tol=recipe.tolerance, random_state=0
    )
    model.fit(rows, labels, weights)
    return Fit(weights=np.asarray(model.coef_[0], dtype=np.float64), intercept=float(model.intercept_[0]))
