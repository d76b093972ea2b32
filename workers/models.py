"""The models in use: the one in force, and the one on trial beside it, as people decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from classifier import model_store
from classifier.assessment import Assessment
from classifier.model import Model, shipped_model
from classifier.model_store import TrialScore
from core import log
from core.db import Database, Session

_log: Final = log.get("workers")


@dataclass
class Models:
    """Holds what was loaded; `look` asks the database which versions these are to be."""

    database: Database
    _standing: model_store.Standing = field(default_factory=model_store.Standing)
    _loaded: dict[str, Model] = field(default_factory=dict)

    def look(self) -> None:
        """Load what has been published or put on trial since. What cannot be read is left, and the package's serves."""
        with self.database.transaction() as session:
            standing = model_store.standing(session)
            wanted = {standing.in_force, standing.on_trial} - {"", *self._loaded}
            found = {version: model_store.weights(session, version) for version in wanted}
        for version, content in found.items():
            if content is None:  # one that the package shipped
                continue
            self._loaded[version] = Model.of(content, version)
            _log.info("model.loaded", version=version)
        self._standing = standing
        for version in set(self._loaded) - {standing.in_force, standing.on_trial}:
            del self._loaded[version]

    @property
    def in_force(self) -> Model:
        """The model whose flags people see."""
        return self._loaded.get(self._standing.in_force) or shipped_model()

    @property
    def on_trial(self) -> Model | None:
        """The model that is asked beside it, and of which nobody is told."""
        return self._loaded.get(self._standing.on_trial)

    def assess(self, texts: Sequence[str]) -> list[tuple[Assessment, Assessment | None]]:
        """What the one in force says of each text, and what the one on trial."""
        self.look()
        trial = self.on_trial
        tried: Sequence[Assessment | None] = [None] * len(texts) if trial is None else trial.assess(texts)
        return list(zip(self.in_force.assess(texts), tried, strict=True))


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
