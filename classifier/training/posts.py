"""Teaches the model of posts: what people write elsewhere to insult and to threaten, which knows little of letters."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped] # ships no types

from classifier.features import DIMENSIONS, featurise
from classifier.heads import Heads
from classifier.judgement import posts_odds
from classifier.normalise import own_text
from classifier.own_letters import Example
from classifier.passages import Passages
from classifier.training.fitting import Fit, Recipe, fit

RECIPE: Final = Recipe(strength=0.1, tolerance=1e-3)

_BATCH: Final = 2_048


def fit_posts(taught: Sequence[tuple[Example, float]]) -> Fit:
    """Fit on examples with their weights; the weights come as the file holds them, in half precision."""
    labels = np.array([example.abusive for example, _ in taught])
    weights = np.array([weight for _, weight in taught])
    found = fit(_matrix([example.text for example, _ in taught]), labels, RECIPE, weights)
    return Fit(weights=found.weights.astype(np.float16), intercept=found.intercept)


def posts_logits(posts: Fit, heads: Heads, texts: Sequence[str]) -> NDArray[np.float64]:
    """Log odds of abuse in any number of texts; `heads` choose the sentence that counts most."""
    weights: NDArray[Any] = posts.weights.astype(np.float32)
    batches = (texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH))
    reads = (heads.read(Passages.of([own_text(text) for text in batch])) for batch in batches)
    return np.concatenate([np.zeros(0), *(posts_odds(heads, read, weights, posts.intercept) for read in reads)])


def _matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    blocks = []
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        found = featurise(Passages.of([own_text(text) for text in batch]).wholes)
        shape = (len(batch), DIMENSIONS)
        blocks.append(sparse.csr_matrix((found.values, (found.rows, found.columns)), shape=shape))
    return sparse.vstack(blocks, format="csr")
