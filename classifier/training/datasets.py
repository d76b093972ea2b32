"""The data folder: what is in it, which part of it may teach, which may only test, and a hash of each file."""

import csv
import gzip
import hashlib
from pathlib import Path
from typing import Any, Final

from pyarrow import parquet

from classifier.normalise import readable
from classifier.own_letters import CORPUS, Example, Part, json_lines

DEV: Final = "dev.parquet"
TEMPLATES: Final = "identity_templates.csv.gz"
COUNCIL: Final = "council_examples.jsonl"
IDENTITY: Final = "identity_council.jsonl"
SERVICE_MAIL: Final = frozenset({"nhs_fft_phase1", "nhs_fft_v6", "banking77", "spamassassin_ham", "politeness2013"})
"""Ordinary and angry messages to a service: what the false flags are counted on."""

SPOKEN_ABUSE: Final = frozenset({"convabuse", "wikitalk_cat", "wiki_toxicity_test", "jigsaw_sample", "civil_spans"})
"""Abuse of sources in which people speak to somebody."""

WELSH: Final = "welsh_cc0"


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
        Example(
            text=readable(text),
            abusive=bool(label),
            kind=kind,
            source=source,
            part=part_of(cluster),
            language="cy" if source == WELSH else "en",
        )
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
        Example(
            text=readable(row["text"]),
            abusive=row["abusive"],
            kind=_council_kind(row),
            source="council",
            part=Part.TEST,
        )
        for row in json_lines(_existing(data / COUNCIL))
    ]


def read_identity(data: Path) -> list[Example]:
    """Neutral sentences that name a protected characteristic; `kind` is the group. They only ever test."""
    return [
        Example(text=row["text"], abusive=row["abusive"], kind=row["group"], source="identity", part=Part.TEST)
        for row in json_lines(_existing(data / IDENTITY))
    ]


def hashes_of(data: Path, corpus: Path = CORPUS) -> dict[str, str]:
    """SHA-256 of each file that training reads, by name."""
    paths = (data / DEV, data / TEMPLATES, *sorted(corpus.rglob("*.json*")))
    return {path.name: hashlib.sha256(_existing(path).read_bytes()).hexdigest() for path in paths}


def _council_kind(row: dict[str, Any]) -> str:
    """Group rows by the label of an abusive text and by the note, to its first comma, of any other."""
    note = str(row["note"]).split(",")[0]
    return f"{row['kind']} ({note})" if row["abusive"] else note


def _existing(path: Path) -> Path:
    if not path.exists():
        raise DataFolderError(path)
    return path
