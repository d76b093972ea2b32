"""Makes a model by what reviewers called letters, and puts it on trial: nothing is in force before it is published.

It always begins with what the package ships, so that a letter that was erased, or a label that was taken back, teaches
no longer.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from classifier import model_store
from classifier.model import SHIPPED
from classifier.model_store import ModelRow, Step, Taken
from classifier.packed import pack, unpack
from classifier.training.adapting import adapt
from core import clock
from routing import label_store
from workers.learning import LearningError, labelled_letters
from workers.runtime import Runtime

FEWEST: Final = 20
"""Fewer decisions than this teach nothing that would be worth a trial."""

_SHORT: Final = 8
_MEASURED: Final = "figures"  # those of the parent, which are not its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrained:
    """A model that was made: on how many letters, and of how many labels the letter is not held any longer."""

    version: str
    parent: str
    taught: int
    not_held: int
    by_label: dict[str, int]


def retrain(runtime: Runtime, by: str) -> Retrained:
    """Make a model of the package's by all labels there are, and put it on trial. Raises LearningError."""
    with runtime.database.transaction() as session:
        given = [one for one in label_store.all_given(session) if one.label.teaches]
        letters = list(labelled_letters(session, given))
    if len(letters) < FEWEST:
        words = f"{len(letters)} letters are labelled and still held: {FEWEST} at least are needed to learn from"
        raise LearningError(words)
    arrays, about = unpack(SHIPPED)
    parent = about["model_version"]
    adapted = adapt(arrays, about, [letter for _, letter in letters])
    by_label = Counter(str(one.label) for one, _ in letters)
    provenance = [[one.delivery_id, str(one.label), one.by, one.at.isoformat()] for one, _ in letters]
    version = f"{parent}+{len(letters)}-{_digest(adapted.arrays)}"
    taught = {"letters": len(letters), "by_label": dict(sorted(by_label.items())), "labels": provenance}
    content = BytesIO()
    about = {name: told for name, told in adapted.about.items() if name != _MEASURED}
    pack(content, adapted.arrays, {**about, "model_version": version, "parent": parent})
    made = {"weights": content.getvalue(), "made_at": clock.now(), "made_by": by, "taught": taught}
    with runtime.database.transaction() as session:
        model_store.add(session, ModelRow(version=version, parent=parent, **made))
        model_store.take(session, Taken(version=version, step=Step.MADE, by=by), now=clock.now())
    return Retrained(
        version=version,
        parent=parent,
        taught=len(letters),
        not_held=len(given) - len(letters),
        by_label=dict(by_label),
    )


def _digest(arrays: dict[str, Any]) -> str:
    content = b"".join(arrays[name].tobytes() for name in sorted(arrays))
    return hashlib.sha256(content).hexdigest()[:_SHORT]
