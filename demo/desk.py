"""The register at work, as the officers of Sampleshire see it: what is due, and who somebody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from core import clock
from policies.vocabulary import Channel
from register import officer_store
from register.casework.due import Due
from register.dates import day_of
from register.lookup import Found, look_up
from routing import review_store
from routing.action import ReviewKind
from workers.reminding import due_until
from workers.runtime import Runtime

_FRONT_DESK = "front.desk"
_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNow:
    """What is due on one day, of one kind: the first of these deadlines, and how many more there are like it.

    `item` is the question that the first raised, if its day has come.
    """

    first: Due
    more: int
    item: int | None
    today: date

    @property
    def when(self) -> str:
        """How the day stands to today."""
        if self.first.on < self.today:
            return "overdue"
        return "today" if self.first.on == self.today else "soon"


def due_soon(runtime: Runtime) -> Sequence[DueNow]:
    """What is due in the register within 30 days, the longest overdue first."""
    today = day_of(clock.now())
    dues = sorted(due_until(runtime, today + _AHEAD), key=lambda due: (due.on, due.kind, due.ref))
    with runtime.database.transaction() as session:
        asked = review_store.open_reviews(session, ReviewKind.DUE)
        alike = [tuple(group) for _, group in groupby(dues, key=lambda due: (due.on, due.kind))]
        return [
            DueNow(first=first, more=len(others), item=_question(first, asked), today=today) for first, *others in alike
        ]


def _question(due: Due, asked: Iterable[review_store.ReviewRow]) -> int | None:
    return next((row.id for row in asked if row.case_ref == due.ref and due.told(due.on) in row.question), None)


def looked_up(runtime: Runtime, words: str, *, purpose: str, channel: Channel) -> tuple[Found, ...]:
    """What the front desk is told; like every look-up it is in the audit trail from now on."""
    with runtime.database.transaction() as session:
        everyone = officer_store.officers(session).everyone
        desk = runtime.desk(next(officer for officer in everyone if officer.username == _FRONT_DESK))
        return look_up(session, desk, [words], purpose=purpose, channel=channel).found
