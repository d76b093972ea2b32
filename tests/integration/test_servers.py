import imaplib
import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage

import psycopg
import pytest
import redis

from tests.servers import Certificate, Dovecot, Postgres, SmtpSink, Valkey

USER = "planning@council.example"
RAW = b"From: jo@resident.example\r\nSubject: A tree\r\n\r\nIt fell.\r\n"


def test_dovecot_keeps_what_is_put_there_byte_for_byte(any_dovecot: Dovecot) -> None:
    any_dovecot.append(USER, RAW, received=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))

    (message,) = any_dovecot.messages(USER)

    assert message.raw == RAW
    assert "\\Seen" not in message.flags


def test_dovecot_remembers_when_the_council_received_it(dovecot: Dovecot) -> None:
    dovecot.append(USER, RAW, received=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))

    with dovecot.login(USER) as session:
        session.select("INBOX", readonly=True)
        _, (answer,) = session.fetch("1", "(INTERNALDATE)")

    assert "04-Mar-2026 05:06:07 +0000" in str(answer)


def test_dovecot_starts_each_test_without_mail(dovecot: Dovecot) -> None:
    assert dovecot.everything(USER) == ()
    assert dovecot.folders(USER) == ("INBOX",)


def test_dovecot_keeps_accounts_apart(dovecot: Dovecot) -> None:
    dovecot.append("housing@council.example", RAW)

    assert dovecot.messages(USER) == ()


def test_dovecot_makes_no_folder_by_itself(dovecot: Dovecot) -> None:
    with pytest.raises(AssertionError, match="TRYCREATE"):
        dovecot.append(USER, RAW, folder="Managed contact")

    dovecot.create_folders(USER, "Managed contact")
    dovecot.append(USER, RAW, folder="Managed contact")
    assert [message.folder for message in dovecot.everything(USER)] == ["Managed contact"]


def test_dovecot_shows_a_certificate_its_authority_vouches_for(dovecot: Dovecot) -> None:
    trusting = dovecot.certificate.client_context()

    with imaplib.IMAP4_SSL(dovecot.host, dovecot.tls_port, ssl_context=trusting, timeout=10) as session:
        status, _ = session.login(USER, dovecot.password)

    assert status == "OK"


def test_dovecot_is_not_trusted_without_that_authority(dovecot: Dovecot) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL(dovecot.host, dovecot.tls_port, ssl_context=ssl.create_default_context(), timeout=10)


def test_dovecot_refuses_a_wrong_password(dovecot: Dovecot) -> None:
    refused = pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED")

    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=10) as session, refused:
        session.login(USER, "guess")


@pytest.mark.parametrize("capability", ["MOVE", "UIDPLUS", "IDLE"])
def test_only_the_full_dovecot_offers(capability: str, dovecot: Dovecot, dovecot_legacy: Dovecot) -> None:
    assert capability in _capabilities(dovecot)
    assert capability not in _capabilities(dovecot_legacy)


def _capabilities(server: Dovecot) -> list[str]:
    with server.login(USER) as session:
        _, lines = session.capability()
    return str(lines[-1], "ascii").split()


@pytest.mark.parametrize("folder", ["INBOX", "Managed contact"])
def test_dovecot_can_change_its_uidvalidity(folder: str, dovecot: Dovecot) -> None:
    if folder != "INBOX":
        dovecot.create_folders(USER, folder)
    dovecot.append(USER, RAW, folder=folder)
    before = dovecot.uidvalidity(USER, folder)

    dovecot.change_uidvalidity(USER, folder)

    assert dovecot.uidvalidity(USER, folder) != before
    assert [message.raw for message in dovecot.messages(USER, folder)] == [RAW]


def test_smtp_sink_records_what_it_accepts(smtp_sink: SmtpSink) -> None:
    _send(smtp_sink, "spoc@council.example", "legal@council.example")

    (taken,) = smtp_sink.wait_for(1)

    assert taken.sender == "mailroom@council.example"
    assert taken.recipients == ("spoc@council.example", "legal@council.example")
    assert taken.parsed()["Subject"] == "A tree"


def test_smtp_sink_refuses_as_often_as_told(smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse("spoc@council.example", 451, times=1)

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        _send(smtp_sink, "spoc@council.example")
    _send(smtp_sink, "spoc@council.example")

    assert refusal.value.recipients["spoc@council.example"][0] == 451
    assert len(smtp_sink.accepted) == 1


def test_smtp_sink_refuses_one_recipient_for_good(smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse("gone@council.example", 550)

    _send(smtp_sink, "spoc@council.example", "gone@council.example")

    assert smtp_sink.accepted[0].recipients == ("spoc@council.example",)


def test_smtp_sink_breaks_off_after_accepting(smtp_sink: SmtpSink) -> None:
    smtp_sink.drop_after_accepting()

    with pytest.raises(smtplib.SMTPServerDisconnected):
        _send(smtp_sink, "spoc@council.example")

    assert len(smtp_sink.accepted) == 1


def test_smtp_sink_says_when_nothing_came(smtp_sink: SmtpSink) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        smtp_sink.wait_for(1, seconds=0.05)


def test_smtp_sink_stops_while_somebody_is_connected() -> None:
    with SmtpSink() as sink:
        client = smtplib.SMTP(sink.host, sink.port, timeout=10)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()


def test_smtp_sink_with_a_certificate_wants_a_login(smtp_sink_tls: SmtpSink, certificate: Certificate) -> None:
    with smtplib.SMTP("localhost", smtp_sink_tls.port, timeout=10) as client:
        client.starttls(context=certificate.client_context())
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.send_message(_message("spoc@council.example"))
        client.login("mailroom", "sesame")
        client.send_message(_message("spoc@council.example"))

    assert len(smtp_sink_tls.accepted) == 1


def _send(sink: SmtpSink, *recipients: str) -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=10) as client:
        client.send_message(_message(*recipients))


def _message(*recipients: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "mailroom@council.example"
    message["To"] = ", ".join(recipients)
    message["Subject"] = "A tree"
    message.set_content("It fell.")
    return message


@pytest.mark.parametrize("_again", [1, 2])
def test_postgres_gives_each_test_an_empty_database(postgres_url: str, _again: int) -> None:
    with psycopg.connect(_plain(postgres_url)) as connection:
        connection.execute("CREATE TABLE note (text TEXT)")


def test_postgres_keeps_what_was_committed_before_a_crash(postgres_server: Postgres, postgres_url: str) -> None:
    with psycopg.connect(_plain(postgres_url)) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")

    postgres_server.crash()
    postgres_server.start()

    with psycopg.connect(_plain(postgres_url)) as connection:
        assert connection.execute("SELECT text FROM note").fetchall() == [("kept",)]


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.mark.parametrize("_again", [1, 2])
def test_redis_starts_each_test_empty(redis_url: str, _again: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("bell", "rung")


def test_redis_forgets_when_it_stops(redis_server: Valkey) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("bell", "rung")
        redis_server.restart()

        assert client.get("bell") is None
