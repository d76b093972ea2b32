"""Why a letter is flagged: the sentence and the words without which it would score less, found by leaving them out.

Whatever scores can be explained so; nothing is read off the weights. A word that names who somebody is, is never shown.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.lexicon import CLASS_OF_WORD, WordClass
from classifier.normalise import normalise
from classifier.passages import says_little, sentences_of

Score: TypeAlias = Callable[[Sequence[str]], NDArray[np.float64]]
"""Two probabilities (0..1, columns) of each of some own words (rows): the score itself, and what it is explained by."""

_STATED: Final = 0
_TELLING: Final = 1

_WORDS_SHOWN: Final = 5
_WORDS_TRIED: Final = 24
_WORDS_ON: Final = 12
_SENTENCES_TRIED: Final = 12
_LEAST_SHARE: Final = 0.15
_SHOWN: Final = 160
_SHORTEST: Final = 3
_LEAST_ODDS: Final = 1e-9
_WORD_PARTS: Final = re.compile(r"[a-z]+")
_PUNCTUATION: Final = "".join(map(chr, range(33, 48))) + ":;<=>?@[\\]^_`{|}~\u2018\u2019\u201c\u201d\u2026"
_GRAMMAR: Final = frozenset(
    re.findall(
        r"\w+",
        """
        about after again all and any are because been before being but can could did does down for from had has
        have her here him his how into its just more not off only our ours out over own same she should some such
        than that the their them then there these they this those too under until very was were what when where
        which who why with would you your yours ddim eich ein felly fydd gan gyda hefyd hon hwn hynny iawn lle mae
        nad neu nid oedd oes ond pan pam pwy roedd sut sydd wedi ydi ydw ydy
        """,
    )
)
"""Words that hold sentences together, English and Welsh, and give no reason for anything."""

_SAYS_NOTHING: Final = frozenset(
    {WordClass.IDENTITY, WordClass.YOU, WordClass.ME, WordClass.THIRD, WordClass.FUTURE, WordClass.NEGATION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sentence, and what the letter would score without it."""

    sentence: str
    without: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`parts` are the sentences, what mattered most first; `words` mattered in the first of them, strongest first.

    `passage` is that sentence, or of a long one the part that scores most by itself.
    """

    score: float
    parts: tuple[Part, ...]
    passage: str
    words: tuple[str, ...]

    @property
    def without(self) -> float:
        """What the letter would score without that sentence."""
        return self.parts[0].without if self.parts else self.score


def explain(texts: Sequence[str], score: Score) -> list[Explanation]:
    """Of each of these own words: leave out each sentence, and then each word of the one that mattered most."""
    each = [sentences_of(own) for own in texts]
    tried = [_likeliest(alone[:, _TELLING]) for alone in _scored(each, score)]
    left = [
        [own, *(_without(sentences, {place}) for place in places)]
        for own, sentences, places in zip(texts, each, tried, strict=True)
    ]
    scored = _scored(left, score)
    parts = [_parts(*one) for one in zip(each, tried, scored, strict=True)]
    shown = _worst([first.sentence.split() for first, *_ in parts], score)
    return [
        Explanation(score=float(whole[_STATED]), parts=some, passage=" ".join(passage)[:_SHOWN], words=words)
        for (whole, *_), some, passage, words in zip(scored, parts, shown, _words(shown, score), strict=True)
    ]


def _scored(groups: Sequence[Sequence[str]], score: Score) -> list[NDArray[np.float64]]:
    """Score all texts of all groups at once."""
    scores = score([text for group in groups for text in group])
    return np.split(scores, np.cumsum([len(group) for group in groups])[:-1]) if groups else []


def _likeliest(alone: NDArray[np.float64]) -> list[int]:
    """The places of the sentences that score most alone, in their order."""
    likeliest: list[int] = np.sort(np.argsort(-alone, kind="stable")[:_SENTENCES_TRIED]).tolist()
    return likeliest


def _without(pieces: Sequence[str], places: Collection[int]) -> str:
    """What is left, if it says anything: of a word or two no score tells."""
    left = " ".join(piece for place, piece in enumerate(pieces) if place not in places)
    return "" if says_little(left.lower()) else left


def _parts(sentences: Sequence[str], places: Sequence[int], scored: NDArray[np.float64]) -> tuple[Part, ...]:
    """Those at these places, what mattered most first; `scored` are the whole letter and what is left without each."""
    left = scored[1:] if len(sentences) > 1 else np.zeros((1, 2))
    return tuple(
        Part(sentence=sentences[places[row]].strip(), without=float(left[row, _STATED]))
        for row in np.argsort(left[:, _TELLING], kind="stable").tolist()
    )


def _worst(written: Sequence[list[str]], score: Score) -> list[list[str]]:
    """Of each sentence's words those that score most by themselves, a few in a row; all of a short one."""
    windows = [
        [words[start : start + _WORDS_TRIED] for start in range(0, max(len(words) - _WORDS_ON, 1), _WORDS_ON)]
        for words in written
    ]
    scored = _scored([[" ".join(window) for window in each] for each in windows], score)
    return [each[int(np.argmax(scores[:, _TELLING]))] for each, scores in zip(windows, scored, strict=True)]


def _words(written: Sequence[list[str]], score: Score) -> list[tuple[str, ...]]:
    """Of each of these words those without which the others score less."""
    places = [_places(words) for words in written]
    left = [
        [" ".join(words), *(_without(words, each) for each in some.values())]
        for words, some in zip(written, places, strict=True)
    ]
    odds = (_log_odds(scores[:, _TELLING]) for scores in _scored(left, score))
    return [
        _strongest(dict(zip(some, (each[0] - each[1:]).tolist(), strict=True)))
        for some, each in zip(places, odds, strict=True)
    ]


def _places(words: Sequence[str]) -> dict[str, set[int]]:
    """Where each word stands that a reviewer may be shown."""
    places: dict[str, set[int]] = {}
    for place, word in enumerate(words):
        shown = word.strip(_PUNCTUATION).lower()
        if _says_something(shown):
            places.setdefault(shown, set()).add(place)
    return places


def _strongest(drops: Mapping[str, float]) -> tuple[str, ...]:
    strongest = sorted(drops, key=lambda word: -drops[word])[:_WORDS_SHOWN]
    bar = max(_LEAST_SHARE * drops[strongest[0]], 0.0) if strongest else 0.0
    return tuple(word for word in strongest if drops[word] > bar)


def _log_odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.clip(scores, _LEAST_ODDS, 1.0 - _LEAST_ODDS)
    return np.asarray(np.log(held / (1.0 - held)))


def _says_something(word: str) -> bool:
    """Whether a reviewer may be shown `word`: not an identity term, nor a compound with one, nor mere grammar."""
    parts = _WORD_PARTS.findall(normalise(word))
    kinds = {CLASS_OF_WORD.get(part) for part in (normalise(word), *parts)}
    return len(word) >= _SHORTEST and bool(parts) and word not in _GRAMMAR and not kinds & _SAYS_NOTHING
