"""What teaches the heads: every text with what it is an example of, for whom, and how much it counts."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifier.own_letters import HEAD_OF_KIND, ConcernLetter, Example, Part, only
from classifier.training.datasets import SERVICE_MAIL, WELSH

FOLDS: Final = 5

_SERVICE_AT_MOST: Final = 1_200  # texts of a source
_POSTS_AT_MOST: Final = 25_000
_DISORDERLY: Final = 1_000
_IN_ANGER: Final = "abuse"
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_SEED: Final = 7
_CONCERNS_OF_SERVICE: Final = 0.3
_ABUSE_OF_POSTS: Final = 0.03
_ABUSE_OF_WELSH: Final = 0.3
_ABUSE_OF_SERVICE: Final = 0.1
_ABUSE_OF_CONCERNS: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One text. What it says of abuse counts `abuse_weight`, what it says of rights and dangers `concern_weight`.

    `kind` is the head of the abuse, `concern` what is claimed or told of, each empty for none. `near` only looks like
    some concern; what is `ours` was written for this, the rest is what other services receive and other people post.
    `language` is an ISO 639-1 code. Twins share a `pair`: whoever was taught one would know the other.
    """

    text: str
    abusive: bool = False
    kind: str = ""
    concern: str = ""
    near: bool = False
    ours: bool = True
    abuse_weight: float = 1.0
    concern_weight: float = 1.0
    language: str = "en"
    pair: str = ""

    @property
    def fold(self) -> int:
        """Which of FOLDS the text belongs to."""
        return number_of(self.pair or self.text) % FOLDS


def lessons_of(
    letters: Sequence[ConcernLetter],
    own: Sequence[Example],
    dev: Sequence[Example],
    posts: Sequence[tuple[Example, float]],
) -> list[Lesson]:
    """All that teaches: our letters, what services receive (`dev`), and `posts` with what each weighs among them."""
    ours = letters_of(letters, only(own, Part.TEACH))
    service = [_of_service(example) for example in service_mail(dev, Part.TEACH)]
    disorderly = list(_without_sentences([lesson.text for lesson in ours]))
    return [*ours, *disorderly, *service, *_of_posts(posts)]


def letters_of(letters: Sequence[ConcernLetter], own: Sequence[Example]) -> list[Lesson]:
    """Our own letters that teach."""
    return [*_of_letters(letters), *_of_own(own)]


def service_mail(dev: Sequence[Example], part: Part) -> Iterator[Example]:
    """Mail to other services, and ordinary Welsh, the same number of each source."""
    for source in sorted({*SERVICE_MAIL, WELSH}):
        there = sorted((one for one in only(dev, part) if one.source == source), key=lambda one: number_of(one.text))
        yield from there[:_SERVICE_AT_MOST]


def _of_letters(letters: Iterable[ConcernLetter]) -> Iterator[Lesson]:
    """A right may be claimed in anger: those letters are no example for or against abuse."""
    for letter in letters:
        if not letter.kept:
            yield Lesson(
                text=letter.text,
                concern="" if letter.innocent else letter.kind,
                near=letter.innocent,
                abuse_weight=0.0 if letter.form == _IN_ANGER else _ABUSE_OF_CONCERNS,
                language=letter.lang,
            )


def _of_own(own: Sequence[Example]) -> Iterator[Lesson]:
    """Letters about other things, abusive or not; those that tell of a danger, or may, have no kind of ours."""
    for example in own:
        yield Lesson(
            text=example.text,
            abusive=example.abusive,
            kind=_head(example),
            concern_weight=0.0 if example.concern else 1.0,
            language=example.language,
            pair=example.pair,
        )


def _of_service(example: Example) -> Lesson:
    """What is no abuse; ordinary Welsh counts more, as there are few Welsh letters beside it."""
    return Lesson(
        text=example.text,
        ours=False,
        abuse_weight=_ABUSE_OF_WELSH if example.source == WELSH else _ABUSE_OF_SERVICE,
        concern_weight=_CONCERNS_OF_SERVICE,
        language=example.language,
    )


def _of_posts(posts: Sequence[tuple[Example, float]]) -> Iterator[Lesson]:
    chosen = np.random.default_rng(_SEED).permutation(len(posts))[:_POSTS_AT_MOST]
    for example, weight in (posts[place] for place in chosen):
        yield Lesson(
            text=example.text,
            abusive=example.abusive,
            kind=_head(example),
            ours=False,
            abuse_weight=_ABUSE_OF_POSTS * weight,
            concern_weight=0.0,
        )


def _head(example: Example) -> str:
    return HEAD_OF_KIND.get(example.kind, "") if example.abusive else ""


def _without_sentences(texts: Sequence[str]) -> Iterator[Lesson]:
    """Words in no order: alone they tell of nothing, however often they are repeated."""
    rng = np.random.default_rng(_SEED)
    words = np.array([word for text in texts for word in _WORD.findall(text.lower())])
    for _ in range(_DISORDERLY):
        known = rng.choice(words, size=int(rng.integers(1, 40)))
        text = " ".join(rng.choice(known, size=int(rng.integers(2, 100))))
        yield Lesson(text=text, abuse_weight=_ABUSE_OF_POSTS)


def number_of(text: str) -> int:
    """A number that has nothing to do with what a text says."""
    return zlib.crc32(text.encode())
