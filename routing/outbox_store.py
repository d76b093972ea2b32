"""The outbox: effects that committed decisions owe the world, each until it is proven to have happened."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from core.clock import LONGEST_WAIT
from core.db import Base, RowId, storable
from routing.effect import DueEffect, Effect, EffectKind

PENDING = "pending"
PERFORMED = "performed"
OVERTAKEN = "overtaken"  # a person had moved the original first
CANCELLED = "cancelled"


class OutboxRow(Base):
    """One effect that a committed decision owes the world; its key is unique for ever."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_pending", "mailbox", "state", "due_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    mailbox: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(320))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    after: Mapped[str | None] = mapped_column(String(40))
    content: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))  # one of the four above
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]  # unlike `due_at`, which is our own pace, this is part of what was decided
    performed_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]  # when a reconciliation saw a move's copy at its destination
    evidence: Mapped[str | None] = mapped_column(String(200))  # how we know that it happened
    last_error: Mapped[str | None] = mapped_column(String(500))
    newest_before: Mapped[int | None] = mapped_column(BigInteger)  # of a restore, see `returns_store.begin_restores`
    missed: Mapped[int]  # how often a restore did not find the original
    returned_at: Mapped[datetime | None]  # when a mail system said that a letter, though taken, was not delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedEffect:
    """An effect on its way into the outbox; `content` is the SHA-256 of its kept payload."""

    decision_id: int
    delivery_id: int
    mailbox: str
    effect: Effect
    content: str | None


def owe(session: Session, owed: Sequence[OwedEffect], *, now: datetime) -> None:
    """Write effects into the outbox, but for those whose key is there: an effect is owed once, whoever decides it."""
    keys = [item.effect.key for item in owed]
    known = set(session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(keys)))) if keys else set()
    for item in owed:  # what an overturned decision no longer owed, or a restore that was given up, is owed again
        if item.effect.key in known:
            given_up = (OutboxRow.state == OVERTAKEN) & (OutboxRow.kind == EffectKind.RESTORE)
            undone = (OutboxRow.key == item.effect.key) & ((OutboxRow.state == CANCELLED) | given_up)
            values = {"state": PENDING, "due_at": now, "not_before": item.effect.not_before, "missed": 0}
            session.execute(update(OutboxRow).where(undone).values(values))
    fresh = {item.effect.key: _row(item, now) for item in owed if item.effect.key not in known}
    if fresh:
        session.execute(insert(OutboxRow), list(fresh.values()))


def due_effects(
    session: Session, mailbox: str, kind: EffectKind, *, now: datetime, limit: int
) -> tuple[DueEffect, ...]:
    """Effects of this mailbox and kind whose time has come and whose predecessor was performed, oldest first."""
    before = aliased(OutboxRow)
    blocked = select(before.id).where(before.key == OutboxRow.after, before.state != PERFORMED).exists()
    query = (
        select(OutboxRow)
        .where(OutboxRow.mailbox == mailbox, OutboxRow.state == PENDING, OutboxRow.kind == kind, ~blocked)
        .where(or_(OutboxRow.due_at <= now, OutboxRow.due_at > now + LONGEST_WAIT))
        .where(or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= now))
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
    )
    return tuple(_due(row) for row in session.scalars(query))


def begin_effects(session: Session, ids: Iterable[int], *, due_again: datetime) -> frozenset[int]:
    """Note the attempt before it is made; should it never end, it is due again then, to be verified first.

    Returns those of these that are still owed: an answer may have taken one back since it was found to be due.
    """
    begun = (
        update(OutboxRow)
        .where(OutboxRow.id.in_(list(ids)), OutboxRow.state == PENDING)
        .values(attempts=OutboxRow.attempts + 1, due_at=due_again)
        .returning(OutboxRow.id)
    )
    return frozenset(session.scalars(begun))


def postpone_effects(session: Session, ids: Iterable[int], *, due_at: datetime) -> None:
    """Let these wait, though nothing was tried: what they need does not answer."""
    session.execute(update(OutboxRow).where(OutboxRow.id.in_(list(ids))).values(due_at=due_at))


def effects_performed(session: Session, evidence: dict[int, str], *, now: datetime) -> None:
    """Record what was done; `evidence` says by effect id how we know."""
    for words in set(evidence.values()):
        ids = [effect_id for effect_id, said in evidence.items() if said == words]
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(ids))
            .values(state=PERFORMED, performed_at=now, evidence=storable(words, 200), last_error=None)
        )


def effect_failed(session: Session, effect_id: int, error: str, *, due_at: datetime) -> None:
    """Remember why, and when to try again."""
    values: dict[str, Any] = {"last_error": storable(error, 500), "due_at": due_at}
    session.execute(update(OutboxRow).where(OutboxRow.id == effect_id).values(values))


def cancel_effects(session: Session, delivery_id: int) -> int:
    """Cancel what a superseded decision still owed; returns how many effects that were.

    A letter stays owed while an identical message of another delivery waits for it, and a move, out or back, that was
    begun until it is known what became of it.
    """
    other = aliased(OutboxRow)
    waited_for = select(other.id).where(
        other.after == OutboxRow.key, other.delivery_id != delivery_id, other.state == PENDING
    )
    result = session.execute(
        update(OutboxRow)
        .where(OutboxRow.delivery_id == delivery_id, OutboxRow.state == PENDING, ~waited_for.exists())
        .where(or_(OutboxRow.kind.not_in([EffectKind.MOVE, EffectKind.RESTORE]), OutboxRow.attempts == 0))
        .values(state=CANCELLED)
        .returning(OutboxRow.id)
    )
    return len(result.all())


def effects_overtaken(session: Session, effect_ids: Iterable[int], *, now: datetime) -> None:
    """Record moves that a person forestalled, with what was to follow them: there was nothing left to move."""
    ids = list(effect_ids)
    keys = list(session.scalars(select(OutboxRow.key).where(OutboxRow.id.in_(ids)))) if ids else []
    follows = OutboxRow.after.in_(keys) & (OutboxRow.state == PENDING)
    session.execute(
        update(OutboxRow)
        .where(or_(OutboxRow.id.in_(ids), follows))
        .values(state=OVERTAKEN, performed_at=now, evidence="a person had moved it")
    )


def with_handovers(session: Session, delivery_ids: Iterable[int]) -> frozenset[int]:
    """Those of these deliveries whose originals are moved only after something of them has reached the SPOC."""
    query = select(OutboxRow.delivery_id).where(
        OutboxRow.delivery_id.in_(list(delivery_ids)), OutboxRow.kind == EffectKind.MOVE, OutboxRow.after.is_not(None)
    )
    return frozenset(session.scalars(query))


def without_pending_effects(session: Session, delivery_ids: Iterable[int]) -> frozenset[int]:
    """Those of these deliveries to which nothing is owed any more."""
    wanted = frozenset(delivery_ids)
    query = select(OutboxRow.delivery_id).where(OutboxRow.delivery_id.in_(list(wanted)), OutboxRow.state == PENDING)
    return wanted - frozenset(session.scalars(query))


def known_keys(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Those of these keys that are of effects of ours: how a letter of our own is known when it comes back."""
    return (
        frozenset(session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(list(keys))))) if keys else frozenset()
    )


def letters(session: Session, keys: Collection[str]) -> tuple[OutboxRow, ...]:
    """The letters with these keys that bring diverted mail to somebody."""
    wanted = OutboxRow.key.in_(list(keys)), OutboxRow.kind == EffectKind.SEND
    return tuple(session.scalars(select(OutboxRow).where(*wanted).order_by(OutboxRow.id))) if keys else ()


def effect_returned(session: Session, effect_id: int, *, now: datetime) -> bool:
    """Note that a letter was not delivered; False if that was known already."""
    known = OutboxRow.returned_at.is_not(None)
    noted = update(OutboxRow).where(OutboxRow.id == effect_id, ~known).values(returned_at=now)
    return session.execute(noted.returning(OutboxRow.id)).first() is not None


def of_delivery(session: Session, delivery_id: int) -> tuple[OutboxRow, ...]:
    """All effects ever owed for one delivery, in order."""
    query = select(OutboxRow).where(OutboxRow.delivery_id == delivery_id).order_by(OutboxRow.id)
    return tuple(session.scalars(query))


def _row(item: OwedEffect, now: datetime) -> dict[str, Any]:
    effect = item.effect
    return {
        "decision_id": item.decision_id,
        "delivery_id": item.delivery_id,
        "mailbox": item.mailbox,
        "kind": effect.kind,
        "target": effect.target,
        "key": effect.key,
        "after": effect.after,
        "content": item.content,
        "state": PENDING,
        "attempts": 0,
        "due_at": now,
        "not_before": effect.not_before,
        "missed": 0,
    }


def _due(row: OutboxRow) -> DueEffect:
    return DueEffect(
        id=row.id,
        delivery_id=row.delivery_id,
        kind=EffectKind(row.kind),
        target=row.target,
        key=row.key,
        begun=row.attempts > 0,
        attempts=row.attempts,
        content=row.content,
        not_before=row.not_before,
        missed=row.missed,
    )
