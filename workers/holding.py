"""What is held about one case: its records, and the mail that decisions about it rested on or that its records cite."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core import ids
from core.db import Session
from ingest import erasure_store as ledger
from ingest.delivery import MESSAGE_ID
from ingest.store import DeliveryRow
from register import case_store
from register.casework.case import Case
from register.casework.facts import Action, Incident
from register.casework.standing import Standing, standing
from register.casework.steps import AppealReceived, LetterIssued, Referral
from register.recording import UnknownCaseError
from routing import erasure_store
from routing import store as decisions

_MESSAGE_REF = re.compile(r"\bM(\d{1,18})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One case and its mail. `shared`: deliveries that another case of the register needs as well."""

    standing: Standing
    deliveries: tuple[DeliveryRow, ...]
    shared: frozenset[int]

    @property
    def case(self) -> Case:
        """The records."""
        return self.standing.case

    @property
    def own(self) -> tuple[DeliveryRow, ...]:
        """The deliveries that are of no other case."""
        return tuple(row for row in self.deliveries if row.id not in self.shared)

    @property
    def own_ids(self) -> tuple[int, ...]:
        """The same, by id."""
        return tuple(row.id for row in self.own)


def holding(session: Session, ref: str) -> Holding:
    """Everything held about a case. Raises UnknownCaseError, with the day of its erasure where it was erased."""
    case = case_store.case(session, ref)
    if case is None:
        erased = case_store.erasure(session, ref)
        raise UnknownCaseError(ref, erased.erased_at if erased else None)
    rows = ledger.rows(session, {*decisions.deliveries_of_case(session, ref), *cited_in(case)})
    return Holding(standing=standing(case), deliveries=rows, shared=claimed(session, rows, but=ref))


def cited_in(case: Case) -> Iterator[int]:
    """The deliveries that the records of a case cite by reference; none of them need exist."""
    for event in case.events:
        match event.record:
            case (
                Incident(message=message)
                | Referral(message=message)
                | AppealReceived(message=message)
                | LetterIssued(message=message)
                | Action(message=message)
            ):
                number = ids.parse_message_ref(message or "")
                if number is not None:
                    yield number
            case _:
                pass


def claimed(session: Session, rows: Sequence[DeliveryRow], *, but: str | None = None) -> frozenset[int]:
    """Those of these deliveries that a case of the register needs, `but` this one: by a decision, or by a record."""
    if not rows:
        return frozenset()
    by_decision = erasure_store.cases_of(session, [row.id for row in rows])
    living = case_store.living(session, {ref for refs in by_decision.values() for ref in refs} - {but})
    cited = [message for ref, message in case_store.messages_cited(session) if ref != but]
    numbers, names = frozenset(_numbers(cited)), frozenset(_names(cited))
    return frozenset(
        row.id
        for row in rows
        if by_decision.get(row.id, frozenset()) & living or row.id in numbers or row.message_id in names
    )


def _numbers(cited: Iterable[str]) -> Iterator[int]:
    """Every reference that an officer may have meant: one too many only keeps a message."""
    for message in cited:
        number = ids.parse_message_ref(message)
        if number is not None:
            yield number
        yield from (int(digits) for digits in _MESSAGE_REF.findall(message))


def _names(cited: Iterable[str]) -> Iterator[str]:
    """The same of Message-IDs, with their angle brackets or without."""
    for message in cited:
        yield from MESSAGE_ID.findall(message)
        yield f"<{message.strip()}>"
