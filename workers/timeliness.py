"""Whether it is time to tell a writer what applies, read off the case, the message and what they were told before.

A writer is told once within the period that was decided, once because of one message, and by no more than
`pace.letters_a_day` automatic letters in a day, whatever the number of cases, matters and mailboxes. A letter that came
back has told them nothing; the address that it came back from is left alone for a while.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock, ids
from core.db import Session
from core.settings import Settings
from ingest import content_store
from ingest import store as ledger
from ingest.automatic import sent_to_many
from ingest.headers import scan
from ingest.parse import read
from policies.period import Period
from register import case_store
from register import store as register
from register.addresses import canonical, same_mailbox
from register.casework.case import Case
from register.casework.facts import IdentifierKind
from register.casework.standing import Standing, standing
from register.casework.steps import LetterFailed, LetterIssued
from register.dates import COUNCIL_TIME, WorkingCalendar, after, day_of, in_words
from register.entry import Restriction
from register.recording import UnknownCaseError
from register.restrictions import FixedLetter, RepresentativeOnly, SingleChannel, Terms
from routing import returns_store
from workers import mailing, mailing_store, noticing_store
from workers.mailing import Answering
from workers.noticing_store import Owed
from workers.runtime import Runtime
from workers.twins import brought_back

DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_LEFT_ALONE = Period.parse("7 days")  # an address that did not take the letter


class SparedError(Exception):
    """It is not, or no longer, time for this notice; the message says why. `foreseen`: whoever asked for it knows."""

    def __init__(self, words: str, *, foreseen: bool = False) -> None:
        super().__init__(words)
        self.foreseen = foreseen


class SentToManyError(Exception):
    """The mail that would be answered was not written to the council alone."""

    def __init__(self) -> None:
        super().__init__("it came by way of a mailing list, or in bulk, and no machine answers that: tell them by hand")


class NotYetError(Exception):
    """This notice waits, though its time has come; the message says for what."""

    def __init__(self, words: str, until: datetime) -> None:
        super().__init__(words)
        self.until = until


@dataclass(frozen=True, slots=True)
class Occasion:
    """A notice with the case, and the message that it answers."""

    owed: Owed
    stands: Standing
    terms: Terms
    answering: Answering


def occasion(session: Session, runtime: Runtime, owed: Owed) -> Occasion:
    """What a notice is issued from.

    Raises SparedError, NotYetError, SentToManyError, UnknownCaseError, or NoAddressError.
    """
    case = case_store.case(session, owed.case_ref)
    if case is None:
        raise UnknownCaseError(owed.case_ref)
    stands, restriction = standing(case), in_force(session, owed.case_ref, owed.restriction_ref)
    turns = _Turns(_every(restriction.terms), runtime.calendar)
    earlier = tuple(one for one in _letters(case) if one.record.letter is owed.letter)
    turns.require_not_told(earlier)
    answering = _answering(session, runtime.settings, owed, stands)
    recipient = mailing.recipient_of(case, answering)
    sent_to = mailing_store.recipients(session, case.ref)
    turns.require_taken(one for one in earlier if same_mailbox(sent_to.get(one.number, ""), recipient))
    _within_caps(session, runtime.settings, recipient)
    return Occasion(owed, stands, restriction.terms, answering)


def in_force(session: Session, case_ref: str, ref: str) -> Restriction:
    """This restriction as it has effect on mail now. Raises SparedError if it has none, or has none any longer."""
    entry, now = register.entry(session, case_ref), clock.now()
    found = next((one for one in entry.restrictions if one.ref == ref), None) if entry is not None else None
    if found is None or not found.in_force_at(now):
        ends_at = found.ends_at if found is not None else None
        when = f" since {in_words(ends_at)}" if ends_at is not None and ends_at <= now else ""
        reason = f"{ref} is no longer in force{when}"
        raise SparedError(reason)
    return found


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter that the case has sent, under the number of its record; `back_on` is when it came back, if it did."""

    number: int
    record: LetterIssued
    back_on: date | None


def _letters(case: Case) -> Iterator[_Letter]:
    back = {event.record.letter: event.record.on for event in case.of(LetterFailed)}
    return (_Letter(event.number, event.record, back.get(event.number)) for event in case.of(LetterIssued))


@dataclass(frozen=True, slots=True)
class _Turns:
    """How often a letter may go to the same person; without `every`, because of each message."""

    every: Period | None
    calendar: WorkingCalendar

    def require_not_told(self, letters: Iterable[_Letter]) -> None:
        """Raises SparedError if one of these has told the person so within the period."""
        told = [one.record.on for one in letters if one.back_on is None]
        if self.every is None or not told:
            return
        again = after(max(told), self.every, self.calendar)
        if again > day_of(clock.now()):
            reason = f"told on {max(told)}, and not again before {again}"
            raise SparedError(reason, foreseen=True)

    def require_taken(self, letters: Iterable[_Letter]) -> None:
        """Raises SparedError if one of these came back lately: its address is not tried at each mail from there."""
        back = [one.back_on for one in letters if one.back_on is not None]
        if not back:
            return
        again = min(after(max(back), period, self.calendar) for period in (_LEFT_ALONE, self.every) if period)
        if again > day_of(clock.now()):
            reason = f"the letter to this address came back on {max(back)}, and it is not tried again before {again}"
            raise SparedError(reason)


def _every(terms: Terms) -> Period | None:
    match terms:
        case SingleChannel(notice_every=every) | RepresentativeOnly(notice_every=every) | FixedLetter(every=every):
            return every
        case _:
            return None


def _answering(session: Session, settings: Settings, owed: Owed, stands: Standing) -> Answering:
    """The mail that is answered, to the address it came from: one that the case has."""
    delivery = ledger.delivery(session, owed.delivery_id)
    raw = content_store.get(session, delivery.content) if delivery is not None and delivery.content else None
    if delivery is None or raw is None:
        reason = "the message is no longer kept"
        raise SparedError(reason)
    mailbox = settings.mailboxes.get(delivery.mailbox)
    if mailbox is None or mailbox.shadow:
        reason = f"{delivery.mailbox} is in shadow mode, or tended no longer"
        raise SparedError(reason)
    _decided_here(session, delivery)
    _once(session, stands.case, delivery)
    if owed.by is None and sent_to_many(scan(raw)):
        raise SentToManyError
    message = read(raw, trusted_authserv_id=settings.council.authserv_id)
    emails = (item.value for item in stands.case.identifiers if item.identifier is IdentifierKind.EMAIL)
    known = {form for email in emails if (form := canonical(email))}
    written_from = [one.addr_spec for one in message.from_ if canonical(one.addr_spec) in known]
    return Answering(address=next(iter(written_from), None), message_id=delivery.message_id)


def _decided_here(session: Session, delivery: ledger.DeliveryRow) -> None:
    """A message that was put back into its inbox is a delivery anew: what is owed because of it is decided there."""
    became = returns_store.since(session, delivery.id)
    if became:
        reason = f"the message came back into its inbox as {ids.message_ref(became[-1])}, and is decided anew"
        raise SparedError(reason)
    if brought_back(session, [delivery.id]):
        reason = "somebody has put the message back into its inbox"
        raise SparedError(reason)


def _once(session: Session, case: Case, delivery: ledger.DeliveryRow) -> None:
    arrived = {one.record.message for one in _letters(case) if one.back_on is None}
    lost = {one.record.message for one in _letters(case)} - arrived
    issued = map(ids.message_ref, noticing_store.issued_because_of(session, delivery, case.ref))
    earlier = next((ref for ref in issued if ref not in lost), None)
    if earlier is not None:
        reason = f"told because of {earlier} already, which is the same message"
        raise SparedError(reason, foreseen=True)


def _within_caps(session: Session, settings: Settings, recipient: str) -> None:
    now, most = clock.now(), settings.pace.letters_a_day
    times = mailing_store.automatic(session, mailing.cap_key(recipient), since=now - DAY)
    over = len(times) - most
    if over < 0:
        return
    sent = sorted(moment for moment in times if moment is not None)
    until = sent[over] + DAY if over < len(sent) else now + _HOUR  # what waits to be sent frees nothing yet
    local = until.astimezone(COUNCIL_TIME)
    words = (
        f"the writer's address has had {len(times)} automatic letters within a day, or they are on their way, and"
        f" {most} is the most (pace.letters_a_day): not before {in_words(local)}, {local:%H:%M}"
    )
    raise NotYetError(words, until)
