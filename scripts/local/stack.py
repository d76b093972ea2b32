"""Runs the distributed topology from programs on this machine: what `scripts/stack` does."""

# ruff: noqa: T201 - a command speaks by printing

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from scripts.local.postgres import Postgres
from scripts.local.server import Program, ServerFailedError, ServerMissingError
from scripts.local.valkey import Valkey

DATABASE = "mailroom"
ROLE = "mailroom"  # what workers connect as; the tables belong to another
MAILROOM = Path(sys.executable).with_name("mailroom")


class Mailroom(Program):
    """One long-running `mailroom` command."""

    def __init__(self, folder: Path, command: str, environment: Mapping[str, str]) -> None:
        super().__init__(folder)
        self.command = command
        self.environment = environment

    def start(self) -> None:
        """Start it; whether it lives on is watched later."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [MAILROOM, self.command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def main() -> int:
    """Start everything, print where it is, and stop it all at Ctrl-C or when one part dies."""
    options = _options()
    for told in (signal.SIGINT, signal.SIGTERM):  # a shell has its background jobs ignore the first
        signal.signal(told, signal.default_int_handler)
    try:
        with ExitStack() as running:
            return _watch(_started(options, running))
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
        return 0
    except (ServerMissingError, ServerFailedError) as error:
        print(error, file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/stack", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("stack"), help="where all data goes (%(default)s)")
    parser.add_argument("--config", type=Path, default=Path("mailroom.toml"), help="the settings (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="how many workers (%(default)s)")
    parser.add_argument("--servers-only", action="store_true", help="only the database and the broker")
    return parser.parse_args()


def _started(options: argparse.Namespace, running: ExitStack) -> dict[str, Program]:
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    database = running.enter_context(Postgres(folder / "database"))
    if not database.has(DATABASE):
        database.create(DATABASE)
    broker = running.enter_context(Valkey(folder / "broker"))
    owner = {"MAILROOM_DATABASE__URL": database.url(DATABASE), "MAILROOM_BROKER__URL": broker.url}
    password = _role_password(folder)
    daily = {**owner, "MAILROOM_DATABASE__URL": database.url(DATABASE, ROLE, password.read_text("ascii"))}
    for name, value in (owner if options.servers_only else daily).items():
        print(f"{name}={value}", flush=True)
    parts: dict[str, Program] = {"database": database, "broker": broker}
    if not options.servers_only:
        environment = {**os.environ, "MAILROOM_CONFIG": str(options.config.resolve())}
        _prepare(password, {**environment, **owner})
        parts |= _mailroom(folder, {**environment, **daily}, running, workers=options.workers)
    print(f"running in {folder}: {', '.join(parts)}; Ctrl-C stops", flush=True)
    return parts


def _role_password(folder: Path) -> Path:
    file = folder / "role-password"
    if not file.exists():
        file.touch(0o600)
        file.write_text(secrets.token_urlsafe(16), "ascii")
    return file


def _prepare(password: Path, environment: Mapping[str, str]) -> None:
    """As the owner: make the tables, and the role that works on them."""
    for words in (["db", "upgrade"], ["db", "grant", ROLE, "--password-file", str(password)]):
        if subprocess.run([MAILROOM, *words], env=environment, check=False).returncode != 0:  # noqa: S603 - our own command
            message = f"mailroom {' '.join(words[:2])} failed, see above"
            raise ServerFailedError(message)


def _mailroom(folder: Path, environment: Mapping[str, str], running: ExitStack, *, workers: int) -> dict[str, Program]:
    commands = {**{f"worker-{number}": "worker" for number in range(1, workers + 1)}, "scheduler": "scheduler"}
    return {
        name: running.enter_context(Mailroom(folder / name, command, environment)) for name, command in commands.items()
    }


def _watch(parts: Mapping[str, Program]) -> int:
    while all(part.running for part in parts.values()):
        time.sleep(0.5)
    for name, part in parts.items():
        if not part.running:
            print(f"{name} ended by itself:\n{part.last_words()}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
