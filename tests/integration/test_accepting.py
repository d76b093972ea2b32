"""An officer accepts an address as somebody's, and the message that was asked about goes where it belongs, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer
from tests.builders import a_database, raw_mail
from tests.council import Council
from tests.desks import HEAD, Register, facts
from tests.servers import Dovecot, SmtpSink
from workers.accepting import accept
from workers.answering import answer_item
from workers.reconciling import reconcile

NEW = "Sam Specimen <sam@elsewhere.example>"
FIRST = raw_mail(sender=NEW, body="Mend the gate.\r\n\r\nSam Specimen\r\n")
SECOND = raw_mail(sender=NEW, body="Mend it now.\r\n", message_id="<2@elsewhere.example>")


@pytest.fixture
def council(any_dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    """One shared mailbox under policy 001, on either kind of server."""
    council = Council(any_dovecot, smtp_sink, a_database(tmp_path))
    council.data["council"]["policy"] = "001"
    yield council
    council.close()


def _restricted(council: Council) -> str:
    register = Register.of(council.runtime.database)
    ref = register.open(*facts())
    register.restrict(ref)
    return ref


def _asked(council: Council) -> list[int]:
    with council.runtime.database.transaction() as session:
        return [item.id for item in review_store.open_reviews(session, ReviewKind.IDENTITY)]


def _item(council: Council) -> int:
    (item,) = _asked(council)
    return item


@pytest.mark.requirement("1.45")
def test_mail_from_an_accepted_address_goes_to_the_point_of_contact_once(council: Council) -> None:
    ref = _restricted(council)
    council.receives(FIRST)
    council.sweeps(times=2)
    assert council.folder() == [FIRST]

    accept(council.runtime, _item(council), ref, HEAD.username)
    council.receives(SECOND)
    council.sweeps(times=4)

    assert (council.folder(), sorted(council.folder("Diverted"))) == ([], sorted([FIRST, SECOND]))
    assert len(council.sink.accepted) == 2
    assert council.dispositions() == ["redirected", "redirected"]
    assert _asked(council) == []
    assert reconcile(council.runtime, "planning") == []


def test_mail_of_somebody_else_stays_and_is_asked_about_once(council: Council) -> None:
    _restricted(council)
    council.receives(FIRST)
    council.sweeps(times=2)

    answer_item(council.runtime, _item(council), Answer(outcome="overturn", by="jo"))
    council.receives(SECOND)
    council.sweeps(times=2)

    assert sorted(council.folder()) == sorted([FIRST, SECOND])
    assert _asked(council) == []
    assert council.sink.accepted == []
