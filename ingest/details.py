"""What a reviewer may want to know of one message beyond what deciding needs: its attachments, its way, its defects."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ingest.addresses import display_text
from ingest.date_header import parse_date
from ingest.headers import Headers, scan, unfold
from ingest.mime import content, is_attached, leaves

_HOP_LIMIT = 100
_HOP_LENGTH = 2000  # characters of a Received line
_HOP_WORDS = re.compile(r"\b(from|by|with)\s++(\S++)", re.IGNORECASE)
_HEADER_LIMIT = 200
_HEADER_LENGTH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentDetails:
    """One attached part: `size` in bytes and `sha256` are of its decoded content; `filename` is the sender's word."""

    filename: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One server's note that it passed the message on, as it says itself; only the council's own can be believed."""

    from_host: str
    by_host: str
    protocol: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDetails:
    """A message taken apart for a person to look at; `hops` from first to last.

    `defects` are the library's notes on how the message is malformed; `degraded` names each reason why something may be
    missing here.
    """

    headers: tuple[tuple[str, str], ...]
    attachments: tuple[AttachmentDetails, ...]
    hops: tuple[Hop, ...]
    defects: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


def own_details(raw: bytes) -> MessageDetails:
    """The details as our own reader finds them; total."""
    headers = scan(raw)
    parts, degraded = leaves(raw, headers, reach=len(raw))
    attached = [(part, content(raw, part, limit=len(raw))) for part in parts if is_attached(part)]
    return MessageDetails(
        headers=tuple(
            (name, display_text(unfold(value[:_HEADER_LENGTH]))) for name, value in headers.fields[:_HEADER_LIMIT]
        ),
        attachments=tuple(
            AttachmentDetails(
                filename=part.filename,
                content_type=part.content_type,
                size=len(octets),
                sha256=hashlib.sha256(octets).hexdigest(),
            )
            for part, octets in attached
        ),
        hops=tuple(_hops(headers)),
        degraded=degraded,
    )


def _hops(headers: Headers) -> Iterator[Hop]:
    for value in reversed(headers.every("received")[:_HOP_LIMIT]):
        words, _, date = unfold(value[:_HOP_LENGTH]).rpartition(";")
        said = {word.lower(): host for word, host in reversed(_HOP_WORDS.findall(words))}
        yield Hop(
            from_host=said.get("from", ""),
            by_host=said.get("by", ""),
            protocol=said.get("with", ""),
            at=parse_date(date),
        )
