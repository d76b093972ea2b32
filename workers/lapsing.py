"""Erases kept mail that belongs to no case, once the time that the council keeps it is over.

No policy says how long: the time is `retention.kept_mail` of the settings, from the day on which the last question
about a message was answered. What anybody is still asked about, what is still to be moved or sent, and what a case
needs stays. It goes part by part, each in a transaction of its own: it may be ended anywhere, and begun again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.db import Session
from core.settings import Settings
from ingest import content_store
from ingest import erasure_store as ledger
from ingest.headers import PREFIX
from ingest.parse import read
from ingest.store import DeliveryRow
from policies.period import Period
from register import audit_store, case_store
from register.audit import AuditAction
from register.casework.facts import IdentifierKind
from register.dates import after, day_of
from register.evidence import address_keys
from register.recording import Desk
from routing import erasure_store
from workers.entombing import entomb, remaining
from workers.erasing import require_asset_owner
from workers.holding import claimed

AT_ONCE = 500
"""How many messages are erased in one transaction."""

_NO_CASE = ""  # as subject in the audit trail: no reference of a case can be that


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """Mail of one mailbox whose time is over. `remaining` tells where copies lie that only a person can delete."""

    mailbox: str
    messages: int
    kept_bytes: int
    remaining: tuple[str, ...]


def lapsed(session: Session, desk: Desk, settings: Settings) -> list[Lapsed]:
    """What may go today, by mailbox; that it was looked at is noted.

    Raises RefusedError for anybody but the information asset owner.
    """
    rows = _lapsed(session, desk, settings)
    note = desk.note(AuditAction.ERASURE_PREVIEWED, _NO_CASE, messages=str(len(rows)), **_schedule(settings))
    audit_store.append(session, [note], now=desk.now)
    return list(_by_mailbox(session, rows))


def lapsed_ids(session: Session, desk: Desk, settings: Settings) -> tuple[int, ...]:
    """The same, to be erased part by part."""
    return tuple(row.id for row in _lapsed(session, desk, settings))


def erase(session: Session, desk: Desk, settings: Settings, ids: Sequence[int]) -> list[Lapsed]:
    """Erase those of these messages whose time is over, all in this transaction; returns what was there, by mailbox.

    Everything is looked at anew here, whatever a preview said. Raises RefusedError for anybody but the information
    asset owner.
    """
    ledger.lock(session, ids)
    rows = _lapsed(session, desk, settings, among=ids)
    if not rows:
        return []
    found = list(_by_mailbox(session, rows))
    entomb(session, rows, erasure_store.OF_NO_CASE, now=desk.now)
    counts = {"messages": len(rows), "bytes": sum(item.kept_bytes for item in found)}
    details = {name: str(count) for name, count in counts.items()}
    audit_store.append(
        session, [desk.note(AuditAction.ERASED, _NO_CASE, **details, **_schedule(settings))], now=desk.now
    )
    return found


def _lapsed(
    session: Session, desk: Desk, settings: Settings, among: Iterable[int] | None = None
) -> tuple[DeliveryRow, ...]:
    require_asset_owner(desk, "mail that belongs to no case")
    today, time = day_of(desk.now), Period.parse(settings.retention.kept_mail)
    since = erasure_store.at_rest(session, among)
    over = [number for number, moment in since.items() if after(day_of(moment), time, desk.calendar) <= today]
    rows = ledger.rows(session, over)
    needed = claimed(session, rows)
    free = [row for row in rows if row.id not in needed]
    held = _held_addresses(session)
    kept = {row.id for row in free if held & _authors(session, row)} if held else set()
    return tuple(sorted((row for row in free if row.id not in kept), key=lambda row: (row.mailbox, row.id)))


def _held_addresses(session: Session) -> frozenset[str]:
    """The addresses of everybody whose case is under a legal hold: what they wrote may be asked for in court."""
    held = (case for case in case_store.cases(session, case_store.refs_with(session, "legal-hold")) if case.held)
    emails = (item.value for case in held for item in case.identifiers if item.identifier is IdentifierKind.EMAIL)
    return frozenset(key for email in emails for key in address_keys(email))


def _authors(session: Session, row: DeliveryRow) -> frozenset[str]:
    beginning = next(content_store.pieces(session, row.content), b"") if row.content else b""
    message = read(beginning[:PREFIX])
    named = (*message.from_, *message.sender, *message.reply_to)
    return frozenset(key for address in named for key in address_keys(address.addr_spec))


def _by_mailbox(session: Session, rows: Sequence[DeliveryRow]) -> Iterator[Lapsed]:
    sizes = content_store.sizes(session, {row.content for row in rows if row.content})
    for mailbox, group in groupby(rows, key=lambda row: row.mailbox):
        its = tuple(group)
        yield Lapsed(
            mailbox=mailbox,
            messages=len(its),
            kept_bytes=sum(sizes.get(row.content or "", 0) for row in its),
            remaining=remaining(session, its),
        )


def _schedule(settings: Settings) -> dict[str, str]:
    return {"kept_mail": settings.retention.kept_mail.replace(" ", "-")}
