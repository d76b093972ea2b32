"""What happened in a case, in one order: what was recorded, and what became of its mail; for people and programs."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import ids
from ingest.store import DeliveryRow
from register.casework.case import CaseEvent
from register.casework.facts import Fact, Incident, Need
from register.casework.steps import Step
from register.casework.views import HIDDEN
from register.dates import COUNCIL_TIME
from register.exchange.spreadsheets import write_table
from register.records import record_as_data
from workers.telling import Event

COLUMNS = ("When", "What", "In words", "By", "Where recorded", "Policy")

Recorded = CaseEvent[Fact | Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened; `source` is the number of its record, or the reference of a message."""

    at: datetime
    what: str
    words: str
    by: str
    source: str
    policy: str = ""

    @property
    def moment(self) -> str:
        """When, by the council's clocks."""
        return self.at.astimezone(COUNCIL_TIME).isoformat(timespec="seconds")

    def as_row(self) -> tuple[str, ...]:
        """The cells under COLUMNS."""
        return self.moment, self.what, self.words, self.by, self.source, self.policy


def in_order(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    """The earliest first."""
    return tuple(sorted(happenings, key=lambda item: (item.at, item.source, item.what)))


def of_record(event: Recorded, *, needs: bool) -> Happening:
    """A record; an incident stands where it occurred (row 1.7). `needs`: whether a need may be read."""
    record = event.record
    data = {name: value for name, value in record_data(record, needs=needs).items() if name != "kind"}
    return Happening(
        at=record.at if isinstance(record, Incident) else event.at,
        what=record.kind,
        words=in_words(data),
        by=f"{event.by.name}, {event.by.job_title}",
        source=f"record {event.number}",
        policy=event.policy,
    )


def of_message(row: DeliveryRow, events: Sequence[Event]) -> tuple[Happening, ...]:
    """What became of a message."""
    ref = ids.message_ref(row.id)
    return tuple(
        Happening(at=event.at, what="message", words="\n".join((event.words, *event.details)), by="", source=ref)
        for event in events
    )


def record_data(record: Fact | Step, *, needs: bool) -> dict[str, Any]:
    """A record as data; who need not know a need still learns which adjustment to make (row 1.2)."""
    data = record_as_data(record)
    return data if needs or not isinstance(record, Need) else {**data, "need": HIDDEN, "agency": None}


def event_data(event: Recorded, *, needs: bool) -> dict[str, Any]:
    """A record with its number, when and by whom it was made, and under which policy."""
    return {
        "number": event.number,
        "recorded_at": event.at.astimezone(COUNCIL_TIME).isoformat(timespec="seconds"),
        "recorded_by": {"officer": event.by.officer, "name": event.by.name, "job_title": event.by.job_title},
        "policy": event.policy,
        **record_data(event.record, needs=needs),
    }


def as_csv(happenings: Iterable[Happening]) -> bytes:
    """A table for a spreadsheet program, in which no cell is a formula."""
    buffer = io.BytesIO()
    write_table(buffer, ".csv", COLUMNS, (item.as_row() for item in happenings))
    return buffer.getvalue()


def as_data(happenings: Iterable[Happening]) -> list[dict[str, str]]:
    """The same as JSON has it."""
    names = [column.lower() for column in COLUMNS]
    return [dict(zip(names, item.as_row(), strict=True)) for item in happenings]


def in_words(value: object) -> str:
    """Data for reading: what is empty is left out."""
    match value:
        case dict():
            return "; ".join(
                f"{name.replace('_', ' ')}: {in_words(item)}" for name, item in value.items() if _says(item)
            )
        case list():
            return ", ".join(f"({in_words(item)})" if isinstance(item, dict) else in_words(item) for item in value)
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _says(value: object) -> bool:
    return value not in (None, "", [], {})
