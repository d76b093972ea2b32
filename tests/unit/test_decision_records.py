import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


def test_records_are_numbered_without_gaps() -> None:
    assert [record.name[:4] for record in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_record_says_its_state_and_is_listed_with_it(record: Path) -> None:
    found = re.search(r"^State: (proposed|accepted|superseded)", record.read_text("utf-8"), re.MULTILINE)
    index = (FOLDER / "README.md").read_text("utf-8")

    assert found
    assert re.search(rf"\[{record.name[:4]}\]\({re.escape(record.name)}\) \| .+ \| {found[1]}", index)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_record_follows_the_template(record: Path) -> None:
    def headings(path: Path) -> list[str]:
        return re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)

    assert headings(record) == headings(FOLDER / "template.md")
