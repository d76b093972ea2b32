"""Structured logging: one JSON line an event, with references and reasons, never an address, a subject or a body."""

import logging
import sys
from typing import Literal

import structlog

LogFormat = Literal["json", "console"]

# These libraries log what senders wrote (mail-parser) or every protocol line (imapclient): their words stay out.
_TALKATIVE = ("mailparser", "imapclient", "imaplib", "mail.log")


def configure(*, level: str = "INFO", log_format: LogFormat = "json") -> None:
    """Send events to standard error, at `level` and above, as JSON lines or for reading at a terminal."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(file=sys.stderr),  # as it is then, not as it is now
        cache_logger_on_first_use=False,
    )
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def get(room: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of one room, e.g. `ingest`; every event carries the room's name."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(room=room)
    return logger
