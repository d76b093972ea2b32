"""What comes back to letters of ours: reports that one failed, and automatic replies, each tied to its letter.

A letter that brings diverted mail is no automatic reply but the council's own: where a report of its failure would be
seen, it leaves from an address that can be told (RFC 5321 4.5.5), for the relay's "250" is not yet an arrival.
"""

from collections.abc import Iterable
from datetime import timedelta

from core import clock, ids
from core.db import Session
from core.settings import Settings
from ingest.delivery import Disposition
from ingest.message import Message, MessageKind
from register import officer_store
from register.addresses import canonical
from routing import outbox_store, review_store
from routing import store as decisions
from routing.action import RaiseReview, ReviewKind
from routing.outbox_store import OutboxRow
from workers import mailing_store, unreached
from workers.mailing_store import Fate, Mailing
from workers.planning import disposition
from workers.reports import doubt_about, keys_named, read_report, says_it_was_read
from workers.runtime import Runtime

_WEEK = timedelta(days=7)
_NOT_REACHED = "{ref} did not reach {target}: {reason}. Release it to its inbox, or bring it to them by hand."
_NO_REASON = "their mail system gives no reason"
_ANSWERS = "{target} answered automatically to"
_AWAY = (
    "{answers} {ref}: are they away? Then `mailroom officer set {officer} absent_until=DAY` brings their mail to who"
    " stands in."
)


def tended_by(settings: Settings) -> str | None:
    """The mailbox in which what comes back to `smtp.sender` arrives, as far as the settings tell."""
    sender = canonical(settings.smtp.sender)
    boxes = settings.mailboxes.items()
    return next((name for name, box in boxes if sender is not None and canonical(box.address) == sender), None)


def envelope_sender(settings: Settings) -> str:
    """Who is told if diverted mail cannot be delivered: our sender, if somebody would see it; else nobody."""
    return settings.smtp.sender if tended_by(settings) is not None else ""


def note(session: Session, runtime: Runtime, delivery_id: int, message: Message, raw: bytes) -> None:
    """If this message is about a letter of ours, let those know who have to; it stays where it is itself."""
    if message.kind is MessageKind.BOUNCE:
        _failed(session, runtime, delivery_id, message, raw)
    elif message.kind is MessageKind.AUTO_REPLY and not says_it_was_read(raw):
        _answered_by_itself(session, delivery_id, message)


def letters_answered(session: Session, messages: Iterable[Message]) -> dict[tuple[str, ...], str]:
    """By the references of those that a machine wrote: the letter of ours that each answers, in words."""
    automatic = {message.references for message in messages if message.kind is MessageKind.AUTO_REPLY}
    found = {references: _in_words(session, keys_named(references)) for references in automatic}
    return {references: words for references, words in found.items() if words}


def _in_words(session: Session, keys: tuple[str, ...]) -> str:
    for mailing in mailing_store.with_keys(session, keys):
        return f"letter {mailing.number} of {mailing.case_ref}"
    for sent in outbox_store.letters(session, keys):
        return f"the letter that brought {ids.message_ref(sent.delivery_id)} to {sent.target}"
    return ""


def _failed(session: Session, runtime: Runtime, delivery_id: int, message: Message, raw: bytes) -> None:
    """The first letter of ours that is named is the one it is about: further on stands what that letter carried."""
    report = read_report(raw, message)
    if not report.failed:
        return
    for key in report.keys:
        for mailing in mailing_store.with_keys(session, [key]):
            theirs = unreached.writers(session, mailing.case_ref)
            doubt = doubt_about(report, message, recipient=mailing.recipient, theirs=theirs)
            _came_back(session, runtime, mailing, ids.message_ref(delivery_id), doubt)
            return
        for sent in outbox_store.letters(session, [key]):
            _not_reached(session, sent, report.reason)
            return


def _came_back(session: Session, runtime: Runtime, mailing: Mailing, ref: str, doubt: str) -> None:
    """Only a report that nobody but a mail system could have written says for certain what became of a letter."""
    if doubt:
        unreached.may_not_have_reached(session, mailing, f"{ref} says so, but {doubt}")
    else:
        unreached.did_not_reach(
            session, runtime, mailing, Fate.FAILED, f"The receiving mail system returned it ({ref})."
        )


def _not_reached(session: Session, sent: OutboxRow, reason: str) -> None:
    """Ask a person, once for each letter; not about mail that has been taken back from there meanwhile."""
    now = clock.now()
    if not outbox_store.effect_returned(session, sent.id, now=now):
        return
    row = decisions.current_decisions(session, [sent.delivery_id]).get(sent.delivery_id)
    if row is None or disposition(decisions.decision_of(row)) is not Disposition.REDIRECTED:
        return
    ref, why = ids.message_ref(sent.delivery_id), (reason or _NO_REASON).rstrip(". ")
    question = _NOT_REACHED.format(ref=ref, target=sent.target, reason=why)
    ask = RaiseReview(kind=ReviewKind.UNDELIVERED, question=question, priority=1)
    review_store.raise_review(session, sent.delivery_id, ask, now=now)


def _answered_by_itself(session: Session, delivery_id: int, message: Message) -> None:
    """Whoever diverted mail goes to may be away: ask once in a week. What a person's own machine says asks nobody."""
    now = clock.now()
    for sent in outbox_store.letters(session, keys_named(message.references))[:1]:
        answers = _ANSWERS.format(target=sent.target)
        if review_store.asked_since(session, ReviewKind.REGISTER, answers, now - _WEEK):
            return
        ref, officer = ids.message_ref(sent.delivery_id), _officer_at(session, sent.target)
        question = _AWAY.format(answers=answers, ref=ref, officer=officer)
        ask = RaiseReview(kind=ReviewKind.REGISTER, question=question, priority=6)
        review_store.raise_review(session, delivery_id, ask, now=now)


def _officer_at(session: Session, address: str) -> str:
    wanted, everyone = canonical(address), officer_store.officers(session).everyone
    return next((one.username for one in everyone if one.email and canonical(one.email) == wanted), "NAME")
