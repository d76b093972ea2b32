"""A mail server that delivers nothing: it remembers what it accepted, and refuses or breaks off as it is told."""

import asyncio
import base64
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self, TypeVar

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from scripts.local.server import HOST
from tests.servers.tls import Certificate

ALWAYS = 1_000_000_000
SIZE_LIMIT_BYTES = 120_000_000

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedMessage:
    """One message the sink took responsibility for."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    def parsed(self) -> EmailMessage:
        """The message, read by the standard library."""
        return message_from_bytes(self.raw, _class=EmailMessage, policy=policy.default)


class SmtpSink:
    """SMTP on `port` of 127.0.0.1, in a thread of its own: a context manager."""

    def __init__(self, *, certificate: Certificate | None = None, password: str | None = None) -> None:
        """With a `certificate` it offers STARTTLS; with a `password` too, it wants a login after that, by any name.

        The password is also the access token that XOAUTH2 has to show.
        """
        self.host = HOST
        self.port = 0
        self.accepted: list[AcceptedMessage] = []
        self.options: dict[str, Any] = {"data_size_limit": SIZE_LIMIT_BYTES, "enable_SMTPUTF8": True}
        if certificate:
            self.options["tls_context"] = certificate.server_context()
        if password:
            self.options |= {"authenticator": _wants(password), "auth_required": True}
        self._password = password
        self.logins: list[str] = []  # what XOAUTH2 was shown, and what it was answered, in order
        self.mailed: list[tuple[str, list[str]]] = []  # each MAIL that was taken: who sends, and what else was said
        self.connections = 0
        self._refusals: dict[str, tuple[int, int]] = {}
        self._content_refusals: list[str] = []
        self._most_a_connection, self._last_words = ALWAYS, ""
        self._drops = 0
        self._delay_seconds = 0.0
        self._silence_seconds = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        self._connections: set[_Connection] = set()

    def refuse(self, recipient: str, code: int, *, times: int = ALWAYS) -> None:
        """Answer the next RCPT TO of `recipient` with a 4xx or 5xx `code`, `times` times over."""
        self._refusals[recipient.casefold()] = (code, times)

    def refuse_content(self, answer: str, *, times: int = 1) -> None:
        """Answer the end of the next messages with this, and do not take them."""
        self._content_refusals = [answer] * times

    def limit(self, letters: int, answer: str = "421 4.7.0 enough on this connection") -> None:
        """Take so many letters over one connection, and answer MAIL with this after that; with 421, hang up."""
        self._most_a_connection, self._last_words = letters, answer

    def hang_up(self, farewell: str = "") -> None:
        """End every open connection, as a relay does with those that idle: with last words, or without."""
        self._run(self._hang_up(farewell))

    def drop_after_accepting(self, *, times: int = 1) -> None:
        """Take each of the next messages, but break the connection instead of saying so."""
        self._drops = times

    def delay(self, seconds: float) -> None:
        """Wait so long before answering the end of each message."""
        self._delay_seconds = seconds

    def fall_silent(self, seconds: float = 30) -> None:
        """Wait so long before answering each MAIL."""
        self._silence_seconds = seconds

    def wait_for(self, count: int, *, seconds: float = 10) -> tuple[AcceptedMessage, ...]:
        """The accepted messages, once there are `count` of them; raises TimeoutError."""
        give_up = time.monotonic() + seconds
        while len(self.accepted) < count:
            if time.monotonic() > give_up:
                message = f"{len(self.accepted)} of {count} messages after {seconds} seconds"
                raise TimeoutError(message)
            time.sleep(0.01)
        return tuple(self.accepted)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_error: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd names the hook
        """Answer an access token as Gmail does: a bad one by a challenge that says why, to be answered by nothing."""
        shown = base64.b64decode(args[1]).decode()
        self.logins.append(shown)
        if shown.endswith(f"\x01auth=Bearer {self._password}\x01\x01"):
            return AuthResult(success=True, auth_data=shown)
        why = base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode()
        answered = await server.challenge_auth(why, encode_to_b64=False)
        self.logins.append(answered.decode() if isinstance(answered, bytes) else "not understood")
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802 - as above
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM: what aiosmtpd calls."""
        assert isinstance(server, _Connection)
        if server.taken >= self._most_a_connection:
            if self._last_words.startswith("421"):
                self._loop.call_soon(server.hang_up)
            return self._last_words
        self.mailed.append((address, options))
        await asyncio.sleep(self._silence_seconds)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT TO: what aiosmtpd calls."""
        code, left = self._refusals.get(address.casefold(), (0, 0))
        if left > 0:
            self._refusals[address.casefold()] = (code, left - 1)
            return f"{code} {code // 100}.1.0 refused as told"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Answer the end of a message: what aiosmtpd calls."""
        if self._content_refusals:
            return self._content_refusals.pop()
        assert isinstance(server, _Connection)
        server.taken += 1
        raw = envelope.original_content or b""
        recipients = tuple(envelope.rcpt_tos)
        self.accepted.append(AcceptedMessage(sender=envelope.mail_from or "", recipients=recipients, raw=raw))
        await asyncio.sleep(self._delay_seconds)
        if self._drops > 0:
            self._drops -= 1
            _break(server)
        return "250 2.0.0 taken"

    def _run(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(lambda: _Connection(self, self._connections), HOST, 0)

    async def _hang_up(self, farewell: str) -> None:
        for connection in tuple(self._connections):
            if farewell:
                await connection.push(farewell)
            connection.hang_up()

    async def _close(self) -> None:
        self._server.close()
        for connection in tuple(self._connections):
            _break(connection)
        ours = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not ours]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Connection(SMTP):
    """A connection that can be found and broken when the sink stops."""

    def __init__(self, sink: SmtpSink, open_ones: set["_Connection"]) -> None:
        super().__init__(sink, **sink.options)
        self._sink = sink
        self._open_ones = open_ones
        self.taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open_ones.add(self)
        self._sink.connections += 1

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._open_ones.discard(self)

    def hang_up(self) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.close()


def _break(connection: SMTP) -> None:
    assert isinstance(connection.transport, asyncio.WriteTransport)
    connection.transport.abort()


def _wants(password: str) -> Any:  # noqa: ANN401 - aiosmtpd's own type of an authenticator is not exported
    def authenticate(*call: Any) -> AuthResult:  # noqa: ANN401 - server, session, envelope, mechanism and what was given
        given = call[-1]
        return AuthResult(success=isinstance(given, LoginPassword) and given.password == password.encode())

    return authenticate
