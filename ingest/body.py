"""The readable text of a message, and the writer's own words in it, within bounds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.charsets import decode
from ingest.headers import Headers
from ingest.html import html_to_text, words_of_html
from ingest.message import Attachment
from ingest.mime import Part, content, leaves
from ingest.own_words import closing_lines, own_words

__all__ = ["MAX_TEXT", "Body", "closing_lines", "own_words", "read_body"]

MAX_TEXT = 64_000  # characters
_ENCODED_LIMIT = 512 * 1024  # bytes of one part that are read
_READABLE = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
}
_WORDS_ADDED = 12  # an HTML version with as many words its plain version lacks says something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the body of a message says; `types` are the content types of its own parts."""

    text: str
    own_text: str
    attachments: tuple[Attachment, ...]
    types: tuple[str, ...]
    degraded: tuple[str, ...]


def read_body(raw: bytes, headers: Headers) -> Body:
    """The text of a message of which `raw` may be a prefix; total, in bounded time."""
    parts, degraded = leaves(raw, headers)
    own = _tidy("\n\n".join(_texts(raw, [part for part in parts if not part.is_forwarded])))
    forwarded = _tidy("\n\n".join(_texts(raw, [part for part in parts if part.is_forwarded])))
    if len(own) + len(forwarded) > MAX_TEXT:
        degraded += ("long-text",)
    return Body(
        text=f"{own}\n\n{forwarded}"[:MAX_TEXT] if forwarded else own[:MAX_TEXT],
        own_text=own_words(own[:MAX_TEXT]),
        attachments=tuple(_attachments(parts)),
        types=tuple(part.content_type for part in parts if not part.is_forwarded),
        degraded=degraded,
    )


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _texts(raw: bytes, parts: Iterable[Part]) -> Iterator[str]:
    """The text of each readable part; of two versions of the same, the plain one unless the other says more."""
    plain: dict[int, str] = {}
    for part in parts:
        if not _is_readable(part):
            continue
        text = decode(content(raw, part, limit=_ENCODED_LIMIT), part.charset)
        if part.content_type != "text/html":
            plain.setdefault(part.alternative, text)
            yield text
        elif not part.alternative or _says_more(text, plain.get(part.alternative, "")):
            yield html_to_text(text)


def _is_readable(part: Part) -> bool:
    return not part.is_attachment and (part.content_type.startswith("text/") or part.content_type in _READABLE)


def _says_more(source: str, known: str) -> bool:
    """Whether an HTML version has words that the plain version lacks: people read the one, filters often the other."""
    return not known or len(words_of_html(source).difference(known.split())) > _WORDS_ADDED


def _attachments(parts: Iterable[Part]) -> Iterator[Attachment]:
    for part in parts:
        if part.is_attachment or not (
            part.content_type.startswith(("text/", "multipart/")) or part.content_type in _READABLE
        ):
            yield Attachment(filename=part.filename, content_type=part.content_type)
