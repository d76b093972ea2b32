"""`mailroom classifier evaluate`: figures of a model on what it was not trained on, as measured and nothing else."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifier.datasets import (
    SERVICE_MAIL,
    WELSH,
    Example,
    Part,
    only,
    read_corpus,
    read_council,
    read_dev,
    read_identity,
)
from classifier.measures import (
    auroc,
    average_precision,
    base_rate_weights,
    brier,
    calibration_error,
    recall_at,
)
from classifier.model import Model
from core import clock

BASE_RATE: Final = 0.01
"""Share of abusive mail at which calibration is judged."""

_ABUSE_IN_THE_MIX: Final = frozenset(
    {"convabuse", "wikitalk_cat", "wiki_toxicity_test", "jigsaw_sample", "civil_spans"}
)
_SPEED_TEXTS: Final = 2_000
_SPEED_LENGTH: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How well scores part abusive texts from the others, and what the shipped threshold makes of them (0..1)."""

    texts: int
    abusive: int
    auroc: float
    average_precision: float
    recall_at_5_percent: float
    recall_at_10_percent: float
    recall: float
    false_flags: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Share flagged (0..1) among the texts of one kind."""

    name: str
    texts: int
    flagged: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """Everything measured. `council` are hand-written e-mails, `own` our own sentences kept aside from training.

    `mix` is held-out service mail (NHS feedback, bank and forum questions, real e-mails) with abuse of the sources that
    speak to somebody. Rates are shares 0..1; speed counts service messages of 400 characters.
    """

    model_version: str
    threshold: float
    council: Ranking
    council_groups: tuple[Group, ...]
    own: Ranking
    own_groups: tuple[Group, ...]
    identity_flagged: float
    identity_largest_gap: float
    mix: Ranking
    mix_recall_at_1_percent: float
    mix_recall_at_1_per_mille: float
    service_groups: tuple[Group, ...]
    welsh_false_flags: float
    calibration_error: float
    brier: float
    messages_per_second: float

    def as_dict(self) -> dict[str, Any]:
        """Everything, nested, of types that JSON knows."""
        return asdict(self)

    def rows(self) -> list[tuple[str, str]]:
        """Name and figure, for a table."""
        return [
            ("model", self.model_version),
            ("threshold", f"{self.threshold:.3f}"),
            *_ranking_rows("council e-mails", self.council),
            *_group_rows("council", self.council_groups),
            *_ranking_rows("own sentences kept aside", self.own),
            *_group_rows("own", self.own_groups),
            ("identity sentences: flagged", f"{self.identity_flagged:.3f}"),
            ("identity sentences: largest gap between groups", f"{self.identity_largest_gap:.3f}"),
            *_ranking_rows("council mix", self.mix),
            ("council mix: recall at 1 % false flags", f"{self.mix_recall_at_1_percent:.3f}"),
            ("council mix: recall at 0.1 % false flags", f"{self.mix_recall_at_1_per_mille:.3f}"),
            *_group_rows("false flags", self.service_groups),
            ("false flags: ordinary Welsh", f"{self.welsh_false_flags:.4f}"),
            ("calibration error at 1 % base rate", f"{self.calibration_error:.4f}"),
            ("Brier score at 1 % base rate", f"{self.brier:.4f}"),
            ("messages per second", f"{self.messages_per_second:,.0f}"),
        ]


def evaluate(model: Model, data: Path) -> EvaluationReport:
    """Measure `model` on the folder `data`: on its test files, and on those clusters of the rest that never taught."""
    held = only(read_dev(data), Part.TEST)
    council = _Judged.of(model, read_council(data))
    own = _Judged.of(model, [example for example in only(read_corpus(), Part.TEST) if example.kind != "identity"])
    identity = _Judged.of(model, read_identity(data))
    mix = _Judged.of(model, [example for example in held if _belongs_to_mix(example)])
    service = _Judged.of(model, [example for example in held if example.source in SERVICE_MAIL])
    weights = base_rate_weights(mix.labels, BASE_RATE)
    return EvaluationReport(
        model_version=model.version,
        threshold=model.threshold,
        council=council.ranking(),
        council_groups=council.by_kind(),
        own=own.ranking(),
        own_groups=own.by_kind(),
        identity_flagged=_share(identity.flagged),
        identity_largest_gap=_largest_gap(identity.by_kind()),
        mix=mix.ranking(),
        mix_recall_at_1_percent=recall_at(mix.scores, mix.labels, 0.01),
        mix_recall_at_1_per_mille=recall_at(mix.scores, mix.labels, 0.001),
        service_groups=service.by_source(),
        welsh_false_flags=_share(_Judged.of(model, [one for one in held if one.source == WELSH]).flagged),
        calibration_error=calibration_error(mix.scores, mix.labels, weights),
        brier=brier(mix.scores, mix.labels, weights),
        messages_per_second=messages_per_second(model, [one.text for one in service.examples]),
    )


def messages_per_second(model: Model, texts: Sequence[str]) -> float:
    """Speed of `assess` on messages of 400 characters made of `texts`, the better of two runs."""
    if not texts:
        return float("nan")
    letters = _letters(texts)
    return max(_timed(model, letters) for _ in range(2))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Judged:
    """Examples with what the model said of them."""

    examples: Sequence[Example]
    scores: NDArray[np.float64]
    flagged: NDArray[np.bool_]
    labels: NDArray[np.bool_]

    @classmethod
    def of(cls, model: Model, examples: Sequence[Example]) -> "_Judged":
        assessments = model.assess([example.text for example in examples])
        return cls(
            examples=examples,
            scores=np.array([assessment.score for assessment in assessments], dtype=np.float64),
            flagged=np.array([assessment.flagged for assessment in assessments], dtype=np.bool_),
            labels=np.array([example.abusive for example in examples], dtype=np.bool_),
        )

    def ranking(self) -> Ranking:
        return Ranking(
            texts=self.labels.size,
            abusive=int(self.labels.sum()),
            auroc=auroc(self.scores, self.labels),
            average_precision=average_precision(self.scores, self.labels),
            recall_at_5_percent=recall_at(self.scores, self.labels, 0.05),
            recall_at_10_percent=recall_at(self.scores, self.labels, 0.10),
            recall=_share(self.flagged[self.labels]),
            false_flags=_share(self.flagged[~self.labels]),
        )

    def by_kind(self) -> tuple[Group, ...]:
        return self._grouped([example.kind for example in self.examples])

    def by_source(self) -> tuple[Group, ...]:
        return self._grouped([example.source for example in self.examples])

    def _grouped(self, names: Sequence[str]) -> tuple[Group, ...]:
        members: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            members.setdefault(name, []).append(place)
        return tuple(
            Group(name=name, texts=len(places), flagged=_share(self.flagged[places]))
            for name, places in sorted(members.items())
        )


def _belongs_to_mix(example: Example) -> bool:
    if example.abusive:
        return example.source in _ABUSE_IN_THE_MIX
    return example.source in SERVICE_MAIL or example.source == "convabuse"


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if flags.size else float("nan")


def _largest_gap(groups: Sequence[Group]) -> float:
    shares = [group.flagged for group in groups]
    return max(shares) - min(shares) if shares else float("nan")


def _ranking_rows(name: str, ranking: Ranking) -> list[tuple[str, str]]:
    return [
        (f"{name}: texts, abusive", f"{ranking.texts}, {ranking.abusive}"),
        (f"{name}: AUROC, AP", f"{ranking.auroc:.3f}, {ranking.average_precision:.3f}"),
        (
            f"{name}: recall at 5 %, 10 % false flags",
            f"{ranking.recall_at_5_percent:.2f}, {ranking.recall_at_10_percent:.2f}",
        ),
        (f"{name}: recall, false flags at the threshold", f"{ranking.recall:.2f}, {ranking.false_flags:.3f}"),
    ]


def _group_rows(name: str, groups: Sequence[Group]) -> list[tuple[str, str]]:
    return [(f"{name}: {group.name} ({group.texts})", f"{group.flagged:.3f} flagged") for group in groups]


def _letters(texts: Sequence[str]) -> list[str]:
    stream = " ".join(texts)
    stream *= _SPEED_TEXTS * _SPEED_LENGTH // len(stream) + 1
    starts = range(0, _SPEED_TEXTS * _SPEED_LENGTH, _SPEED_LENGTH)
    return [stream[start : start + _SPEED_LENGTH] for start in starts]


def _timed(model: Model, letters: Sequence[str]) -> float:
    began = clock.monotonic()
    model.assess(letters)
    return len(letters) / (clock.monotonic() - began)
