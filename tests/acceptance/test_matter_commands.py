"""`mailroom review show` for a letter about a matter: why it is asked, and what of it is new."""

from pathlib import Path
from typing import Any

import pytest

from core.db import Database
from register import store as register
from tests.acceptance.test_commands import USER, Office
from tests.builders import NOON, a_database, a_restriction, an_entry, raw_mail, settings_data
from tests.servers import Dovecot, SmtpSink

STORY = "The players shout until midnight under my bedroom window, and nobody comes.\n\n"
ADDED = "On 9 June 2025 they broke our greenhouse.\n"


@pytest.fixture
def office(dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Office:
    """A council that reads and files Ann's letters about a closed matter, the first of which was confirmed."""
    address = a_database(tmp_path)
    office = Office(tmp_path)
    office.configure(
        settings_data(imap_port=dovecot.port, smtp_port=smtp_sink.port, password=dovecot.password, database=address)
    )
    office.types("db", "upgrade")
    office.types("check", "--create-folders")
    database = Database(address)
    with database.transaction() as session:
        register.save(session, an_entry(a_restriction("read-and-file")), now=NOON)
    database.dispose()
    dovecot.append(USER, raw_mail(subject="The bowls club", body=STORY), received=NOON)
    office.types("run", "--once")
    office.types("review", "decide", str(_item(office)), "confirm", "--by", "jo")
    again = raw_mail(subject="Re: The bowls club", body=STORY + ADDED, message_id="<2@mail.example>")
    dovecot.append(USER, again, received=NOON)
    office.types("run", "--once")
    return office


def _item(office: Office) -> int:
    (item,) = office.asks("review", "list", "--kind", "matter")
    number: int = item["item"]
    return number


@pytest.mark.requirement("2.22", "4.12")
def test_an_item_about_a_matter_shows_what_is_new_and_why_it_is_asked(office: Office) -> None:
    shown = office.types("review", "show", str(_item(office)))

    assert "It has the subject of M1 of 4 March 2026, which was about C-2025-0117." in shown
    assert "1 earlier letter about C-2025-0117; the nearest is M1 of 4 March 2026" in shown
    assert "nobody comes. [M1 of 4 March 2026]" in shown
    assert "+ On 9 June 2025 they broke our greenhouse." in shown
    assert "date 9 June 2025" in shown


@pytest.mark.requirement("2.22", "4.12")
def test_machines_are_told_the_same(office: Office) -> None:
    matter: dict[str, Any] = office.asks("review", "show", str(_item(office)))["matter"]

    assert (matter["reference"], matter["compared with"]) == ("C-2025-0117", 1)
    assert [line["words"] for line in matter["sentences"] if line["new"]] == [ADDED.strip()]
    assert matter["mentions"] == [{"kind": "date", "words": "9 June 2025", "new": True, "seen in": None}]
