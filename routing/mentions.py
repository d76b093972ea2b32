"""The things a letter mentions that another may not have: dates, sums, references, numbers and names. Pure.

Two ways of writing one thing have one key, so that "14 March 2025" and "14/03/2025" are the same day.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

_MOST = 1000  # of one letter


class MentionKind(StrEnum):
    """What is mentioned."""

    DATE = "date"
    SUM = "sum"
    REFERENCE = "reference"
    NUMBER = "number"
    NAME = "name"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One thing mentioned: `words` as written, `key` the same however it is written."""

    kind: MentionKind
    words: str
    key: str


_MONTHS = (
    ("january", "jan", "ionawr"),
    ("february", "feb", "chwefror"),
    ("march", "mar", "mawrth", "fawrth"),
    ("april", "apr", "ebrill"),
    ("may", "mai", "fai"),
    ("june", "jun", "mehefin", "fehefin"),
    ("july", "jul", "gorffennaf", "orffennaf"),
    ("august", "aug", "awst"),
    ("september", "sept", "sep", "medi", "fedi"),
    ("october", "oct", "hydref"),
    ("november", "nov", "tachwedd", "dachwedd"),
    ("december", "dec", "rhagfyr", "ragfyr"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_MONTH = f"(?:{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})"
_ORDINAL = r"(?:\s?(?:st|nd|rd|th|af|ail|ydd|fed|eg|ain))?"
_DATE = re.compile(
    rf"""\b(?:
        (?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})
      | (?P<day_1>\d{{1,2}})[./-](?P<month_1>\d{{1,2}})[./-](?P<year_1>\d{{4}}|\d{{2}})
      | (?P<day_2>\d{{1,2}}){_ORDINAL}\s(?:of\s|o\s)?(?P<month_2>{_MONTH})\b\.?(?:,?\s(?P<year_2>\d{{4}}))?
      | (?P<month_3>{_MONTH})\.?\s(?P<day_3>\d{{1,2}}){_ORDINAL}(?:,?\s(?P<year_3>\d{{4}}))?
    )\b(?![/-]\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_AMOUNT = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(?:\.\d{1,2})?"
_SUM = re.compile(
    rf"(?:£|\bGBP)\s?(?P<sum>{_AMOUNT})|\b(?P<pounds>{_AMOUNT})\s(?:pounds|punt|o\sbunnoedd)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?<![\w/-])(?=[\w/-]{0,20}\d)(?=[\w/-]{0,20}[^\W\d_])\w{1,20}(?:[/-]\w{1,20}){1,5}(?![\w/-])")
_NUMBER = re.compile(r"(?<![\w£/.,-])\d{3,15}(?![\w/-]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-z,;:] )[^\W\d_a-z][\w'\u2019]{1,30}(?:[ -][^\W\d_a-z][\w'\u2019]{1,30}){0,3}")
_ALWAYS_CAPITAL = frozenset(
    {
        *("i", "i'm", "i've", "i'll", "i'd", "council", "sir", "madam", "mr", "mrs", "ms"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *_NUMBER_OF,
    }
)


def mentions(text: str, attachments: Iterable[str] = ()) -> tuple[Mention, ...]:
    """Everything mentioned, each once, in the order of the kinds; `attachments` are names of files."""
    found: dict[str, Mention] = {}
    for mention in islice((*_dates(text), *_sums(text), *_others(text), *_attached(attachments)), _MOST):
        found.setdefault(mention.key, mention)
    return tuple(found.values())


def _dates(text: str) -> Iterator[Mention]:
    for match in _DATE.finditer(text):
        parts = {name.partition("_")[0]: value for name, value in match.groupdict().items() if value is not None}
        month = _NUMBER_OF.get(parts["month"].lower()) or int(parts["month"])
        year = parts.get("year", "")
        century = f"20{year}" if len(year) == len("25") else year
        yield _mention(MentionKind.DATE, match, f"{century}-{month}-{int(parts['day'])}")


def _sums(text: str) -> Iterator[Mention]:
    for match in _SUM.finditer(text):
        amount = (match["sum"] or match["pounds"]).replace(",", "")
        whole, _, pence = amount.partition(".")
        yield _mention(MentionKind.SUM, match, f"{int(whole)}.{pence:0<2}")


def _others(text: str) -> Iterator[Mention]:
    rest = _SUM.sub(" ", _DATE.sub(" ", text))
    for match in _REFERENCE.finditer(rest):
        yield _mention(MentionKind.REFERENCE, match, re.sub(r"[\W_]", "", match[0]))
    for match in _NUMBER.finditer(rest):
        yield _mention(MentionKind.NUMBER, match, match[0])
    for match in _NAME.finditer(_REFERENCE.sub(" ", rest)):
        if match[0][0].isupper() and match[0].casefold() not in _ALWAYS_CAPITAL:
            yield _mention(MentionKind.NAME, match, match[0])


def _attached(names: Iterable[str]) -> Iterator[Mention]:
    for name in names:
        yield Mention(kind=MentionKind.ATTACHMENT, words=name or "unnamed", key=f"attachment:{name.casefold()}")


def _mention(kind: MentionKind, match: re.Match[str], key: str) -> Mention:
    return Mention(kind=kind, words=" ".join(match[0].split()), key=f"{kind}:{key.casefold()}")
