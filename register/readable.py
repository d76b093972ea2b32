"""Which lines of the register an officer may see: those of the cases that are theirs to read."""

from collections.abc import Iterator, Sequence

from core.db import Session, in_parts
from policies.policy import Policy
from register import case_store
from register.casework.duty import answering, may_read, reading_roles
from register.casework.standing import CaseState, standing
from register.entry import RegisterEntry
from register.officers import Officer

Line = tuple[RegisterEntry, CaseState, str, str | None]
"""An entry with its state, and the service and username that own it; `register.store` lists them."""

_CASES_AT_ONCE = 500


def readable(session: Session, officer: Officer, policy: Policy, lines: Sequence[Line]) -> frozenset[str]:
    """The references of those whose case this officer may read; only cases that could name them are looked into."""
    if not officer.active:
        return frozenset()
    if officer.holds(reading_roles(policy)):
        return frozenset(entry.ref for entry, *_ in lines)
    of_service = {
        entry.ref for entry, _, service, _ in lines if service in {"", officer.service}
    }  # "": owned by nobody
    asked = sorted({*_naming(session, officer, lines)} - of_service)
    for part in in_parts(asked, _CASES_AT_ONCE):
        cases = case_store.cases(session, part)
        of_service.update(case.ref for case in cases if may_read(officer, standing(case), policy))
    return frozenset(of_service)


def _naming(session: Session, officer: Officer, lines: Sequence[Line]) -> Iterator[str]:
    signed, address = case_store.refs_naming(session, officer.username), (officer.email or "").lower()
    for entry, _, _, owner in lines:
        answers = any(address in answering(item.terms) for item in entry.restrictions)
        if entry.ref in signed or owner == officer.username or answers:
            yield entry.ref
