"""Mail outside somebody's contact time is kept safe, comes back into the inbox in its time, and is acted on once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from register.dates import COUNCIL_TIME
from register.entry import Restriction
from register.restrictions import DAYS
from tests.builders import SPOC, a_database, a_restriction, an_entry, raw_mail
from tests.council import PLANNING, Council
from tests.servers import Dovecot, SmtpSink
from workers.reconciling import reconcile

ANNS = raw_mail()
AGAIN = raw_mail(message_id="<2@mail.example>", body="Please mend the other street light.\r\n")


@pytest.fixture
def council(any_dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    """One shared mailbox, on either kind of server."""
    council = Council(any_dovecot, smtp_sink, a_database(tmp_path))
    yield council
    council.close()


def _on(day: str) -> Restriction:
    """E-mail is taken on this weekday."""
    windows = [{"day": day, "start": "00:00", "until": "23:59"}]
    return a_restriction("contact-times", ref="R1", windows=windows, channels=["email"])


def _weekday(in_days: int) -> str:
    return DAYS[(clock.now().astimezone(COUNCIL_TIME) + timedelta(days=in_days)).weekday()]


@pytest.mark.requirement("1.61")
def test_mail_waits_and_its_mailbox_is_in_order_meanwhile(council: Council) -> None:
    council.registers(an_entry(_on(_weekday(3)), a_restriction(ref="R2")))
    council.server.append(PLANNING, ANNS, received=clock.now())

    council.sweeps(times=3)

    assert (council.folder(), council.folder("Waiting")) == ([], [ANNS])
    assert council.sink.accepted == []
    council.ages(hours=5)
    assert reconcile(council.runtime, "planning") == []


@pytest.mark.requirement("1.61", "3.25")
def test_mail_comes_back_in_its_time_and_takes_its_way_once(council: Council) -> None:
    council.registers(an_entry(_on("tuesday"), a_restriction(ref="R2")))
    council.receives(ANNS, AGAIN)  # long ago: that Tuesday has been

    council.sweeps(times=4)

    assert (council.folder(), council.folder("Waiting")) == ([], [])
    assert sorted(council.folder("Diverted")) == sorted([ANNS, AGAIN])
    assert [letter.recipients for letter in council.sink.accepted] == [(SPOC,), (SPOC,)]
    assert sorted(filter(None, council.dispositions())) == ["put back", "put back", "redirected", "redirected"]
    assert council.asks() == []
    assert reconcile(council.runtime, "planning") == []


def test_what_comes_back_is_decided_by_the_register_of_that_time(council: Council) -> None:
    council.registers(an_entry(_on("tuesday")))
    council.receives(ANNS)

    council.sweeps(times=4)

    assert (council.folder(), council.folder("Waiting")) == ([ANNS], [])
    assert council.dispositions() == ["put back", "kept"]


def test_two_identical_letters_come_back_as_two(council: Council) -> None:
    council.registers(an_entry(_on("tuesday")))
    council.receives(ANNS, ANNS)

    council.sweeps(times=4)

    assert (council.folder(), council.folder("Waiting")) == ([ANNS, ANNS], [])


def test_what_a_person_takes_out_of_the_waiting_folder_is_theirs_and_asked_about(council: Council) -> None:
    council.registers(an_entry(_on(_weekday(3))))
    council.server.append(PLANNING, ANNS, received=clock.now())
    council.sweeps(times=2)
    with council.server.login(PLANNING) as session:
        session.select("Waiting")
        session.uid("STORE", "1", "+FLAGS", "(\\Deleted)")
        session.expunge()
    council.time_comes()

    council.sweeps(times=5)

    assert council.folder() == []
    assert council.dispositions() == ["taken by a person"]
    assert council.asks() == ["missing"]


def test_what_a_person_takes_before_it_is_moved_is_theirs_and_nothing_is_left_owed(council: Council) -> None:
    council.registers(an_entry(_on(_weekday(3))))
    council.server.append(PLANNING, ANNS, received=clock.now())
    council.polls()
    council.expunges(1)

    council.sweeps(times=2)

    assert council.dispositions() == ["taken by a person"]
    assert reconcile(council.runtime, "planning") == []
