"""What is held about one case: its records, and the mail that decisions about it rested on or that its records cite."""

from collections.abc import Iterator
from dataclasses import dataclass

from core import ids
from core.db import Session
from ingest import erasure_store as ledger
from ingest.store import DeliveryRow
from register import case_store
from register.casework.case import Case
from register.casework.facts import Incident
from register.casework.standing import Standing, standing
from register.casework.steps import AppealReceived, Referral
from register.recording import UnknownCaseError
from routing import erasure_store
from routing import store as decisions


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
    linked = {*decisions.deliveries_of_case(session, ref), *cited_in(case)}
    return Holding(
        standing=standing(case),
        deliveries=ledger.rows(session, linked),
        shared=_shared(session, ref, linked),
    )


def cited_in(case: Case) -> Iterator[int]:
    """The deliveries that the records of a case cite by reference; none of them need exist."""
    for event in case.events:
        match event.record:
            case Incident(message=message) | Referral(message=message) | AppealReceived(message=message):
                number = ids.parse_message_ref(message or "")
                if number is not None:
                    yield number
            case _:
                pass


def _shared(session: Session, ref: str, linked: set[int]) -> frozenset[int]:
    if not linked:
        return frozenset()
    by_decision = erasure_store.cases_of(session, linked)
    living = case_store.living(session, {other for refs in by_decision.values() for other in refs} - {ref})
    found = {delivery_id for delivery_id, refs in by_decision.items() if refs & living}
    cited = {ids.parse_message_ref(message) for other, message in case_store.messages_cited(session) if other != ref}
    return frozenset(found | (linked & cited))
