"""The distributed way to run: real workers, PostgreSQL and Valkey; what is lost with them delays work and no more."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine, text

from tests.servers import Dovecot, SmtpSink

HOUSING = "housing@council.example"
PLANNING = "planning@council.example"
KEEPER = (
    *("officer", "set", "keeper", "name=The Complaints Manager", "job_title=Complaints Manager"),
    *("service=complaints", "roles=[complaints-manager]"),
)
DECISION = "The Complaints Manager,Complaints Manager,2024-12-16,2024-12-17,2025-01-01,Forty letters a week,2025-06-30"
REGISTER = f"""\
ref,name,email,owner,kind,spoc,decided_by,decided_by_title,decided_on,advised_on,commenced,reasons,review_on
A1,Ann Example,ann@mail.example,keeper,spoc-diversion,spoc@council.example,{DECISION}
"""


@pytest.fixture
def config(tmp_path: Path, dovecot: Dovecot, smtp_sink: SmtpSink, postgres_url: str, redis_url: str) -> Path:
    path = tmp_path / "mailroom.toml"
    path.write_text(
        f"""
[council]
name = "Council"
domains = ["council.example"]
signing_key = "a-key-for-this-test"
[database]
url = "{postgres_url}"
[broker]
url = "{redis_url}"
[imap]
port = {dovecot.port}
security = "plain"
[smtp]
host = "127.0.0.1"
port = {smtp_sink.port}
security = "plain"
sender = "mailroom@council.example"
[mailboxes.housing]
address = "{HOUSING}"
password = "{dovecot.password}"
[mailboxes.planning]
address = "{PLANNING}"
password = "{dovecot.password}"
[pace]
poll_seconds = 1
retry_seconds = 0.5
""",
        encoding="utf-8",
    )
    register = tmp_path / "register.csv"
    register.write_text(REGISTER, encoding="utf-8")
    for arguments in (["db", "upgrade"], KEEPER, ["register", "import", str(register), "--as", "keeper"]):
        subprocess.run([*_mailroom(path), *arguments], check=True, capture_output=True)
    return path


@pytest.mark.requirement("1.71")
@pytest.mark.timeout(180)
def test_a_worker_killed_in_mid_task_and_a_flushed_broker_lose_and_double_nothing(
    config: Path, dovecot: Dovecot, smtp_sink: SmtpSink, postgres_url: str, redis_url: str
) -> None:
    for address in (HOUSING, PLANNING):
        dovecot.append(address, *(_mail(address, number) for number in range(30)))
    smtp_sink.delay(0.1)
    with _running(config, "scheduler"), _running(config, "worker") as first:
        _eventually(lambda: len(smtp_sink.accepted) >= 3)

        os.killpg(first.pid, signal.SIGKILL)
        redis.Redis.from_url(redis_url).flushall()
        smtp_sink.delay(0)

        with _running(config, "worker"):
            _eventually(lambda: _settled(postgres_url) == 60)
    for address in (HOUSING, PLANNING):
        assert len(dovecot.messages(address, "INBOX")) == 20
        assert len(dovecot.messages(address, "Diverted")) == 10
    letters = Counter(letter.parsed()["Message-ID"] for letter in smtp_sink.accepted)
    assert len(letters) == 20
    assert len({letter.raw for letter in smtp_sink.accepted}) == 20  # a repeat, if any, is the same to the byte
    assert sum(letters.values()) <= 22  # one letter at most was under way in each of two processes


def _mail(address: str, number: int) -> bytes:
    sender = "ann@mail.example" if number % 3 == 0 else f"resident{number}@home.example"
    return (
        f"Message-ID: <{number}.{address}>\r\nFrom: {sender}\r\nTo: {address}\r\nSubject: Letter {number}\r\n\r\n"
        f"About the gate, {number}.\r\n"
    ).encode()


def _mailroom(config: Path) -> list[str]:
    return [sys.executable, "-m", "cli", "--config", str(config)]


@contextmanager
def _running(config: Path, command: str) -> Iterator[subprocess.Popen[bytes]]:
    log = (config.parent / f"{command}.log").open("ab")
    process = subprocess.Popen([*_mailroom(config), command], stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        log.close()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _settled(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.scalar(text("select count(*) from delivery where state = 'settled'"))
    engine.dispose()
    return int(count or 0)


def _eventually(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail("it did not come about in time")
        time.sleep(0.1)
