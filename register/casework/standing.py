"""How a case stands: the open proposal and who approved it, what is in force, what was appealed, whether it is closed.

Each record changes the standing in one way, and the ways are all here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial, reduce, singledispatch

from policies.vocabulary import LetterKind
from register.casework.case import Case, CaseEvent
from register.casework.facts import Fact
from register.casework.steps import (
    Activation,
    Adoption,
    AppealDecided,
    AppealOutcome,
    AppealReceived,
    Closed,
    Consultation,
    Decision,
    Ended,
    LetterFailed,
    LetterIssued,
    Measure,
    MonitoringExtended,
    NoticeWaived,
    Proposal,
    Referral,
    ReferralDeclined,
    Review,
    ReviewOutcome,
    Step,
    Verdict,
)
from register.dates import day_of

NOTICES = frozenset({LetterKind.STAGE_1, LetterKind.DECISION})  # the letters that tell a person of restrictions


class CaseState(StrEnum):
    """Where a case is in the process."""

    RECORDED = "recorded"  # facts and incidents, nothing proposed
    REFERRED = "referred"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    APPEALED = "appealed"
    ENDED = "ended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """One restriction that took effect, until `ended_at` at the latest; `provisional_end` is when a review is owed."""

    ref: str
    measure: Measure
    stage: str
    policy: str
    decided_on: date
    decided_by: tuple[str, ...]  # usernames, or the name of whoever decided before this register
    commenced_at: datetime
    review_on: date
    provisional_end: date | None = None
    monitoring_until: date | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether it was ended by a decision; one that merely expired was not."""
        return self.ended_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProposal:
    """A proposal on its way: who was consulted, who approved, whether the person was told."""

    event: CaseEvent[Proposal]
    measures: tuple[Measure, ...]
    consultations: tuple[CaseEvent[Consultation], ...] = ()
    approvals: tuple[CaseEvent[Decision], ...] = ()
    notice: CaseEvent[LetterIssued] | None = None
    waived: CaseEvent[NoticeWaived] | None = None

    @property
    def proposal(self) -> Proposal:
        """What was proposed."""
        return self.event.record


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case as it stands after its records."""

    case: Case
    arrangements: tuple[Arrangement, ...] = ()
    proposal: OpenProposal | None = None
    referral: CaseEvent[Referral] | None = None
    appeal: CaseEvent[AppealReceived] | None = None
    closed: CaseEvent[Closed] | None = None
    concluded: CaseEvent[Closed] | None = None  # the last closure, also of a case that was opened again since

    @property
    def active(self) -> tuple[Arrangement, ...]:
        """What no decision has ended: in force, yet to commence, or expired without a review."""
        return tuple(arrangement for arrangement in self.arrangements if not arrangement.ended)

    @property
    def state(self) -> CaseState:
        """Where the case is in the process."""
        tests = (
            (self.closed is not None, CaseState.CLOSED),
            (self.appeal is not None, CaseState.APPEALED),
            (bool(self.active), CaseState.ACTIVE),
            (self.proposal is not None and bool(self.proposal.approvals), CaseState.APPROVED),
            (self.proposal is not None, CaseState.PROPOSED),
            (self.referral is not None, CaseState.REFERRED),
            (bool(self.arrangements), CaseState.ENDED),
        )
        return next((state for holds, state in tests if holds), CaseState.RECORDED)


def standing(case: Case) -> Standing:
    """Read the standing off the records."""
    return reduce(lambda so_far, event: _after(event.record, event, so_far), case.events, Standing(case=case))


def with_event(stands: Standing, event: CaseEvent[Fact | Step]) -> Standing:
    """The standing after one more record, without reading the others again."""
    return replace(_after(event.record, event, stands), case=stands.case.with_event(event))


Event = CaseEvent[Fact | Step]


@singledispatch
def _after(_record: object, _event: Event, so_far: Standing) -> Standing:
    return so_far


@_after.register
def _(_record: Referral, event: CaseEvent[Referral], so_far: Standing) -> Standing:
    return replace(so_far, referral=event, closed=None)


@_after.register
def _(_record: ReferralDeclined, _event: Event, so_far: Standing) -> Standing:
    return replace(so_far, referral=None)


@_after.register
def _(record: Proposal, event: CaseEvent[Proposal], so_far: Standing) -> Standing:
    return replace(so_far, proposal=OpenProposal(event=event, measures=record.measures))


@_after.register
def _(_record: Consultation, event: CaseEvent[Consultation], so_far: Standing) -> Standing:
    return _underway(so_far, lambda one: replace(one, consultations=(*one.consultations, event)))


@_after.register
def _(record: Decision, event: CaseEvent[Decision], so_far: Standing) -> Standing:
    if record.verdict is Verdict.REJECT:
        return replace(so_far, proposal=None)
    if record.verdict is Verdict.APPROVE:
        return _underway(so_far, lambda one: replace(one, approvals=(*one.approvals, event)))
    # What others approved, and what the person was told of or was not to be, is no longer what is proposed.
    anew = partial(replace, approvals=(event,), notice=None, waived=None)
    return _underway(so_far, lambda one: anew(one, measures=record.measures or one.measures))


@_after.register
def _(record: LetterIssued, event: CaseEvent[LetterIssued], so_far: Standing) -> Standing:
    return _underway(so_far, lambda one: replace(one, notice=event)) if record.letter in NOTICES else so_far


@_after.register
def _(record: LetterFailed, _event: Event, so_far: Standing) -> Standing:
    return _underway(  # a letter that came back has told nobody
        so_far, lambda one: replace(one, notice=None) if one.notice and one.notice.number == record.letter else one
    )


@_after.register
def _(_record: NoticeWaived, event: CaseEvent[NoticeWaived], so_far: Standing) -> Standing:
    return _underway(so_far, lambda one: replace(one, waived=event))


@_after.register
def _(record: Activation, event: CaseEvent[Activation], so_far: Standing) -> Standing:
    if so_far.proposal is None:
        return so_far
    proposal, approvals = so_far.proposal.proposal, so_far.proposal.approvals
    pattern = Arrangement(
        ref="",
        measure=so_far.proposal.measures[0],
        stage=proposal.stage,
        policy=event.policy,
        decided_on=day_of(max((approval.at for approval in approvals), default=event.at)),
        decided_by=tuple(approval.by.officer for approval in approvals),
        commenced_at=max(record.commences_at, event.at),  # earlier today, as written, was before it was recorded
        review_on=proposal.review_on,
        provisional_end=proposal.provisional_end,
        monitoring_until=proposal.monitoring_until,
    )
    return replace(_added(so_far, pattern, so_far.proposal.measures), proposal=None, referral=None)


@_after.register
def _(record: Adoption, event: CaseEvent[Adoption], so_far: Standing) -> Standing:
    pattern = Arrangement(
        ref="",
        measure=record.measures[0],
        stage=record.stage,
        policy=event.policy,
        decided_on=record.decided_on,
        decided_by=(record.decided_by,),
        commenced_at=record.commenced_at,
        review_on=record.review_on,
        provisional_end=record.provisional_end,
    )
    return _added(so_far, pattern, record.measures)


@_after.register
def _(record: MonitoringExtended, _event: Event, so_far: Standing) -> Standing:
    return _changed(so_far, lambda one: replace(one, monitoring_until=record.until) if one.monitoring_until else one)


@_after.register
def _(record: Review, event: CaseEvent[Review], so_far: Standing) -> Standing:
    if record.outcome is ReviewOutcome.REMOVE:
        return _ended(so_far, event.at)
    extended = _changed(
        so_far, lambda one: replace(one, provisional_end=record.ends_on, review_on=record.review_on or one.review_on)
    )
    return _replaced(extended, record.measures, event) if record.outcome is ReviewOutcome.AMEND else extended


@_after.register
def _(_record: AppealReceived, event: CaseEvent[AppealReceived], so_far: Standing) -> Standing:
    return replace(so_far, appeal=event)


@_after.register
def _(record: AppealDecided, event: CaseEvent[AppealDecided], so_far: Standing) -> Standing:
    decided = replace(so_far, appeal=None)
    if record.outcome is AppealOutcome.OVERTURN:
        return _ended(decided, event.at)
    return _replaced(decided, record.measures, event) if record.outcome is AppealOutcome.VARY else decided


@_after.register
def _(record: Ended, event: CaseEvent[Ended], so_far: Standing) -> Standing:
    return _ended(so_far, event.at, record.restrictions)


@_after.register
def _(_record: Closed, event: CaseEvent[Closed], so_far: Standing) -> Standing:
    return replace(_ended(so_far, event.at), closed=event, concluded=event, referral=None, proposal=None, appeal=None)


def _underway(so_far: Standing, change: Callable[[OpenProposal], OpenProposal]) -> Standing:
    return so_far if so_far.proposal is None else replace(so_far, proposal=change(so_far.proposal))


def _added(so_far: Standing, pattern: Arrangement, measures: Sequence[Measure]) -> Standing:
    added = tuple(
        replace(pattern, ref=f"{so_far.case.ref}-R{number}", measure=measure)
        for number, measure in enumerate(measures, start=len(so_far.arrangements) + 1)
    )
    return replace(so_far, arrangements=(*so_far.arrangements, *added))


def _changed(so_far: Standing, change: Callable[[Arrangement], Arrangement]) -> Standing:
    changed = (arrangement if arrangement.ended else change(arrangement) for arrangement in so_far.arrangements)
    return replace(so_far, arrangements=tuple(changed))


def _ended(so_far: Standing, at: datetime, refs: Sequence[str] = ()) -> Standing:
    """End those named, or all."""
    return _changed(so_far, lambda one: replace(one, ended_at=at) if not refs or one.ref in refs else one)


def _replaced(so_far: Standing, measures: Sequence[Measure], event: Event) -> Standing:
    """End what is active, and let these take its place from the same moment, under the same terms of review."""
    if not so_far.active:
        return so_far
    pattern = replace(
        so_far.active[-1],
        commenced_at=event.at,
        policy=event.policy,
        decided_on=day_of(event.at),
        decided_by=(event.by.officer,),
    )
    return _added(_ended(so_far, event.at), pattern, measures)
