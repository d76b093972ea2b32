"""Compares a model that is on trial with the one in force, and lets a person put it in force, or not.

Nothing here is in force by itself: a model is published by somebody who has seen how it fares, and only if it passes
every gate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from classifier import model_store
from classifier.labelled import Labelled
from classifier.measuring.frozen import FrozenFigures, frozen_figures
from classifier.measuring.gates import Gate, gates
from classifier.model import Model, shipped_model
from classifier.model_store import ModelRow, ModelStepRow, Standing, Step, Taken, Trial
from core import clock, ids
from core.db import Database, Session, storable
from ingest import content_store
from ingest.parse import read
from register import audit_store, officer_store
from register.audit import AuditAction
from register.officers import Officer
from routing import label_store
from routing.label_store import Labelling
from workers.runtime import Runtime

_LONGEST_REASON: Final = 1000
_LONGEST_VERSION: Final = 60
_NO_REASON: Final = "say why, in a sentence: --why"


class LearningError(Exception):
    """It cannot be done so; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A model beside the one in force: on letters that teach neither, on reviewers' decisions, and on live mail.

    `right` counts letters that reviewers labelled which each model flags, or does not, as they did; some of these may
    have taught it. `differing` are live messages that one of them alone flags, newest first.
    """

    version: str
    in_force: str
    figures: FrozenFigures
    figures_in_force: FrozenFigures
    gates: tuple[Gate, ...]
    labelled: int
    right: int
    right_in_force: int
    trial: Trial
    differing: tuple[str, ...]


def compare(runtime: Runtime, version: str = "") -> Compared:
    """How a model fares beside the one in force; that on trial unless another is named. Raises LearningError."""
    in_force = runtime.models.look().in_force
    model = _another(runtime, version)
    with runtime.database.transaction() as session:
        given = label_store.all_given(session)
        trial = model_store.trial(session, model.version)
        differing = model_store.differing(session, model.version)
    letters = [letter for _, letter in labelled_letters(runtime.database, given)]
    figures, before = frozen_figures(model), frozen_figures(in_force)
    return Compared(
        version=model.version,
        in_force=in_force.version,
        figures=figures,
        figures_in_force=before,
        gates=gates(figures, before),
        labelled=len(letters),
        right=_right(model, letters),
        right_in_force=_right(in_force, letters),
        trial=trial,
        differing=tuple(ids.message_ref(row.delivery_id) for row in differing),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is in use, and every step that led there; by how many labels of letters erased since it was taught."""

    in_force: str
    on_trial: str
    steps: tuple[ModelStepRow, ...]
    erased: int


def history(runtime: Runtime) -> History:
    """What was done with models here."""
    in_force = runtime.models.look().in_force.version
    with runtime.database.transaction() as session:
        steps = tuple(model_store.steps(session))
        on_trial = model_store.standing(session).on_trial
        erased = model_store.erased_since(session, in_force)
    return History(in_force=in_force, on_trial=on_trial, steps=steps, erased=erased)


def publish(runtime: Runtime, version: str, by: str, why: str) -> tuple[Gate, ...]:
    """Put a model in force if it passes every gate; returns the gates, some failed if it was not published.

    Raises LearningError for a version there is none of, that is in force already, or that erased letters taught.
    """
    in_force = runtime.models.look().in_force
    model = _another(runtime, version)
    found = gates(frozen_figures(model), frozen_figures(in_force))
    if all(gate.passed for gate in found):
        take(runtime, Taken(version=model.version, step=Step.PUBLISHED, by=by, why=why))
    return found


def roll_back(runtime: Runtime, by: str, why: str) -> str:
    """Put the model in force that was before the present one; it passed the gates in its time.

    Raises LearningError, and WeightsError where it cannot be read: then nothing has changed.
    """
    with runtime.database.transaction() as session:
        before = model_store.in_force_before(session, shipped_model().version)
    if not before:
        words = f"{runtime.model.version} is what the package ships, and nothing was in force before it here"
        raise LearningError(words)
    model_of(runtime, before)
    take(runtime, Taken(version=before, step=Step.ROLLED_BACK, by=by, why=why))
    return before


def withdraw(runtime: Runtime, by: str, why: str) -> str:
    """End the trial. Raises LearningError where there is none."""
    on_trial = standing(runtime).on_trial
    if not on_trial:
        words = "no model is on trial"
        raise LearningError(words)
    take(runtime, Taken(version=on_trial, step=Step.WITHDRAWN, by=by, why=why))
    return on_trial


def standing(runtime: Runtime) -> Standing:
    """Which models are in use."""
    with runtime.database.transaction() as session:
        return model_store.standing(session)


def model_of(runtime: Runtime, version: str = "") -> Model:
    """The model of a version, or the one on trial. Raises LearningError."""
    wanted = storable(version, _LONGEST_VERSION) or standing(runtime).on_trial
    if not wanted:
        words = "no model is on trial: name a version, or make one with `mailroom classifier retrain`"
        raise LearningError(words)
    if wanted == shipped_model().version:
        return shipped_model()
    with runtime.database.transaction() as session:
        content = model_store.weights(session, wanted)
    if content is None:
        words = f"no model {wanted!r}: see `mailroom classifier models`"
        raise LearningError(words)
    return Model.of(content, wanted)


def labelled_letters(database: Database, given: Sequence[Labelling]) -> Iterator[tuple[Labelling, Labelled]]:
    """What is still held of the letters, with what they were called; only what teaches, and has words.

    Each is fetched by itself, and read when nothing is locked.
    """
    for one in given:
        text = _held(database, one.content) if one.content and one.label.teaches else ""
        if text:
            abusive, kind = not one.label.acceptable, one.label.head
            yield one, Labelled(text=text, abusive=abusive, kind=kind, by=one.by, flagged=one.flagged)


def _held(database: Database, content: str) -> str:
    with database.transaction() as session:
        raw = content_store.get(session, content)
    return read(raw, whole=True).new_words.strip() if raw is not None else ""


def _another(runtime: Runtime, version: str) -> Model:
    """The model of a version, or that on trial; never the one in force."""
    model = model_of(runtime, version)
    if model.version == runtime.model.version:
        words = f"{model.version} is in force already"
        raise LearningError(words)
    return model


def _right(model: Model, letters: Sequence[Labelled]) -> int:
    said = model.assess([letter.text for letter in letters])
    return sum(one.flagged is letter.abusive for one, letter in zip(said, letters, strict=True))


def take(runtime: Runtime, taken: Taken, made: ModelRow | None = None) -> None:
    """Note a step in the history of models and in the audit trail, with the weights it is the first of.

    Raises LearningError unless an active officer takes it and says why, and where erased letters taught the model.
    """
    if not taken.why.strip():
        raise LearningError(_NO_REASON)
    now, reason = clock.now(), storable(taken.why.strip(), _LONGEST_REASON)
    with runtime.database.transaction() as session:
        officer = _officer(session, taken.by)
        if taken.step in {Step.PUBLISHED, Step.ROLLED_BACK}:
            _require_unerased(session, taken.version)
        if made is not None:
            _require_labels(session, made)
            model_store.add(session, made)
        model_store.take(session, replace(taken, why=reason), now=now)
        note = runtime.desk(officer).note(AuditAction.MODEL, taken.version, step=taken.step)
        audit_store.append(session, [note], now=now)
    runtime.models.look()


def _officer(session: Session, username: str) -> Officer:
    """Whoever answers for a model is an officer."""
    officer = officer_store.officers(session).named(username)
    if officer is None or not officer.active:
        words = f"there is no active officer {username!r}: see `mailroom officer list`"
        raise LearningError(words)
    return officer


def _require_labels(session: Session, made: ModelRow) -> None:
    """What was erased while a model was being made has taught it, too."""
    if {label[0] for label in made.taught["labels"]} - {one.delivery_id for one in label_store.all_given(session)}:
        words = "a letter was erased meanwhile: make the model again"
        raise LearningError(words)


def _require_unerased(session: Session, version: str) -> None:
    erased = model_store.erased_since(session, version)
    if erased:
        words = (
            f"{version} learnt from {erased} letters that are erased: make another with `mailroom classifier retrain`,"
            f" or publish {shipped_model().version}"
        )
        raise LearningError(words)
