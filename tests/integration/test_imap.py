import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self

import pytest

from core.accounts import Account, ImapServer, Security
from ingest.imap import ImapRefusedError, ImapSession, ImapUnavailableError
from tests.builders import NOON, raw_mail
from tests.servers import HOST, Dovecot, free_port

USER = "planning@council.example"
RAW = raw_mail()
OTHER = raw_mail(subject="Another", message_id="<2@mail.example>", body="A longer body, to tell them apart.\r\n")
SUMMER = datetime(2026, 7, 1, 9, 30, 15, tzinfo=UTC)

IN_PLAIN: dict[str, Any] = {"security": Security.PLAIN}


def _session(server: Dovecot, password: str | None = None, wait: float = 10, **changes: Any) -> ImapSession:  # noqa: ANN401 - any field of a server
    account = Account.model_validate({"address": USER, "password": password or server.password})
    by_tls = {"host": server.host, "port": server.tls_port, "ca_file": server.certificate.authority}
    place = by_tls if changes.get("security") is not Security.PLAIN else {"host": server.host, "port": server.port}
    return ImapSession(account, ImapServer.model_validate({**place, **changes}), timeout_seconds=wait)


@pytest.fixture
def session(any_dovecot: Dovecot) -> Iterator[ImapSession]:
    """Logged in, over TLS, as whoever tends the mailbox."""
    with _session(any_dovecot) as session:
        yield session


def _uids(session: ImapSession, folder: str = "INBOX") -> tuple[int, ...]:
    session.select(folder)
    return session.uids_above(0)


def _raws(server: Dovecot, folder: str = "INBOX") -> list[bytes]:
    return [message.raw for message in server.messages(USER, folder)]


def test_the_kind_of_server_is_known(dovecot: Dovecot, dovecot_legacy: Dovecot) -> None:
    with _session(dovecot) as full, _session(dovecot_legacy) as legacy:
        assert (full.can_move, full.can_expunge_by_uid) == (True, True)
        assert (legacy.can_move, legacy.can_expunge_by_uid) == (False, False)


def test_a_wrong_password_is_refused(any_dovecot: Dovecot) -> None:
    with pytest.raises(ImapRefusedError, match=rf"login of {USER} .*AUTHENTICATIONFAILED"):
        _session(any_dovecot, password="guess")


def test_a_refusal_does_not_tell_the_password(any_dovecot: Dovecot) -> None:
    with pytest.raises(ImapRefusedError) as refusal:
        _session(any_dovecot, password="my-guess-is-this")

    assert "my-guess-is-this" not in str(refusal.value)


def test_a_certificate_nobody_vouches_for_ends_it_before_the_login(any_dovecot: Dovecot) -> None:
    with pytest.raises(ImapUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):
        _session(any_dovecot, ca_file=None)


def test_a_certificate_for_another_name_ends_it_too(any_dovecot: Dovecot) -> None:
    with pytest.raises(ImapUnavailableError, match=r"doesn't match|mismatch"):
        _session(any_dovecot, host="127.1")  # the same machine by a name the certificate does not have


def test_starttls_protects_a_connection_that_begins_in_the_clear(any_dovecot: Dovecot) -> None:
    with _session(any_dovecot, security=Security.STARTTLS, port=any_dovecot.port) as session:
        assert isinstance(session._client.socket(), ssl.SSLSocket)  # noqa: SLF001 - what is on the wire is not told otherwise


def test_starttls_to_a_certificate_nobody_vouches_for_ends_it(any_dovecot: Dovecot) -> None:
    with pytest.raises(ImapUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):
        _session(any_dovecot, security=Security.STARTTLS, port=any_dovecot.port, ca_file=None)


def test_nobody_listening_is_unavailable(dovecot: Dovecot) -> None:
    with pytest.raises(ImapUnavailableError, match=r"refused"):
        _session(dovecot, **IN_PLAIN, port=free_port())


def test_the_library_formats_nothing_for_a_log_nobody_reads(session: ImapSession) -> None:
    """A private attribute of imapclient, without which large fetches take 2-7 times as long: it must keep its name."""
    assert session._client._imap.debug == 0  # noqa: SLF001 - the pin is about just that


def test_a_folder_tells_its_state(session: ImapSession, any_dovecot: Dovecot) -> None:
    any_dovecot.append(USER, RAW, OTHER)

    selected = session.select("INBOX")

    assert (selected.name, selected.exists, selected.uidnext) == ("INBOX", 2, 3)
    assert selected.uidvalidity == any_dovecot.uidvalidity(USER)


def test_a_missing_folder_cannot_be_selected(session: ImapSession) -> None:
    with pytest.raises(ImapRefusedError, match="select 'Nowhere'"):
        session.select("Nowhere")


def test_only_uids_above_the_cursor_are_named(session: ImapSession, any_dovecot: Dovecot) -> None:
    any_dovecot.append(USER, RAW, OTHER, RAW)
    session.select("INBOX")

    assert [session.uids_above(uid) for uid in (0, 2, 3, 2**32 - 2)] == [(1, 2, 3), (3,), (), ()]


def test_prefixes_leave_mail_unread(session: ImapSession, any_dovecot: Dovecot) -> None:
    any_dovecot.append(USER, RAW)

    (fetched,) = session.prefixes(_uids(session), length=10_000)
    whole = session.whole(1)

    assert fetched.prefix == whole == RAW
    (message,) = any_dovecot.messages(USER)
    assert message.flags <= {"\\Recent"}


def test_a_prefix_is_cut_where_it_was_asked_to_be(session: ImapSession, any_dovecot: Dovecot) -> None:
    any_dovecot.append(USER, RAW)

    (fetched,) = session.prefixes(_uids(session), length=100)

    assert (fetched.prefix, fetched.size) == (RAW[:100], len(RAW))


@pytest.mark.parametrize("received", [NOON, SUMMER], ids=["winter", "summer"])
def test_the_time_of_receipt_is_the_servers_and_aware(
    session: ImapSession, any_dovecot: Dovecot, received: datetime
) -> None:
    any_dovecot.append(USER, RAW, received=received)

    (fetched,) = session.prefixes(_uids(session), length=100)

    assert fetched.received_at == received
    assert fetched.received_at.tzinfo is UTC


def test_messages_that_are_gone_are_passed_over(session: ImapSession, any_dovecot: Dovecot) -> None:
    any_dovecot.append(USER, RAW, OTHER)
    session.select("INBOX")

    fetched = list(session.prefixes([1, 7, 2, 999], length=100))

    assert sorted(item.uid for item in fetched) == [1, 2]
    assert session.whole(999) is None
    assert session.present([1, 7, 2, 999]) == {1, 2}
    assert session.present([]) == frozenset()


def test_more_messages_than_one_fetch_takes_all_arrive(session: ImapSession, any_dovecot: Dovecot) -> None:
    any_dovecot.append(USER, *(raw_mail(subject=str(number)) for number in range(251)))

    fetched = list(session.prefixes(_uids(session), length=4096))

    assert [item.uid for item in fetched] == list(range(1, 252))


def test_any_bytes_come_back_as_they_lie(session: ImapSession, any_dovecot: Dovecot) -> None:
    raws = (raw_mail(body=b"caf\xe9\r\n"), raw_mail(body=b"){2}\r\n* 1 FETCH (\r\n"), raw_mail(body=b"\r\n\r\n"))
    any_dovecot.append(USER, *raws)

    fetched = session.prefixes(_uids(session), length=4096)

    assert [item.prefix for item in fetched] == list(raws)


def test_a_move_tells_where_the_messages_are_now(dovecot: Dovecot) -> None:
    dovecot.create_folders(USER, "Diverted")
    dovecot.append(USER, RAW, OTHER, RAW)

    with _session(dovecot) as session:
        session.select("INBOX")
        copied = session.move([1, 3, 99], "Diverted")

    assert copied is not None
    assert copied.uids == {1: 1, 3: 2}
    assert copied.uidvalidity == dovecot.uidvalidity(USER, "Diverted")
    assert (_raws(dovecot), _raws(dovecot, "Diverted")) == ([OTHER], [RAW, RAW])


def test_a_move_of_what_is_gone_tells_nothing(dovecot: Dovecot) -> None:
    """And it does not tell again what the move before it told."""
    dovecot.create_folders(USER, "Diverted")
    dovecot.append(USER, RAW)

    with _session(dovecot) as session:
        session.select("INBOX")
        session.move([1], "Diverted")

        assert session.move([1], "Diverted") is None


def test_a_copy_tells_where_it_is_only_where_the_server_does(any_dovecot: Dovecot, session: ImapSession) -> None:
    any_dovecot.create_folders(USER, "Diverted")
    any_dovecot.append(USER, RAW, OTHER)
    session.select("INBOX")

    copied = session.copy([1, 2], "Diverted")

    assert copied is None or copied.uids == {1: 1, 2: 2}
    assert _raws(any_dovecot) == _raws(any_dovecot, "Diverted") == [RAW, OTHER]


def test_a_copy_to_a_missing_folder_is_refused_with_the_hint_to_make_it(
    any_dovecot: Dovecot, session: ImapSession
) -> None:
    any_dovecot.append(USER, RAW)
    session.select("INBOX")

    with pytest.raises(ImapRefusedError, match="TRYCREATE"):
        session.copy([1], "Diverted")


def test_an_append_to_a_missing_folder_is_refused_with_the_hint_to_make_it(session: ImapSession) -> None:
    with pytest.raises(ImapRefusedError, match="TRYCREATE"):
        session.append("Diverted", RAW, received_at=NOON)


def test_a_move_to_a_missing_folder_is_refused_with_the_hint_to_make_it(dovecot: Dovecot) -> None:
    dovecot.append(USER, RAW)

    with _session(dovecot) as session:
        session.select("INBOX")
        with pytest.raises(ImapRefusedError, match="TRYCREATE"):
            session.move([1], "Diverted")
        session.create_folder("Diverted")
        assert session.move([1], "Diverted") is not None


def test_an_append_keeps_every_byte_and_the_time_of_receipt(session: ImapSession) -> None:
    raw = raw_mail(body=b"caf\xe9 \xff\r\nand a last line without an end")

    uid = session.append("INBOX", raw, received_at=SUMMER)

    (fetched,) = session.prefixes(_uids(session), length=4096)
    assert (fetched.prefix, fetched.received_at) == (raw, SUMMER)
    assert uid in {None, fetched.uid}


def test_a_message_is_found_by_its_message_id(any_dovecot: Dovecot, session: ImapSession) -> None:
    any_dovecot.append(USER, RAW, OTHER, RAW)
    session.select("INBOX")

    assert session.with_message_id("<1@mail.example>") == (1, 3)
    assert session.with_message_id("<404@mail.example>") == ()


def test_a_message_without_message_id_is_found_by_its_size(any_dovecot: Dovecot, session: ImapSession) -> None:
    any_dovecot.append(USER, RAW, OTHER, RAW)
    session.select("INBOX")

    assert session.with_size(len(RAW)) == (1, 3)
    assert session.with_size(len(RAW) + 1) == ()


def test_a_deletion_mark_is_seen_and_taken_back(any_dovecot: Dovecot, session: ImapSession) -> None:
    any_dovecot.append(USER, RAW, OTHER)
    session.select("INBOX")

    session.mark_as_deleted([1, 2])
    marked = session.marked_deleted()
    session.unmark_deleted([1])
    session.unmark_deleted([])

    assert marked == {1, 2}
    assert session.marked_deleted() == {2}


def test_expunging_by_uid_leaves_what_others_marked(dovecot: Dovecot) -> None:
    dovecot.append(USER, RAW, OTHER)

    with _session(dovecot) as session:
        session.select("INBOX")
        session.mark_as_deleted([1, 2])
        session.expunge([1])

    assert _raws(dovecot) == [OTHER]


def test_an_old_server_refuses_to_expunge_by_uid_and_keeps_everything(dovecot_legacy: Dovecot) -> None:
    dovecot_legacy.append(USER, RAW)

    with _session(dovecot_legacy) as session:
        session.select("INBOX")
        session.mark_as_deleted([1])
        assert session.present([1]) == {1}
        session.expunge_all_marked()
        assert session.present([1]) == frozenset()


@pytest.mark.parametrize(
    "folder", ["Wedi'i ddargyfeirio", "Tŷ & gardd", "Übermäßig", "日本", "With space", "Folder 100%", 'Quo"ted', "a\\b"]
)
def test_folders_may_have_any_name(any_dovecot: Dovecot, session: ImapSession, folder: str) -> None:
    session.create_folder(folder)
    any_dovecot.append(USER, RAW)
    session.select("INBOX")

    session.copy([1], folder)

    assert folder in session.folders()
    assert session.select(folder).exists == 1


class Wire:
    """What lies between a client and a server, and can be cut, or go dead without either of them noticing."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listener = socket.create_server((HOST, 0))
        self._ends: list[socket.socket] = []
        self._dead = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.cut()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def cut(self) -> None:
        """Break the connection."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def go_dead(self) -> None:
        """Carry nothing any more."""
        self._dead.set()

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection((HOST, self._server_port))
        self._ends = [client, server]
        for source, target in ((client, server), (server, client)):
            self._threads.append(threading.Thread(target=self._carry, args=(source, target)))
            self._threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with source, suppress(OSError):
            while octets := source.recv(65_536):
                if not self._dead.is_set():
                    target.sendall(octets)
            target.shutdown(socket.SHUT_RDWR)


def test_a_connection_that_breaks_is_unavailable(any_dovecot: Dovecot) -> None:
    with Wire(any_dovecot.port) as wire, _session(any_dovecot, **IN_PLAIN, port=wire.port) as session:
        session.select("INBOX")
        wire.cut()

        with pytest.raises(ImapUnavailableError):
            session.uids_above(0)


def test_a_server_that_says_nothing_more_is_waited_for_so_long_only(dovecot: Dovecot) -> None:
    with Wire(dovecot.port) as wire, _session(dovecot, **IN_PLAIN, port=wire.port, wait=0.3) as session:
        session.select("INBOX")
        wire.go_dead()

        with pytest.raises(ImapUnavailableError, match="timed out"):
            session.uids_above(0)


def test_hanging_up_twice_is_no_trouble(any_dovecot: Dovecot) -> None:
    session = _session(any_dovecot)

    session.close()
    session.close()

    with pytest.raises(ImapUnavailableError):
        session.select("INBOX")
