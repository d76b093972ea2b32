"""A case as the list of what was recorded about it; everything else is read off that list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Annotated, Generic, TypeVar, cast

from pydantic import Field

from register.casework.facts import (
    Action,
    ActionKind,
    Fact,
    Identifier,
    IdentifierWithdrawn,
    Incident,
    LegalHold,
    Matter,
    Need,
    Owner,
    Person,
    Property,
    Representative,
)
from register.casework.steps import Step
from register.officers import Signature

Record = Annotated[Fact | Step, Field(discriminator="kind")]
"""Anything that can be recorded in a case, told apart by `kind`."""

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Generic[R_co]):
    """One record of a case: `number` counts from 1, `policy` is the version in force when it was recorded."""

    number: int
    at: datetime
    by: Signature
    policy: str
    record: R_co


@dataclass(frozen=True)
class Case:
    """Everything recorded about one person or property, oldest first. A case without events is yet to be opened."""

    ref: str
    events: tuple[CaseEvent[Fact | Step], ...] = ()

    @property
    def version(self) -> int:
        """Grows with every record; decisions cite it."""
        return len(self.events)

    def with_event(self, event: CaseEvent[Fact | Step]) -> "Case":
        """The case after one more record."""
        return replace(self, events=(*self.events, event))

    def of(self, kind: type[R]) -> tuple[CaseEvent[R], ...]:
        """The records of one kind, oldest first."""
        return cast("tuple[CaseEvent[R], ...]", self._by_kind.get(kind, ()))

    def last(self, kind: type[R]) -> CaseEvent[R] | None:
        """The newest record of one kind."""
        found = self.of(kind)
        return found[-1] if found else None

    @cached_property
    def _by_kind(self) -> dict[type, tuple[CaseEvent[Fact | Step], ...]]:
        kinds: dict[type, list[CaseEvent[Fact | Step]]] = {}
        for event in self.events:
            kinds.setdefault(type(event.record), []).append(event)
        return {kind: tuple(found) for kind, found in kinds.items()}

    @property
    def person(self) -> Person | None:
        """Who it is about, if it is about a person."""
        found = self.last(Person)
        return found.record if found else None

    @property
    def place(self) -> Property | None:
        """The property it is about, or that belongs to the person."""
        found = self.last(Property)
        return found.record if found else None

    @property
    def name(self) -> str:
        """What the case is called among people: the person's name, else the property's address."""
        if self.person is not None:
            return self.person.name
        return self.place.address.splitlines()[0] if self.place is not None else ""

    @property
    def owner(self) -> Owner | None:
        """Who is responsible for it."""
        found = self.last(Owner)
        return found.record if found else None

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Every address and number that was recorded and not withdrawn since."""
        kept: dict[str, Identifier] = {}
        for event in self.events:
            match event.record:
                case Identifier() as found:
                    kept[found.value] = found
                case IdentifierWithdrawn(value=value):
                    kept.pop(value, None)
                case _:
                    pass
        return tuple(kept.values())

    @property
    def matters(self) -> tuple[Matter, ...]:
        """Each matter as it now stands."""
        return tuple({event.record.reference: event.record for event in self.of(Matter)}.values())

    @property
    def needs(self) -> tuple[Need, ...]:
        """The needs and adjustments recorded."""
        return tuple(event.record for event in self.of(Need))

    @property
    def representatives(self) -> tuple[Representative, ...]:
        """Those who speak for the person, each as last recorded."""
        return tuple({event.record.name: event.record for event in self.of(Representative)}.values())

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """The incidents in the order in which they happened."""
        return tuple(sorted((event.record for event in self.of(Incident)), key=lambda incident: incident.at))

    @property
    def held(self) -> bool:
        """Whether a legal hold keeps it from being erased."""
        found = self.last(LegalHold)
        return found is not None and found.record.held

    def actions(self, kind: ActionKind) -> Iterator[CaseEvent[Action]]:
        """What was done of one kind, oldest first."""
        return (event for event in self.of(Action) if event.record.action is kind)
