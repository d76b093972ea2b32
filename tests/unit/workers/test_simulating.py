"""What a draft would have changed: told of each message, by the function that decides, and nothing is written."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core.accounts import SettingsError
from policies.period import Period
from policies.vocabulary import Channel
from register import store as register
from register.casework.steps import Measure
from register.entry import RegisterEntry, Restriction
from register.records import RecordRefusedError, measures_from
from register.restrictions import ContactTimes, SingleChannel, SpocDiversion, Terms, Window
from tests.office import MARCH, NORTH, Office, an_office, mail
from tests.unit.workers.long_letters import A_REQUEST_AT_THE_END
from workers.simulating import Draft, Simulated, simulate

LETTERS_ONLY = Measure(terms=SingleChannel(channel=Channel.LETTER, notice_every=Period.parse("30 days")))

THURSDAYS = ContactTimes(windows=(Window(day="thursday", start=time(10), until=time(12)),), channels=(Channel.EMAIL,))
ON_THURSDAY = "held until 05 March 2026, 10:00"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Ann is diverted, Bob read and filed; a stranger wrote too."""
    with an_office(tmp_path) as office:
        office.deliver(mail("ann@mail.example", 1), mail("bob@mail.example", 2), mail("jo@mail.example", 3))
        office.finish()
        yield office


def _tries(office: Office, draft: Draft) -> Simulated:
    return simulate(office.runtime(), draft, since=MARCH - timedelta(days=1))


def _registers(office: Office, *terms: Terms) -> None:
    """Jo is on the register, with this in force."""
    always = datetime(2026, 1, 1, tzinfo=UTC)
    restrictions = tuple(
        Restriction(ref=f"J1-{number}", terms=one, commenced_at=always, ends_at=None)
        for number, one in enumerate(terms, start=1)
    )
    entry = RegisterEntry(ref="J1", version=0, name="Jo", addresses=("jo@mail.example",), restrictions=restrictions)
    with office.database.transaction() as session:
        register.save(session, entry, now=MARCH)


def _everything(office: Office) -> list[object]:
    with office.database.engine.connect() as connection:
        tables = ("delivery", "decision", "outbox", "review_item", "audit_event", "notice")
        return [connection.execute(text(f"select * from {table}")).all() for table in tables]  # noqa: S608 - our names


def test_a_draft_restriction_shows_whose_mail_would_go_otherwise(office: Office) -> None:
    done = _tries(office, Draft(case="B1", measures=(LETTERS_ONLY,)))

    (change,) = done.changes
    assert (done.looked_at, done.missing) == (3, 0)
    assert change.message_ref == "M2"
    assert change.now == "kept, ask: matter"
    assert change.then == "filed (filed), ask: read-and-file, the writer is told (wrong-channel)"


def test_a_draft_that_changes_nothing_says_so(office: Office) -> None:
    assert _tries(office, Draft(case="C1", measures=(LETTERS_ONLY,))).changes == ()


def test_another_policy_is_tried_with_everything_it_says(office: Office) -> None:
    office.data["mailboxes"]["housing"]["member"] = True

    done = _tries(office, Draft(policy="001"))

    assert isinstance(done, Simulated)
    assert done.looked_at == 3


def test_a_policy_nobody_has_is_refused(office: Office) -> None:
    with pytest.raises(SettingsError, match=r"council\.policy"):
        _tries(office, Draft(policy="999"))


def test_nothing_is_written(office: Office) -> None:
    before = _everything(office)
    lying = office.lying_in("INBOX")

    _tries(office, Draft(case="B1", measures=(LETTERS_ONLY,)))

    assert _everything(office) == before
    assert office.lying_in("INBOX") == lying


def test_mail_that_is_gone_is_counted_as_missing(office: Office) -> None:
    office.world.account("housing@council.example")["INBOX"].messages.clear()

    done = _tries(office, Draft(case="B1", measures=(LETTERS_ONLY,)))

    assert done.looked_at + done.missing == 3
    assert done.missing > 0


@pytest.mark.requirement("1.61")
def test_what_waits_for_a_contact_time_is_followed_to_what_becomes_of_it_then(office: Office) -> None:
    _registers(office, THURSDAYS)

    done = _tries(office, Draft(case="J1", measures=(Measure(terms=SpocDiversion(spoc=NORTH)),)))

    (change,) = done.changes
    assert change.now == f"{ON_THURSDAY}, then kept"
    assert change.then == f"{ON_THURSDAY}, then redirected to {NORTH}"


def test_what_would_be_filed_is_decided_on_every_byte_of_it(office: Office) -> None:
    _registers(office)
    office.deliver(A_REQUEST_AT_THE_END)
    office.finish()

    done = _tries(office, Draft(case="J1", measures=(LETTERS_ONLY,)))

    (long,) = (change for change in done.changes if change.message_ref == "M4")
    assert long.then == "kept, ask: statutory"


def test_what_is_told_on_the_beginning_of_a_letter_alone_says_so(office: Office) -> None:
    _registers(office)
    office.deliver(A_REQUEST_AT_THE_END)
    office.finish()
    office.world.refused["whole", "INBOX"] = "NO it cannot be read"

    done = _tries(office, Draft(case="J1", measures=(LETTERS_ONLY,)))

    (long,) = (change for change in done.changes if change.message_ref == "M4")
    assert long.then.startswith("filed (filed)")
    assert long.then.endswith("(on its beginning only: the rest could not be read)")
    assert "on its beginning only" not in long.now


def test_a_letter_that_is_kept_whole_is_decided_on_every_byte_wherever_it_lies(office: Office) -> None:
    _registers(office, SpocDiversion(spoc=NORTH))
    office.deliver(A_REQUEST_AT_THE_END)
    office.finish()
    _registers(office)
    office.world.unreachable.add("housing@council.example")

    done = _tries(office, Draft(case="J1", measures=(LETTERS_ONLY,)))

    assert [change.then for change in done.changes if change.message_ref == "M4"] == ["kept, ask: statutory"]


def test_measures_are_read_as_a_proposal_lists_them() -> None:
    (measure,) = measures_from([{"terms": {"kind": "single-channel", "channel": "letter", "notice_every": "30 days"}}])

    assert measure == LETTERS_ONLY
    assert measure.terms.kind == "single-channel"
    with pytest.raises(RecordRefusedError, match="terms"):
        measures_from([{"services": ["planning"]}])
