"""Mail that waits and comes back: killed at any step, on any kind of server, it lies in its inbox once in the end."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from register import store as register
from register.entry import RegisterEntry, Restriction
from register.records import terms_from
from tests.chaos.test_crashes import SERVERS, TABLES, DoomedOffice
from tests.office import HOUSING, MARCH, NORTH, an_office, mail
from tests.simulation import World
from workers.store import this_process

HELD = (mail("dee@mail.example", 21), mail("dee@mail.example", 22, subject="The roof"))
HELD_THEN_DIVERTED = (mail("eve@mail.example", 23),)


class WaitingOffice(DoomedOffice):
    """Dee and Eve may write on Tuesdays; what Eve writes goes to NORTH then."""

    def open(self, server: tuple[bool, bool], letters: Sequence[bytes] = (*HELD, *HELD_THEN_DIVERTED)) -> None:
        """A fresh world with their letters of a Monday in it."""
        self.database.world = World(can_move=server[0], has_uidplus=server[1])
        with self.database.engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(f"delete from {table}"))  # noqa: S608 - our own names
        self.deliver(*letters)

    def finish(self) -> None:
        """Until what came back is settled as well: each letter is a delivery twice."""
        super().finish()
        for _ in range(3):
            super().finish()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaitingOffice]:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    place = this_process().rpartition("|")[0]
    with an_office(tmp_path_factory.mktemp("database")) as office:
        with office.database.transaction() as session:
            for entry in (_on_tuesdays("D1", "dee@mail.example"), _on_tuesdays("F1", "eve@mail.example", spoc=NORTH)):
                register.save(session, entry, now=MARCH)
        yield WaitingOffice(office.database, office.data, f"{place}|{child.pid}")


def _on_tuesdays(ref: str, address: str, *, spoc: str | None = None) -> RegisterEntry:
    windows = [{"day": "tuesday", "start": "10:00", "until": "12:00"}]
    terms = [{"kind": "contact-times", "windows": windows, "channels": ["email"]}]
    terms += [{"kind": "spoc-diversion", "spoc": spoc}] if spoc else []
    restrictions = (
        Restriction(
            ref=f"{ref}-{number}",
            commenced_at=datetime(2026, 1, 1, tzinfo=UTC),
            ends_at=None,
            terms=terms_from(one),
        )
        for number, one in enumerate(terms, start=1)
    )
    return RegisterEntry(
        ref=ref, version=0, name=f"Person {ref}", addresses=(address,), restrictions=tuple(restrictions)
    )


@pytest.mark.requirement("1.61", "1.71")
@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_a_process_killed_at_any_step_brings_everything_back_once(
    office: WaitingOffice, server: tuple[bool, bool]
) -> None:
    office.open(server)
    office.finish()
    _audit(office, "without any accident")
    for step in range(1, office.world.steps + 1):
        office.open(server)
        office.world.die_at = step
        office.die_in_sweeps()

        office.finish()

        _audit(office, f"killed at step {step}")


@pytest.mark.requirement("1.71")
@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_of_two_identical_letters_neither_is_taken_for_the_other(
    office: WaitingOffice, server: tuple[bool, bool]
) -> None:
    twins = [HELD[0], HELD[0]]
    office.open(server, twins)
    office.finish()
    for step in range(1, office.world.steps + 1):
        office.open(server, twins)
        office.world.die_at = step
        office.die_in_sweeps()

        office.finish()

        lying = (
            office.lying_in("INBOX"),
            office.lying_in("Waiting"),
            office.dispositions(),
            office.count("review_item"),
        )
        assert lying == (twins, [], {"put back": 2, "kept": 2}, 0), f"killed at step {step}"


def _audit(office: WaitingOffice, after: str) -> None:
    folders = {
        name: sorted(stored.raw for stored in folder.messages.values())
        for name, folder in office.world.account(HOUSING).items()
    }
    assert folders["INBOX"] == sorted(HELD), after
    assert folders.get("Waiting", []) == [], after
    assert folders["Diverted"] == sorted(HELD_THEN_DIVERTED), after
    assert len({letter for _, letter in office.world.letters}) == 1, after
    with office.database.engine.connect() as connection:
        rows = connection.execute(text("select disposition, count(*) from delivery group by disposition")).all()
        asked = connection.scalar(text("select count(*) from review_item"))
    assert Counter(dict(rows)) == {"put back": 3, "kept": 2, "redirected": 1}, after
    assert asked == 0, after
