"""What a case is to those who read no cases: an entry for routing, a line in lists, keys to find it by, what is due."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from policies.policy import Policy
from register.casework.case import Case
from register.casework.deadlines import Due, at_expiry, deadlines
from register.casework.facts import IdentifierKind, Owner
from register.casework.standing import Arrangement, CaseState, Standing
from register.dates import WorkingCalendar
from register.entry import Absence, RegisterEntry, Restriction
from register.matching import entry_keys
from register.officers import Officers
from register.places import postcode_keys
from register.restrictions import contacts_of

_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 60  # characters of a key
_NATIONAL = re.compile(r"^(?:\+?44|0044)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What lists and look-ups know of a case, beside its entry."""

    state: CaseState = CaseState.RECORDED
    service: str = ""
    owner: str | None = None
    keys: frozenset[str] = frozenset()
    dues: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a case is read against: the policy version by name, the calendar, and the council's officers."""

    policy: Callable[[str], Policy]
    calendar: WorkingCalendar
    officers: Officers


def entry_of(standing: Standing, ground: Ground) -> RegisterEntry:
    """The entry that routing reads: only what took effect through the gates is in it."""
    case = standing.case
    emails = (item.value for item in case.identifiers if item.identifier is IdentifierKind.EMAIL)
    person = case.person
    return RegisterEntry(
        ref=case.ref,
        version=case.version,
        name=case.name,
        addresses=tuple(emails),
        aliases=person.aliases if person is not None else (),
        restrictions=tuple(_restriction(one, standing, ground) for one in standing.arrangements),
        matters=case.matters,
        care=any(not need.may_be_filed for need in case.needs),
        representatives=tuple(address for one in case.representatives for address in one.addresses),
        contacts=frozenset(_contact_keys(case)),
        postcode=case.place.postcode if case.place and case.person is None and standing.closed is None else "",
    )


def _restriction(arrangement: Arrangement, standing: Standing, ground: Ground) -> Restriction:
    policy = ground.policy(arrangement.policy)
    return Restriction(
        ref=arrangement.ref,
        terms=arrangement.measure.terms,
        commenced_at=arrangement.commenced_at,
        ends_at=_ends_at(arrangement, standing, policy),
        mailboxes=frozenset(arrangement.measure.mailboxes),
        services=frozenset(arrangement.measure.services),
        policy=arrangement.policy,
        review_on=arrangement.review_on,
        away=tuple(_absences(arrangement, ground.officers)),
    )


def _absences(arrangement: Arrangement, officers: Officers) -> Iterator[Absence]:
    for address in contacts_of(arrangement.measure.terms):
        officer = officers.at(address)
        if officer is not None and not officer.active:
            yield Absence(address=address.lower())
        elif officer is not None and officer.absent_until is not None:
            yield Absence(address=address.lower(), until=officer.absent_until)


def _ends_at(arrangement: Arrangement, standing: Standing, policy: Policy) -> datetime | None:
    """The first of: a decision that ended it, its provisional end where that lapses it, an appeal that rests it."""
    rests = standing.appeal is not None and policy.appeals.paused.value and not arrangement.ended
    moments = (
        arrangement.ended_at,
        at_expiry(arrangement, policy),
        standing.appeal.at if rests and standing.appeal is not None else None,
    )
    return min((moment for moment in moments if moment is not None), default=None)


def listing_of(standing: Standing, entry: RegisterEntry, ground: Ground) -> Listing:
    """The line of a case in lists; deadlines count by the policy that its newest restriction was decided under."""
    owner = standing.case.owner or Owner(officer="nobody", service="nobody")
    decided = standing.arrangements[-1].policy if standing.arrangements else _newest_policy(standing.case)
    policy = ground.policy(decided)
    return Listing(
        state=standing.state,
        service=owner.service if standing.case.owner else "",
        owner=owner.officer if standing.case.owner else None,
        keys=entry_keys(entry) | frozenset(_look_up_keys(standing.case)),
        dues=deadlines(standing, policy, ground.calendar, ground.officers),
    )


def _newest_policy(case: Case) -> str:
    return case.events[-1].policy if case.events else ""


def _look_up_keys(case: Case) -> Iterator[str]:
    """By what else officers look somebody up: words of a name, a telephone number, a postcode, a UPRN."""
    person = case.person
    for name in (case.name, *(person.aliases if person else ())):
        yield from word_keys(name)
    yield from _contact_keys(case)
    for identifier in case.identifiers:
        if identifier.identifier is IdentifierKind.POST:
            yield from word_keys(identifier.value)
    if case.place is not None:
        yield from word_keys(case.place.address)
        yield from postcode_keys(case.place.postcode)
        if case.place.uprn:
            yield f"uprn:{case.place.uprn}"


def _contact_keys(case: Case) -> Iterator[str]:
    """The telephone numbers and postcodes by which a person is known."""
    for identifier in case.identifiers:
        if identifier.identifier is IdentifierKind.TELEPHONE:
            yield telephone_key(identifier.value)
        elif identifier.identifier is IdentifierKind.POST:
            yield from postcode_keys(identifier.value)


def word_keys(text: str) -> Iterable[str]:
    """A key for each word, without case and accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return {f"word:{word[:_LONGEST_WORD]}" for word in _WORD.findall(plain)}


def telephone_key(number: str) -> str:
    """One key however a number is written: +44 1904 ..., 0044 ..., 01904 ..."""
    digits = re.sub(r"[^\d+]", "", number.replace("(0)", ""))
    return "telephone:" + re.sub(r"\D", "", _NATIONAL.sub("0", digits))
