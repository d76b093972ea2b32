"""Models that were taught further here, and what people decided about them: which is in force, which is on trial.

The weights that the package ships are always there, under their version, and are in force until others are published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId, in_parts


class Step(StrEnum):
    """What was done with a model."""

    MADE = "made"  # it is on trial from now on, in the place of the one before
    PUBLISHED = "published"  # it is in force from now on
    WITHDRAWN = "withdrawn"  # it is on trial no longer


class ModelRow(Base):
    """Weights that were taught here."""

    __tablename__ = "model"

    version: Mapped[str] = mapped_column(String(60), primary_key=True)
    parent: Mapped[str] = mapped_column(String(60))
    weights: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    taught: Mapped[dict[str, Any]]  # how many decisions of whom, under which labels


class ModelStepRow(Base):
    """One step, append-only; `version` may be that of the package."""

    __tablename__ = "model_step"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    version: Mapped[str] = mapped_column(String(60))
    step: Mapped[str] = mapped_column(String(20))
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(String(100))
    why: Mapped[str] = mapped_column(String(1000))


class TrialScoreRow(Base):
    """What the model on trial said of a delivery, beside the one in force."""

    __tablename__ = "trial_score"

    delivery_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("delivery.id"), primary_key=True)
    version: Mapped[str] = mapped_column(String(60), primary_key=True)
    score: Mapped[float]
    flagged: Mapped[bool]
    in_force_score: Mapped[float]
    in_force_flagged: Mapped[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step that somebody takes with a model, and why."""

    version: str
    step: Step
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which model is in force, and which is on trial; empty for the package's own, or for none."""

    in_force: str = ""
    on_trial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialScore:
    """What the model on trial said of a delivery, and what the one in force."""

    delivery_id: int
    version: str
    score: float
    flagged: bool
    in_force_score: float
    in_force_flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How often two models differ: `only_new` and `only_old` count what one of them alone flags."""

    letters: int
    both: int
    only_new: int
    only_old: int


def standing(session: Session) -> Standing:
    """By the newest steps."""
    in_force = on_trial = ""
    for row in session.scalars(select(ModelStepRow).order_by(ModelStepRow.id)):
        if row.step == Step.MADE:
            on_trial = row.version
        elif row.step == Step.PUBLISHED:
            in_force = row.version
        if row.step in {Step.PUBLISHED, Step.WITHDRAWN} and row.version == on_trial:
            on_trial = ""
    return Standing(in_force=in_force, on_trial=on_trial)


def weights(session: Session, version: str) -> bytes | None:
    """The weights file of a version that was taught here."""
    return session.scalar(select(ModelRow.weights).where(ModelRow.version == version))


def model(session: Session, version: str) -> ModelRow | None:
    """All that is known of a version that was taught here."""
    return session.get(ModelRow, version)


def add(session: Session, row: ModelRow) -> None:
    """Keep new weights; the same version again changes nothing."""
    if session.get(ModelRow, row.version) is None:
        session.add(row)
        session.flush()


def take(session: Session, taken: Taken, *, now: datetime) -> None:
    """Note a step."""
    session.add(ModelStepRow(version=taken.version, step=taken.step, taken_at=now, taken_by=taken.by, why=taken.why))


def steps(session: Session) -> Sequence[ModelStepRow]:
    """Every step, in order."""
    return session.scalars(select(ModelStepRow).order_by(ModelStepRow.id)).all()


def note_trial(session: Session, scores: Sequence[TrialScore]) -> None:
    """Note what both models said of deliveries, once for each delivery and version."""
    if not scores:
        return
    ids = {score.delivery_id for score in scores}
    known: set[tuple[int, str]] = set()
    for part in in_parts(ids):
        query = select(TrialScoreRow.delivery_id, TrialScoreRow.version).where(TrialScoreRow.delivery_id.in_(part))
        known.update((row.delivery_id, row.version) for row in session.execute(query))
    new = [asdict(score) for score in scores if (score.delivery_id, score.version) not in known]
    if new:
        session.execute(insert(TrialScoreRow), new)


def trial(session: Session, version: str) -> Trial:
    """How a model on trial has done on live mail."""
    query = (
        select(TrialScoreRow.flagged, TrialScoreRow.in_force_flagged, func.count())
        .where(TrialScoreRow.version == version)
        .group_by(TrialScoreRow.flagged, TrialScoreRow.in_force_flagged)
    )
    counts = {(new, old): count for new, old, count in session.execute(query)}
    return Trial(
        letters=sum(counts.values()),
        both=counts.get((True, True), 0),
        only_new=counts.get((True, False), 0),
        only_old=counts.get((False, True), 0),
    )


def differing(session: Session, version: str, *, limit: int = 20) -> Sequence[TrialScoreRow]:
    """The letters that one model alone flags, newest first."""
    query = select(TrialScoreRow).where(
        TrialScoreRow.version == version, TrialScoreRow.flagged != TrialScoreRow.in_force_flagged
    )
    return session.scalars(query.order_by(TrialScoreRow.delivery_id.desc()).limit(limit)).all()


def forget(session: Session, delivery_ids: Iterable[int]) -> None:
    """Erase what was said of these deliveries."""
    for part in in_parts(delivery_ids):
        session.execute(delete(TrialScoreRow).where(TrialScoreRow.delivery_id.in_(part)))
