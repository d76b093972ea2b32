"""Remembers which letters were about a matter, reads them back for deciding, and compares a letter with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.db import Session
from ingest import content_store
from ingest import store as ledger
from ingest.message import Message
from ingest.parse import read
from register.entry import RegisterEntry, Snapshot
from register.restrictions import LimitedTopics, matters_of
from routing import history_store
from routing import store as decisions
from routing.action import FileInto, FolderRole, ReviewKind
from routing.answering import Outcome
from routing.decision import Decision
from routing.history import PastLetter
from routing.history_store import AboutMatter
from routing.likeness import imprint
from routing.matters import matter_cited, matter_words
from routing.review_store import ReviewRow
from routing.whats_new import WhatsNew, whats_new
from workers.runtime import Runtime
from workers.twins import PUT_BACK

OF_MATTERS = frozenset({ReviewKind.MATTER, ReviewKind.NEW_INFORMATION, ReviewKind.READ_AND_FILE})
"""The queues in which people say whether a letter is about a matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What somebody who answers an item about a matter is shown; `matter` is empty where it may be of several."""

    matter: str
    evidence: str
    compared: WhatsNew


def earlier_letters(session: Session, snapshot: Snapshot) -> tuple[PastLetter, ...]:
    """The letters that mail of these people is held against; nothing is read where no restriction asks for it."""
    refs = sorted(entry.ref for entry in snapshot.entries if _by_matter(entry))
    return history_store.of_cases(session, refs) if refs else ()


def remember_filed(session: Session, decided: Iterable[tuple[int, Message, Decision]]) -> None:
    """Remember the letters that are filed with a matter, each by its delivery, and forget those put back by hand."""
    letters: list[AboutMatter] = []
    put_back: list[str] = []
    for delivery_id, message, decision in decided:
        if any(reason.code == PUT_BACK for reason in decision.reasons) and message.message_id:
            put_back.append(message.message_id)
        elif FileInto(FolderRole.FILED) in decision.actions:
            letters += _about(delivery_id, message, decision)
    history_store.forget_copies(session, put_back)
    history_store.remember(session, letters)


def remember_answer(session: Session, row: ledger.DeliveryRow, decision: Decision, item: ReviewRow) -> None:
    """Remember what somebody confirmed to be about a matter; forget what they put back."""
    confirmed = item.outcome == Outcome.CONFIRM and item.kind in OF_MATTERS
    if confirmed and row.content:
        raw = content_store.get(session, row.content)
        message = None if raw is None else read(raw, whole=True)
        history_store.remember(session, [] if message is None else _about(row.id, message, decision))
    elif item.outcome == Outcome.RELEASE or (item.outcome == Outcome.OVERTURN and item.kind in OF_MATTERS):
        history_store.forget(session, [row.id])


def news(runtime: Runtime, item: ReviewRow) -> News | None:
    """What is new in the letter of an item about a matter; None for any other, and where its text is not kept."""
    if item.delivery_id is None or item.kind not in OF_MATTERS:
        return None
    with runtime.database.transaction() as session:
        row = ledger.delivery(session, item.delivery_id)
        current = decisions.current_decisions(session, [item.delivery_id]).get(item.delivery_id)
        raw = content_store.get(session, row.content) if row is not None and row.content else None
        if current is None or raw is None:
            return None
        decision = decisions.decision_of(current)
        earlier = history_store.of_cases(session, _cases(decision), before=item.delivery_id)
    evidence = matter_words(decision.reasons)
    if evidence is None:
        return None  # filed or asked for another cause
    cited = matter_cited(decision.reasons)
    matter = cited[1] if cited else ""
    return News(matter=matter, evidence=evidence, compared=_compared(read(raw, whole=True), earlier, matter))


def _compared(message: Message, earlier: Iterable[PastLetter], matter: str) -> WhatsNew:
    past = tuple(letter for letter in earlier if not matter or letter.matter == matter)
    return whats_new(message.subject, message.own_text, _attached(message), past, matter)


def _about(delivery_id: int, message: Message, decision: Decision) -> list[AboutMatter]:
    cited, cases = matter_cited(decision.reasons), _cases(decision)
    if cited is None or len(cases) != 1:
        return []
    found = imprint(message.subject, message.own_text, _attached(message))
    return [
        AboutMatter(
            case=cases[0], matter=cited[1], delivery_id=delivery_id, message_id=message.message_id, imprint=found
        )
    ]


def _cases(decision: Decision) -> tuple[str, ...]:
    return tuple(dict.fromkeys(version.rpartition("@")[0] for version in decision.register_versions))


def _attached(message: Message) -> tuple[str, ...]:
    return tuple(attachment.filename for attachment in message.attachments)


def _by_matter(entry: RegisterEntry) -> bool:
    return any(matters_of(one.terms) or isinstance(one.terms, LimitedTopics) for one in entry.restrictions)
