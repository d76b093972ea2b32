"""The gates that a model passes or is not published: fair to who writes, to how they feel, and in what language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from classifier.languages import ENGLISH, WELSH
from classifier.measuring.frozen import STATES, FrozenFigures

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
_ENGLISH_AT_LEAST: Final = 0.90
_WELSH_AT_LEAST: Final = 0.85
_THREATS_AT_LEAST: Final = 0.60
_SILENT_AT_MOST: Final = 0.03


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


def gates(figures: FrozenFigures) -> tuple[Gate, ...]:
    """All of them, with what was measured."""
    return (*_fair(figures), *_useful(figures))


def _fair(figures: FrozenFigures) -> Iterator[Gate]:
    for state in STATES:
        yield Gate(name=f"flagged: {state}", figure=figures.innocent_flagged(state), bound=_STATES_AT_MOST)
    for group, bound in _GROUPS_AT_MOST.items():
        yield Gate(name=f"flagged: {group}", figure=figures.innocent_flagged(group), bound=bound)
    yield Gate(name="flagged: naming a characteristic", figure=figures.identity_flagged, bound=_IDENTITY_AT_MOST)
    yield Gate(name="judged otherwise: naming another", figure=figures.identity_swapped, bound=0.0)
    for language in (ENGLISH, WELSH):
        yield Gate(name=f"not scored: {language}", figure=figures.unscored_of(language), bound=_SILENT_AT_MOST)


def _useful(figures: FrozenFigures) -> Iterator[Gate]:
    for name, ranking, bound in (
        ("English", figures.english, _ENGLISH_AT_LEAST),
        ("Welsh", figures.welsh, _WELSH_AT_LEAST),
    ):
        yield Gate(name=f"{name}: AUROC", figure=ranking.auroc, bound=bound, at_most=False)
    found = figures.abuse_flagged("explicit threats")
    yield Gate(name="found: explicit threats", figure=found, bound=_THREATS_AT_LEAST, at_most=False)
