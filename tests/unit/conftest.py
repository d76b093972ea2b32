"""Unit tests open no socket: whoever tries is told to move the test, or to hand the unit a fake."""

import socket
from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_where: object, **_how: object) -> NoReturn:
        message = "a unit test opens no socket: use a fake from tests.fakes, or move the test to tests/integration"
        raise AssertionError(message)

    for method in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, method, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
