import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.action import Action, FileInto, FolderRole, Keep, RaiseReview, Redirect, ReviewKind
from routing.decision import Decision, Reason
from routing.record import actions_as_data, actions_from_data

REVIEWS = st.builds(
    RaiseReview, kind=st.sampled_from(ReviewKind), question=st.text(), priority=st.integers(min_value=0, max_value=9)
)
OUTCOMES = st.just(Keep()) | st.builds(Redirect, st.text(), st.sampled_from(["contact", "team"]))
ACTIONS = st.tuples(OUTCOMES, st.lists(REVIEWS | st.builds(FileInto, st.sampled_from(FolderRole)), max_size=4)).map(
    lambda parts: (parts[0], *parts[1])
)
DECISIONS = st.builds(
    Decision,
    actions=ACTIONS,
    reasons=st.lists(st.builds(Reason, code=st.text(), words=st.text()), max_size=3).map(tuple),
    policy_version=st.text(),
    register_versions=st.lists(st.text(), max_size=2).map(tuple),
    model_version=st.text(),
)
EVERY_ACTION = (
    Keep(),
    Redirect("spoc@council.example"),
    Redirect("ig@council.example", "team"),
    *map(FileInto, FolderRole),
    *(RaiseReview(kind=kind, question="Is it?", priority=3) for kind in ReviewKind),
)


def _read(data: object, decision: Decision) -> Decision:
    assert isinstance(data, list)
    reasons = [[reason.code, reason.words] for reason in decision.reasons]
    versions = (decision.policy_version, decision.register_versions, decision.model_version)
    return actions_from_data(data, reasons, versions=versions)


@given(DECISIONS)
def test_a_decision_comes_back_from_the_ledger_as_it_was_taken(decision: Decision) -> None:
    data = json.loads(json.dumps(actions_as_data(decision.actions)))

    assert _read(data, decision) == decision


@pytest.mark.parametrize("action", EVERY_ACTION, ids=str)
def test_every_action_has_a_form_of_its_own(action: Action) -> None:
    decision = Decision(actions=(Keep(), action), reasons=(), policy_version="test")

    assert _read(actions_as_data(decision.actions), decision).actions[1] == action


def test_what_was_recorded_before_teams_were_named_went_to_a_point_of_contact() -> None:
    decision = actions_from_data(
        [{"do": "redirect", "spoc": "spoc@council.example"}], [], versions=("test", (), "none")
    )

    assert decision.actions == (Redirect("spoc@council.example", "contact"),)


@pytest.mark.requirement("2.37")
@pytest.mark.parametrize("do", ["drop", "delete", "bounce", "block", "", None])
def test_there_is_no_action_that_loses_mail(do: str | None) -> None:
    with pytest.raises(ValueError, match="an action this version does not know"):
        actions_from_data([{"do": do}], [], versions=("test", (), "none"))


def test_a_record_that_leaves_mail_with_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="must leave the message with a person"):
        actions_from_data([{"do": "file into", "folder": "filed"}], [], versions=("test", (), "none"))
