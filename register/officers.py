"""The council's people who work with the register: who they are, what roles they hold, and how they sign."""

from collections.abc import Collection
from dataclasses import dataclass

from register.fields import Day, Email, Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One officer; `roles` are ids of the policy's. `absent_until` is the day they are back; None: not absent."""

    username: str
    name: Label
    job_title: Label
    service: Label
    roles: frozenset[str] = frozenset()
    email: Email | None = None
    trained_on: Day | None = None
    active: bool = True
    absent_until: Day | None = None

    def holds(self, roles: Collection[str]) -> bool:
        """Whether the officer has one of these roles."""
        return not self.roles.isdisjoint(roles)

    def signature(self) -> "Signature":
        """How the officer signs today."""
        return Signature(
            officer=self.username, name=self.name, job_title=self.job_title, roles=self.roles, service=self.service
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who recorded something, with name and job title as they were then (row 1.50)."""

    officer: str
    name: str
    job_title: str
    service: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Officers:
    """The directory of officers, active or not."""

    everyone: tuple[Officer, ...] = ()

    def named(self, username: str) -> Officer | None:
        """The officer with this username."""
        return next((officer for officer in self.everyone if officer.username == username), None)

    def at(self, address: str) -> Officer | None:
        """The officer with this e-mail address."""
        lowered = address.lower()
        return next((officer for officer in self.everyone if officer.email and officer.email.lower() == lowered), None)
