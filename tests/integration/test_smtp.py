import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from core.accounts import Security
from core.settings import Smtp
from tests.builders import SPOC, raw_mail
from tests.servers import Certificate, SmtpSink, free_port
from workers.smtp import Relay, SmtpRefusedError, SmtpUnavailableError

LETTER = raw_mail(sender="mailroom@council.example")


def _relay(sink: SmtpSink, **changes: Any) -> Relay:  # noqa: ANN401 - any setting of a relay
    settings = {
        "host": sink.host,
        "port": sink.port,
        "security": Security.PLAIN,
        "sender": "mailroom@council.example",
        **changes,
    }
    return Relay(Smtp.model_validate(settings), timeout_seconds=5, helo="council.example")


@pytest.fixture
def relay(smtp_sink: SmtpSink) -> Iterator[Relay]:
    with _relay(smtp_sink) as relay:
        yield relay


def test_a_letter_comes_from_nobody_that_a_bounce_could_go_to(relay: Relay, smtp_sink: SmtpSink) -> None:
    said = relay.send(SPOC, LETTER)

    (taken,) = smtp_sink.accepted
    assert (taken.sender, taken.recipients) == ("<>", (SPOC,))
    assert said == "250 2.0.0 taken"


@pytest.mark.parametrize(
    "letter",
    [
        pytest.param(LETTER, id="ordinary"),
        pytest.param(raw_mail(body=b".\r\n..\r\n.hidden\r\n...\r\n"), id="dots at the starts of lines"),
        pytest.param(raw_mail(body=b"."), id="a last line that is a dot"),
        pytest.param(raw_mail(body=b"x" * 998 + b"\r\n"), id="the longest line"),
        pytest.param(raw_mail(body=b"\r\n\r\n\r\n"), id="empty lines"),
        pytest.param(raw_mail(body=b"line\r\n" * 400_000), id="2.4 MB"),
    ],
)
def test_every_byte_arrives(relay: Relay, smtp_sink: SmtpSink, letter: bytes) -> None:
    relay.send(SPOC, letter)

    ended = letter if letter.endswith(b"\r\n") else letter + b"\r\n"
    assert smtp_sink.accepted[0].raw == ended


@pytest.mark.parametrize(("code", "permanent"), [(421, False), (450, False), (452, False), (550, True), (554, True)])
def test_a_refusal_tells_whether_it_is_for_good(relay: Relay, smtp_sink: SmtpSink, code: int, permanent: bool) -> None:  # noqa: FBT001 - a table
    smtp_sink.refuse(SPOC, code)

    with pytest.raises(SmtpRefusedError, match=f"{code} .* refused as told") as refusal:
        relay.send(SPOC, LETTER)

    assert refusal.value.permanent is permanent
    assert smtp_sink.accepted == []


def test_one_refused_letter_does_not_hold_up_the_next(relay: Relay, smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse("gone@council.example", 550)

    with pytest.raises(SmtpRefusedError):
        relay.send("gone@council.example", LETTER)
    relay.send(SPOC, LETTER)

    assert [taken.recipients for taken in smtp_sink.accepted] == [(SPOC,)]


def test_a_letter_too_large_for_the_relay_is_refused(smtp_sink: SmtpSink) -> None:
    smtp_sink.options["data_size_limit"] = 1000

    with _relay(smtp_sink) as relay, pytest.raises(SmtpRefusedError) as refusal:
        relay.send(SPOC, raw_mail(body=b"line\r\n" * 1000))

    assert refusal.value.permanent


def test_a_connection_that_breaks_leaves_it_unknown(relay: Relay, smtp_sink: SmtpSink) -> None:
    smtp_sink.drop_after_accepting()

    with pytest.raises(SmtpUnavailableError):
        relay.send(SPOC, LETTER)

    assert len(smtp_sink.accepted) == 1


def test_after_a_broken_connection_the_next_letter_opens_another(relay: Relay, smtp_sink: SmtpSink) -> None:
    smtp_sink.drop_after_accepting()

    with pytest.raises(SmtpUnavailableError):
        relay.send(SPOC, LETTER)
    relay.send(SPOC, LETTER)

    assert len(smtp_sink.accepted) == 2


def test_a_relay_that_does_not_answer_in_time_is_unavailable(smtp_sink: SmtpSink) -> None:
    smtp_sink.delay(30)
    settings = Smtp(host=smtp_sink.host, port=smtp_sink.port, security=Security.PLAIN, sender="m@council.example")

    with Relay(settings, timeout_seconds=0.3, helo="council.example") as relay, pytest.raises(SmtpUnavailableError):
        relay.send(SPOC, LETTER)


def test_nobody_listening_is_unavailable(smtp_sink: SmtpSink) -> None:
    with _relay(smtp_sink, port=free_port()) as relay, pytest.raises(SmtpUnavailableError, match="refused"):
        relay.send(SPOC, LETTER)


def test_many_letters_go_over_one_connection(
    relay: Relay, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    connect = smtplib.SMTP.connect

    def counted(connection: smtplib.SMTP, *where: Any, **how: Any) -> tuple[int, bytes]:  # noqa: ANN401 - as smtplib has it
        opened.append("a connection")
        return connect(connection, *where, **how)

    monkeypatch.setattr(smtplib.SMTP, "connect", counted)

    for _ in range(20):
        relay.send(SPOC, LETTER)

    assert len(smtp_sink.accepted) == 20
    assert opened == ["a connection"]


def test_a_spoc_beyond_ascii_is_reached_where_the_relay_can(relay: Relay, smtp_sink: SmtpSink) -> None:
    relay.send("siân@council.example", LETTER)

    assert smtp_sink.accepted[0].recipients == ("siân@council.example",)


@pytest.mark.parametrize(
    "recipient",
    [
        pytest.param("spoc@council.example>\r\nRCPT TO:<x@y.example", id="another command"),
        pytest.param("sp\noc@council.example", id="line break"),
        pytest.param("a,spoc@council.example", id="a list"),
        pytest.param("SPOC <spoc@council.example>", id="with a name"),
        pytest.param("", id="nobody"),
    ],
)
def test_a_letter_goes_to_the_very_address_given_or_nowhere(relay: Relay, smtp_sink: SmtpSink, recipient: str) -> None:
    """smtplib makes an address of whatever it is given: of the third of these, the local user `a`."""
    with pytest.raises(SmtpRefusedError) as refusal:
        relay.send(recipient, LETTER)

    assert refusal.value.permanent
    assert smtp_sink.accepted == []


def _safely(sink: SmtpSink, **changes: Any) -> Relay:  # noqa: ANN401 - any setting of a relay
    usual = {"security": Security.STARTTLS, "username": "mailroom", "password": "sesame"}
    return _relay(sink, **{**usual, **changes})


def test_the_relay_is_logged_in_to_over_starttls(smtp_sink_tls: SmtpSink, certificate: Certificate) -> None:
    with _safely(smtp_sink_tls, ca_file=certificate.authority) as relay:
        relay.check()
        relay.send(SPOC, LETTER)

    assert smtp_sink_tls.accepted[0].raw == LETTER


def test_a_relay_whose_certificate_nobody_vouches_for_gets_no_password(smtp_sink_tls: SmtpSink) -> None:
    with _safely(smtp_sink_tls) as relay, pytest.raises(SmtpUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):
        relay.send(SPOC, LETTER)


def _says_no(*_call: object) -> AuthResult:
    return AuthResult(success=False, handled=False)


def test_a_wrong_password_is_refused_and_not_told(smtp_sink_tls: SmtpSink, certificate: Certificate) -> None:
    smtp_sink_tls.options["authenticator"] = _says_no
    with (
        _safely(smtp_sink_tls, ca_file=certificate.authority, password="my guess") as relay,
        pytest.raises(SmtpRefusedError, match="535") as refusal,
    ):
        relay.check()

    assert "my guess" not in str(refusal.value)


def test_a_relay_that_offers_no_starttls_gets_no_letter(smtp_sink: SmtpSink) -> None:
    with _safely(smtp_sink) as relay, pytest.raises((SmtpUnavailableError, SmtpRefusedError), match="STARTTLS"):
        relay.send(SPOC, LETTER)

    assert smtp_sink.accepted == []


def test_nothing_is_sent_by_a_check(relay: Relay, smtp_sink: SmtpSink) -> None:
    relay.check()
    relay.close()
    relay.close()

    assert smtp_sink.accepted == []
