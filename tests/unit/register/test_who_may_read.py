"""Who reads a case, and who is told that it is not theirs: by duty, never by being an officer alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.db import Database
from policies.vocabulary import Channel
from register import audit_store, officer_store, recording
from register.audit import AuditAction, AuditEvent
from register.casework.facts import Action, ActionKind, Owner, Person
from register.casework.standing import CaseState
from register.casework.steps import AppealReceived, Measure, Referral
from register.listing import Listed, Only, listed
from register.officers import Officer
from register.recording import ReadRefusedError
from register.restrictions import SpocDiversion, Terms
from tests.builders import declared_tables
from tests.desks import ASSET_OWNER, DIRECTOR, GOVERNANCE, HEAD, MONDAY, STRANGER, Register, a_desk, facts

ADVISER = Officer(username="adviser", name="The Adviser", job_title="Adviser", service="planning")
ANSWERING = Officer(
    username="parks", name="The Ranger", job_title="Ranger", service="parks", email="Ranger@council.example"
)


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _reads(register: Register, ref: str, officer: Officer, purpose: str = "casework") -> str:
    with recording.transaction(register.database) as session:
        return recording.read(session, a_desk(officer), ref, purpose=purpose).case.name


def _refused(register: Register, ref: str, officer: Officer) -> str:
    with pytest.raises(ReadRefusedError) as refusal:
        _reads(register, ref, officer)
    return str(refusal.value)


def _lists(register: Register, officer: Officer, state: CaseState | None = None) -> Listed:
    with register.database.transaction() as session:
        return listed(session, a_desk(officer), Only(state=state))


def _last(register: Register) -> AuditEvent:
    return list(audit_store.trail(register.database))[-1]


def _both(register: Register, ref: str, officer: Officer) -> bool:
    """Whether the officer reads the case; the list says the same."""
    listed = ref in [line["ref"] for line in _lists(register, officer).lines]
    try:
        _reads(register, ref, officer)
    except ReadRefusedError:
        assert not listed
        return False
    assert listed
    return True


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize("officer", [HEAD, DIRECTOR, ADVISER], ids=lambda officer: officer.username)
def test_the_service_that_owns_a_case_reads_it(register: Register, officer: Officer) -> None:
    assert _both(register, register.open(), officer)


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize("officer", [GOVERNANCE, ASSET_OWNER], ids=lambda officer: officer.username)
def test_whom_the_policy_calls_upon_in_every_service_reads_it(register: Register, officer: Officer) -> None:
    assert _both(register, register.open(), officer)


@pytest.mark.requirement("2.14", "3.42")
def test_a_role_that_speaks_for_its_own_service_reads_nothing_of_another(register: Register) -> None:
    ref = register.open()

    assert not _both(register, ref, STRANGER)


@pytest.mark.requirement("2.14")
def test_a_case_that_nobody_owns_yet_is_everybody_s_to_read(register: Register) -> None:
    ref = register.open(Person(name="Jo Unowned"))

    assert _both(register, ref, STRANGER)


@pytest.mark.requirement("2.14")
def test_who_is_to_look_at_an_appeal_reads_the_case_from_then_on(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)
    before = _both(register, ref, STRANGER)

    appeal = AppealReceived(on=MONDAY.date(), account="Unfair.", channel=Channel.EMAIL, assigned_to=STRANGER.username)
    register.record(ref, appeal)

    assert (before, _both(register, ref, STRANGER)) == (False, True)


@pytest.mark.requirement("2.14")
def test_who_owns_it_reads_it_after_moving_to_another_service_until_somebody_else_does(register: Register) -> None:
    ref = register.open()
    moved = replace(HEAD, service="housing")
    before = _both(register, ref, moved)

    register.record(ref, Owner(officer=DIRECTOR.username, service="planning"))

    assert (before, _both(register, ref, moved)) == (True, False)


@pytest.mark.requirement("2.14")
def test_who_decided_still_reads_what_they_answer_for_after_moving_on(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)

    assert _both(register, ref, replace(DIRECTOR, service="housing"))
    assert not _both(register, ref, replace(ADVISER, service="housing"))


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize(
    "terms",
    [
        pytest.param(SpocDiversion(spoc="ranger@council.example"), id="the single point of contact"),
        pytest.param(SpocDiversion(spoc="a@council.example", deputy="ranger@council.example"), id="the deputy"),
        pytest.param(SpocDiversion(spoc="a@council.example", others=("RANGER@council.example",)), id="who also may"),
    ],
)
def test_who_answers_the_person_reads_why(register: Register, terms: Terms) -> None:
    ref = register.open()
    before = _both(register, ref, ANSWERING)
    with register.database.transaction() as session:
        officer_store.save(session, replace(ANSWERING, trained_on=MONDAY.date()))

    register.restrict(ref, Measure(terms=terms))

    assert (before, _both(register, ref, ANSWERING)) == (False, True)
    assert not _both(register, ref, replace(ANSWERING, email=None, username="other"))


@pytest.mark.requirement("2.14")
def test_raising_the_issue_opens_nobody_s_case(register: Register) -> None:
    ref = register.open()
    register.record(ref, Referral(account="She rang us as well."), STRANGER)

    assert not _both(register, ref, STRANGER)


@pytest.mark.requirement("2.14")
def test_whoever_has_left_reads_nothing(register: Register) -> None:
    assert not _both(register, register.open(), replace(HEAD, active=False))


@pytest.mark.requirement("2.14")
def test_a_refusal_tells_whose_case_it_is_by_role_and_whom_to_ask(register: Register) -> None:
    said = _refused(register, register.open(), STRANGER)

    assert said.startswith("MC-00001 is a case of planning, owned by its Head of Planning, and housing of housing has")
    assert "ask planning, or the Director of Governance" in said
    assert "Specimen" not in said
    assert HEAD.name not in said


@pytest.mark.requirement("2.14", "1.53")
def test_a_refused_reading_is_on_the_trail_and_nothing_else_of_its_transaction_is(register: Register) -> None:
    ref = register.open()
    note = Action(action=ActionKind.NOTE, on=MONDAY.date(), words="Written before the reading.")

    def writes_and_reads() -> None:
        with recording.transaction(register.database) as session:
            recording.record(session, a_desk(HEAD), ref, note)
            recording.read(session, a_desk(STRANGER), ref, purpose="curiosity")

    with pytest.raises(ReadRefusedError):
        writes_and_reads()

    last = _last(register)
    assert (last.actor, last.action, last.subject) == (STRANGER.username, AuditAction.REFUSED, ref)
    assert dict(last.details) == {"what": "read", "purpose": "curiosity"}
    assert note.words not in str(_lists(register, HEAD))
    assert _lists(register, HEAD).lines[0]["version"] == len(facts())


@pytest.mark.requirement("2.14")
def test_a_list_holds_what_the_officer_may_read_and_counts_the_rest(register: Register) -> None:
    planning, unowned = register.open(), register.open(Person(name="Jo Unowned"))
    housing = register.open(Person(name="Bea Cross"), Owner(officer=STRANGER.username, service="housing"), by=STRANGER)

    everything, ours, theirs = (_lists(register, officer) for officer in (GOVERNANCE, HEAD, STRANGER))

    assert [line["ref"] for line in everything.lines] == [planning, unowned, housing]
    assert ([line["ref"] for line in ours.lines], ours.left_out) == ([planning, unowned], 1)
    assert ([line["ref"] for line in theirs.lines], theirs.left_out) == ([unowned, housing], 1)
    assert dict(_last(register).details) == {"cases": "2", "left_out": "1"}


def test_what_was_not_asked_for_is_not_counted_as_left_out(register: Register) -> None:
    register.open()

    assert _lists(register, STRANGER, CaseState.CLOSED) == Listed(lines=(), left_out=0)


def test_a_decision_in_one_case_opens_no_other(register: Register) -> None:
    first, second = register.open(), register.open(*facts("Bea Cross", "bea@post.example"))
    register.restrict(first)
    moved = replace(DIRECTOR, service="housing")

    assert (_both(register, first, moved), _both(register, second, moved)) == (True, False)
