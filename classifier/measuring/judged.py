"""Examples with what a model said of them, and the figures that come of it: shares and ranks, nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from classifier.assessment import Assessment
from classifier.measuring.measures import auroc, average_precision, recall_at
from classifier.model import Model
from classifier.own_letters import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How well scores part abusive texts from the others, and what the threshold makes of them (0..1)."""

    texts: int
    abusive: int
    auroc: float
    average_precision: float
    recall_at_5_percent: float
    recall_at_10_percent: float
    recall: float
    false_flags: float

    def rows(self, name: str) -> list[tuple[str, str]]:
        """For a table."""
        recalls = f"{self.recall_at_5_percent:.2f}, {self.recall_at_10_percent:.2f}"
        return [
            (f"{name}: texts, abusive", f"{self.texts}, {self.abusive}"),
            (f"{name}: AUROC, AP", f"{self.auroc:.3f}, {self.average_precision:.3f}"),
            (f"{name}: recall at 5 %, 10 % false flags", recalls),
            (f"{name}: recall, false flags at the threshold", f"{self.recall:.2f}, {self.false_flags:.3f}"),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Share flagged (0..1) among the texts of one kind."""

    name: str
    texts: int
    flagged: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Examples in order, with what the model said of each."""

    examples: Sequence[Example]
    said: Sequence[Assessment]
    scores: NDArray[np.float64]
    flagged: NDArray[np.bool_]
    labels: NDArray[np.bool_]

    @classmethod
    def of(cls, model: Model, examples: Sequence[Example]) -> Self:
        """Assess all of them."""
        said = model.assess([example.text for example in examples])
        return cls(
            examples=examples,
            said=said,
            scores=np.array([one.score for one in said], dtype=np.float64),
            flagged=np.array([one.flagged for one in said], dtype=np.bool_),
            labels=np.array([example.abusive for example in examples], dtype=np.bool_),
        )

    def where(self, chosen: Sequence[bool]) -> Self:
        """Those for which it is true."""
        places = [place for place, taken in enumerate(chosen) if taken]
        return type(self)(
            examples=[self.examples[place] for place in places],
            said=[self.said[place] for place in places],
            scores=self.scores[places],
            flagged=self.flagged[places],
            labels=self.labels[places],
        )

    def ranking(self) -> Ranking:
        """How well abusive ones are parted from the others."""
        return Ranking(
            texts=self.labels.size,
            abusive=int(self.labels.sum()),
            auroc=auroc(self.scores, self.labels),
            average_precision=average_precision(self.scores, self.labels),
            recall_at_5_percent=recall_at(self.scores, self.labels, 0.05),
            recall_at_10_percent=recall_at(self.scores, self.labels, 0.10),
            recall=share(self.flagged[self.labels]),
            false_flags=share(self.flagged[~self.labels]),
        )

    def grouped(self, name: Callable[[Example], str]) -> tuple[Group, ...]:
        """Share flagged of those that bear the same name, in the order of the names."""
        members: dict[str, list[int]] = {}
        for place, example in enumerate(self.examples):
            members.setdefault(name(example), []).append(place)
        return tuple(
            Group(name=named, texts=len(places), flagged=share(self.flagged[places]))
            for named, places in sorted(members.items())
        )


def share(flags: NDArray[np.bool_]) -> float:
    """Of 0..1; not a number if there are none."""
    return float(flags.mean()) if flags.size else float("nan")


def largest_gap(groups: Sequence[Group]) -> float:
    """Between the groups flagged most and least; not a number if there are none."""
    shares = [group.flagged for group in groups]
    return max(shares) - min(shares) if shares else float("nan")


def rows_of(name: str, groups: Sequence[Group]) -> list[tuple[str, str]]:
    """For a table."""
    return [(f"{name}: {group.name} ({group.texts})", f"{group.flagged:.3f} flagged") for group in groups]
