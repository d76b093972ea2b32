"""Officers as they come, change and go: each change is noted, and what depends on them is read anew."""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.db import Session
from register import audit_store, officer_store, recording, store
from register.audit import AuditAction
from register.dates import day_of
from register.officers import Officer
from register.recording import Desk
from register.records import RecordRefusedError, explained

_OFFICER = TypeAdapter(Officer)
_USERNAME = re.compile(r"[\w][\w.-]{0,99}")


def the_software(name: str = "mailroom") -> Officer:
    """Whoever acts without being an officer: the software itself, or an administrator's login."""
    return Officer(username=name, name="Council Mailroom", job_title="software", service="")


def on_behalf_of(officer: Officer) -> Officer:
    """The software, acting in the name of an officer who answers for what it does; it holds no role of theirs."""
    return replace(the_software(), name=officer.name, job_title=officer.job_title, service=officer.service)


def set_officer(session: Session, desk: Desk, username: str, given: Mapping[str, Any]) -> Officer:
    """Add an officer or change what is known of one; what is not given stays as it is.

    Raises RecordRefusedError for a field that is wrong or missing, and for a role the policy does not have.
    """
    if not _USERNAME.fullmatch(username):
        message = f"{username!r} is no user name: letters, digits, dots, hyphens and underscores, at most 100"
        raise RecordRefusedError(message)
    known = officer_store.officers(session).named(username)
    unknown = [name for name in given if name not in Officer.__dataclass_fields__ or name == "username"]
    if unknown:
        message = f"{', '.join(unknown)}: no field of an officer; they are {', '.join(Officer.__dataclass_fields__)}"
        raise RecordRefusedError(message)
    try:
        officer = _OFFICER.validate_python({**(asdict(known) if known else {}), **given, "username": username})
    except ValidationError as error:
        raise RecordRefusedError(explained(error, below=0)) from None
    strange = sorted(officer.roles - desk.policies.newest.roles.keys())
    if strange:
        message = f"roles: {', '.join(strange)} is none of {', '.join(desk.policies.newest.roles)}"
        raise RecordRefusedError(message)
    if officer.trained_on is not None and officer.trained_on > day_of(desk.now):
        message = f"trained_on: {officer.trained_on} is still to come: it is recorded when it has happened"
        raise RecordRefusedError(message)
    officer_store.save(session, officer)
    recording.refresh(session, desk, store.owned_by(session, username))
    audit_store.append(session, [desk.note(AuditAction.OFFICER_CHANGED, username)], now=desk.now)
    return officer
