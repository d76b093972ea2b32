"""Decisions as taken, committed together with the effects they owe and the questions they ask."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId
from routing import joined_store, outbox_store
from routing.decision import Decision
from routing.effect import Effect
from routing.record import actions_as_data, actions_from_data


class DecisionRow(Base):
    """One decision, never edited: a later one supersedes it. Only erasure takes its words, see `erasure_store`."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    supersedes: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    actions: Mapped[list[Any]]
    reasons: Mapped[list[Any]]
    policy_version: Mapped[str] = mapped_column(String(100))
    register_versions: Mapped[list[Any]]
    model_version: Mapped[str] = mapped_column(String(100))
    assessment: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(100))  # a person who overturned; None: the software


class DecisionCaseRow(Base):
    """That a decision rested on a case of the register: so mail is found for its bundle, and for its erasure."""

    __tablename__ = "decision_case"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True)
    case_ref: Mapped[str] = mapped_column(String(50), primary_key=True, index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision about one delivery, with the effects it owes, ready to be committed."""

    delivery_id: int
    mailbox: str
    decision: Decision
    effects: tuple[tuple[Effect, str | None], ...]  # each with the SHA-256 of its kept payload
    assessment: dict[str, Any]
    supersedes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What the classifier said of one delivery when it was decided."""

    at: datetime
    model_version: str
    score: float
    flagged: bool
    silent: bool


def commit_decisions(session: Session, decided: Sequence[Decided], *, now: datetime) -> None:
    """Write decisions, their outbox rows and their review items: all of them or none."""
    if not decided:
        return
    rows = [_decision_row(item, now) for item in decided]
    statement = insert(DecisionRow).returning(DecisionRow.id, sort_by_parameter_order=True)
    ids = list(session.scalars(statement, rows))
    pairs = list(zip(decided, ids, strict=True))
    outbox_store.owe(session, [owed for item, decision_id in pairs for owed in _owed(item, decision_id)], now=now)
    asked = [(item.delivery_id, decision_id, ask) for item, decision_id in pairs for ask in item.decision.reviews]
    joined_store.ask(session, asked, now=now)
    links = [link for item, decision_id in pairs for link in _links(item.decision, decision_id)]
    if links:  # most mail is of nobody on the register
        session.execute(insert(DecisionCaseRow), links)


def deliveries_of_case(session: Session, ref: str) -> tuple[int, ...]:
    """The deliveries about which a decision rested on this case, in the order in which they were recorded."""
    query = (
        select(DecisionRow.delivery_id)
        .join(DecisionCaseRow, DecisionCaseRow.decision_id == DecisionRow.id)
        .where(DecisionCaseRow.case_ref == ref)
    )
    return tuple(session.scalars(query.distinct().order_by(DecisionRow.delivery_id)))


def history(session: Session, delivery_id: int) -> tuple[DecisionRow, ...]:
    """Every decision about one delivery, in order."""
    query = select(DecisionRow).where(DecisionRow.delivery_id == delivery_id).order_by(DecisionRow.id)
    return tuple(session.scalars(query))


def was_flagged(session: Session, delivery_id: int) -> bool:
    """Whether the classifier has flagged this delivery."""
    return any(row.assessment.get("flagged") for row in history(session, delivery_id))


def current_decisions(session: Session, delivery_ids: Iterable[int]) -> dict[int, DecisionRow]:
    """The decision in force for each delivery: the newest."""
    newest = (select(func.max(DecisionRow.id)).where(DecisionRow.delivery_id.in_(list(delivery_ids)))).group_by(
        DecisionRow.delivery_id
    )
    rows = session.scalars(select(DecisionRow).where(DecisionRow.id.in_(newest)))
    return {row.delivery_id: row for row in rows}


def scored_since(session: Session, since: datetime) -> Iterator[Scored]:
    """What the classifier said of each delivery the software has decided since then, in that order."""
    query = (
        select(DecisionRow.decided_at, DecisionRow.model_version, DecisionRow.assessment)
        .where(DecisionRow.decided_at >= since, DecisionRow.decided_by.is_(None), DecisionRow.supersedes.is_(None))
        .order_by(DecisionRow.decided_at, DecisionRow.id)
    )
    for at, version, said in session.execute(query):
        if "score" in said:  # else it was erased
            yield Scored(
                at=at,
                model_version=version,
                score=said["score"],
                flagged=said["flagged"],
                silent=said["abstained"],
            )


def decision_of(row: DecisionRow) -> Decision:
    """The decision as the value it was when it was taken."""
    return actions_from_data(
        row.actions,
        row.reasons,
        versions=(row.policy_version, tuple(row.register_versions), row.model_version),
        decided_by=row.decided_by,
    )


def _decision_row(item: Decided, now: datetime) -> dict[str, Any]:
    decision = item.decision
    return {
        "delivery_id": item.delivery_id,
        "supersedes": item.supersedes,
        "actions": actions_as_data(decision.actions),
        "reasons": [[reason.code, reason.words] for reason in decision.reasons],
        "policy_version": decision.policy_version,
        "register_versions": list(decision.register_versions),
        "model_version": decision.model_version,
        "assessment": item.assessment,
        "decided_at": now,
        "decided_by": decision.decided_by,
    }


def _links(decision: Decision, decision_id: int) -> list[dict[str, Any]]:
    """Versions of entries are cited as `REF@VERSION`."""
    refs = dict.fromkeys(version.rpartition("@")[0] for version in decision.register_versions)
    return [{"decision_id": decision_id, "case_ref": ref} for ref in refs]


def _owed(item: Decided, decision_id: int) -> list[outbox_store.OwedEffect]:
    return [
        outbox_store.OwedEffect(
            decision_id=decision_id,
            delivery_id=item.delivery_id,
            mailbox=item.mailbox,
            effect=effect,
            content=content,
        )
        for effect, content in item.effects
    ]
