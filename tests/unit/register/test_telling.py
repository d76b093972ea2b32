"""What lists say of a case today: in force, to begin, or lapsed, with the day; active alone says none of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from core.db import Database
from register.casework.steps import Activation, Ended
from register.listing import listed
from tests.builders import declared_tables
from tests.desks import DIRECTOR, HEAD, MONDAY, Register, a_desk, a_proposal, the_way

LATER = MONDAY + timedelta(days=14)


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _line(register: Register, days: int) -> dict[str, Any]:
    """The line of the only case, so many days on."""
    with register.database.transaction() as session:
        (line,) = listed(session, a_desk(HEAD, MONDAY + timedelta(days=days))).lines
    return line


@pytest.mark.requirement("1.47")
@pytest.mark.parametrize(
    ("days", "state", "told"),
    [
        (1, "in force", "spoc-diversion since 2 March 2026 until 2 September 2026"),
        (200, "lapsed", "spoc-diversion: no effect since 2 September 2026"),
    ],
)
def test_an_active_case_is_told_by_whether_its_restrictions_have_effect(
    register: Register, days: int, state: str, told: str
) -> None:
    register.restrict(register.open())

    line = _line(register, days)

    assert (line["state"], line["state today"], line["restrictions"]) == ("active", state, told)


@pytest.mark.requirement("1.47")
def test_what_was_decided_ahead_is_told_with_the_day_it_begins(register: Register) -> None:
    ref = register.open()
    ahead = a_proposal(monitoring_until=date(2026, 9, 16), provisional_end=date(2026, 9, 16))
    for by, step in ((HEAD, ahead), *the_way()[1:-1]):
        register.record(ref, step, by)
    register.record(ref, Activation(commences_at=LATER))

    line = _line(register, 1)

    assert (line["state today"], line["restrictions"]) == ("to begin", "spoc-diversion begins on 16 March 2026")


def test_what_a_decision_ended_is_told_with_the_day_and_what_was_never_decided_with_nothing(register: Register) -> None:
    ref = register.open()
    before = _line(register, 0)
    register.restrict(ref)
    register.record(ref, Ended(reason="It is over."), DIRECTOR, LATER)

    after = _line(register, 15)

    assert (before["state today"], before["restrictions"]) == ("recorded", "")
    assert (after["state today"], after["restrictions"]) == ("ended", "spoc-diversion: no effect since 16 March 2026")
