"""Which posts teach, how many of each source, and what each weighs: the part of the recipe that is judgement."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from classifier.own_letters import Example, Part, only
from classifier.training.composites import compose, name_identities, sentences_of
from classifier.training.patterns import grow

LETTERS: Final = 10_000
IDENTITY_REPEATS: Final = 40
PATTERN_REPEATS: Final = 25

AT_MOST: Final = MappingProxyType(
    {
        "davidson2017": 5_000,
        "goemotions_calm": 12_000,
        "wikitalk_cat": 8_000,
        "politeness2013": 5_000,
        "banking77": 6_000,
        "welsh_cc0": 4_000,
        "mhs2020": 9_000,
        "edos2023": 3_000,
        "templates": 2_500,
    }
)
WEIGHT: Final = MappingProxyType(
    {
        "composite": 2.0,
        "spamassassin_ham": 4.0,
        "nhs_fft_phase1": 2.0,
        "nhs_fft_v6": 2.0,
        "convabuse": 2.0,
        "davidson2017": 0.4,
        "mhs2020": 0.6,
        "edos2023": 0.5,
        "civil_spans": 0.6,
        "hatemojibuild": 0.5,
        "templates": 0.3,
    }
)
LEFT_OUT: Final = frozenset({"edos2023_nonsexist", "guest2021", "goemotions_angry"})
"""Labels that say nothing about abuse as we mean it: "not sexist" may be other hate, "angry" is unlabelled."""


def teaching_set(
    dev: Sequence[Example], templates: Sequence[Example], own: Sequence[Example], seed: int
) -> list[tuple[Example, float]]:
    """Every example that teaches the model of posts, with its weight; of our own letters those that name identities."""
    rng = np.random.default_rng(seed)
    sourced = _capped([example for example in only(dev, Part.TEACH) if example.source not in LEFT_OUT], rng)
    neutral = [example for example in only(own, Part.TEACH) if example.kind == "identity"]
    named = name_identities(neutral, IDENTITY_REPEATS, rng)
    grown = grow(PATTERN_REPEATS, rng)
    letters = compose(sentences_of([*sourced, *grown]), min(LETTERS, len(sourced)), rng, part=Part.TEACH)
    weighed = [(example, WEIGHT.get(example.source, 1.0)) for example in (*sourced, *grown, *letters)]
    weighed += [(example, WEIGHT.get(example.source, 1.0)) for example in _capped(templates, rng)]
    return weighed + [(example, 1.0) for example in named]


def recipe() -> dict[str, Any]:
    """The choices above, for the weights file."""
    return {
        "letters": LETTERS,
        "identity_repeats": IDENTITY_REPEATS,
        "pattern_repeats": PATTERN_REPEATS,
        "at_most": dict(AT_MOST),
        "weight": dict(WEIGHT),
        "left_out": sorted(LEFT_OUT),
    }


def _capped(examples: Sequence[Example], rng: np.random.Generator) -> list[Example]:
    taken: dict[str, int] = {}
    kept = []
    for place in rng.permutation(len(examples)):
        example = examples[place]
        taken[example.source] = taken.get(example.source, 0) + 1
        if taken[example.source] <= AT_MOST.get(example.source, len(examples)):
            kept.append(example)
    return kept
