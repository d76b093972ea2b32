"""Who is this, and what may I do now: found however it is asked for, told no more than is needed, and on record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from core.db import Database
from policies.vocabulary import Channel
from register import audit_store
from register.casework.facts import Incident, RiskAssessment
from register.casework.steps import Closed, Ended, Referral
from register.lookup import FORMER, MOST, ONLY_WARNED, Answer, Found, look_up
from register.officers import Officer
from register.purposes import PurposeRefusedError
from tests.desks import ASSET_OWNER, DIRECTOR, GOVERNANCE, HEAD, MONDAY, STRANGER, Register, facts
from tests.sheets import ANN, DECIDED, DIVERTED, Row, a_keeper, as_csv, bring_in, empty_register

FRONT_DESK = Officer(username="desk", name="The Adviser", job_title="Adviser", service="contact-centre")
COUNTER = Officer(username="counter", name="The Receptionist", job_title="Receptionist", service="planning")
ADDRESSES: Row = {"telephone": "01632 960001", "postal_address": "1 Example Road, YO1 6GA"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A register with Ann, whose mail is diverted, and a property."""
    place = {"property_address": "7 Example Close", "postcode": "YO1 7AA", "uprn": "100012345", "owner": "head"}
    rows = [{**DIVERTED, **ADDRESSES, "name": "Siân Vexing-Ŵyn"}, {"ref": "P1", **place}]
    with empty_register() as database:
        bring_in(database, as_csv(tmp_path / "r.csv", rows))
        yield database


def _ask(
    database: Database, *words: str, by: Officer = FRONT_DESK, now: datetime = MONDAY, channel: Channel | None = None
) -> Answer:
    with database.transaction() as session:
        return look_up(session, a_keeper(now, by=by), words, purpose="call", channel=channel)


def _one(database: Database, *words: str, by: Officer = FRONT_DESK, now: datetime = MONDAY) -> Found:
    (found,) = _ask(database, *words, by=by, now=now).found
    return found


def _add(database: Database, folder: Path, **row: str) -> None:
    bring_in(
        database,
        as_csv(folder / "more.csv", [{**ANN, "ref": "E2", "name": "Bea Cross", "email": "b@x.example", **row}]),
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("Siân", "Vexing-Ŵyn"), id="the name"),
        pytest.param(("wyn", "SIAN"), id="in any order, without accents"),
        pytest.param(("Ms Vex",), id="part of a name, with a title"),
        pytest.param(("ANN.Vexing@mail.example",), id="e-mail address"),
        pytest.param(("+44 1632 960001",), id="telephone number"),
        pytest.param(("01632960001",), id="telephone number as digits"),
        pytest.param(("yo16ga",), id="postcode"),
        pytest.param(("vexing", "YO1 6GA"), id="name and postcode"),
        pytest.param(("E1",), id="reference"),
    ],
)
def test_a_person_is_found_however_they_are_asked_for(database: Database, words: tuple[str, ...]) -> None:
    assert _one(database, *words).ref == "E1"


@pytest.mark.parametrize("words", ["7 example close", "YO1 7AA", "100012345", "P1"])
def test_a_property_is_found_by_its_address_or_number(database: Database, words: str) -> None:
    assert _one(database, words).ref == "P1"


@pytest.mark.parametrize(
    "words", ["nobody", "Siân Nobody", "70 Example Close", "x@mail.example", "%", "", "vexing YO1 7AA"]
)
def test_nobody_is_found_by_what_does_not_fit(database: Database, words: str) -> None:
    assert _ask(database, words) == Answer(found=(), more=False)


@pytest.mark.requirement("1.8")
def test_what_to_do_is_told_for_each_channel_or_for_the_one_asked(database: Database) -> None:
    everywhere = dict(_one(database, "vexing").guidance)
    (on_the_phone,) = _ask(database, "vexing", channel=Channel.TELEPHONE).found

    assert "Pass it on to spoc@council.example." in everywhere[Channel.EMAIL][0]
    assert [channel for channel, _ in on_the_phone.guidance] == [Channel.TELEPHONE]


@pytest.mark.requirement("1.62")
def test_calls_are_counted_against_their_limit(database: Database, tmp_path: Path) -> None:
    _add(database, tmp_path, kind="telephone-limit", calls="2", per="1 week", **DECIDED)
    call = next(fact for fact in facts() if isinstance(fact, Incident))
    monday = MONDAY - timedelta(days=MONDAY.weekday())
    for at in (monday - timedelta(days=7), monday, monday + timedelta(hours=1)):
        Register(database).record("E2", replace(call, at=at), now=MONDAY + timedelta(hours=2))

    said = dict(_one(database, "bea", now=MONDAY + timedelta(hours=3)).guidance)[Channel.TELEPHONE]
    next_week = dict(_one(database, "bea", now=MONDAY + timedelta(days=7)).guidance)[Channel.TELEPHONE]

    assert said[0] == "At most 2 calls in 1 week: log each."
    assert said[-1] == "2 of 2 calls logged since 2 March 2026: the limit is reached."
    assert next_week[-1] == "0 of 2 calls logged since 9 March 2026."


@pytest.mark.requirement("1.72", "1.73", "1.74", "3.28", "4.4", "4.5", "4.6", "4.14", "4.15", "4.18")
@pytest.mark.parametrize(
    ("row", "channel", "words"),
    [
        ({"kind": "telephone-limit", "calls": "0", "instead": "spoc@council.example"}, "telephone", "spoc@council"),
        ({"kind": "witnessed-contact", "witness": "a second officer"}, "in-person", "a second officer"),
        ({"kind": "designated-premises", "premises": "The Civic Example"}, "in-person", "The Civic Example"),
        ({"kind": "contact-times", "times": "tue 10:00-12:00"}, "telephone", "Next slot: Tuesday 3 March 2026 10:00"),
        ({"kind": "time-limit", "minutes": "10"}, "telephone", "At most 10 minutes"),
        ({"kind": "single-channel", "channel": "letter", "notice_every": "30 days"}, "telephone", "by letter"),
        ({"kind": "social-media-block", "accounts": "our page"}, "social-media", "our page"),
        ({"kind": "other", "measure": "Visits.", "guidance": "Never visit alone."}, "in-person", "Never visit alone."),
    ],
    ids=lambda given: given["kind"] if isinstance(given, dict) else "",
)
def test_a_restriction_is_shown_on_look_up(
    database: Database, tmp_path: Path, row: dict[str, str], channel: str, words: str
) -> None:
    _add(database, tmp_path, **row, **DECIDED)

    assert words in " ".join(dict(_one(database, "cross").guidance)[Channel(channel)])


def test_a_restriction_of_one_service_says_so(database: Database, tmp_path: Path) -> None:
    _add(database, tmp_path, kind="time-limit", minutes="10", services="planning", **DECIDED)

    assert dict(_one(database, "cross").guidance)[Channel.TELEPHONE][0].startswith("For planning only: At most 10")


@pytest.mark.requirement("4.26")
def test_who_another_register_knows_is_shown_with_its_reference(database: Database, tmp_path: Path) -> None:
    _add(database, tmp_path, external_register="BS-17")

    found = _one(database, "cross")

    assert found.state == ONLY_WARNED
    assert found.warnings[0].endswith("reference BS-17: check before visiting or escalating.")


@pytest.mark.requirement("1.51", "1.52")
def test_who_is_to_visit_a_property_is_told_what_its_risk_assessment_asks_for(database: Database) -> None:
    before = _one(database, "P1").warnings
    assessment = RiskAssessment(on=date(2026, 3, 2), by="Parks", outcome="Go in pairs.")
    Register(database).record("P1", assessment)
    after = _one(database, "P1").warnings
    a_year_later = _one(database, "P1", now=MONDAY + timedelta(days=365)).warnings

    said = "do as the property's risk assessment says (of 2 March 2026, valid until 2 March 2027): Go in pairs."
    assert before == ("The risk at this property is not assessed yet: do not attend before it is.",)
    assert after == (f"Before attending, {said}",)
    assert a_year_later == (
        "No valid risk assessment since 2 March 2027: do not attend before there is one.",
        "The last one (of 2 March 2026) said: Go in pairs.",
    )


def test_adjustments_are_told_to_everybody_and_needs_to_those_who_must_know(database: Database, tmp_path: Path) -> None:
    _add(database, tmp_path, kind="time-limit", minutes="10", need="Deaf.", adjustment="Write.", **DECIDED)

    front, keeper = _one(database, "cross"), _one(database, "cross", by=GOVERNANCE)

    assert (front.adjustments, front.needs) == (("Write.",), ())
    assert (keeper.adjustments, keeper.needs) == (("Write.",), ("Deaf.",))


def _over(database: Database, folder: Path, how: str) -> datetime:
    """Bea was dealt with, and it is over in this way; a moment later than that."""
    end = "2026-04-01" if how == "expired" else ""
    _add(database, folder, kind="time-limit", minutes="10", provisional_end=end, **DECIDED)
    register, then = Register(database), MONDAY + timedelta(hours=1)
    if how in {"ended", "closed"}:
        register.record("E2", Ended(reason="Over."), by=DIRECTOR, now=then)
    if how == "closed":
        register.record("E2", Closed(reason="Quiet since."), by=HEAD, now=then)
    return MONDAY + timedelta(days=60)


OVER = pytest.mark.parametrize("how", ["ended", "expired", "closed"])


@pytest.mark.requirement("3.42")
@OVER
@pytest.mark.parametrize("words", ["cross", "E2", "b@x.example"])
@pytest.mark.parametrize("by", [FRONT_DESK, COUNTER, STRANGER], ids=lambda officer: officer.username)
def test_what_is_over_leaves_no_trace_for_who_does_not_govern_the_case(
    database: Database, tmp_path: Path, how: str, words: str, by: Officer
) -> None:
    later = _over(database, tmp_path, how)

    assert _ask(database, words, by=by, now=later) == Answer(found=(), more=False)
    last = list(audit_store.trail(database))[-1]
    assert (last.subject, dict(last.details)["found"]) == ("", "0")


@pytest.mark.requirement("3.42")
@OVER
@pytest.mark.parametrize("by", [GOVERNANCE, ASSET_OWNER, HEAD, DIRECTOR], ids=lambda officer: officer.username)
def test_who_governs_the_case_is_told_that_it_is_a_former_one(
    database: Database, tmp_path: Path, how: str, by: Officer
) -> None:
    later = _over(database, tmp_path, how)

    assert _one(database, "cross", by=by, now=later) == Found(ref="E2", name="Bea Cross", state=FORMER)


@pytest.mark.requirement("3.42")
def test_who_is_referred_again_is_a_new_matter_to_who_governs_and_nothing_yet_to_others(
    database: Database, tmp_path: Path
) -> None:
    later = _over(database, tmp_path, "closed")
    Register(database).record("E2", Referral(account="It began again."), by=HEAD, now=later)

    assert _ask(database, "cross", by=COUNTER, now=later) == Answer(found=(), more=False)
    assert _one(database, "cross", by=HEAD, now=later).state == "referred"


@pytest.mark.requirement("1.52")
@pytest.mark.requirement("4.26")
def test_a_danger_is_told_until_the_case_is_closed_though_its_restriction_is_over(
    database: Database, tmp_path: Path
) -> None:
    danger = {"property_address": "9 Example Close", "postcode": "YO1 7AA", "external_register": "BS-1"}
    _add(database, tmp_path, kind="time-limit", minutes="10", **danger, **{**DECIDED, "provisional_end": "2026-04-01"})
    later = MONDAY + timedelta(days=60)

    found = _one(database, "cross", now=later)

    assert (found.state, found.guidance) == (ONLY_WARNED, ())
    assert "reference BS-1: check before visiting" in found.warnings[0]
    assert found.warnings[1].startswith("The risk at this property is not assessed yet")
    Register(database).record("E2", Ended(reason="Over."), by=DIRECTOR, now=later)
    Register(database).record("E2", Closed(reason="Quiet since."), by=HEAD, now=later)
    assert _ask(database, "cross", now=later) == Answer(found=(), more=False)


def test_a_case_in_which_nothing_was_decided_is_no_warning(database: Database) -> None:
    Register(database).open(ref="E7")

    assert _ask(database, "specimen") == Answer(found=(), more=False)
    assert _one(database, "specimen", by=HEAD).state == "recorded"
    assert _one(database, "specimen", by=COUNTER).state == "recorded"


def test_what_begins_later_is_not_told_yet(database: Database, tmp_path: Path) -> None:
    _add(database, tmp_path, kind="time-limit", minutes="10", **{**DECIDED, "commenced": "2026-05-01"})

    assert _ask(database, "cross") == Answer(found=(), more=False)
    assert _one(database, "cross", by=HEAD).state == "active"


def test_every_look_up_is_on_record_and_what_was_typed_is_not(database: Database) -> None:
    _ask(database, "vexing", channel=Channel.TELEPHONE)
    _ask(database, "Quarrelsome")

    one, none = list(audit_store.trail(database))[-2:]
    assert (one.actor, one.action, one.subject) == ("desk", "looked-up", "E1")
    assert dict(one.details) == {"purpose": "call", "channel": "telephone", "found": "1"}
    assert (none.subject, dict(none.details)) == ("", {"purpose": "call", "channel": "any", "found": "0"})
    assert "quarrelsome" not in str(list(audit_store.trail(database))).lower()


@pytest.mark.requirement("2.14")
def test_a_purpose_is_a_short_phrase_and_the_trail_does_not_learn_from_it_whom(database: Database) -> None:
    with database.transaction() as session:
        look_up(session, a_keeper(by=FRONT_DESK), ["01632 960001"], purpose="Siân called again on a Monday")
        look_up(session, a_keeper(by=FRONT_DESK), ["Quarrelsome"], purpose="a call of a Ms Quarrelsome")

    one, none = list(audit_store.trail(database))[-2:]
    assert dict(one.details)["purpose"] == "[...] called again on a Monday"
    assert dict(none.details)["purpose"] == "a call of a Ms [...]"


@pytest.mark.parametrize("purpose", ["", " ", "one\ntwo", "x" * 201])
def test_a_look_up_without_a_purpose_is_refused(database: Database, purpose: str) -> None:
    with database.transaction() as session, pytest.raises(PurposeRefusedError, match="say what for in a few words"):
        look_up(session, a_keeper(by=FRONT_DESK), ["vexing"], purpose=purpose)


def test_no_more_than_a_screenful_is_told(database: Database, tmp_path: Path) -> None:
    rows = [
        {
            **DIVERTED,
            "ref": f"N{number}",
            "name": f"Bea Many {number}",
            "email": f"n{number}@mail.example",
            "shared_with": "x",
        }
        for number in range(MOST + 2)
    ]
    bring_in(database, as_csv(tmp_path / "many.csv", rows))

    answer = _ask(database, "bea")

    assert (len(answer.found), answer.more) == (MOST, True)
