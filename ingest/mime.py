"""The parts of a message, walked by offsets in bounded time: nothing is copied or decoded that nobody asked for."""

import binascii
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_to_bytes

from ingest.charsets import decode
from ingest.encoded_words import decode_words, from_base64
from ingest.headers import Fields, Headers, fields_of, unfold

DEPTH_LIMIT = 20
PART_LIMIT = 200
REACH = 4 * 1024 * 1024  # bytes of the body in which parts are looked for
VALUE_LIMIT = 8 * 1024  # characters of a Content-* value
_REPORTS = {
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "message/global-delivery-status",
}
_ENCODINGS = {"base64", "quoted-printable"}
_PART_HEADER_LIMIT = 64 * 1024

_TYPE = re.compile(r"\s*([\w.+-]++/[\w.+*-]++|[\w-]++)")
_PARAMETER = re.compile(r';\s*+([\w-]++(?:\*\d{0,3})?\*?)\s*+=\s*+("(?:[^"\\]++|\\.)*+"?|[^\s;"]++)', re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_BLANK_LINE = re.compile(rb"\n\r?\n")
_EMPTY_LINE = re.compile(rb"\r?\n")
_REST_OF_BOUNDARY = re.compile(rb"(--)?[ \t]*+(?:\r?\n|\r|\Z)")
_LIKE_BOUNDARY = re.compile(rb"^--([^\s]{2,70})[ \t]*+\r?$", re.MULTILINE)
_SNIFFED_BYTES = 4096
_NAME_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_NAME_LIMIT = 200


Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part that holds no others: `start` and `end` are offsets of its encoded content."""

    content_type: str
    charset: str | None
    encoding: str
    filename: str
    is_attachment: bool
    is_forwarded: bool  # within an attached message: not the sender's own words
    start: int
    end: int
    alternative: int = 0  # the number of the multipart/alternative it stands in; 0: none


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    start: int
    end: int
    depth: int = 0
    is_forwarded: bool = False
    alternative: int = 0
    default_type: str = "text/plain"


def media_type(value: str | None, default: str = "text/plain") -> tuple[str, Parameters]:
    """The type of a Content-Type (or the word of a Content-Disposition) in lower case, and its parameters."""
    text = unfold(value[:VALUE_LIMIT]) if value else ""
    found = _TYPE.match(text)
    if found is None:
        return default, {}
    return found[1].lower(), _parameters(text) if ";" in text else {}


def leaves(raw: bytes, headers: Headers, *, reach: int = REACH) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The leaf parts of a message in order, and the reasons why some may be missing."""
    end = min(len(raw), headers.body_start + reach)
    walk = _Walk(raw=raw)
    walk.visit(headers.fields, _Place(start=headers.body_start, end=end))
    if end < len(raw):
        walk.reasons.append("long-message")
    return tuple(walk.found), tuple(dict.fromkeys(walk.reasons))


def is_readable(part: Part) -> bool:
    """Whether the part is text for people to read in the message itself."""
    return not part.is_attachment and (part.content_type.startswith("text/") or part.content_type in _REPORTS)


def is_attached(part: Part) -> bool:
    """Whether the part is something attached; an attached message counts."""
    return not is_readable(part) and not part.content_type.startswith("multipart/")


def content(raw: bytes, part: Part, *, limit: int) -> bytes:
    """The decoded octets of a part, at most those of its first `limit` encoded bytes; total on cut input."""
    encoded = raw[part.start : min(part.end, part.start + limit)]
    match part.encoding:
        case "base64":
            return from_base64(encoded)
        case "quoted-printable":
            return binascii.a2b_qp(encoded)
        case "x-uuencode" | "uuencode" | "x-uue":
            return b"".join(_uudecoded(encoded))
        case _:
            return encoded


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The walk over one message: what it has found, and why it may have missed something."""

    raw: bytes
    found: list[Part] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    alternatives: int = 0

    def visit(self, fields: Fields, place: _Place) -> None:
        named = {name: value for name, value in reversed(fields) if name.startswith("content-")}
        content_type, parameters = media_type(named.get("content-type"), place.default_type)
        if len(self.found) >= PART_LIMIT or place.depth > DEPTH_LIMIT:
            self.reasons.append("too-many-parts")
        elif content_type.startswith("multipart/"):
            self._visit_parts(content_type, parameters, place)
        elif content_type in {"message/rfc822", "message/global"}:
            self._visit_message(named, place)
        else:
            self.found.append(_leaf(content_type, parameters, named, place))

    def _visit_parts(self, content_type: str, parameters: Parameters, place: _Place) -> None:
        boundary = parameter(parameters, "boundary").encode("latin-1", "replace") or self._sniffed(place)
        spans = _spans(self.raw, boundary, place) if boundary else ()
        if not spans:
            self.found.append(_leaf("text/plain", {}, {}, place))
            return
        if content_type == "multipart/alternative":
            self.alternatives += 1
        for start, end in spans:
            self._visit_part(content_type, start, end, place)
            if self.reasons:
                return

    def _visit_part(self, content_type: str, start: int, end: int, parent: _Place) -> None:
        fields, body = _fields_between(self.raw, start, end)
        place = replace(
            parent,
            start=body,
            end=end,
            depth=parent.depth + 1,
            default_type="message/rfc822" if content_type == "multipart/digest" else "text/plain",
            alternative=self.alternatives if content_type == "multipart/alternative" else parent.alternative,
        )
        self.visit(fields, place)

    def _visit_message(self, named: Mapping[str, str], place: _Place) -> None:
        inner = replace(place, depth=place.depth + 1, is_forwarded=True, default_type="text/plain")
        self.found.append(_leaf("message/rfc822", {}, named, inner))
        if _encoding_of(named) not in _ENCODINGS:
            fields, body = _fields_between(self.raw, place.start, place.end)
            self.visit(fields, replace(inner, start=body))

    def _sniffed(self, place: _Place) -> bytes:
        """The boundary a multipart uses without having declared one."""
        found = _LIKE_BOUNDARY.search(self.raw, place.start, min(place.end, place.start + _SNIFFED_BYTES))
        return found[1] if found else b""


def _spans(raw: bytes, boundary: bytes, place: _Place) -> tuple[tuple[int, int], ...]:
    """Offsets of the parts between the boundary lines; the last one may be cut."""
    spans: list[tuple[int, int]] = []
    opened = -1
    for start, end, closing in _boundary_lines(raw, b"--" + boundary, place):
        if opened >= 0:
            spans.append((opened, max(opened, start)))
        opened = -1 if closing else end
        if closing or len(spans) > PART_LIMIT:
            break
    if opened >= 0:
        spans.append((opened, place.end))
    return tuple(spans)


def _boundary_lines(raw: bytes, delimiter: bytes, place: _Place) -> Iterator[tuple[int, int, bool]]:
    """Where the text before a boundary line ends, where the text after it starts, and whether it is the last."""
    position = place.start
    while (found := raw.find(delimiter, position, place.end)) >= 0:
        position = found + len(delimiter)
        rest = _REST_OF_BOUNDARY.match(raw, position, place.end)
        if rest is None or (found > place.start and raw[found - 1] not in b"\r\n"):
            continue
        start = found - 1 if found > place.start else found
        if start > place.start and raw[start - 1 : start + 1] == b"\r\n":
            start -= 1
        position = rest.end()
        yield start, position, bool(rest[1])


def _fields_between(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The header fields that open a part, and where its body starts."""
    at_once = _EMPTY_LINE.match(raw, start, end)
    if at_once:
        return (), at_once.end()
    blank = _BLANK_LINE.search(raw, start, min(end, start + _PART_HEADER_LIMIT))
    stop = blank.end() if blank else min(end, start + _PART_HEADER_LIMIT)
    fields = fields_of(raw[start:stop].decode("latin-1"))
    if not fields and not blank:
        return (), start
    return fields, stop


def _leaf(content_type: str, parameters: Parameters, named: Mapping[str, str], place: _Place) -> Part:
    disposition, more = media_type(named.get("content-disposition"), "")
    filename = parameter(more, "filename") or parameter(parameters, "name")
    return Part(
        content_type=content_type if "/" in content_type else "text/plain",
        charset=parameter(parameters, "charset") or None,
        encoding=_encoding_of(named),
        filename=_NAME_CONTROL.sub("", decode_words(filename))[:_NAME_LIMIT],
        is_attachment=disposition == "attachment" or (bool(filename) and not content_type.startswith("text/")),
        is_forwarded=place.is_forwarded,
        start=place.start,
        end=place.end,
        alternative=place.alternative,
    )


def _encoding_of(named: Mapping[str, str]) -> str:
    encoding = named.get("content-transfer-encoding")
    return unfold(encoding[:VALUE_LIMIT]).partition(";")[0].strip().lower() if encoding else ""


def _parameters(text: str) -> Parameters:
    return {found[1].lower(): _unquoted(found[2]) for found in _PARAMETER.finditer(text)}


def _unquoted(value: str) -> str:
    if value[:1] != '"':
        return value
    value = value[1:-1] if len(value) > 1 and value[-1] == '"' else value[1:]
    return _QUOTED_PAIR.sub(r"\1", value) if "\\" in value else value


def parameter(parameters: Parameters, name: str) -> str:
    """A parameter's value, put together from its continuations and decoded from its charset (RFC 2231)."""
    if not parameters or name in parameters:
        return parameters.get(name, "")
    whole = parameters.get(f"{name}*")
    if whole is not None:
        return _percent_decoded(whole, "")
    pieces, charset = [], ""
    for number in range(len(parameters)):
        encoded = parameters.get(f"{name}*{number}*")
        if encoded is not None and number == 0:
            charset = encoded.partition("'")[0]
        pieces.append(
            _percent_decoded(encoded, charset) if encoded is not None else parameters.get(f"{name}*{number}", "")
        )
    return "".join(pieces)


def _percent_decoded(value: str, charset: str) -> str:
    if value.count("'") > 1:
        charset, _, value = value.split("'", 2)
    return decode(unquote_to_bytes(value), charset)


def _uudecoded(encoded: bytes) -> Iterator[bytes]:
    for line in encoded.splitlines():
        if line.startswith((b"begin ", b"end")):
            continue
        with suppress(binascii.Error):
            yield binascii.a2b_uu(line)
