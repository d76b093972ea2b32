"""The gates that a model passes or is not published: fair to who writes, to how they feel, and in what language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from classifier.concerns import DANGERS
from classifier.languages import ENGLISH, WELSH
from classifier.measuring.frozen import LOOK_ALIKES, STATES, FrozenFigures

# The letters were written to be mistaken for abuse; among those that just come in, false flags are far rarer.
_STATES_AT_MOST: Final = 0.15
_GROUPS_AT_MOST: Final = {
    "reported_abuse": 0.15,
    "dialect": 0.15,
    "welsh": 0.07,
    "apology": 0.10,
    "legal": 0.05,
    "political": 0.20,
    "violent_words": 0.25,
    "place_names": 0.05,
}
_IDENTITY_AT_MOST: Final = 0.05
_UNNAMED_AT_MOST: Final = 0.10  # of fifty letters: one near the threshold may fall on either side
_ENGLISH_AT_LEAST: Final = 0.90
_WELSH_AT_LEAST: Final = 0.85
_FOUND_AT_LEAST: Final = {
    "explicit threats": 0.60,
    "verbal abuse": 0.65,
    "hate": 0.55,  # of forty letters
    "harassment": 0.45,
    "derogatory": 0.40,
}
_WORSE_AT_MOST: Final = 0.08
_AUROC_WORSE_AT_MOST: Final = 0.02
_SILENT_AT_MOST: Final = 0.03
_OTHERS_AT_MOST: Final = 0.01
_WELSH_RECALL_AT_LEAST: Final = 0.40
_DANGERS_AT_LEAST: Final = 0.55  # by how they read; the forms of words that `routing` knows come on top
_TAKEN_FOR_A_RIGHT_AT_MOST: Final = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One condition; `figure` is what was measured, which must be at most, or else at least, `bound`."""

    name: str
    figure: float
    bound: float
    at_most: bool = True

    @property
    def passed(self) -> bool:
        """Whether it holds; what could not be measured does not."""
        return self.figure <= self.bound if self.at_most else self.figure >= self.bound

    def row(self) -> tuple[str, str]:
        """For a table."""
        sign = "at most" if self.at_most else "at least"
        return self.name, f"{self.figure:.3f}, {sign} {self.bound:.2f}: {'passed' if self.passed else 'FAILED'}"


def gates(figures: FrozenFigures, in_force: FrozenFigures | None = None) -> tuple[Gate, ...]:
    """All of them, with what was measured; beside the model `in_force` none may be much worse either."""
    beside = () if in_force is None else _no_worse(figures, in_force)
    return (*_fair(figures), *_useful(figures), *beside)


def _fair(figures: FrozenFigures) -> Iterator[Gate]:
    for state in STATES:
        yield Gate(name=f"flagged: {state}", figure=figures.innocent_flagged(state), bound=_STATES_AT_MOST)
    for group, bound in _GROUPS_AT_MOST.items():
        yield Gate(name=f"flagged: {group}", figure=figures.innocent_flagged(group), bound=bound)
    yield Gate(name="flagged: naming a characteristic", figure=figures.identity_flagged, bound=_IDENTITY_AT_MOST)
    yield Gate(name="judged otherwise: naming another", figure=figures.identity_swapped, bound=0.0)
    yield Gate(name="judged otherwise: naming none", figure=figures.identity_unnamed, bound=_UNNAMED_AT_MOST)
    for language in (ENGLISH, WELSH):
        yield Gate(name=f"not scored: {language}", figure=figures.unscored_of(language), bound=_SILENT_AT_MOST)
    yield Gate(name="flagged: other languages", figure=figures.others_flagged, bound=_OTHERS_AT_MOST)


def _useful(figures: FrozenFigures) -> Iterator[Gate]:
    for name, ranking, bound in (
        ("English", figures.english, _ENGLISH_AT_LEAST),
        ("Welsh", figures.welsh, _WELSH_AT_LEAST),
    ):
        yield Gate(name=f"{name}: AUROC", figure=ranking.auroc, bound=bound, at_most=False)
    yield Gate(name="Welsh: recall", figure=figures.welsh.recall, bound=_WELSH_RECALL_AT_LEAST, at_most=False)
    for danger in sorted(DANGERS):
        yield Gate(
            name=f"found: {danger}", figure=figures.concern_found(danger), bound=_DANGERS_AT_LEAST, at_most=False
        )
    look_alikes = figures.concern_found(LOOK_ALIKES)
    yield Gate(name="look-alikes of rights and dangers", figure=look_alikes, bound=_TAKEN_FOR_A_RIGHT_AT_MOST)
    for kind, bound in _FOUND_AT_LEAST.items():
        yield Gate(name=f"found: {kind}", figure=figures.abuse_flagged(kind), bound=bound, at_most=False)


def _no_worse(figures: FrozenFigures, before: FrozenFigures) -> Iterator[Gate]:
    """Each group of letters is small, so that a letter or two more do not tell."""
    for name, now, then in (
        ("English: AUROC", figures.english.auroc, before.english.auroc),
        ("Welsh: AUROC", figures.welsh.auroc, before.welsh.auroc),
    ):
        yield Gate(name=f"no worse, {name}", figure=now, bound=then - _AUROC_WORSE_AT_MOST, at_most=False)
    for group in before.abuse:
        now, bound = figures.abuse_flagged(group.name), group.flagged - _WORSE_AT_MOST
        yield Gate(name=f"no worse, found: {group.name}", figure=now, bound=bound, at_most=False)
    for group in before.innocent:
        now, bound = figures.innocent_flagged(group.name), group.flagged + _WORSE_AT_MOST
        yield Gate(name=f"no worse, flagged: {group.name}", figure=now, bound=bound)
    for danger in sorted(DANGERS):
        now, bound = figures.concern_found(danger), before.concern_found(danger) - _WORSE_AT_MOST
        yield Gate(name=f"no worse, found: {danger}", figure=now, bound=bound, at_most=False)
