"""Compares a model that is on trial with the one in force, and lets a person put it in force, or not.

Nothing here is in force by itself: a model is published by somebody who has seen how it fares, and only if it passes
every gate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier import model_store
from classifier.labelled import Labelled
from classifier.measuring.frozen import FrozenFigures, frozen_figures
from classifier.measuring.gates import Gate, gates
from classifier.model import Model, shipped_model
from classifier.model_store import ModelStepRow, Standing, Step, Taken, Trial
from core import clock
from core.db import Session
from ingest import content_store
from ingest.parse import read
from routing import label_store
from routing.label_store import Labelling
from workers.runtime import Runtime


class LearningError(Exception):
    """It cannot be done so; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A model beside the one in force: on letters that teach neither, on reviewers' decisions, and on live mail.

    `right` counts letters that reviewers labelled which each model flags, or does not, as they did.
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


def compare(runtime: Runtime, version: str = "") -> Compared:
    """How a model fares beside the one in force; that on trial unless another is named. Raises LearningError."""
    runtime.models.look()
    model = model_of(runtime, version)
    in_force = runtime.model
    with runtime.database.transaction() as session:
        letters = [letter for _, letter in labelled_letters(session, label_store.all_given(session))]
        trial = model_store.trial(session, model.version)
    figures = frozen_figures(model)
    return Compared(
        version=model.version,
        in_force=in_force.version,
        figures=figures,
        figures_in_force=frozen_figures(in_force),
        gates=gates(figures),
        labelled=len(letters),
        right=_right(model, letters),
        right_in_force=_right(in_force, letters),
        trial=trial,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is in use, and every step that led there."""

    in_force: str
    on_trial: str
    steps: tuple[ModelStepRow, ...]


def history(runtime: Runtime) -> History:
    """What was done with models here."""
    runtime.models.look()
    with runtime.database.transaction() as session:
        steps = tuple(model_store.steps(session))
        on_trial = model_store.standing(session).on_trial
    return History(in_force=runtime.model.version, on_trial=on_trial, steps=steps)


def publish(runtime: Runtime, version: str, by: str, why: str) -> tuple[Gate, ...]:
    """Put a model in force if it passes every gate; returns the gates, some failed if it was not published.

    Raises LearningError for a version there is none of, or that is in force already.
    """
    runtime.models.look()
    model = model_of(runtime, version)
    if model.version == runtime.model.version:
        words = f"{model.version} is in force already"
        raise LearningError(words)
    found = gates(frozen_figures(model))
    if all(gate.passed for gate in found):
        _take(runtime, Taken(version=model.version, step=Step.PUBLISHED, by=by, why=why))
    return found


def roll_back(runtime: Runtime, by: str, why: str) -> str:
    """Put the model in force that was before the present one; it passed the gates in its time. Raises LearningError."""
    with runtime.database.transaction() as session:
        published = [step.version for step in model_store.steps(session) if step.step == Step.PUBLISHED]
    if not published:
        words = f"{runtime.model.version} is what the package ships, and nothing was in force before it here"
        raise LearningError(words)
    before = next((version for version in reversed(published) if version != published[-1]), shipped_model().version)
    _take(runtime, Taken(version=before, step=Step.PUBLISHED, by=by, why=why))
    return before


def withdraw(runtime: Runtime, by: str, why: str) -> str:
    """End the trial. Raises LearningError where there is none."""
    on_trial = standing(runtime).on_trial
    if not on_trial:
        words = "no model is on trial"
        raise LearningError(words)
    _take(runtime, Taken(version=on_trial, step=Step.WITHDRAWN, by=by, why=why))
    return on_trial


def standing(runtime: Runtime) -> Standing:
    """Which models are in use."""
    with runtime.database.transaction() as session:
        return model_store.standing(session)


def model_of(runtime: Runtime, version: str = "") -> Model:
    """The model of a version, or the one on trial. Raises LearningError."""
    wanted = version or standing(runtime).on_trial
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


def labelled_letters(session: Session, given: Sequence[Labelling]) -> Iterator[tuple[Labelling, Labelled]]:
    """What is still held of the letters, with what they were called; only what teaches."""
    for one in given:
        raw = content_store.get(session, one.content) if one.content and one.label.teaches else None
        if raw is not None:
            text = read(raw, whole=True).own_text
            yield one, Labelled(text=text, abusive=not one.label.acceptable, kind=one.label.head, by=one.by)


def _right(model: Model, letters: Sequence[Labelled]) -> int:
    said = model.assess([letter.text for letter in letters])
    return sum(one.flagged is letter.abusive for one, letter in zip(said, letters, strict=True))


def _take(runtime: Runtime, taken: Taken) -> None:
    with runtime.database.transaction() as session:
        model_store.take(session, taken, now=clock.now())
    runtime.models.look()
