"""Reads every case anew: after a change of policy, of the calendar, or of the council's closures."""

from core.db import Database, in_parts
from register import audit_store, case_store, recording
from register.audit import AuditAction
from register.recording import Desk

AT_ONCE = 500  # cases in one transaction, so that others can work in between


def refresh_all(database: Database, desk: Desk, *, at_once: int = AT_ONCE) -> int:
    """Write entries, keys and deadlines of all cases as they follow from their records now; tells of how many.

    Nothing is recorded in any case. Once all are done it is noted; what is interrupted can be begun again.
    """
    with database.transaction() as session:
        refs = case_store.refs(session)
    count = 0
    for part in in_parts(refs, at_once):
        with database.transaction() as session:
            count += recording.refresh(session, desk, part)
    with database.transaction() as session:
        note = desk.note(AuditAction.REFRESHED, "register", cases=str(count), policy=desk.policies.newest.version)
        audit_store.append(session, [note], now=desk.now)
    return count
