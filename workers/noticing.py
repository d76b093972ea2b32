"""Tells writers what applies to them: the letter a restriction allows for, in the name of whoever owns the case.

It is an ordinary letter of the case: recorded there, kept to the byte, sent once, and known to have come back. Whether
it is time for one is read off the case, see `workers.timeliness`. One that cannot be issued holds up no other.
"""

from datetime import datetime, timedelta
from functools import partial

from core import clock, ids
from core.db import Session
from ingest import store as ledger
from policies.vocabulary import Channel, Language, LetterKind, Part
from register import issuing, officer_store
from register.case_store import ConflictError
from register.casework.refusal import RefusedError
from register.casework.steps import LetterIssued
from register.dates import day_of
from register.letters.letter import DocumentRefusedError, LetterRefusedError
from register.officers import Officer
from register.personnel import on_behalf_of
from register.recording import Desk, ReadRefusedError, UnknownCaseError
from register.restrictions import FixedLetter, Terms
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from workers import mailing, noticing_store
from workers.alone import by_itself
from workers.mailing import NoAddressError
from workers.noticing_store import Fate, Owed
from workers.runtime import Runtime
from workers.store import Lease, leased
from workers.timeliness import NotYetError, Occasion, SentToManyError, SparedError, occasion

_HOUR = timedelta(hours=1)
_COULD_NOT = "Its writer could not be told what applies ({letter}): {error}"
_NOT_CLOSED = (
    "For {by}: the stored letter that was to close {ref} did not go out: {reason}. The message is filed and nobody has"
    " answered it: release it, or answer it by hand."
)
_TOO_MANY = (
    "{count} notices went out within an hour because of mail to {mailbox}: the next waits. Is something looping?"
)
_STOPPED = "{count} notices went out within an hour because of mail to {mailbox} (pace.notices_an_hour)"


class NobodyError(Exception):
    """Nobody answers for the case in whose name a letter could go out."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"nobody who works here owns {ref}: name its owner, and write to the person by hand")


_REFUSED = (
    *(RefusedError, ReadRefusedError, LetterRefusedError, DocumentRefusedError, UnknownCaseError),
    *(NoAddressError, NobodyError, SentToManyError),
)


def send_notices(runtime: Runtime) -> int:
    """Issue the notices that are owed; how many were. One that cannot be issued becomes a question for a person."""
    with leased(runtime.database, "notices", seconds=runtime.settings.pace.lease_seconds) as lease:
        if lease is None:
            return 0
        with runtime.database.transaction() as session:
            waiting = noticing_store.waiting(session, now=clock.now())
        return sum(_send(runtime, lease, owed) for owed in waiting)


def _send(runtime: Runtime, lease: Lease, owed: Owed) -> bool:
    now = clock.now()
    with runtime.database.transaction() as session:
        lease.confirm(session, now=now)
        if not noticing_store.still_waits(session, owed.id) or _too_many(session, runtime, owed):
            return False
        noticing_store.begun(session, owed, due_at=runtime.later(owed.attempts, now=now))
    if owed.attempts >= runtime.settings.pace.shunt_after:  # and no attempt lived to tell of its failure
        _give_up(runtime, lease, owed, "it was tried again and again, and no attempt came to an end")
        return False
    return by_itself("notices", partial(_issued, runtime, lease, owed), partial(_failed, runtime, lease, owed))


def _issued(runtime: Runtime, lease: Lease, owed: Owed) -> bool:
    try:
        return _issue(runtime, lease, owed)
    except SparedError as reason:
        _spare(runtime, lease, owed, reason)
    except NotYetError as reason:
        _put_off(runtime, lease, owed, str(reason), reason.until)
    except ConflictError as reason:  # somebody is at work on the case
        _put_off(runtime, lease, owed, str(reason), runtime.later(owed.attempts))
    except _REFUSED as error:
        _give_up(runtime, lease, owed, str(error))
    return False


def _failed(runtime: Runtime, lease: Lease, owed: Owed, error: Exception) -> bool:
    """What nobody foresaw is tried again on the usual pace, and in the end told to a person."""
    if owed.attempts + 1 >= runtime.settings.pace.shunt_after:
        _give_up(runtime, lease, owed, f"the software failed ({type(error).__name__})")
    return False


def _issue(runtime: Runtime, lease: Lease, owed: Owed) -> bool:
    """False if a person's answer came first. Raises SparedError, NotYetError, ConflictError, or why it cannot be."""
    with runtime.database.transaction() as session:
        found = occasion(session, runtime, owed)
        desk = runtime.desk(_acting(session, found))
        council = runtime.settings.council.name
        letter = issuing.composed(session, desk, owed.case_ref, _draft(desk, found), council=council)
    documents = issuing.drawn_up(letter)
    with runtime.database.transaction() as session:
        lease.confirm(session, now=clock.now())
        if not noticing_store.still_waits(session, owed.id):
            return False
        done = issuing.issue(session, desk, letter, documents)
        mailing.owe(session, runtime.settings, done, documents.pdf, found.answering)
        noticing_store.settle(session, owed.id, Fate.ISSUED, now=desk.now)
    return True


def _too_many(session: Session, runtime: Runtime, owed: Owed) -> bool:
    """The breaker: mail to one mailbox that sets off notice after notice waits, and a person is asked once."""
    now, most = clock.now(), runtime.settings.pace.notices_an_hour
    delivery = ledger.delivery(session, owed.delivery_id)
    mailbox = delivery.mailbox if delivery is not None else ""
    if noticing_store.issued_since(session, mailbox, now - _HOUR) < most:
        return False
    noticing_store.put_off(session, owed, _STOPPED.format(count=most, mailbox=mailbox), until=now + _HOUR)
    question = _TOO_MANY.format(count=most, mailbox=mailbox)
    if not review_store.asked_since(session, ReviewKind.REGISTER, question, now - _HOUR):
        ask = RaiseReview(kind=ReviewKind.REGISTER, question=question, priority=1)
        review_store.raise_review(session, owed.delivery_id, ask, now=now)
    return True


def _acting(session: Session, found: Occasion) -> Officer:
    """Whoever asked for the letter; else the software, in the name of whoever owns the case. Raises NobodyError."""
    officers, owner = officer_store.officers(session), found.stands.case.owner
    asked = officers.named(found.owed.by) if found.owed.by else None
    if asked is not None and asked.active:
        return asked
    named = officers.named(owner.officer) if owner is not None else None
    if named is None or not named.active:
        raise NobodyError(found.owed.case_ref)
    return on_behalf_of(named)


def _draft(desk: Desk, found: Occasion) -> LetterIssued:
    person = found.stands.case.person
    chosen = person.language if person is not None else None
    languages: tuple[Language, ...] = (chosen,) if chosen else desk.in_force.languages.value
    parts, parts_cy = _stored(found.terms)
    return LetterIssued(
        letter=found.owed.letter,
        on=day_of(desk.now),
        channel=Channel.EMAIL,
        languages=languages,
        parts=parts,
        parts_cy=parts_cy if len(languages) > 1 else {},
        message=ids.message_ref(found.owed.delivery_id),
    )


def _stored(terms: Terms) -> tuple[dict[Part, str], dict[Part, str]]:
    """What was decided to be said, each time the same, in English and Welsh; the rest is written from the register."""
    if not isinstance(terms, FixedLetter):
        return {}, {}
    return {Part.ANSWER: terms.letter}, {Part.ANSWER: terms.letter_cy or terms.letter}


def _spare(runtime: Runtime, lease: Lease, owed: Owed, reason: SparedError) -> None:
    """Nobody is told; whoever confirmed a letter that closes a message must know that it did not go out."""
    ask: RaiseReview | None = None
    if owed.letter is LetterKind.FIXED_CLOSING and owed.by and not reason.foreseen:
        words = _NOT_CLOSED.format(by=owed.by, ref=ids.message_ref(owed.delivery_id), reason=reason)
        ask = RaiseReview(kind=ReviewKind.DUE, question=words, priority=3)
    _settle(runtime, lease, owed, str(reason), ask)


def _give_up(runtime: Runtime, lease: Lease, owed: Owed, error: str) -> None:
    question = _COULD_NOT.format(letter=owed.letter, error=error)
    _settle(runtime, lease, owed, error, RaiseReview(kind=ReviewKind.REGISTER, question=question, priority=3))


def _settle(runtime: Runtime, lease: Lease, owed: Owed, why: str, ask: RaiseReview | None) -> None:
    now = clock.now()
    with runtime.database.transaction() as session:
        lease.confirm(session, now=now)
        if not noticing_store.still_waits(session, owed.id):
            return
        noticing_store.settle(session, owed.id, Fate.SPARED, now=now, why=why)
        if ask is not None:
            review_store.raise_review(session, owed.delivery_id, ask, now=now)


def _put_off(runtime: Runtime, lease: Lease, owed: Owed, why: str, until: datetime) -> None:
    with runtime.database.transaction() as session:
        lease.confirm(session, now=clock.now())
        noticing_store.put_off(session, owed, why, until=until)
