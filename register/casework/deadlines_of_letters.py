"""The letters a case owes to the person: one that came back has told nobody anything."""

from collections.abc import Iterator
from datetime import date

from policies.policy import Policy
from policies.vocabulary import LetterKind
from register.casework.case import Case
from register.casework.due import Due, DueKind, Reckoning
from register.casework.steps import (
    Activation,
    AppealDecided,
    Ended,
    LetterFailed,
    LetterIssued,
    MonitoringExtended,
    NoticeWaived,
    Review,
)
from register.dates import day_of

_WHAT_APPLIES = (LetterKind.DECISION, LetterKind.STAGE_1, LetterKind.REVIEW_OUTCOME, LetterKind.APPEAL_OUTCOME)
"""Any of these tells what now applies."""


def letters_owed(reckoning: Reckoning) -> Iterator[Due]:
    """Letters that a record asks for and that did not reach the person since, and those that came back."""
    case = reckoning.case
    told = _told(case)
    for review in case.of(Review):
        if review.number > told.get(LetterKind.REVIEW_OUTCOME, 0):
            yield from outcome_letter(review.record.on, reckoning)
    for number, day, clause, kinds in _to_tell(reckoning):
        if number > max(told.get(kind, 0) for kind in kinds):
            words = f"Tell the person of {case.ref} in writing what was decided and what applies now."
            yield reckoning.set_for(DueKind.NOTICE, day, words, clause)
    yield from _undelivered(reckoning)


def outcome_letter(basis: date, reckoning: Reckoning) -> Iterator[Due]:
    """The letter about a review held on `basis`: within the time the policy gives (row 1.81), else the same day."""
    words = f"Tell the person of {reckoning.case.ref} in writing what the review came to."
    within = reckoning.policy.reviews.letter_within
    if within is not None:
        yield reckoning.counted(DueKind.OUTCOME_LETTER, basis, words, within)
    elif LetterKind.REVIEW_OUTCOME in reckoning.policy.letters:
        clause = _asked_by(LetterKind.REVIEW_OUTCOME, reckoning.policy)
        yield reckoning.set_for(DueKind.OUTCOME_LETTER, basis, words, clause)


def monitoring_clause(policy: Policy) -> str:
    """What the policy says about watching somebody's contact."""
    clauses = (stage.monitoring.clause for stage in policy.stages.values() if stage.monitoring is not None)
    return next(clauses, policy.reviews.interval.clause)


def _to_tell(reckoning: Reckoning) -> Iterator[tuple[int, date, str, tuple[LetterKind, ...]]]:
    """What was decided other than by a review: the record, its day, the clause, and the letters that can tell it."""
    case, policy = reckoning.case, reckoning.policy
    for extended in case.of(MonitoringExtended):
        yield extended.number, day_of(extended.at), monitoring_clause(policy), _WHAT_APPLIES
    for ended in case.of(Ended):
        yield ended.number, day_of(ended.at), policy.notice_first.clause, _WHAT_APPLIES
    if LetterKind.APPEAL_OUTCOME in policy.letters:
        clause = _asked_by(LetterKind.APPEAL_OUTCOME, policy)
        for decided in case.of(AppealDecided):
            yield decided.number, day_of(decided.at), clause, (LetterKind.APPEAL_OUTCOME,)
    for waived in case.of(NoticeWaived):  # nobody was warned, and nobody may be left to find out
        begun = next((event for event in case.of(Activation) if event.number > waived.number), None)
        if begun is not None:
            yield waived.number, day_of(begun.at), policy.notice_first.clause, _WHAT_APPLIES


def _told(case: Case) -> dict[LetterKind, int]:
    """The number of the last letter of each kind that is not known to have come back."""
    returned = {event.record.letter for event in case.of(LetterFailed)}
    return {event.record.letter: event.number for event in case.of(LetterIssued) if event.number not in returned}


def _undelivered(reckoning: Reckoning) -> Iterator[Due]:
    issued = {event.number: event.record.letter for event in reckoning.case.of(LetterIssued)}
    for failed in reckoning.case.of(LetterFailed):
        kind = issued.get(failed.record.letter)
        if any(number > failed.number and again is kind for number, again in issued.items()):
            continue
        words = f"A letter of {reckoning.case.ref} came back: find out how to reach the person, and issue it again."
        yield reckoning.set_for(
            DueKind.UNDELIVERED_LETTER, failed.record.on, words, reckoning.policy.notice_first.clause
        )


def _asked_by(kind: LetterKind, policy: Policy) -> str:
    return next(iter(policy.letters[kind].values()), policy.notice_first.clause)
