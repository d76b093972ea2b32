"""What holds of a case whatever anybody records, in whatever order, under each of the five policies."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from classifier.assessment import Assessment
from policies import shelf
from policies.vocabulary import AtExpiry, RestrictionKind
from register.casework.case import Case, CaseEvent
from register.casework.deadlines import DueKind, deadlines
from register.casework.gates import admit
from register.casework.refusal import Objection, RefusedError, Situation
from register.casework.standing import CaseState, standing
from register.casework.steps import Ended
from register.dates import start_of
from register.entry import Snapshot
from register.matching import StaffDirectory
from register.projection import Ground, entry_of
from register.restrictions import SpocDiversion
from routing.decide import RoutingPolicy, decide
from tests.builders import a_message, a_receipt
from tests.unit.register.casework.courses import ORDERLY, POLICIES, REF, START, Course, Turn, habits, officers_of, turns
from tests.unit.register.casework.oracle import irregularities
from tests.unit.register.casework.strategies import FACTS, KINDS, Record, a_record, records

policies = st.sampled_from(sorted(POLICIES))
ADDRESS = "sam@mail.example"
ROUTING = RoutingPolicy(
    version="test", staff=StaffDirectory.of(domains=["council.example"], addresses=[], protected=[])
)
CALM = Assessment(model_version="test", score=0.0, flagged=False, why=())


def _ground(course: Course) -> Ground:
    histories = [shelf.find(name) for name in shelf.shipped()]
    versions = {policy.version: policy for history in histories for _, policy in history.versions}
    return Ground(policy=versions.__getitem__, calendar=course.calendar, officers=course.officers)


GROUND = _ground(Course(POLICIES["001"]))


@given(policies, turns, habits)
@settings(deadline=None, max_examples=400)
@pytest.mark.requirement("4.19")
def test_no_path_leads_to_a_restriction_without_what_its_policy_asks(
    policy: str, turns: Sequence[Turn], forgets: str
) -> None:
    course = Course(POLICIES[policy], forgets).taken(turns)

    assert [*irregularities(course.standing.case.events, course.policy)] == []
    event(f"{policy}: {course.standing.state}")
    if course.standing.active:
        assert any(one.record.kind in {"activation", "adoption"} for one in course.standing.case.events)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_orderly_course_comes_to_a_restriction(policy: str) -> None:
    course = Course(POLICIES[policy]).taken([ORDERLY] * 14)

    assert any(one.record.kind == "activation" for one in course.standing.case.events)
    assert course.refused == 0


def test_the_courses_drawn_come_everywhere() -> None:
    states: Counter[str] = Counter()

    @given(policies, turns)
    @settings(deadline=None, max_examples=300, database=None, derandomize=True, phases=[Phase.generate])
    def count(policy: str, turns: Sequence[Turn]) -> None:
        course = Course(POLICIES[policy]).taken(turns)
        states.update({one.record.kind for one in course.standing.case.events})
        states.update(course.seen)
        states[f"{policy} restricted"] += any(one.record.kind == "activation" for one in course.standing.case.events)

    count()

    assert all(states[state] for state in CaseState)
    assert all(states[f"{policy} restricted"] >= 10 for policy in POLICIES)
    assert states["activation"] >= 100
    assert all(states[kind] for kind in ("adoption", "letter-failed", "review", "end", "appeal-decision"))


@given(policies, st.lists(st.sampled_from(["incident", "matter", "referral"]), max_size=40))
@settings(deadline=None)
@pytest.mark.requirement("1.34", "4.19")
def test_no_number_of_incidents_challenges_or_referrals_restricts_anybody(policy: str, kinds: Sequence[str]) -> None:
    course = Course(POLICIES[policy])
    category = next(name for name, one in course.policy.categories.items() if not one.needs)
    drawn = {
        "incident": a_record(
            "incident", at=START.isoformat(), channel="email", categories=[category], account="Once more.", threat=True
        ),
        "matter": a_record("matter", reference="C-1", title="The outcome is challenged"),
        "referral": a_record("referral", account="Once more."),
    }

    admitted = [course.record(drawn[kind], course.officers.everyone[0]) for kind in kinds]

    assert all(admitted)
    assert course.standing.arrangements == ()
    assert course.standing.proposal is None
    assert entry_of(course.standing, GROUND).restrictions == ()


ENDS = ("end", "review", "closure")


@given(policies, turns, st.sampled_from(ENDS), st.integers(0, 5000))
@settings(deadline=None)
@pytest.mark.requirement("3.42", "3.36")
def test_what_has_ended_has_no_effect_at_all_on_mail(policy: str, turns: Sequence[Turn], end: str, hours: int) -> None:
    course = Course(POLICIES[policy]).taken(turns)
    course.record(
        a_record("identifier", identifier="email", value=ADDRESS, source="a letter", since=course.today),
        course.officers.everyone[0],
    )
    course = _all_ended(course, end)
    entry = entry_of(course.standing, GROUND)
    receipt = a_receipt("parks", received_at=course.now + timedelta(hours=hours))

    decisions = [
        decide(a_message(ADDRESS), receipt, snapshot, CALM, ROUTING) for snapshot in (Snapshot((entry,)), Snapshot())
    ]

    assert decisions[0] == decisions[1]
    event("there was something to end" if course.standing.arrangements else "nothing to end")


def _all_ended(course: Course, how: str) -> Course:
    """Every restriction ended, in one of the ways there are, as events that were admitted would say."""
    kinds: dict[str, Record] = {
        "end": Ended(reason="Enough."),
        "review": a_record(
            "review", on=course.today, considerations="None.", outcome="remove", subject_matter="All of it."
        ),
        "closure": a_record("closure", reason="Done."),
    }
    signature = course.officers.everyone[0].signature()
    number = course.standing.case.version + 1
    ended = CaseEvent(number=number, at=course.now, by=signature, policy=course.policy.version, record=kinds[how])
    course.standing = standing(course.standing.case.with_event(ended))
    assert course.standing.active == ()
    return course


@given(policies, turns)
@settings(deadline=None)
@pytest.mark.requirement("1.47")
def test_nothing_goes_on_or_stops_in_silence(policy: str, turns: Sequence[Turn]) -> None:
    course = Course(POLICIES[policy]).taken(turns)
    restrictions = {one.ref: one for one in entry_of(course.standing, GROUND).restrictions}
    dues = deadlines(course.standing, course.policy, course.calendar, course.officers)
    ends = {due.on for due in dues if due.kind is DueKind.PROVISIONAL_END}
    reviews = {due.on for due in dues if due.kind is DueKind.REVIEW}

    for arrangement in course.standing.active:
        assert arrangement.review_on in reviews
        if arrangement.provisional_end is None:
            assert restrictions[arrangement.ref].ends_at is None
            continue
        lapses = course.policy.at_expiry.value is AtExpiry.LAPSE
        assert restrictions[arrangement.ref].ends_at == (start_of(arrangement.provisional_end) if lapses else None)
        assert arrangement.provisional_end in ends
        event("lapses" if lapses else "goes on")


signatures = st.sampled_from([one.signature() for one in officers_of(POLICIES["001"]).everyone])


@st.composite
def any_cases(draw: st.DrawFn) -> Case:
    """Any records by anybody, which no gate has seen."""
    events = [
        CaseEvent(number=number, at=START, by=draw(signatures), policy=POLICIES["001"].version, record=record)
        for number, record in enumerate(draw(st.lists(records, max_size=8)), start=1)
    ]
    return Case(REF, tuple(events))


@given(any_cases())
@settings(deadline=None)
def test_any_list_of_records_has_one_standing(case: Case) -> None:
    first = standing(case)

    assert first == standing(Case(case.ref, tuple(case.events)))
    assert isinstance(first.state, CaseState)
    assert {one.ref for one in first.active} <= {one.ref for one in first.arrangements}


@given(any_cases(), st.data())
@settings(deadline=None)
def test_any_record_in_any_situation_is_admitted_or_refused_with_reasons(case: Case, data: st.DataObject) -> None:
    policy = POLICIES[data.draw(policies)]
    officers = officers_of(policy)
    record = data.draw(records)
    situation = Situation(
        standing=standing(case),
        policy=policy,
        officer=data.draw(st.sampled_from(officers.everyone)),
        now=START,
        officers=officers,
        calendar=Course(policy).calendar,
    )

    outcome = _outcome(record, situation)

    if isinstance(outcome, CaseEvent):
        assert outcome.record == record
        assert outcome.number == case.version + 1
    else:
        assert outcome
        assert all(objection.words and objection.clause for objection in outcome)


def _outcome(record: Record, situation: Situation) -> CaseEvent[Record] | tuple[Objection, ...]:
    try:
        return admit(record, situation)[0]
    except RefusedError as error:
        return error.objections


@pytest.mark.parametrize("policy", POLICIES)
@given(turns=turns, data=st.data())
@settings(deadline=None, max_examples=40)
def test_any_record_after_any_course_is_admitted_or_refused(
    policy: str, turns: Sequence[Turn], data: st.DataObject
) -> None:
    course = Course(POLICIES[policy]).taken(turns)
    kind = data.draw(st.sampled_from(sorted(KINDS, key=lambda one: one.__name__)))

    course.record(data.draw(KINDS[kind]), data.draw(st.sampled_from(course.officers.everyone)))

    assert course.standing == standing(course.standing.case)


@given(policies, turns, st.data())
@settings(deadline=None)
@pytest.mark.requirement("1.70")
def test_no_record_changes_one_that_is_there(policy: str, turns: Sequence[Turn], data: st.DataObject) -> None:
    course = Course(POLICIES[policy]).taken(turns)
    before = course.standing.case.events

    course.record(data.draw(records), data.draw(st.sampled_from(course.officers.everyone)))

    assert course.standing.case.events[: len(before)] == before


@given(policies, st.lists(st.one_of(*FACTS.values()), max_size=10))
@settings(deadline=None)
def test_no_fact_restricts_anybody(policy: str, facts: Sequence[Record]) -> None:
    course = Course(POLICIES[policy])

    for fact in facts:
        course.record(fact, course.officers.everyone[0])

    assert course.standing.arrangements == ()


def test_an_unending_case_can_be_told_from_one_that_has_ended() -> None:
    """The test above on ended restrictions would see one that has not."""
    course = Course(POLICIES["002"]).taken([ORDERLY] * 12)
    identifier = a_record("identifier", identifier="email", value=ADDRESS, source="a letter", since=course.today)
    assert course.record(identifier, course.officers.everyone[0])
    entry = entry_of(course.standing, GROUND)
    receipt = a_receipt("parks", received_at=course.now)

    found = decide(a_message(ADDRESS), receipt, Snapshot((entry,)), CALM, ROUTING)

    assert [one.kind for one in entry.restrictions] == [RestrictionKind.SPOC_DIVERSION]
    assert isinstance(entry.restrictions[0].terms, SpocDiversion)
    assert found != decide(a_message(ADDRESS), receipt, Snapshot(), CALM, ROUTING)
