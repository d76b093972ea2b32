"""The header block of a message as received: scanned once, in bounded linear time, and the only source of who wrote it.

Values are kept one character per byte (Latin-1), so nothing is lost or guessed before somebody asks for text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.charsets import decode

BLOCK_LIMIT = 256 * 1024  # bytes of header block that are read in full
FIELD_LIMIT = 1000  # header fields kept; beyond it, those of IDENTITY only
IDENTITY_REACH = 1024 * 1024  # bytes of header block searched for the fields of IDENTITY
ADDRESS_LIMIT = 64 * 1024  # bytes of one field of IDENTITY
PREFIX = 64 * 1024  # bytes fetched of a message to decide about it
IDENTITY = frozenset({"from", "sender", "reply-to", "resent-from", "return-path", "authentication-results"})

_BLANK_LINE = re.compile(rb"\n\r?\n")
_ENVELOPE = re.compile(rb"(?:\xef\xbb\xbf)?(?:>?From [^\n]*\n)?")
_FIELD = re.compile(r"^([!-9;-~]++):([^\n]*+(?:\n[ \t][^\n]*+)*+)\n", re.MULTILINE)
_SPLIT_NAME = re.compile(r"^([!-9;-~]++)([ \t]*+(?:\r?\n[ \t]++)?+):", re.MULTILINE)
_LATE_IDENTITY = re.compile(
    rb"^(" + b"|".join(sorted(name.encode() for name in IDENTITY)) + rb")[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)",
    re.MULTILINE | re.IGNORECASE,
)
_BARE_CR = re.compile(r"\r(?!\n|$)")
_FOLD = re.compile(r"\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """The fields of one header block, names in lower case, in order; `anomalies` are codes.

    An anomaly is recorded only where two readers could disagree about who the author is.
    """

    fields: tuple[tuple[str, str], ...]
    body_start: int  # offset of the body within the bytes scanned
    anomalies: tuple[str, ...] = ()

    def every(self, name: str) -> tuple[str, ...]:
        """Each value of the field `name` (lower case), one character per byte, still folded."""
        return tuple(value for field, value in self.fields if field == name)

    def first(self, name: str) -> str | None:
        """The topmost value of the field `name`, or None."""
        return next((value for field, value in self.fields if field == name), None)

    def text(self, name: str) -> str:
        """The topmost value of the field `name` unfolded and decoded from its bytes; empty if there is none."""
        value = self.first(name)
        return "" if value is None else unfold(value)


def unfold(value: str) -> str:
    """A raw value as one line of text; encoded words are left as they are."""
    if "\n" in value:
        value = _FOLD.sub("", value)
    if not value.isascii():
        value = decode(value.encode("latin-1"), None)
    return value.strip()


def header_block(raw: bytes) -> bytes:
    """The header block as received, its closing blank line included; all of `raw` if it has no blank line."""
    return raw[: _body_start(raw, 0)]


def scan(raw: bytes) -> Headers:
    """The header fields of a message; total on any bytes. `raw` may be the first PREFIX bytes of the message."""
    start = _start(raw)
    body = _body_start(raw, start)
    block = raw[start : min(body, start + BLOCK_LIMIT)].decode("latin-1")
    fields, anomalies, length = _read(block)
    if start + len(block) < body:
        fields += _late_identity(raw, start + BLOCK_LIMIT, min(body, start + IDENTITY_REACH))
        length = body - start
    if (body == len(raw) and body >= PREFIX) or body - start > IDENTITY_REACH:
        anomalies += ("header-block-incomplete",)
    fields, oversized = _bounded(fields)
    return Headers(fields=fields, body_start=start + length, anomalies=anomalies + oversized + _of_author(fields))


def fields_of(block: str) -> tuple[tuple[str, str], ...]:
    """The fields of a well or ill formed block, e.g. of a body part, without regard to anomalies."""
    return _read(block)[0]


def _start(raw: bytes) -> int:
    start = _end_of(_ENVELOPE, raw)
    while raw.startswith((b"\r\n", b"\n"), start) and start < PREFIX:
        start += 1 + raw.startswith(b"\r", start)
    return start


def _end_of(pattern: re.Pattern[bytes], raw: bytes) -> int:
    found = pattern.match(raw)
    return found.end() if found else 0


def _body_start(raw: bytes, start: int) -> int:
    for first_line in (b"\n", b"\r\n"):
        if raw.startswith(first_line, start):
            return start + len(first_line)
    blank = _BLANK_LINE.search(raw, start)
    return blank.end() if blank else len(raw)


def _read(block: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], int]:
    """Fields, anomalies, and the length of the block (shorter than `block` if a body follows without a blank line)."""
    text = block if block.endswith("\n") else block + "\n"
    found = _FIELD.findall(text)
    taken = sum(len(name) + len(value) + 2 for name, value in found)
    if len(text) - 2 <= taken:  # nothing left but the blank line
        return tuple((name.lower(), value) for name, value in found), (), len(block)
    return _read_malformed(text)


def _read_malformed(block: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], int]:
    anomalies: list[str] = []
    text = block
    if text[:1] in {" ", "\t"}:
        text = text.lstrip(" \t")
        anomalies.append("indented-first-header")
    if any(gap and name.lower() in {"from", "sender"} for name, gap in _SPLIT_NAME.findall(text)):
        anomalies.append("space-before-colon")
    text = _SPLIT_NAME.sub(r"\1:", text)
    fields = tuple((match[1].lower(), match[2]) for match in _FIELD.finditer(text))
    junk = _first_junk(text)
    if junk is not None and _author_unsure(text, junk):
        anomalies.append("junk-in-header-block")
    return fields, tuple(anomalies), len(block)


def _first_junk(text: str) -> int | None:
    """Offset of the first line that belongs to no field, or None."""
    end = 0
    for field in _FIELD.finditer(text):
        if field.start() > end and not _is_mbox_line(text[end : field.start()]):
            return end
        end = field.end()
    return end if text[end:].strip() else None


def _is_mbox_line(line: str) -> bool:
    return line.startswith((">From ", "From ")) and line.count("\n") == 1


def _author_unsure(text: str, junk: int) -> bool:
    """Whether a reader that stops at the junk and one that goes on would see different authors."""
    before = sum(field[1].lower() == "from" for field in _FIELD.finditer(text, 0, junk))
    everywhere = sum(field[1].lower() == "from" for field in _FIELD.finditer(text))
    return before == 0 or everywhere > before


def _late_identity(raw: bytes, start: int, end: int) -> tuple[tuple[str, str], ...]:
    found = _LATE_IDENTITY.findall(raw[start:end])
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in found)


def _bounded(fields: tuple[tuple[str, str], ...]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    if len(fields) > FIELD_LIMIT:
        fields = fields[:FIELD_LIMIT] + tuple(field for field in fields[FIELD_LIMIT:] if field[0] in IDENTITY)
    if not any(len(value) > ADDRESS_LIMIT and name in IDENTITY for name, value in fields):
        return fields, ()
    cut = tuple((name, value[:ADDRESS_LIMIT] if name in IDENTITY else value) for name, value in fields)
    oversized = any(len(value) > ADDRESS_LIMIT for name, value in fields if name == "from")
    return cut, ("oversized-from",) if oversized else ()


def _of_author(fields: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    values = [value for name, value in fields if name == "from"]
    return tuple(_anomalies_of_from(values))


def _anomalies_of_from(values: list[str]) -> Iterator[str]:
    if len(values) > 1:
        yield "several-from-headers"
    if any("\0" in value for value in values):
        yield "nul-in-from"
    if any(_BARE_CR.search(value) for value in values):
        yield "bare-carriage-return-in-from"
