"""The scenarios that come with each policy come out as told; and the player tells what is wrong with a file of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from policies import shelf
from policies.reading import PolicyHistory
from register.calendars import council_calendar
from register.scenarios import Played, ScenariosRefusedError, play

FILE = "scenarios.yaml"
FEWEST = 25  # scenarios of a policy

LEAST = """\
officers:
  hope: {service: parks, job_title: Head of Parks}
records:
  call: {kind: incident, at: 2026-01-05 09:00, channel: telephone, categories: [shouting], account: Shouted.}
stories:
  opened: [{by: hope, on: 2026-01-06, do: {kind: person, name: Sam Specimen}}]
scenarios:
"""


def _place(name: str) -> Path:
    return shelf.place(name).parent / FILE


def _played(path: Path, policies: PolicyHistory) -> tuple[Played, ...]:
    return tuple(play(path, policies, council_calendar(policies.newest.jurisdiction.value)))


def _shipped() -> Iterator[ParameterSet]:
    for name in shelf.shipped():
        for played in _played(_place(name), shelf.find(name)):
            told = re.sub(r"\W+", "-", played.scenario).strip("-").lower()
            yield pytest.param(played, id=f"{name[:3]}-{told}", marks=pytest.mark.requirement(*played.rows))


@pytest.mark.parametrize("played", tuple(_shipped()))
def test_a_scenario_comes_out_as_told(played: Played) -> None:
    assert played.failure == ""


@pytest.mark.parametrize("name", shelf.shipped())
def test_every_policy_comes_with_its_scenarios(name: str) -> None:
    assert len(_played(_place(name), shelf.find(name))) >= FEWEST


@pytest.fixture
def two_stage() -> PolicyHistory:
    return shelf.find("001")


def _told(folder: Path, scenarios: str, least: str = LEAST) -> Path:
    path = folder / FILE
    path.write_text(least + scenarios, encoding="utf-8")
    return path


WRONG = {
    "an officer nobody knows": (
        "- {scenario: a call, when: {by: nemo, do: {like: call}}}",
        ":8: scenario 'a call': nemo is no officer here: hope",
    ),
    "a story nobody told": (
        "- {scenario: a call, given: [closed], when: {by: hope, do: {like: call}}}",
        ":8: scenario 'a call': closed is no story here: opened",
    ),
    "a record nobody told": (
        "- {scenario: a call, when: {by: hope, do: {like: letter}}}",
        ":8: scenario 'a call': letter is no record here: call",
    ),
    "no kind of record": (
        "- {scenario: a call, when: {by: hope, do: {kind: rumour}}}",
        ":8: scenario 'a call': rumour is no kind of record: person, property",
    ),
    "no kind at all": (
        "- {scenario: a call, when: {by: hope, do: {name: Sam}}}",
        ":8: scenario 'a call': None is no kind of record",
    ),
    "the same name twice": (
        "- {scenario: a call, given: [opened]}\n- {scenario: a call, given: [opened]}",
        ":9: scenario 'a call': another scenario has this name",
    ),
    "a refusal without its words": (
        "- {scenario: a call, when: {by: hope, do: {like: call}}, then: refused}",
        ":8: scenario 'a call': citing: by which words of the policy",
    ),
    "a refusal of nothing": ("- {scenario: a call, then: refused, saying: no}", ":8: scenario 'a call': when: what"),
    "words of a refusal that is none": (
        "- {scenario: a call, when: {by: hope, do: {like: call}}, citing: x}",
        ":8: scenario 'a call': citing and saying belong to a refusal",
    ),
    "a field nobody knows": (
        "- {scenario: a call, whne: {by: hope, do: {like: call}}}",
        "scenarios.0.whne: is no field of this record: remove it or correct its name\nscenarios.0 is 'a call', line 8",
    ),
    "no step": ("- {scenario: a call, given: [{on: 2026-01-06}]}", "scenarios.0 is 'a call', line 8"),
    "no mapping": ("- a call", "scenarios.0"),
    "no YAML": ("- {scenario: a call", "line 8"),
}


@pytest.mark.parametrize(("scenarios", "words"), WRONG.values(), ids=WRONG)
def test_a_mistake_in_the_file_is_told_with_its_place(
    tmp_path: Path, two_stage: PolicyHistory, scenarios: str, words: str
) -> None:
    path = _told(tmp_path, scenarios)

    with pytest.raises(ScenariosRefusedError) as refused:
        _played(path, two_stage)

    assert str(path) in str(refused.value)
    assert words in str(refused.value)


def test_a_story_that_goes_round_in_a_circle_is_told(tmp_path: Path, two_stage: PolicyHistory) -> None:
    circle = LEAST.replace("  opened: [", "  first: [second]\n  second: [first]\n  opened: [")
    path = _told(tmp_path, "- {scenario: a call, given: [first]}", circle)

    with pytest.raises(ScenariosRefusedError, match=r"story first: the story goes round in a circle: first -> second"):
        _played(path, two_stage)


def test_a_record_that_is_like_itself_is_told(tmp_path: Path, two_stage: PolicyHistory) -> None:
    circle = LEAST.replace("records:\n", "records:\n  one: {like: other}\n  other: {like: one}\n")
    path = _told(tmp_path, "- {scenario: a call, given: [opened]}", circle)

    with pytest.raises(ScenariosRefusedError, match=r"record one: the record is like itself, through"):
        _played(path, two_stage)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, two_stage: PolicyHistory) -> None:
    with pytest.raises(ScenariosRefusedError, match="No such file"):
        _played(tmp_path / FILE, two_stage)


SINGING = "given: [opened], when: {by: hope, do: {like: call, categories: [singing]}}"
UNLIKE = {
    "allowed, told as refused": (
        "given: [opened], when: {by: hope, do: {like: call}}, then: refused, saying: no",
        "it was allowed",
    ),
    "refused, told as allowed": (
        SINGING,
        "it was refused: incident of MC-00001 is refused under 001-two-stage@2024-01-01",
    ),
    "refused for something else": (
        f"{SINGING}, then: refused, saying: too loud",
        "it was refused otherwise",
    ),
    "refused for more than was told": (
        f"{SINGING.replace('singing', 'singing, humming')}, then: refused, saying: singing is no category",
        "it was refused otherwise",
    ),
    "refused for less than was told": (
        f"{SINGING}, then: refused, saying: [singing is no category, humming is no category]",
        "it was refused otherwise",
    ),
    "refused in what was given": (
        "given: [opened, {by: hope, do: {like: call, categories: [singing]}}]",
        "given, step 2 (call by hope)",
    ),
    "another state": ("given: [opened], state: closed", "the case is recorded, not closed"),
    "due on another day": ("given: [opened], due: [{kind: review, on: 2026-07-01}]", "review is due never"),
    "due after all": (
        "given: [opened, {by: hope, do: {kind: referral, account: x}}], not_due: [owner]",
        "owner is due",
    ),
    "restricted less": ("given: [opened], applies: [spoc-diversion]", "on 2026-01-06 there applies nothing"),
    "no such remark": (
        "given: [opened], when: {by: hope, do: {like: call}}, remarking: there is no appeal",
        "it was remarked: nothing",
    ),
    "back in time": (
        "given: [opened], when: {by: hope, on: 2026-01-05, do: {like: call}}",
        "when: on 2026-01-05 12:00:00 is before the step that comes before it",
    ),
    "before the policy": (
        "when: {by: hope, on: 2019-01-05, do: {like: call}}",
        "before the policy is in force",
    ),
}


@pytest.mark.parametrize(("scenario", "words"), UNLIKE.values(), ids=UNLIKE)
def test_a_scenario_that_comes_out_otherwise_fails(
    tmp_path: Path, two_stage: PolicyHistory, scenario: str, words: str
) -> None:
    path = _told(tmp_path, f"- {{scenario: a call, {scenario}}}")

    (played,) = _played(path, two_stage)

    assert words in played.failure


def test_an_incomplete_record_can_be_what_is_refused(tmp_path: Path, two_stage: PolicyHistory) -> None:
    partial = "when: {by: hope, on: 2026-01-06, do: {like: call, account: null}}, then: refused, saying: is required"
    path = _told(tmp_path, f"- {{scenario: a call without a word, {partial}}}")

    (played,) = _played(path, two_stage)

    assert played.failure == ""
