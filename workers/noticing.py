"""Tells writers what applies to them: the letter a restriction allows for, in the name of whoever owns the case.

It is an ordinary letter of the case: recorded there, kept to the byte, sent once, and known to have come back. Whether
it is time for one is read off the case; a writer is spared a second notice within the period that was decided.
"""

from dataclasses import dataclass
from datetime import timedelta

from core import clock, ids
from core.db import Session
from ingest import content_store
from ingest import store as ledger
from ingest.parse import read
from policies.period import Period
from policies.vocabulary import Channel, Language, Part
from register import case_store, issuing, officer_store
from register.case_store import ConflictError
from register.casework.deadlines import at_expiry
from register.casework.facts import IdentifierKind
from register.casework.refusal import RefusedError
from register.casework.standing import Standing, standing
from register.casework.steps import LetterIssued
from register.dates import WorkingCalendar, after, day_of
from register.letters.letter import DocumentRefusedError, LetterRefusedError
from register.officers import Officer
from register.personnel import on_behalf_of, the_software
from register.recording import Desk, UnknownCaseError
from register.restrictions import FixedLetter, RepresentativeOnly, SingleChannel, Terms
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from workers import mailing, noticing_store
from workers.mailing import Answering, NoAddressError
from workers.noticing_store import Fate, Owed
from workers.runtime import Runtime
from workers.store import Lease, leased

_HOUR = timedelta(hours=1)
_COULD_NOT = "Its writer could not be told what applies ({letter}): {error}"
_TOO_MANY = (
    "{count} notices went out within an hour because of mail to {mailbox}: the next waits. Is something looping?"
)


class SparedError(Exception):
    """It is not, or no longer, time for this notice; the message says why."""


class NobodyError(Exception):
    """Nobody answers for the case in whose name a letter could go out."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"nobody who works here owns {ref}: name its owner, and write to the person by hand")


_REFUSED = (
    *(RefusedError, LetterRefusedError, DocumentRefusedError, UnknownCaseError),
    *(NoAddressError, NobodyError),
)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """A notice with the case, and the message that it answers."""

    owed: Owed
    stands: Standing
    terms: Terms
    answering: Answering


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
        noticing_store.begun(session, owed.id, due_at=runtime.later(owed.attempts, now=now))
        if _too_many(session, runtime, owed):
            return False
    try:
        _issue(runtime, owed)
    except SparedError as reason:
        _settle(runtime, owed, str(reason))
    except ConflictError:
        return False  # somebody is at work on the case: next time
    except _REFUSED as error:
        _settle(runtime, owed, str(error), ask=_COULD_NOT.format(letter=owed.letter, error=error))
    else:
        return True
    return False


def _issue(runtime: Runtime, owed: Owed) -> None:
    """Raises SparedError, ConflictError, or why it cannot be issued."""
    with runtime.database.transaction() as session:
        occasion = _occasion(session, runtime, owed)
        desk = runtime.desk(_acting(session, occasion))
        council = runtime.settings.council.name
        letter = issuing.composed(session, desk, owed.case_ref, _draft(desk, occasion), council=council)
    documents = issuing.drawn_up(letter)
    with runtime.database.transaction() as session:
        done = issuing.issue(session, desk, letter, documents)
        mailing.owe(session, runtime.settings, done, documents.pdf, occasion.answering)
        noticing_store.settle(session, owed.id, Fate.ISSUED, now=desk.now)


def _too_many(session: Session, runtime: Runtime, owed: Owed) -> bool:
    """The breaker: mail to one mailbox that sets off notice after notice waits, and is looked at by a person."""
    now, most = clock.now(), runtime.settings.pace.notices_an_hour
    delivery = ledger.delivery(session, owed.delivery_id)
    mailbox = delivery.mailbox if delivery is not None else ""
    if noticing_store.issued_since(session, mailbox, now - _HOUR) < most:
        return False
    noticing_store.begun(session, owed.id, due_at=now + _HOUR)
    question = _TOO_MANY.format(count=most, mailbox=mailbox)
    ask = RaiseReview(kind=ReviewKind.REGISTER, question=question, priority=1)
    review_store.raise_review(session, owed.delivery_id, ask, now=now)
    return True


def _occasion(session: Session, runtime: Runtime, owed: Owed) -> _Occasion:
    case = case_store.case(session, owed.case_ref)
    if case is None:
        raise UnknownCaseError(owed.case_ref)
    stands = standing(case)
    restriction = next((one for one in stands.active if one.ref == owed.restriction_ref), None)
    lapses = at_expiry(restriction, runtime.desk(the_software()).policy(restriction.policy)) if restriction else None
    if restriction is None or (lapses is not None and lapses <= clock.now()):
        reason = f"{owed.restriction_ref} is no longer in force"
        raise SparedError(reason)
    _in_its_turn(owed, stands, _every(restriction.measure.terms), runtime.calendar)
    return _Occasion(owed, stands, restriction.measure.terms, _answering(session, runtime, owed, stands))


def _in_its_turn(owed: Owed, stands: Standing, every: Period | None, calendar: WorkingCalendar) -> None:
    told = [event.record.on for event in stands.case.of(LetterIssued) if event.record.letter is owed.letter]
    if every is None or not told:
        return
    again = after(max(told), every, calendar)
    if again > day_of(clock.now()):
        reason = f"told on {max(told)}, and not again before {again}"
        raise SparedError(reason)


def _every(terms: Terms) -> Period | None:
    match terms:
        case SingleChannel(notice_every=every) | RepresentativeOnly(notice_every=every) | FixedLetter(every=every):
            return every
        case _:
            return None


def _answering(session: Session, runtime: Runtime, owed: Owed, stands: Standing) -> Answering:
    """The mail that is answered, to the address it came from: one that the case has."""
    delivery = ledger.delivery(session, owed.delivery_id)
    raw = content_store.get(session, delivery.content) if delivery is not None and delivery.content else None
    if delivery is None or raw is None:
        reason = "the message is no longer kept"
        raise SparedError(reason)
    mailbox = runtime.settings.mailboxes.get(delivery.mailbox)
    if mailbox is None or mailbox.shadow:
        reason = f"{delivery.mailbox} is in shadow mode, or tended no longer"
        raise SparedError(reason)
    message = read(raw, trusted_authserv_id=runtime.settings.council.authserv_id)
    known = {item.value.lower() for item in stands.case.identifiers if item.identifier is IdentifierKind.EMAIL}
    written_from = [one.addr_spec for one in message.from_ if one.addr_spec.lower() in known]
    return Answering(address=next(iter(written_from), None), message_id=delivery.message_id)


def _acting(session: Session, occasion: _Occasion) -> Officer:
    """Whoever asked for the letter; else the software, in the name of whoever owns the case. Raises NobodyError."""
    officers, owner = officer_store.officers(session), occasion.stands.case.owner
    asked = officers.named(occasion.owed.by) if occasion.owed.by else None
    if asked is not None and asked.active:
        return asked
    named = officers.named(owner.officer) if owner is not None else None
    if named is None or not named.active:
        raise NobodyError(occasion.owed.case_ref)
    return on_behalf_of(named)


def _draft(desk: Desk, occasion: _Occasion) -> LetterIssued:
    person = occasion.stands.case.person
    chosen = person.language if person is not None else None
    languages: tuple[Language, ...] = (chosen,) if chosen else desk.in_force.languages.value
    parts, parts_cy = _stored(occasion.terms)
    return LetterIssued(
        letter=occasion.owed.letter,
        on=day_of(desk.now),
        channel=Channel.EMAIL,
        languages=languages,
        parts=parts,
        parts_cy=parts_cy if len(languages) > 1 else {},
        message=ids.message_ref(occasion.owed.delivery_id),
    )


def _stored(terms: Terms) -> tuple[dict[Part, str], dict[Part, str]]:
    """What was decided to be said, each time the same, in English and Welsh; the rest is written from the register."""
    if not isinstance(terms, FixedLetter):
        return {}, {}
    return {Part.ANSWER: terms.letter}, {Part.ANSWER: terms.letter_cy or terms.letter}


def _settle(runtime: Runtime, owed: Owed, why: str, *, ask: str | None = None) -> None:
    now = clock.now()
    with runtime.database.transaction() as session:
        noticing_store.settle(session, owed.id, Fate.SPARED, now=now, why=why)
        if ask is not None:
            question = RaiseReview(kind=ReviewKind.REGISTER, question=ask, priority=3)
            review_store.raise_review(session, owed.delivery_id, question, now=now)
