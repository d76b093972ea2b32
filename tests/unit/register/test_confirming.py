"""What one officer brought in on their own word is confirmed by another, who has the same file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database
from register import case_store
from register.casework.steps import AdoptionConfirmed
from register.exchange.confirming import Confirmed, confirm_file
from register.exchange.register_files import ImportRefusedError
from register.officers import Officer
from tests.desks import ASSET_OWNER, GOVERNANCE, HEAD
from tests.sheets import BEA, DIVERTED, a_keeper, as_csv, bring_in, empty_register


@pytest.fixture
def database() -> Iterator[Database]:
    with empty_register() as database:
        yield database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return as_csv(tmp_path / "register.csv", [DIVERTED, BEA])


def _confirm(database: Database, path: Path, by: Officer) -> Confirmed:
    with database.transaction() as session:
        return confirm_file(session, a_keeper(by=by), path)


def _confirmations(database: Database, ref: str) -> list[AdoptionConfirmed]:
    with database.transaction() as session:
        case = case_store.case(session, ref)
    assert case is not None
    return [event.record for event in case.of(AdoptionConfirmed)]


def test_another_officer_with_the_same_file_confirms_all_of_it(database: Database, path: Path) -> None:
    bring_in(database, path)

    done = _confirm(database, path, ASSET_OWNER)
    again = _confirm(database, path, ASSET_OWNER)

    assert (done.decisions, done.remarks) == (2, ())
    assert again.decisions == 0
    assert [one.seen for one in _confirmations(database, "E1")] == ["register.csv, row 2"]


def test_nobody_confirms_what_they_brought_in_themselves(database: Database, path: Path) -> None:
    bring_in(database, path)

    with pytest.raises(ImportRefusedError, match="somebody else holds it against the file"):
        _confirm(database, path, GOVERNANCE)

    assert _confirmations(database, "E1") == []


def test_what_the_second_file_says_otherwise_is_not_confirmed(database: Database, path: Path, tmp_path: Path) -> None:
    bring_in(database, path)
    other = as_csv(tmp_path / "other.csv", [{**DIVERTED, "reasons": "Something else."}, {**BEA, "ref": "E9"}])

    done = _confirm(database, other, ASSET_OWNER)

    assert done.decisions == 0
    assert [remark.partition(":")[0] for remark in done.remarks] == ["row 2", "row 3"]
    assert _confirmations(database, "E1") == []


def test_a_confirmed_case_still_follows_its_file(database: Database, path: Path, tmp_path: Path) -> None:
    bring_in(database, path)
    _confirm(database, path, ASSET_OWNER)
    changed = as_csv(tmp_path / "register.csv", [{**DIVERTED, "telephone": "01632 960999"}])

    done = bring_in(database, changed)

    assert done.amended == 1


def test_whoever_answers_for_no_decision_confirms_none(database: Database, path: Path) -> None:
    bring_in(database, path)
    clerk = Officer(username="clerk", name="A Clerk", job_title="Clerk", service=HEAD.service, roles=frozenset())

    with pytest.raises(ImportRefusedError, match="confirming an earlier decision is for"):
        _confirm(database, path, clerk)
