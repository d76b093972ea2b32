import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

STACK = Path(__file__).resolve().parents[2] / "scripts" / "stack"

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@contextmanager
def _running(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([STACK, folder, *options], stdout=subprocess.PIPE, text=True) as stack:
        try:
            yield stack
        finally:
            stack.terminate()


def _places(stack: subprocess.Popen[str]) -> dict[str, str]:
    assert stack.stdout
    return dict(stack.stdout.readline().strip().split("=", 1) for _ in range(2))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
def test_the_servers_run_until_told_to_stop(server_folder: Path, how: signal.Signals) -> None:
    with _running(server_folder / f"stack-{how}", "--servers-only") as stack:
        places = _places(stack)
        _note(places)
        stack.send_signal(how)

        assert stack.wait(timeout=120) == 0

    with pytest.raises(psycopg.OperationalError):
        _connect(places)


def test_the_database_is_still_there_the_next_time(server_folder: Path) -> None:
    for _ in range(2):
        with _running(server_folder / "stack-twice", "--servers-only") as stack:
            places = _places(stack)
            _note(places)

    with _running(server_folder / "stack-twice", "--servers-only") as stack, _connect(_places(stack)) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (2,)


def _note(places: dict[str, str]) -> None:
    with _connect(places) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text TEXT)")
        connection.execute("INSERT INTO note VALUES ('kept')")
    with redis.Redis.from_url(places["MAILROOM_BROKER__URL"]) as client:
        client.ping()


def _connect(places: dict[str, str]) -> psycopg.Connection:
    return psycopg.connect(places["MAILROOM_DATABASE__URL"].replace("+psycopg", ""))
