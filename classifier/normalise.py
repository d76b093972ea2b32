"""What the model reads of a message: the sender's own words, bounded, folded past the usual disguises.

Every step is linear in the length of the text.
"""

import re
import unicodedata
from functools import cache
from typing import Final

import ingest.own_words
from classifier.lexicon import CLASS_OF_WORD, STARRED
from ingest.disguises import APART, unmasked
from ingest.html import html_to_text

READ_AT_MOST: Final = 64_000
"""Characters read of one text, as many as `ingest` hands on: the head and the tail if it is longer."""

_MARKUP: Final = re.compile(
    r"</?(?:html|body|head|div|p|br|span|b|i|u|em|strong|a|font|table|t[rdh]|[uo]l|li|h[1-6]|blockquote|style)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s]{1,300}|[a-z0-9._+-]{1,64}@[a-z0-9-]{1,60}\.[a-z0-9.-]{2,60}")
_AGAINST_ONESELF: Final = re.compile(
    r"(?:\bi(?:'?m| am|'ll| will)? )?(?:\b(?:going to|gonna|gunna|will|want to|wanna|might|could) )?(?:"
    r"\b(?:kill|top|hurt|harm|hang|cut|slit|stab|shoot|drown|burn|poison|finish|off|end|tak|take|do"
    r"|set (?:fire|light) to)(?:ing|[tp]?ing|ed)? "
    r"?(?:my ?sel[fv]e?s?|mysen|mesel[f]?|mysel|my (?:own )?(?:life|wrists?|throat|arms?)|it all)\b"
    r"|\bset my ?sel[fv]e?s? (?:on fire|alight)\b|\bkms\b|\b(?:want to|wanna|wish i could|going to|gonna|gunna) die\b"
    r"|\b(?:lladd|crogi|grogi|boddi|foddi|niweidio|brifo|saethu) fy hun(?:an)?\b|\b(?:isio|eisiau|moyn|isho) marw\b"
    r"|\brhoi diwedd ar (?:fy mywyd|y cyfan|bopeth|bethau)\b)"
)
_OF_ONESELF: Final = (
    *("my sel", "mysel", "mesel", "mysen", "my own", "my life", "my wrist", "my throat", "my arm", "it all"),
    *("kms", " die", "fy hun", "marw", "rhoi diwedd"),
)
"""Without one of these _AGAINST_ONESELF finds nothing, and most letters hold none: looking for them is faster."""

_STARRED: Final = re.compile(r"(?<![a-z*#])[a-z]{1,8}[*#]{1,8}[a-z]{0,10}(?![a-z*#])")
_SINGLE_QUOTED: Final = re.compile(
    r"(?<![a-z0-9'])'([^'\n\"]{2,200}(?:(?<=[a-z])'(?=[a-z])[^'\n\"]{1,200}){0,5})'(?![a-z])"
)
_FOLDS: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u2032\u0060\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | {"\u2026": "...", "\u2013": "-", "\u2014": "-"}
)


def readable(text: str) -> str:
    """The text itself, or what a reader of it would see if it is HTML."""
    return html_to_text(text) if _MARKUP.search(text) else text


def own_text(text: str) -> str:
    """What a letter's writer wrote there: without quoted or forwarded letters, signature and disclaimer.

    As `ingest` reads it, so that what is scored is what a reviewer sees; what it has read already stays as it is.
    """
    return ingest.own_words.own_words(bounded(text.replace("\0", " ").replace("\r\n", "\n")))


def normalise(own: str) -> str:
    """Fold the head and the tail of somebody's own words past the usual disguises; never raising."""
    return fold(bounded(own))


def fold(own: str) -> str:
    """The same of all of it: in lower case, line by line.

    Harm to oneself is read as despair: it says nothing of harm to others. "an" is read as "a": which of them stands
    there would tell one masked identity term from another.
    """
    folded = _plain(own).replace(" an ", " a ")
    if "@" in folded or "://" in folded or "www." in folded:
        folded = _ADDRESS.sub(" ", folded)
    folded = APART.sub(_joined, folded)
    if "*" in folded or "#" in folded:
        folded = _STARRED.sub(_fill_stars, folded)
    if any(words in folded for words in _OF_ONESELF):
        folded = _AGAINST_ONESELF.sub("despair", folded)
    return _SINGLE_QUOTED.sub(r'"\1"', folded) if " '" in folded else folded


def bounded(own: str) -> str:
    """The head and the tail of what is longer than READ_AT_MOST characters, on lines of their own."""
    if len(own) <= READ_AT_MOST:
        return own
    half = READ_AT_MOST // 2
    return f"{own[:half]}\n{own[-half:]}"


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unmasked(text.lower()).translate(_FOLDS))
    unmarked = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unmasked(unmarked.lower()).translate(_FOLDS)


def _joined(apart: re.Match[str]) -> str:
    """The word of letters set apart; "a" before a word of ours is a word of its own."""
    word = "".join(letter for letter in apart[0] if letter.isalpha())
    alone = word[0] in "ai" and word not in CLASS_OF_WORD and word[1:] in CLASS_OF_WORD
    return f"{word[0]} {word[1:]}" if alone else word


def _fill_stars(match: re.Match[str]) -> str:
    return _unstarred(match[0])


@cache
def _starred_by_ends() -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = {}
    for word in STARRED:
        found.setdefault((word[0], len(word)), []).append(word)
    return found


def _unstarred(starred: str) -> str:
    for word in _starred_by_ends().get((starred[0], len(starred)), ()):
        if all(mark in "*#" or mark == letter for mark, letter in zip(starred, word, strict=True)):
            return word
    return starred
