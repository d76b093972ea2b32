"""Encoded words of header values (RFC 2047), as lenient as the mailers that write them, and linear."""

import binascii
import re
from collections.abc import Iterator

from ingest.charsets import decode

_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode_words(value: str) -> str:
    """`value` with each encoded word decoded; characters split between two adjacent words are put together again."""
    if "=?" not in value:
        return value
    return "".join(_pieces(value))


def _pieces(value: str) -> Iterator[str]:
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(value):
        between = value[end : word.start()]
        label = word[1].partition("*")[0].lower()  # RFC 2231: charset*language
        apart = bool(between.strip()) or end == 0
        if pending and (apart or label != charset):
            yield decode(pending, charset)
            pending = b""
        if apart:
            yield between
        pending, charset, end = pending + _octets(word), label, word.end()
    yield decode(pending, charset)
    yield value[end:]


def _octets(word: re.Match[str]) -> bytes:
    encoded = _raw(word[3])
    if word[2] in "bB":
        return from_base64(encoded)
    return _ESCAPE.sub(lambda escape: bytes((int(escape[1], 16),)), encoded.replace(b"_", b" "))


def _raw(encoded: str) -> bytes:
    """The bytes of an encoded text; it should be ASCII, but some mailers put the characters themselves there."""
    try:
        return encoded.encode("latin-1")
    except UnicodeEncodeError:
        return encoded.encode("utf-8", "replace")


def from_base64(encoded: bytes) -> bytes:
    """What the complete groups of base64 say; padding, strangers and a cut last group are passed over."""
    try:
        return binascii.a2b_base64(encoded)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", encoded)
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4] + _last_group(letters))


def _last_group(letters: bytes) -> bytes:
    rest = letters[len(letters) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
