"""What the register says, as frozen values: entries, restrictions, matters, and the snapshot read for a batch."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RestrictionKind(StrEnum):
    """What has been decided about a person's e-mail; the kinds the pipeline can enforce today."""

    SPOC_DIVERSION = "spoc-diversion"
    READ_AND_FILE = "read-and-file"


class MatterState(StrEnum):
    """Where a complaint or issue stands; only a closed or exhausted matter may be read and filed (rows 0.7, 0.8)."""

    OPEN = "open"
    CLOSED = "closed"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One complaint or issue: `reference` is the council's own, as correspondents quote it."""

    reference: str
    title: str
    state: MatterState

    @property
    def finished(self) -> bool:
        """Whether the council has given its final answer."""
        return self.state in {MatterState.CLOSED, MatterState.EXHAUSTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One restriction in the register, in force from `commenced_at` up to, not including, `ends_at`."""

    ref: str
    kind: RestrictionKind
    commenced_at: datetime
    ends_at: datetime | None  # exclusive; None: until reviewed
    mailboxes: frozenset[str] = frozenset()  # names of mailboxes; empty: all
    services: frozenset[str] = frozenset()  # names of services; empty: all
    spoc: str | None = None  # the address mail is diverted to
    matter: str | None = None  # reference of the matter read and filed

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
    """One person on the register; `version` grows with every change, and decisions cite it."""

    ref: str
    version: int
    name: str
    addresses: tuple[str, ...]  # as recorded
    restrictions: tuple[Restriction, ...] = ()
    matters: tuple[Matter, ...] = ()

    def matter(self, reference: str | None) -> Matter | None:
        """The matter with this reference, if the entry has it."""
        return next((matter for matter in self.matters if matter.reference == reference), None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The register as read for one batch: every entry that any message of the batch could be about."""

    entries: tuple[RegisterEntry, ...] = ()
