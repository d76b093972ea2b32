"""Bytes to text, whatever the label says: total on cut and mislabelled input, deaf to labels that name no charset."""

import codecs
import re
from functools import lru_cache

_ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "big5-hkscs": "big5hkscs",
    "cp-850": "cp850",
    "cp-1252": "cp1252",
    "default": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-8-i": "iso8859_8",
    "iso-2022-jp": "iso2022_jp_ext",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
}
_LABEL_LIMIT = 40
_CUT_LENGTH = 4096  # bytes: what is longer may have been cut in the middle of its first foreign character
# Python knows codecs that are no charsets (idna, rot13, zlib, hex, undefined, unicode_escape): only these families are.
_CHARSETS = re.compile(
    r"utf[-_]?(?:7|8|16|32)|u?(?:iso|cp|win|ibm|latin|koi|gb|big5|euc|s(?:hift)?_?jis|mac|tis|hz|johab|ascii|ks_|ptcp)"
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(data: bytes, label: str | None) -> str:
    """The text of `data`: by its label, else UTF-8, windows-1252 or Latin-1; a cut last character is left out."""
    if data.isascii() and not _stateful(label):
        return data.decode("ascii")
    for codec in (_codec(label), "utf-8", "cp1252"):
        text = _strict(data, codec)
        if text is not None:
            return text
    return data.decode("latin-1")


@lru_cache(maxsize=256)
def _codec(label: str | None) -> str | None:
    if label is None or len(label) > _LABEL_LIMIT:
        return None
    name = label.strip(" \t\"'").lower()
    name = _ALIASES.get(name, name)
    if not _CHARSETS.match(name):
        return None
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None


@lru_cache(maxsize=256)
def _stateful(label: str | None) -> bool:
    """Whether bytes below 128 may mean something else than ASCII in this charset."""
    codec = _codec(label)
    return codec is not None and codec.startswith(("iso2022", "utf-7", "utf-16", "utf-32", "hz", "utf_7", "utf_16"))


def _strict(data: bytes, codec: str | None) -> str | None:
    if codec is None:
        return None
    try:
        decoder = codecs.getincrementaldecoder(codec)()
        text = decoder.decode(data)
    except (UnicodeError, ValueError):
        return None
    if decoder.getstate()[0] and text.isascii() and len(data) < _CUT_LENGTH:
        return None  # the beginning of a character that never comes: another charset
    return _SURROGATES.sub("\ufffd", text) if codec.startswith("utf") else text
