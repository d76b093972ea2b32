"""Sampleshire as values: its mail, what each message should come to and why, its register, its officers.

The messages lie in `demo/council/messages` as YAML, to be read and added to by people; those too broken for that lie in
`demo/council/raw` as they are. Every date is written as seen from the week of `BEGAN`; shown later, the council moves
there whole, by whole weeks, so that what is overdue, due and to come is so on any day. What still waits for a day of
the week has to move by days: that day is always three days ahead, and the mail that waits for it came yesterday.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from demo.letter import Letter, Reply, rendered, rendered_raw
from policies import shelf
from policies.vocabulary import LetterKind, RestrictionKind
from register.officers import Officer
from register.restrictions import DAYS
from routing.action import ReviewKind

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday; the day from which the messages count their days
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NEAREST = "001"  # of the policies that are shipped
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(DAYS)})\b")


class Outcome(StrEnum):
    """Where a message comes to lie."""

    KEPT = "kept"
    REDIRECTED = "redirected"
    FILED = "filed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMessage:
    """One delivery: `label` names it, `outcome` and `reviews` say what should happen, and `why` is for a person.

    `received` counts from the beginning of the sample. A letter to several mailboxes is several deliveries. One that is
    `shown` is an example of what comes to its outcome, and one with an `example` of what that kind of restriction does:
    an officer gives the `answer`, `then` it lies there, and its writer is `told` by that letter.
    """

    label: str
    mailbox: str
    raw: bytes
    received: timedelta
    outcome: Outcome
    reviews: frozenset[ReviewKind]
    why: str
    shown: bool = False
    language: str = "en"
    example: RestrictionKind | None = None
    answer: Reply | None = None
    then: Outcome | None = None
    told: LetterKind | None = None

    @property
    def expected(self) -> str:
        """The outcome in one word or a few, such as `kept` or `kept, identity`."""
        return ", ".join((self.outcome, *sorted(self.reviews)))


def council_folder() -> Traversable:
    """Where `council.toml`, `register.yaml`, `messages` and `raw` lie."""
    return resources.files("demo") / "council"


def last_week(today: date) -> datetime:
    """When the sample begins if it is shown `today`: on the Monday before this week's, so that all of it has come."""
    monday = today - timedelta(days=today.weekday() + 7)
    return datetime.combine(monday, BEGAN.timetz())


def register_text(began: datetime = BEGAN, today: date | None = None) -> str:
    """The register's file, its dates as seen from the week of `began`, its day of the week as seen `today`."""
    text = _moved((council_folder() / "register.yaml").read_text(encoding="utf-8"), began)
    later = (today or _monday_after(began)).weekday()
    return _WEEKDAY.sub(lambda found: DAYS[(DAYS.index(found[0]) + later) % len(DAYS)], text)


def policy_text() -> str:
    """Sampleshire's policy: the nearest of those that are shipped, but for what `policy.yaml` has in its place."""
    nearest = yaml.safe_load(shelf.place(_NEAREST).read_text(encoding="utf-8"))
    own = yaml.safe_load((council_folder() / shelf.FILE).read_text(encoding="utf-8"))
    return yaml.safe_dump(_in_place(nearest, own), allow_unicode=True, sort_keys=False, width=120)


def _in_place(nearest: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(nearest)
    for name, value in own.items():
        before = nearest.get(name)
        merged[name] = _in_place(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def officers(began: datetime = BEGAN) -> tuple[Officer, ...]:
    """The officers of `council.toml`, called by their job titles; the first is one who may bring a register in."""
    told = tomllib.loads((council_folder() / "council.toml").read_text(encoding="utf-8"))["officers"]
    return tuple(
        Officer(
            username=one["username"],
            name=f"The {one['job_title']}",
            job_title=one["job_title"],
            service=one["service"],
            roles=frozenset(one["roles"]),
            trained_on=one["trained_on"] + (began.date() - BEGAN.date()),
        )
        for one in told
    )


def _moved(text: str, began: datetime) -> str:
    weeks = began.date() - BEGAN.date()
    return _DATE.sub(lambda found: str(date.fromisoformat(found[0]) + weeks), text)


def _monday_after(began: datetime) -> date:
    return began.date() + timedelta(days=7)


@cache
def sample_mail(began: datetime = BEGAN, today: date | None = None) -> tuple[SampleMessage, ...]:
    """Every delivery in the order of receipt; `began`, aware, is only seen in their Date headers, but for the latest.

    Those come the day before `today`: the Monday after that week, unless told.
    """
    counted = (today or _monday_after(began)) - began.date()
    deliveries = [one for sheet in _sheets() for letter in sheet for one in _deliveries(letter, began, counted)]
    return tuple(sorted(deliveries, key=lambda delivery: (delivery.received, delivery.label, delivery.mailbox)))


def _sheets() -> Iterator[tuple[Letter, ...]]:
    sheets = (council_folder() / "messages").iterdir()
    for sheet in sorted(sheets, key=lambda path: path.name):
        items = yaml.safe_load(sheet.read_text(encoding="utf-8"))["messages"]
        yield tuple(Letter.model_validate(item) for item in items)


def _deliveries(letter: Letter, began: datetime, counted: timedelta) -> Iterator[SampleMessage]:
    """`counted`: the days from the first of the sample to that on which it is shown."""
    received = letter.received if letter.received >= timedelta(0) else counted + letter.received
    raw = _bytes(letter, began + received)
    for mailbox in letter.addressed:
        yield SampleMessage(
            label=letter.id,
            mailbox=mailbox,
            raw=raw,
            received=received,
            outcome=Outcome(letter.outcome),
            reviews=frozenset(map(ReviewKind, letter.reviews)),
            why=letter.why,
            shown=letter.shown,
            language=letter.language,
            example=letter.example,
            answer=letter.answer,
            then=Outcome(letter.then) if letter.then else None,
            told=letter.told,
        )


def _bytes(letter: Letter, sent: datetime) -> bytes:
    if letter.raw is None:
        return rendered(letter, sent)
    return rendered_raw((council_folder() / "raw" / letter.raw).read_bytes(), sent)
