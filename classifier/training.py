"""`mailroom classifier train`: fits the weights on the data folder and on our own letters."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped] # ships no types
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships no types

from classifier.composites import compose, sentences_of
from classifier.concern_training import fit_concerns
from classifier.datasets import (
    CORPUS,
    SERVICE_MAIL,
    WELSH,
    Example,
    Part,
    hashes_of,
    only,
    read_concerns,
    read_corpus,
    read_dev,
    read_templates,
)
from classifier.evaluation import evaluate
from classifier.features import DIMENSIONS, featurise
from classifier.fitting import Fit, Recipe, fit
from classifier.language import language_counts
from classifier.measures import auroc, base_rate_weights
from classifier.model import Model, logits
from classifier.normalise import normalise
from classifier.packed import pack
from classifier.selection import (
    AT_MOST,
    IDENTITY_REPEATS,
    LEFT_OUT,
    LETTERS,
    PATTERN_REPEATS,
    WEIGHT,
    teaching_set,
)

BASE_RATE: Final = 0.01
"""Share of a council's mail assumed to be abusive; scores are calibrated to it."""

MISS_COST: Final = 15.0
"""How many needless reviews one missed abusive message is worth; it fixes the threshold at 1 / (1 + MISS_COST)."""

SERIES: Final = "abuse-2026.11"
"""First part of every model version of this series."""

_STRENGTH: Final = 0.1
_CALIBRATION_LETTERS: Final = 1_500
_BATCH: Final = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """What was trained, on what, and where the weights are."""

    model_version: str
    path: Path
    size: int
    texts: int
    abusive: int
    threshold: float
    calibration_auroc: float
    data_hashes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calibration:
    slope: float
    offset: float
    auroc: float


def train(data: Path, out: Path, seed: int, *, corpus: Path = CORPUS) -> TrainingReport:
    """Fit on the folder `data` and on our own letters in `corpus`, write the weights file `out`.

    Equal data and seed give equal bytes on one kind of machine: sums are taken in one thread, in one order. Raises
    DataFolderError.
    """
    with threadpool_limits(limits=1):
        return _train(data, out, seed, corpus)


def _train(data: Path, out: Path, seed: int, corpus: Path) -> TrainingReport:
    dev = read_dev(data)
    own = read_corpus(corpus)
    taught = teaching_set(dev, read_templates(data), own, seed)
    abuse = _fit_abuse(taught)
    calibration = _calibrate(abuse, dev, seed)
    language = _fit_language(dev, seed)
    concerns = fit_concerns(read_concerns(corpus), own, dev)
    arrays: dict[str, NDArray[Any]] = {
        "abuse": abuse.weights.astype(np.float16),
        "language": language.weights.astype(np.float16),
        **concerns.arrays,
    }
    hashes = hashes_of(data, corpus)
    about = {
        "model_version": f"{SERIES}-{_digest(hashes, seed, arrays)}",
        "seed": seed,
        "data_sha256": hashes,
        "recipe": _recipe(),
        "intercept": abuse.intercept,
        "language_intercept": language.intercept,
        "threshold": 1.0 / (1.0 + MISS_COST),
        **asdict(calibration),
        "texts": len(taught),
        "abusive": sum(example.abusive for example, _ in taught),
        **concerns.about,
    }
    pack(out, arrays, about)
    pack(out, arrays, {**about, "figures": _figures(out, data)})
    return _report(about, out)


def _figures(path: Path, data: Path) -> dict[str, Any]:
    """Figures as `evaluate` measures them, but for speed, which differs from run to run."""
    figures = evaluate(Model.load(path), data).as_dict()
    del figures["messages_per_second"]
    return figures


def _report(about: dict[str, Any], out: Path) -> TrainingReport:
    return TrainingReport(
        model_version=about["model_version"],
        path=out,
        size=out.stat().st_size,
        texts=about["texts"],
        abusive=about["abusive"],
        threshold=about["threshold"],
        calibration_auroc=about["auroc"],
        data_hashes=about["data_sha256"],
    )


def _fit_abuse(taught: Sequence[tuple[Example, float]]) -> Fit:
    labels = np.array([example.abusive for example, _ in taught])
    weights = np.array([weight for _, weight in taught])
    matrix = _matrix([example.text for example, _ in taught])
    return fit(matrix, labels, Recipe(strength=_STRENGTH, tolerance=1e-3), weights)


def _matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    blocks = []
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        found = featurise([normalise(text) for text in batch])
        shape = (len(batch), DIMENSIONS)
        blocks.append(sparse.csr_matrix((found.values, (found.rows, found.columns)), shape=shape))
    return sparse.vstack(blocks, format="csr")


def _calibrate(abuse: Fit, dev: Sequence[Example], seed: int) -> _Calibration:
    """Platt's scaling on messages not trained on, weighted to BASE_RATE: service mail, and letters made of it."""
    held = only(dev, Part.CALIBRATE)
    letters = compose(sentences_of(held), _CALIBRATION_LETTERS, np.random.default_rng(seed), part=Part.CALIBRATE)
    service = [example for example in held if example.source in SERVICE_MAIL]
    examples = [*service, *letters]
    labels = np.array([example.abusive for example in examples])
    raw = _raw_scores(abuse, [example.text for example in examples])
    weights = base_rate_weights(labels, BASE_RATE) * labels.size
    platt = fit(raw[:, None], labels, Recipe(strength=1e6), weights)
    return _Calibration(slope=float(platt.weights[0]), offset=platt.intercept, auroc=auroc(raw, labels))


def _raw_scores(abuse: Fit, texts: Sequence[str]) -> NDArray[np.float64]:
    weights = abuse.weights.astype(np.float16).astype(np.float32)
    batches = (texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH))
    return np.concatenate([logits([normalise(text) for text in batch], weights, abuse.intercept) for batch in batches])


def _fit_language(dev: Sequence[Example], seed: int) -> Fit:
    """English of every source against Welsh, half of it cut to its first words: most of the hard cases are short."""
    taught = only(dev, Part.TEACH)
    welsh = [example.text for example in taught if example.source == WELSH]
    english = [example.text for example in taught if example.source != WELSH]
    picked = np.random.default_rng(seed).permutation(len(english))[: 2 * len(welsh)]
    texts = [normalise(text) for text in (*welsh, *(english[place] for place in picked))]
    texts = [" ".join(text.split()[: 1 + place % 4]) if place % 2 else text for place, text in enumerate(texts)]
    labels = np.arange(len(texts)) < len(welsh)
    return fit(language_counts(texts), labels, Recipe(strength=300.0))


def _recipe() -> dict[str, Any]:
    return {
        "strength": _STRENGTH,
        "base_rate": BASE_RATE,
        "miss_cost": MISS_COST,
        "letters": LETTERS,
        "identity_repeats": IDENTITY_REPEATS,
        "pattern_repeats": PATTERN_REPEATS,
        "at_most": dict(AT_MOST),
        "weight": dict(WEIGHT),
        "left_out": sorted(LEFT_OUT),
    }


def _digest(hashes: dict[str, str], seed: int, arrays: dict[str, NDArray[Any]]) -> str:
    """Eight hexadecimal digits that change with the data, the recipe, or the weights that came of them."""
    stated = json.dumps({"data": hashes, "recipe": _recipe(), "seed": seed}, sort_keys=True)
    content = b"".join(arrays[name].tobytes() for name in sorted(arrays))
    return hashlib.sha256(stated.encode() + content).hexdigest()[:8]
