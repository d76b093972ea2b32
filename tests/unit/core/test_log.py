import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from core import log


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_an_event_is_one_line_of_json_with_its_room(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()

    log.get("ingest").info("message.recorded", message_ref="M7")

    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "message.recorded", "level": "info", "message_ref": "M7", "room": "ingest"}


def test_events_go_to_standard_error_only(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()

    log.get("ingest").error("mailbox.lost")

    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("level", "heard"), [("WARNING", 1), ("DEBUG", 3), ("ERROR", 0)])
def test_only_events_of_the_level_and_above_are_written(
    level: str, heard: int, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(level=level)
    logger = log.get("workers")

    logger.debug("a")
    logger.info("b")
    logger.warning("c")

    assert len(capsys.readouterr().err.splitlines()) == heard


def test_what_an_event_says_cannot_forge_a_second_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()

    log.get("ingest").info("message.failed", error='broken\n{"event": "all is well"}\x1b[2J')

    (line,) = capsys.readouterr().err.splitlines()
    assert "\x1b" not in line


def test_at_a_terminal_an_event_is_for_reading(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(log_format="console")

    log.get("ingest").info("message.recorded", message_ref="M7")

    shown = capsys.readouterr().err
    assert "message.recorded" in shown
    assert "M7" in shown
    assert not shown.startswith("{")


@pytest.mark.parametrize("library", ["mailparser", "mailparser.core", "imapclient", "imapclient.imaplib", "imaplib"])
def test_libraries_that_would_log_what_senders_wrote_are_silenced(
    library: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    log.configure(level="DEBUG")

    logging.getLogger(library).error("the sender wrote: open sesame")

    assert "open sesame" not in capsys.readouterr().err + caplog.text


def test_an_event_goes_to_what_standard_error_is_when_it_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    log.configure()
    first.close()
    monkeypatch.setattr(sys, "stderr", second)

    log.get("workers").info("mailbox.swept")

    assert '"mailbox.swept"' in second.getvalue()
