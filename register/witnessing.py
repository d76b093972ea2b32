"""Holds the cases against the audit trail: a record that was altered or taken away behind its back shows."""

from collections.abc import Iterable, Iterator

from core.db import Database, in_parts
from register import case_store
from register.audit import AuditAction, AuditEvent, digest
from register.casework.case import Case
from register.records import canonical

_CASES_AT_ONCE = 200


def contradictions(database: Database, trail: Iterable[AuditEvent]) -> Iterator[str]:
    """What the cases no longer say as it was recorded, in words; what was erased is not missed."""
    kept: dict[str, dict[int, str]] = {}
    for event in trail:
        details = dict(event.details)
        if event.action == AuditAction.RECORDED and "digest" in details:
            kept.setdefault(event.subject, {})[int(details["number"])] = details["digest"]
        elif event.action == AuditAction.ERASED:
            kept.pop(event.subject, None)
    for part in in_parts(sorted(kept), _CASES_AT_ONCE):
        with database.transaction() as session:
            found = {case.ref: (case, case_store.salt(session, case.ref)) for case in case_store.cases(session, part)}
        for ref in part:
            yield from _of_case(ref, kept[ref], found.get(ref))


def _of_case(ref: str, digests: dict[int, str], found: tuple[Case, bytes] | None) -> Iterator[str]:
    if found is None:
        yield f"{ref} was recorded and is gone, though nobody erased it"
        return
    case, salt = found
    records = {event.number: digest(salt, canonical(event.record)) for event in case.events}
    for number in sorted(digests.keys() | records.keys()):
        if number not in digests:
            yield f"record {number} of {ref} was never noted in the trail"
        elif number not in records:
            yield f"record {number} of {ref} is gone"
        elif records[number] != digests[number]:
            yield f"record {number} of {ref} was altered"
