"""One thing that has to be done by a day: what, by when and counted from when, by whom, and the clause it rests on."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from policies.period import Period
from policies.policy import Policy, Rule
from register.casework.case import Case
from register.casework.standing import Standing
from register.dates import WorkingCalendar, after


class DueKind(StrEnum):
    """What falls due."""

    REVIEW = "review"
    PROVISIONAL_END = "provisional-end"  # from this day the arrangements are expired, pending review
    MONITORING_END = "monitoring-end"
    OUTCOME_LETTER = "outcome-letter"  # what a review came to
    NOTICE = "notice"  # what an end, a longer monitoring, an appeal or a decision without notice came to
    APPEAL = "appeal"
    ADOPTION = "adoption"  # an earlier decision that nobody else has held against the file
    RISK_ASSESSMENT = "risk-assessment"
    RETENTION = "retention"
    OWNER = "owner"
    UNDELIVERED_LETTER = "undelivered-letter"
    POLICE_REPORT = "police-report"
    TRAINING = "training"
    POLICY_REVIEW = "policy-review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to be done by the day `on`; what no clause gives a time for is due at once.

    `ref` is a case's, an officer's username or a policy's id; `words` name nobody, nor do `once_come`, which are said
    in their place once the day has come. `basis` is the day that `period` counts from; without a period somebody set
    the day itself. No two of one `ref` share both kind and basis.
    """

    kind: DueKind
    ref: str
    on: date
    words: str
    clause: str
    basis: date
    period: Period | None = None
    owner: str | None = None  # the username of whoever has to do it; None: nobody answers for it
    once_come: str | None = None

    def told(self, today: date) -> str:
        """What there is to do, as it is true on the day `today`."""
        return self.once_come if self.once_come is not None and self.on <= today else self.words


def recomputed(due: Due, calendar: WorkingCalendar) -> Due:
    """The same by another calendar, such as one to which a closure was added since."""
    return due if due.period is None else replace(due, on=after(due.basis, due.period, calendar))


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A case with what its deadlines depend on; each that it makes names the case, and `owner` as who has to do it."""

    standing: Standing
    policy: Policy
    calendar: WorkingCalendar
    owner: str | None

    @property
    def case(self) -> Case:
        """The records."""
        return self.standing.case

    def set_for(self, kind: DueKind, on: date, words: str, clause: str) -> Due:
        """Due on a day that somebody set, or at once on the day it arose."""
        return Due(kind=kind, ref=self.case.ref, on=on, words=words, clause=clause, basis=on, owner=self.owner)

    def counted(self, kind: DueKind, basis: date, words: str, rule: Rule[Period]) -> Due:
        """Due once the period of a rule is over."""
        return Due(
            kind=kind,
            ref=self.case.ref,
            on=after(basis, rule.value, self.calendar),
            words=words,
            clause=rule.clause,
            basis=basis,
            period=rule.value,
            owner=self.owner,
        )
