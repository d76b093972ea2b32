"""How the classifier and its reviewers have fared lately: for people to look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from classifier.measuring.drift import Agreement, agreement, stability_index
from core import clock
from routing import label_store
from routing import store as decisions
from routing.label_store import Labelling
from routing.store import Scored
from workers.runtime import Runtime

LATELY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days: letters scored, the share flagged, and the share the model was silent about (0..1)."""

    begins: datetime
    letters: int
    flagged: float
    silent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """What one officer judged: how many letters, and of the flagged ones the share they upheld (0..1)."""

    officer: str
    judged: int
    upheld: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """`shift` compares the scores of the last seven days with those before, all by the model in force.

    See `classifier.measuring.drift`.
    """

    model_version: str
    weeks: tuple[Week, ...]
    shift: float
    reviewers: tuple[Reviewer, ...]
    agreement: Agreement


def watch(runtime: Runtime, *, days: int) -> Watched:
    """The last so many days."""
    now = clock.now()
    since = now - timedelta(days=days)
    version = runtime.models.look().in_force.version
    with runtime.database.transaction() as session:
        scored = list(decisions.scored_since(session, since))
        given = label_store.all_given(session, since)
    counted = [one for one in scored if not one.silent and one.model_version == version]
    return Watched(
        model_version=version,
        weeks=tuple(_weeks(scored, since, now)),
        shift=stability_index(
            [one.score for one in counted if one.at < now - LATELY],
            [one.score for one in counted if one.at >= now - LATELY],
        ),
        reviewers=tuple(_reviewers(given)),
        agreement=agreement(_judged(given)),
    )


def _weeks(scored: Sequence[Scored], since: datetime, now: datetime) -> Iterator[Week]:
    begins = since
    while begins < now:
        there = [one for one in scored if begins <= one.at < begins + LATELY]
        yield Week(
            begins=begins,
            letters=len(there),
            flagged=_share([one.flagged for one in there]),
            silent=_share([one.silent for one in there]),
        )
        begins += LATELY


def _reviewers(given: Sequence[Labelling]) -> Iterator[Reviewer]:
    for officer in sorted({one.by for one in given}):
        theirs = [one for one in given if one.by == officer]
        upheld = [not one.label.acceptable for one in theirs if one.flagged]
        yield Reviewer(officer=officer, judged=len(theirs), upheld=_share(upheld))


def _judged(given: Sequence[Labelling]) -> Iterable[list[bool]]:
    """Of each letter, whether each who judged it found it acceptable."""
    each: dict[int, list[bool]] = defaultdict(list)
    for one in given:
        each[one.delivery_id].append(one.label.acceptable)
    return each.values()


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else float("nan")
