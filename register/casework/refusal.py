"""Why something may not be recorded, in the policy's words; and the situation that this is judged in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from policies.policy import Policy, Rule
from register.casework.case import Case
from register.casework.standing import Standing
from register.dates import WorkingCalendar, day_of
from register.officers import Officer, Officers


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a record, what to do about it, and the clause; a mere remark refuses nothing."""

    words: str
    clause: str
    refuses: bool = True

    def __str__(self) -> str:
        return f"{self.words} [{self.clause}]"


Objections = Iterator[Objection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The case as it stands, who wants to record something, when, and under which policy."""

    standing: Standing
    policy: Policy
    officer: Officer
    now: datetime
    officers: Officers
    calendar: WorkingCalendar

    @property
    def case(self) -> Case:
        """The case before the record."""
        return self.standing.case

    @property
    def today(self) -> date:
        """The council's calendar day."""
        return day_of(self.now)


class RefusedError(Exception):
    """The policy does not let this be recorded; every objection is told, with its clause."""

    def __init__(self, ref: str, kind: str, version: str, objections: tuple[Objection, ...]) -> None:
        lines = "\n".join(f"  {objection}" for objection in objections)
        super().__init__(f"{kind} of {ref or 'a new case'} is refused under {version}:\n{lines}")
        self.objections = objections
        self.version = version


def against(rule: Rule[Any], words: str) -> Objection:
    """An objection that rests on a rule of the policy."""
    return Objection(words, rule.clause)


OWN_RULE = "the register's own rule"
"""Cited where no policy has to say it: a date that is impossible, somebody who does not exist."""


def plainly(words: str) -> Objection:
    """An objection that needs no policy."""
    return Objection(words, OWN_RULE)


def titles(policy: Policy, roles: Iterable[str]) -> str:
    """Roles in the policy's own words, for a person."""
    return " or ".join(policy.roles.get(role, role) for role in roles) or "any officer"


def by_role(rule: Rule[tuple[str, ...]], situation: Situation, doing: str) -> Objections:
    """An objection unless the officer holds one of the roles; no roles means any officer."""
    if rule.value and not situation.officer.holds(rule.value):
        who = titles(situation.policy, rule.value)
        yield against(rule, f"{doing} is for {who}, and {situation.officer.username} is {situation.officer.job_title}")


def not_later(day: date, situation: Situation, what: str) -> Objections:
    """An objection to a day that is still to come."""
    if day > situation.today:
        yield plainly(f"{what} {day} is still to come: it is recorded when it has happened")
