"""A dry run: each message with what would become of that very message, and nothing is written."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from policies.period import Period
from policies.vocabulary import Channel
from register import store as register
from register.entry import RegisterEntry, Restriction
from register.restrictions import SingleChannel
from tests.office import MARCH, NORTH, Office, an_office, mail, ordinary, to_file, to_north
from tests.unit.workers.long_letters import A_REQUEST_AT_THE_END
from workers.rehearsing import rehearse

TO_NORTH = f"redirected to {NORTH}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


def _rehearsed(office: Office) -> list[dict[str, Any]]:
    return rehearse(office.runtime(), "housing")


def _outcomes(office: Office) -> list[str]:
    return [row["outcome"] for row in _rehearsed(office)]


def _writes_by_letter_only(office: Office) -> None:
    """Jo is on the register, and writes by post."""
    terms = SingleChannel(channel=Channel.LETTER, notice_every=Period.parse("30 days"))
    always = datetime(2026, 1, 1, tzinfo=UTC)
    restriction = Restriction(ref="J1-1", terms=terms, commenced_at=always, ends_at=None)
    entry = RegisterEntry(ref="J1", version=0, name="Jo", addresses=("jo@mail.example",), restrictions=(restriction,))
    with office.database.transaction() as session:
        register.save(session, entry, now=MARCH)


def test_each_message_has_its_own_outcome_though_the_last_was_decided_before(office: Office) -> None:
    office.deliver(to_file(2))
    office.finish()
    office.deliver(to_north(1), ordinary(3))
    before = _outcomes(office)

    office.deliver(to_file(2))  # an identical copy of what was decided

    assert before == [TO_NORTH, "kept"]
    assert _outcomes(office)[:2] == before


def test_of_an_inbox_that_is_tended_each_message_keeps_what_was_decided_of_it(office: Office) -> None:
    office.deliver(mail("bob@mail.example", 2, subject="Hello"), ordinary(3))
    office.finish()

    assert _outcomes(office) == ["kept, ask: matter", "kept"]


def test_a_letter_that_would_be_filed_is_read_to_its_end(office: Office) -> None:
    _writes_by_letter_only(office)
    office.deliver(A_REQUEST_AT_THE_END)

    (row,) = _rehearsed(office)
    office.finish()

    assert row["outcome"] == "kept, ask: statutory"
    assert office.dispositions() == {"kept": 1}


def test_nothing_is_written(office: Office) -> None:
    office.deliver(to_north(1), to_file(2))

    _rehearsed(office)

    assert [office.count(table) for table in ("delivery", "decision", "review_item")] == [0, 0, 0]
    assert office.lying_in("INBOX") == [to_north(1), to_file(2)]
