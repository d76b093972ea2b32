"""Models that were taught further here, and what people decided about them: which is in force, which is on trial.

The weights that the package ships are always there, under their version, and are in force until others are published.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from classifier.packed import WeightsError
from core.db import Base, RowId, in_parts


class Step(StrEnum):
    """What was done with a model."""

    MADE = "made"  # it is on trial from now on, in the place of the one before
    PUBLISHED = "published"  # it is in force from now on
    ROLLED_BACK = "rolled-back"  # it is in force again, and what was in force since then is given up
    WITHDRAWN = "withdrawn"  # it is on trial no longer


class ModelRow(Base):
    """Weights that were taught here."""

    __tablename__ = "model"

    version: Mapped[str] = mapped_column(String(60), primary_key=True)
    parent: Mapped[str] = mapped_column(String(60))
    weights: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))  # of the weights, SHA-256
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    taught: Mapped[dict[str, Any]]  # by how many letters and labels, which they are, and how many are erased since


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
    """What the model on trial said of a delivery, beside the one in force; gone once either is another."""

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
        elif row.step in {Step.PUBLISHED, Step.ROLLED_BACK}:
            in_force = row.version
        if row.step != Step.MADE and row.version == on_trial:
            on_trial = ""
    return Standing(in_force=in_force, on_trial=on_trial)


def in_force_before(session: Session, shipped: str) -> str:
    """The version before the present one, which what was rolled back from never is; empty where there is none.

    `shipped` is that of the package, in force before any other.
    """
    forces = [shipped]
    for row in steps(session):
        if row.step == Step.PUBLISHED:
            forces.append(row.version)
        elif row.step == Step.ROLLED_BACK and len(forces) > 1:
            forces.pop()
    return forces[-2] if len(forces) > 1 else ""


def weights(session: Session, version: str) -> bytes | None:
    """The weights file of a version that was taught here. Raises WeightsError where it is not as it was made."""
    row = session.get(ModelRow, version)
    if row is not None and hashlib.sha256(row.weights).hexdigest() != row.digest:
        raise WeightsError(version, "its bytes are not those that were stored")
    return row.weights if row is not None else None


def model(session: Session, version: str) -> ModelRow | None:
    """All that is known of a version that was taught here."""
    return session.get(ModelRow, version)


def add(session: Session, row: ModelRow) -> None:
    """Keep new weights; the same version again changes nothing."""
    if session.get(ModelRow, row.version) is None:
        session.add(row)
        session.flush()


def take(session: Session, taken: Taken, *, now: datetime) -> None:
    """Note a step. What two models said beside each other ends with it, and so does what was never in force."""
    session.add(ModelStepRow(version=taken.version, step=taken.step, taken_at=now, taken_by=taken.by, why=taken.why))
    session.flush()
    session.execute(delete(TrialScoreRow))
    published = select(ModelStepRow.version).where(ModelStepRow.step == Step.PUBLISHED)
    session.execute(
        delete(ModelRow).where(ModelRow.version.not_in(published), ModelRow.version != standing(session).on_trial)
    )


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


def erased_since(session: Session, version: str) -> int:
    """By how many labels of letters that have been erased since a model was taught."""
    row = session.get(ModelRow, version)
    return int(row.taught["erased"]) if row is not None else 0


def forget(session: Session, delivery_ids: Iterable[int]) -> None:
    """Erase what was said of these deliveries, and who taught which model what they are."""
    gone = set(delivery_ids)
    for part in in_parts(gone):
        session.execute(delete(TrialScoreRow).where(TrialScoreRow.delivery_id.in_(part)))
    for version, taught in session.execute(select(ModelRow.version, ModelRow.taught)).all():
        kept = [label for label in taught["labels"] if label[0] not in gone]
        erased = len(taught["labels"]) - len(kept)
        if erased:
            told = {**taught, "labels": kept, "erased": taught["erased"] + erased}
            session.execute(update(ModelRow).where(ModelRow.version == version).values(taught=told))
