"""What is kept of a letter so that a later one can be held against it: hashes of its sentences, words and mentions.

Hashes tell whether a later letter has the same, and no more; but who knows a word can ask for it, so they are personal
data like the letter, and are erased with it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from routing.mentions import Mention, mentions

MAX_TEXT = 65_536  # characters; what lies beyond is not read
_MAX_SUBJECT = 1_000
_MOST_SENTENCES, _MOST_WORDS, _MOST_MENTIONS = 500, 2_000, 300  # remembered of one letter
_FEWEST_IN_SUBJECT = 2  # telling words; many a letter is called "Complaint"

_TOKEN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"(?<!\w)[^\W\d_]{3,}(?!\w)")
_PARAGRAPH = re.compile(r"\n\s*\n|\n[ \t]*(?:[-*\u2022]|\d{1,2}[.)])[ \t]")
_SENTENCE = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019)]{0,2}\s+")
_ANSWERED = re.compile(
    r"""\A\s{0,3}(?:
        (?:re|fwd?|aw|wg|ymateb|ateb|anfon\symlaen|ymlaen|parthed|atb)\s?(?:\[\d{1,3}\])?:
      | \[[^\]\n]{1,30}\]
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What any letter says, in English and in Welsh.
_EMPTY = frozenset(
    _WORD.findall("""
    about after again against all already also always and another any anybody are because been before being but can
    could council did does down ever every for from had has have her here him his how into its just know letter
    like made make may more most much must never not nothing now off once one only other our out over please
    regards reply said same say says shall she should sincerely sir madam dear some still such than thank thanks
    that the their them then there these they thing this those through too under until upon very was way well were
    what when where which while who whom why will with would yet you your yours faithfully
    answer complaint complaints day everybody good hello nobody reminder somebody urgent waiting
    annwyl ateb brys byth chi chwi cofion cwyn cyngor dal diolch dim dros eich eto fel fod fydd gan gyda hefyd heb
    helo hwn hyn iawn llythyr mae maen mai mwy nac neu nid nis nhw oedd oes ond pam pan pawb pob pryd roedd rwy rwyf
    rydw rydych rydym sydd sut trwy unwaith wedi wedyn wrth ydy ydych ydyw ydym yma yna yno yng ynghylch yw
    """)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a letter: its `words` as written, its key, and the keys of its telling words."""

    words: str
    key: str
    telling: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What is remembered of a letter; `subject` is empty where it tells nothing."""

    subject: str
    sentences: frozenset[str]
    words: frozenset[str]
    mentions: frozenset[str]


def imprint(subject: str, text: str, attachments: Iterable[str] = ()) -> Imprint:
    """The imprint of a letter with this subject, the writer's own text, and attachments of these names."""
    found = sentences(subject, text)
    words = dict.fromkeys(key for sentence in found for key in sorted(sentence.telling))
    keys = (key_of(mention) for mention in mentioned(subject, text, attachments))
    return Imprint(
        subject=subject_key(subject),
        sentences=frozenset([sentence.key for sentence in found][:_MOST_SENTENCES]),
        words=frozenset(list(words)[:_MOST_WORDS]),
        mentions=frozenset(list(keys)[:_MOST_MENTIONS]),
    )


def sentences(subject: str, text: str) -> tuple[Sentence, ...]:
    """The sentences of a letter, its subject first; lines are wrapped anew by every mail program, and tell nothing."""
    paragraphs = _PARAGRAPH.split(text[:MAX_TEXT])
    parts = (part for paragraph in paragraphs for part in _SENTENCE.split(paragraph))
    each = (_sentence(" ".join(part.split())) for part in (plain_subject(subject), *parts))
    return tuple(sentence for sentence in each if sentence is not None)


def mentioned(subject: str, text: str, attachments: Iterable[str] = ()) -> tuple[Mention, ...]:
    """What the letter mentions, in its subject and its text."""
    return mentions(f"{plain_subject(subject)}\n{text[:MAX_TEXT]}", attachments)


def key_of(mention: Mention) -> str:
    """The hash by which a mention is remembered."""
    return _hash(mention.key)


def telling_words(words: str) -> frozenset[str]:
    """The words that say what something is about: of three letters or more, and not such as any letter has."""
    return frozenset(_WORD.findall(words.casefold())) - _EMPTY


def plain_subject(subject: str) -> str:
    """A subject without what mail programs put before it when somebody replies or forwards, in English and Welsh."""
    rest = subject[:_MAX_SUBJECT].strip()
    while found := _ANSWERED.match(rest):
        rest = rest[found.end() :].strip()
    return rest


def subject_key(subject: str) -> str:
    """The hash of a plain subject; empty for one that many letters might have."""
    plain = plain_subject(subject)
    tokens = _TOKEN.findall(plain.casefold())
    return _hash(" ".join(tokens)) if len(telling_words(plain)) >= _FEWEST_IN_SUBJECT else ""


def _sentence(words: str) -> Sentence | None:
    tokens = _TOKEN.findall(words.casefold())
    if not tokens:
        return None
    telling = frozenset(_hash(word) for word in telling_words(words))
    return Sentence(words=words, key=_hash(" ".join(tokens)), telling=telling)


def _hash(words: str) -> str:
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
