"""The only place that speaks IMAP: one session with one account, by UID only, every answer awaited for a bounded time.

imapclient is wrapped here once: its missing timeout, naive times, debug formatting and unread COPYUID/APPENDUID are
put right, and its many exceptions become two. After either of them a session is closed and not used again.
"""

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime
from typing import Any, Self

from imapclient import DELETED, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from core.accounts import Account, Authentication, ImapServer, Security
from core.outages import why
from core.tls import tls_context
from ingest.delivery import Arrival
from ingest.headers import PREFIX

FETCH_AT_ONCE = 250  # messages in one FETCH: 250 prefixes of 64 kB are 16 MB at the most

# What imapclient lets through when a connection dies within an answer, or a server answers oddly.
_BROKEN_ANSWER = (ValueError, TypeError, IndexError, KeyError, AttributeError, AssertionError)

_COPYUID = re.compile(rb"(\d+) ([\d:,]+) ([\d:,]+)")
_APPENDUID = re.compile(rb"(\d+) (\d+)")


class ImapError(Exception):
    """IMAP did not do what was asked."""

    def __init__(self, what: str, words: object) -> None:
        super().__init__(f"{what}: {str(words)[:300] or type(words).__name__}")


class ImapUnavailableError(ImapError):
    """The server cannot be reached or stopped answering: what was under way may or may not have happened."""


class ImapRefusedError(ImapError):
    """The server answered, and said no: the folder is missing, the mailbox full, the login wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedFolder:
    """A folder as selected. `uidnext` is None where the server does not say."""

    name: str
    uidvalidity: int
    uidnext: int | None
    exists: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedUids:
    """Where copies went (RFC 4315): the destination's UIDVALIDITY and new UID by old UID."""

    uidvalidity: int
    uids: dict[int, int]


class ImapSession:
    """A logged-in connection to one account; use as a context manager."""

    def __init__(self, account: Account, server: ImapServer, *, timeout_seconds: float) -> None:
        """Connect and log in. Raises ImapUnavailableError, or ImapRefusedError if the login is refused."""
        with _translated(f"the IMAP server {server.host}:{server.port} cannot be reached for {account.address}"):
            self._client = _connect(server, timeout_seconds)
        try:
            with _translated(f"login of {account.login} at {server.host}:{server.port}"):
                _log_in(self._client, account)
                self._capabilities = frozenset(self._client.capabilities())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def can_move(self) -> bool:
        """Whether the server has MOVE (RFC 6851)."""
        return b"MOVE" in self._capabilities

    @property
    def can_expunge_by_uid(self) -> bool:
        """Whether the server has UID EXPUNGE (RFC 4315)."""
        return b"UIDPLUS" in self._capabilities

    def close(self) -> None:
        """Hang up without waiting for the server."""
        try:
            self._client.shutdown()
        except (OSError, IMAPClientError):
            return  # already gone

    def select(self, folder: str, *, readonly: bool = False) -> SelectedFolder:
        """Open a folder. Raises ImapRefusedError if there is none of that name."""
        with _translated(f"select {folder!r}"):
            answer = self._client.select_folder(folder, readonly=readonly)
            return SelectedFolder(
                name=folder,
                uidvalidity=int(answer[b"UIDVALIDITY"]),
                uidnext=int(answer[b"UIDNEXT"]) if b"UIDNEXT" in answer else None,
                exists=int(answer[b"EXISTS"]),
            )

    def uids_above(self, uid: int) -> tuple[int, ...]:
        """The UIDs of the selected folder above `uid`, ascending."""
        # "n:*" always names the last message, even when its UID is below n (RFC 3501 6.4.8).
        return tuple(found for found in self._search(["UID", f"{uid + 1}:*"]) if found > uid)

    def present(self, uids: Sequence[int]) -> frozenset[int]:
        """Which of these UIDs the selected folder still has."""
        return frozenset(self._search(["UID", _uid_set(uids)])) if uids else frozenset()

    def with_message_id(self, message_id: str) -> tuple[int, ...]:
        """UIDs in the selected folder whose Message-ID contains this text; a candidate list, never proof."""
        return self._search(["HEADER", "Message-ID", message_id])

    def with_size(self, size: int) -> tuple[int, ...]:
        """UIDs in the selected folder of messages of exactly `size` bytes; a candidate list, never proof."""
        return self._search(["LARGER", size - 1, "SMALLER", size + 1])

    def marked_deleted(self) -> frozenset[int]:
        """UIDs in the selected folder that carry the Deleted flag, whoever set it."""
        return frozenset(self._search(["DELETED"]))

    def prefixes(self, uids: Sequence[int], *, length: int = PREFIX) -> Iterator[Arrival]:
        """The first `length` bytes of each message that the server gives, unread flags untouched.

        What is not in the answer may still be there: see `present`.
        """
        item = f"BODY.PEEK[]<0.{length}>"
        for start in range(0, len(uids), FETCH_AT_ONCE):
            chunk = uids[start : start + FETCH_AT_ONCE]
            with _translated(f"fetch {len(chunk)} messages"):
                answers = self._client.fetch(chunk, ["INTERNALDATE", "RFC822.SIZE", item])
                fetched = [found for uid, answer in answers.items() if (found := _prefix(uid, answer))]
            yield from fetched

    def whole(self, uid: int) -> bytes | None:
        """One message, every byte; None if it is no longer there."""
        with _translated(f"fetch message {uid}"):
            answer = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {})
            raw = answer.get(b"BODY[]")
            return raw if isinstance(raw, bytes) else None

    def move(self, uids: Sequence[int], folder: str) -> CopiedUids | None:
        """Move by MOVE; what is no longer there is passed over in silence, so verify what is not in the answer."""
        with _translated(f"move {len(uids)} messages to {folder!r}"):
            self._forget("COPYUID")
            self._client.move(list(uids), folder)
            return self._copied()

    def copy(self, uids: Sequence[int], folder: str) -> CopiedUids | None:
        """Copy; None where the server does not tell the new UIDs."""
        with _translated(f"copy {len(uids)} messages to {folder!r}"):
            self._forget("COPYUID")
            self._client.copy(list(uids), folder)
            return self._copied()

    def mark_as_deleted(self, uids: Sequence[int]) -> None:
        """Flag the selected folder's messages for expunging."""
        with _translated(f"mark {len(uids)} messages"):
            self._client.add_flags(list(uids), [DELETED], silent=True)

    def unmark_deleted(self, uids: Sequence[int]) -> None:
        """Take that flag away again."""
        with _translated(f"unmark {len(uids)} messages"):
            if uids:
                self._client.remove_flags(list(uids), [DELETED], silent=True)

    def expunge(self, uids: Sequence[int]) -> None:
        """Expunge just these messages (UIDPLUS only)."""
        with _translated(f"expunge {len(uids)} messages"):
            self._client.uid_expunge(list(uids))

    def expunge_all_marked(self) -> None:
        """Expunge whatever is flagged in the selected folder; only after `marked_deleted` has named nothing foreign."""
        with _translated("expunge"):
            self._client.expunge()

    def append(self, folder: str, raw: bytes, *, received_at: datetime) -> int | None:
        """Store a message with its time of receipt; its UID there, where the server tells."""
        with _translated(f"append to {folder!r}"):
            self._forget("APPENDUID")
            self._client.append(folder, raw, msg_time=received_at)
            found = _APPENDUID.search(self._response("APPENDUID"))
            return int(found[2]) if found else None

    def folders(self) -> tuple[str, ...]:
        """The names of all folders this login can see."""
        with _translated("list folders"):
            return tuple(str(name) for _flags, _delimiter, name in self._client.list_folders())

    def create_folder(self, folder: str) -> None:
        """Make a folder."""
        with _translated(f"create {folder!r}"):
            self._client.create_folder(folder)

    def _search(self, criteria: list[str | int]) -> tuple[int, ...]:
        with _translated(f"search {criteria[0]}"):
            return tuple(sorted(int(uid) for uid in self._client.search(criteria)))

    def _forget(self, code: str) -> None:
        self._client._imap.response(code)  # noqa: SLF001 - imapclient offers no way to read response codes

    def _response(self, code: str) -> bytes:
        _name, values = self._client._imap.response(code)  # noqa: SLF001 - as above
        return b" ".join(value for value in values or () if isinstance(value, bytes))

    def _copied(self) -> CopiedUids | None:
        pairs: dict[int, int] = {}
        uidvalidity = 0
        for validity, sources, copies in _COPYUID.findall(self._response("COPYUID")):
            uidvalidity = int(validity)
            pairs |= dict(zip(_numbers(sources), _numbers(copies), strict=False))
        return CopiedUids(uidvalidity=uidvalidity, uids=pairs) if pairs else None


def _connect(server: ImapServer, timeout_seconds: float) -> IMAPClient:
    client = IMAPClient(
        server.host,
        port=server.port,
        ssl=server.security is Security.TLS,
        ssl_context=tls_context(server.ca_file) if server.security is Security.TLS else None,
        timeout=SocketTimeout(connect=timeout_seconds, read=timeout_seconds),
    )
    client.normalise_times = False  # keep INTERNALDATE aware instead of naive in this machine's zone
    client._imap.debug = 0  # noqa: SLF001 - imapclient formats every literal for a log nobody reads: 2-7 times slower
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a command's CRLF is a segment of its own
    if server.security is Security.STARTTLS:
        client.starttls(tls_context(server.ca_file))
    return client


def _log_in(client: IMAPClient, account: Account) -> None:
    match account.authentication:
        case Authentication.LOGIN:
            client.login(account.login, account.secret())
        case Authentication.XOAUTH2:
            client.oauth2_login(account.login, account.secret())


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Turn the library's exceptions into ours, saying what was under way."""
    try:
        yield
    except LoginError as error:
        raise ImapRefusedError(what, error) from None
    except (IMAPClientAbortError, OSError) as error:
        raise ImapUnavailableError(what, why(error)) from None
    except IMAPClientError as error:
        raise ImapRefusedError(what, error) from None
    except _BROKEN_ANSWER as error:
        raise ImapUnavailableError(what, f"broken answer ({type(error).__name__})") from error


def _prefix(uid: int, answer: dict[bytes, Any]) -> Arrival | None:
    """None where the answer is none to our question (flags told in passing), or gives no bytes or no date."""
    received_at, prefix = answer.get(b"INTERNALDATE"), answer.get(b"BODY[]<0>")
    if not (isinstance(prefix, bytes) and isinstance(received_at, datetime) and 1 < received_at.year < MAXYEAR):
        return None
    return Arrival(
        uid=uid,
        size=int(answer[b"RFC822.SIZE"]),
        received_at=received_at.astimezone(UTC),
        prefix=prefix,
    )


def _uid_set(uids: Sequence[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def _numbers(uid_set: bytes) -> list[int]:
    numbers: list[int] = []
    for item in uid_set.split(b","):
        first, _, last = item.partition(b":")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers
