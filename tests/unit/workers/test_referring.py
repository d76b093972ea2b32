from collections.abc import Iterator

import pytest

from core.db import Database
from register import recording
from register.casework.steps import Referral
from register.recording import Recorded
from register.records import RecordRefusedError
from tests.builders import declared_tables, raw_mail
from tests.desks import GOVERNANCE, Register, a_desk
from workers.referring import NobodyError, refer

SAM = "Sam Specimen <sam@post.example>"


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _referred(register: Register, raw: bytes, account: str = "The fourth letter of this kind today.") -> Recorded:
    with register.database.transaction() as session:
        return refer(session, a_desk(GOVERNANCE), raw, account)


def _forwarding(raw: bytes) -> bytes:
    head = b"From: officer@council.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    words = b"--b\r\nContent-Type: text/plain\r\n\r\nFrom: someone.else@mail.example\r\nPlease see.\r\n"
    return head + kind + words + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + raw + b"\r\n--b--\r\n"


@pytest.mark.requirement("2.27", "2.11")
@pytest.mark.parametrize("forward", [pytest.param(True, id="forwarded"), pytest.param(False, id="itself")])
def test_a_referral_keeps_the_header_fields_of_the_mail_it_is_about(register: Register, *, forward: bool) -> None:
    raw = raw_mail(sender=SAM, subject="You will hear from me")

    done = _referred(register, _forwarding(raw) if forward else raw)

    referral = done.event.record
    assert isinstance(referral, Referral)
    assert done.standing.case.name == "Sam Specimen"
    assert referral.message == "<1@mail.example>"
    assert "From: Sam Specimen <sam@post.example>\n" in referral.original
    assert "Subject: You will hear from me" in referral.original
    assert done.standing.state == "referred"
    assert done.standing.arrangements == ()


def test_somebody_who_has_a_case_is_referred_in_it(register: Register) -> None:
    ref = register.open()

    assert _referred(register, raw_mail(sender=SAM)).standing.case.ref == ref


@pytest.mark.parametrize("account", ["", " ", "x" * 20_001], ids=["nothing", "a space", "too much"])
def test_a_referral_says_what_happened_in_words_that_fit(register: Register, account: str) -> None:
    with pytest.raises(RecordRefusedError, match="account: "):
        _referred(register, raw_mail(sender=SAM), account)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(raw_mail(sender="nobody"), id="no address"),
        pytest.param(b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nHello", id="two authors"),
    ],
)
def test_mail_whose_writer_cannot_be_told_refers_nobody(register: Register, raw: bytes) -> None:
    with pytest.raises(NobodyError, match="open the case by hand"):
        _referred(register, raw)

    with register.database.transaction() as session:
        assert recording.listed(session, a_desk()) == []
