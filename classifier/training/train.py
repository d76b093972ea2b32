"""`mailroom classifier train`: fits the weights on the data folder and on our own letters."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships no types

from classifier.concerns import Concerns
from classifier.judgement import ABUSE, POSTS
from classifier.measuring.evaluation import evaluate
from classifier.model import Model
from classifier.own_letters import CORPUS, Example, Part, only, read_concerns, read_corpus, read_samples
from classifier.packed import pack
from classifier.training import calibrating, selection
from classifier.training.calibrating import Held
from classifier.training.datasets import SERVICE_MAIL, SPOKEN_ABUSE, WELSH, hashes_of, read_dev, read_templates
from classifier.training.fitting import Fit
from classifier.training.languages import fit_languages
from classifier.training.lessons import Lesson, lessons_of, service_mail
from classifier.training.posts import fit_posts, posts_logits
from classifier.training.teaching import Taught, names_of, read_all, read_apart, teach

SERIES: Final = "abuse-2026.11"
"""First part of every model version of this series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """What was trained, on what, and where the weights are."""

    model_version: str
    path: Path
    size: int
    texts: int
    abusive: int
    threshold: float
    data_hashes: dict[str, str]


def train(data: Path, out: Path, seed: int, *, corpus: Path = CORPUS) -> TrainingReport:
    """Fit on the folder `data` and on our own letters in `corpus`, write the weights file `out`.

    Equal data and seed give equal bytes on one kind of machine: sums are taken in one thread, in one order. Raises
    DataFolderError.
    """
    with threadpool_limits(limits=1):
        return _train(data, out, seed, corpus)


def _train(data: Path, out: Path, seed: int, corpus: Path) -> TrainingReport:
    dev, own = read_dev(data), read_corpus(corpus)
    examples = selection.teaching_set(dev, read_templates(data), own, seed)
    posts = fit_posts(examples)
    lessons = lessons_of(read_concerns(corpus), own, dev, examples)
    taught = teach(lessons, names_of(lessons))
    languages = fit_languages(dev, read_samples(corpus), only(own, Part.TEACH), seed)
    arrays = {POSTS: posts.weights, **taught.arrays, **languages.arrays}
    hashes = hashes_of(data, corpus)
    stated = {
        "seed": seed,
        "data_sha256": hashes,
        "recipe": _recipe(),
        "posts": {"intercept": posts.intercept, "taught": len(examples)},
        "texts": len(lessons),
        "abusive": sum(lesson.abusive for lesson in lessons),
        **taught.about,
        **languages.about,
        **_measured(lessons, taught, posts, dev),
    }
    about = {"model_version": f"{SERIES}-{_digest(stated, arrays)}", **stated}
    pack(out, arrays, about)
    pack(out, arrays, {**about, "figures": _figures(out, data, corpus)})
    return _report(about, out)


def _measured(lessons: Sequence[Lesson], taught: Taught, posts: Fit, dev: Sequence[Example]) -> dict[str, Any]:
    """Thresholds and scales, from what each head was not taught on."""
    ours = [lesson for lesson in lessons if lesson.ours]
    others = [example for example in only(dev, Part.CALIBRATE) if _is_mail(example)]
    service = [example.text for example in service_mail(dev, Part.CALIBRATE)]
    apart = read_apart(lessons, ours)
    held = Held(
        heads=taught.heads,
        lessons=ours,
        lessons_read=apart,
        lessons_posts=posts_logits(posts, taught.heads, [lesson.text for lesson in ours]),
        others=others,
        others_read=read_all(taught.heads, [example.text for example in others]),
        others_posts=posts_logits(posts, taught.heads, [example.text for example in others]),
    )
    kinds = sorted({lesson.concern for lesson in lessons} - {""})
    concerns = Concerns.made_of({**taught.about, "concerns": {"kinds": kinds, "thresholds": [0.0] * len(kinds)}})
    near = concerns.odds(apart)[[lesson.near for lesson in ours]]
    thresholds = calibrating.concern_thresholds(kinds, near, concerns.odds(read_all(taught.heads, service)))
    return {**calibrating.scales(held), "concerns": {"kinds": kinds, "thresholds": thresholds}}


def _is_mail(example: Example) -> bool:
    """What a service is sent, ordinary Welsh, and abuse of the sources that speak to somebody."""
    return example.source in (SPOKEN_ABUSE if example.abusive else SERVICE_MAIL | {WELSH})


def _figures(path: Path, data: Path, corpus: Path) -> dict[str, Any]:
    """Figures as `evaluate` measures them, but for speed, which differs from run to run."""
    figures = evaluate(Model.load(path), data, corpus=corpus).as_dict()
    del figures["public"]["messages_per_second"]
    return figures


def _report(about: Mapping[str, Any], out: Path) -> TrainingReport:
    return TrainingReport(
        model_version=about["model_version"],
        path=out,
        size=out.stat().st_size,
        texts=about["texts"],
        abusive=about["abusive"],
        threshold=about["scales"][ABUSE]["threshold"],
        data_hashes=about["data_sha256"],
    )


def _recipe() -> dict[str, Any]:
    return {"posts": selection.recipe(), "calibration": calibrating.recipe()}


def _digest(stated: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> str:
    """Eight hexadecimal digits that change with the data, the recipe, the scales or the weights that came of them."""
    told = json.dumps(stated, sort_keys=True).encode()
    content = b"".join(np.ascontiguousarray(arrays[name]).tobytes() for name in sorted(arrays))
    return hashlib.sha256(told + content).hexdigest()[:8]
