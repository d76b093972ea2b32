from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import read
from tests.builders import NOON, SPOC, raw_mail
from workers.letter import Diversion, LetterError, message_id, quotable, render

KEY = "0123456789abcdef0123456789abcdef01234567"
FIELDS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Council-Mailroom-Loop",
    "MIME-Version",
    "Content-Type",
]

DIVERSION = Diversion(
    key=KEY,
    message_ref="M7",
    sender="mailroom@council.example",
    domain="council.example",
    spoc=SPOC,
    mailbox="planning@council.example",
    subject="A street light",
    received_at=NOON,
    rendered_at=datetime(2026, 3, 4, 12, 1, tzinfo=UTC),
    reasons=("It comes from a recorded address.",),
    original=raw_mail(),
)


def _parsed(letter: bytes) -> EmailMessage:
    """The letter as another program reads it: the standard library's reader, which shares nothing with ours."""
    return message_from_bytes(letter, _class=EmailMessage, policy=policy.default)


def _attached(letter: bytes) -> bytes:
    """The original as a recipient saves it: taken from the bytes where it is message/rfc822, else decoded."""
    _explanation, original = _parsed(letter).iter_parts()
    if original.get_content_type() == "message/rfc822":
        part = letter.split(f"\r\n--mailroom-{KEY}".encode())[2]
        return part.split(b"\r\n\r\n", 1)[1]
    decoded = original.get_payload(decode=True)
    assert isinstance(decoded, bytes)
    return decoded


ORIGINALS = [
    pytest.param(raw_mail(), id="7-bit"),
    pytest.param(raw_mail(body="Mae'r golau wedi torri: ŵ ŷ £.\r\n"), id="8-bit"),
    pytest.param(raw_mail(body=b"caf\xe9 in no declared charset\r\n"), id="bytes that are no UTF-8"),
    pytest.param(raw_mail(body=b"before\0after\r\n"), id="NUL"),
    pytest.param(raw_mail(body=b"one\rtwo\r\n"), id="bare CR"),
    pytest.param(raw_mail(body=b"one\ntwo\r\n"), id="bare LF"),
    pytest.param(raw_mail().replace(b"\r\n", b"\n"), id="line feeds only"),
    pytest.param(raw_mail(body=b"x" * 998 + b"\r\n"), id="the longest line allowed"),
    pytest.param(raw_mail(body=b"x" * 999 + b"\r\n"), id="a line too long"),
    pytest.param(raw_mail(body=f"--mailroom-{KEY}\r\n\r\nforged\r\n--mailroom-{KEY}--\r\n"), id="our own boundary"),
    pytest.param(raw_mail(body=b"no line end at the end"), id="no last line end"),
    pytest.param(raw_mail(body=b""), id="no body"),
    pytest.param(raw_mail(body=b".\r\n..\r\n.\r\n"), id="lines of dots"),
    pytest.param(raw_mail(body=b"From somebody\r\n>From them\r\n"), id="lines that begin with From"),
    pytest.param(raw_mail(body=b"\r\n\r\n  \r\n"), id="empty lines at the end"),
    pytest.param(b"", id="nothing at all"),
    pytest.param(b"\r\n", id="one empty line"),
    pytest.param(b"no header, no colon", id="no message"),
    pytest.param(
        raw_mail(headers=[("Content-Type", 'multipart/mixed; boundary="b"')], body="--b\r\n\r\nx\r\n--b--\r\n"),
        id="multipart",
    ),
]


@pytest.mark.parametrize("original", ORIGINALS)
def test_the_original_arrives_byte_for_byte(original: bytes) -> None:
    letter = render(replace(DIVERSION, original=original))

    assert _attached(letter) == original


@settings(max_examples=200)
@given(st.binary(max_size=300) | st.text("ab\r\n.-:=\0", max_size=80).map(str.encode))
def test_any_original_arrives_byte_for_byte(original: bytes) -> None:
    letter = render(replace(DIVERSION, original=original))

    assert _attached(letter) == original


def test_ordinary_mail_is_attached_so_that_a_mail_program_shows_it() -> None:
    _explanation, original = _parsed(render(DIVERSION)).iter_parts()

    assert original.get_content_type() == "message/rfc822"
    assert original.get_filename() == "M7.eml"
    assert original.get_content()["Subject"] == "A street light"


def test_the_letter_is_the_councils_and_says_so() -> None:
    letter = _parsed(render(DIVERSION))

    assert letter.keys() == FIELDS
    assert letter["From"] == "Council Mailroom <mailroom@council.example>"
    assert letter["To"] == SPOC
    assert letter["Subject"] == "Diverted to you from planning@council.example: A street light"
    assert letter["Message-ID"] == f"<mailroom.{KEY}@council.example>" == message_id(KEY, "council.example")


@pytest.mark.requirement("3.1")
def test_the_letter_tells_the_spoc_when_the_council_received_the_original_and_why_it_came() -> None:
    explanation, _original = _parsed(render(DIVERSION)).iter_parts()

    text = explanation.get_content()
    assert "Reference: M7" in text
    assert "Received: 04 March 2026 12:00 UTC. Deadlines count from then" in text
    assert "  - It comes from a recorded address." in text
    assert text.startswith("You are the single point of contact for the writer")


@pytest.mark.requirement("1.35")
def test_a_team_is_told_that_a_right_is_claimed_and_by_when_an_answer_is_owed() -> None:
    clock = "Answer by 18 December 2026: 20 working days, Freedom of Information Act 2000 s.10."
    explanation, _original = _parsed(render(replace(DIVERSION, role="team", reasons=(clock,)))).iter_parts()

    text = explanation.get_content()
    assert "single point of contact" not in text
    assert "deal with it as with anybody's, by the day named below" in text
    assert f"  - {clock}" in text


def test_nobodys_machine_answers_the_letter() -> None:
    letter = _parsed(render(DIVERSION))

    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Auto-Response-Suppress"] == "All"


def test_our_own_letter_is_known_when_it_comes_back() -> None:
    assert read(render(DIVERSION)).loop_tokens == (KEY,)


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert render(DIVERSION) == render(DIVERSION)


# Subjects that try to become header fields of the letter.
INJECTIONS = [
    pytest.param("x\r\nBcc: everybody@council.example", id="CR LF"),
    pytest.param("x\nBcc: everybody@council.example", id="LF"),
    pytest.param("x\rBcc: everybody@council.example", id="CR"),
    pytest.param("x\r\n\r\nA body of its own", id="empty line"),
    pytest.param("x\x0bBcc: y\x0cBcc: z\x85Bcc: w\u2028Bcc: v\u2029Bcc: u", id="every other line end"),
    pytest.param("=?utf-8?q?x=0D=0ABcc:_everybody@council.example?=", id="encoded word"),
    pytest.param("ŵ" * 500 + "\r\nBcc: everybody@council.example", id="long and folded"),
    pytest.param("x" * 5000, id="long without a blank"),
    pytest.param(" \r\n ", id="blank"),
    pytest.param("\ud800", id="half a character"),
    pytest.param("\u202egnp.exe \u2066", id="direction characters"),
    pytest.param("\0\x1b[2J", id="control characters"),
]


@pytest.mark.parametrize("subject", INJECTIONS)
def test_no_subject_adds_a_header_field(subject: str) -> None:
    letter = _parsed(render(replace(DIVERSION, subject=subject)))

    assert letter.keys() == FIELDS
    assert letter["To"] == SPOC
    assert len(list(letter.iter_parts())) == 2


@pytest.mark.parametrize(
    "written", ["=?utf-8?q?x=0D=0ABcc:_all@council.example?=", "=?utf-8?b?eA0KQmNjOiBhbGxAY291bmNpbC5leGFtcGxl?="]
)
def test_no_encoded_subject_of_a_message_adds_a_header_field(written: str) -> None:
    original = raw_mail(subject=written)

    letter = _parsed(render(replace(DIVERSION, original=original, subject=read(original).subject)))

    assert letter.keys() == FIELDS


@settings(max_examples=200)
@given(st.text(max_size=120), st.lists(st.text(max_size=60), max_size=3))
def test_nothing_a_sender_writes_adds_a_header_field(subject: str, reasons: list[str]) -> None:
    rendered = render(replace(DIVERSION, subject=subject, reasons=tuple(reasons)))

    letter = _parsed(rendered)
    assert letter.keys() == FIELDS
    assert len(list(letter.iter_parts())) == 2
    head = rendered.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998


FORGED = "spoc@council.example\r\nBcc: everybody@council.example"


@pytest.mark.parametrize("diversion", [replace(DIVERSION, spoc=FORGED), replace(DIVERSION, sender=FORGED)])
def test_a_letter_that_would_carry_another_header_field_is_not_made(diversion: Diversion) -> None:
    with pytest.raises(LetterError, match="M7 would carry unexpected header fields"):
        render(diversion)


@given(st.text(max_size=400))
def test_what_is_quoted_stays_on_one_line(text: str) -> None:
    quoted = quotable(text)

    assert len(quoted.splitlines()) <= 1
    assert len(quoted) <= 200
