"""The least that a policy must say, to be changed by each test as it needs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from policies.reading import PolicyHistory, read_policy

LEAST = Path(__file__).parent / "a-council" / "policy.yaml"
Changed = Callable[..., PolicyHistory]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Reads the least policy after replacing each of these lines, told by how it begins."""

    def read(**lines: str) -> PolicyHistory:
        text = LEAST.read_text("utf-8").splitlines()
        for key, new in lines.items():
            (place,) = (number for number, line in enumerate(text) if line.startswith(f"{key}:"))
            text[place] = new
        path = tmp_path / "a-council" / "policy.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(text), encoding="utf-8")
        return read_policy(path)

    return read
