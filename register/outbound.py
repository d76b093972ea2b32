"""Whether an e-mail may go out to somebody: for the council's other systems, and for officers before they press send.

A restriction may say that the person is written to by another way, or by certain people only. What the law asks the
council to send goes out whatever is in force.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import Session
from policies.vocabulary import Channel
from register import audit_store, officer_store, store
from register.addresses import same_mailbox
from register.audit import AuditAction
from register.entry import RegisterEntry, Restriction
from register.evidence import address_keys
from register.fields import is_email
from register.recording import Desk
from register.restrictions import OneResponseLine, PostalReplies, RepresentativeOnly, SingleChannel, contacts_of

_WAYS = {Channel.LETTER: "by letter", Channel.TELEPHONE: "by telephone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """An e-mail that is about to go out; `to` and `sender` are bare addresses.

    `service` is the one it is of, however its capitals are written: restrictions of another do not bear on it; without
    one, all do. `statutory`: the law asks the council to send it.
    """

    to: str
    sender: str | None = None
    service: str = ""
    statutory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Whether an e-mail to one address may go out, and why not, in sentences; `cases` are those that it rests on."""

    allowed: bool
    reasons: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


class NotUnderstoodError(Exception):
    """Of what was asked it cannot be told whether it may go out: to say that it may would be a guess."""


Answered = Callable[[str], str | None]
"""When and by whom all was answered that is to be answered once under a restriction; None while an answer is owed."""


def may_go_out(
    session: Session,
    desk: Desk,
    mail: Outgoing,
    answered: Answered = lambda _ref: None,
    *,
    services: Collection[str] = (),
) -> Ruling:
    """Whether this may go out now; that it was asked about somebody on the register is on the audit trail.

    `services` are those that the settings name. Raises NotUnderstoodError for what is no address, and for a service
    that neither they, nor the officers, the policy or these restrictions know.
    """
    if not is_email(mail.to):
        words = f"{mail.to!r} is not the address of one person: write it as ann@mail.example"
        raise NotUnderstoodError(words)
    entries = store.snapshot(session, address_keys(mail.to)).entries
    if mail.service:
        _require_known(mail.service, (*services, *_services_of(session, desk, entries)))
    found = ruling(entries, mail, at=desk.now, answered=answered)
    outcome = "yes" if found.allowed else "no"
    notes = [desk.note(AuditAction.LOOKED_UP, ref, channel="email", outbound=outcome) for ref in found.cases]
    audit_store.append(session, notes, now=desk.now)
    return found


def ruling(
    entries: Sequence[RegisterEntry], mail: Outgoing, *, at: datetime, answered: Answered = lambda _ref: None
) -> Ruling:
    """The same, by the entries that have the address."""
    bearing = [
        (entry.ref, restriction)
        for entry in entries
        for restriction in entry.restrictions
        if restriction.in_force_at(at) and _of_service(restriction, mail.service)
    ]
    cases = tuple(dict.fromkeys(ref for ref, _ in bearing))
    against = (f"{ref} {words}" for ref, one in bearing for words in _against(one, mail.sender, answered))
    reasons = tuple(dict.fromkeys(against))
    if mail.statutory and reasons:
        return Ruling(allowed=True, reasons=("What the law asks the council to send goes out.",), cases=cases)
    return Ruling(allowed=not reasons, reasons=reasons, cases=cases)


def _require_known(service: str, known: Collection[str]) -> None:
    if _folded(service) in map(_folded, known):
        return
    words = f"there is no service {service!r}: choose of {', '.join(sorted(set(known))) or 'none'}, or leave it out"
    raise NotUnderstoodError(words)


def _services_of(session: Session, desk: Desk, entries: Sequence[RegisterEntry]) -> Iterator[str]:
    yield from (officer.service for officer in officer_store.officers(session).everyone)
    yield from (excluded.name for excluded in desk.in_force.excluded_services)
    for entry in entries:
        for restriction in entry.restrictions:
            yield from restriction.services


def _of_service(restriction: Restriction, service: str) -> bool:
    named = restriction.services
    return not service or not named or _folded(service) in map(_folded, named)


def _folded(service: str) -> str:
    return service.strip().casefold()


def _against(restriction: Restriction, sender: str | None, answered: Answered) -> Iterator[str]:
    if isinstance(restriction.terms, OneResponseLine) and (when := answered(restriction.ref)):
        yield f"was answered {when} ({restriction.ref}), and has sent nothing since: no second answer is owed."
    match restriction.terms:
        case SingleChannel(channel=channel) if channel is not Channel.EMAIL:
            yield f"is written to {_WAYS[channel]} only ({restriction.ref}); do not send it by e-mail."
        case PostalReplies():
            yield f"is answered by post ({restriction.ref}); send it as a letter."
        case RepresentativeOnly(representative=name):
            yield f"is written to through {name} ({restriction.ref}); send it there."
        case terms if named := contacts_of(terms):
            if not any(same_mailbox(sender or "", address) for address in named):
                yield f"is answered by {named[0]} alone ({restriction.ref}); give it to them."
        case _:
            pass
