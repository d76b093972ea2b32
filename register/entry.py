"""What the register says as routing reads it, frozen: entries, restrictions, and the snapshot read for a batch.

An entry is what `register.projection` makes of a case; nobody writes one by hand.
"""

from dataclasses import dataclass
from datetime import date, datetime

from policies.vocabulary import RestrictionKind
from register.casework.facts import Matter
from register.restrictions import ReadAndFile, SpocDiversion, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A point of contact who does not receive mail at present: back on the day `until`, or, without one, gone."""

    address: str
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether they are away on this day."""
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One restriction in the register, in force from `commenced_at` up to, not including, `ends_at`.

    `policy` is the version it was decided under; `review_on` the day by which it is looked at again.
    """

    ref: str
    terms: Terms
    commenced_at: datetime
    ends_at: datetime | None  # exclusive; None: until reviewed
    mailboxes: frozenset[str] = frozenset()  # names of mailboxes; empty: all
    services: frozenset[str] = frozenset()  # names of services; empty: all
    policy: str = ""
    review_on: date | None = None
    away: tuple[Absence, ...] = ()  # of those whom its terms name as points of contact

    @property
    def kind(self) -> RestrictionKind:
        """What kind it is."""
        return self.terms.kind

    @property
    def spoc(self) -> str | None:
        """The address mail is diverted to, if it is diverted."""
        return self.terms.spoc if isinstance(self.terms, SpocDiversion) else None

    @property
    def matter(self) -> str | None:
        """Reference of the matter that is read and filed, if one is."""
        return self.terms.matter if isinstance(self.terms, ReadAndFile) else None

    def present(self, address: str, day: date) -> bool:
        """Whether the point of contact at this address receives mail on this day."""
        return not any(one.address == address.lower() and one.on(day) for one in self.away)

    def in_force_at(self, moment: datetime) -> bool:
        """Whether the restriction applies to mail the council received at `moment`."""
        return self.commenced_at <= moment and (self.ends_at is None or moment < self.ends_at)

    def covers(self, *, mailbox: str, service: str) -> bool:
        """Whether mail to this mailbox of this service is within its scope; no scope means council-wide."""
        if self.mailboxes or self.services:
            return mailbox in self.mailboxes or service in self.services
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One person on the register; `version` grows with every change, and decisions cite it.

    `care`: somebody with a recorded need, whose mail is never filed before it is read (row 1.2).
    """

    ref: str
    version: int
    name: str
    addresses: tuple[str, ...]  # as recorded
    aliases: tuple[str, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    matters: tuple[Matter, ...] = ()
    care: bool = False
    representatives: tuple[str, ...] = ()  # addresses of those who speak for the person
    contacts: frozenset[str] = frozenset()  # keys of telephone numbers and postcodes: nobody is looked up by them
    others: frozenset[str] = frozenset()  # `evidence.other_key` of each address that is not theirs, as people have said
    postcode: str = ""  # of a property whose occupant is not known: its mail is pointed out, never restricted

    def matter(self, reference: str | None) -> Matter | None:
        """The matter with this reference, if the entry has it."""
        return next((matter for matter in self.matters if matter.reference == reference), None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The register as read for one batch: every entry that any message of the batch could be about."""

    entries: tuple[RegisterEntry, ...] = ()
