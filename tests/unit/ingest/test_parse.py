import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.date_header import parse_date
from ingest.headers import PREFIX
from ingest.message import LONG_TEXT, Address, Attachment, AuthenticationResult, MessageKind
from ingest.parse import details, read

MAIL = (
    b"Return-Path: <ann@mail.example>\r\n"
    b"Received: from client.example by mx.council.example; Mon, 3 Nov 2025 10:00:00 +0000\r\n"
    b'From: "Ann Vexing" <ann@mail.example>\r\n'
    b"To: housing@council.example\r\n"
    b"Cc: Councillor <cllr@council.example>\r\n"
    b"Reply-To: <ann2@mail.example>\r\n"
    b"Subject: =?utf-8?q?Fy_nh=C5=B7?=\r\n"
    b"Message-ID: <1@mail.example>\r\n"
    b"In-Reply-To: <0@council.example>\r\n"
    b"Date: Mon, 3 Nov 2025 10:00:00 +0100\r\n"
    b"X-Council-Mailroom-Loop: token\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"\r\n"
    b"Where is my answer?\r\n"
)


def a_multipart(*parts: str, kind: str = "mixed") -> bytes:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"From: ann@mail.example\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n{body}--b--\r\n".encode()


def test_reads_what_a_decision_needs() -> None:
    message = read(MAIL)

    assert message.from_ == (Address(addr_spec="ann@mail.example", display_name="Ann Vexing"),)
    assert message.reply_to == (Address(addr_spec="ann2@mail.example"),)
    assert message.cc == (Address(addr_spec="cllr@council.example", display_name="Councillor"),)
    assert (message.return_path, message.subject, message.message_id) == (
        "ann@mail.example",
        "Fy nhŷ",
        "<1@mail.example>",
    )
    assert message.references == ("<0@council.example>",)
    assert message.date == datetime(2025, 11, 3, 10, tzinfo=timezone(timedelta(hours=1)))
    assert (message.loop_tokens, message.received_count) == (("token",), 1)
    assert message.kind is MessageKind.NORMAL
    assert message.authentication is AuthenticationResult.NONE
    assert (message.text, message.own_text) == ("Where is my answer?", "Where is my answer?")
    assert (message.suspect, message.degraded, message.attachments) == ((), (), ())


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_make_no_difference(line_end: str) -> None:
    assert read(MAIL.replace(b"\r\n", line_end.encode())) == read(MAIL)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        pytest.param("Subject: x", "no-author", id="no From"),
        pytest.param("From: undisclosed-recipients:;", "no-author", id="empty group"),
        pytest.param("From: a@x.example, b@x.example", "several-authors", id="two addresses"),
        pytest.param("From: a@x.example\nFrom: a@x.example", "several-from-headers", id="two fields"),
        pytest.param("From: a@x.example\rTo: b@x.example", "carriage-returns-only", id="carriage returns"),
    ],
)
def test_says_when_it_is_ambiguous_who_wrote_it(block: str, reason: str) -> None:
    separator = "\r\r" if "\r" in block else "\n\n"

    assert reason in read(f"{block}{separator}hello".encode()).suspect


def test_an_address_that_is_no_utf_8_is_suspect_but_a_name_is_not() -> None:
    assert "undecodable-address" in read(b"From: zoe@m\xfcller.example\n\nx").suspect
    assert read(b"From: Zo\xeb <zoe@mail.example>\n\nx").suspect == ()


def test_the_text_of_an_attached_letter_is_not_the_writers_own() -> None:
    message = read(
        a_multipart("\r\nSee this.", "Content-Type: message/rfc822\r\n\r\nFrom: bob@x.example\r\n\r\nYou fool.")
    )

    assert message.own_text == "See this."
    assert "You fool." in message.text
    assert message.from_ == (Address(addr_spec="ann@mail.example"),)
    assert message.attachments == (Attachment(filename="", content_type="message/rfc822"),)


def test_reads_an_attached_letter_that_was_encoded_against_the_standard() -> None:
    inner = base64.b64encode(b"From: bob@x.example\r\n\r\nYou fool.").decode()
    part = f"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{inner}"

    assert "You fool." in read(a_multipart("\r\nSee this.", part)).text


def test_of_two_versions_it_reads_the_plain_one() -> None:
    message = read(
        a_multipart("\r\nHello you", "Content-Type: text/html\r\n\r\n<p>Hello <b>you</b></p>", kind="alternative")
    )

    assert message.text == "Hello you"


@pytest.mark.parametrize("said", ["I am going to kill myself tonight.", "You fool.", "k\u200bill"])
def test_a_line_that_only_the_html_version_has_is_read_too(said: str) -> None:
    part = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello you</p><p>{said}</p>"
    message = read(a_multipart("\r\nHello you", part, kind="alternative"))

    assert message.text == f"Hello you\n\n{said}"


@pytest.mark.parametrize(
    ("subject", "new"),
    [
        ("You fools", "You fools\nThe roof leaks."),
        ("Re: You fools", "The roof leaks."),
        ("FW: You fools", "The roof leaks."),
        ("Ateb: Chi", "The roof leaks."),
        ("RE[2]: You fools", "The roof leaks."),
        ("Reports: the roof", "Reports: the roof\nThe roof leaks."),
        ("The Roof!", "The roof leaks."),
        ("", "The roof leaks."),
    ],
)
def test_the_subject_is_said_anew_unless_it_is_that_of_another_letter(subject: str, new: str) -> None:
    message = read(f"From: ann@mail.example\r\nSubject: {subject}\r\n\r\nThe roof leaks.".encode())

    assert message.new_words == new


def test_words_that_only_the_html_version_has_are_read_too() -> None:
    hidden = " ".join(f"word{number}" for number in range(40))
    message = read(a_multipart("\r\nHello", f"Content-Type: text/html\r\n\r\n<p>{hidden}</p>", kind="alternative"))

    assert "word39" in message.text


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        ('attachment; filename="plan.pdf"', "plan.pdf"),
        ("attachment; filename*=utf-8''cynllun%20t%C5%B7.pdf", "cynllun tŷ.pdf"),
        ("attachment; filename*0*=utf-8''t%C5%B7; filename*1=.pdf", "tŷ.pdf"),
        ("attachment; filename==?utf-8?q?t=C5=B7.pdf?=", "tŷ.pdf"),
        ('attachment; filename="gpj.\u202epdf"', "gpj.pdf"),
    ],
)
def test_names_attachments_as_people_may_see_them(disposition: str, filename: str) -> None:
    part = f"Content-Type: application/pdf\r\nContent-Disposition: {disposition}\r\n\r\nx"

    assert read(a_multipart("\r\nhello", part)).attachments == (
        Attachment(filename=filename, content_type="application/pdf"),
    )


def test_a_multipart_without_its_boundary_is_read_as_text() -> None:
    assert read(b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\nhello").text == "hello"


def test_a_body_cut_by_the_fetch_is_not_suspect() -> None:
    letter = base64.b64encode(b"A very long story. " * 9000)
    raw = b"From: ann@mail.example\r\nContent-Transfer-Encoding: base64\r\n\r\n" + letter
    message = read(raw[:PREFIX])

    assert message.text.startswith("A very long story. A very")
    assert message.suspect == ()
    assert message.degraded == (LONG_TEXT,)


def test_a_cut_attachment_does_not_degrade_the_text() -> None:
    part = "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + "QUJD" * PREFIX

    assert read(a_multipart("\r\nhello", part)[:PREFIX]).degraded == ()


def test_a_whole_message_is_not_taken_for_a_cut_one() -> None:
    letter = b"From: ann@mail.example\r\nContent-Type: text/html\r\n\r\n<p style=x>" + b"<b></b>" * PREFIX + b"hello"

    assert read(letter, whole=True).degraded == ()


def test_says_when_the_fetch_ended_before_any_text() -> None:
    part = "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + "QUJD" * PREFIX

    assert read(a_multipart(part, "\r\nhello")[:PREFIX]).degraded == ("text-not-reached",)


def test_parts_within_parts_end_somewhere() -> None:
    raw = "".join(f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n" for number in range(500))

    assert read(f"From: ann@mail.example\n{raw}".encode()).degraded == ("too-many-parts",)


@given(st.binary())
def test_any_bytes_are_read(raw: bytes) -> None:
    read(raw)


@given(st.integers(min_value=0, max_value=len(MAIL)))
def test_no_nul_reaches_whoever_stores_what_was_read(position: int) -> None:
    assert "\\x00" not in repr(read(MAIL[:position] + b"\0" + MAIL[position:]))


@given(st.integers(min_value=0, max_value=len(MAIL)))
def test_any_prefix_is_read(length: int) -> None:
    read(MAIL[:length])


@given(
    st.lists(
        st.sampled_from(
            [*MAIL.split(b"\r\n"), b"Content-Type: multipart/mixed; boundary=b", b"--b", b"--b--", b" ", b"\xff"]
        )
    )
)
def test_any_shuffling_of_lines_is_read(lines: list[bytes]) -> None:
    message = read(b"\r\n".join(lines), trusted_authserv_id="mx.council.example")

    assert message.suspect or message.from_


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("Mon, 3 Nov 2025 10:00:00 +0000", datetime(2025, 11, 3, 10, tzinfo=UTC), id="usual"),
        pytest.param("3 Nov 25 10:00 GMT", datetime(2025, 11, 3, 10, tzinfo=UTC), id="obsolete"),
        pytest.param("Mon, 03 Nov 2025 10:00:60 -0000", datetime(2025, 11, 3, 10, 0, 59, tzinfo=UTC), id="leap second"),
        pytest.param("31 Feb 2025 10:00:00 +0000", None, id="no such day"),
        pytest.param("3 Nov 2025 10:00:00 +9900", None, id="no such zone"),
        pytest.param("3 Foo 2025 10:00:00 +0000", None, id="no such month"),
        pytest.param("1" * 100_000, None, id="digits"),
        pytest.param("yesterday", None, id="words"),
    ],
)
def test_reads_the_senders_clock(value: str, moment: datetime | None) -> None:
    assert parse_date(value) == moment


@given(st.text())
def test_any_date_is_read(value: str) -> None:
    parse_date(value)


def test_the_details_of_a_message_name_its_attachments_by_their_content() -> None:
    part = "Content-Type: application/pdf; name=plan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD"
    (attachment,) = details(a_multipart("\r\nhello", part)).attachments

    assert (attachment.filename, attachment.size) == ("plan.pdf", 3)
    assert attachment.sha256 == "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78"


def test_the_details_of_a_message_tell_its_way_and_its_defects() -> None:
    found = details(MAIL)

    assert [(hop.from_host, hop.by_host, hop.at) for hop in found.hops] == [
        ("client.example", "mx.council.example", datetime(2025, 11, 3, 10, tzinfo=UTC))
    ]
    assert ("subject", "Fy nhŷ") in found.headers
    assert found.degraded == ()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(MAIL + b"\n" * 400_001, "too-long-for-library", id="lines"),
        pytest.param(b"From: " + b"," * 20_000 + b"\n\nx", "header-too-long-for-library", id="one header"),
        pytest.param(b"From: a@x.example\nX:" + b"\n y" * 400 + b"\n\nx", "header-too-long-for-library", id="folds"),
        pytest.param(MAIL + b"--b\n" * 2001, "too-many-parts-for-library", id="parts"),
    ],
)
def test_what_would_hang_the_library_is_not_shown_to_it(raw: bytes, reason: str) -> None:
    assert details(raw).degraded[-1] == reason


def test_a_failure_of_the_library_leaves_our_own_reading() -> None:
    never_opened = b"From: ann@mail.example\nReceived: from a by b; 3 Nov 2025 10:00:00 +0000\n"
    never_opened += b"Content-Type: multipart/mixed; boundary=b\n\nno boundary at all"
    found = details(never_opened)

    assert [hop.by_host for hop in found.hops] == ["b"]


@given(st.binary())
def test_any_bytes_have_details(raw: bytes) -> None:
    details(raw)
