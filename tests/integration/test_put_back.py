"""People win: what somebody puts back into the inbox stays there, and is asked about, not moved out again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import a_database, a_restriction, an_entry, raw_mail
from tests.council import PLANNING, Council
from tests.servers import Dovecot, SmtpSink

ANNS = raw_mail()


@pytest.fixture
def council(any_dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    """One shared mailbox with a diversion, on either kind of server."""
    council = Council(any_dovecot, smtp_sink, a_database(tmp_path))
    council.registers(an_entry(a_restriction()))
    yield council
    council.close()


def test_a_diverted_message_that_a_person_puts_back_stays_and_is_asked_about(council: Council) -> None:
    council.receives(ANNS)
    council.sweeps(times=2)
    with council.server.login(PLANNING) as session:
        session.select("Diverted")
        session.uid("MOVE", "1", "INBOX")

    council.sweeps(times=3)

    assert (council.folder(), council.folder("Diverted")) == ([ANNS], [])
    assert council.dispositions() == ["redirected", "kept"]
    assert council.asks() == ["returned"]
    assert len(council.sink.accepted) == 1


def test_a_copy_that_comes_back_beside_the_first_is_filed_beside_it_and_not_sent_again(council: Council) -> None:
    council.receives(ANNS)
    council.sweeps(times=2)

    council.receives(ANNS)  # as after a restore from a backup
    council.sweeps(times=3)

    assert (council.folder(), council.folder("Diverted")) == ([], [ANNS, ANNS])
    assert council.asks() == []
    assert len(council.sink.accepted) == 1
