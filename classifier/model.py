"""The shipped model: reads its weights once and turns texts into assessments, with numpy alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.assessment import Assessment
from classifier.characteristics import characteristics
from classifier.concerns import Concerns
from classifier.explaining import Explanation, explain
from classifier.heads import Heads
from classifier.judgement import ABUSE, DOUBT, KINDS, Judgement
from classifier.languages import ENGLISH, SCORED, Languages
from classifier.normalise import own_text
from classifier.packed import WeightsError, unpack
from classifier.passages import Passages, says_little

SHIPPED: Final = Path(__file__).parent / "weights" / "abuse.zip"

_BATCH: Final = 256
_HATE: Final = "hate"
_ALSO: Final = 0.4
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Weights and what belongs to them. Scoring is deterministic and takes any text."""

    version: str
    judgement: Judgement
    concerns: Concerns
    languages: Languages
    about: dict[str, Any]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a weights file. Raises WeightsError if it is not one of ours."""
        return cls._made_of(*unpack(path), path)

    @classmethod
    def of(cls, content: bytes, name: str) -> Self:
        """The same of its bytes; `name` is what an error calls them. Raises WeightsError."""
        return cls._made_of(*unpack(BytesIO(content), name), name)

    @classmethod
    def _made_of(cls, arrays: Mapping[str, NDArray[Any]], about: dict[str, Any], name: Path | str) -> Self:
        try:
            return cls(
                version=about["model_version"],
                judgement=Judgement.made_of(Heads.made_of(arrays, about), arrays, about),
                concerns=Concerns.made_of(about),
                languages=Languages.made_of(arrays, about),
                about=about,
            )
        except KeyError as error:
            raise WeightsError(name, f"{error} is missing") from error
        except (TypeError, ValueError) as error:
            raise WeightsError(name, str(error)) from error

    @property
    def threshold(self) -> float:
        """The score from which a message is flagged, whatever kind of abuse it may be."""
        return self.judgement.scales[ABUSE].threshold

    def assess(self, texts: Sequence[str]) -> list[Assessment]:
        """One assessment per text, in order, of the writer's own words."""
        return [one for batch in _batches(texts) for one in self._assess_batch(batch)]

    def assess_one(self, text: str) -> Assessment:
        """Assess a single text, as `assess` does."""
        return self.assess([text])[0]

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The probability of abuse, 0..1, whatever the language or length."""
        own = [own_text(text) for text in texts]
        return self._scores(self.languages.of_texts(texts), [ABUSE], own)[:, 0]

    def explain(self, text: str) -> Explanation:
        """What the score of one text rests on, sentence by sentence; of a flagged one, what its likeliest kind does."""
        assessment = self.assess_one(text)
        (found,) = self._explained([own_text(text)], assessment.language, (*assessment.found, ABUSE)[0])
        return found

    def _scores(self, languages: Sequence[str], names: Sequence[str], own: Sequence[str]) -> NDArray[np.float64]:
        """The probability of abuse or of kinds of it, a column for each of `names`."""
        scores = [np.zeros((0, len(names)))]
        for batch in zip(_batches(own), _batches(languages), strict=True):
            found = self.judgement.of(*batch)
            scores.append(np.stack([found[name] for name in names], axis=1))
        return np.concatenate(scores)

    def _explained(self, own: Sequence[str], language: str, kind: str) -> list[Explanation]:
        """Why own words in one language are likely to be abuse, and of that kind."""
        return explain(own, lambda texts: self._scores([language] * len(texts), [ABUSE, kind], texts))

    def _assess_batch(self, texts: Sequence[str]) -> Iterator[Assessment]:
        own = [own_text(text) for text in texts]
        read = self.judgement.heads.read(Passages.of(own))
        prepared = read.passages.wholes
        languages = self.languages.tell(prepared)
        found = self.judgement.of_read(read, languages)
        concerns = self.concerns.find(read)
        scores = [{name: round(float(each[row]), _DIGITS) for name, each in found.items()} for row in range(len(own))]
        flagged = [self._flags(each) and not says_little(text) for each, text in zip(scores, prepared, strict=True)]
        silent = [
            says_little(text) or (code not in SCORED and not flag)
            for text, code, flag in zip(prepared, languages, flagged, strict=True)
        ]
        reasons = self._reasons([row for row, flag in enumerate(flagged) if flag], own, scores, languages)
        for row, each in enumerate(scores):
            yield Assessment(
                model_version=self.version,
                score=each[ABUSE],
                flagged=flagged[row],
                language=languages[row],
                abstained=silent[row],
                doubtful=not silent[row] and self._flags(each, DOUBT) is not self._flags(each, 1.0 / DOUBT),
                kinds={kind: each[kind] for kind in KINDS},
                found=self._found(each) if flagged[row] else (),
                concerns=concerns[row],
                **reasons.get(row, {}),
            )

    def _found(self, scores: Mapping[str, float]) -> tuple[str, ...]:
        """The likeliest kind, and what passes its threshold and is not much less likely: all abuse is much alike."""
        by_chance = sorted(KINDS, key=lambda kind: -scores[kind])
        least = _ALSO * scores[by_chance[0]]
        scales = self.judgement.scales
        also = (kind for kind in by_chance[1:] if scores[kind] >= least and scales[kind].flags(scores[kind]))
        return (by_chance[0], *also)

    def _flags(self, scores: Mapping[str, float], dearer: float = 1.0) -> bool:
        return any(self.judgement.scales[name].flags(score, dearer) for name, score in scores.items())

    def _reasons(
        self,
        rows: Sequence[int],
        own: Sequence[str],
        scores: Sequence[Mapping[str, float]],
        languages: Sequence[str],
    ) -> dict[int, dict[str, Any]]:
        hate, reasons = self.judgement.scales[_HATE].threshold, {}
        alike: dict[tuple[str, str], list[int]] = {}
        for row in rows:
            language = languages[row] if languages[row] in SCORED else ENGLISH
            alike.setdefault((language, self._found(scores[row])[0]), []).append(row)
        for (language, kind), there in alike.items():
            found = self._explained([own[row] for row in there], language, kind)
            for row, because in zip(there, found, strict=True):
                reasons[row] = {
                    "passage": because.passage,
                    "why": because.words,
                    "without": round(because.without, _DIGITS),
                    "characteristics": characteristics(own[row]) if scores[row][_HATE] >= hate else (),
                }
        return reasons


@cache
def shipped_model() -> Model:
    """Return the model that this package ships, read once per process."""
    return Model.load(SHIPPED)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), _BATCH):
        yield texts[start : start + _BATCH]
