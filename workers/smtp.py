"""The only place that speaks SMTP: stored letters go out byte for byte, over one connection."""

import smtplib
import socket
import ssl
from types import TracebackType
from typing import Self

from core.accounts import Security
from core.settings import Smtp
from core.tls import tls_context

_PERMANENT = 500
_CLOSING = 421
_NO_SUCH_ADDRESS = 553


class SmtpUnavailableError(Exception):
    """The relay cannot be reached or stopped answering; the letter may or may not have been accepted."""


class SmtpRefusedError(Exception):
    """The relay answered, and did not take the letter; `permanent` if it will not take it later either.

    `every_letter` says that it refuses us, not this letter: our login, or at present anything at all.
    """

    def __init__(self, code: int, words: bytes | str, *, every_letter: bool = False) -> None:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        super().__init__(f"{code} {text}"[:300])
        self.permanent = code >= _PERMANENT
        self.every_letter = every_letter or code == _CLOSING


class Relay:
    """A connection to the relay, opened at the first letter and kept for the next; use as a context manager."""

    def __init__(self, settings: Smtp, *, timeout_seconds: float, helo: str) -> None:
        self._settings = settings
        self._timeout = timeout_seconds
        self._helo = helo
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        self.close()

    def send(self, recipient: str, letter: bytes, *, sender: str = "") -> str:
        """Hand over one letter; returns the relay's words of acceptance. No `sender` is the null one: no bounce.

        Raises SmtpRefusedError if it is certain that the relay did not take it, else SmtpUnavailableError.
        """
        if not recipient or smtplib.quoteaddr(recipient) != f"<{recipient}>":
            # smtplib would send to what it takes the address for, in silence
            raise SmtpRefusedError(_NO_SUCH_ADDRESS, "this is no address")
        try:
            connection = self._connected()
            _expect(connection.mail(sender, ("SMTPUTF8",) if not recipient.isascii() else ()))
            _expect(connection.rcpt(recipient))
            code, words = connection.data(letter)
        except smtplib.SMTPResponseException as error:
            greeted = self._connection is not None
            self.close()
            raise SmtpRefusedError(error.smtp_code, error.smtp_error, every_letter=not greeted) from None
        except SmtpRefusedError:
            self._reset()
            raise
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise SmtpUnavailableError(f"{type(error).__name__}: {error}"[:300]) from None
        _expect((code, words))
        return f"{code} {words.decode('utf-8', 'replace')}"[:200]

    def check(self, recipient: str | None = None) -> None:
        """Connect and log in, and ask whether `recipient` would be accepted; send nothing. Raises as `send` does."""
        try:
            connection = self._connected()
            if recipient is not None:
                _expect(connection.mail(""))
                _expect(connection.rcpt(recipient))
                connection.rset()
        except smtplib.SMTPResponseException as error:
            raise SmtpRefusedError(error.smtp_code, error.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            raise SmtpUnavailableError(f"{type(error).__name__}: {error}"[:300]) from None

    def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server, context = self._settings, tls_context(self._settings.ca_file)
        connection: smtplib.SMTP
        if server.security is Security.TLS:
            connection = smtplib.SMTP_SSL(server.host, server.port, self._helo, timeout=self._timeout, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, self._helo, timeout=self._timeout)
        try:
            _greet(connection, server, context)
        except BaseException:
            connection.close()
            raise
        return connection

    def _reset(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


def _greet(connection: smtplib.SMTP, server: Smtp, context: ssl.SSLContext) -> None:
    if connection.sock is not None:
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if server.security is Security.STARTTLS:
        connection.starttls(context=context)
    connection.ehlo_or_helo_if_needed()
    if server.username:
        connection.login(server.username, server.secret() or "")


def _expect(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:  # noqa: PLR2004 - SMTP's own classes of answers
        raise SmtpRefusedError(code, words)
