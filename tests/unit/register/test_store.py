from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from core.db import Base, Database
from policies.vocabulary import MatterState, RestrictionKind
from register import store
from register.casework.facts import Matter
from register.claims import Claims
from register.entry import RegisterEntry, Restriction, Snapshot
from register.matching import entry_keys, lookup_keys
from tests.builders import ANN, NOON, a_matter, a_restriction, an_entry, declared_tables, some_terms


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield database
    database.dispose()


def _save(database: Database, *entries: RegisterEntry) -> None:
    with database.transaction() as session:
        for entry in entries:
            store.save(session, entry, now=NOON)


def _entry(database: Database, ref: str = "E1") -> RegisterEntry | None:
    with database.transaction() as session:
        return store.entry(session, ref)


def _found(database: Database, *authors: str) -> Snapshot:
    keys = {key for author in authors for key in lookup_keys(Claims(author_addresses=(author,)))}
    with database.transaction() as session:
        return store.snapshot(session, keys)


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*call: object) -> None:
        statements.append(str(call[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def _somebody(number: int) -> RegisterEntry:
    return an_entry(
        a_restriction(),
        ref=f"E{number}",
        name=f"Resident Number{'abcdefghij'[number % 10]}",
        addresses=(f"r{number}@mail.example",),
    )


def test_an_entry_is_found_by_its_address(database: Database) -> None:
    entry = an_entry(a_restriction(), a_restriction("read-and-file", ref="R2"))
    _save(database, entry)

    assert _found(database, ANN.upper()) == Snapshot((entry,))


def test_nobody_is_found_by_an_address_the_register_does_not_have(database: Database) -> None:
    _save(database, an_entry())

    assert _found(database, "jo@elsewhere.example") == Snapshot()


def test_two_entries_with_one_address_are_both_found(database: Database) -> None:
    _save(database, an_entry(), an_entry(ref="E2", name="Bea Cross"))

    assert [entry.ref for entry in _found(database, ANN).entries] == ["E1", "E2"]


def test_an_address_taken_off_an_entry_no_longer_finds_it(database: Database) -> None:
    _save(database, an_entry())
    _save(database, an_entry(addresses=("new@mail.example",), name="Ann Other"))

    assert _found(database, ANN) == Snapshot()
    assert len(_found(database, "new@mail.example").entries) == 1


@pytest.mark.parametrize("name", ["Cher", ""])
def test_an_entry_that_nothing_finds_yet_can_be_saved(database: Database, name: str) -> None:
    unfindable = an_entry(name=name, addresses=())

    assert entry_keys(unfindable) == frozenset()
    _save(database, unfindable)

    assert _entry(database) == unfindable


def test_saving_the_same_again_changes_nothing(database: Database) -> None:
    entry = an_entry(a_restriction(mailboxes=frozenset({"planning", "housing"})), matters=(a_matter(),))

    _save(database, entry, entry)

    assert _entry(database) == entry


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(an_entry(a_restriction(), name="Anne Vexing"), id="name"),
        pytest.param(an_entry(a_restriction(), addresses=(ANN, "second@mail.example")), id="addresses"),
        pytest.param(an_entry(a_restriction(end=NOON)), id="end of a restriction"),
        pytest.param(an_entry(a_restriction(services=frozenset({"housing"}))), id="scope of a restriction"),
        pytest.param(an_entry(), id="restriction taken off"),
        pytest.param(an_entry(a_restriction(), matters=(a_matter(),)), id="matter added"),
    ],
)
def test_what_was_read_off_a_case_later_replaces_what_was_before(database: Database, changed: RegisterEntry) -> None:
    _save(database, an_entry(a_restriction()))

    _save(database, replace(changed, version=2))

    assert _entry(database) == replace(changed, version=2)


def test_a_changed_entry_leaves_its_neighbours_alone(database: Database) -> None:
    neighbour = _somebody(2)
    _save(database, an_entry(a_restriction()), neighbour)

    _save(database, an_entry())

    assert _entry(database, "E2") == neighbour


def test_the_register_is_listed_by_reference(database: Database) -> None:
    _save(database, _somebody(2), _somebody(1))

    with database.transaction() as session:
        assert [entry.ref for entry in store.entries(session)] == ["E1", "E2"]


def test_an_unknown_reference_is_nobodys(database: Database) -> None:
    assert _entry(database, "E404") is None


def test_a_snapshot_costs_the_same_queries_whatever_the_size_of_the_register(database: Database) -> None:
    _save(database, *map(_somebody, range(1, 401)))

    with _counted(database) as for_one:
        one = _found(database, "r7@mail.example")
    with _counted(database) as for_many:
        many = _found(database, *(f"r{number}@mail.example" for number in range(1, 401)))

    assert (len(one.entries), len(many.entries)) == (1, 400)
    assert len(for_one) == len(for_many) <= 5


def test_a_snapshot_of_nobody_asks_the_database_nothing_that_matters(database: Database) -> None:
    with _counted(database) as statements:
        assert _found(database) == Snapshot()

    assert [statement for statement in statements if "SELECT" in statement] == []


def test_more_keys_than_one_query_takes_are_looked_up(database: Database) -> None:
    _save(database, an_entry())
    keys = {f"address:{number}@mail.example" for number in range(40_000)} | entry_keys(an_entry())

    with database.transaction() as session:
        assert store.snapshot(session, keys) == Snapshot((an_entry(),))


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants them naive
NAMES = st.frozensets(TEXT, max_size=3)
RESTRICTIONS = st.builds(
    Restriction,
    ref=TEXT,
    terms=st.sampled_from([some_terms(kind) for kind in RestrictionKind]),
    commenced_at=MOMENTS,
    ends_at=st.none() | MOMENTS,
    mailboxes=NAMES,
    services=NAMES,
    policy=TEXT,
    review_on=st.none() | st.dates(),
)
LABELS = TEXT.filter(str.strip)  # a matter's are trimmed, and never empty
MATTERS = st.builds(Matter, reference=LABELS, title=LABELS, state=st.sampled_from(MatterState))
ENTRIES = st.builds(
    RegisterEntry,
    ref=st.just("E1"),
    version=st.just(1),
    name=TEXT,
    addresses=st.lists(st.emails(), max_size=3).map(tuple),
    restrictions=st.lists(RESTRICTIONS, max_size=3).map(tuple),
    matters=st.lists(MATTERS, max_size=3).map(tuple),
    representatives=st.lists(st.emails(), max_size=2).map(tuple),
    contacts=NAMES,
)


@settings(max_examples=60, deadline=timedelta(seconds=5), suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES)
def test_any_entry_comes_back_as_it_was_saved(entry: RegisterEntry) -> None:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)

    _save(database, entry, entry)

    assert _entry(database) == entry
    with database.transaction() as session:
        assert store.snapshot(session, entry_keys(entry)).entries == ((entry,) if entry_keys(entry) else ())
    database.dispose()
