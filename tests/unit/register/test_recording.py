"""How anything gets into a case, and what follows from it: entry, keys, deadlines, trail; and what never gets in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from core.db import Database
from policies.vocabulary import Channel
from register import audit_store, case_store, due_store, recording, store
from register.audit import AuditAction, verify
from register.case_store import ConflictError
from register.casework.due import DueKind
from register.casework.facts import Identifier, IdentifierKind, Incident, Person
from register.casework.refusal import RefusedError
from register.casework.steps import Activation, Closed, Ended, Referral
from register.claims import Claims
from register.matching import lookup_keys
from register.recording import UnknownCaseError
from tests.builders import declared_tables
from tests.desks import GOVERNANCE, HEAD, MONDAY, SPOC, STRANGER, Register, a_desk, facts


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _trail(register: Register) -> list[tuple[str, str, str]]:
    return [(event.actor, str(event.action), event.subject) for event in audit_store.trail(register.database)]


@pytest.mark.requirement("1.44", "1.45", "1.46", "1.47", "1.48", "1.49", "1.50")
def test_a_restriction_that_went_the_whole_way_is_on_the_register(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)

    with register.database.transaction() as session:
        entry = store.entry(session, ref)
        (line,) = store.listed(session)

    assert entry is not None
    (restriction,) = entry.restrictions
    assert (entry.name, entry.addresses) == ("Sam Specimen", ("sam@post.example",))
    assert (restriction.spoc, restriction.commenced_at, restriction.review_on) == (SPOC, MONDAY, date(2026, 9, 1))
    assert restriction.policy == "001-two-stage@2024-01-01"
    assert line[1:] == ("active", "planning", "head")


def test_mail_finds_the_case_by_the_address_that_was_recorded(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)

    with register.database.transaction() as session:
        found = store.snapshot(session, lookup_keys(Claims(author_addresses=("SAM@post.example",))))

    assert [entry.ref for entry in found.entries] == [ref]


@pytest.mark.requirement("1.47")
def test_what_is_due_follows_each_record(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)

    with register.database.transaction() as session:
        dues = list(due_store.due(session, date(2027, 1, 1), a_desk().calendar))

    assert {due.kind for due in dues} >= {DueKind.REVIEW, DueKind.PROVISIONAL_END, DueKind.MONITORING_END}


@pytest.mark.requirement("2.38", "4.20")
def test_every_change_is_on_the_trail_with_who_made_it(register: Register) -> None:
    ref = register.open()
    register.record(ref, Referral(account="It goes on."), GOVERNANCE)

    trail = _trail(register)

    assert trail[0] == (HEAD.username, AuditAction.OPENED, ref)
    assert trail[-1] == (GOVERNANCE.username, AuditAction.RECORDED, ref)
    assert not verify(audit_store.trail(register.database)).findings


@pytest.mark.requirement("2.14", "1.53")
def test_reading_a_case_is_on_the_trail_too(register: Register) -> None:
    ref = register.open()

    with register.database.transaction() as session:
        recording.read(session, a_desk(GOVERNANCE), ref, purpose="audit")

    assert _trail(register)[-1] == (GOVERNANCE.username, AuditAction.READ, ref)


def test_a_refused_record_leaves_no_trace_in_the_case(register: Register) -> None:
    ref = register.open()

    with pytest.raises(RefusedError, match="no proposal is open"):
        register.record(ref, Activation(commences_at=MONDAY))

    with register.database.transaction() as session:
        case = case_store.case(session, ref)
    assert case is not None
    assert case.version == len(facts())


def test_a_case_with_a_record_that_is_refused_is_not_opened_at_all(register: Register) -> None:
    tomorrow = Incident(at=MONDAY + timedelta(days=1), channel=Channel.EMAIL, categories=("threats",), account="x")

    with pytest.raises(RefusedError, match="still to come"):
        register.open(*facts(), tomorrow)

    with register.database.transaction() as session:
        assert case_store.refs(session) == ()
        assert list(store.listed(session)) == []


@pytest.mark.requirement("1.44")
def test_another_service_cannot_write_in_the_case(register: Register) -> None:
    ref = register.open()

    with pytest.raises(
        RefusedError, match=r"housing belongs to housing: only the service that owns the case, planning"
    ):
        register.record(ref, Person(name="Somebody Else"), STRANGER)


def test_of_two_officers_who_saw_the_same_version_one_is_told_to_read_again(register: Register) -> None:
    ref = register.open()
    seen = len(facts())
    register.record(ref, Referral(account="First."))

    told = r"changed meanwhile \(you saw version 5, it is 6\)"
    with pytest.raises(ConflictError, match=told), register.database.transaction() as session:
        recording.record(session, a_desk(GOVERNANCE), ref, Referral(account="Second."), seen=seen)


def test_the_database_itself_gives_a_number_away_once(register: Register) -> None:
    ref = register.open()
    with register.database.transaction() as session:
        case = case_store.case(session, ref)
        assert case is not None

        with pytest.raises(ConflictError):
            case_store.append(session, ref, case.events[-1:])


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(
            Identifier(
                identifier=IdentifierKind.EMAIL, value="SAM@POST.EXAMPLE", source="a form", since=date(2026, 2, 1)
            ),
            id="address",
        ),
        pytest.param(Person(name="Specimen, Sam"), id="name"),
    ],
)
def test_the_same_person_is_not_put_on_the_register_twice(register: Register, same: Person | Identifier) -> None:
    first = register.open()

    with pytest.raises(RefusedError, match=rf"{first} has the same: record it there"):
        register.open(Person(name="Jo Other"), same) if isinstance(same, Identifier) else register.open(same)


def test_somebody_who_only_shares_a_name_is_recorded_with_the_reason(register: Register) -> None:
    register.open()

    second = register.open(Person(name="Sam Specimen", shared_with="The son, of the same name; born 2001."))

    assert second == "MC-00002"


@pytest.mark.requirement("3.36")
def test_what_is_ended_has_no_effect_from_that_moment(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)
    later = MONDAY + timedelta(days=30)

    register.record(ref, Ended(reason="The behaviour has changed."), now=later)

    with register.database.transaction() as session:
        entry = store.entry(session, ref)
    assert entry is not None
    (restriction,) = entry.restrictions
    assert restriction.in_force_at(later - timedelta(seconds=1))
    assert not restriction.in_force_at(later)


def test_a_closed_case_can_be_referred_again(register: Register) -> None:
    ref = register.open()
    register.record(ref, Closed(reason="Nothing since."))

    with pytest.raises(RefusedError, match="the case is closed: a new referral opens it again"):
        register.record(ref, Person(name="Sam Specimen"))

    assert register.record(ref, Referral(account="It began again.")).standing.state == "referred"


def test_a_case_that_does_not_exist_is_said_not_to(register: Register) -> None:
    with pytest.raises(UnknownCaseError, match="the register has no case MC-404: see `mailroom case list`"):
        register.record("MC-404", Referral(account="Who?"))


def test_references_count_on_past_those_that_were_brought_in(register: Register) -> None:
    register.open(*facts("Bea Cross", "bea@post.example"), ref="MC-00002")

    assert register.open(now=datetime(2026, 3, 3, tzinfo=UTC)) == "MC-00003"
