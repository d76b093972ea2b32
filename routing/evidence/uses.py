"""Whose an address was, and when: mail is counted as a person's while the address was surely theirs.

Whatever else came from it is told apart or left out, and is in no other figure of theirs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from register.casework.case import Case
from register.casework.facts import Identifier, IdentifierKind, IdentifierWithdrawn
from register.dates import start_of
from routing.evidence.contacts import Contact, Mail, contacts


class Claim(StrEnum):
    """What a case says of mail from an address that it records, or has recorded."""

    THEIRS = "theirs"
    SHARED = "shared"  # another case had the address as well by then
    WITHDRAWN = "withdrawn"  # the address was recorded as theirs then, and is withdrawn: it may never have been
    EARLIER = "earlier"  # it came before the day from which the address is recorded as theirs
    NONE = "none"  # it came after a withdrawal, or while only another case had the address


DOUBTFUL = (Claim.SHARED, Claim.WITHDRAWN, Claim.EARLIER)
"""What is told apart, in the order in which it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The time in which an address was recorded as the person's, half-open."""

    address: str
    begins: datetime
    ends: datetime | None = None  # when it was withdrawn
    others_from: datetime | None = None  # from when on another case has it as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """A person's contacts; and apart, by what is doubtful about them, those that somebody else may have made."""

    contacts: tuple[Contact, ...] = ()
    doubtful: tuple[tuple[Claim, tuple[Contact, ...]], ...] = ()

    @property
    def every(self) -> tuple[Contact, ...]:
        """All of them."""
        return (*self.contacts, *(one for _, found in self.doubtful for one in found))


def uses(case: Case) -> tuple[Use, ...]:
    """Each use of an e-mail address that the case records, those that were withdrawn first."""
    current: dict[str, Identifier] = {}
    over: list[Use] = []
    for event in case.events:
        match event.record:
            case Identifier() as found:
                current[found.value] = found
            case IdentifierWithdrawn(value=value) if value in current:
                over += _used(current.pop(value), event.at)
            case _:
                pass
    return (*over, *(use for found in current.values() for use in _used(found)))


def told_apart(mails: Iterable[Mail], used: Mapping[str, Sequence[Use]]) -> Theirs:
    """The contacts that these mails are, each writer's by how their address was used when it was written."""
    found: dict[Claim, list[Mail]] = {}
    for mail in mails:
        found.setdefault(_claim(used.get(mail.trace.writer, ()), mail.received_at), []).append(mail)
    return Theirs(
        contacts=contacts(found.get(Claim.THEIRS, ())),
        doubtful=tuple((claim, contacts(found[claim])) for claim in DOUBTFUL if claim in found),
    )


def _used(found: Identifier, ends: datetime | None = None) -> Iterator[Use]:
    if found.identifier is IdentifierKind.EMAIL:
        yield Use(address=found.value, begins=start_of(found.since), ends=ends)


def _claim(used: Sequence[Use], moment: datetime) -> Claim:
    current = [use for use in used if use.ends is None]
    others = any(use.others_from is not None and use.others_from <= moment for use in current)
    if any(use.begins <= moment for use in current):
        return Claim.SHARED if others else Claim.THEIRS
    if any(use.ends is not None and use.begins <= moment < use.ends for use in used):
        return Claim.WITHDRAWN
    return Claim.EARLIER if current and not others else Claim.NONE
