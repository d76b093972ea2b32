"""How the ledger stands: totals, delays and cursors, for people who look after the mailboxes; nothing is written."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.delivery import DeliveryState
from ingest.store import CursorRow, DeliveryRow


def totals(session: Session) -> list[tuple[str, str, str | None, int]]:
    """How many deliveries each mailbox has by state and disposition."""
    columns = (DeliveryRow.mailbox, DeliveryRow.state, DeliveryRow.disposition)
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    return [(mailbox, state, disposition, count) for mailbox, state, disposition, count in session.execute(query)]


def shunted(session: Session) -> dict[str, int]:
    """How many deliveries of each mailbox the software keeps failing on."""
    query = select(DeliveryRow.mailbox, func.count()).where(DeliveryRow.shunted_at.is_not(None))
    return {mailbox: count for mailbox, count in session.execute(query.group_by(DeliveryRow.mailbox))}  # noqa: C416


def unsettled(session: Session, mailbox: str, *, older_than: float, now: datetime) -> list[tuple[int, str]]:
    """Deliveries recorded more than `older_than` seconds ago that have no disposition, with their state."""
    query = select(DeliveryRow.id, DeliveryRow.state).where(
        DeliveryRow.mailbox == mailbox,
        DeliveryRow.state.in_([DeliveryState.RECORDED, DeliveryState.DECIDED]),  # what the index begins with
        DeliveryRow.recorded_at < now - timedelta(seconds=older_than),
    )
    return [(delivery_id, state) for delivery_id, state in session.execute(query)]


def cursors(session: Session) -> tuple[CursorRow, ...]:
    """Every mailbox's cursor."""
    return tuple(session.scalars(select(CursorRow).order_by(CursorRow.mailbox)))


def mailboxes_with_work(session: Session) -> dict[str, tuple[int, int]]:
    """How many deliveries without a disposition each mailbox has, in the settings or not, and the oldest of them."""
    query = (
        select(DeliveryRow.mailbox, func.count(), func.min(DeliveryRow.id))
        .where(DeliveryRow.state.in_([DeliveryState.RECORDED, DeliveryState.DECIDED]))
        .group_by(DeliveryRow.mailbox)
    )
    return {mailbox: (count, oldest) for mailbox, count, oldest in session.execute(query)}
