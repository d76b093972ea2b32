"""The data folder: what is in it, which part of it may teach, which may only test, and a hash of each file."""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pyarrow import parquet

DEV: Final = "dev.parquet"
TEMPLATES: Final = "identity_templates.csv.gz"
COUNCIL: Final = "council_examples.jsonl"
IDENTITY: Final = "identity_council.jsonl"
CORPUS: Final = Path(__file__).parent / "corpus"
SERVICE_MAIL: Final = frozenset({"nhs_fft_phase1", "nhs_fft_v6", "banking77", "spamassassin_ham", "politeness2013"})
"""Ordinary and angry messages to a service: what the false flags are counted on."""

WELSH: Final = "welsh_cc0"


class Part(StrEnum):
    """What a near-duplicate cluster is for. A cluster is never on two sides."""

    TEACH = "teach"
    CALIBRATE = "calibrate"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled text. `kind` is the source's own word for what it is; `concern` the danger it tells of, if any."""

    text: str
    abusive: bool
    kind: str
    source: str
    part: Part
    concern: str = ""


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


class DataFolderError(Exception):
    """The data folder lacks a file that training or evaluation needs."""

    def __init__(self, path: Path) -> None:
        """Name the file that is not there."""
        super().__init__(f"{path} does not exist: give the folder that holds {DEV}, {TEMPLATES}, {COUNCIL}, {IDENTITY}")


def part_of(cluster: int) -> Part:
    """One tenth tests, one tenth calibrates, the rest teaches; fixed for ever by the cluster's number."""
    tenth = hashlib.sha256(str(cluster).encode()).digest()[0] % 10
    return (Part.TEST, Part.CALIBRATE)[tenth] if tenth < len(Part) - 1 else Part.TEACH


def read_dev(data: Path) -> list[Example]:
    """Every row of the development set but those whose label means nothing ("unlabelled")."""
    table = parquet.read_table(_existing(data / DEV)).to_pydict()
    columns = zip(table["text"], table["label"], table["kind"], table["source"], table["cluster"], strict=True)
    return [
        Example(text=text, abusive=bool(label), kind=kind, source=source, part=part_of(cluster))
        for text, label, kind, source, cluster in columns
        if kind != "unlabelled"
    ]


def read_templates(data: Path) -> list[Example]:
    """Template sentences that name identities, half of them hostile."""
    with gzip.open(_existing(data / TEMPLATES), "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return [
        Example(text=row[0], abusive=row[1] == "1", kind="template", source="templates", part=Part.TEACH)
        for row in rows
    ]


def read_council(data: Path) -> list[Example]:
    """The hand-written council e-mails. They only ever test."""
    return [
        Example(text=row["text"], abusive=row["abusive"], kind=_council_kind(row), source="council", part=Part.TEST)
        for row in _json_lines(_existing(data / COUNCIL))
    ]


def read_identity(data: Path) -> list[Example]:
    """Neutral sentences that name a protected characteristic; `kind` is the group. They only ever test."""
    return [
        Example(text=row["text"], abusive=row["abusive"], kind=row["group"], source="identity", part=Part.TEST)
        for row in _json_lines(_existing(data / IDENTITY))
    ]


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
        )
        for path in sorted(folder.glob("*.jsonl"))
        for row in _json_lines(path)
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
        for row in _json_lines(path)
    ]


def hashes_of(data: Path, corpus: Path = CORPUS) -> dict[str, str]:
    """SHA-256 of each file that training reads, by name."""
    paths = (data / DEV, data / TEMPLATES, *sorted(corpus.rglob("*.json*")))
    return {path.name: hashlib.sha256(_existing(path).read_bytes()).hexdigest() for path in paths}


def only(examples: Iterable[Example], part: Part) -> list[Example]:
    """Return those of `examples` that belong to `part`."""
    return [example for example in examples if example.part is part]


def _council_kind(row: dict[str, Any]) -> str:
    """Group rows by the label of an abusive text and by the note, to its first comma, of any other."""
    note = str(row["note"]).split(",")[0]
    return f"{row['kind']} ({note})" if row["abusive"] else note


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise DataFolderError(path)
    return path
