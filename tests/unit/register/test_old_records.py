"""What was once recorded can always be read again, with its digest, whatever is asked of those who record now.

`records.jsonl` holds records of every kind as the database keeps them, each as it was first written. It is append-only:
no line is ever changed or taken away, because some council's register may hold its like. Where a kind, a field or a
rule changes, lines of the new form are added at the end. Everything in it is invented.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from core.db import Database
from policies.vocabulary import LetterKind, RestrictionKind
from register import case_store
from register.audit import digest
from register.casework.case import CaseEvent
from register.casework.facts import Fact
from register.casework.steps import Step
from register.records import (
    RecordRefusedError,
    canonical,
    record_as_data,
    record_from,
    recorded,
    terms_as_data,
    terms_from,
)
from tests.builders import declared_tables
from tests.desks import HEAD

LINES = Path(__file__).with_name("records.jsonl").read_bytes().splitlines()
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

Data = dict[str, Any]

TERMS: list[Data] = [measure["terms"] for line in LINES for measure in json.loads(line).get("measures", ())]


def _named(line: bytes) -> str:
    return f"{LINES.index(line) + 1}-{json.loads(line)['kind']}"


def _filled(data: Any) -> Any:  # noqa: ANN401 - JSON is any shape
    """Without what is empty: a field that came later is empty in what was recorded before."""
    if isinstance(data, dict):
        return {key: _filled(value) for key, value in data.items() if value not in (None, "", [], {})}
    return [_filled(value) for value in data] if isinstance(data, list) else data


@pytest.mark.parametrize("line", LINES, ids=_named)
def test_what_was_recorded_is_read_back_as_it_was(line: bytes) -> None:
    data = json.loads(line)

    assert _filled(record_as_data(recorded(data))) == _filled(data)


@pytest.mark.parametrize("line", LINES, ids=_named)
def test_a_field_that_came_later_changes_no_digest(line: bytes) -> None:
    data = json.loads(line)
    sparse = json.dumps(_filled(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    assert canonical(recorded(data)) == sparse


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms["kind"])
def test_the_terms_of_a_restriction_are_read_back_as_they_were(terms: Data) -> None:
    assert terms_as_data(terms_from(terms)) == terms


def test_there_are_two_records_of_every_kind() -> None:
    found = Counter(type(recorded(json.loads(line))) for line in LINES)

    assert [kind.__name__ for kind in (*get_args(Fact), *get_args(Step)) if found[kind] < 2] == []


def test_there_are_two_of_every_kind_of_restriction() -> None:
    found = Counter(terms["kind"] for terms in TERMS)

    assert [kind for kind in RestrictionKind if found[kind] < 2] == []


def test_there_are_two_of_every_letter() -> None:
    letters = [data for data in map(json.loads, LINES) if data["kind"] == "letter"]
    found = Counter(data["letter"] for data in letters)

    assert [kind for kind in LetterKind if found[kind] < 2] == []


def test_a_case_from_before_a_rule_is_read_from_the_database_with_the_digest_it_had() -> None:
    old = recorded({"kind": "person", "name": "Sam\nSpecimen"})
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    with database.transaction() as session:
        ref = case_store.open_case(session, None, now=NOON).ref
        by = HEAD.signature()
        case_store.append(session, ref, [CaseEvent(number=1, at=NOON, by=by, policy="001", record=old)])

    with database.transaction() as session:
        case = case_store.case(session, ref)

    assert case is not None
    assert case.name == "Sam\nSpecimen"
    assert digest(b"salt" * 8, canonical(case.events[0].record)) == digest(b"salt" * 8, canonical(old))
    database.dispose()


INCIDENT = {"at": "2026-01-05T09:00:00Z", "channel": "email", "categories": ["volume"], "account": "Forty letters."}

NO_LONGER_WRITTEN: dict[str, Data] = {
    "a name of two lines": {"kind": "person", "name": "Sam\nSpecimen"},
    "a name without a letter": {"kind": "person", "name": ""},
    "a name without an end": {"kind": "person", "name": "N" * 301},
    "an account without an end": {"kind": "incident", **INCIDENT, "account": "x" * 20_001},
    "a day of another century": {"kind": "activation", "commences_at": "1812-01-01T00:00:00Z"},
    "a postcode of another country": {"kind": "property", "address": "1 Rue", "postcode": "75001"},
    "an address that is none": {"kind": "representative", "name": "R", "capacity": "other", "addresses": ["at home"]},
    "a number of a property that is none": {"kind": "property", "address": "1", "postcode": "ZZ1 1ZZ", "uprn": "?"},
}


@pytest.mark.parametrize("data", NO_LONGER_WRITTEN.values(), ids=NO_LONGER_WRITTEN)
def test_a_rule_for_what_people_write_is_none_for_what_stands_in_the_register(data: Data) -> None:
    with pytest.raises(RecordRefusedError):
        record_from(data)

    assert data.items() <= record_as_data(recorded(data)).items()


NEVER_A_RECORD: dict[str, Data] = {
    "an unknown kind": {"kind": "rumour"},
    "a field missing": {"kind": "person"},
    "a field nobody knows": {"kind": "person", "name": "Sam", "age": 9},
    "a number for a name": {"kind": "person", "name": 9},
    "words for a day": {"kind": "activation", "commences_at": "soon"},
}


@pytest.mark.parametrize("data", NEVER_A_RECORD.values(), ids=NEVER_A_RECORD)
def test_what_has_another_shape_never_was_a_record(data: Data) -> None:
    with pytest.raises(RecordRefusedError):
        recorded(data)
