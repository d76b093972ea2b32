"""Teaches the heads; and reads each of our letters with heads that were not taught on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifier.heads import COLUMNS, TABLE, Heads, Read
from classifier.judgement import ABUSE, KINDS
from classifier.normalise import own_text
from classifier.passages import Passages
from classifier.training.counting import Counted
from classifier.training.fitting import Recipe, fit
from classifier.training.lessons import FOLDS, Lesson

_CONCERNS: Final = Recipe(strength=30.0, solver="liblinear")
_ABUSE: Final = Recipe(strength=50.0, solver="liblinear")
_SEEN_IN_OURS: Final = 2
_SEEN_IN_POSTS: Final = 20
_AT_ONCE: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taught:
    """Heads as they go into the weights file."""

    arrays: dict[str, NDArray[Any]]
    about: dict[str, Any]

    @property
    def heads(self) -> Heads:
        """The same, to read with."""
        return Heads.made_of(self.arrays, self.about)


def names_of(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """The heads that these teach: abuse, each kind of it, and each concern."""
    return (ABUSE, *KINDS, *sorted({lesson.concern for lesson in lessons} - {""}))


def teach(lessons: Sequence[Lesson], names: Sequence[str]) -> Taught:
    """The heads of these names, on one table."""
    counted = Counted.of([lesson.text for lesson in lessons])
    ours = np.array([lesson.ours for lesson in lessons])
    seen = (counted.texts_with(ours) >= _SEEN_IN_OURS) | (counted.texts_with(~ours) >= _SEEN_IN_POSTS)
    columns = np.flatnonzero(seen)
    rarity = counted.rarity(columns)
    matrix = counted.scaled(columns, rarity)
    tasks = _tasks(lessons, names)
    table = np.zeros((columns.size + 1, len(tasks) + 1), dtype=np.float32)
    intercepts = []
    for head, task in enumerate(tasks.values()):
        counts = np.flatnonzero(task.weights)
        fitted = fit(matrix[counts], task.labels[counts], task.recipe, task.weights[counts])
        table[1:, head] = fitted.weights * rarity[1:]
        intercepts.append(fitted.intercept)
    table[:, -1] = rarity**2
    return Taught(
        arrays={COLUMNS: columns.astype(np.int32), TABLE: table.astype(np.float16)},
        about={"heads": {"names": list(tasks), "intercepts": intercepts, "taught": len(lessons)}},
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    labels: NDArray[np.bool_]
    weights: NDArray[np.float64]
    recipe: Recipe


def _tasks(lessons: Sequence[Lesson], names: Sequence[str]) -> Mapping[str, _Task]:
    abuse = np.array([lesson.abuse_weight for lesson in lessons])
    concern = np.array([lesson.concern_weight for lesson in lessons])
    said = np.array([lesson.kind for lesson in lessons])
    told = np.array([lesson.concern for lesson in lessons])
    abusive = np.array([lesson.abusive for lesson in lessons])
    tasks = {}
    for name in names:
        if name in {ABUSE, *KINDS}:
            tasks[name] = _Task(labels=abusive if name == ABUSE else said == name, weights=abuse, recipe=_ABUSE)
        else:
            tasks[name] = _Task(labels=told == name, weights=concern, recipe=_CONCERNS)
    return tasks


def read_all(heads: Heads, texts: Sequence[str]) -> Read:
    """What `heads` make of any number of texts."""
    batches = [texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE)]
    each = [heads.read(Passages.of([own_text(text) for text in batch])) for batch in batches]
    none = np.zeros((0, len(heads.names)))
    return Read(
        whole=np.concatenate([none, *(one.whole for one in each)]),
        best=np.concatenate([none, *(one.best for one in each)]),
        line=np.concatenate([none, *(one.line for one in each)]),
        sentences=np.concatenate([np.zeros(0, dtype=np.int64), *(one.sentences for one in each)]),
    )


def read_apart(lessons: Sequence[Lesson], asked: Sequence[Lesson]) -> Read:
    """What heads make of each lesson `asked` that were taught on the other folds only."""
    names = names_of(lessons)
    whole, best, line = np.zeros((3, len(asked), len(names)))
    sentences = np.ones(len(asked), dtype=np.int64)
    for fold in range(FOLDS):
        rows = [row for row, lesson in enumerate(asked) if lesson.fold == fold]
        heads = teach([lesson for lesson in lessons if not lesson.ours or lesson.fold != fold], names).heads
        read = read_all(heads, [asked[row].text for row in rows])
        whole[rows], best[rows], line[rows], sentences[rows] = read.whole, read.best, read.line, read.sentences
    return Read(whole=whole, best=best, line=line, sentences=sentences)
