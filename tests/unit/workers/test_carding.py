"""People are shown figures unasked when a threshold is passed, and no number of anything does more than that."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import store as ledger
from register.casework.facts import Identifier, IdentifierKind, Matter, Person
from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer, ReviewRow
from tests.desks import MONDAY, Register
from tests.evidence import LETTER
from tests.office import HOUSING, MARCH, Office, an_office
from workers.carding import raise_cards
from workers.entombing import entomb
from workers.rounds_store import RoundRow
from workers.tending import tend

NOW = MARCH + timedelta(hours=3)
WRITER = "wyn@home.example"
TABLES = ("register_case_event", "register_entry", "register_restriction", "decision", "outbox", "notice", "mailing")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        for name in ("leisure", "parks", "waste", "tax"):
            office.data["mailboxes"][name] = {"address": f"{name}@council.example", "password": "x"}
        yield office


def _mail(number: int, text: str = "", *, sender: str = WRITER, to: str = HOUSING) -> bytes:
    return (
        f"Received: by mx.council.example id {number}-{to}\r\nMessage-ID: <{number}@home.example>\r\nFrom: {sender}\r\n"
        f"To: {to}\r\nSubject: Letter {number}\r\n\r\n{text or f'This is letter number {number} of mine.'}\r\n"
    ).encode()


def _writes(office: Office, count: int, *, sender: str = WRITER, first: int = 1) -> None:
    office.deliver(*(_mail(number, sender=sender) for number in range(first, first + count)))
    office.finish()


def _cards(office: Office, days: float = 0) -> list[ReviewRow]:
    raise_cards(office.runtime(), now=NOW + timedelta(days=days))
    with office.database.transaction() as session:
        return list(review_store.open_reviews(session, ReviewKind.EVIDENCE))


def _opened(office: Office, *addresses: str) -> str:
    known = [
        Identifier(identifier=IdentifierKind.EMAIL, value=one, source="a letter", since=date(2026, 1, 5))
        for one in addresses
    ]
    return Register.of(office.database).open(Person(name="Wyn Writer"), *known, now=MONDAY)


@pytest.mark.requirement("1.25", "2.12")
def test_thirty_contacts_in_seven_days_are_shown_and_twenty_nine_are_not(office: Office) -> None:
    _writes(office, 29)
    assert _cards(office) == []
    _writes(office, 1, first=30)

    (shown,) = _cards(office, days=1)

    assert shown.question.startswith("Figures of the writer of M30, who has no case: 30 contacts in 7 days")
    assert shown.question.endswith("Nothing follows from this by itself.")
    assert (shown.priority, shown.delivery_id, shown.case_ref) == (8, 30, None)


@pytest.mark.requirement("1.25", "1.33")
def test_who_has_a_case_is_shown_by_it_with_every_address_and_what_the_council_owes(office: Office) -> None:
    ref = _opened(office, WRITER, "wyn@work.example")
    late = Matter(reference="C-2026-0001", title="The gate", on=date(2026, 1, 5), answer_by=date(2026, 1, 30))
    Register(office.database).record(ref, late)
    _writes(office, 15)
    _writes(office, 15, sender="Wyn <WYN@work.example>", first=16)

    (shown,) = _cards(office)

    assert (shown.case_ref, shown.delivery_id) == (ref, None)
    assert "THE COUNCIL'S OWN REPLY IS OVERDUE on 1 matter: C-2026-0001" in shown.question


def test_an_address_that_two_cases_record_is_held_against_neither(office: Office) -> None:
    for name in ("Wyn Writer", "Lowri Writer"):
        shared = Identifier(
            identifier=IdentifierKind.EMAIL, value=WRITER, source="a letter", since=date(2026, 1, 5), shared_with="Kin."
        )
        Register.of(office.database).open(Person(name=name), shared, now=MONDAY)
    _writes(office, 30)

    (shown,) = _cards(office)

    assert (shown.case_ref, shown.delivery_id) == (None, 30)
    assert "the writer of M30, whose address several cases have" in shown.question


@pytest.mark.requirement("1.28")
def test_one_letter_in_five_mailboxes_is_shown_though_it_is_one_contact(office: Office) -> None:
    for name in office.data["mailboxes"]:
        office.deliver(_mail(1, LETTER), address=f"{name}@council.example")
        office.sweep(name)

    (shown,) = _cards(office)

    assert "5 mailboxes written to in 7 days (a card from 5)" in shown.question


def test_nobody_is_shown_the_same_twice_while_it_is_open_or_within_the_period_of_an_answer(office: Office) -> None:
    _writes(office, 30)
    (shown,) = _cards(office)
    _writes(office, 30, first=31)
    assert len(_cards(office, days=2)) == 1
    with office.database.transaction() as session:
        review_store.answer(session, shown.id, Answer(outcome="confirm", by="head"), now=NOW)

    assert _cards(office, days=4) == []


def test_the_mail_is_looked_at_once_a_day_and_not_each_time_the_work_comes_round(office: Office) -> None:
    assert _cards(office) == []
    _writes(office, 30)

    assert _cards(office, days=0.9) == []
    assert len(_cards(office, days=1.1)) == 1


def test_it_is_done_beside_the_reminders(office: Office) -> None:
    tend(office.runtime())

    with office.database.transaction() as session:
        assert session.get(RoundRow, "cards") is not None


@pytest.mark.requirement("2.26")
def test_a_campaign_is_shown_once_and_its_mail_stays_where_it_came(office: Office) -> None:
    raws = [_mail(n, f"{LETTER}\r\n\r\nResident {n}", sender=f"resident{n}@home.example") for n in range(1, 51)]
    office.deliver(*raws)
    office.finish()

    (shown,) = _cards(office)

    assert shown.question.startswith("Campaign: 50 senders have sent the same or nearly the same text")
    assert shown.delivery_id == 1
    assert office.dispositions() == {"kept": 50}
    assert office.lying_in("INBOX") == raws
    assert len(_cards(office, days=2)) == 1


@pytest.mark.requirement("1.34", "4.19", "1.33")
def test_no_number_of_challenges_or_of_anything_makes_an_entry_a_restriction_or_a_decision(office: Office) -> None:
    ref = _opened(office, WRITER)
    challenge = "I challenge the outcome of my complaint and want it looked at again. Reply within 2 hours."
    office.deliver(*(_mail(number, challenge) for number in range(1, 61)))
    office.finish()
    before = _everything(office)

    (shown,) = _cards(office)

    assert shown.case_ref == ref
    assert _everything(office) == before
    assert office.count("register_restriction") == 3  # of the three who had one
    assert office.dispositions() == {"kept": 60}


@pytest.mark.requirement("4.19", "1.34")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from([(), (WRITER,)]))
def test_whatever_is_counted_what_becomes_of_mail_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, one: int, other: int, addresses: tuple[str, ...]
) -> None:
    with an_office(tmp_path_factory.mktemp("office")) as office:
        _opened(office, *addresses)
        _writes(office, one)
        _writes(office, other, sender="ann@mail.example", first=100)
        before = _everything(office)

        _cards(office)

        assert _everything(office) == before
        office.deliver(_mail(500))
        office.finish()
        assert office.dispositions().get("kept", 0) == one + 1
        assert office.dispositions().get("redirected", 0) == other


def _everything(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """All that a decision or a restriction could show in."""
    with office.database.engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.exec_driver_sql(f"select * from {table}")]  # noqa: S608 - our own words
            for table in TABLES
        }


@pytest.mark.requirement("1.33")
def test_mail_that_is_not_certainly_theirs_is_counted_against_nobody(office: Office) -> None:
    office.deliver(*(_mail(number, sender="clerk@council.example") for number in range(40)))
    office.finish()

    assert _cards(office) == []
    assert office.count("mail_trace") == 0


def test_a_mailbox_that_no_restriction_applies_to_leaves_no_trace(office: Office) -> None:
    office.data["mailboxes"]["housing"]["excluded"] = True

    _writes(office, 3)

    assert office.count("mail_trace") == 0


def test_what_is_erased_is_forgotten(office: Office) -> None:
    _writes(office, 2)
    with office.database.transaction() as session:
        entomb(session, ledger.of_mailbox(session, "housing"), "Erased.", now=NOW)

    assert office.count("mail_trace") == 0


def test_of_those_who_have_no_case_nothing_is_remembered_longer_than_their_mail_would_be(office: Office) -> None:
    _opened(office, WRITER)
    _writes(office, 2)
    _writes(office, 3, sender="somebody@home.example", first=10)

    _cards(office, days=400)

    assert office.count("mail_trace") == 2
