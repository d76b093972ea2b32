"""Letters made up for training: ordinary sentences with one abusive sentence among them, or the same one reported.

Short abusive posts teach a model that any abusive sentence is the whole text. Letters to a council are not like that:
one sentence of eight may be abuse, and the same sentence in quotation marks is somebody asking for help.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifier.lexicon import CLASS_OF_WORD, WordClass
from classifier.own_letters import Example, Part
from classifier.training.datasets import SERVICE_MAIL

_LONGEST_SENTENCE: Final = 220
_SPOKEN_SOURCES: Final = frozenset({"convabuse", "wiki_toxicity_test", "jigsaw_sample", "wikitalk_cat", "civil_spans"})
_NOT_LETTERS: Final = frozenset({"welsh", "identity"})
_REPORTS: Final = (
    'He shouted "{}" at me.',
    'She said "{}" and slammed the door.',
    'My neighbour told me "{}".',
    'Your officer said to my mother "{}".',
    'The message reads: "{}"',
    'They called out "{}" in front of my children.',
    'I was told "{}" and I want this looked into.',
    'A caller said "{}" to one of my team.',
    "The note says '{}'.",
    "He told us he would do it. '{}', he said.",
    'Your letter says that I wrote "{}". I did not.',
    'Somebody has painted "{}" on our wall.',
)
_OPENINGS: Final = ("Dear Sir or Madam,", "Hello,", "Hi,", "To whom it may concern,", "Dear team,", "Good morning.", "")
_CLOSINGS: Final = ("Regards", "Yours faithfully", "Thanks", "Many thanks", "I look forward to your reply.", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """What letters are made of: our own sentences, which are few and to the point, and those of the sources."""

    ordinary_own: tuple[str, ...]
    ordinary: tuple[str, ...]
    abusive_own: tuple[str, ...]
    abusive: tuple[str, ...]


def sentences_of(examples: Sequence[Example]) -> Sentences:
    """Sort the shorter texts of `examples` into what letters are made of."""
    short = [example for example in examples if len(example.text) <= _LONGEST_SENTENCE]
    own = [example for example in short if example.source in {"own", "pattern"} and example.kind not in _NOT_LETTERS]
    return Sentences(
        ordinary_own=tuple(example.text for example in own if not example.abusive),
        ordinary=tuple(example.text for example in short if example.source in SERVICE_MAIL and not example.abusive),
        abusive_own=tuple(example.text for example in own if example.abusive),
        abusive=tuple(example.text for example in short if example.abusive and _is_spoken(example)),
    )


def compose(sentences: Sentences, count: int, rng: np.random.Generator, *, part: Part) -> list[Example]:
    """`count` letters each of three kinds: abusive (1), reporting abuse (0), ordinary (0)."""
    letters = []
    for _ in range(count):
        abuse = _pick(sentences.abusive_own, sentences.abusive, rng)
        letters.append(_example(_letter(sentences, abuse, rng), part, abusive=True))
        report = _REPORTS[rng.integers(len(_REPORTS))].format(abuse.replace('"', ""))
        letters.append(_example(_letter(sentences, report, rng), part, abusive=False))
        letters.append(_example(_letter(sentences, "", rng), part, abusive=False))
    return letters


def name_identities(examples: Sequence[Example], times: int, rng: np.random.Generator) -> list[Example]:
    """Fill the {identity} of our own neutral sentences, `times` over."""
    terms = [word for word, kind in CLASS_OF_WORD.items() if kind is WordClass.IDENTITY]
    return [
        Example(
            text=example.text.format(identity=terms[rng.integers(len(terms))]),
            abusive=False,
            kind=example.kind,
            source=example.source,
            part=example.part,
        )
        for example in examples
        for _ in range(times)
    ]


def _is_spoken(example: Example) -> bool:
    return example.source in _SPOKEN_SOURCES or (example.source == "hatecheck" and example.kind == "threat")


def _letter(sentences: Sentences, special: str, rng: np.random.Generator) -> str:
    """Nought to seven ordinary sentences, shorter letters being commoner, with `special` anywhere among them."""
    length = int(min(rng.geometric(0.35) - 1, 7)) or (0 if special else 1)
    body = [_pick(sentences.ordinary_own, sentences.ordinary, rng) for _ in range(length)]
    if special:
        body.insert(int(rng.integers(length + 1)), special)
    opening = _OPENINGS[rng.integers(len(_OPENINGS))]
    closing = _CLOSINGS[rng.integers(len(_CLOSINGS))]
    return " ".join(sentence for sentence in (opening, *map(_ended, body), closing) if sentence)


def _pick(own: Sequence[str], others: Sequence[str], rng: np.random.Generator) -> str:
    """One sentence, from our own three times in five."""
    pool = own if own and (not others or rng.random() < 0.6) else others  # noqa: PLR2004 - stated above
    return pool[int(rng.integers(len(pool)))] if pool else ""


def _ended(sentence: str) -> str:
    sentence = sentence.strip()
    return sentence if sentence.endswith((".", "!", "?", '"', "'")) else f"{sentence}."


def _example(text: str, part: Part, *, abusive: bool) -> Example:
    return Example(text=text, abusive=abusive, kind="composite", source="composite", part=part)
