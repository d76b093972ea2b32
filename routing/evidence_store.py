"""How much mail a case has brought, counted: evidence for people, read by nothing that decides."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.store import DeliveryRow
from register.dates import day_of
from routing.store import DecisionCaseRow, DecisionRow


def mail_by_week(session: Session, ref: str) -> dict[str, dict[str, int]]:
    """Deliveries about a case by mailbox, for each week by its Monday, council time (row 0.3)."""
    query = (
        select(DeliveryRow.id, DeliveryRow.mailbox, DeliveryRow.received_at)
        .join(DecisionRow, DecisionRow.delivery_id == DeliveryRow.id)
        .join(DecisionCaseRow, DecisionCaseRow.decision_id == DecisionRow.id)
        .where(DecisionCaseRow.case_ref == ref)
        .distinct()
    )
    weeks: dict[str, Counter[str]] = {}
    for _, mailbox, received_at in session.execute(query.order_by(DeliveryRow.received_at, DeliveryRow.id)):
        day = day_of(received_at)
        weeks.setdefault((day - timedelta(days=day.weekday())).isoformat(), Counter())[mailbox] += 1
    return {monday: dict(sorted(counts.items())) for monday, counts in weeks.items()}
