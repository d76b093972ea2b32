"""Our own letters and samples, plainly invented, that lie in `corpus`: what teaches, and what is kept to measure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

CORPUS: Final = Path(__file__).parent / "corpus"

HEAD_OF_KIND: Final[Mapping[str, str]] = MappingProxyType(
    {
        "threat": "threat",
        "threat-explicit": "threat",
        "threat-conditional": "threat",
        "threat-veiled": "threat",
        "veiled": "threat",
        "welsh-threat": "threat",
        "insult": "insult",
        "abuse": "insult",
        "verbal-abuse": "insult",
        "verbal_abuse": "insult",
        "derogatory": "insult",
        "derogatory-contempt": "insult",
        "welsh": "insult",
        "welsh-abuse": "insult",
        "hate": "hate",
        "harassment": "harassment",
        "stalking-doxxing": "harassment",
        "sexual-harassment": "harassment",
    }
)
"""Which head learns from what our letters and the sources call by their own names."""


class Part(StrEnum):
    """What a near-duplicate cluster is for. A cluster is never on two sides."""

    TEACH = "teach"
    CALIBRATE = "calibrate"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled text. `kind` is the source's own word for what it is.

    `concern` is the danger it tells of, if any, or "unjudged" where nobody looked for one; `characteristic` the one it
    names, where that is what it is kept for; `pair` what it shares with its twin.
    """

    text: str
    abusive: bool
    kind: str
    source: str
    part: Part
    concern: str = ""
    language: str = "en"
    characteristic: str = ""
    pair: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernLetter:
    """A letter that claims or tells of what `kind` says, or is `innocent` and only looks like it.

    What is `kept` never teaches.
    """

    id: str
    text: str
    kind: str
    form: str
    lang: str
    innocent: bool
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A short text and the language it is in (ISO 639-1)."""

    text: str
    language: str
    part: Part


def read_corpus(folder: Path = CORPUS) -> list[Example]:
    """Our own sentences: three quarters teach, the rest is kept aside and tests."""
    return [
        Example(
            text=row["text"],
            abusive=row["abusive"],
            kind=row["kind"],
            source="own",
            part=Part.TEST if row["aside"] else Part.TEACH,
            concern=row.get("concern") or "",
            language=row.get("lang") or "en",
            pair=f"{path.stem} {row['pair']}" if row.get("pair") else "",
        )
        for path in sorted(folder.glob("*.jsonl"))
        for row in json_lines(path)
    ]


def read_gates(folder: Path = CORPUS) -> list[Example]:
    """Our own innocent letters that look like abuse, by what they are; they never teach."""
    return [
        Example(
            text=row["text"],
            abusive=False,
            kind=row["group"],
            source="gates",
            part=Part.TEST,
            language=row["lang"],
            characteristic=row.get("characteristic") or "",
        )
        for path in sorted((folder / "gates").glob("*.jsonl"))
        for row in json_lines(path)
    ]


def read_samples(folder: Path = CORPUS) -> list[Sample]:
    """Our own samples of languages: two thirds teach, the rest tests."""
    return [
        Sample(text=row["text"], language=row["lang"], part=Part.TEST if row["aside"] else Part.TEACH)
        for path in sorted((folder / "languages").glob("*.jsonl"))
        for row in json_lines(path)
    ]


def read_concerns(folder: Path = CORPUS) -> list[ConcernLetter]:
    """Our own letters, in `concerns` there, that claim rights or tell of dangers, and those that look alike."""
    return [
        ConcernLetter(
            id=row["id"],
            text=row["own"],
            kind=row["kind"],
            form=row["form"],
            lang=row["lang"],
            innocent=path.stem.endswith("look_alikes"),
            kept=row["kept"],
        )
        for path in sorted((folder / "concerns").glob("*.jsonl"))
        for row in json_lines(path)
    ]


def only(examples: Iterable[Example], part: Part) -> list[Example]:
    """Return those of `examples` that belong to `part`."""
    return [example for example in examples if example.part is part]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Each line of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
