"""`mailroom classifier retrain`: what reviewers decided moves the heads a little, and our own letters hold them.

It needs no data but what the package and the council hold, and seconds. The model of posts, the concerns, the languages
and the scales stay as they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships no types

from classifier.heads import COLUMNS, TABLE
from classifier.judgement import ABUSE, KINDS
from classifier.labelled import Labelled
from classifier.own_letters import CORPUS, Part, only, read_concerns, read_corpus
from classifier.training.counting import Counted
from classifier.training.fitting import Fit, Rows, fit_from
from classifier.training.lessons import Lesson, letters_of

_STRENGTH: Final = 3.0
_DECISION_WEIGHT: Final = 1.0
_ALONE: Final = 30.0
"""What one reviewer's decisions weigh at most where others have decided little."""

_SEEN_AT_LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adapted:
    """The contents of a weights file, as they go into one."""

    arrays: dict[str, NDArray[Any]]
    about: dict[str, Any]


def adapt(
    arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any], decided: Sequence[Labelled], *, corpus: Path = CORPUS
) -> Adapted:
    """What a weights file held, moved by `decided`. Equal input gives equal weights, on one kind of machine."""
    with threadpool_limits(limits=1):
        return _adapt(arrays, about, decided, corpus)


def _adapt(
    arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any], decided: Sequence[Labelled], corpus: Path
) -> Adapted:
    own = letters_of(read_concerns(corpus), only(read_corpus(corpus), Part.TEACH))
    known = [lesson for lesson in own if lesson.abuse_weight > 0]
    letters: list[Labelled | Lesson] = [*decided, *known]
    counted = Counted.of([letter.text for letter in letters])
    columns, table = _widened(arrays, counted, len(decided), about["heads"]["taught"])
    rarity = np.sqrt(table[:, -1])
    matrix = counted.scaled(columns, rarity)
    weights = np.array([*weights_of(decided), *(lesson.abuse_weight for lesson in known)])
    names, intercepts = about["heads"]["names"], list(about["heads"]["intercepts"])
    for name in (ABUSE, *KINDS):
        head = names.index(name)
        labels = np.array([letter.abusive if name == ABUSE else letter.kind == name for letter in letters])
        start = Fit(weights=table[1:, head] / rarity[1:], intercept=intercepts[head])
        new, old = (
            Rows(matrix=matrix[part], labels=labels[part], weights=weights[part])
            for part in (slice(len(decided)), slice(len(decided), None))
        )
        found = fit_from(start, new, old, _STRENGTH)
        table[1:, head] = found.weights * rarity[1:]
        intercepts[head] = found.intercept
    return Adapted(
        arrays={**arrays, COLUMNS: columns.astype(np.int32), TABLE: table.astype(np.float16)},
        about={**about, "heads": {**about["heads"], "intercepts": intercepts}},
    )


def weights_of(decided: Sequence[Labelled]) -> list[float]:
    """What each decision counts: nobody's together outweigh those of all the others, beyond a few of their own."""
    each = Counter(one.by for one in decided)
    most = {by: max(_ALONE, float(len(decided) - count)) for by, count in each.items()}
    return [_DECISION_WEIGHT * min(1.0, most[one.by] / each[one.by]) for one in decided]


def _widened(
    arrays: Mapping[str, NDArray[Any]], counted: Counted, decided: int, taught: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Columns and table with room for what only the letters decided on have, and more than one of them."""
    columns, table = arrays[COLUMNS].astype(np.int64), arrays[TABLE].astype(np.float64)
    theirs = np.arange(counted.families[0].shape[0]) < decided
    seen = counted.texts_with(theirs)
    new = np.setdiff1d(np.flatnonzero(seen >= _SEEN_AT_LEAST), columns)
    rows = np.zeros((new.size, table.shape[1]))
    rows[:, -1] = (np.log((1 + taught) / (1 + seen[new])) + 1.0) ** 2
    return np.concatenate([columns, new]), np.vstack([table, rows])
