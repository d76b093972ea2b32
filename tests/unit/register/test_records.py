"""Records to and from data: what is written can be read again, equal and with the same digest."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.casework import facts, steps
from register.casework.facts import Incident
from register.casework.steps import Activation
from register.reading import UnknownKindError, described, records_from_fields, records_from_file
from register.records import (
    RecordRefusedError,
    canonical,
    record_as_data,
    record_from,
    terms_as_data,
    terms_from,
)
from register.restrictions import Terms
from tests.unit.register.casework.strategies import KINDS, TERMS

CALL = {
    "kind": "incident",
    "at": "2026-01-05 09:00",
    "channel": "telephone",
    "categories": ["x"],
    "account": "Shouted.",
}


def test_a_strategy_is_there_for_every_kind() -> None:
    assert set(KINDS) == {*get_args(facts.Fact), *get_args(steps.Step)}
    assert set(TERMS) == {*get_args(get_args(Terms)[0])}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_record_is_read_back_equal(kind: type, data: st.DataObject) -> None:
    record = data.draw(KINDS[kind])

    again = record_from(json.loads(json.dumps(record_as_data(record))))

    assert again == record
    assert canonical(again) == canonical(record)


@pytest.mark.parametrize("kind", TERMS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_terms_are_read_back_equal(kind: type, data: st.DataObject) -> None:
    terms = data.draw(TERMS[kind])

    assert terms_from(json.loads(json.dumps(terms_as_data(terms)))) == terms


@given(st.one_of(*KINDS.values()), st.one_of(*KINDS.values()))
def test_records_that_differ_are_written_differently(one: Any, other: Any) -> None:  # noqa: ANN401 - any record
    assert (canonical(one) == canonical(other)) == (one == other)


def test_a_postal_address_keeps_its_lines() -> None:
    fields = {"identifier": "post", "value": "1 Invented Row\nTestham\n", "source": "call", "since": "2026-01-05"}

    record = record_from({"kind": "identifier", **fields})

    assert record_as_data(record)["value"] == "1 Invented Row\nTestham"


def test_a_break_at_the_end_of_a_name_is_trimmed_like_any_space() -> None:
    assert record_as_data(record_from({"kind": "person", "name": " Sam Specimen\n"}))["name"] == "Sam Specimen"


def test_a_moment_without_a_zone_is_council_time() -> None:
    winter, summer = record_from(CALL), record_from({**CALL, "at": "2026-07-05 09:00"})

    assert isinstance(winter, Incident)
    assert isinstance(summer, Incident)
    assert winter.at == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert summer.at == datetime(2026, 7, 5, 8, 0, tzinfo=UTC)


def test_a_moment_of_the_hour_that_comes_twice_is_read_back_equal() -> None:
    record = record_from({"kind": "activation", "commences_at": "2026-10-25 01:30"})

    assert isinstance(record, Activation)
    assert record_from(record_as_data(record)) == record


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no kind": ({"name": "Sam"}, "kind"),
    "an unknown kind": ({"kind": "rumour"}, "rumour"),
    "a field missing": ({"kind": "person"}, "name: is required: add it"),
    "a field too many": (
        {"kind": "person", "name": "Sam", "age": 9},
        "age: is no field of this record: remove it or correct its name",
    ),
    "a bare number for a day": ({**CALL, "at": "20260105"}, "at: 20260105 is no date: write it as 2026-03-31"),
    "another for a moment": ({**CALL, "at": 1.5e9}, "at: 1500000000.0 is no date"),
    "a moment that is of another century elsewhere": (
        {**CALL, "at": "1900-01-01T00:00+14:00"},
        "at: 1899-12-31 is not between",
    ),
    "a moment too late elsewhere": ({**CALL, "at": "2098-12-31T23:00-05:00"}, "at: 2099-01-01 is not between"),
    "an empty name": ({"kind": "person", "name": "  "}, "name: String should have at least 1 character"),
    "a NUL": ({"kind": "person", "name": "Sam\0"}, "name: holds a NUL character: remove it"),
    "a name of two lines": (
        {"kind": "person", "name": "Sam\nSpecimen"},
        "name: holds a line break or control character (U+000A): write it as one line",
    ),
    "an alias with a tab": ({"kind": "person", "name": "Sam", "aliases": ["S.\tS."]}, "aliases.0: holds a line break"),
    "a name with a break of Unicode's own": ({"kind": "person", "name": "Sam\u2028Specimen"}, "(U+2028)"),
    "no address": ({"kind": "representative", "name": "R", "capacity": "mp", "addresses": ["x"]}, "capacity"),
    "a postcode that is none": ({"kind": "property", "address": "1 Row", "postcode": "12345"}, "postcode"),
    "a year that is mistyped": ({**CALL, "at": "0206-01-05 09:00"}, "at: 0206-01-05 is not between 1900-01-01 and"),
    "a year too far": ({"kind": "monitoring-extended", "until": "2206-01-05", "reason": "x"}, "correct the year"),
    "no time at all": ({"kind": "activation"}, "commences_at: is required"),
    "more hours than there are": ({**CALL, "hours": "nan"}, "hours"),
    "several mistakes": ({"kind": "person", "age": 9}, "name: is required: add it\nage: is no field"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_each_mistake_is_told_with_its_field(data: dict[str, Any], words: str) -> None:
    with pytest.raises(RecordRefusedError) as refused:
        record_from(data)

    for line in words.splitlines():
        assert line in str(refused.value)


TERMS_REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a window that ends before it begins": (
        {"kind": "contact-times", "windows": [{"day": "monday", "start": "12:00", "until": "10:00"}]},
        "a window ends after it begins",
    ),
    "no windows": ({"kind": "contact-times", "windows": []}, "windows"),
    "calls without a period": ({"kind": "telephone-limit", "calls": 2}, "per: a number of calls needs the period"),
    "no calls and no other way": ({"kind": "telephone-limit", "calls": 0}, "instead: who may not call must be told"),
    "a channel that cannot be the only one": (
        {"kind": "single-channel", "channel": "social-media", "notice_every": "30 days"},
        "channel",
    ),
    "a period that is none": ({"kind": "single-channel", "channel": "email", "notice_every": "often"}, "is no period"),
    "a person who is no address": ({"kind": "spoc-diversion", "spoc": "the office"}, "is no e-mail address"),
}


@pytest.mark.parametrize(("terms", "words"), TERMS_REFUSED.values(), ids=TERMS_REFUSED)
def test_terms_that_cannot_be_met_are_no_terms(terms: dict[str, Any], words: str) -> None:
    with pytest.raises(RecordRefusedError, match=words):
        record_from({"kind": "decision", "verdict": "amend", "reasons": "x", "measures": [{"terms": terms}]})


def test_a_record_is_read_from_words() -> None:
    fields = ["kind=identifier", "identifier=telephone", "value=07700 900123", "source=call", "since=2026-01-05"]

    (record,) = records_from_fields(fields)

    assert record_as_data(record)["value"] == "07700 900123"


def test_a_part_and_a_list_are_read_from_words() -> None:
    fields = [
        *("kind=letter", "letter=decision", "on=2026-01-05", "channel=letter", "languages=[en, cy]"),
        *("parts.reasons=It went on: for weeks.", "parts_cy={reasons: Aeth ymlaen.}"),
    ]

    (record,) = records_from_fields(fields)

    data = record_as_data(record)
    assert data["languages"] == ["en", "cy"]
    assert data["parts"] == {"reasons": "It went on: for weeks."}
    assert data["parts_cy"] == {"reasons": "Aeth ymlaen."}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        pytest.param("person", "write name=value", id="no value"),
        pytest.param("languages=[en", "is no YAML", id="no YAML"),
        pytest.param("languages=" + "[" * 3000, "too many lists", id="endless lists"),
        pytest.param('languages=["\\UFFFFFFFF"]', "no such date or character", id="an impossible character"),
        pytest.param("parts=x", "parts", id="no mapping"),
    ],
)
def test_words_that_are_no_field_are_told(field: str, words: str) -> None:
    letter = ["kind=letter", "letter=decision", "on=2026-01-05", "channel=letter", "languages=[en]"]

    with pytest.raises(RecordRefusedError, match=words):
        records_from_fields([*letter, field])


def test_a_field_below_one_that_has_a_value_is_told() -> None:
    with pytest.raises(RecordRefusedError, match="parts"):
        records_from_fields(["kind=letter", "parts=x", "parts.reasons=y"])


def test_records_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "records.yaml"
    path.write_text("- {kind: person, name: Sam Specimen}\n- {kind: closure, reason: Settled.}\n", "utf-8")

    assert [record.kind for record in records_from_file(path)] == ["person", "closure"]


FILES = {
    "nothing": ("[]", "records.yaml: holds no record"),
    "a list of words": ("- person", "record 1: a record is a mapping that begins with its kind"),
    "a mistake in the second": (
        "- {kind: closure, reason: x}\n- {kind: person}",
        "record 2 (person):\nname: is required",
    ),
    "no YAML": ("{kind: person", "records.yaml"),
    "one record of no kind": ("name: Sam", "record 1 (no kind)"),
}


@pytest.mark.parametrize(("text", "words"), FILES.values(), ids=FILES)
def test_a_mistake_in_a_file_is_told_with_its_record(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "records.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(RecordRefusedError) as refused:
        records_from_file(path)

    assert words in str(refused.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "records.yaml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(RecordRefusedError, match=r"records\.yaml"):
        records_from_file(path)


def test_every_kind_of_record_is_described() -> None:
    kinds = described(None)

    assert len(kinds) == len(KINDS)
    assert all(told["what"] for told in kinds)


@pytest.mark.parametrize("kind", [told["kind"] for told in described(None)])
def test_every_field_of_a_kind_is_described(kind: str) -> None:
    assert all(told["value"] for told in described(kind))


def test_an_unknown_kind_is_not_described() -> None:
    with pytest.raises(UnknownKindError, match="rumour is no kind of record: person, property"):
        described("rumour")
