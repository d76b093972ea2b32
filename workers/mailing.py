"""Letters of a case by e-mail: owed when issued, sent once, and if one comes back the owner of its case knows it.

Where it is not known whether one went out, it is sent again, the same to the byte and under the same Message-ID.
They leave from the council's own sender, not from the null one: whoever does not deliver them can say so (RFC 5321).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

from core import clock, ids
from core.db import Session
from core.settings import Settings
from policies.vocabulary import Channel
from register import recording
from register.addresses import canonical
from register.casework.case import Case
from register.casework.facts import IdentifierKind
from register.casework.refusal import RefusedError
from register.casework.steps import LetterFailed, LetterIssued
from register.dates import day_of
from register.personnel import the_software
from register.recording import Recorded
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from workers import mailing_store
from workers.alone import by_itself
from workers.letter import LOOP_HEADER, message_id
from workers.mailing_store import Fate, Mailing
from workers.runtime import Runtime
from workers.smtp import Relay, SmtpRefusedError, SmtpUnavailableError
from workers.store import Lease, leased

_MANY_TRIES = 20  # at the usual pace some three hours
_NOT_OUT = (
    "Letter {0.number} of {0.case_ref} did not go out in {tries} tries{why}. It is tried again; `mailroom letter list`"
    " tells what became of it. If it cannot wait, send it another way."
)


class NoAddressError(Exception):
    """A letter is to go by e-mail to somebody whose e-mail address the case does not have."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"{ref} has no e-mail address: record one, or issue the letter by channel=letter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The mail that an automatic letter answers: the address it came from, if the case has it, and its Message-ID."""

    address: str | None = None
    message_id: str | None = None


def owe(session: Session, settings: Settings, issued: Recorded, pdf: bytes, answering: Answering | None = None) -> None:
    """Owe the sending of a letter that was issued by e-mail; any other goes out by hand. Raises NoAddressError."""
    record, case = issued.event.record, issued.standing.case
    if not isinstance(record, LetterIssued) or record.channel is not Channel.EMAIL:
        return
    recipient, number = recipient_of(case, answering), issued.event.number
    key = ids.effect_key(settings.council.signing_key.get_secret_value(), "letter", case.ref, str(number))
    mailing = Mailing(
        key=key,
        case_ref=case.ref,
        number=number,
        recipient=recipient,
        rendered=_rendered(settings, issued, (key, recipient), pdf, answering),
        automatic_to=cap_key(recipient) if answering else None,
    )
    mailing_store.owe(session, mailing, now=issued.event.at)


def recipient_of(case: Case, answering: Answering | None = None) -> str:
    """Where a letter of this case goes: to the address that it answers, else to the newest. Raises NoAddressError."""
    emails = [item.value for item in case.identifiers if item.identifier is IdentifierKind.EMAIL]
    if not emails:
        raise NoAddressError(case.ref)
    return (answering and answering.address) or emails[-1]


def cap_key(address: str) -> str:
    """What is the same for every spelling of one mailbox: its automatic letters are counted together."""
    return canonical(address) or address


def _rendered(
    settings: Settings, issued: Recorded, addressed: tuple[str, str], pdf: bytes, answering: Answering | None
) -> bytes:
    key, recipient = addressed
    case, council = issued.standing.case, settings.council
    mail = EmailMessage(policy=SMTP.clone(max_line_length=78, utf8=not recipient.isascii()))  # RFC 6532
    mail["From"] = settings.smtp.sender
    mail["To"] = recipient
    mail["Subject"] = f"{council.name}: {case.ref}"
    mail["Date"] = issued.event.at
    mail["Message-ID"] = message_id(key, council.domains[0])
    mail["Auto-Submitted"] = "auto-replied" if answering else "auto-generated"  # RFC 3834 5
    if answering and answering.message_id:
        mail["In-Reply-To"] = mail["References"] = answering.message_id
    mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = key
    by = issued.event.by
    mail.set_content(
        "Please read the attached letter.\r\nDarllenwch y llythyr sydd ynghlwm.\r\n\r\n"
        f"{by.name}\r\n{by.job_title}\r\n{council.name}\r\n"
    )
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{case.ref}-{issued.event.number}.pdf")
    mail.set_boundary(f"mailroom-{key}")
    return mail.as_bytes()


def send_letters(runtime: Runtime) -> int:
    """Send what waits; how many letters the relay took. What it will never take is told to the owner of the case."""
    with leased(runtime.database, "letters", seconds=runtime.settings.pace.lease_seconds) as lease:
        return 0 if lease is None else _send_waiting(runtime, lease)


def _send_waiting(runtime: Runtime, lease: Lease) -> int:
    with runtime.database.transaction() as session:
        mailings = mailing_store.waiting(session, now=clock.now())
    taken = 0
    with runtime.relay() as relay:
        for mailing in mailings:
            lease.require(runtime.settings.pace.network_seconds)
            with runtime.database.transaction() as session:
                lease.confirm(session, now=clock.now())
                mailing_store.begun(session, mailing.key, due_at=runtime.later(mailing.attempts + 1))
            sent = partial(_sent, runtime, relay, mailing, lease)
            taken += by_itself("letters", sent, partial(_failed, runtime, relay, mailing))
    return taken


def _sent(runtime: Runtime, relay: Relay, mailing: Mailing, lease: Lease) -> bool:
    try:
        hold = partial(lease.extend, runtime.database, 2 * runtime.settings.pace.network_seconds)
        relay.send(mailing.recipient, mailing.rendered, sender=runtime.settings.smtp.sender, before=hold)
    except (SmtpRefusedError, SmtpUnavailableError) as error:
        _not_taken(runtime, mailing, error)
        return False
    with runtime.database.transaction() as session:
        mailing_store.settle(session, mailing.key, Fate.SENT, now=clock.now())
    return True


def _failed(runtime: Runtime, relay: Relay, mailing: Mailing, error: Exception) -> bool:
    """What nobody foresaw: it is tried again, over another connection, and after some tries somebody is told."""
    relay.close()
    tries = runtime.settings.pace.shunt_after
    if mailing.attempts + 1 == tries:
        with runtime.database.transaction() as session:
            why = f" (the software failed: {type(error).__name__})"
            _ask_owner(session, mailing, _NOT_OUT.format(mailing, tries=tries, why=why), clock.now())
    return False


def _not_taken(runtime: Runtime, mailing: Mailing, error: SmtpRefusedError | SmtpUnavailableError) -> None:
    """What the relay will never take has come back; what it does not take try after try, somebody must know of."""
    never = isinstance(error, SmtpRefusedError) and error.permanent and not error.every_letter
    tries = mailing.attempts + 1
    with runtime.database.transaction() as session:
        if never:
            came_back(session, runtime, [mailing.key], str(error))
        elif tries % _MANY_TRIES == 0:
            _ask_owner(session, mailing, _NOT_OUT.format(mailing, tries=_MANY_TRIES, why=""), clock.now())


def came_back(session: Session, runtime: Runtime, keys: Iterable[str], why: str) -> None:
    """Record that letters were not delivered, and ask the owners of their cases; a second bounce adds nothing."""
    now = clock.now()
    for mailing in mailing_store.with_keys(session, list(keys)):
        if mailing_store.settle(session, mailing.key, Fate.FAILED, why, now=now):
            _tell_owner(session, runtime, mailing, why, now)


def _tell_owner(session: Session, runtime: Runtime, mailing: Mailing, why: str, now: datetime) -> None:
    question = f"Letter {mailing.number} of {mailing.case_ref} did not reach the person; send it another way. {why}"
    _ask_owner(session, mailing, question, now)
    failed = LetterFailed(letter=mailing.number, on=day_of(now), reason=why)
    try:
        recording.record(session, runtime.desk(the_software()), mailing.case_ref, failed)
    except (RefusedError, recording.UnknownCaseError):
        return  # the case is gone; the question above is what is left to say


def _ask_owner(session: Session, mailing: Mailing, question: str, now: datetime) -> None:
    ask = RaiseReview(kind=ReviewKind.DUE, question=question, priority=2)
    review_store.raise_about_case(session, mailing.case_ref, ask, now=now)
