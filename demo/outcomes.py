"""What came of the messages by kind, so that every one is accounted for and a few can stand for the rest."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from demo.sample import Outcome
from demo.show import Result
from routing.action import ReviewKind

_KINDS: tuple[tuple[Outcome, AbstractSet[ReviewKind], str], ...] = (
    (Outcome.REDIRECTED, set(), "redirected to the writer's point of contact"),
    (Outcome.FILED, set(), "filed: a person reads it, and says if it needs a reply after all"),
    (Outcome.WAITING, set(), "waiting: kept safe until the time at which the writer's e-mail is taken"),
    (Outcome.KEPT, {ReviewKind.SAFETY}, "kept, first in the queue: somebody may be in danger"),
    (Outcome.KEPT, {ReviewKind.STATUTORY}, "kept: a legal right, which no restriction touches"),
    (
        Outcome.KEPT,
        {ReviewKind.CONTEST, ReviewKind.COMPLAINT},
        "kept: an appeal or a complaint, so a person takes it up",
    ),
    (Outcome.KEPT, {ReviewKind.IDENTITY}, "kept: who wrote it is in doubt, so a person looks"),
    (
        Outcome.KEPT,
        {ReviewKind.MATTER, ReviewKind.NEW_INFORMATION},
        "kept: the same again, or something new? A person decides",
    ),
    (
        Outcome.KEPT,
        {ReviewKind.CLOSING, ReviewKind.POST},
        "kept: a person answers by post, or closes it by a stored letter",
    ),
    (Outcome.KEPT, {ReviewKind.PROPERTY}, "kept: names an address where a visit is a risk"),
    (Outcome.KEPT, {ReviewKind.ABUSE}, "kept: possible abuse, for a person to judge"),
    (Outcome.KEPT, set(), "kept, untouched: nothing restricts the writer here and now"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Messages that came to the same, in the order of receipt; `examples` are those that the sample shows."""

    outcome: str
    words: str
    results: tuple[Result, ...]

    @property
    def examples(self) -> tuple[Result, ...]:
        """A few to stand for all: the sample's own, or else the first."""
        return tuple(result for result in self.results if result.sample.shown) or self.results[:1]


def grouped(results: Iterable[Result]) -> tuple[Group, ...]:
    """Each message in exactly one group: the first that fits it, or else one of its own outcome, at the end."""
    waiting = list(results)
    groups: list[Group] = []
    for outcome, kinds, words in _KINDS:
        fitting = [one for one in waiting if _fits(one, outcome, kinds)]
        waiting = [one for one in waiting if one not in fitting]
        groups.append(Group(outcome=outcome, words=words, results=tuple(fitting)))
    for words in sorted({one.outcome for one in waiting}):
        rest = tuple(one for one in waiting if one.outcome == words)
        groups.append(Group(outcome=rest[0].disposition, words=words, results=rest))
    return tuple(group for group in groups if group.results)


def _fits(result: Result, outcome: Outcome, kinds: AbstractSet[ReviewKind]) -> bool:
    """Without kinds: what was kept fits only if nobody is asked, what was sent away in any case."""
    if result.disposition != outcome:
        return False
    return not kinds.isdisjoint(result.asked) if kinds else outcome is not Outcome.KEPT or not result.asked
