"""The header block of a message as received: scanned once, in bounded linear time, and the only source of who wrote it.

Values are kept one character per byte (Latin-1), so nothing is lost or guessed before somebody asks for text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from ingest.charsets import decode

BLOCK_LIMIT = 256 * 1024  # bytes of header block that are read in full
FIELD_LIMIT = 1000  # header fields kept; beyond it, those of IDENTITY only
IDENTITY_REACH = 1024 * 1024  # bytes of header block searched for the fields of IDENTITY
ADDRESS_LIMIT = 64 * 1024  # bytes of one field of IDENTITY
PREFIX = 64 * 1024  # bytes fetched of a message to decide about it
IDENTITY = frozenset({"from", "sender", "reply-to", "resent-from", "return-path", "authentication-results"})

_BLANK_LINE = re.compile(rb"\n\r?\n")
_ENVELOPE = re.compile(rb"(?:\xef\xbb\xbf)?(?:>?From (?![ \t]*:)[^\n]*\n)?")
_FIELD = re.compile(r"^([!-9;-~]++):([^\n]*+(?:\n[ \t][^\n]*+)*+)\n", re.MULTILINE)
_SPLIT_NAME = re.compile(r"^([!-9;-~]++)([ \t]*+(?:\r?\n[ \t]++)?+):", re.MULTILINE)
_LATE_IDENTITY = re.compile(
    rb"^(" + b"|".join(sorted(name.encode() for name in IDENTITY)) + rb")[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)",
    re.MULTILINE | re.IGNORECASE,
)
_USUAL = IDENTITY | {"to", "cc", "subject", "date", "message-id", "received", "mime-version", "content-type"}
_BARE_CR = re.compile(r"\r(?!\n|$)")
_FOLD = re.compile(r"\r?\n")

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """The fields of one header block, names in lower case, in order; `anomalies` are codes.

    An anomaly is recorded only where two readers could disagree about who the author is.
    """

    fields: Fields
    body_start: int  # offset of the body within the bytes scanned
    anomalies: tuple[str, ...] = ()
    by_name: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, fields: Fields, *, body_start: int, anomalies: tuple[str, ...] = ()) -> Self:
        """These fields, ready to be asked by name."""
        values: dict[str, list[str]] = {}
        for name, value in fields:
            values.setdefault(name, []).append(value)
        return cls(fields=fields, body_start=body_start, anomalies=anomalies, by_name=values)

    def every(self, name: str) -> Sequence[str]:
        """Each value of the field `name` (lower case), one character per byte, still folded."""
        return self.by_name.get(name, ())

    def first(self, name: str) -> str | None:
        """The topmost value of the field `name`, or None."""
        return self.by_name.get(name, (None,))[0]

    def text(self, name: str) -> str:
        """The topmost value of the field `name` unfolded and decoded from its bytes; empty if there is none."""
        value = self.first(name)
        return "" if value is None else unfold(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """What a header block holds; `length` is shorter than the block if a body follows without a blank line."""

    fields: Fields
    length: int
    anomalies: tuple[str, ...] = ()


def unfold(value: str) -> str:
    """A raw value as one line of text without NUL, which no database takes; encoded words are left as they are."""
    if "\n" in value:
        value = _FOLD.sub("", value)
    if not value.isascii():
        value = decode(value.encode("latin-1"), None)
    return value.strip().replace("\0", "\ufffd")


def header_block(raw: bytes) -> bytes:
    """The header block as received, its closing blank line included; all of `raw` if it has no blank line."""
    return raw[: _body_start(raw, 0)]


def scan(raw: bytes) -> Headers:
    """The header fields of a message; total on any bytes. `raw` may be the first PREFIX bytes of the message."""
    start = _start(raw)
    end = _body_start(raw, start)
    block = _read(raw[start : min(end, start + BLOCK_LIMIT)].decode("latin-1"))
    fields, anomalies, length = block.fields, block.anomalies, block.length
    if end - start > BLOCK_LIMIT:
        fields += _late_identity(raw, start + BLOCK_LIMIT, min(end, start + IDENTITY_REACH))
        length = end - start
    if (end == len(raw) and end >= PREFIX) or end - start > IDENTITY_REACH:
        anomalies += ("header-block-incomplete",)
    if end - start > ADDRESS_LIMIT or len(fields) > FIELD_LIMIT:
        fields, oversized = _bounded(fields)
        anomalies += oversized
    headers = Headers.of(fields, body_start=start + length, anomalies=anomalies)
    found = tuple(_anomalies_of_author(headers.every("from")))
    return replace(headers, anomalies=anomalies + found) if found else headers


def fields_of(block: str) -> Fields:
    """The fields of a well or ill formed block, e.g. of a body part, without regard to anomalies."""
    return _read(block).fields


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


def _read(block: str) -> _Block:
    text = block if block.endswith("\n") else block + "\n"
    fields = tuple([(name.lower(), value) for name, value in _FIELD.findall(text)])
    taken = sum([len(name) + len(value) + 2 for name, value in fields])
    if len(text) - taken <= len("\r\n"):  # nothing left but the blank line
        return _Block(fields=fields, length=len(block))
    return _read_malformed(text, len(block))


def _read_malformed(text: str, length: int) -> _Block:
    anomalies: list[str] = []
    if text[0] in " \t":
        text = text.lstrip(" \t")
        anomalies.append("indented-first-header")
    if any(gap and name.lower() == "from" for name, gap in _SPLIT_NAME.findall(text)):
        anomalies.append("space-before-colon")
    text = _SPLIT_NAME.sub(r"\1:", text)
    fields = tuple([(name.lower(), value) for name, value in _FIELD.findall(text)])
    junk = _first_junk(text)
    if junk is None:
        return _Block(fields=fields, length=length, anomalies=tuple(anomalies))
    before = _FIELD.findall(text, 0, junk)
    if not any(name in _USUAL for name, _value in fields[len(before) :]):  # the body follows without a blank line
        fields, length = fields[: len(before)], length - (len(text) - junk)
    elif _authors(fields) != _authors(fields[: len(before)]):
        anomalies.append("junk-in-header-block")
    return _Block(fields=fields, length=max(0, length), anomalies=tuple(anomalies))


def _authors(fields: Fields) -> int:
    return sum(name == "from" for name, _value in fields)


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


def _late_identity(raw: bytes, start: int, end: int) -> Fields:
    found = _LATE_IDENTITY.findall(raw[start:end])
    return tuple([(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in found])


def _bounded(fields: Fields) -> tuple[Fields, tuple[str, ...]]:
    kept = [field for number, field in enumerate(fields) if number < FIELD_LIMIT or field[0] in IDENTITY]
    oversized = any(len(value) > ADDRESS_LIMIT for name, value in kept if name == "from")
    cut = [(name, value[:ADDRESS_LIMIT] if name in IDENTITY else value) for name, value in kept]
    return tuple(cut), ("oversized-from",) if oversized else ()


def _anomalies_of_author(values: Sequence[str]) -> Iterator[str]:
    if len(values) > 1:
        yield "several-from-headers"
    if any("\0" in value for value in values):
        yield "nul-in-from"
    if any(_BARE_CR.search(value) for value in values):
        yield "bare-carriage-return-in-from"
