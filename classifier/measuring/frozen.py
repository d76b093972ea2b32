"""Figures on letters of our own that never teach: what a model must show before it may be published, anywhere.

They are in the package, so that a council measures a model it has taught further without anybody's data.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from classifier.judgement import KINDS
from classifier.languages import ENGLISH, SCORED, WELSH
from classifier.lexicon import CLASS_OF_WORD, WordClass
from classifier.measuring.judged import Group, Judged, Ranking, largest_gap, rows_of, share
from classifier.measuring.measures import auroc
from classifier.model import Model
from classifier.own_letters import (
    CORPUS,
    HEAD_OF_KIND,
    ConcernLetter,
    Example,
    Part,
    Sample,
    only,
    read_concerns,
    read_corpus,
    read_gates,
    read_samples,
)
from classifier.passages import sentences_of

IDENTITY: Final = "identity"
_ORDINARY: Final = "ordinary"
_LONG: Final = (6, 12, 24)
"""Sentences of a long letter."""

LOOK_ALIKES: Final = "look-alikes"
STATES: Final = ("distress", "frustration", "forcefulness", "determination")
"""What a complaints policy tells apart from abuse (Somerset and others): none of them is."""

_PLACEHOLDER: Final = "{"
_NAMED: Final = ("black", "gypsy", "muslim", "jewish", "gay", "trans", "disabled", "deaf", "elderly", "polish", "woman")
_NEUTRAL: Final = ("local", "worried", "retired")
_NAMES: Final = re.compile(
    rf"\b(?:{'|'.join(word for word, does in CLASS_OF_WORD.items() if does is WordClass.IDENTITY)})\b", re.IGNORECASE
)

ABUSE_AS_STATED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "explicit threats": frozenset({"threat", "threat-explicit", "threat-conditional", "welsh-threat"}),
        "veiled threats": frozenset({"veiled", "threat-veiled"}),
        "verbal abuse": frozenset({"verbal-abuse", "verbal_abuse", "welsh-abuse", "welsh"}),
        "derogatory": frozenset({"derogatory", "derogatory-contempt"}),
        "hate": frozenset({"hate"}),
        "harassment": frozenset({"harassment", "stalking-doxxing", "sexual-harassment"}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """How well one head knows its kind among all letters, and how many of its letters are flagged as anything."""

    kind: str
    letters: int
    auroc: float
    flagged: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenFigures:
    """`innocent` are letters that look like abuse and are not, by what they are; `identity` by characteristic.

    `among` are the English letters once more, each between two ordinary sentences, and `long_flagged` is the share
    flagged of long letters made of ordinary sentences only.

    `identity_swapped` is the share of those that is judged otherwise once it names another characteristic in its place,
    `identity_unnamed` once it names none.

    `kinds_right` is the share of flagged abuse whose likeliest kind is the one its writer was told to write.
    `unscored` are the shares on which the model is silent, by language, and `others_flagged` is the share of innocent
    letters in languages it was not taught that are flagged nonetheless. `concerns` are the shares found of letters that
    claim a right or tell of a danger, by kind, and of `LOOK_ALIKES` those that are taken for any.
    """

    english: Ranking
    welsh: Ranking
    among: Ranking
    long_flagged: float
    abuse: tuple[Group, ...]
    innocent: tuple[Group, ...]
    identity: tuple[Group, ...]
    identity_flagged: float
    identity_gap: float
    identity_swapped: float
    identity_unnamed: float
    kinds: tuple[KindFigures, ...]
    kinds_right: float
    unscored: tuple[Group, ...]
    others_flagged: float
    concerns: tuple[Group, ...]

    def innocent_flagged(self, name: str) -> float:
        """Share flagged of one group of innocent letters; not a number if there are none."""
        return next((group.flagged for group in self.innocent if group.name == name), float("nan"))

    def abuse_flagged(self, name: str) -> float:
        """Share flagged of one kind of abuse; not a number if there is none."""
        return next((group.flagged for group in self.abuse if group.name == name), float("nan"))

    def unscored_of(self, language: str) -> float:
        """Share of a language on which the model is silent; not a number if there are no samples."""
        return next((group.flagged for group in self.unscored if group.name == language), float("nan"))

    def concern_found(self, kind: str) -> float:
        """Share found of the letters that claim or tell of one kind; not a number if there are none."""
        return next((group.flagged for group in self.concerns if group.name == kind), float("nan"))

    def rows(self) -> list[tuple[str, str]]:
        """Name and figure, for a table."""
        return [
            *self.english.rows("own letters, English"),
            *self.welsh.rows("own letters, Welsh"),
            *self.among.rows("own letters, English, between ordinary sentences"),
            ("long ordinary letters: flagged", f"{self.long_flagged:.3f}"),
            *rows_of("abuse", self.abuse),
            *rows_of("innocent", self.innocent),
            *rows_of("innocent, naming", self.identity),
            ("innocent, naming: largest gap", f"{self.identity_gap:.3f}"),
            ("innocent, naming another: judged otherwise", f"{self.identity_swapped:.3f}"),
            ("innocent, naming none: judged otherwise", f"{self.identity_unnamed:.3f}"),
            *((f"{one.kind} ({one.letters}): AUROC", f"{one.auroc:.3f}") for one in self.kinds),
            ("likeliest kind is the right one", f"{self.kinds_right:.2f}"),
            *((f"not scored: {one.name} ({one.texts})", f"{one.flagged:.3f}") for one in self.unscored),
            ("flagged: other languages", f"{self.others_flagged:.3f}"),
            *((f"concern: {one.name} ({one.texts})", f"{one.flagged:.3f} found") for one in self.concerns),
        ]


def frozen_figures(model: Model, corpus: Path = CORPUS) -> FrozenFigures:
    """Measure `model` on what is kept apart in `corpus`."""
    kept = [one for one in only(read_corpus(corpus), Part.TEST) if _PLACEHOLDER not in one.text]
    gates, samples = read_gates(corpus), [one for one in read_samples(corpus) if one.part is Part.TEST]
    letters = Judged.of(model, kept)
    innocent = Judged.of(model, [one for one in gates if one.kind != IDENTITY])
    naming = Judged.of(model, [one for one in gates if one.kind == IDENTITY])
    identity = naming.grouped(lambda one: one.characteristic)
    return FrozenFigures(
        english=_of_language(letters, ENGLISH).ranking(),
        welsh=_of_language(letters, WELSH).ranking(),
        among=_among(model, [one for one in kept if one.language == ENGLISH]),
        long_flagged=share(np.array([one.flagged for one in model.assess(_long_letters(kept))])),
        abuse=_chosen(letters, abusive=True).grouped(_stated),
        innocent=innocent.grouped(lambda one: one.kind),
        identity=identity,
        identity_flagged=share(naming.flagged),
        identity_gap=largest_gap(identity),
        identity_swapped=_swapped(model, naming, _NAMED),
        identity_unnamed=_swapped(model, naming, _NEUTRAL),
        kinds=tuple(_of_kind(letters, kind) for kind in KINDS),
        kinds_right=_kinds_right(letters),
        unscored=_unscored(model, samples),
        others_flagged=share(
            np.array([one.flagged for one in model.assess([one.text for one in samples if one.language not in SCORED])])
        ),
        concerns=_concerns(model, [letter for letter in read_concerns(corpus) if letter.kept]),
    )


def _of_language(judged: Judged, language: str) -> Judged:
    return judged.where([one.language == language for one in judged.examples])


def _among(model: Model, letters: Sequence[Example]) -> Ranking:
    """Each between two sentences of ordinary letters, in an order that never changes."""
    ordinary = _ordinary(letters)
    between = [
        replace(one, text=f"{before} {one.text} {after}")
        for one, before, after in zip(letters, cycle(ordinary), cycle(reversed(ordinary)), strict=False)
    ]
    return Judged.of(model, between).ranking()


def _long_letters(letters: Sequence[Example]) -> list[str]:
    """Sentences of ordinary letters that follow one another, with what letters begin and end with."""
    ordinary = _ordinary(letters)
    return [
        "\n".join(("Dear council,", *ordinary[begin : begin + length], "Yours", "A tenant"))
        for length in _LONG
        for begin in range(len(ordinary) - length)
    ]


def _ordinary(letters: Sequence[Example]) -> list[str]:
    return [line for one in letters if _is_ordinary(one) for line in sentences_of(one.text)]


def _is_ordinary(letter: Example) -> bool:
    return letter.kind == _ORDINARY and letter.language == ENGLISH


def _chosen(judged: Judged, *, abusive: bool) -> Judged:
    return judged.where([one.abusive is abusive for one in judged.examples])


def _stated(example: Example) -> str:
    return next((name for name, kinds in ABUSE_AS_STATED.items() if example.kind in kinds), example.kind)


def _of_kind(judged: Judged, kind: str) -> KindFigures:
    of_it = np.array([one.abusive and HEAD_OF_KIND.get(one.kind) == kind for one in judged.examples], dtype=np.bool_)
    scores = np.array([one.kinds[kind] for one in judged.said], dtype=np.float64)
    return KindFigures(
        kind=kind, letters=int(of_it.sum()), auroc=auroc(scores, of_it), flagged=share(judged.flagged[of_it])
    )


def _kinds_right(judged: Judged) -> float:
    found = _chosen(judged, abusive=True)
    found = found.where(found.flagged.tolist())
    pairs = zip(found.examples, found.said, strict=True)
    return share(np.array([HEAD_OF_KIND.get(one.kind) == said.likeliest_kind for one, said in pairs], dtype=np.bool_))


def _swapped(model: Model, naming: Judged, names: Sequence[str]) -> float:
    changed = np.zeros(len(naming.examples), dtype=np.bool_)
    for name in names:
        swapped = model.assess([_NAMES.sub(name, one.text) for one in naming.examples])
        changed |= np.array([one.flagged for one in swapped], dtype=np.bool_) != naming.flagged
    return share(changed)


def _unscored(model: Model, samples: Sequence[Sample]) -> tuple[Group, ...]:
    found = model.languages.of_texts([sample.text for sample in samples])
    groups: dict[str, list[bool]] = {}
    for sample, language in zip(samples, found, strict=True):
        name = sample.language if sample.language in SCORED else "others"
        groups.setdefault(name, []).append(language not in SCORED)
    return _shares(groups)


def _concerns(model: Model, letters: Sequence[ConcernLetter]) -> tuple[Group, ...]:
    """What is found by how it reads alone, without the forms of words that `routing` knows."""
    groups: dict[str, list[bool]] = {}
    for letter, said in zip(letters, model.assess([one.text for one in letters]), strict=True):
        found = {concern.kind for concern in said.concerns}
        groups.setdefault(LOOK_ALIKES if letter.innocent else letter.kind, []).append(
            bool(found) if letter.innocent else letter.kind in found
        )
    return _shares(groups)


def _shares(groups: Mapping[str, Sequence[bool]]) -> tuple[Group, ...]:
    return tuple(
        Group(name=name, texts=len(flags), flagged=share(np.array(flags))) for name, flags in sorted(groups.items())
    )
