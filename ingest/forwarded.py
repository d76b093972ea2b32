"""The message that somebody forwards as an attachment, untouched; what is typed around it is not it."""

from ingest.headers import Headers, scan, unfold
from ingest.mime import content, leaves

_SHOWN = ("from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id", "received", "return-path")
_LONGEST_BLOCK = 10_000  # characters
_LONGEST_FIELD = 1_000


def original(raw: bytes) -> bytes:
    """The first message attached to this one, or the message itself if none is; total on any bytes."""
    parts, _ = leaves(raw, scan(raw))
    attached = next((part for part in parts if part.content_type in {"message/rfc822", "message/global"}), None)
    return raw if attached is None else content(raw, attached, limit=len(raw)) or raw


def header_lines(raw: bytes) -> str:
    """The header fields by which a message is traced, one a line, decoded to text and bounded."""
    headers: Headers = scan(raw)
    lines = (f"{name.title()}: {unfold(value)[:_LONGEST_FIELD]}" for name, value in headers.fields if name in _SHOWN)
    return "\n".join(lines).replace("\0", "\ufffd")[:_LONGEST_BLOCK]
