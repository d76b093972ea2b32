"""An address that nobody recorded: what speaks for its being somebody's is shown, and an officer accepts it or not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core import clock
from register import officer_store, recording
from register.casework.facts import Capacity, Identifier, IdentifierKind, IdentifierWithdrawn, Representative
from register.casework.standing import Standing
from register.casework.steps import Measure
from register.restrictions import SpocDiversion
from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer, ReviewRow
from tests.desks import HEAD, STRANGER, Register, a_desk, facts
from tests.office import MARCH, NORTH, Office, an_office
from tests.simulation import ProcessDied
from workers.accepting import accept
from workers.answering import AnswerError, answer_item

NEW = "sam.specimen@elsewhere.example"
PHONE = Identifier(identifier=IdentifierKind.TELEPHONE, value="01904 960 123", source="a call", since=date(2026, 1, 5))
HOME = Identifier(
    identifier=IdentifierKind.POST, value="1 Example Road\nYO1 9ZZ", source="a letter", since=date(2026, 1, 5)
)
SIGNED = "Mend the gate.\r\n\r\nSam Specimen\r\n+44 (0)1904 960123\r\nyo19zz\r\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with a border of its own, two days after a restriction on Sam took effect."""
    monkeypatch.setattr(clock, "now", lambda: MARCH + timedelta(days=2))
    with an_office(tmp_path) as office:
        office.data["council"] |= {"policy": "001", "authserv_id": "mx.council.example", "protected": ["mp.example"]}
        yield office


def _restricted(office: Office, ref: str | None = None) -> str:
    """Sam, whose mail goes to NORTH; the reference of the case."""
    register = Register.of(office.database)
    ref = register.open(*facts(), PHONE, HOME, ref=ref)
    register.restrict(ref, Measure(terms=SpocDiversion(spoc=NORTH)))
    return ref


def _mail(sender: str, number: int, *, body: str = "Mend the gate.\r\n", head: str = "") -> bytes:
    return (
        f"{head}Received: from mail.example by mx.council.example id {number}; Mon, 2 Mar 2026 09:00:00 +0000\r\n"
        f"Message-ID: <{number}@mail.example>\r\nFrom: {sender}\r\nSubject: The gate\r\n\r\n{body}"
    ).encode()


def _comes(office: Office, *raws: bytes) -> None:
    office.deliver(*raws)
    for _ in range(3):
        office.sweep()


def _asked(office: Office) -> tuple[ReviewRow, ...]:
    with office.database.transaction() as session:
        return review_store.open_reviews(session, ReviewKind.IDENTITY)


def _item(office: Office) -> int:
    (item,) = _asked(office)
    return item.id


def _case(office: Office, ref: str) -> Standing:
    with office.database.transaction() as session:
        return recording.read(session, a_desk(), ref, purpose="test")


def _addresses(office: Office, ref: str) -> list[Identifier]:
    return [one for one in _case(office, ref).case.identifiers if one.identifier is IdentifierKind.EMAIL]


def test_the_question_shows_what_speaks_for_a_person_and_how_to_answer_it(office: Office) -> None:
    ref = _restricted(office)

    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11, body=SIGNED))

    (item,) = _asked(office)
    found = "the name shown, the signature, a recorded telephone number, a recorded postcode"
    assert f"What points to {ref}: {found}." in item.question
    assert f"mailroom review accept ITEM --case {ref} --as YOU" in item.question
    assert not any(word in item.question for word in ("Sam", NEW, "960", "9ZZ"))


def test_a_telephone_number_or_a_postcode_alone_is_no_question(office: Office) -> None:
    _restricted(office)

    _comes(office, _mail(f"Jo Bloggs <{NEW}>", 11, body="Mend it.\r\n\r\nJo Bloggs\r\n01904 960123\r\nYO1 9ZZ\r\n"))

    assert _asked(office) == ()
    assert len(office.lying_in("INBOX")) == 1


@pytest.mark.requirement("1.45")
def test_an_accepted_address_is_recorded_and_its_message_goes_where_the_restriction_says(office: Office) -> None:
    ref = _restricted(office)
    raw = _mail(f"Sam Specimen <{NEW}>", 11)
    _comes(office, raw)

    accept(office.runtime(), _item(office), ref, HEAD.username)
    office.finish()

    recorded = _addresses(office, ref)[-1]
    assert (recorded.value, recorded.source, recorded.since) == (NEW, "accepted from M1", date(2026, 3, 4))
    assert [to for to, _ in office.world.letters] == [NORTH]
    assert (office.lying_in("INBOX"), office.lying_in("Diverted")) == ([], [raw])
    assert _asked(office) == ()
    assert office.count("decision where supersedes is not null and decided_by = 'head'") == 1


def test_from_then_on_mail_from_the_address_is_theirs_without_a_question(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))
    accept(office.runtime(), _item(office), ref, HEAD.username)

    _comes(office, _mail(NEW, 12))

    assert _asked(office) == ()
    assert len(office.world.letters) == 2


def test_a_wrong_acceptance_is_taken_back_by_withdrawing_the_address(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))
    accept(office.runtime(), _item(office), ref, HEAD.username)
    office.finish()

    Register(office.database).record(ref, IdentifierWithdrawn(value=NEW, reason="Somebody else of that name."))
    _comes(office, _mail(NEW, 12))

    assert len(office.lying_in("INBOX")) == 1
    assert len(office.world.letters) == 1


def test_other_messages_that_wait_are_accepted_too_and_the_address_is_recorded_once(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11), _mail(f"Sam Specimen <{NEW}>", 12))
    first, second = _asked(office)

    accept(office.runtime(), first.id, ref, HEAD.username)
    accept(office.runtime(), second.id, ref, HEAD.username)
    office.finish()

    assert len(_addresses(office, ref)) == 2
    assert len(office.world.letters) == 2


def test_what_was_asked_about_the_message_before_is_not_asked_again(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11, body="I am going to kill myself tonight.\r\n"))
    before = office.count("review_item where kind = 'safety'")

    accept(office.runtime(), _item(office), ref, HEAD.username)

    assert office.count("review_item where kind = 'safety'") == before == 1


def test_a_shadowed_mailbox_only_records(office: Office) -> None:
    office.data["mailboxes"]["housing"]["shadow"] = True
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))

    accept(office.runtime(), _item(office), ref, HEAD.username)
    office.finish()

    assert len(office.lying_in("INBOX")) == 1
    assert office.world.letters == []


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        pytest.param(
            _mail(
                f"Sam Specimen <{NEW}>",
                11,
                head="Authentication-Results: mx.council.example; dmarc=fail header.from=elsewhere.example\r\n",
            ),
            "could not confirm where it comes from",
            id="forged",
        ),
        pytest.param(_mail(f"Sam Specimen <{NEW}>, jo@post.example", 11), "ambiguous", id="two authors"),
        pytest.param(_mail(f"Sam Specimen via Residents <{NEW}>", 11), "by way of somebody else", id="list"),
        pytest.param(
            _mail("forms@council.example", 11, head="Reply-To: sam@post.example\r\n"),
            "the council's own",
            id="web form",
        ),
    ],
)
def test_an_address_that_is_not_surely_the_writers_own_is_never_recorded(
    office: Office, mail: bytes, reason: str
) -> None:
    ref = _restricted(office)
    _comes(office, mail)
    item = _item(office)

    with pytest.raises(AnswerError, match=reason):
        accept(office.runtime(), item, ref, HEAD.username)

    answer_item(office.runtime(), item, Answer(outcome="overturn", by="head"))
    assert len(_addresses(office, ref)) == 1
    assert office.count("register_other") == 0


@pytest.mark.parametrize(
    ("ref", "officer", "reason"),
    [
        pytest.param("MC-404", "head", "no case MC-404", id="no such case"),
        pytest.param("S1", "nobody", "no active officer nobody", id="no such officer"),
        pytest.param("S1", "housing", "no active officer housing", id="an officer who has left"),
    ],
)
def test_what_is_refused_leaves_the_question_open(office: Office, ref: str, officer: str, reason: str) -> None:
    _restricted(office, "S1")
    with office.database.transaction() as session:
        officer_store.save(session, replace(STRANGER, active=False))
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))

    with pytest.raises(AnswerError, match=reason):
        accept(office.runtime(), _item(office), ref, officer)

    assert len(_addresses(office, "S1")) == 1
    assert len(_asked(office)) == 1


def test_an_address_that_another_case_has_is_refused_by_the_gates_of_casework(office: Office) -> None:
    ref = _restricted(office)
    Register(office.database).open(*facts("Jo Bloggs", NEW), ref="J1")
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))

    with pytest.raises(AnswerError, match="J1 has the same"):
        accept(office.runtime(), _item(office), ref, HEAD.username)

    assert len(_addresses(office, ref)) == 1


def test_the_address_of_somebody_who_speaks_for_the_person_is_not_the_persons(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))
    speaker = Representative(name="Al Advocate", capacity=Capacity.ADVOCATE, addresses=(NEW,))
    Register(office.database).record(ref, speaker)

    with pytest.raises(AnswerError, match="speaks for the person"):
        accept(office.runtime(), _item(office), ref, HEAD.username)


def test_an_item_is_accepted_once_and_only_if_it_asks_who_wrote_a_message(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11, body="I am going to kill myself tonight.\r\n"))
    item = _item(office)
    accept(office.runtime(), item, ref, HEAD.username)

    with pytest.raises(AnswerError, match="has been answered"):
        accept(office.runtime(), item, ref, HEAD.username)
    with office.database.transaction() as session:
        (danger,) = review_store.open_reviews(session, ReviewKind.SAFETY)
    with pytest.raises(AnswerError, match="asks about safety"):
        accept(office.runtime(), danger.id, ref, HEAD.username)


def test_who_is_somebody_else_is_not_asked_about_again(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))

    done = answer_item(office.runtime(), _item(office), Answer(outcome="overturn", by="head"))
    _comes(office, _mail(f"Sam Specimen <{NEW.upper()}>", 12, body=SIGNED))

    assert done.not_asked_again == (ref,)
    assert _asked(office) == ()
    assert len(office.lying_in("INBOX")) == 2
    assert ref in _others(office)
    assert NEW not in _others(office)


def test_who_is_somebody_else_is_asked_about_for_another_case_and_from_another_address(office: Office) -> None:
    _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))
    answer_item(office.runtime(), _item(office), Answer(outcome="overturn", by="head"))

    _comes(office, _mail(f"Sam Specimen <b{NEW}>", 12), _mail(f"Person A1 <{NEW}>", 13))

    assert len(_asked(office)) == 2


def test_what_was_said_of_an_address_ends_when_it_is_recorded_after_all(office: Office) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))
    answer_item(office.runtime(), _item(office), Answer(outcome="overturn", by="head"))

    Register(office.database).record(ref, replace(_addresses(office, ref)[0], value=NEW))
    _comes(office, _mail(NEW, 12))

    assert [to for to, _ in office.world.letters] == [NORTH]


@pytest.mark.requirement("1.75")
def test_who_speaks_for_a_person_is_neither_restricted_nor_asked_about(office: Office) -> None:
    ref = _restricted(office)
    speaker = Representative(name="Al Advocate", capacity=Capacity.ADVOCATE, addresses=("al@advice.example",))
    Register(office.database).record(ref, speaker)

    _comes(office, _mail("al@advice.example", 11, body="I write for a client.\r\n\r\nSam Specimen\r\n"))

    assert _asked(office) == ()
    assert len(office.lying_in("INBOX")) == 1
    assert office.world.letters == []


@pytest.mark.parametrize("step", range(1, 9))
def test_acceptance_holds_wholly_or_not_at_all_wherever_the_process_dies(office: Office, step: int) -> None:
    ref = _restricted(office)
    _comes(office, _mail(f"Sam Specimen <{NEW}>", 11))
    item = _item(office)
    office.world.die_at = office.world.steps + step
    with pytest.raises(ProcessDied):
        accept(office.runtime(), item, ref, HEAD.username)
    office.world.restart()
    _free_leases(office)

    assert len(_addresses(office, ref)) == (1 if _asked(office) else 2)
    if _asked(office):
        accept(office.runtime(), item, ref, HEAD.username)
    office.finish()

    assert [to for to, _ in office.world.letters] == [NORTH]
    assert len(office.lying_in("Diverted")) == 1
    assert (len(_addresses(office, ref)), office.count("decision where supersedes is not null")) == (2, 1)


def _free_leases(office: Office) -> None:
    """The process that held them has ended, which this one only plays."""
    with office.database.transaction() as session:
        session.execute(text("update lease set owner = null"))


def _others(office: Office) -> str:
    """What is remembered of addresses that are somebody else's."""
    with office.database.transaction() as session:
        return str(session.execute(text("select * from register_other")).all())
