"""The same, or nearly the same, text from many senders: shown to people, and never held against anybody (row 2.26)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from routing.evidence.sketches import Sketch, alike

FEWEST_WORDS = 20
"""A shorter text is nobody's template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message as far as campaigns are concerned."""

    delivery: int
    writer: str
    mailbox: str
    received_at: datetime
    sketch: Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One text, by the deliveries that have it, oldest first. It tells how many senders there are, and names none."""

    senders: int
    deliveries: tuple[int, ...]
    mailboxes: tuple[str, ...]
    first: datetime
    last: datetime


def campaigns(sent: Iterable[Sent], *, senders: int) -> tuple[Campaign, ...]:
    """Every text that at least so many senders have in common, the widest first."""
    mails = sorted(sent, key=lambda one: (one.received_at, one.delivery))
    texts = alike(one.sketch for one in mails)
    grouped: dict[Sketch, list[Sent]] = {}
    for one in mails:
        if one.sketch:
            grouped.setdefault(texts[one.sketch], []).append(one)
    found = [
        _campaign(group)
        for group in grouped.values()
        if len(group) >= senders and len({o.writer for o in group}) >= senders
    ]
    return tuple(sorted(found, key=lambda one: (-one.senders, one.first, one.deliveries)))


def _campaign(group: list[Sent]) -> Campaign:
    return Campaign(
        senders=len({one.writer for one in group}),
        deliveries=tuple(one.delivery for one in group),
        mailboxes=tuple(sorted({one.mailbox for one in group})),
        first=group[0].received_at,
        last=group[-1].received_at,
    )
