import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.headers import ADDRESS_LIMIT, FIELD_LIMIT, PREFIX, header_block, scan

LETTER = b"From: ann@mail.example\r\nSubject: Bins\r\nTo: waste@council.example\r\n\r\nFrom: not a header\r\n"


def test_reads_each_field_once_with_its_name_in_lower_case() -> None:
    headers = scan(LETTER)

    assert [name for name, _ in headers.fields] == ["from", "subject", "to"]
    assert headers.text("subject") == "Bins"
    assert LETTER[headers.body_start :] == b"From: not a header\r\n"
    assert headers.anomalies == ()


def test_keeps_every_occurrence_of_a_field_in_order() -> None:
    headers = scan(b"Received: two\nReceived: one\n\n")

    assert [value.strip() for value in headers.every("received")] == ["two", "one"]


def test_unfolds_a_folded_value() -> None:
    assert scan(b"Subject: missed\r\n again\r\n\tand again\r\n\r\n").text("subject") == "missed again\tand again"


def test_reads_text_that_is_utf_8_and_text_that_is_not() -> None:
    headers = scan("Subject: Sgwâr\nComments: ".encode() + b"caf\xe9\n\n")

    assert headers.text("subject") == "Sgwâr"
    assert headers.text("comments") == "café"


@pytest.mark.parametrize(
    ("raw", "anomaly"),
    [
        pytest.param(b"From : a@x.example\nTo: b@x.example\n\n", "space-before-colon", id="space"),
        pytest.param(b"From\r\n : a@x.example\r\nTo: b@x.example\r\n\r\n", "space-before-colon", id="fold"),
        pytest.param(b" From: a@x.example\nTo: b@x.example\n\n", "indented-first-header", id="indented"),
        pytest.param(b"From: a@x.example\nFrom: b@x.example\n\n", "several-from-headers", id="two authors"),
        pytest.param(b"From: a\0@x.example\n\n", "nul-in-from", id="nul"),
        pytest.param(b"From: a@x.example\rBcc: b@x.example\n\n", "bare-carriage-return-in-from", id="carriage return"),
        pytest.param(b"Subject: x\nwhat is this\nFrom: a@x.example\n\n", "junk-in-header-block", id="junk"),
        pytest.param(b"From: " + b"a" * ADDRESS_LIMIT + b"\n\n", "oversized-from", id="oversized"),
        pytest.param(b"From: a@x.example\n" + b"X: y\n" * PREFIX, "header-block-incomplete", id="cut"),
    ],
)
def test_tells_why_readers_could_see_different_authors(raw: bytes, anomaly: str) -> None:
    assert anomaly in scan(raw).anomalies


@pytest.mark.parametrize("name", ["From ", "From\r\n "], ids=["space", "fold"])
def test_sees_an_author_that_other_readers_overlook(name: str) -> None:
    headers = scan(f"{name}: ann@mail.example\r\nTo: bins@council.example\r\n\r\n".encode())

    assert headers.text("from") == "ann@mail.example"
    assert headers.text("to") == "bins@council.example"


@pytest.mark.parametrize("opening", [b"From ann Mon Nov  3 10:00:00 2025\n", b"\r\n", b"\xef\xbb\xbf"])
def test_passes_over_what_stands_before_the_first_field(opening: bytes) -> None:
    headers = scan(opening + b"From: ann@mail.example\n\nhello")

    assert headers.text("from") == "ann@mail.example"
    assert headers.anomalies == ()


def test_starts_the_body_at_its_first_line_where_the_blank_line_is_missing() -> None:
    raw = b"From: ann@mail.example\nSubject: x\nYou never reply.\nNote: at all\n\nAnn"
    headers = scan(raw)

    assert raw[headers.body_start :] == b"You never reply.\nNote: at all\n\nAnn"
    assert headers.anomalies == ()


def test_finds_the_author_behind_a_thousand_other_fields() -> None:
    headers = scan(b"X-Filler: y\n" * (FIELD_LIMIT + 5) + b"X-Last: z\nFrom: ann@mail.example\n\n")

    assert headers.text("from") == "ann@mail.example"
    assert headers.first("x-last") is None


def test_finds_the_author_behind_more_header_than_is_read_in_full() -> None:
    headers = scan(b"X-Filler: " + b"y" * 300_000 + b"\nFrom: ann@mail.example\n\nhello")

    assert headers.text("from") == "ann@mail.example"


def test_the_header_block_ends_with_its_blank_line() -> None:
    assert header_block(LETTER) == LETTER.partition(b"From: not")[0]
    assert header_block(b"From: a@x.example\n\nbody\n\n") == b"From: a@x.example\n\n"
    assert header_block(b"\r\nbody") == b"\r\n"


@given(st.binary())
def test_the_header_block_is_always_how_the_message_starts(raw: bytes) -> None:
    assert raw.startswith(header_block(raw))


@given(st.binary())
def test_any_bytes_have_a_header_block_that_ends_within_them(raw: bytes) -> None:
    assert 0 <= scan(raw).body_start <= len(raw)


@given(
    st.lists(st.sampled_from([b"From", b"X", b":", b" ", b"\r", b"\n", b"\0", b"a@x.example", b"\xff"])).map(b"".join)
)
def test_malformed_blocks_never_stop_the_scanner(raw: bytes) -> None:
    assert 0 <= scan(raw).body_start <= len(raw)
