"""An exported audit trail: one JSON object a line, verified by itself, without the database it came from.

The first line names the format and the point of the chain it starts from, the last one the point it ends at.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from register.audit import AuditEvent, Fault, Finding, Verification, Witness, as_text, details_from, verify

FORMAT = "council-mailroom-audit-1"

_FIELDS = frozenset(field.name for field in fields(AuditEvent))


class AuditFileError(Exception):
    """A line cannot be read; the message says which."""

    def __init__(self, line: int, wrong: str) -> None:
        super().__init__(f"line {line} {wrong}: this is no trail that `mailroom audit export` wrote, or it was damaged")


def lines(start: Witness, events: Iterable[AuditEvent]) -> Iterator[str]:
    """The lines of a file, each with its end; `start` is the point of the chain before the first event."""
    yield _line({"format": FORMAT, "start": str(start)})
    end = start
    for event in events:
        yield _line({**{name: getattr(event, name) for name in _FIELDS}, "at": as_text(event.at)})
        end = event.witness
    yield _line({"witness": str(end)})


def verify_lines(given: Iterable[str], *, expected: Witness | None = None) -> Verification:
    """Verify a file line by line, however long it is. Raises AuditFileError."""
    reader = _Reader(given)
    verification = verify(reader.events(), start=reader.start, expected=expected)
    if reader.end == verification.head:
        return verification
    words = "the file ends without the witness of its last event: lines were cut off or taken out"
    finding = Finding(Fault.TRUNCATED, verification.head.seq, words)
    return Verification(head=verification.head, events=verification.events, findings=(*verification.findings, finding))


class _Reader:
    """Reads the first line at once; `end` is known when the events have been read to their end."""

    def __init__(self, given: Iterable[str]) -> None:
        self.end: Witness | None = None
        self._objects = _objects(given)
        number, first = next(self._objects, (1, {}))
        if first.get("format") != FORMAT:
            raise AuditFileError(number, f"does not say {FORMAT}")
        self.start = _witness(number, first.get("start"))

    def events(self) -> Iterator[AuditEvent]:
        for number, found in self._objects:
            if self.end is not None:
                raise AuditFileError(number, "stands behind the last one")
            if found.keys() == {"witness"}:
                self.end = _witness(number, found["witness"])
            else:
                yield _event(number, found)


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, sort_keys=True) + "\n"


def _objects(given: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(given, start=1):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            raise AuditFileError(number, "is no JSON") from None
        if not isinstance(found, dict):
            raise AuditFileError(number, "is no JSON object")
        yield number, found


def _witness(number: int, text: object) -> Witness:
    try:
        return Witness.parse(str(text))
    except ValueError:
        raise AuditFileError(number, "has no witness") from None


def _event(number: int, found: dict[str, Any]) -> AuditEvent:
    if found.keys() != _FIELDS or not isinstance(found["seq"], int):
        raise AuditFileError(number, "is no event")
    try:
        at = datetime.fromisoformat(found["at"])
        details = details_from(found["details"])
    except (TypeError, ValueError):
        raise AuditFileError(number, "is no event") from None
    if at.tzinfo is None:
        raise AuditFileError(number, "tells a moment without its zone")
    return AuditEvent(**{**found, "at": at, "details": details})
