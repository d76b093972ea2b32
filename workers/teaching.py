"""Makes a model by what reviewers called letters, and puts it on trial: nothing is in force before it is published.

It always begins with what the package ships, so that a letter that was erased, or a label that was taken back, teaches
no longer.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any, Final

from numpy.typing import NDArray

from classifier.labelled import Labelled
from classifier.measuring.frozen import frozen_figures
from classifier.measuring.gates import gates
from classifier.model import SHIPPED, Model
from classifier.model_store import ModelRow, Step, Taken
from classifier.packed import pack, unpack
from classifier.training.adapting import FEWEST_REVIEWERS, Adapted, adapt
from core import clock
from register import officer_store
from routing import label_store
from routing.label_store import Labelling
from workers.learning import LearningError, labelled_letters, standing, take
from workers.runtime import Runtime

FEWEST: Final = 20
"""Fewer different letters than this teach nothing that would be worth a trial."""

_SHORT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrained:
    """A model that was made: on how many letters, and of how many labels the letter is not held any longer."""

    version: str
    parent: str
    taught: int
    not_held: int
    by_label: dict[str, int]


def retrain(runtime: Runtime, by: str) -> Retrained:
    """Make a model of the package's by all labels that officers gave, and put it on trial. Raises LearningError."""
    with runtime.database.transaction() as session:
        officers = {officer.username for officer in officer_store.officers(session).everyone}
        given = [one for one in label_store.all_given(session) if one.label.teaches and one.by in officers]
    letters = list(labelled_letters(runtime.database, given))
    _require_enough([letter for _, letter in letters])
    arrays, about = unpack(SHIPPED)
    made = adapt(arrays, about, [letter for _, letter in letters])
    row = _row(made, [one for one, _ in letters], by)
    if row.version in {runtime.models.look().in_force.version, standing(runtime).on_trial}:
        words = f"nothing was labelled since {row.version} was made of the same labels"
        raise LearningError(words)
    taught = row.taught["by_label"]
    take(runtime, Taken(version=row.version, step=Step.MADE, by=by, why="taught by labels"), row)
    return Retrained(
        version=row.version,
        parent=row.parent,
        taught=len(letters),
        not_held=len(given) - len(letters),
        by_label=taught,
    )


def _row(made: Adapted, labels: Sequence[Labelling], by: str) -> ModelRow:
    """The model as it is kept, with figures of its own: what the package measured on other data is its parent's."""
    parent = made.about["model_version"]
    counted = Counter(str(one.label) for one in labels)
    taught = {
        "letters": len(labels),
        "by_label": dict(sorted(counted.items())),
        "labels": [[one.delivery_id, str(one.label), one.by, one.at.isoformat()] for one in labels],
        "erased": 0,
    }
    version = f"{parent}+{len(labels)}-{_digest(made)}"
    facts = {"labels": len(labels), "by_label": taught["by_label"], "reviewers": len({one.by for one in labels})}
    about = {**made.about, "model_version": version, "parent": parent, "taught_further": facts}
    own = frozen_figures(Model.of(_packed(made.arrays, about), version))
    measured = {**about["figures"], "own": asdict(own), "gates": [asdict(gate) for gate in gates(own)]}
    weights = _packed(made.arrays, {**about, "figures": measured})
    return ModelRow(
        version=version,
        parent=parent,
        weights=weights,
        digest=hashlib.sha256(weights).hexdigest(),
        made_at=clock.now(),
        made_by=by,
        taught=taught,
    )


def _packed(arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> bytes:
    content = BytesIO()
    pack(content, arrays, about)
    return content.getvalue()


def _require_enough(letters: Sequence[Labelled]) -> None:
    different = len({letter.text for letter in letters})
    if different < FEWEST:
        words = f"{different} letters are labelled by officers and still held: to learn from, {FEWEST} are needed"
        raise LearningError(words)
    if len({letter.by for letter in letters}) < FEWEST_REVIEWERS:
        words = "one officer labelled them all: nothing is learnt that another does not say as well"
        raise LearningError(words)


def _digest(made: Adapted) -> str:
    """Eight hexadecimal digits that change with whatever decides a score."""
    told = json.dumps([made.about["heads"], made.about["scales"]], sort_keys=True).encode()
    content = b"".join(made.arrays[name].tobytes() for name in sorted(made.arrays))
    return hashlib.sha256(told + content).hexdigest()[:_SHORT]
