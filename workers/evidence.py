"""Gathers a person's figures: from the traces of their mail and from their case, on request and with a trail."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.db import Session
from core.settings import Settings
from register import audit_store, case_store, recording
from register import store as register
from register.addresses import canonical, same_mailbox
from register.audit import AuditAction
from register.casework.case import Case
from register.dates import day_of, start_of
from register.evidence import address_keys
from register.recording import Desk
from routing import trace_store
from routing.evidence.campaigns import Campaign, campaigns
from routing.evidence.contacts import contacts
from routing.evidence.figures import Figures, Known, Window, figures
from routing.evidence.promises import MatterLife, lives
from routing.evidence.sketches import words_of
from routing.evidence.trace import reference_mark, title_mark, writer_key
from routing.evidence.uses import Theirs, Use, told_apart, uses

_FEWEST_TITLE_WORDS = 3  # a shorter title ("Noise") proves nothing


@dataclass(frozen=True, slots=True)
class Ground:
    """What of the settings the figures rest on: the key of digests, and the addresses of mailboxes by name."""

    key: bytes
    addresses: dict[str, str]
    members: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> "Ground":
        """As the settings say."""
        forms = {name: canonical(mailbox.address) or "" for name, mailbox in settings.mailboxes.items()}
        members = frozenset(forms[name] for name, mailbox in settings.mailboxes.items() if mailbox.member)
        return cls(settings.council.signing_key.get_secret_value().encode(), forms, members)


def evidence_of(
    session: Session, desk: Desk, settings: Settings, ref: str, days: tuple[date | None, date | None]
) -> Figures:
    """The figures of a case from the first of `days` up to, not including, the second; the reading is on record.

    Without a first day it is all that is remembered. Raises UnknownCaseError and ReadRefusedError.
    """
    case = recording.read(session, desk, ref, purpose="evidence").case
    return figures_of(session, case, Ground.of(settings), days, today=day_of(desk.now))


def figures_of(
    session: Session, case: Case, ground: Ground, days: tuple[date | None, date | None], *, today: date
) -> Figures:
    """The same of a case that was read already. No day after `today` is counted, nor is anything late by then."""
    found = theirs_of(session, case, ground)
    known = known_of(case, ground)
    since, until = days
    last = min(today, date.fromordinal(until.toordinal() - 1)) if until is not None else today
    first = since or min([last, *(one.day for one in found.every), *(day_of(one.at) for one in known.incidents)])
    return figures(found, known, Window(first, last))


def campaigns_between(session: Session, desk: Desk, days: tuple[date, date], *, senders: int) -> tuple[Campaign, ...]:
    """The texts that so many senders sent from the first day up to, not including, the second; no sender is named.

    That they were listed is on record.
    """
    sent = trace_store.sent(session, start_of(days[0]), start_of(days[1]))
    found = campaigns(sent, senders=senders)
    note = desk.note(AuditAction.LISTED, "campaigns", found=str(len(found)), senders=str(senders))
    audit_store.append(session, [note], now=desk.now)
    return found


def theirs_of(session: Session, case: Case, ground: Ground) -> Theirs:
    """What is remembered of the person of a case, by when each address was theirs, and whether theirs alone."""
    used: dict[str, list[Use]] = {}
    for use in uses(case):
        key = writer_key(use.address, ground.key)
        if key is not None:
            others = _others_from(session, case.ref, use.address) if use.ends is None else None
            used.setdefault(key, []).append(replace(use, others_from=others))
    return told_apart(trace_store.of_writers(session, used, ground.addresses), used)


def of_writers(session: Session, writers: Iterable[str], ground: Ground) -> Theirs:
    """What is remembered of writers who are known by nothing but their addresses."""
    return Theirs(contacts=contacts(trace_store.of_writers(session, frozenset(writers), ground.addresses)))


def known_of(case: Case, ground: Ground) -> Known:
    """What the case adds to the mail."""
    found = lives(case)
    return Known(
        lives=found,
        marks=tuple(_marks(life, ground.key) for life in found),
        incidents=case.incidents,
        members=ground.members,
    )


def by_ref(session: Session, ref: str, ground: Ground) -> tuple[Theirs, Known]:
    """A case's mail and what it adds to it, for software: nobody reads the case."""
    case = case_store.case(session, ref)
    if case is None:
        return Theirs(), Known(members=ground.members)
    return theirs_of(session, case, ground), known_of(case, ground)


def _others_from(session: Session, ref: str, address: str) -> datetime | None:
    """From when on another case has this address as well."""
    refs = [one for one in register.refs_with(session, address_keys(address)) if one != ref]
    begins = [
        use.begins
        for other in case_store.cases(session, refs)
        for use in uses(other)
        if use.ends is None and same_mailbox(use.address, address)
    ]
    return min(begins, default=None)


def _marks(life: MatterLife, key: bytes) -> frozenset[str]:
    named = {title_mark(life.title, key)} if len(words_of(life.title)) >= _FEWEST_TITLE_WORDS else set()
    return frozenset({reference_mark(life.reference, key)} | named)
