"""The mail of Sampleshire as values: what each message should come to, why, and its bytes, the same on every run.

The messages lie in `demo/council/messages` as YAML, to be read and added to by people; those too broken for that lie in
`demo/council/raw` as they are.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import yaml

from demo.letter import Letter, rendered, rendered_raw
from register.officers import Officer
from routing.action import ReviewKind

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday; the day from which the messages count their days


class Outcome(StrEnum):
    """Where a message comes to lie."""

    KEPT = "kept"
    REDIRECTED = "redirected"
    FILED = "filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMessage:
    """One delivery: `label` names it, `outcome` and `reviews` say what should happen, and `why` is for a person.

    `received` counts from the beginning of the sample. A letter to several mailboxes is several deliveries.
    """

    label: str
    mailbox: str
    raw: bytes
    received: timedelta
    outcome: Outcome
    reviews: frozenset[ReviewKind]
    why: str
    language: str = "en"

    @property
    def expected(self) -> str:
        """The outcome in one word or a few, such as `kept` or `kept, identity`."""
        return ", ".join((self.outcome, *sorted(self.reviews)))


def council_folder() -> Traversable:
    """Where `council.toml`, `register.yaml`, `messages` and `raw` lie."""
    return resources.files("demo") / "council"


def officers() -> tuple[Officer, ...]:
    """The officers of `council.toml`, called by their job titles; the first is one who may bring a register in."""
    told = tomllib.loads((council_folder() / "council.toml").read_text(encoding="utf-8"))["officers"]
    return tuple(
        Officer(
            username=one["username"],
            name=f"The {one['job_title']}",
            job_title=one["job_title"],
            service=one["service"],
            roles=frozenset(one["roles"]),
        )
        for one in told
    )


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
            language=letter.language,
        )


def _bytes(letter: Letter, sent: datetime) -> bytes:
    if letter.raw is None:
        return rendered(letter, sent)
    return rendered_raw((council_folder() / "raw" / letter.raw).read_bytes(), sent)
