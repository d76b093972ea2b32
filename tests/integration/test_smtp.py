import re
import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from core.accounts import Security
from core.settings import Smtp
from tests.builders import SPOC, a_settings, raw_mail, settings_data
from tests.servers import Certificate, SmtpSink, free_port
from workers.checking import check_all
from workers.runtime import Runtime
from workers.smtp import Relay, SmtpRefusedError, SmtpUnavailableError
from workers.store import LeaseLostError

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


def test_what_is_found_out_before_the_letter_leaves_keeps_it_from_leaving(relay: Relay, smtp_sink: SmtpSink) -> None:
    def lost() -> None:
        raise LeaseLostError(smtp_sink.host)

    with pytest.raises(LeaseLostError):
        relay.send(SPOC, LETTER, before=lost)
    assert smtp_sink.accepted == []

    relay.send(SPOC, LETTER)
    assert len(smtp_sink.accepted) == 1


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

    with pytest.raises(SmtpUnavailableError) as silence:
        relay.send(SPOC, LETTER)

    assert silence.value.in_doubt
    assert len(smtp_sink.accepted) == 1


def test_a_relay_that_falls_silent_before_it_has_the_letter_leaves_no_doubt(smtp_sink: SmtpSink) -> None:
    smtp_sink.fall_silent()
    settings = Smtp(host=smtp_sink.host, port=smtp_sink.port, security=Security.PLAIN, sender="m@council.example")
    relay = Relay(settings, timeout_seconds=0.3, helo="council.example")

    with relay, pytest.raises(SmtpUnavailableError) as silence:
        relay.send(SPOC, LETTER)

    assert not silence.value.in_doubt
    assert smtp_sink.accepted == []


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


@pytest.mark.parametrize("farewell", ["421 4.4.2 idle for too long", ""], ids=["said", "unsaid"])
def test_a_connection_that_the_relay_ends_between_letters_is_no_trouble(
    relay: Relay, smtp_sink: SmtpSink, farewell: str
) -> None:
    relay.send(SPOC, LETTER)
    smtp_sink.hang_up(farewell)

    relay.send(SPOC, LETTER)

    assert len(smtp_sink.accepted) == smtp_sink.connections == 2


@pytest.mark.parametrize(
    "answer",
    ["421 4.7.0 too many messages", "451 4.7.0 Too many messages in this session", "452 4.5.3 Enough recipients"],
)
def test_a_relay_that_takes_so_many_letters_over_a_connection_gets_the_next_over_another(
    relay: Relay, smtp_sink: SmtpSink, answer: str
) -> None:
    smtp_sink.limit(2, answer)

    for _ in range(5):
        relay.send(SPOC, LETTER)

    assert (len(smtp_sink.accepted), smtp_sink.connections) == (5, 3)


def test_a_relay_that_takes_nothing_is_asked_once_for_each_letter(relay: Relay, smtp_sink: SmtpSink) -> None:
    smtp_sink.limit(0)

    for _ in range(3):
        with pytest.raises(SmtpRefusedError, match="421") as refusal:
            relay.send(SPOC, LETTER)
        assert refusal.value.every_letter

    assert smtp_sink.connections == 3


def test_a_relay_that_is_silent_on_a_used_connection_is_not_asked_again_over_another(smtp_sink: SmtpSink) -> None:
    settings = Smtp(host=smtp_sink.host, port=smtp_sink.port, security=Security.PLAIN, sender="m@council.example")
    with Relay(settings, timeout_seconds=0.3, helo="council.example") as relay:
        relay.send(SPOC, LETTER)
        smtp_sink.fall_silent()

        with pytest.raises(SmtpUnavailableError, match="timed out"):
            relay.send(SPOC, LETTER)

    assert smtp_sink.connections == 1


def test_what_the_relay_refuses_once_it_has_it_all_was_not_taken(relay: Relay, smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse_content("550 5.7.1 it looks like a nuisance")

    with pytest.raises(SmtpRefusedError, match=r"550 5\.7\.1 it looks like a nuisance") as refusal:
        relay.send(SPOC, LETTER)
    relay.send(SPOC, LETTER)

    assert refusal.value.permanent
    assert not refusal.value.every_letter
    assert (len(smtp_sink.accepted), smtp_sink.connections) == (1, 1)


def test_a_letter_that_the_relay_says_is_too_large_for_it_does_not_set_out(relay: Relay, smtp_sink: SmtpSink) -> None:
    smtp_sink.options["data_size_limit"] = 1_000

    with pytest.raises(SmtpRefusedError, match=r"552 5\.3\.4 the letter has 6,") as refusal:
        relay.send(SPOC, raw_mail(body=b"line\r\n" * 1000))

    assert refusal.value.permanent
    assert smtp_sink.mailed == []


def test_the_relay_hears_who_can_be_told_of_a_failure(relay: Relay, smtp_sink: SmtpSink) -> None:
    relay.send(SPOC, LETTER, sender="housing@council.example")

    assert smtp_sink.accepted[0].sender == "housing@council.example"
    assert smtp_sink.mailed == [("housing@council.example", [f"SIZE={len(LETTER)}"])]


def test_a_spoc_beyond_ascii_of_a_relay_that_cannot_is_a_refusal_of_that_letter_alone(smtp_sink: SmtpSink) -> None:
    smtp_sink.options["enable_SMTPUTF8"] = False

    with _relay(smtp_sink) as relay:
        with pytest.raises(SmtpRefusedError, match="takes no address beyond ASCII") as refusal:
            relay.send("siân@council.example", LETTER)
        relay.send(SPOC, LETTER)

    assert refusal.value.permanent
    assert not refusal.value.every_letter
    assert len(smtp_sink.accepted) == 1


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


def _by_token(sink: SmtpSink, certificate: Certificate, file: Path) -> Relay:
    token = {"username": "mailroom@council.example", "authentication": "xoauth2", "password_file": file}
    return _safely(sink, ca_file=certificate.authority, password=None, **token)


def test_an_access_token_is_read_afresh_for_each_connection(
    smtp_sink_tls: SmtpSink, certificate: Certificate, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("expired\n", encoding="ascii")
    with _by_token(smtp_sink_tls, certificate, token) as relay:
        with pytest.raises(SmtpRefusedError):
            relay.send(SPOC, LETTER)
        token.write_text("sesame\n", encoding="ascii")

        relay.send(SPOC, LETTER)

    assert smtp_sink_tls.accepted[0].raw == LETTER
    assert smtp_sink_tls.logins[-1] == "user=mailroom@council.example\x01auth=Bearer sesame\x01\x01"


def test_a_token_that_is_refused_is_told_in_the_relays_words_and_the_token_is_not(
    smtp_sink_tls: SmtpSink, certificate: Certificate, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("expired", encoding="ascii")

    with _by_token(smtp_sink_tls, certificate, token) as relay, pytest.raises(SmtpRefusedError) as refusal:
        relay.send(SPOC, LETTER)

    assert re.fullmatch(r'535 5\.7\.8 .* invalid \{"status":"400","schemes":"Bearer"\}', str(refusal.value))
    assert refusal.value.every_letter
    assert smtp_sink_tls.logins[1:] == [""]


@pytest.mark.parametrize("given", ["", "two words\nand more", "clé"])
def test_what_is_no_token_is_shown_to_nobody(
    smtp_sink_tls: SmtpSink, certificate: Certificate, tmp_path: Path, given: str
) -> None:
    token = tmp_path / "token"
    token.write_text(given, encoding="utf-8")

    with _by_token(smtp_sink_tls, certificate, token) as relay, pytest.raises(SmtpRefusedError) as refusal:
        relay.check()

    assert refusal.value.every_letter
    assert smtp_sink_tls.logins == []


def test_a_relay_that_takes_no_tokens_is_shown_none(
    smtp_sink_tls: SmtpSink, certificate: Certificate, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("sesame", encoding="ascii")
    smtp_sink_tls.options["auth_exclude_mechanism"] = ["XOAUTH2"]

    with (
        _by_token(smtp_sink_tls, certificate, token) as relay,
        pytest.raises(SmtpRefusedError, match="offers no XOAUTH2"),
    ):
        relay.check()


def test_a_token_file_that_is_gone_is_trouble_for_every_letter(
    smtp_sink_tls: SmtpSink, certificate: Certificate, tmp_path: Path
) -> None:
    with (
        _by_token(smtp_sink_tls, certificate, tmp_path / "gone") as relay,
        pytest.raises(SmtpUnavailableError, match="password_file of smtp: No such file"),
    ):
        relay.send(SPOC, LETTER)


def test_the_check_tells_a_token_that_is_refused_and_which_file_to_renew_it_in(
    smtp_sink_tls: SmtpSink, certificate: Certificate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = tmp_path / "token"
    token.write_text("a-token-of-last-week", encoding="ascii")
    data = settings_data(smtp_port=smtp_sink_tls.port, imap_port=free_port())
    data["smtp"] |= {"security": "starttls", "ca_file": certificate.authority, "username": "m@council.example"}
    data["smtp"] |= {"authentication": "xoauth2", "password_file": token}

    relay = next(one for one in check_all(Runtime.of(a_settings(data))) if one.what.startswith("SMTP relay"))

    assert (relay.ok, relay.words.partition(" ")[0]) == (False, "535")
    assert relay.remedy.startswith(f"renew the access token in {token}; it has to be for m@council.example")
    assert "a-token-of-last-week" not in f"{relay} {capsys.readouterr()}"


def test_nothing_is_sent_by_a_check(relay: Relay, smtp_sink: SmtpSink) -> None:
    relay.check()
    relay.close()
    relay.close()

    assert smtp_sink.accepted == []
