"""The readable text of a message, and the writer's own words in it, within bounds."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.charsets import decode
from ingest.headers import PREFIX, Headers, scan
from ingest.html import html_to_text, words_of_html
from ingest.message import LONG_TEXT, Attachment
from ingest.mime import Part, content, is_attached, is_readable, leaves
from ingest.own_words import closing_lines, own_words

__all__ = ["MAX_TEXT", "Body", "closing_lines", "own_words", "read_body"]

MAX_TEXT = 64_000  # characters
_LAST = 16_000  # of them from the end
_ENCODED_LIMIT = 512 * 1024  # bytes of one part that are read
_WORDS_ADDED = 12  # an HTML version with more words that its plain version lacks says something else
_WORD = re.compile(r"[^\W_]+")
_MESSAGES_WITHIN = 3  # how deep attached messages in base64 are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the body of a message says; `types` are the content types of its own parts."""

    text: str
    own_text: str
    attachments: tuple[Attachment, ...]
    types: tuple[str, ...]
    degraded: tuple[str, ...]


def read_body(raw: bytes, headers: Headers, *, whole: bool = False) -> Body:
    """The text of a message of which `raw` may be a prefix, unless it is said to be `whole`; total, in bounded time."""
    parts, degraded = leaves(raw, headers, reach=len(raw)) if whole else leaves(raw, headers)
    own = _tidy(_texts(raw, [part for part in parts if not part.is_forwarded]))
    forwarded = _tidy(_texts(raw, [part for part in parts if part.is_forwarded], _MESSAGES_WITHIN))
    return Body(
        text=_ends(f"{own}\n\n{forwarded}" if forwarded else own),
        own_text=own_words(_ends(own)),
        attachments=tuple(
            Attachment(filename=part.filename, content_type=part.content_type) for part in parts if is_attached(part)
        ),
        types=tuple(part.content_type for part in parts if not part.is_forwarded),
        degraded=(*degraded, *_missing(own + forwarded, parts, () if whole else _cut(raw, parts))),
    )


def _ends(text: str) -> str:
    """The beginning and the end of a text too long to read: a request often comes last."""
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[: MAX_TEXT - _LAST]}\n\n{text[2 - _LAST :]}"


def _cut(raw: bytes, parts: Iterable[Part]) -> Sequence[Part]:
    """The part in the midst of which a fetch of the first bytes of a message may have ended."""
    return [part for part in parts if part.end == len(raw)] if len(raw) >= PREFIX else ()


def _missing(text: str, parts: Iterable[Part], cut: Sequence[Part]) -> Iterator[str]:
    """Why the message may say more than `text`."""
    unread = any(part.end - part.start > _ENCODED_LIMIT for part in parts if is_readable(part))
    if unread or len(text) > MAX_TEXT or any(map(is_readable, cut)):
        yield LONG_TEXT
    elif cut and not text:
        yield "text-not-reached"


def _tidy(texts: Iterable[str]) -> str:
    return "\n\n".join(texts).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _texts(raw: bytes, parts: Iterable[Part], depth: int = 0) -> Iterator[str]:
    """The text of each readable part; of two versions of the same, the plain one and what the other adds to it."""
    plain: dict[int, str] = {}
    for part in parts:
        if is_readable(part):
            text = decode(content(raw, part, limit=_ENCODED_LIMIT), part.charset)
            if part.content_type != "text/html":
                plain.setdefault(part.alternative, text)
                yield text
            elif said := _added(text, plain.get(part.alternative, "") if part.alternative else ""):
                yield said
        elif depth and part.content_type == "message/rfc822" and part.encoding:
            yield from _texts_within(content(raw, part, limit=_ENCODED_LIMIT), depth - 1)


def _texts_within(raw: bytes, depth: int) -> Iterator[str]:
    """The texts of an attached message that was encoded, against the standard."""
    return _texts(raw, leaves(raw, scan(raw))[0], depth)


def _added(source: str, plain: str) -> str:
    """What an HTML version says that its plain version does not: people read the one, filters often the other.

    All of it if it says much that is new, otherwise the lines with something new.
    """
    if plain and words_of_html(source) <= set(plain.split()):
        return ""
    text = html_to_text(source)
    known = _words(plain)
    if len(_words(text) - known) > _WORDS_ADDED:
        return text
    return "\n".join(line for line in text.split("\n") if not _words(line) <= known)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
