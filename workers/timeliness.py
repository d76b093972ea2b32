"""Whether it is time to tell a writer what applies, read off the case, the message and what they were told before.

A writer is told once within the period that was decided, once because of one message, and by no more than
`pace.letters_a_day` automatic letters in a day, whatever the number of cases, matters and mailboxes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock, ids
from core.db import Session
from core.settings import Settings
from ingest import content_store
from ingest import store as ledger
from ingest.parse import read
from policies.period import Period
from register import case_store
from register import store as register
from register.addresses import canonical
from register.casework.facts import IdentifierKind
from register.casework.standing import Standing, standing
from register.casework.steps import LetterIssued
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


class SparedError(Exception):
    """It is not, or no longer, time for this notice; the message says why. `foreseen`: whoever asked for it knows."""

    def __init__(self, words: str, *, foreseen: bool = False) -> None:
        super().__init__(words)
        self.foreseen = foreseen


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
    """What a notice is issued from. Raises SparedError, NotYetError, UnknownCaseError, or NoAddressError."""
    case = case_store.case(session, owed.case_ref)
    if case is None:
        raise UnknownCaseError(owed.case_ref)
    stands, restriction = standing(case), in_force(session, owed.case_ref, owed.restriction_ref)
    _in_its_turn(owed, stands, _every(restriction.terms), runtime.calendar)
    answering = _answering(session, runtime.settings, owed, stands)
    _within_caps(session, runtime.settings, mailing.recipient_of(case, answering))
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


def _in_its_turn(owed: Owed, stands: Standing, every: Period | None, calendar: WorkingCalendar) -> None:
    told = [event.record.on for event in stands.case.of(LetterIssued) if event.record.letter is owed.letter]
    if every is None or not told:
        return
    again = after(max(told), every, calendar)
    if again > day_of(clock.now()):
        reason = f"told on {max(told)}, and not again before {again}"
        raise SparedError(reason, foreseen=True)


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
    _once(session, owed, delivery)
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


def _once(session: Session, owed: Owed, delivery: ledger.DeliveryRow) -> None:
    earlier = noticing_store.issued_because_of(session, delivery, owed.case_ref)
    if earlier is not None:
        reason = f"told because of {ids.message_ref(earlier)} already, which is the same message"
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
