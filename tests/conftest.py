"""What every ring shares: real servers as fixtures, each started only when a test asks for it.

Asked for by a fixture (`dovecot`) or a mark (`@pytest.mark.dovecot`), a server that is missing skips the test with the
line that installs it; in continuous integration a skip fails the run, see `tests.no_skips`.
"""

import functools
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the rooms, and `tests.builders`, come from this checkout

from scripts.local.postgres import postgres_programs  # noqa: E402 - found once the path is set
from scripts.local.valkey import valkey_program  # noqa: E402
from tests import no_skips, requirement_marks  # noqa: E402
from tests.servers import Certificate, Dovecot, Postgres, ServerMissingError, SmtpSink, Valkey  # noqa: E402
from tests.servers.dovecot import dovecot_program  # noqa: E402

pytest_plugins = ("pytester",)

SHARED = Path(os.environ.get("MAILROOM_SHARED", ROOT.parent / "shared"))


def shared_folder() -> Path:
    """The corpora beside the checkout; raises ServerMissingError."""
    if not (SHARED / "mail" / "messages").is_dir():
        message = f"no corpora in {SHARED}; set MAILROOM_SHARED to the folder that holds them"
        raise ServerMissingError(message)
    return SHARED


# By mark: what finds the server, and the fixtures that are that server.
NEEDS: dict[str, tuple[Callable[[], Path], frozenset[str]]] = {
    "dovecot": (dovecot_program, frozenset({"dovecot", "dovecot_legacy", "any_dovecot"})),
    "postgres": (postgres_programs, frozenset({"postgres_url", "postgres_server"})),
    "redis": (valkey_program, frozenset({"redis_url", "redis_server"})),
    "shared": (shared_folder, frozenset({"shared"})),
}


def pytest_configure(config: pytest.Config) -> None:
    """Add the plugins of our own."""
    for plugin in (no_skips, requirement_marks):
        config.pluginmanager.register(plugin)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the marks of the servers it asks for, and skip it where one is missing."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        for need, (_, fixtures) in NEEDS.items():
            if asked & fixtures:
                item.add_marker(need)
            if item.get_closest_marker(need) and (reason := _why_missing(need)):
                item.add_marker(pytest.mark.skip(reason=reason))


@functools.cache
def _why_missing(need: str) -> str:
    find, _ = NEEDS[need]
    try:
        find()
    except ServerMissingError as error:
        return str(error)
    return ""


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A short-named folder that servers running as somebody else may enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="mailroom-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def certificate(server_folder: Path) -> Certificate:
    """What the servers of this run show, and the authority to trust for it."""
    return Certificate.issued_in(server_folder / "tls")


@pytest.fixture(scope="session")
def _dovecot(server_folder: Path, certificate: Certificate) -> Iterator[Dovecot]:
    with Dovecot(server_folder / "dovecot", certificate) as server:
        yield server


@pytest.fixture(scope="session")
def _dovecot_legacy(server_folder: Path, certificate: Certificate) -> Iterator[Dovecot]:
    with Dovecot(server_folder / "dovecot-legacy", certificate, legacy=True) as server:
        yield server


@pytest.fixture
def dovecot(_dovecot: Dovecot) -> Dovecot:
    """A running Dovecot without any mail."""
    return _emptied(_dovecot)


@pytest.fixture
def dovecot_legacy(_dovecot_legacy: Dovecot) -> Dovecot:
    """The same, of a server that announces neither MOVE nor UIDPLUS."""
    return _emptied(_dovecot_legacy)


@pytest.fixture(params=["full", "legacy"])
def any_dovecot(request: pytest.FixtureRequest) -> Dovecot:
    """The test runs twice: once with each kind of server."""
    server: Dovecot = request.getfixturevalue("dovecot" if request.param == "full" else "dovecot_legacy")
    return server


def _emptied(server: Dovecot) -> Dovecot:
    if not server.running:
        server.start()
    server.wipe()
    return server


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server that takes everything, unless told otherwise."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def smtp_sink_tls(certificate: Certificate) -> Iterator[SmtpSink]:
    """The same, wanting STARTTLS and a login with the password `sesame`."""
    with SmtpSink(certificate=certificate, password="sesame") as sink:
        yield sink


@pytest.fixture(scope="session")
def _postgres(server_folder: Path) -> Iterator[Postgres]:
    with Postgres(server_folder / "postgres", durable=False) as server:
        yield server


@pytest.fixture
def postgres_server(_postgres: Postgres) -> Postgres:
    """The running cluster, for tests that stop or crash it."""
    if not _postgres.running:
        _postgres.start()
    return _postgres


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """An empty database of one's own, as SQLAlchemy is told of it."""
    database = f"test_{uuid.uuid4().hex}"
    postgres_server.create(database)
    yield postgres_server.url(database)
    if not postgres_server.running:
        postgres_server.start()
    postgres_server.drop(database)


@pytest.fixture(scope="session")
def _redis(server_folder: Path) -> Iterator[Valkey]:
    with Valkey(server_folder / "valkey") as server:
        yield server


@pytest.fixture
def redis_server(_redis: Valkey) -> Valkey:
    """A running and empty Valkey, for tests that stop it; it forgets everything when it stops."""
    _redis.restart()
    return _redis


@pytest.fixture
def redis_url(redis_server: Valkey) -> str:
    """An empty Valkey, as Celery and redis-py are told of it."""
    return redis_server.url


@pytest.fixture
def shared() -> Path:
    """The corpora beside the checkout."""
    return SHARED
