"""`mailroom classifier evaluate`: figures of a model on what it was not trained on, as measured and nothing else."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from classifier.judgement import BASE_RATE
from classifier.measuring.frozen import FrozenFigures, frozen_figures
from classifier.measuring.gates import Gate, gates
from classifier.measuring.judged import Group, Judged, Ranking, largest_gap, rows_of, share
from classifier.measuring.measures import Band, base_rate_weights, brier, calibration_error, recall_at, reliability
from classifier.model import Model
from classifier.own_letters import CORPUS, Example, Part, only
from classifier.training.datasets import SERVICE_MAIL, SPOKEN_ABUSE, WELSH, read_council, read_dev, read_identity
from core import clock

_CONVERSATIONS: Final = "convabuse"
_SPEED_TEXTS: Final = 2_000
_SPEED_LENGTH: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFigures:
    """What the data folder shows. `council` are hand-written e-mails.

    `mix` is held-out service mail (NHS feedback, bank and forum questions, real e-mails) with abuse of the sources that
    speak to somebody, and `bands` compare what is stated of it with what was the case, at the base rate. Rates are
    shares 0..1; speed counts service messages of 400 characters.
    """

    council: Ranking
    council_groups: tuple[Group, ...]
    identity_flagged: float
    identity_largest_gap: float
    mix: Ranking
    mix_recall_at_1_percent: float
    mix_recall_at_1_per_mille: float
    service_groups: tuple[Group, ...]
    welsh_false_flags: float
    calibration_error: float
    brier: float
    bands: tuple[Band, ...]
    messages_per_second: float

    def rows(self) -> list[tuple[str, str]]:
        """Name and figure, for a table."""
        return [
            *self.council.rows("council e-mails"),
            *rows_of("council", self.council_groups),
            ("identity sentences: flagged", f"{self.identity_flagged:.3f}"),
            ("identity sentences: largest gap between groups", f"{self.identity_largest_gap:.3f}"),
            *self.mix.rows("council mix"),
            ("council mix: recall at 1 % false flags", f"{self.mix_recall_at_1_percent:.3f}"),
            ("council mix: recall at 0.1 % false flags", f"{self.mix_recall_at_1_per_mille:.3f}"),
            *rows_of("false flags", self.service_groups),
            ("false flags: ordinary Welsh", f"{self.welsh_false_flags:.4f}"),
            ("calibration error at 1 % base rate", f"{self.calibration_error:.4f}"),
            ("Brier score at 1 % base rate", f"{self.brier:.4f}"),
            *(
                (f"scored {band.low:g} to {band.high:g}: stated, found", f"{band.stated:.4f}, {band.found:.4f}")
                for band in self.bands
            ),
            ("messages per second", f"{self.messages_per_second:,.0f}"),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """Everything measured: `own` on letters in the package that never teach, `public` on a data folder.

    `gates` are what a model must pass to be published.
    """

    model_version: str
    threshold: float
    own: FrozenFigures
    gates: tuple[Gate, ...]
    public: PublicFigures | None = None

    def as_dict(self) -> dict[str, Any]:
        """Everything, nested, of types that JSON knows."""
        return asdict(self)

    def rows(self) -> list[tuple[str, str]]:
        """Name and figure, for a table."""
        return [
            ("model", self.model_version),
            ("threshold", f"{self.threshold:.3f}"),
            *self.own.rows(),
            *(self.public.rows() if self.public else ()),
            *((f"gate: {name}", told) for name, told in (gate.row() for gate in self.gates)),
        ]


def evaluate(model: Model, data: Path | None = None, *, corpus: Path = CORPUS) -> EvaluationReport:
    """Measure `model` on our own kept letters, and on the folder `data`: on its test files and its clusters kept apart.

    Raises DataFolderError.
    """
    own = frozen_figures(model, corpus)
    return EvaluationReport(
        model_version=model.version,
        threshold=model.threshold,
        own=own,
        gates=gates(own),
        public=None if data is None else _public(model, data),
    )


def messages_per_second(model: Model, texts: Sequence[str]) -> float:
    """Speed of `assess` on messages of 400 characters made of `texts`, the better of two runs."""
    if not texts:
        return float("nan")
    letters = _letters(texts)
    return max(_timed(model, letters) for _ in range(2))


def _public(model: Model, data: Path) -> PublicFigures:
    held = only(read_dev(data), Part.TEST)
    council = Judged.of(model, read_council(data))
    identity = Judged.of(model, read_identity(data))
    mix = Judged.of(model, [example for example in held if _belongs_to_mix(example)])
    service = Judged.of(model, [example for example in held if example.source in SERVICE_MAIL])
    weights = base_rate_weights(mix.labels, BASE_RATE)
    return PublicFigures(
        council=council.ranking(),
        council_groups=council.grouped(_kind),
        identity_flagged=share(identity.flagged),
        identity_largest_gap=largest_gap(identity.grouped(_kind)),
        mix=mix.ranking(),
        mix_recall_at_1_percent=recall_at(mix.scores, mix.labels, 0.01),
        mix_recall_at_1_per_mille=recall_at(mix.scores, mix.labels, 0.001),
        service_groups=service.grouped(lambda example: example.source),
        welsh_false_flags=share(Judged.of(model, [one for one in held if one.source == WELSH]).flagged),
        calibration_error=calibration_error(mix.scores, mix.labels, weights),
        brier=brier(mix.scores, mix.labels, weights),
        bands=reliability(mix.scores, mix.labels, weights),
        messages_per_second=messages_per_second(model, [one.text for one in service.examples]),
    )


def _kind(example: Example) -> str:
    return example.kind


def _belongs_to_mix(example: Example) -> bool:
    if example.abusive:
        return example.source in SPOKEN_ABUSE
    return example.source in SERVICE_MAIL or example.source == _CONVERSATIONS


def _letters(texts: Sequence[str]) -> list[str]:
    stream = " ".join(texts)
    stream *= _SPEED_TEXTS * _SPEED_LENGTH // len(stream) + 1
    starts = range(0, _SPEED_TEXTS * _SPEED_LENGTH, _SPEED_LENGTH)
    return [stream[start : start + _SPEED_LENGTH] for start in starts]


def _timed(model: Model, letters: Sequence[str]) -> float:
    began = clock.monotonic()
    model.assess(letters)
    return len(letters) / (clock.monotonic() - began)
