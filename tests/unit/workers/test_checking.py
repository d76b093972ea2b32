"""What `mailroom check` says of things that no server can tell."""

from pathlib import Path

import pytest

from tests.office import HOUSING, an_office
from workers.checking import Check, check_bounces


def _of_bounces(folder: Path, sender: str) -> Check:
    with an_office(folder) as office:
        office.data["smtp"]["sender"] = sender
        return check_bounces(office.runtime())


def test_letters_whose_return_nobody_would_see_are_warned_of_with_the_remedy(tmp_path: Path) -> None:
    found = _of_bounces(tmp_path, "mailroom@council.example")

    assert found.ok  # an alias may bring them where they are seen
    assert found.words.startswith(
        "WARNING: smtp.sender is mailroom@council.example, which is the address of no mailbox"
    )
    assert found.words.endswith("diverted mail that its point of contact's server refuses in the end goes unnoticed")
    assert "add a mailbox of that address" in found.remedy


@pytest.mark.parametrize("sender", [HOUSING, HOUSING.title()])
def test_letters_that_come_back_to_a_mailbox_of_ours_are_nothing_to_warn_of(tmp_path: Path, sender: str) -> None:
    found = _of_bounces(tmp_path, sender)

    assert (found.ok, found.words, found.remedy) == (True, "seen in mailbox housing", "")
