"""Sampleshire as values: its mail, what each message should come to and why, its register, its officers.

The messages lie in `demo/council/messages` as YAML, to be read and added to by people; those too broken for that lie in
`demo/council/raw` as they are. Every date is written as seen from the week of `BEGAN`; shown later, the council moves
there whole, by whole weeks, so that what is overdue, due and to come is so on any day.
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

import yaml

from demo.letter import Letter, rendered, rendered_raw
from register.officers import Officer
from routing.action import ReviewKind

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday; the day from which the messages count their days
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


class Outcome(StrEnum):
    """Where a message comes to lie."""

    KEPT = "kept"
    REDIRECTED = "redirected"
    FILED = "filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMessage:
    """One delivery: `label` names it, `outcome` and `reviews` say what should happen, and `why` is for a person.

    `received` counts from the beginning of the sample. A letter to several mailboxes is several deliveries. One that is
    `shown` is an example of what comes to its outcome.
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


def register_text(began: datetime = BEGAN) -> str:
    """The register's file, its dates as seen from the week of `began`."""
    return _moved((council_folder() / "register.yaml").read_text(encoding="utf-8"), began)


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


@cache
def sample_mail(began: datetime = BEGAN) -> tuple[SampleMessage, ...]:
    """Every delivery in the order of receipt; `began`, aware, is only seen in their Date headers."""
    deliveries = [delivery for sheet in _sheets() for letter in sheet for delivery in _deliveries(letter, began)]
    return tuple(sorted(deliveries, key=lambda delivery: (delivery.received, delivery.label, delivery.mailbox)))


def _sheets() -> Iterator[tuple[Letter, ...]]:
    sheets = (council_folder() / "messages").iterdir()
    for sheet in sorted(sheets, key=lambda path: path.name):
        items = yaml.safe_load(sheet.read_text(encoding="utf-8"))["messages"]
        yield tuple(Letter.model_validate(item) for item in items)


def _deliveries(letter: Letter, began: datetime) -> Iterator[SampleMessage]:
    raw = _bytes(letter, began + letter.received)
    for mailbox in letter.addressed:
        yield SampleMessage(
            label=letter.id,
            mailbox=mailbox,
            raw=raw,
            received=letter.received,
            outcome=Outcome(letter.outcome),
            reviews=frozenset(map(ReviewKind, letter.reviews)),
            why=letter.why,
            shown=letter.shown,
            language=letter.language,
        )


def _bytes(letter: Letter, sent: datetime) -> bytes:
    if letter.raw is None:
        return rendered(letter, sent)
    return rendered_raw((council_folder() / "raw" / letter.raw).read_bytes(), sent)
