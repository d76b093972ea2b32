"""What reconciling finds: nothing after a sweep, and whatever else is amiss."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from routing.action import ReviewKind
from routing.answering import Outcome
from routing.review_store import Answer
from tests.builders import NOON, SPOC, STRANGER, a_database, a_restriction, an_entry, raw_mail
from tests.council import PLANNING, Council
from tests.servers import Dovecot, SmtpSink
from workers.answering import answer_item
from workers.reconciling import reconcile, reconcile_all

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
    assert (finding.mailbox, finding.message) == ("planning", "UID 1")
    assert finding.words == "on the server, but not in the ledger"


def test_reconciling_finds_a_moved_message_that_is_not_where_it_was_moved(council: Council) -> None:
    _loses_anns_letter(council)

    (finding,) = reconcile(council.runtime, "planning")

    assert finding.message == "M1"
    assert "not to be seen there" in finding.words


def test_a_mailbox_that_cannot_be_looked_at_keeps_no_other_from_it(council: Council) -> None:
    council.receives(raw_mail(sender=STRANGER), ORDINARY)
    council.adds_mailbox("gone", inbox="No such folder")
    council.sweeps()
    council.forgets(1)

    done = reconcile_all(council.runtime)

    assert [finding.mailbox for finding in done.findings] == ["planning"]
    assert list(done.silent) == ["gone"]
    assert "No such folder" in done.silent["gone"]


def test_reconciling_finds_a_message_that_waits_too_long(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.sink.refuse(SPOC, 451)
    council.sweeps()

    council.ages(hours=1)

    assert [found.words for found in reconcile(council.runtime, "planning")] == [
        "no disposition yet: it is only decided"
    ]


def test_a_mailbox_that_was_never_polled_is_not_in_order(council: Council) -> None:
    (finding,) = reconcile(council.runtime, "planning")

    assert "has not been polled" in finding.words


# --- by the schedule


def test_an_hour_later_a_message_that_the_ledger_has_lost_is_recorded_again(council: Council) -> None:
    council.receives(raw_mail(sender=STRANGER), ORDINARY)
    council.sweeps()
    council.forgets(1)

    council.ages(hours=1)
    council.sweeps(times=3)

    assert council.dispositions() == ["kept", "kept"]
    assert reconcile(council.runtime, "planning") == []


def test_an_hour_later_a_person_is_asked_about_what_is_not_where_it_was_moved(council: Council) -> None:
    _loses_anns_letter(council)

    council.sweeps(times=2)

    ((_, question),) = council.open_items(ReviewKind.MISSING)
    assert "moved to 'Diverted', but not to be seen there" in question


def test_what_somebody_accounts_for_is_not_looked_for_again(council: Council) -> None:
    _loses_anns_letter(council)
    council.sweeps()
    ((item, _),) = council.open_items(ReviewKind.MISSING)

    answer_item(council.runtime, item, Answer(outcome=Outcome.CONFIRM, by="clerk"))

    assert reconcile(council.runtime, "planning") == []
    council.ages(hours=48)
    council.sweeps()
    assert council.open_items(ReviewKind.MISSING) == ()


def test_nobody_is_asked_any_longer_about_what_has_been_seen_where_it_belongs(council: Council) -> None:
    _loses_anns_letter(council)
    council.sweeps()

    council.server.append(PLANNING, ANNS, received=NOON, folder="Diverted")
    council.ages(hours=1)
    council.sweeps()

    assert council.open_items(ReviewKind.MISSING) == ()


def test_reconciling_happens_once_an_hour(council: Council) -> None:
    _loses_anns_letter(council)
    council.sweeps()
    (item,) = council.open_items(ReviewKind.MISSING)
    council.server.append(PLANNING, ANNS, received=NOON, folder="Diverted")

    council.sweeps()

    assert council.open_items(ReviewKind.MISSING) == (item,)


def _loses_anns_letter(council: Council) -> None:
    """It was moved, and is not to be seen by the first who looks, an hour later."""
    council.registers(ON_DIVERSION)
    council.sweeps()
    council.receives(ANNS)
    council.sweeps(times=2)
    _deletes_from(council, "Diverted")
    council.ages(hours=1)


def _deletes_from(council: Council, folder: str) -> None:
    with council.server.login(PLANNING) as session:
        session.select(folder)
        session.store("1", "+FLAGS", "(\\Deleted)")
        session.expunge()
