"""The only place that speaks SMTP: stored letters go out byte for byte, many over one connection.

A relay may end a connection that it has idled on, or that has carried enough: what is certain not to have left us goes
out over another one, and nobody hears of it. Once the first byte of a letter has left, only the relay's answer tells.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from core.accounts import Authentication, Security, SettingsError
from core.outages import why
from core.settings import Smtp
from core.tls import tls_context

_PERMANENT = 500
_CLOSING = 421
_BEGIN = 354
_NOT_OFFERED = 504
_NO_LOGIN = 535
_TOO_LARGE = 552
_NO_SUCH_ADDRESS = 553
_ENOUGH = re.compile(r"\b4\.5\.3\b|too many", re.IGNORECASE)  # letters or recipients for one connection
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_END = b"\r\n"


class SmtpUnavailableError(Exception):
    """The relay cannot be reached or stopped answering; `in_doubt` if it may have accepted the letter all the same."""

    def __init__(self, words: str, *, in_doubt: bool) -> None:
        super().__init__(words)
        self.in_doubt = in_doubt


class SmtpRefusedError(Exception):
    """The relay answered, and did not take the letter; `permanent` if it will not take it later either.

    `every_letter` says that it refuses us, not this letter: our login, or at present anything at all.
    """

    def __init__(self, code: int, words: bytes | str, *, every_letter: bool = False) -> None:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        super().__init__(f"{code} {text}"[:300])
        self.permanent = code >= _PERMANENT
        self.every_letter = every_letter or code == _CLOSING
        self.ends_connection = code == _CLOSING or (not self.permanent and _ENOUGH.search(text) is not None)


class SmtpLoginRefusedError(SmtpRefusedError):
    """The relay does not let us in: the user name, the password or the access token is not the one it wants."""

    def __init__(self, code: int, words: bytes | str) -> None:
        super().__init__(code, words, every_letter=True)


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

    def send(
        self, recipient: str, letter: bytes, *, sender: str = "", before: Callable[[], None] = lambda: None
    ) -> str:
        """Hand over one letter; returns the relay's words of acceptance. No `sender` is the null one: no bounce.

        `before` is called when the relay waits for the letter; what it raises keeps the letter from leaving. Raises
        SmtpRefusedError if it is certain that the relay did not take it, else SmtpUnavailableError.
        """
        if not recipient or smtplib.quoteaddr(recipient) != f"<{recipient}>":
            # smtplib would send to what it takes the address for, in silence
            raise SmtpRefusedError(_NO_SUCH_ADDRESS, "this is no address")
        with self._translated():
            connection = self._awaited(recipient, letter, sender)
            before()
        with self._translated(in_doubt=True):
            code, words = _expect(_handed_over(connection, letter))
        return f"{code} {words.decode('utf-8', 'replace')}"[:200]

    def check(self, recipient: str | None = None, *, sender: str = "") -> None:
        """Connect and log in, and ask whether `recipient` would be accepted; send nothing. Raises as `send` does."""
        with self._translated():
            connection = self._connected()
            if recipient is not None:
                _expect(connection.mail(sender))
                _expect(connection.rcpt(recipient))
                connection.rset()

    def close(self) -> None:
        """Say goodbye, and hang up without waiting for an answer."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.putcmd("QUIT")
        self._hang_up()

    def _awaited(self, recipient: str, letter: bytes, sender: str) -> smtplib.SMTP:
        """A connection on which the relay waits for the letter; where it ends a used one before that, another one."""
        used = self._connection is not None
        try:
            return self._announced(recipient, letter, sender)
        except (SmtpRefusedError, smtplib.SMTPServerDisconnected) as error:
            if not (used and _ended(error)):
                raise
        self._hang_up()
        return self._announced(recipient, letter, sender)

    def _announced(self, recipient: str, letter: bytes, sender: str) -> smtplib.SMTP:
        connection = self._connected()
        _expect(connection.mail(sender, _options(connection, f"{sender}{recipient}", len(letter))))
        _expect(connection.rcpt(recipient))
        code, words = connection.docmd("DATA")
        if code != _BEGIN:
            raise SmtpRefusedError(code, words)
        return connection

    @contextmanager
    def _translated(self, *, in_doubt: bool = False) -> Iterator[None]:
        """Turn the library's exceptions into ours, and leave no connection behind of which it is not known how it is.

        `in_doubt` says that the letter is under way: without an answer it may have arrived.
        """
        try:
            yield
        except SmtpRefusedError as error:
            if error.ends_connection:
                self._hang_up()
            self._reset()
            raise
        except smtplib.SMTPResponseException as error:
            greeted = self._connection is not None
            self._hang_up()
            raise SmtpRefusedError(error.smtp_code, error.smtp_error, every_letter=not greeted) from None
        except SettingsError as error:
            raise SmtpUnavailableError(str(error), in_doubt=False) from None
        except (OSError, smtplib.SMTPException) as error:
            unavailable = self._unavailable(error, in_doubt=in_doubt)
            self._hang_up()
            raise unavailable from None
        except BaseException:  # not ours, and the relay may wait for a letter
            self._hang_up()
            raise

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

    def _unavailable(self, error: Exception, *, in_doubt: bool) -> SmtpUnavailableError:
        happened = "cannot be reached" if self._connection is None else "stopped answering"
        server = self._settings
        words = f"the SMTP relay {server.host}:{server.port} {happened}: {why(error)}"[:300]
        return SmtpUnavailableError(words, in_doubt=in_doubt)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _reset(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()


def _greet(connection: smtplib.SMTP, server: Smtp, context: ssl.SSLContext) -> None:
    if connection.sock is not None:
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if server.security is Security.STARTTLS:
        connection.starttls(context=context)
    connection.ehlo_or_helo_if_needed()
    if server.username:
        _log_in(connection, server, server.username, server.secret() or "")


def _log_in(connection: smtplib.SMTP, server: Smtp, username: str, secret: str) -> None:
    try:
        match server.authentication:
            case Authentication.LOGIN:
                connection.login(username, secret)
            case Authentication.XOAUTH2:
                _show_token(connection, username, secret)
    except smtplib.SMTPAuthenticationError as error:
        raise SmtpLoginRefusedError(error.smtp_code, error.smtp_error) from None


def _show_token(connection: smtplib.SMTP, username: str, token: str) -> None:
    """Log in by an access token; a relay that does not take it says why in a challenge, answered by an empty line."""
    if "XOAUTH2" not in connection.esmtp_features.get("auth", "").upper().split():
        raise SmtpLoginRefusedError(_NOT_OFFERED, "the relay offers no XOAUTH2")
    if not token.isascii() or not token.isprintable() or not token:
        raise SmtpLoginRefusedError(_NO_LOGIN, "what is given for the access token is none")
    told: list[bytes] = []

    def answer(challenge: bytes | None = None, /) -> str:
        told.extend([] if challenge is None else [challenge])
        return f"user={username}\x01auth=Bearer {token}\x01\x01" if challenge is None else ""

    try:
        connection.auth("XOAUTH2", answer)
    except smtplib.SMTPAuthenticationError as error:
        said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
        raise SmtpLoginRefusedError(error.smtp_code, b" ".join([said, *told])) from None
    except ValueError:  # from reading what it says in base64
        raise SmtpLoginRefusedError(_NO_LOGIN, "the relay refuses the access token, and does not say why") from None


def _options(connection: smtplib.SMTP, addresses: str, size: int) -> list[str]:
    """What MAIL says of the letter, as far as the relay wants to know. Raises SmtpRefusedError if it cannot take it."""
    options: list[str] = []
    if connection.has_extn("size"):
        most = connection.esmtp_features.get("size", "").strip()
        if most.isdecimal() and 0 < int(most) < size:
            words = f"5.3.4 the letter has {size:,} bytes, and the relay takes no more than {int(most):,}"
            raise SmtpRefusedError(_TOO_LARGE, words)
        options.append(f"SIZE={size}")
    if not addresses.isascii():
        if not connection.has_extn("smtputf8"):
            raise SmtpRefusedError(_NO_SUCH_ADDRESS, "5.6.7 the relay takes no address beyond ASCII")
        options.append("SMTPUTF8")
    return options


def _handed_over(connection: smtplib.SMTP, letter: bytes) -> tuple[int, bytes]:
    """The relay's answer to the letter; if there is none, nobody knows whether it was taken."""
    quoted = _LEADING_DOT.sub(b"..", letter)
    connection.send(quoted + (b"" if quoted.endswith(_END) else _END) + b"." + _END)
    return connection.getreply()


def _ended(error: Exception) -> bool:
    """Whether the relay has ended a connection, of which nothing else is amiss; silence is no end."""
    if isinstance(error, SmtpRefusedError):
        return error.ends_connection
    return not isinstance(error.__context__, TimeoutError)


def _expect(answer: tuple[int, bytes]) -> tuple[int, bytes]:
    code, words = answer
    if not 200 <= code < 300:  # noqa: PLR2004 - SMTP's own classes of answers
        raise SmtpRefusedError(code, words)
    return answer
