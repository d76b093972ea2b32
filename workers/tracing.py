"""Remembers of each message decided what the figures count; nothing that decides ever reads it."""

from collections.abc import Iterable

from ingest.delivery import Delivery
from ingest.message import Message
from routing.correspondence import Receipt
from routing.decision import Decision
from routing.evidence.trace import trace_of
from routing.trace_store import Remembered
from workers.runtime import Runtime


def traces(runtime: Runtime, decided: Iterable[tuple[Delivery, Message, Receipt, Decision]]) -> list[Remembered]:
    """The traces of these; what was erased before leaves none, nor mail to a mailbox that no restriction applies to."""
    key, staff = runtime.signing_key.encode(), runtime.policy.staff
    found = (
        (delivery, trace_of(message, staff=staff, key=key))
        for delivery, message, receipt, decision in decided
        if not (receipt.excluded or receipt.own_letter or _erased(decision))
    )
    return [
        Remembered(delivery=delivery.id, mailbox=delivery.mailbox, received_at=delivery.received_at, trace=trace)
        for delivery, trace in found
        if trace is not None
    ]


def _erased(decision: Decision) -> bool:
    """Whether it is an erased message that has turned up again."""
    return any(reason.code == "erased" for reason in decision.reasons)
