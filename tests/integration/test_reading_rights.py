"""Who is named in a case is found by a query of the database: it means the same on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import migrations
from core.db import Database
from policies.vocabulary import Channel
from register.casework.steps import AppealReceived
from register.listing import listed
from tests.builders import a_database
from tests.desks import MONDAY, STRANGER, Register, a_desk, facts


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    postgres = request.param == "postgresql"
    database = Database(request.getfixturevalue("postgres_url") if postgres else a_database(tmp_path))
    migrations.upgrade(database)
    yield database
    database.dispose()


@pytest.mark.requirement("2.14")
def test_who_is_to_look_at_an_appeal_has_that_case_listed_and_no_other(database: Database) -> None:
    register = Register.of(database)
    appealed, other = register.open(), register.open(*facts("Bea Cross", "bea@post.example"))
    register.restrict(appealed)
    register.restrict(other)
    appeal = AppealReceived(on=MONDAY.date(), account="Unfair.", channel=Channel.EMAIL, assigned_to=STRANGER.username)
    register.record(appealed, appeal)

    with database.transaction() as session:
        found = listed(session, a_desk(STRANGER))

    assert ([line["ref"] for line in found.lines], found.left_out) == ([appealed], 1)
