"""Letters of a case that did not reach the person, or may not have: recorded where it is certain, else asked about.

What is recorded makes a notice void. So nothing is recorded that a person could have made up, or that may be untrue.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import clock
from core.db import Session
from register import case_store, recording
from register.addresses import same_mailbox
from register.casework.facts import Identifier, IdentifierKind
from register.casework.refusal import RefusedError
from register.casework.steps import LetterFailed
from register.dates import day_of
from register.personnel import the_software
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from workers import mailing_store
from workers.mailing_store import Fate, Mailing
from workers.runtime import Runtime

_DAY = timedelta(days=1)
_LETTER = "Letter {0.number} of {0.case_ref}"
_DID_NOT = f"{_LETTER} did not reach the person; send it another way. {{1}}"
_MAY_NOT = f"{_LETTER} may not have reached the person"
_FIND_OUT = (
    f"{_MAY_NOT}: {{1}}. Find out. If it has not, send it another way, and record that it failed: `mailroom case record"
    " {0.case_ref} kind=letter-failed letter={0.number} on=DAY reason='...'`."
)
_IS_LATE = f"{_LETTER} has not gone out"
_IT_WAITS = (
    f"{_IS_LATE} {{1}}. It is tried again; `mailroom letter list` tells what became of it. If it cannot wait, send it"
    " another way."
)


def did_not_reach(session: Session, runtime: Runtime, mailing: Mailing, fate: Fate, why: str) -> None:
    """Record that a letter did not reach the person, and tell the owner of its case; to hear it again adds nothing."""
    now = clock.now()
    if not mailing_store.settle(session, mailing.key, fate, why, now=now) or _is_recorded(session, mailing):
        return
    _ask_owner(session, mailing, _DID_NOT.format(mailing, why), now)
    failed = LetterFailed(letter=mailing.number, on=day_of(now), reason=why)
    try:
        recording.record(session, runtime.desk(the_software()), mailing.case_ref, failed)
    except (RefusedError, recording.UnknownCaseError):
        return  # the case is gone; the question above is what is left to say


def may_not_have_reached(session: Session, mailing: Mailing, why: str) -> None:
    """Ask the owner of its case, once in a day, about a letter of which nothing certain is known."""
    if mailing.fate not in mailing_store.LOST and not _is_recorded(session, mailing):
        _ask_daily(session, mailing, _FIND_OUT.format(mailing, why), _MAY_NOT.format(mailing))


def is_late(session: Session, mailing: Mailing, words: str) -> None:
    """Tell the owner of its case, once in a day, that a letter waits; `words` end "it has not gone out ..."."""
    _ask_daily(session, mailing, _IT_WAITS.format(mailing, words), _IS_LATE.format(mailing))


def is_theirs(session: Session, mailing: Mailing) -> bool:
    """Whether the address that a letter is for is still one of its case."""
    case = case_store.case(session, mailing.case_ref)
    emails = (item.value for item in case.identifiers if item.identifier is IdentifierKind.EMAIL) if case else ()
    return any(same_mailbox(email, mailing.recipient) for email in emails)


def writers(session: Session, ref: str) -> Iterator[str]:
    """Every address that a case has of the person, withdrawn ones too, and of those who speak for them."""
    case = case_store.case(session, ref)
    if case is None:
        return
    recorded = (event.record for event in case.of(Identifier))
    yield from (record.value for record in recorded if record.identifier is IdentifierKind.EMAIL)
    yield from (address for one in case.representatives for address in one.addresses)


def _is_recorded(session: Session, mailing: Mailing) -> bool:
    """Whether the case knows already that a letter failed, whoever recorded it."""
    case = case_store.case(session, mailing.case_ref)
    return case is not None and any(event.record.letter == mailing.number for event in case.of(LetterFailed))


def _ask_daily(session: Session, mailing: Mailing, question: str, beginning: str) -> None:
    now = clock.now()
    if not review_store.asked_since(session, ReviewKind.DUE, beginning, now - _DAY):
        _ask_owner(session, mailing, question, now)


def _ask_owner(session: Session, mailing: Mailing, question: str, now: datetime) -> None:
    ask = RaiseReview(kind=ReviewKind.DUE, question=question, priority=2)
    review_store.raise_about_case(session, mailing.case_ref, ask, now=now)
