"""`mailroom review` where it is asked who wrote a message, as officers type it."""

from pathlib import Path

import pytest

from core.db import Database
from tests.acceptance.test_commands import Office
from tests.builders import NOON, a_database, raw_mail, settings_data
from tests.desks import Register, facts
from tests.servers import Dovecot, SmtpSink

USER = "planning@council.example"
FROM_ELSEWHERE = raw_mail(sender="Sam Specimen <sam@elsewhere.example>", body="Mend the gate.\r\n\r\nSam Specimen\r\n")


@pytest.fixture
def office(dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Office:
    """A council under policy 001 that restricts Sam (S1), to which somebody of that name writes from elsewhere."""
    office = Office(tmp_path)
    address = a_database(tmp_path)
    data = settings_data(imap_port=dovecot.port, smtp_port=smtp_sink.port, password=dovecot.password, database=address)
    office.configure({**data, "council": {**data["council"], "policy": "001"}})
    office.environment["MAILROOM_OFFICER"] = "head"
    office.types("db", "upgrade")
    database = Database(address)
    register = Register.of(database)
    register.open(*facts(), ref="S1")
    register.restrict("S1")
    database.dispose()
    dovecot.append(USER, FROM_ELSEWHERE, received=NOON)
    office.types("run", "--once")
    return office


def _item(office: Office) -> str:
    (item,) = office.asks("review", "list", "--kind", "identity")
    assert "--case S1" in item["question"]
    return str(item["item"])


def test_an_address_is_accepted_and_the_message_goes_its_way(office: Office, smtp_sink: SmtpSink) -> None:
    item = _item(office)

    said = office.types("review", "accept", item, "--case", "S1")
    office.types("run", "--once")

    assert f"Item {item}: accepted as an address of S1, by head. M1: redirected to spoc@council.example" in said
    assert len(smtp_sink.accepted) == 1
    assert "accepted from M1" in office.types("case", "show", "S1", "--for", "casework")
    assert "A person accepted the writer's address." in office.types("explain", "M1")


def test_an_address_that_is_somebody_elses_is_not_asked_about_again(office: Office) -> None:
    said = office.types("review", "decide", _item(office), "overturn", "--by", "head")

    assert "It is not asked again whether this address is that of S1." in said


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        pytest.param(("--case", "MC-404"), "no case MC-404", id="no such case"),
        pytest.param(("--case", "S1", "--as", "jo"), "no active officer jo", id="no such officer"),
    ],
)
def test_what_cannot_be_accepted_is_told_with_what_to_do(office: Office, words: tuple[str, ...], remedy: str) -> None:
    assert remedy in office.types("review", "accept", _item(office), *words, ends=2)


def test_an_item_that_is_not_there_cannot_be_accepted(office: Office) -> None:
    assert "item 404 does not exist" in office.types("review", "accept", "404", "--case", "S1", ends=2)
