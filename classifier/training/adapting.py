"""`mailroom classifier retrain`: what reviewers decided moves the heads a little, and our own letters hold them.

It needs no data but what the package and the council hold, and seconds. How often the flags were right moves the scales
as well. The model of posts, the concerns, the languages and the thresholds stay as they are.

Nothing is learnt that one reviewer alone says, however often: the heads are taught without each of them in turn, and
move only as far as they do whoever is left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped] # ships no types
from scipy.special import logit  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships no types

from classifier.heads import COLUMNS, TABLE, Heads
from classifier.judgement import ABUSE, KINDS, Judgement
from classifier.labelled import Labelled
from classifier.languages import Languages
from classifier.normalise import own_text
from classifier.own_letters import CORPUS, Part, only, read_concerns, read_corpus
from classifier.training.counting import Counted
from classifier.training.fitting import Fit, Rows, fit_from, fit_shift
from classifier.training.lessons import Lesson, letters_of

FEWEST_REVIEWERS: Final = 2

_GROUPS: Final = 5  # of reviewers, at most: each is left out once
_STRENGTH: Final = 3.0
_SEEN_AT_LEAST: Final = 2
_USUAL_SHIFT: Final = 0.5
_MOST_SHIFT: Final = math.log(3.0)
_CERTAIN: Final = 20.0
_DIGITS: Final = 6
_HEADS: Final = (ABUSE, *KINDS)

Movement: TypeAlias = NDArray[np.float64]
"""What is added to the weights of _HEADS (columns): a row for each feature, and last the intercepts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adapted:
    """The contents of a weights file, as they go into one."""

    arrays: dict[str, NDArray[Any]]
    about: dict[str, Any]

    @property
    def judgement(self) -> Judgement:
        """The same, to judge with."""
        return Judgement.made_of(Heads.made_of(self.arrays, self.about), self.arrays, self.about)


def adapt(
    arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any], decided: Sequence[Labelled], *, corpus: Path = CORPUS
) -> Adapted:
    """What a weights file held, moved by `decided`. Equal input gives equal weights, on one kind of machine."""
    groups = _groups(decided)
    if np.unique(groups).size < FEWEST_REVIEWERS:
        return Adapted(arrays=dict(arrays), about=dict(about))
    own = letters_of(read_concerns(corpus), only(read_corpus(corpus), Part.TEACH))
    known = [lesson for lesson in own if lesson.abuse_weight > 0]
    with threadpool_limits(limits=1):
        letters = _Letters.of(arrays, about, decided, known)
        without = [letters.moved_by(np.flatnonzero(groups != group).tolist()) for group in np.unique(groups)]
        shift = _agreed(letters.shifts(without, groups))
        adapted = letters.written(_agreed(without))
    scales = {name: {**scale, "offset": scale["offset"] + float(shift)} for name, scale in about["scales"].items()}
    return Adapted(arrays=adapted.arrays, about={**adapted.about, "scales": scales})


def _groups(decided: Sequence[Labelled]) -> NDArray[np.int64]:
    """Which group each decision's reviewer is in; nobody is in two."""
    reviewers = sorted({one.by for one in decided})
    return np.array([reviewers.index(one.by) % _GROUPS for one in decided], dtype=np.int64)


def _agreed(movements: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """As far as all of them go in one direction; nowhere where they differ."""
    least, most = np.minimum.reduce(movements), np.maximum.reduce(movements)
    return np.where(least > 0, least, np.where(most < 0, most, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Letters:
    """The letters decided on, and after them those that are known; `columns` and `table` have room for both."""

    arrays: Mapping[str, NDArray[Any]]
    about: Mapping[str, Any]
    decided: Sequence[Labelled]
    known: Sequence[Lesson]
    columns: NDArray[np.int64]
    table: NDArray[np.float64]
    matrix: sparse.csr_matrix

    @classmethod
    def of(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        about: Mapping[str, Any],
        decided: Sequence[Labelled],
        known: Sequence[Lesson],
    ) -> Self:
        """Count what they say."""
        counted = Counted.of([*(one.text for one in decided), *(one.text for one in known)])
        columns, table = _widened(arrays, counted, len(decided))
        matrix = counted.scaled(columns, np.sqrt(table[:, -1]))
        return cls(
            arrays=arrays, about=about, decided=decided, known=known, columns=columns, table=table, matrix=matrix
        )

    def moved_by(self, rows: Sequence[int]) -> Movement:
        """How far the decisions of these places move the heads."""
        chosen, rarity = [self.decided[row] for row in rows], np.sqrt(self.table[1:, -1])
        movement = np.zeros((self.table.shape[0], len(_HEADS)))
        for place, name in enumerate(_HEADS):
            head = self.about["heads"]["names"].index(name)
            start = Fit(weights=self.table[1:, head] / rarity, intercept=self.about["heads"]["intercepts"][head])
            new = Rows(matrix=self.matrix[rows], labels=_labels(chosen, name), weights=np.ones(len(rows)))
            old = Rows(
                matrix=self.matrix[len(self.decided) :],
                labels=_labels(self.known, name),
                weights=np.array([one.abuse_weight for one in self.known]),
            )
            found = fit_from(start, new, old, _STRENGTH)
            movement[:-1, place] = found.weights - start.weights
            movement[-1, place] = found.intercept - start.intercept
        return movement

    def written(self, movement: Movement) -> Adapted:
        """The weights file, moved so."""
        table, rarity = self.table.copy(), np.sqrt(self.table[1:, -1])
        names, intercepts = self.about["heads"]["names"], list(self.about["heads"]["intercepts"])
        for place, name in enumerate(_HEADS):
            head = names.index(name)
            table[1:, head] += movement[:-1, place] * rarity
            intercepts[head] += float(movement[-1, place])
        return Adapted(
            arrays={**self.arrays, COLUMNS: self.columns.astype(np.int32), TABLE: table.astype(np.float16)},
            about={**self.about, "heads": {**self.about["heads"], "intercepts": intercepts}},
        )

    def shifts(self, without: Sequence[Movement], groups: NDArray[np.int64]) -> list[NDArray[np.float64]]:
        """What to add to log odds so that flags are right as often as they say, without each group in turn.

        Each letter is read by heads that its own reviewer did not move. Only what the flag asked about counts: what
        people found by themselves was chosen for being abuse.
        """
        asked = np.array([one.flagged for one in self.decided], dtype=np.bool_)
        odds, labels = np.zeros(len(self.decided)), _labels(self.decided, ABUSE)
        for group, movement in enumerate(without):
            there = np.flatnonzero(asked & (groups == group))
            odds[there] = self._odds(movement, there.tolist())
        kept = [asked & (groups != group) for group in range(len(without))]
        each = [
            fit_shift(odds[some], labels[some], np.ones(int(some.sum())), usual=_USUAL_SHIFT, most=_MOST_SHIFT)
            for some in kept
        ]
        return [np.array(round(shift, _DIGITS)) for shift in each]

    def _odds(self, movement: Movement, rows: Sequence[int]) -> NDArray[np.float64]:
        own = [own_text(self.decided[row].text) for row in rows]
        languages = Languages.made_of(self.arrays, self.about).of_texts(own)
        scores = self.written(movement).judgement.of(own, languages)[ABUSE]
        return np.asarray(np.clip(logit(scores), -_CERTAIN, _CERTAIN))


def _labels(letters: Sequence[Labelled | Lesson], name: str) -> NDArray[np.bool_]:
    return np.array([one.abusive if name == ABUSE else one.kind == name for one in letters], dtype=np.bool_)


def _widened(
    arrays: Mapping[str, NDArray[Any]], counted: Counted, decided: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Columns and table with room for what only the letters decided on have, and more than one of them.

    What is new is as long as what is unknown, so that no other head reads it otherwise.
    """
    columns, table = arrays[COLUMNS].astype(np.int64), arrays[TABLE].astype(np.float64)
    theirs = np.arange(counted.families[0].shape[0]) < decided
    seen = counted.texts_with(theirs)
    new = np.setdiff1d(np.flatnonzero(seen >= _SEEN_AT_LEAST), columns)
    rows = np.zeros((new.size, table.shape[1]))
    rows[:, -1] = table[0, -1]
    return np.concatenate([columns, new]), np.vstack([table, rows])
