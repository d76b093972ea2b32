"""What is held of messages, where copies of them lie, and its erasure down to a tombstone of each.

Whose time is over is not for here: `workers.erasing` says it of cases, `workers.lapsing` of mail that belongs to none.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from classifier import model_store
from core.db import Session
from ingest import content_store
from ingest import erasure_store as ledger
from ingest.delivery import Disposition
from ingest.store import DeliveryRow
from routing import erasure_store, history_store, label_store, trace_store
from routing.effect import EffectKind

_BROUGHT = {EffectKind.MOVE: "in {mailbox}/{target}", EffectKind.APPEND: "at {target}", EffectKind.SEND: "at {target}"}


def kept_of(session: Session, rows: Sequence[DeliveryRow]) -> frozenset[str]:
    """The kept bytes of these messages, and of what was sent of them, by their SHA-256."""
    return frozenset(row.content for row in rows if row.content) | erasure_store.payloads(session, _ids(rows))


def remaining(session: Session, rows: Sequence[DeliveryRow]) -> tuple[str, ...]:
    """Where copies lie that only a person can delete, and how many in each place."""
    places: Counter[str] = Counter()
    for (mailbox, kind, target), count in erasure_store.copies(session, _ids(rows)).items():
        places[_BROUGHT[EffectKind(kind)].format(mailbox=mailbox, target=target)] += count
    places.update(f"in {row.mailbox}/{row.folder}" for row in rows if row.disposition == Disposition.KEPT)
    return tuple(f"{count} {place}" for place, count in sorted(places.items()))


def entomb(session: Session, rows: Sequence[DeliveryRow], words: str, *, now: datetime) -> None:
    """Erase all that is held of these messages but their tombstones; `words` stand where anything was said of them."""
    digests, ids = kept_of(session, rows), _ids(rows)
    content_store.lock(session, digests)  # before it is asked who else needs them
    erasure_store.erase_decisions(session, ids, words)
    erasure_store.erase_effects(session, ids, words)
    erasure_store.erase_questions(session, ids, words)
    history_store.forget(session, ids)
    label_store.forget(session, ids)
    model_store.forget(session, ids)
    trace_store.forget(session, ids)
    ledger.entomb(session, ids, now=now)
    content_store.remove(session, digests - _still_needed(session, digests))


def _ids(rows: Sequence[DeliveryRow]) -> tuple[int, ...]:
    return tuple(row.id for row in rows)


def _still_needed(session: Session, digests: frozenset[str]) -> frozenset[str]:
    """The same bytes may be of another message as well, whether it belongs to a case or to none."""
    return ledger.contents_needed(session, digests) | erasure_store.payloads_needed(session, digests)
