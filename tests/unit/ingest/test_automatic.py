import pytest

from ingest.message import MessageKind
from ingest.parse import read


def kind(block: str, text: str = "hello") -> MessageKind:
    return read(f"{block}\n\n{text}".encode()).kind


REPORT = "Content-Type: multipart/report; boundary=b; report-type="


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("From: MAILER-DAEMON@mail.example\nSubject: failure notice", id="daemon"),
        pytest.param("From: Mail Delivery System <x@mail.example>\nSubject: bins", id="daemon by name"),
        pytest.param("From: postmaster@mail.example\nSubject: Undeliverable: bins", id="postmaster"),
        pytest.param("Return-Path: <>\nFrom: a@mail.example\nSubject: Returned mail: see transcript", id="null sender"),
        pytest.param("From: a@mail.example\nX-Failed-Recipients: b@mail.example", id="Exim's field"),
        pytest.param(f"From: a@mail.example\n{REPORT}delivery-status", id="RFC 3464"),
    ],
)
def test_knows_a_bounce(block: str) -> None:
    assert kind(block) is MessageKind.BOUNCE


def test_knows_a_bounce_by_what_a_known_subject_says_below() -> None:
    block = "From: ndr@mail.example\nSubject: Delivery failure"

    assert kind(block, "550 5.1.1 user unknown") is MessageKind.BOUNCE


def test_knows_a_bounce_by_its_parts() -> None:
    parts = "--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n--b--\n"

    assert kind("From: a@mail.example\nContent-Type: multipart/mixed; boundary=b", parts) is MessageKind.BOUNCE


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("From: a@mail.example\nAuto-Submitted: auto-replied", id="RFC 3834"),
        pytest.param("From: a@mail.example\nAuto-Submitted: auto-generated (rule)", id="generated"),
        pytest.param("From: a@mail.example\nX-Autoreply: yes\nPrecedence: bulk", id="old vacation"),
        pytest.param("From: a@mail.example\nPrecedence: auto_reply", id="precedence"),
        pytest.param("From: a@mail.example\nSubject: Automatic reply: your case", id="Outlook"),
        pytest.param("From: a@mail.example\nSubject: Ateb awtomatig: eich achos", id="Outlook in Welsh"),
        pytest.param("From: a@mail.example\nX-MS-Exchange-Inbox-Rules-Loop: spoc@council.example", id="inbox rule"),
        pytest.param(f"From: a@mail.example\n{REPORT}disposition-notification", id="read receipt"),
    ],
)
def test_knows_an_automatic_reply(block: str) -> None:
    assert kind(block) is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    "block",
    [
        f"From: a@mail.example\n{REPORT}feedback-report",
        "From: a@mail.example\nSubject: complaint about message from 192.0.2.1",
    ],
)
def test_knows_a_feedback_report(block: str) -> None:
    assert kind(block) is MessageKind.FEEDBACK_REPORT


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("From: ann@mail.example\nSubject: Delivery failure of my green bin", id="a delivery that failed"),
        pytest.param("From: ann@mail.example\nSubject: FW: Undeliverable: my letter", id="a bounce handed on"),
        pytest.param("From: ann@mail.example\nSubject: Re: Automatic reply: my case", id="an answer to a machine"),
        pytest.param("From: ann@mail.example\nAuto-Submitted: no", id="not automatic, it says"),
        pytest.param("From: postmaster@mail.example\nSubject: Our bins", id="a postmaster is a person"),
    ],
)
def test_a_person_is_no_machine(block: str) -> None:
    assert kind(block) is MessageKind.NORMAL
