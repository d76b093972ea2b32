"""What falls due is asked of people, once each; nothing of a case changes by a question."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from register import officer_store
from register.casework.due import DueKind
from register.casework.steps import Review, ReviewOutcome
from register.dates import start_of
from register.officers import Officer
from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer
from tests.desks import DIRECTOR, EVERYBODY, HEAD, MONDAY, STRANGER, Register, a_desk, facts
from tests.office import Office, an_office
from workers.reminding import due_for, due_until, remind

REVIEW_DAY = date(2026, 9, 1)
TRAINED = MONDAY.date()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        yield office


def _restricted(office: Office) -> str:
    """A case with restrictions in force, in a council whose officers all had their training."""
    register = Register.of(office.database)
    _trained(office, *(officer.username for officer in EVERYBODY))
    ref = register.open()
    register.restrict(ref)
    return ref


def _trained(office: Office, *usernames: str, on: date | None = TRAINED, active: bool = True) -> None:
    with office.database.transaction() as session:
        for officer in EVERYBODY:
            if officer.username in usernames:
                officer_store.save(session, replace(officer, trained_on=on, active=active))


def _remind(office: Office, day: date) -> list[str]:
    remind(office.runtime(), now=start_of(day))
    with office.database.transaction() as session:
        return [item.question for item in review_store.open_reviews(session, ReviewKind.DUE)]


@pytest.mark.requirement("1.80")
def test_a_person_is_asked_on_the_day_a_review_is_due_and_not_before(office: Office) -> None:
    ref = _restricted(office)

    assert _remind(office, REVIEW_DAY - timedelta(days=1)) == []
    (question,) = _remind(office, REVIEW_DAY)

    assert question == f"Due 01 September 2026: Review the managed contact arrangements of {ref}. For {HEAD.username}."


def test_nobody_is_asked_twice(office: Office) -> None:
    _restricted(office)

    assert _remind(office, REVIEW_DAY) == _remind(office, REVIEW_DAY)


@pytest.mark.requirement("1.47")
def test_a_restriction_that_reached_its_end_unreviewed_is_asked_about(office: Office) -> None:
    _restricted(office)

    questions = _remind(office, date(2026, 9, 2))

    reached = "reached their provisional end on 2 September 2026: since then they have had no effect"
    assert any(reached in question for question in questions)


@pytest.mark.requirement("1.47")
@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 9, 1), "reach their provisional end: from this day they have no effect unless a review extends"),
        (date(2026, 9, 2), "reached their provisional end on 2 September 2026: since then they have had no effect"),
    ],
)
def test_what_is_said_of_a_provisional_end_is_true_on_the_day_it_is_read(
    office: Office, today: date, words: str
) -> None:
    _restricted(office)

    (ends,) = (due for due in due_until(office.runtime(), date(2026, 9, 2)) if due.kind is DueKind.PROVISIONAL_END)

    assert words in ends.told(today)


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize(
    ("officer", "reads"),
    [
        pytest.param(HEAD, True, id="of the service"),
        pytest.param(replace(DIRECTOR, service="housing", roles=frozenset()), True, id="who decided it"),
        pytest.param(STRANGER, False, id="of another service"),
    ],
)
def test_what_is_due_in_a_case_is_for_those_who_may_read_it(office: Office, officer: Officer, *, reads: bool) -> None:
    ref = _restricted(office)

    with office.database.transaction() as session:
        told = due_for(session, a_desk(officer), date(2026, 9, 1))

    assert (ref in {due.ref for due in told.dues}) is reads
    assert (told.left_out == 0) is reads


def test_a_review_in_time_leaves_nothing_to_ask_but_for_its_letter(office: Office) -> None:
    ref = _restricted(office)
    extended = Review(
        on=date(2026, 8, 24),
        considerations="It goes on.",
        outcome=ReviewOutcome.EXTEND,
        subject_matter="The hedge.",
        ends_on=date(2027, 2, 20),
        review_on=date(2027, 2, 20),
    )
    Register(office.database).record(ref, extended, now=_noon(date(2026, 8, 24)))

    assert _remind(office, REVIEW_DAY) == []
    assert any(
        question.startswith("Due 03 September 2026: Tell the person")  # 31 August is a bank holiday
        for question in _remind(office, date(2026, 9, 3))
    )


def test_the_list_of_what_is_due_names_cases_officers_and_the_policy(office: Office) -> None:
    ref = _restricted(office)
    _trained(office, HEAD.username, on=None)

    found = due_until(office.runtime(), date(2026, 12, 31))

    assert {due.ref for due in found} >= {ref, HEAD.username}
    assert [due.on for due in found] == sorted(due.on for due in found)
    _remind(office, REVIEW_DAY)
    assert due_until(office.runtime(), date(2026, 12, 31)) == found  # none of them twice


def test_an_officer_whose_training_is_due_is_asked_once_until_it_is_had(office: Office) -> None:
    Register.of(office.database)
    _trained(office, *(officer.username for officer in EVERYBODY if officer is not HEAD))

    (question,) = _remind(office, REVIEW_DAY)
    assert question.startswith("Due 01 January 2024: Take the training on the policy")
    assert question.endswith(f"For {HEAD.username}.")
    _answered(office)

    assert _remind(office, REVIEW_DAY) == []
    _trained(office, "director", on=None)  # what another has due does not bring it back
    (question,) = _remind(office, REVIEW_DAY)
    assert question.endswith("For director.")


def test_an_officer_who_was_trained_or_has_left_is_not_asked(office: Office) -> None:
    Register.of(office.database)
    _trained(office, *(officer.username for officer in EVERYBODY[1:]))
    _trained(office, HEAD.username, on=None, active=False)

    assert _remind(office, REVIEW_DAY) == []


@pytest.mark.requirement("2.3")
def test_a_policy_document_whose_review_is_overdue_is_asked_about_once(office: Office) -> None:
    office.data["council"]["policy"] = "002"

    (question,) = _remind(office, REVIEW_DAY)

    assert question.startswith("Due 30 April 2019: Review the policy document itself: ")
    _answered(office)
    assert _remind(office, REVIEW_DAY + timedelta(days=1)) == []


def test_however_much_falls_due_on_a_day_it_is_asked_in_as_many_statements(office: Office) -> None:
    register = Register.of(office.database)
    few = _statements(office, REVIEW_DAY)
    for number in range(30):
        register.restrict(register.open(*facts(name=f"Person {number}", email=f"p{number}@post.example")))

    many = _statements(office, REVIEW_DAY)

    assert office.count("review_item where question like '%Review the managed%'") == 30
    assert many <= few


def _statements(office: Office, day: date) -> int:
    """How many it takes to remind people."""
    counted: list[str] = []

    def count(*said: object) -> None:
        counted.append(str(said[2]))

    event.listen(office.database.engine, "before_cursor_execute", count)
    _remind(office, day)
    event.remove(office.database.engine, "before_cursor_execute", count)
    return len(counted)


def _answered(office: Office) -> None:
    with office.database.transaction() as session:
        for item in review_store.open_reviews(session):
            review_store.answer(session, item.id, Answer(outcome="confirm", by="head"), now=start_of(REVIEW_DAY))


def test_a_closure_of_the_council_moves_what_is_counted_in_its_working_days(office: Office) -> None:
    ref = _restricted(office)
    removed = Review(
        on=date(2026, 8, 24), considerations="Enough.", outcome=ReviewOutcome.REMOVE, subject_matter="The hedge."
    )
    Register(office.database).record(ref, removed, now=_noon(date(2026, 8, 24)))
    before = _letter_day(office)

    office.data["council"]["closures"] = ["2026-08-28"]

    assert (before, _letter_day(office)) == (date(2026, 9, 3), date(2026, 9, 4))


def _letter_day(office: Office) -> date:
    (due,) = [due for due in due_until(office.runtime(), date(2026, 12, 31)) if due.kind is DueKind.OUTCOME_LETTER]
    return due.on


def _noon(day: date) -> datetime:
    return start_of(day) + timedelta(hours=12)
