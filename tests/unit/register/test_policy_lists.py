"""What a policy lists by name is there to be chosen, and is pointed out to whoever records something it concerns."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.db import Database
from policies import shelf
from policies.vocabulary import Channel
from register import recording
from register.casework.facts import Action, ActionKind, Fact, Incident, Person
from register.casework.gates import admit
from register.casework.refusal import RefusedError, Situation
from register.casework.standing import standing
from register.casework.steps import StageTaken, Step
from register.officers import Officers
from register.recording import Recorded
from tests.builders import declared_tables
from tests.desks import EVERYBODY, HEAD, MONDAY, Register, a_desk, a_proposal
from tests.unit.register.casework_builders import a_case

YORK = shelf.find("004")
PROTECTED = ("disability", "perceived gender", "religion", "belief", "race", "sex", "age", "gender")


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _in_york(register: Register, ref: str, given: Fact | Step) -> Recorded:
    manager = replace(HEAD, roles=frozenset({"manager"}))
    with register.database.transaction() as session:
        return recording.record(session, replace(a_desk(manager), policies=YORK), ref, given)


def _hate_incident(characteristic: str) -> Incident:
    return Incident(
        at=MONDAY - timedelta(days=1),
        channel=Channel.EMAIL,
        categories=("hate",),
        account="As in the mail.",
        characteristic=characteristic,
        legal_basis="Malicious Communications Act 1988",
    )


@pytest.mark.requirement("4.22", "4.23", "4.24")
@pytest.mark.parametrize("characteristic", PROTECTED)
def test_whoever_records_a_hate_incident_is_told_where_it_can_be_reported_at_once(
    register: Register, characteristic: str
) -> None:
    done = _in_york(register, register.open(), _hate_incident(characteristic))

    assert [remark.words.rpartition(" ")[2] for remark in done.remarks] == [
        "https://report-it.org.uk/your_police_force",
        "https://york.gov.uk/HateCrime",
    ]
    assert done.standing.case.incidents[-1].characteristic == characteristic
    assert YORK.newest.categories["hate"].severity == 3


def test_a_characteristic_that_the_policy_does_not_list_is_refused(register: Register) -> None:
    with pytest.raises(RefusedError, match=r"hair colour is no characteristic of 004-york@2024-01-01: choose of disab"):
        _in_york(register, register.open(), _hate_incident("hair colour"))


@pytest.mark.requirement("4.27")
def test_whoever_escalates_is_reminded_of_the_register_that_knows_the_person(register: Register) -> None:
    ref = register.open()
    known = Action(action=ActionKind.EXTERNAL_REGISTER, on=MONDAY.date(), words="Dogs.", reference="BS-77")
    _in_york(register, ref, known)

    escalation = StageTaken(stage="incident", channel=Channel.TELEPHONE, words="It was explained.")
    done = _in_york(register, ref, escalation)

    assert [remark.words for remark in done.remarks] == [
        "B-Safe knows this person under BS-77: check it before you go on"
    ]


@pytest.mark.requirement("2.4")
@pytest.mark.parametrize(
    ("basis", "listed"),
    [
        ("a complaint about compliance with the Welsh Language standards", True),
        ("a complaint about the weather", False),
    ],
)
def test_what_a_proposal_is_about_is_chosen_from_the_policys_list(basis: str, listed: bool) -> None:  # noqa: FBT001 - a case
    policy = shelf.find("002").newest
    case = replace(a_case(Person(name="Sam Specimen")), ref="MC-1")
    situation = Situation(
        standing=standing(case),
        policy=policy,
        officer=HEAD,
        now=MONDAY,
        officers=Officers(EVERYBODY),
        calendar=a_desk().calendar,
    )

    with pytest.raises(RefusedError) as refused:  # for many reasons: this case has nothing yet
        admit(a_proposal(stage="formal", basis=basis), situation)

    assert ("is no basis" in str(refused.value)) is not listed
