"""What every private server has in common: a folder, a log, and an end by its process id."""

import importlib.util
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 15
LOG_TAIL_BYTES = 2000


class ServerMissingError(Exception):
    """A program is not installed; the message says which, and the line that installs it."""


class ServerFailedError(Exception):
    """A program did not do as told; the message is the end of its log."""


class Program:
    """One long-running process: a context manager that starts it, and ends it by its process id."""

    def __init__(self, folder: Path) -> None:
        """Keep everything below `folder`."""
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Where its own words go."""
        return self.folder / "log"

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Come up; raises ServerFailedError."""
        raise NotImplementedError

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it by `how`, and by SIGKILL if that takes too long; nothing happens if it is not running."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def restart(self) -> None:
        """End it and come up again, in the same place with the same data."""
        self.stop()
        self.start()

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return once `ready()`; raises ServerFailedError when the process ends or takes too long."""
        give_up = time.monotonic() + START_SECONDS
        while not ready():
            if not self.running or time.monotonic() > give_up:
                self.stop()
                raise ServerFailedError(self.last_words())
            time.sleep(0.02)

    def last_words(self) -> str:
        """The end of the log."""
        words = self.log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace") if self.log.exists() else "no log"
        return f"{type(self).__name__} in {self.folder}:\n{words}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


class Server(Program):
    """A program that listens on a port of 127.0.0.1."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        """Listen on `port`, or on a free one."""
        super().__init__(folder)
        self.port = port or free_port()


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of 127.0.0.1 at this moment."""
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Whether somebody accepts connections on `port` of 127.0.0.1."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def in_package(package: str, pattern: str) -> list[Path]:
    """The files matching `pattern` inside an installed Python package, which is not imported; none if there is none."""
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec and spec.submodule_search_locations else []
    return sorted(path for folder in folders for path in Path(folder).glob(pattern))
