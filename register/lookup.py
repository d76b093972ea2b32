"""Who is this, and what may I do now: what front-line staff are told of a person or property, and nothing more.

Who looked whom up, and what for, is on record; the words they typed are not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.db import Session
from policies.vocabulary import Channel
from register import audit_store, case_store, officer_store, store
from register.audit import AuditAction
from register.casework.deadlines import DueKind, assessment, deadlines
from register.casework.duty import governs
from register.casework.facts import ActionKind
from register.casework.standing import CaseState, Standing, standing
from register.casework.views import may_see_needs
from register.dates import UnknownDayError, after, day_of, in_words
from register.entry import RegisterEntry, Restriction
from register.evidence import address_keys
from register.guidance import guidance
from register.lookup_store import refs_like
from register.officers import Officers
from register.places import postcode_keys
from register.projection import telephone_key, word_keys
from register.purposes import nameless, stated
from register.recording import Desk
from register.restrictions import Agreement, TelephoneLimit

MOST = 20
"""Cases told at once."""

FORMER = "a former case: nothing is in force"
ONLY_WARNED = "no contact arrangements in force: deal with contact as usual, and heed the warnings"

_QUIET = frozenset({CaseState.ACTIVE, CaseState.ENDED, CaseState.CLOSED})  # active, though it may have expired
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w])\+?\(?\d[\d\s()-]{4,}\d(?!\w)")
_TITLES = frozenset(f"word:{title}" for title in ("mr", "mrs", "ms", "miss", "mx", "dr", "cllr"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One case as front-line staff may know it: what to do on each channel now, what to adjust, and what to beware of.

    `needs` is empty but for those who must know them.
    """

    ref: str
    name: str
    state: str
    guidance: tuple[tuple[Channel, tuple[str, ...]], ...] = ()
    adjustments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a look-up found; `more` says that there is more than is told."""

    found: tuple[Found, ...]
    more: bool


def look_up(
    session: Session, desk: Desk, words: Sequence[str], *, purpose: str, channel: Channel | None = None
) -> Answer:
    """Look up a person or property by parts of a name, an address or number of any kind, or a case's reference.

    All words must fit. Raises PurposeRefusedError for a purpose that is none, or no short phrase.
    """
    given = stated(purpose)
    channels = tuple(Channel) if channel is None else (channel,)
    officers = officer_store.officers(session)
    told: list[Found] = []
    for ref in _refs(session, " ".join(words)):
        entry, case = store.entry(session, ref), case_store.case(session, ref)
        if entry is not None and case is not None:
            told += _told(_Reading(desk, officers, entry, standing(case)), channels)
        if len(told) > MOST:
            break
    answer = Answer(found=tuple(told[:MOST]), more=len(told) > MOST)
    _note(session, desk, answer, nameless(given, (*words, *(one.name for one in answer.found))), channel)
    return answer


def _note(session: Session, desk: Desk, answer: Answer, purpose: str, channel: Channel | None) -> None:
    details = {"channel": channel.value if channel else "any", "found": str(len(answer.found)), "purpose": purpose}
    subjects = [one.ref for one in answer.found] or [""]
    notes = [desk.note(AuditAction.LOOKED_UP, ref, **details) for ref in subjects]
    audit_store.append(session, notes, now=desk.now)


def _refs(session: Session, text: str) -> tuple[str, ...]:
    """The case with just this reference, or those that everything in the text fits."""
    if store.entry(session, text.strip()) is not None:
        return (text.strip(),)
    whole: list[frozenset[str]] = []
    for pattern, keys in ((_ADDRESS, address_keys), (_POSTCODE, postcode_keys), (_NUMBER, _number_keys)):
        for written in pattern.findall(text):
            known = frozenset(keys(written))
            if known:
                whole.append(known)
                text = text.replace(written, " ")
    parts = sorted(set(word_keys(text)) - _TITLES)
    whole += [frozenset({part}) for part in parts if part[-1:].isdigit()]  # house 7 is not house 70
    return refs_like(session, whole, [part for part in parts if not part[-1:].isdigit()])


def _number_keys(written: str) -> frozenset[str]:
    """A number is one of a telephone, or of a property."""
    digits = re.sub(r"\D", "", written)
    return frozenset({telephone_key(written), f"uprn:{digits}"})


@dataclass(frozen=True, slots=True)
class _Reading:
    """A case somebody looked up, and who it was."""

    desk: Desk
    officers: Officers
    entry: RegisterEntry
    stands: Standing

    @property
    def in_force(self) -> tuple[Restriction, ...]:
        return tuple(one for one in self.entry.restrictions if one.in_force_at(self.desk.now))

    @property
    def past(self) -> bool:
        """Whether something was decided or closed before, and nothing of that has effect now."""
        return not self.in_force and (bool(self.entry.restrictions) or self.stands.concluded is not None)

    @property
    def over(self) -> bool:
        """Whether nothing of it is still to commence either, and nobody asks for anything anew."""
        to_come = any(one.commenced_at > self.desk.now for one in self.entry.restrictions)
        return self.past and not to_come and self.stands.state in _QUIET

    @property
    def governed(self) -> bool:
        """Whether this officer answers for it."""
        return governs(self.desk.officer, self.stands, self.desk.in_force)

    @property
    def shared(self) -> bool:
        """Whether it belongs to the officer's service."""
        owner = self.stands.case.owner
        return owner is not None and owner.service == self.desk.officer.service


def _told(reading: _Reading, channels: Sequence[Channel]) -> Iterator[Found]:
    """What this officer is told: of the past, nothing, unless they govern the case (row 3.42).

    A danger is not over with a restriction: what to beware of is told until the case is closed.
    """
    ref, case, desk = reading.entry.ref, reading.stands.case, reading.desk
    warnings = () if reading.stands.closed else (*_external_register(reading), *_risk(reading))
    if not (reading.in_force or warnings):
        if reading.governed or (reading.shared and not reading.past):
            yield Found(ref=ref, name=case.name, state=FORMER if reading.over else reading.stands.state.value)
        return
    sees = may_see_needs(desk.officer, reading.stands, desk.in_force)
    yield Found(
        ref=ref,
        name=case.name,
        state=", ".join(one.kind.replace("-", " ") for one in reading.in_force) or ONLY_WARNED,
        guidance=tuple((channel, said) for channel in channels if (said := tuple(_said(reading, channel)))),
        adjustments=tuple(need.adjustment for need in case.needs),
        needs=tuple(need.need for need in case.needs) if sees else (),
        warnings=warnings,
    )


def _said(reading: _Reading, channel: Channel) -> Iterator[str]:
    for restriction in reading.in_force:
        scope = ", ".join(sorted(restriction.services | restriction.mailboxes))
        for sentence in guidance(restriction.terms, channel, reading.desk.now):
            yield f"For {scope} only: {sentence}" if scope else sentence
        if channel is Channel.TELEPHONE and isinstance(restriction.terms, TelephoneLimit) and restriction.terms.calls:
            yield _calls(reading, restriction, restriction.terms)
        if isinstance(restriction.terms, Agreement):
            yield from _breaches(reading, restriction)


def _breaches(reading: _Reading, restriction: Restriction) -> Iterator[str]:
    """Rows 1.60, 3.30: how often an agreement was not kept since it took effect, and which message the last was."""
    since = day_of(restriction.commenced_at)
    breaches = [event.record for event in reading.stands.case.actions(ActionKind.AGREEMENT_BREACH)]
    counted = sorted((one for one in breaches if one.on >= since), key=lambda one: one.on)
    if counted:
        last, times = counted[-1], "breach" if len(counted) == 1 else "breaches"
        shown = f" ({last.message})" if last.message else ""
        yield f"{len(counted)} {times} recorded, the last on {in_words(last.on)}{shown}."


def _calls(reading: _Reading, restriction: Restriction, terms: TelephoneLimit) -> str:
    """The calls of the present period beside how many there may be (row 1.62)."""
    since = _period_began(restriction, terms, reading.desk)
    calls = [one for one in reading.stands.case.incidents if one.channel is Channel.TELEPHONE]
    logged = sum(since <= day_of(one.at) for one in calls)
    reached = ": the limit is reached" if logged >= terms.calls else ""
    return f"{logged} of {terms.calls} calls logged since {in_words(since)}{reached}."


def _period_began(restriction: Restriction, terms: TelephoneLimit, desk: Desk) -> date:
    """The first day of the period we are in; the first of all begins with the restriction."""
    begins, today = day_of(restriction.commenced_at), day_of(desk.now)
    while terms.per is not None:
        try:
            following = after(begins, terms.per, desk.calendar)
        except UnknownDayError:  # a period that outlasts every calendar
            break
        if following > today:
            break
        begins = following
    return begins


def _external_register(reading: _Reading) -> Iterator[str]:
    """Rows 4.26, 4.27: who is to be visited, or whose case is to be escalated, is looked up there as well."""
    names = [one.name for one in reading.desk.in_force.external_registers]
    for event in reading.stands.case.actions(ActionKind.EXTERNAL_REGISTER):
        name = " or ".join(names) or "External register"
        yield f"{name} reference {event.record.reference}: check before visiting or escalating."


def _risk(reading: _Reading) -> Iterator[str]:
    """Row 1.52: nobody attends a property on the register before its risk was assessed, not too long ago."""
    desk, made = reading.desk, assessment(reading.stands.case)
    dues = deadlines(reading.stands, desk.in_force, desk.calendar, reading.officers)
    due = next((one for one in dues if one.kind is DueKind.RISK_ASSESSMENT), None)
    if made is None:
        if due is not None:
            yield "The risk at this property is not assessed yet: do not attend before it is."
        return
    if due is not None and due.on <= day_of(desk.now):
        yield f"No valid risk assessment since {in_words(due.on)}: do not attend before there is one."
        yield f"The last one (of {in_words(made.on)}) said: {made.outcome}"
    else:
        until = f", valid until {in_words(due.on)}" if due is not None else ""
        dated = f"of {in_words(made.on)}{until}"
        yield f"Before attending, do as the property's risk assessment says ({dated}): {made.outcome}"
