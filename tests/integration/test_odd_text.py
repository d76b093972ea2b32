"""What PostgreSQL takes less kindly than SQLite: one message that it refuses stops no mailbox."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from core.settings import Settings
from tests.builders import a_settings, declared_tables, raw_mail, settings_data
from tests.simulation import SimulatedDatabase, SimulatedRuntime
from workers.sweeping import sweep

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLANNING = "planning@council.example"


@pytest.fixture
def database(postgres_url: str) -> Iterator[SimulatedDatabase]:
    database = SimulatedDatabase(postgres_url)
    declared_tables().create_all(database.engine)
    yield database
    database.dispose()


def _settings() -> Settings:
    return a_settings(settings_data() | {"pace": {"retry_seconds": 0.001, "retry_cap_seconds": 0.001}})


def _states(database: SimulatedDatabase) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.scalars(text("select state from delivery order by id")))


def test_a_nul_in_a_message_id_stops_no_mailbox(database: SimulatedDatabase) -> None:
    database.world.deliver(PLANNING, raw_mail(message_id="<a\0b@mail.example>"), MARCH)
    database.world.deliver(PLANNING, raw_mail(), MARCH)

    swept = sweep(SimulatedRuntime(_settings(), database), "planning")

    assert swept.trouble is None
    assert _states(database) == ["settled", "settled"]


def test_a_decision_that_the_database_will_not_take_is_shown_to_a_person(database: SimulatedDatabase) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("alter table decision add constraint odd check (delivery_id <> 1)"))
    database.world.deliver(PLANNING, raw_mail(), MARCH)
    database.world.deliver(PLANNING, raw_mail(message_id="<2@mail.example>"), MARCH)

    for _ in range(12):
        sweep(SimulatedRuntime(_settings(), database), "planning")

    assert _states(database) == ["recorded", "settled"]
    with database.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from review_item where kind = 'shunted'")) == 1
