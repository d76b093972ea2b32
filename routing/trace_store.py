"""The traces of messages, one row for each that counts; see `routing.evidence.trace` for what a trace is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, in_parts, storable
from ingest.store import DeliveryRow
from routing.evidence.campaigns import FEWEST_WORDS, Sent
from routing.evidence.contacts import Mail
from routing.evidence.trace import Trace

_AT_ONCE = 1000
_LONGEST = 320  # characters of a phrase or an address


class TraceRow(Base):
    """What is remembered of one message for the figures: digests, lengths, cue words; never its text or its writer."""

    __tablename__ = "mail_trace"
    __table_args__ = (
        Index("ix_mail_trace_writer", "writer", "received_at"),
        Index("ix_mail_trace_received", "received_at", "writer", "mailbox"),
    )

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    writer: Mapped[str] = mapped_column(String(32))
    mailbox: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime]
    recipients: Mapped[list[Any]]
    words: Mapped[int]
    sketch: Mapped[list[Any]]
    marks: Mapped[list[Any]]
    demands: Mapped[list[Any]]
    insists: Mapped[list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A trace with the delivery it is of."""

    delivery: int
    mailbox: str
    received_at: datetime
    trace: Trace


def remember(session: Session, traces: Sequence[Remembered]) -> None:
    """Keep these; of a delivery that has one already the newer counts."""
    if not traces:
        return
    forget(session, [one.delivery for one in traces])
    session.execute(insert(TraceRow), [_values(one) for one in traces])


def of_writers(
    session: Session, writers: Collection[str], addresses: Mapping[str, str], *, since: datetime | None = None
) -> tuple[Mail, ...]:
    """The mail of these writers, oldest first; `addresses` are those of the mailboxes. What was erased is gone."""
    columns = (*TraceRow.__table__.columns, DeliveryRow.fingerprint, DeliveryRow.letter_key)
    found: list[Row[Any]] = []
    for part in in_parts(sorted(writers)):
        query = select(*columns).join(DeliveryRow, DeliveryRow.id == TraceRow.delivery_id)
        query = query.where(TraceRow.writer.in_(part))
        found += session.execute(query if since is None else query.where(TraceRow.received_at >= since))
    return tuple(_mail(row, addresses.get(row.mailbox, "")) for row in sorted(found, key=lambda row: row.delivery_id))


def totals(session: Session, since: datetime) -> Iterator[tuple[str, int, frozenset[str]]]:
    """For each writer since then: how many messages, and in which mailboxes."""
    query = select(TraceRow.writer, TraceRow.mailbox, func.count()).where(TraceRow.received_at >= since)
    query = query.group_by(TraceRow.writer, TraceRow.mailbox).order_by(TraceRow.writer)
    writer, count, mailboxes = "", 0, frozenset[str]()
    for row_writer, mailbox, messages in session.execute(query):
        if row_writer != writer:
            if count:
                yield writer, count, mailboxes
            writer, count, mailboxes = row_writer, 0, frozenset()
        count, mailboxes = count + messages, mailboxes | {mailbox}
    if count:
        yield writer, count, mailboxes


def sent(session: Session, since: datetime, until: datetime) -> Iterator[Sent]:
    """Every message of that time that is long enough to be somebody's template."""
    query = select(
        TraceRow.delivery_id, TraceRow.writer, TraceRow.mailbox, TraceRow.received_at, TraceRow.sketch
    ).where(TraceRow.received_at >= since, TraceRow.received_at < until, TraceRow.words >= FEWEST_WORDS)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield Sent(
            delivery=row.delivery_id,
            writer=row.writer,
            mailbox=row.mailbox,
            received_at=row.received_at,
            sketch=tuple(row.sketch),
        )


def writers_before(session: Session, moment: datetime) -> frozenset[str]:
    """Whose mail from before then is remembered still."""
    return frozenset(session.scalars(select(TraceRow.writer).where(TraceRow.received_at < moment).distinct()))


def forget_writers(session: Session, writers: Iterable[str], *, before: datetime) -> None:
    """Remember nothing of what these wrote before then."""
    for part in in_parts(writers):
        session.execute(delete(TraceRow).where(TraceRow.writer.in_(part), TraceRow.received_at < before))


def forget(session: Session, delivery_ids: Iterable[int]) -> None:
    """Remember nothing of these deliveries."""
    for part in in_parts(delivery_ids):
        session.execute(delete(TraceRow).where(TraceRow.delivery_id.in_(part)))


def _values(one: Remembered) -> dict[str, Any]:
    trace = one.trace
    return {
        "delivery_id": one.delivery,
        "writer": trace.writer,
        "mailbox": one.mailbox,
        "received_at": one.received_at,
        "recipients": _storable(trace.recipients),
        "words": trace.words,
        "sketch": list(trace.sketch),
        "marks": sorted(trace.marks),
        "demands": _storable(trace.demands),
        "insists": _storable(trace.insists),
    }


def _storable(phrases: Iterable[str]) -> list[str]:
    return [storable(words, _LONGEST) for words in phrases]


def _mail(row: Row[Any], address: str) -> Mail:
    return Mail(
        delivery=row.delivery_id,
        received_at=row.received_at,
        mailbox=row.mailbox,
        address=address,
        print_=row.fingerprint,
        letter=row.letter_key,
        trace=Trace(
            writer=row.writer,
            recipients=tuple(row.recipients),
            words=row.words,
            sketch=tuple(row.sketch),
            marks=frozenset(row.marks),
            demands=tuple(row.demands),
            insists=tuple(row.insists),
        ),
    )
