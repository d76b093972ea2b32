"""Remembers that a person on the register did not write from an address, so that nobody is asked about it again."""

from core import clock
from core.db import Session
from ingest import content_store
from ingest import store as ledger
from ingest.message import Message
from ingest.parse import read
from register import others_store
from register import store as register
from register.addresses import canonical
from register.evidence import other_key
from routing.decision import Decision
from routing.suggesting import obstacle
from workers.runtime import Runtime


def kept_message(runtime: Runtime, session: Session, delivery: ledger.DeliveryRow) -> tuple[Message, bytes] | None:
    """A message as kept, read whole, with its bytes; None where they are not held."""
    raw = content_store.get(session, delivery.content) if delivery.content else None
    if raw is None:
        return None
    return read(raw, trusted_authserv_id=runtime.settings.council.authserv_id, whole=True), raw


def disown(
    runtime: Runtime, session: Session, delivery: ledger.DeliveryRow, decision: Decision, by: str
) -> tuple[str, ...]:
    """Remember it of each case that the question named; returns those cases.

    Nothing is remembered of an address that the mail may not come from, or that many people's mail comes from.
    """
    kept = kept_message(runtime, session, delivery)
    if kept is None or obstacle(kept[0], runtime.policy.staff) is not None:
        return ()
    address = kept[0].from_[0].addr_spec
    refs = dict.fromkeys(version.rpartition("@")[0] for version in decision.register_versions)
    return tuple(ref for ref in refs if _note(session, ref, address, by))


def _note(session: Session, ref: str, address: str, by: str) -> bool:
    entry = register.entry(session, ref)
    key = other_key(ref, address)
    if entry is None or key is None or canonical(address) in set(map(canonical, entry.addresses)):
        return False
    others_store.note(session, ref, key, by=by, now=clock.now())
    return True
