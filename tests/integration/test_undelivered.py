"""Diverted mail that its point of contact cannot get: it stays in its inbox, and a person is told why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from routing.action import ReviewKind
from tests.builders import SPOC, a_database, a_restriction, an_entry, raw_mail
from tests.council import PLANNING, Council
from tests.servers import Dovecot, SmtpSink

ANNS = raw_mail()
FORTY_MEGABYTES = raw_mail(body=b"A photograph, in a manner of speaking.\r\n" * 1_050_000)

pytestmark = pytest.mark.dovecot


@pytest.fixture
def council(dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    council = Council(dovecot, smtp_sink, a_database(tmp_path))
    council.data["pace"] = {"shunt_after": 2}
    council.data["smtp"]["sender"] = PLANNING
    council.registers(an_entry(a_restriction()))
    yield council
    council.close()


def _question(council: Council) -> str:
    ((_, question),) = council.open_items(ReviewKind.SHUNTED)
    return question


@pytest.mark.parametrize("code", [550, 552, 452, 451])
def test_a_point_of_contact_that_takes_no_mail_or_whose_mailbox_is_full(council: Council, code: int) -> None:
    council.receives(ANNS)
    council.sink.refuse(SPOC, code)

    council.sweeps(times=3)

    assert f"{code} {code // 100}.1.0 refused as told" in _question(council)
    assert (council.folder(), council.folder("Diverted"), council.sink.accepted) == ([ANNS], [], [])
    assert council.dispositions() == [None]


@pytest.mark.parametrize("answer", ["550 5.7.1 it looks like a nuisance", "552 5.3.4 message too large"])
def test_a_relay_that_refuses_a_letter_once_it_has_it_all(council: Council, answer: str) -> None:
    council.receives(ANNS)
    council.sink.refuse_content(answer, times=2)

    council.sweeps(times=2)
    asked = _question(council)
    council.waits()
    council.sweeps()

    assert answer in asked
    assert (len(council.sink.accepted), council.folder("Diverted"), council.asks()) == (1, [ANNS], [])


def test_a_message_of_forty_megabytes_that_the_relay_takes_no_letters_for(council: Council) -> None:
    council.sink.options["data_size_limit"] = 10_000_000
    council.receives(FORTY_MEGABYTES, ANNS)

    council.sweeps(times=3)

    assert "and the relay takes no more than 10,000,000" in _question(council)
    assert (council.folder() == [FORTY_MEGABYTES], council.folder("Diverted")) == (True, [ANNS])
    assert council.dispositions() == [None, "redirected"]
    assert len(council.sink.mailed) == 1


def test_a_letter_that_comes_back_after_the_relay_took_it_is_asked_about(council: Council) -> None:
    council.receives(ANNS)
    council.sweeps(times=2)
    (sent,) = council.sink.accepted

    council.receives(_returned(sent.raw))
    council.sweeps()

    ((_, question),) = council.open_items(ReviewKind.UNDELIVERED)
    assert sent.sender == PLANNING
    assert question.startswith(f"M1 did not reach {SPOC}: 552 5.2.2 mailbox full. Release it")


def _returned(letter: bytes) -> bytes:
    report = (
        "Return-Path: <>\r\nFrom: mailer-daemon@mx.example\r\nTo: planning@council.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {SPOC}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
    )
    return report.encode() + letter.partition(b"\r\n\r\n")[0] + b"\r\n\r\n--b--\r\n"
