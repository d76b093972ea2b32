"""Mail servers for trying the product without any: IMAP (pymap, in memory) and an SMTP sink (aiosmtpd), on loopback."""

import asyncio
import logging
import socket
import threading
from argparse import Namespace
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from pymap.backend.dict import DictBackend, Identity
from pymap.imap import IMAPService
from pymap.user import Passwords, UserMetadata

HOST = "127.0.0.1"
_LARGEST_LETTER = 100_000_000  # bytes


class DemoServersError(Exception):
    """The demonstration's servers did not start."""


class MailServers:
    """Both servers, for as long as the context lasts; `sent` are the letters the sink has taken, oldest first."""

    def __init__(
        self, addresses: Iterable[str], *, password: str, listen: str = HOST, imap_port: int | None = None
    ) -> None:
        """Serve these accounts; IMAP may `listen` elsewhere (within a container) and at a port of one's choice."""
        self.addresses = tuple(addresses)
        self.password = password
        self.sent: list[tuple[tuple[str, ...], bytes]] = []
        self.listen = listen
        self.imap_port = imap_port or _free_port()
        self.smtp_port = _free_port()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._serve, name="demo-imap", daemon=True)
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._smtp = _SinkController(self, hostname=HOST, port=self.smtp_port)

    def __enter__(self) -> Self:
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._thread.start()
        if not self._ready.wait(30):
            message = f"the demonstration's IMAP server did not start on {HOST}:{self.imap_port}"
            raise DemoServersError(message)
        self._smtp.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._smtp.stop()
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        backend, config = await DictBackend.init(_pymap_options(self.listen, self.imap_port, self.password))
        config.apply_context()
        passwords = Passwords(config)
        for address in self.addresses:
            user = UserMetadata(config, address, password=await passwords.hash_password(self.password))
            await Identity(address, backend.login, None, frozenset()).set(user)
        async with AsyncExitStack() as stack:
            await backend.start(stack)
            await IMAPService(backend, config).start(stack)
            self._ready.set()
            await self._stop.wait()


class _SinkController(Controller):
    def __init__(self, servers: MailServers, *, hostname: str, port: int) -> None:
        super().__init__(_Sink(servers), hostname=hostname, port=port)

    def factory(self) -> SMTP:
        return SMTP(self.handler, data_size_limit=_LARGEST_LETTER, enable_SMTPUTF8=True, loop=self.loop)


class _Sink:
    """Takes every letter and keeps it."""

    def __init__(self, servers: MailServers) -> None:
        self._servers = servers

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        letter = envelope.original_content or b""
        self._servers.sent.append((tuple(envelope.rcpt_tos), letter))
        return "250 2.0.0 taken"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _pymap_options(host: str, port: int, password: str) -> Namespace:
    options: dict[str, Any] = {
        "host": [host],
        "port": str(port),
        "cert": None,
        "key": None,
        "tls": False,
        "inherited_sockets": None,
        "proxy_protocol": None,
        "passlib_cfg": None,
        "debug": False,
        "demo_data": False,
        "demo_user": "nobody",
        "demo_password": password,
        "insecure_login": True,
    }
    return Namespace(**options)
