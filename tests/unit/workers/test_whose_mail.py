"""Mail is counted as a person's while the address was surely theirs; whatever else came from it is told apart."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.settings import Settings
from register.casework.facts import Identifier, IdentifierKind, IdentifierWithdrawn
from routing.evidence.figures import Apart, Figures
from routing.evidence.telling import as_data, sentences
from routing.evidence.uses import Claim
from tests.desks import HEAD, MONDAY, Register, a_desk, facts
from tests.office import HOUSING, Office, an_office, mail
from workers.carding import raise_cards
from workers.evidence import evidence_of

FLAT = "flat3@post.example"
LATER = MONDAY + timedelta(days=2)  # the fourth of March
END = MONDAY + timedelta(days=7)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Six letters came from the flat on the third of March."""
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        _writes(office, *range(1, 7))
        yield office


@pytest.fixture
def register(office: Office) -> Register:
    return Register.of(office.database)


def _writes(office: Office, *numbers: int, day: int = 3, sender: str = FLAT) -> None:
    for number in numbers:
        at = datetime(2026, 3, day, 9, number, tzinfo=UTC)
        office.world.deliver(HOUSING, mail(sender, number, subject=f"Letter {number}"), at)
    office.sweep()


def _theirs(address: str = FLAT, *, since: date = date(2026, 1, 5), shared_with: str = "") -> Identifier:
    return Identifier(
        identifier=IdentifierKind.EMAIL, value=address, source="a letter", since=since, shared_with=shared_with
    )


def _left(address: str = FLAT) -> IdentifierWithdrawn:
    return IdentifierWithdrawn(value=address, reason="She has a new address.")


def _figures(office: Office, ref: str) -> Figures:
    with office.database.transaction() as session:
        return evidence_of(session, a_desk(HEAD, END), Settings.model_validate(office.data), ref, (None, None))


@pytest.mark.requirement("1.33")
def test_what_somebody_else_wrote_from_an_address_before_is_not_counted(office: Office, register: Register) -> None:
    ben = register.open(*facts("Ben Next", "ben@post.example"), now=LATER)
    register.record(ben, _theirs(since=LATER.date()), now=LATER)
    _writes(office, 7, day=4)

    figures = _figures(office, ben)

    assert (figures.volume.contacts, figures.volume.mails) == (1, 1)
    assert figures.apart == (Apart(why=Claim.EARLIER, mails=6, contacts=6),)
    assert (
        "Not counted: 6 contacts, 6 messages, from before the day from which an address is recorded as theirs."
        in sentences(figures)
    )


@pytest.mark.requirement("1.33")
def test_mail_from_an_address_of_two_cases_is_counted_in_neither_and_told_apart_in_both(
    office: Office, register: Register
) -> None:
    refs = [
        register.open(*facts(name, f"{name[:3]}@post.example"), _theirs(shared_with="They live together."))
        for name in ("Ann First", "Ben Next")
    ]

    for ref in refs:
        figures = _figures(office, ref)

        assert figures.volume.contacts == 0
        assert figures.apart == (Apart(why=Claim.SHARED, mails=6, contacts=6),)
        assert sentences(figures)[1].startswith("Not counted: 6 contacts, 6 messages, from an address that another")


def test_what_came_before_another_case_had_the_address_as_well_stays_whose_it_was(
    office: Office, register: Register
) -> None:
    ann = register.open(*facts("Ann First", FLAT))
    ben = register.open(*facts("Ben Next", "ben@post.example"), now=LATER)
    register.record(ben, _theirs("Flat3@POST.example", since=LATER.date(), shared_with="They share it."), now=LATER)
    _writes(office, 7, 8, day=5)

    of_ann, of_ben = _figures(office, ann), _figures(office, ben)

    assert (of_ann.volume.contacts, of_ben.volume.contacts) == (6, 0)
    assert of_ann.apart == of_ben.apart == (Apart(why=Claim.SHARED, mails=2, contacts=2),)


def test_mail_from_an_address_that_was_withdrawn_since_is_told_apart_and_what_came_after_is_nobodys(
    office: Office, register: Register
) -> None:
    ann = register.open(*facts("Ann First", FLAT))
    register.record(ann, _theirs("ann@new.example"))
    register.record(ann, _left(), now=LATER)
    _writes(office, 7, 8, day=5)
    _writes(office, 9, day=5, sender="ann@new.example")

    figures = _figures(office, ann)

    assert figures.volume.contacts == 1
    assert figures.apart == (Apart(why=Claim.WITHDRAWN, mails=6, contacts=6),)
    assert "and has been withdrawn since." in " ".join(sentences(figures))
    assert as_data(figures)["apart"] == [{"why": "withdrawn", "mails": 6, "contacts": 6}]


def test_an_address_that_was_withdrawn_by_mistake_counts_again_once_it_is_recorded_again(
    office: Office, register: Register
) -> None:
    ann = register.open(*facts("Ann First", FLAT))
    register.record(ann, _left(), now=LATER)
    register.record(ann, _theirs(), now=LATER)

    figures = _figures(office, ann)

    assert (figures.volume.contacts, figures.apart) == (6, ())


def test_the_next_owner_of_an_address_is_told_nothing_of_mail_that_is_another_case_s(
    office: Office, register: Register
) -> None:
    register.open(*facts("Ann First", FLAT))
    ben = register.open(*facts("Ben Next", "ben@post.example"), now=LATER)
    register.record(ben, _theirs(since=LATER.date(), shared_with="Ann lived there."), now=LATER)

    assert _figures(office, ben).apart == ()


def test_no_card_about_a_case_counts_what_came_before_the_address_was_theirs(
    office: Office, register: Register
) -> None:
    _writes(office, *range(10, 40))
    ben = register.open(*facts("Ben Next", "ben@post.example"), now=LATER)
    register.record(ben, _theirs(since=LATER.date()), now=LATER)

    assert raise_cards(office.runtime(), now=LATER) == 0
