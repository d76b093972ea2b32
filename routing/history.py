"""The earlier letters about a matter, as far as they are remembered, and what of a later letter was in them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from register.dates import day_of
from routing.likeness import Imprint, Sentence

MOST_LETTERS = 200
"""How many letters of one matter are looked at: the newest."""

_NEW_IN_A_SENTENCE = 4  # telling words that no earlier letter had, from which on it is a new statement
_REPEATED = 0.5  # share from which on a letter is an old one, sent again
_MANY_WORDS = 10  # telling words that no earlier letter had: where they are most of its words, it is another text
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLetter:
    """A letter that was about a matter of a case, by a decision or by somebody's word."""

    case: str
    matter: str
    ref: str  # of the message, as people quote it
    received_at: datetime
    imprint: Imprint
    message_id: str | None = None

    @property
    def named(self) -> str:
        """How a person is told of it: its reference and its day."""
        day = day_of(self.received_at)
        return f"{self.ref} of {day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How much of a letter was in earlier ones: `share` of its telling words, 0..1, that stand in sentences seen.

    `said` counts those words, `shared_words` all that earlier letters had anywhere. `unseen` are its other sentences,
    `adds` those of them that have a telling word. `new_share` is the share of telling words that no earlier letter had
    anywhere, `new_words` their number, and `most_new` that in one sentence.
    """

    share: float
    said: int
    shared_words: int
    unseen: tuple[Sentence, ...]
    adds: tuple[Sentence, ...]
    new_share: float
    new_words: int
    most_new: int

    @property
    def sent_again_with_more(self) -> bool:
        """Whether it is an old letter with a statement added to it."""
        return self.share >= _REPEATED and self.most_new >= _NEW_IN_A_SENTENCE

    @property
    def another_text(self) -> bool:
        """Whether most of what it says is in words that no earlier letter had."""
        return self.new_words >= _MANY_WORDS and self.new_share > _MOSTLY


@dataclass(frozen=True, slots=True)
class Background:
    """What a letter is held against: earlier letters, and the Message-IDs that it cites or has itself."""

    letters: tuple[PastLetter, ...] = ()
    cited: frozenset[str] = frozenset()

    def of(self, matters: Iterable[str]) -> "Background":
        """The letters about these matters alone."""
        wanted = frozenset(matters)
        return Background(tuple(letter for letter in self.letters if letter.matter in wanted), self.cited)


def seen(letter: Iterable[Sentence], earlier: Iterable[PastLetter]) -> Seen:
    """Hold the sentences of a letter against earlier ones."""
    past = tuple(earlier)
    known = frozenset[str]().union(*(one.imprint.sentences for one in past))
    vocabulary = frozenset[str]().union(*(one.imprint.words for one in past))
    each = tuple(letter)
    unseen = tuple(sentence for sentence in each if sentence.key not in known)
    said = frozenset(key for sentence in each if sentence.key in known for key in sentence.telling)
    everything = frozenset(key for sentence in each for key in sentence.telling)
    new = everything - vocabulary
    return Seen(
        share=len(said) / len(everything) if everything else 0.0,
        said=len(said),
        shared_words=len(everything) - len(new),
        unseen=unseen,
        adds=tuple(one for one in unseen if one.telling),
        new_share=len(new) / len(everything) if everything else 0.0,
        new_words=len(new),
        most_new=max((len(one.telling - vocabulary) for one in unseen), default=0),
    )


def nearest(letter: Iterable[Sentence], earlier: Iterable[PastLetter]) -> tuple[PastLetter, Seen] | None:
    """The earlier letter that has most of this one, sentences before words, the newest of several; and how much."""
    each = tuple(letter)
    compared = ((one, seen(each, [one])) for one in earlier)
    found = max(compared, key=lambda pair: (pair[1].share, -pair[1].new_share, pair[0].received_at), default=None)
    return found if found is not None and found[1].shared_words else None
