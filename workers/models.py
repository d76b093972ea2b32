"""The models in use: the one in force, and the one on trial beside it, as people decided.

Mail waits for neither: what cannot be read or fails is logged, `mailroom check` says so, and the package's serves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Final

from classifier import model_store
from classifier.assessment import Assessment
from classifier.model import Model, shipped_model
from classifier.model_store import TrialScore
from core import log
from core.db import Database, Session
from workers.alone import by_itself

_log: Final = log.get("workers")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InUse:
    """The models of one moment; `read` holds every version that was asked for, None where it cannot be read."""

    in_force: Model
    on_trial: Model | None = None
    read: dict[str, Model | None] = field(default_factory=dict)

    @property
    def unreadable(self) -> list[str]:
        """The versions that are to be in use and cannot be read."""
        return sorted(version for version, model in self.read.items() if model is None)


@dataclass
class Models:
    """Holds what was loaded; `look` asks the database which versions are to be in use."""

    database: Database
    _lock: Lock = field(default_factory=Lock)
    _in_use: InUse | None = None

    def look(self) -> InUse:
        """What is to be in use from now on, read once. The threads of one process share it.

        A version of which no weights are kept is one that the package shipped: now it is what it ships now.
        """
        with self._lock:
            known = self._in_use.read if self._in_use is not None else {}
            with self.database.transaction() as session:
                standing = model_store.standing(session)
            versions = {standing.in_force, standing.on_trial} - {"", shipped_model().version}
            read = {version: known.get(version) for version in versions & known.keys()}
            for version in versions - known.keys():
                read[version] = by_itself("models", partial(self._read, version), _unread)
                _log.info("model.loaded", version=version, readable=read[version] is not None)
            in_force = read.get(standing.in_force) or shipped_model()
            self._in_use = InUse(in_force=in_force, on_trial=read.get(standing.on_trial), read=read)
            return self._in_use

    @property
    def in_force(self) -> Model:
        """The model whose flags people see, when it was last looked."""
        return (self._in_use or self.look()).in_force

    def assess(self, texts: Sequence[str]) -> list[tuple[Assessment, Assessment | None]]:
        """What the one in force says of each text, and what the one on trial."""
        these = self.look()
        said = these.in_force.assess(texts)
        none: Sequence[Assessment | None] = [None] * len(texts)
        if these.on_trial is None:
            return list(zip(said, none, strict=True))
        tried = by_itself("trial", partial(these.on_trial.assess, texts), lambda _error: none)
        return list(zip(said, tried, strict=True))

    def _read(self, version: str) -> Model:
        with self.database.transaction() as session:
            content = model_store.weights(session, version)
        return Model.of(content, version) if content is not None else shipped_model()


def note_trial(session: Session, said: Iterable[tuple[int, Assessment, Assessment | None]]) -> None:
    """Note what the model on trial says beside the one in force: for comparing, nobody is told.

    Each is (delivery id, what the one in force says, what the one on trial says, if there is one).
    """
    model_store.note_trial(
        session,
        [
            TrialScore(
                delivery_id=delivery_id,
                version=tried.model_version,
                score=tried.score,
                flagged=tried.flagged,
                in_force_score=in_force.score,
                in_force_flagged=in_force.flagged,
            )
            for delivery_id, in_force, tried in said
            if tried is not None
        ],
    )


def _unread(_error: Exception) -> None:
    """No model."""
