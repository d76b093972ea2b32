"""Tells which matters a letter goes on about, held against earlier ones: by its thread, its subject, or what it says.

None of these alone makes it surely the same: for that, nothing may be said in it, or mentioned, for the first time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from routing.history import Background, PastLetter, Seen, nearest, seen
from routing.likeness import Sentence, key_of, subject_key
from routing.mentions import Mention, MentionKind, mentions

_ALIKE = 0.5  # share of its telling words in sentences seen before, from which on a person is asked
_WORDS_ALIKE = 0.7  # share of its telling words that one earlier letter has, from which on a person is asked
_NEARLY_ALL = 0.9  # the same, where nothing else speaks for the matter
_FEWEST_SAID = 6  # telling words that must stand in sentences seen before; a "Well?" proves nothing
_FEWEST_SAID_ALONE = 12  # the same, where nothing else speaks for the matter

_SEVERAL = 5  # earlier letters, before another text means anything

_DATES_AND_SUMS = frozenset({MentionKind.DATE, MentionKind.SUM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is held against earlier letters: the subject, and the sentences of the writer's own, the subject's first."""

    subject: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """That a letter may be about `matter`, and why, in sentences; `proven` by nothing being new in it."""

    matter: str
    words: tuple[str, ...]
    proven: bool
    doubts: tuple[str, ...]


def continuations(letter: Letter, background: Background) -> tuple[Continuation, ...]:
    """Every matter that a letter may go on about."""
    matters = dict.fromkeys(past.matter for past in background.letters)
    each = (_continuation(letter, matter, background.of([matter])) for matter in matters)
    return tuple(one for one in each if one is not None)


def additions(letter: Letter, earlier: Sequence[PastLetter]) -> tuple[str, ...]:
    """What a letter that names its matter has for the first time, as far as it weighs, in sentences.

    Whoever repeats themselves does so in other words, and a person reads what is filed. But a statement added to an old
    letter is easily overlooked, and a letter that is another text than all of several may be about something else.
    """
    found = seen(letter.sentences, earlier)
    told = _mentioned_first(_first_mentions(found, earlier, _DATES_AND_SUMS))
    if found.sent_again_with_more or (len(earlier) >= _SEVERAL and found.another_text):
        return (*told, _adding(len(found.adds)))
    return told


def _continuation(letter: Letter, matter: str, background: Background) -> Continuation | None:
    earlier = background.letters
    linked = tuple(_links(letter, matter, background))
    found = seen(letter.sentences, earlier)
    alike = _likeness(letter, matter, earlier, found)
    if not linked and not alike:
        return None
    doubts = tuple(_doubts(earlier, found))
    least = (_ALIKE, _FEWEST_SAID) if linked else (_NEARLY_ALL, _FEWEST_SAID_ALONE)
    proven = not doubts and found.share >= least[0] and found.said >= least[1]
    return Continuation(matter=matter, words=(*linked, *alike), proven=proven, doubts=doubts)


def _links(letter: Letter, matter: str, background: Background) -> Iterator[str]:
    """The thread before the subject: mail programs write the one, and people the other."""
    thread = next((past for past in background.letters if past.message_id in background.cited), None)
    if thread is not None:
        yield f"It belongs to the thread of {thread.named}, which was about {matter}."
    key = subject_key(letter.subject)
    titled = next((past for past in background.letters if key and past.imprint.subject == key), None)
    if titled is not None:
        yield f"It has the subject of {titled.named}, which was about {matter}."


def _likeness(letter: Letter, matter: str, earlier: Sequence[PastLetter], found: Seen) -> tuple[str, ...]:
    closest = nearest(letter.sentences, earlier)
    if closest is None:
        return ()
    if found.share >= _ALIKE and found.said >= _FEWEST_SAID:
        most = f"most of it in {closest[0].named}"
        return (f"{found.share:.0%} of what it says stood in earlier letters about {matter}, {most}.",)
    words = 1 - closest[1].new_share
    if words >= _WORDS_ALIKE and closest[1].shared_words >= _FEWEST_SAID_ALONE:
        return (f"It uses {words:.0%} of its words as {closest[0].named} did, which was about {matter}.",)
    return ()


def _doubts(earlier: Sequence[PastLetter], found: Seen) -> Iterator[str]:
    if found.adds:
        yield _adding(len(found.adds))
    yield from _mentioned_first(_first_mentions(found, earlier, frozenset(MentionKind)))


def _first_mentions(found: Seen, earlier: Sequence[PastLetter], kinds: frozenset[MentionKind]) -> Iterator[Mention]:
    known = frozenset[str]().union(*(past.imprint.mentions for past in earlier))
    for mention in mentions("\n".join(sentence.words for sentence in found.unseen)):
        if mention.kind in kinds and key_of(mention) not in known:
            yield mention


def _mentioned_first(first: Iterator[Mention]) -> tuple[str, ...]:
    """One is enough to ask; a name is not repeated."""
    return tuple(
        f"It mentions {_said(mention)}, which no earlier letter remembered does." for mention in islice(first, 1)
    )


def _said(mention: Mention) -> str:
    return "a name" if mention.kind is MentionKind.NAME else f'the {mention.kind} "{mention.words}"'


def _adding(count: int) -> str:
    return "A sentence of it is new." if count == 1 else f"{count} sentences of it are new."
