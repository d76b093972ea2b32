import socket
import urllib.request

import pytest


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_UNIX], ids=["internet", "unix"])
def test_a_unit_test_that_connects_is_told_so(family: socket.AddressFamily) -> None:
    with socket.socket(family) as probe, pytest.raises(AssertionError, match="opens no socket"):
        probe.connect(("127.0.0.1", 143) if family == socket.AF_INET else "/run/nobody")


def test_a_unit_test_that_looks_up_a_name_is_told_so() -> None:
    with pytest.raises(AssertionError, match="opens no socket"):
        urllib.request.urlopen("http://council.example")
