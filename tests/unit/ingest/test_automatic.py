import pytest

from ingest.automatic import sent_to_many
from ingest.headers import scan
from ingest.message import MessageKind
from ingest.parse import read


def kind(block: str, text: str = "hello") -> MessageKind:
    return read(f"{block}\n\n{text}".encode()).kind


ANSWERS = "In-Reply-To: <1@council.example>"
RULE = "X-MS-Exchange-Inbox-Rules-Loop"
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
        pytest.param(f"From: a@mail.example\nSubject: Automatic reply: your case\n{ANSWERS}", id="Outlook"),
        pytest.param(f"From: a@mail.example\nSubject: Ateb awtomatig: eich achos\n{ANSWERS}", id="Outlook in Welsh"),
        pytest.param(f"From: a@mail.example\nSubject: Out of office\n{ANSWERS}", id="a phrase alone"),
        pytest.param(f"From: a@mail.example\nSubject: Out of Office AutoReply: bins\n{ANSWERS}", id="Exchange"),
        pytest.param(f"From: a@mail.example\nSubject: I'm on annual leave!\n{ANSWERS}", id="in somebody's words"),
        pytest.param("From: a@mail.example\nSubject: Vacation\nReferences: <1@council.example>", id="references"),
        pytest.param("From: a@mail.example\nSubject: Away from my mail\nPrecedence: bulk", id="Unix"),
        pytest.param(
            "From: a@mail.example\nSubject: Auto reply\nX-Auto-Response-Suppress: All", id="no answers, please"
        ),
        pytest.param(f"From: A <a@mail.example>\n{RULE}: A@mail.example", id="an author's own rule"),
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
        pytest.param(f"From: ann@mail.example\n{RULE}: n@mail.example", id="passed on by a rule"),
        pytest.param(f"From: ann@mail.example\n{RULE}: b@council.example\n{ANSWERS}", id="passed on by another's rule"),
        pytest.param("From: ann@mail.example\nPrecedence: bulk", id="sent in bulk, but by whom?"),
        pytest.param("From: postmaster@mail.example\nSubject: Our bins", id="a postmaster is a person"),
    ],
)
def test_a_person_is_no_machine(block: str) -> None:
    assert kind(block) is MessageKind.NORMAL


@pytest.mark.parametrize(
    "subject",
    [
        "Vacation of 3 Example Road on Friday",
        "I am away from Monday, please ring me",
        "I'm on leave so call me Monday",
        "Automatic response barrier broken",
        "Automatic reply from your switchboard",
        "Out of office hours noise at the club",
        "Out of the office hours noise from the club",
        "Vacation (3 Example Road)",
        "I am away. Please ring me",
    ],
)
def test_nobody_is_a_machine_by_how_a_subject_begins(subject: str) -> None:
    assert kind(f"From: ann@mail.example\nSubject: {subject}") is MessageKind.NORMAL
    assert kind(f"From: ann@mail.example\nSubject: {subject}\n{ANSWERS}") is MessageKind.NORMAL


@pytest.mark.parametrize("subject", ["Out of office", "Automatic reply: my case", "Vacation"])
def test_nobody_is_a_machine_by_a_subject_alone(subject: str) -> None:
    assert kind(f"From: ann@mail.example\nSubject: {subject}") is MessageKind.NORMAL


@pytest.mark.parametrize(
    ("block", "to_many"),
    [
        pytest.param("List-Id: <bins.lists.example>", True, id="a list"),
        pytest.param("List-Unsubscribe: <mailto:off@lists.example>", True, id="a list that names itself nowhere else"),
        pytest.param("Precedence: LIST", True, id="an older list"),
        pytest.param("Precedence: bulk", True, id="bulk"),
        pytest.param("Precedence: first-class", False, id="a letter"),
        pytest.param("X-List: of my complaints", False, id="a list of another kind"),
    ],
)
def test_knows_what_was_sent_to_many(block: str, to_many: bool) -> None:  # noqa: FBT001 - what the case comes to
    assert sent_to_many(scan(f"From: ann@mail.example\n{block}\n\nhello".encode())) is to_many
