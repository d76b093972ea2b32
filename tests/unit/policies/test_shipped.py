"""The five shipped policies say what their texts say, above all where they disagree."""

import re
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from policies import shelf
from policies.policy import Policy, as_data
from policies.reading import read_policy
from policies.vocabulary import AppealRule, AtExpiry, Jurisdiction, Language, LetterKind, Part, RestrictionKind

POLICIES = {name[:3]: shelf.find(name).newest for name in shelf.shipped()}
EVERY = [pytest.param(policy, id=number) for number, policy in POLICIES.items()]
Reading = Callable[[Policy], object]


def _stages(policy: Policy) -> list[str]:
    return list(policy.stages)


def _deciders(policy: Policy) -> list[tuple[tuple[str, ...], ...]]:
    return [stage.approvers.value for stage in policy.stages.values() if stage.approvers]


def _review(policy: Policy) -> tuple[str, bool]:
    return str(policy.reviews.interval.value), policy.reviews.fixed.value


def _monitoring(policy: Policy) -> list[str]:
    return [str(stage.monitoring.value) for stage in policy.stages.values() if stage.monitoring]


def _letter_within(policy: Policy) -> str | None:
    return str(policy.reviews.letter_within.value) if policy.reviews.letter_within else None


def _retention(policy: Policy) -> tuple[str, bool]:
    return str(policy.retention.period.value), policy.retention.restarts_with_activity.value


THREE = ("corporate-manager", "head-of-service", "director")
BOTH = (("head-of-legal-services",), ("chief-strategy-officer",))
ENGLISH, BILINGUAL = (Language.ENGLISH,), (Language.ENGLISH, Language.WELSH)

# The table "The policies disagree" of the requirements: 000, 001, 002, 003, 004.
DISAGREEMENTS: list[tuple[str, Reading, list[object]]] = [
    (
        "stages",
        _stages,
        [
            ["explanation", "measures", "restriction"],
            ["stage-1", "stage-2"],
            ["explanation", "informal", "formal"],
            ["explanation", "warning", "reminder", "restriction"],
            ["incident", "escalation"],
        ],
    ),
    (
        "deciders",
        _deciders,
        [
            [(("complaints-manager",),)],
            [(("head-of-service", "director"),), (("director-of-governance",),)],
            [(("customer-relations-manager",),)],
            [(THREE,)],
            [BOTH],
        ],
    ),
    ("complaint needed", lambda policy: policy.complaint_needed.value, [True, False, True, False, False]),
    ("staff too", lambda policy: policy.subjects_may_be_staff.value, [False, True, False, False, False]),
    (
        "review",
        _review,
        [("6 months", False), ("6 months", False), ("6 months", False), ("12 months", True), ("6 months", False)],
    ),
    ("monitoring", _monitoring, [[], ["6 months"], [], [], []]),
    ("letter within", _letter_within, [None, "7 working days", None, None, None]),
    (
        "appeal",
        lambda policy: policy.appeals.rule.value,
        [AppealRule.CONTEST, AppealRule.NONE, AppealRule.CONTEST, AppealRule.APPEAL, AppealRule.CONTEST],
    ),
    (
        "retention",
        _retention,
        [("12 months", True), ("12 months", True), ("1 year", False), ("12 months", True), ("12 months", True)],
    ),
    ("languages", lambda policy: policy.languages.value, [ENGLISH, ENGLISH, BILINGUAL, BILINGUAL, ENGLISH]),
    (
        "at expiry",
        lambda policy: policy.at_expiry.value,
        [AtExpiry.LAPSE, AtExpiry.LAPSE, AtExpiry.CONTINUE, AtExpiry.LAPSE, AtExpiry.LAPSE],
    ),
    ("police", lambda policy: policy.police_reference.value, [False, True, False, False, False]),
    ("notice waivable", lambda policy: policy.notice_waivable.value, [False, False, False, True, False]),
]


@pytest.mark.parametrize(
    ("reading", "values"), [pytest.param(reading, values, id=name) for name, reading, values in DISAGREEMENTS]
)
def test_the_policies_disagree_as_their_texts_do(reading: Reading, values: list[object]) -> None:
    assert [reading(policy) for policy in POLICIES.values()] == values


@pytest.mark.requirement("2.2")
def test_the_document_of_002_has_all_nine_fields() -> None:
    document = POLICIES["002"].document

    assert document.title == "Whole Authority Unacceptable Actions by Complainants Policy"
    assert (document.owner, document.approved_by) == ("Customer Relations Manager", "Cabinet")
    assert (document.dated, document.version, document.status) == ("July 2011", "2", "Final")
    assert (str(document.review_frequency), document.review_date) == ("3 years", date(2019, 4, 30))
    assert document.consultation == "SLT, SMT"


def test_the_document_of_003_has_its_id_and_the_day_it_was_revised() -> None:
    history = shelf.find("003")

    assert (history.newest.document.identifier, history.newest.document.revised) == ("11831", date(2024, 11, 4))
    assert history.versions[0][0] == date(2024, 11, 4)


def test_the_owner_of_004_can_be_reached() -> None:
    assert "West Offices, Station Rise, York, YO1 6GA" in POLICIES["004"].document.contact


@pytest.mark.requirement("2.7")
@pytest.mark.parametrize("number", ["002", "003"])
def test_a_welsh_council_has_the_ombudsman_of_wales_in_both_languages(number: str) -> None:
    policy = POLICIES[number]

    assert policy.jurisdiction.value is Jurisdiction.WALES
    assert policy.ombudsman.value.name == {
        "en": "Public Services Ombudsman for Wales",
        "cy": "Ombwdsmon Gwasanaethau Cyhoeddus Cymru",
    }
    assert policy.appeals.words.keys() == {"en", "cy"}


@pytest.mark.parametrize("number", ["000", "001", "004"])
def test_an_english_council_has_the_ombudsman_of_england(number: str) -> None:
    ombudsman = POLICIES[number].ombudsman.value

    assert POLICIES[number].jurisdiction.value is Jurisdiction.ENGLAND
    assert ombudsman.address == ("PO Box 4771", "Coventry", "CV4 0EH")
    assert (ombudsman.telephone, ombudsman.website) == ("0300 061 0614", "www.lgo.org.uk")
    assert ombudsman.domains == ("lgo.org.uk",)


def test_every_kind_of_restriction_is_some_policys() -> None:
    stages = chain.from_iterable(policy.stages.values() for policy in POLICIES.values())

    assert {kind for stage in stages if stage.kinds for kind in stage.kinds.value} == set(RestrictionKind)


@pytest.mark.parametrize("policy", EVERY)
def test_no_list_of_restrictions_is_exhaustive(policy: Policy) -> None:
    restricting = [stage for stage in policy.stages.values() if stage.kinds]

    assert all(RestrictionKind.OTHER in stage.kinds.value for stage in restricting if stage.kinds)


def test_every_letter_is_some_policys() -> None:
    assert {kind for policy in POLICIES.values() for kind in policy.letters} == set(LetterKind)


@pytest.mark.parametrize(
    ("number", "letter", "parts"),
    [
        ("000", LetterKind.EXPLANATION, {Part.REASONS, Part.PROBLEM, Part.APPROACH}),
        (
            "001",
            LetterKind.STAGE_1,
            {Part.REASONS, Part.EFFECT, Part.IMPACT_FIGURES, Part.RESTRICTIONS, Part.MONITORING, Part.EXPECTATIONS},
        ),
        ("001", LetterKind.DECISION, {Part.REASONS, Part.RESTRICTIONS, Part.DURATION, Part.SERVICES, Part.OMBUDSMAN}),
        ("002", LetterKind.WARNING, {Part.REASONS, Part.REASONABLE_CONDUCT, Part.CONSEQUENCES}),
        ("003", LetterKind.WARNING, {Part.INCIDENTS, Part.REASONS, Part.EFFECT, Part.CONSEQUENCES}),
        ("003", LetterKind.REPLY_AND_CONDUCT, {Part.ANSWER, Part.CONDUCT}),
        ("003", LetterKind.DECISION, {Part.REASONS, Part.RESTRICTIONS, Part.REVIEW, Part.SUBJECT_MATTER}),
        ("003", LetterKind.REVIEW_OUTCOME, {Part.DECISION, Part.REASONS}),
    ],
)
def test_a_letter_has_the_parts_its_policy_asks_for(number: str, letter: LetterKind, parts: set[Part]) -> None:
    assert parts <= POLICIES[number].letters[letter].keys()


def test_what_the_outcome_of_a_complaint_is_refused_with_needs_the_routes_that_were_offered() -> None:
    categories = POLICIES["003"].categories

    assert categories["outcome-refused"].needs == ("routes_offered_on",)
    assert categories["call-ended"].needs == ("warned", "ended", "reason")


def test_a_score_hints_at_abuse_only_and_never_at_persistence() -> None:
    hinted = {key for policy in POLICIES.values() for key, item in policy.categories.items() if item.model}

    assert not [key for key in hinted if re.search("allegation|persist|volume|repeat|excessive|refus|accept", key)]
    assert {"threats", "verbal-abuse", "offensive-language", "rudeness", "hate"} <= hinted


@pytest.mark.requirement("1.32")
def test_a_council_adds_a_behaviour_to_its_list_by_writing_it(tmp_path: Path) -> None:
    path = tmp_path / "a-council" / "policy.yaml"
    path.parent.mkdir()
    written = shelf.place("001").read_text("utf-8")
    own = "categories:\n  sending-glitter: {name: Sends glitter by post, clause: 'our own list'}\n"
    path.write_text(written.replace("categories:\n", own), encoding="utf-8")

    categories = read_policy(path).newest.categories

    assert categories["sending-glitter"].name == "Sends glitter by post"
    assert len(categories) == len(POLICIES["001"].categories) + 1


@pytest.mark.parametrize("policy", EVERY)
def test_a_policy_is_plain_data_too(policy: Policy) -> None:
    data = as_data(policy)

    assert data["version"] == policy.version
    assert data["reviews"]["interval"]["value"] == str(policy.reviews.interval.value)
