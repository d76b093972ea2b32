from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.settings import Folders, Settings
from ingest.delivery import Disposition
from ingest.parse import read
from routing.action import Action, FileInto, FolderRole, Keep, RaiseReview, Redirect, ReviewKind
from routing.decision import Decision
from routing.effect import Effect, EffectKind
from tests.builders import NOON, SPOC, a_delivery, a_settings, raw_mail, settings_data
from workers.planning import ForeignSpocError, Subject, disposition, folder_named, plan

ASK = RaiseReview(kind=ReviewKind.READ_AND_FILE, question="Read this.")
RAW = raw_mail()
SUBJECT = Subject(delivery=a_delivery(RAW), message=read(RAW), raw=RAW)
LATER = NOON + timedelta(hours=1)


def _settings(*, folders: dict[str, str] | None = None, **spoc: str) -> Settings:
    data: dict[str, Any] = settings_data()
    data["mailboxes"]["planning"]["folders"] = folders or {}
    data["mailboxes"]["housing"] = {"address": "housing@council.example"}
    if spoc:
        data["spocs"] = {"desk": {"address": SPOC, **spoc}}
    return a_settings(data)


def _decision(*actions: Action) -> Decision:
    return Decision(actions=actions, reasons=(), policy_version="test")


def _planned(decision: Decision, settings: Settings | None = None, subject: Subject = SUBJECT) -> tuple[Effect, ...]:
    return plan(decision, subject, settings or _settings(), now=NOON)


DIVERTED = _decision(Redirect(SPOC))
FILED = _decision(FileInto(FolderRole.FILED), ASK)
KEPT = _decision(Keep(), ASK)


def test_mail_that_is_kept_owes_nothing() -> None:
    assert _planned(KEPT) == ()


def test_filing_is_a_move_to_what_the_mailbox_calls_the_folder() -> None:
    (move,) = _planned(FILED, _settings(folders={"filed": "Gelesen"}))

    assert (move.kind, move.target, move.after) == (EffectKind.MOVE, "Gelesen", None)


@pytest.mark.parametrize(
    ("role", "name"),
    [(FolderRole.DIVERTED, "Diverted"), (FolderRole.FILED, "Read and file"), (FolderRole.REVIEW, "Review")],
)
def test_every_folder_has_a_name(role: FolderRole, name: str) -> None:
    assert folder_named(Folders(), role) == name


def test_diverted_mail_is_handed_over_before_the_original_is_moved() -> None:
    send, move = _planned(DIVERTED)

    assert (send.kind, send.target, send.after) == (EffectKind.SEND, SPOC, None)
    assert (move.kind, move.target, move.after) == (EffectKind.MOVE, "Diverted", send.key)


def test_what_is_sent_is_a_letter_with_the_original_in_it() -> None:
    send, _move = _planned(DIVERTED)

    assert send.payload is not None
    assert RAW in send.payload
    assert f"<mailroom.{send.key}@council.example>".encode() in send.payload


def test_a_team_is_sent_a_letter_that_speaks_to_a_team() -> None:
    to_contact, to_team = (_planned(_decision(Redirect(SPOC, role)))[0].payload for role in ("contact", "team"))

    assert to_contact is not None
    assert to_team is not None
    assert to_contact != to_team


def test_a_spoc_with_an_account_gets_the_original_itself() -> None:
    append, move = _planned(DIVERTED, _settings(delivery="mailbox"))

    assert (append.kind, append.target, append.payload) == (EffectKind.APPEND, SPOC, RAW)
    assert move.after == append.key


def test_a_spoc_with_a_folder_gets_the_original_moved_there() -> None:
    (move,) = _planned(DIVERTED, _settings(delivery="folder", folder="SPOC desk"))

    assert (move.kind, move.target, move.after) == (EffectKind.MOVE, "SPOC desk", None)


@pytest.mark.parametrize("spoc", ["spoc@elsewhere.example", "spoc@council.example.evil.example", "council.example"])
def test_nothing_is_diverted_out_of_the_council(spoc: str) -> None:
    with pytest.raises(ForeignSpocError, match=r"outside council\.domains: correct the register entry"):
        _planned(_decision(Redirect(spoc)))


def test_planning_again_gives_the_same_keys() -> None:
    """The clock is not part of a key: a plan made again after a crash owes the same effects."""
    again = plan(DIVERTED, SUBJECT, _settings(), now=LATER)

    assert [effect.key for effect in again] == [effect.key for effect in _planned(DIVERTED)]


def test_a_copy_restored_from_backup_is_not_sent_again_but_is_moved_too() -> None:
    restored = replace(SUBJECT, delivery=a_delivery(RAW, id=2, uid=99))

    send, move = _planned(DIVERTED)
    send_again, move_again = _planned(DIVERTED, subject=restored)

    assert send_again.key == send.key
    assert move_again.key != move.key


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(SUBJECT, raw=RAW + b"More.\r\n"), id="another body"),
        pytest.param(replace(SUBJECT, delivery=a_delivery(RAW, mailbox="housing")), id="another mailbox"),
    ],
)
def test_what_differs_is_sent_under_a_key_of_its_own(other: Subject) -> None:
    assert _planned(DIVERTED, subject=other)[0].key != _planned(DIVERTED)[0].key


def test_another_spoc_is_sent_its_own_letter() -> None:
    other = _decision(Redirect("north@council.example"))

    assert _planned(other)[0].key != _planned(DIVERTED)[0].key


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(KEPT, Disposition.KEPT, id="kept"),
        pytest.param(FILED, Disposition.FILED, id="filed"),
        pytest.param(DIVERTED, Disposition.REDIRECTED, id="redirected"),
        pytest.param(_decision(Redirect(SPOC), ASK), Disposition.REDIRECTED, id="redirected and asked about"),
    ],
)
def test_a_decision_says_what_will_have_become_of_the_message(decision: Decision, expected: Disposition) -> None:
    assert disposition(decision) is expected
