"""Lists cases to whoever may read them: what each is called, whose it is and what is in force; reading is noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.db import Session, in_parts
from register import audit_store, case_store, store
from register.audit import AuditAction
from register.casework.standing import CaseState
from register.entry import RegisterEntry
from register.readable import readable
from register.recording import Desk
from register.telling import state_today, told_today


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line for each case that the officer may read; `left_out` are those asked for that they may not."""

    lines: tuple[dict[str, Any], ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which cases: in a state, of a service, with an incident of a category, where restrictions were decided."""

    state: CaseState | None = None
    service: str | None = None
    category: str | None = None
    formal: bool = False


EVERY_CASE = Only()


def listed(session: Session, desk: Desk, only: Only = EVERY_CASE) -> Listed:
    """The cases this officer may read; that they were listed is noted."""
    wanted = [
        line
        for line in store.listed(session)
        if only.state in {None, line[1]}
        and only.service in {None, line[2]}
        and (line[0].restrictions or not only.formal)
    ]
    if only.category is not None:
        alike = _with_incidents_of(session, only.category, [entry.ref for entry, *_ in wanted])
        wanted = [line for line in wanted if line[0].ref in alike]
    allowed = readable(session, desk.officer, desk.in_force, wanted)
    lines = tuple(_line(*line, desk) for line in wanted if line[0].ref in allowed)
    left_out = len(wanted) - len(lines)
    note = desk.note(AuditAction.LISTED, "register", cases=str(len(lines)), left_out=str(left_out))
    audit_store.append(session, [note], now=desk.now)
    return Listed(lines=lines, left_out=left_out)


def _line(entry: RegisterEntry, state: CaseState, service: str, owner: str | None, desk: Desk) -> dict[str, Any]:
    return {
        "ref": entry.ref,
        "version": entry.version,
        "name": entry.name,
        "state": state.value,
        "service": service,
        "owner": owner,
        "in force": ", ".join(item.kind for item in entry.restrictions if item.in_force_at(desk.now)),
        "state today": state_today(entry, state, now=desk.now),
        "restrictions": told_today(entry, now=desk.now),
    }


def _with_incidents_of(session: Session, category: str, refs: Sequence[str]) -> frozenset[str]:
    return frozenset(
        case.ref
        for part in in_parts(refs)
        for case in case_store.cases(session, part)
        if any(category in incident.categories for incident in case.incidents)
    )
