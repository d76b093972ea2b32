"""What reconciling finds: nothing after a sweep, and whatever else is amiss."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import SPOC, STRANGER, a_database, a_restriction, an_entry, raw_mail
from tests.council import PLANNING, Council
from tests.servers import Dovecot, SmtpSink
from workers.reconciling import reconcile

ANNS = raw_mail()
ORDINARY = raw_mail(sender=STRANGER, message_id="<2@home.example>")
ON_DIVERSION = an_entry(a_restriction())


@pytest.fixture
def council(any_dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    """One shared mailbox, on either kind of server."""
    council = Council(any_dovecot, smtp_sink, a_database(tmp_path))
    yield council
    council.close()


def test_reconciling_finds_nothing_amiss_after_a_sweep(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS, ORDINARY)

    council.sweeps(times=2)

    assert reconcile(council.runtime, "planning") == []


def test_reconciling_finds_a_message_that_the_ledger_has_lost(council: Council) -> None:
    council.receives(raw_mail(sender=STRANGER), ORDINARY)
    council.sweeps()

    council.forgets(1)

    (finding,) = reconcile(council.runtime, "planning")
    assert finding == {"mailbox": "planning", "message": "UID 1", "finding": "on the server, but not in the ledger"}


def test_reconciling_finds_a_moved_message_that_is_not_where_it_was_moved(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.sweeps(times=2)
    with council.server.login(PLANNING) as session:
        session.select("Diverted")
        session.store("1", "+FLAGS", "(\\Deleted)")
        session.expunge()

    (finding,) = reconcile(council.runtime, "planning")

    assert finding["message"] == "M1"
    assert "not to be seen there" in finding["finding"]


def test_reconciling_finds_a_message_that_waits_too_long(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.sink.refuse(SPOC, 451)
    council.sweeps()

    council.ages(hours=1)

    assert [row["finding"] for row in reconcile(council.runtime, "planning")] == [
        "no disposition yet: it is only decided"
    ]


def test_a_mailbox_that_was_never_polled_is_not_in_order(council: Council) -> None:
    (finding,) = reconcile(council.runtime, "planning")

    assert "has not been polled" in finding["finding"]
