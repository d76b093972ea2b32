"""Letters of a case by e-mail: owed when issued, sent once, and if one comes back the owner of its case knows it.

Where it is not known whether one went out, it is sent again, the same to the byte and under the same Message-ID.
They leave from the council's own sender, not from the null one: whoever does not deliver them can say so (RFC 5321).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

from core import clock, ids
from core.db import Session
from core.settings import Settings
from policies.vocabulary import Channel
from register.addresses import canonical
from register.casework.case import Case
from register.casework.facts import IdentifierKind
from register.casework.steps import LetterIssued
from register.recording import Recorded
from workers import mailing_store, unreached
from workers.alone import by_itself
from workers.letter import LOOP_HEADER, message_id
from workers.mailing_store import Fate, Mailing
from workers.runtime import Runtime
from workers.smtp import Relay, SmtpRefusedError, SmtpUnavailableError
from workers.store import Lease, leased

_HOUR = timedelta(hours=1)
_LONG = 3 * _HOUR
_SOFTWARE = "in {} tries (the software failed: {})"
_NOT_THEIRS = "It was not sent: its address is no longer one of the case."
_IN_DOUBT = "of an earlier try it is not known whether the mail server took it, and it is not tried again ({})"


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
    mail = EmailMessage(
        policy=SMTP.clone(max_line_length=78, utf8=not recipient.isascii(), cte_type="7bit")
    )  # RFC 6532
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


@dataclass(slots=True)
class _Round:
    """One go at the letters that wait, over one connection; `over` once the relay takes no letter at present."""

    runtime: Runtime
    relay: Relay
    lease: Lease
    over: bool = False


def _send_waiting(runtime: Runtime, lease: Lease) -> int:
    with runtime.database.transaction() as session:
        mailings = mailing_store.waiting(session, now=clock.now())
    taken, left = 0, []
    with runtime.relay() as relay:
        this = _Round(runtime, relay, lease)
        for mailing in mailings:
            if this.over:
                left.append(mailing.key)
            else:
                taken += _try(this, mailing)
    if taken < len(mailings):
        _put_off(this, [mailing.key for mailing in mailings], left)
    return taken


def _try(this: _Round, mailing: Mailing) -> bool:
    this.lease.require(this.runtime.settings.pace.network_seconds)
    if not _begun(this, mailing):
        return False
    return by_itself("letters", partial(_sent, this, mailing), partial(_failed, this, mailing))


def _begun(this: _Round, mailing: Mailing) -> bool:
    """Count the attempt, before anything else can fail; a letter that is not to go to its address is kept from it."""
    with this.runtime.database.transaction() as session:
        this.lease.confirm(session, now=clock.now())
        if unreached.is_theirs(session, mailing):
            return mailing_store.begun(session, mailing.key, due_at=this.runtime.later(mailing.attempts + 1))
        _never(session, this.runtime, mailing, Fate.WITHHELD, _NOT_THEIRS)
        return False


def _sent(this: _Round, mailing: Mailing) -> bool:
    settings, database = this.runtime.settings, this.runtime.database
    try:
        hold = partial(this.lease.extend, database, 2 * settings.pace.network_seconds)
        this.relay.send(mailing.recipient, mailing.rendered, sender=settings.smtp.sender, before=hold)
    except SmtpUnavailableError as error:
        this.over = True
        if not error.in_doubt:
            _not_taken(this.runtime, mailing)
        return False
    except SmtpRefusedError as error:
        this.over = error.every_letter
        _not_taken(this.runtime, mailing, str(error) if error.permanent and not error.every_letter else "")
        return False
    with database.transaction() as session:
        mailing_store.settle(session, mailing.key, Fate.SENT, now=clock.now())
    return True


def _failed(this: _Round, mailing: Mailing, error: Exception) -> bool:
    """What nobody foresaw: it is tried again, over another connection, and after some tries somebody is told."""
    this.relay.close()
    tries = this.runtime.settings.pace.shunt_after
    if mailing.attempts + 1 == tries:
        with this.runtime.database.transaction() as session:
            unreached.is_late(session, mailing, _SOFTWARE.format(tries, type(error).__name__))
    return False


def _not_taken(runtime: Runtime, mailing: Mailing, never: str = "") -> None:
    """The relay certainly did not take it; `never` are its words if it will not take it later either."""
    with runtime.database.transaction() as session:
        mailing_store.not_taken(session, mailing)
        if never:
            _never(session, runtime, mailing, Fate.FAILED, never)


def _never(session: Session, runtime: Runtime, mailing: Mailing, fate: Fate, why: str) -> None:
    """It is not tried again; what an earlier try may have brought there is not said to have failed."""
    if mailing.doubtful:
        mailing_store.settle(session, mailing.key, Fate.UNCERTAIN, why, now=clock.now())
        unreached.may_not_have_reached(session, mailing, _IN_DOUBT.format(why.rstrip(".")))
    else:
        unreached.did_not_reach(session, runtime, mailing, fate, why)


def _put_off(this: _Round, keys: Sequence[str], left: Sequence[str]) -> None:
    """Let those that were not tried wait as well; the owners of those that have waited for long are told."""
    now = clock.now()
    with this.runtime.database.transaction() as session:
        this.lease.confirm(session, now=now)
        mailing_store.postpone(session, left, due_at=this.runtime.later(1, now=now))
        for mailing in mailing_store.waiting_since(session, keys, now - _LONG):
            unreached.is_late(session, mailing, f"for {_LONG // _HOUR} hours")
