"""Tells operators at once of what cannot wait for somebody to open a queue: a danger, or a threat (row 1.12).

An event in the log, by which whatever watches the logs rings somebody; the message itself is not in it.
"""

from collections.abc import Iterable
from typing import Final

from core import ids, log
from routing.abuse import AT_ONCE
from routing.decision import Decision

_log: Final = log.get("workers")


def alert(decided: Iterable[tuple[int, Decision]]) -> None:
    """One event for each question of the highest priority; each is (delivery id, what was decided)."""
    for delivery_id, decision in decided:
        for asked in decision.reviews:
            if asked.priority == AT_ONCE:
                _log.warning("review.urgent", message_ref=ids.message_ref(delivery_id), queue=str(asked.kind))
