"""E-mail to somebody under a restriction: refused with the reason and the way that is open, but never what law asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from policies.vocabulary import RestrictionKind
from register import audit_store, officer_store
from register.entry import RegisterEntry
from register.outbound import NotUnderstoodError, Outgoing, Ruling, may_go_out, ruling
from register.store import save
from tests.builders import ANN, SPOC, a_restriction, an_entry
from tests.desks import ASSET_OWNER, HEAD, a_desk
from tests.sheets import empty_register

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def _asked(*entries: RegisterEntry, **others: Any) -> Ruling:  # noqa: ANN401 - any field of what goes out
    return ruling(entries, Outgoing(to=ANN, **others), at=NOW)


@pytest.mark.requirement("4.7", "1.63", "1.75", "4.8")
@pytest.mark.parametrize(
    ("kind", "terms", "words"),
    [
        pytest.param("postal-replies", {}, "is answered by post", id="by post"),
        pytest.param("single-channel", {}, "is written to by letter only", id="letters only"),
        pytest.param("single-channel", {"channel": "telephone"}, "is written to by telephone only", id="calls only"),
        pytest.param("representative-only", {}, "is written to through Advocacy Example", id="through an advocate"),
        pytest.param("spoc-diversion", {}, f"is answered by {SPOC} alone", id="a point of contact"),
        pytest.param("one-response-line", {}, f"is answered by {SPOC} alone", id="one answers for all"),
    ],
)
def test_a_letter_that_may_not_go_out_is_told_which_way_is_open(kind: str, terms: dict[str, Any], words: str) -> None:
    found = _asked(an_entry(a_restriction(kind, **terms)), sender="clerk@council.example")

    assert not found.allowed
    assert words in found.reasons[0]
    assert _asked(an_entry(a_restriction(kind, **terms)), statutory=True).allowed


@pytest.mark.parametrize("sender", [SPOC, SPOC.upper(), f" {SPOC}", "deputy@council.example"])
def test_the_point_of_contact_writes_to_the_person(sender: str) -> None:
    assert _asked(an_entry(a_restriction(deputy="deputy@council.example")), sender=sender).allowed


@pytest.mark.parametrize("kind", ["single-channel", "read-and-file", "contact-times", "time-limit", "other"])
def test_what_does_not_speak_of_letters_to_the_person_stops_none(kind: str) -> None:
    terms: dict[str, Any] = {"channel": "email"} if kind == "single-channel" else {}

    assert _asked(an_entry(a_restriction(kind, **terms)), sender="clerk@council.example") == Ruling(
        allowed=True, cases=("E1",)
    )


def test_a_restriction_of_another_service_or_another_time_stops_nothing() -> None:
    elsewhere = an_entry(a_restriction("postal-replies", services=frozenset({"housing"})))
    over = an_entry(a_restriction("postal-replies", end=NOW - timedelta(days=1)))

    assert _asked(elsewhere, service="planning").allowed
    assert not _asked(elsewhere, service="housing").allowed
    assert not _asked(elsewhere, service=" Housing").allowed
    assert not _asked(elsewhere).allowed
    assert _asked(over) == Ruling(allowed=True)


def test_that_it_was_asked_is_on_the_audit_trail_and_names_no_address() -> None:
    with empty_register() as database:
        with database.transaction() as session:
            save(session, an_entry(a_restriction("postal-replies")), now=NOW)
            found = may_go_out(session, a_desk(HEAD, NOW), Outgoing(to=ANN.upper()))
            nobody = may_go_out(session, a_desk(HEAD, NOW), Outgoing(to="somebody@else.example"))
        events = [*audit_store.trail(database)]

    assert not found.allowed
    assert nobody == Ruling(allowed=True)
    asked = [event for event in events if event.action == "looked-up"]
    assert [(event.subject, dict(event.details)["outbound"]) for event in asked] == [("E1", "no")]
    assert ANN not in str(asked)


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        pytest.param(Outgoing(to="nonsense"), "'nonsense' is not the address of one person", id="no address"),
        pytest.param(Outgoing(to=f"<{ANN}>"), "is not the address of one person", id="brackets and all"),
        pytest.param(Outgoing(to=f"{ANN}, {SPOC}"), "is not the address of one person", id="two addresses"),
        pytest.param(Outgoing(to=ANN, service="huosing"), "choose of .*housing", id="a service mistyped"),
        pytest.param(Outgoing(to=SPOC, service="huosing"), "no service 'huosing'", id="to somebody on no register"),
    ],
)
def test_what_is_not_understood_is_never_told_that_it_may_go_out(mail: Outgoing, words: str) -> None:
    with empty_register() as database, database.transaction() as session:
        save(session, an_entry(a_restriction("postal-replies", services=frozenset({"planning"}))), now=NOW)

        with pytest.raises(NotUnderstoodError, match=words):
            may_go_out(session, a_desk(HEAD, NOW), mail, services={"housing"})


@pytest.mark.parametrize(
    ("service", "allowed"),
    [
        pytest.param("Planning", False, id="one that a restriction names"),
        pytest.param("HOUSING", True, id="one that the settings name"),
        pytest.param("audit", True, id="one that an officer is of"),
    ],
)
def test_a_service_is_known_however_its_capitals_are_written(service: str, allowed: bool) -> None:  # noqa: FBT001 - what the case comes to
    with empty_register() as database, database.transaction() as session:
        save(session, an_entry(a_restriction("postal-replies", services=frozenset({"planning"}))), now=NOW)
        officer_store.save(session, ASSET_OWNER)
        mail = Outgoing(to=ANN, service=service)

        found = may_go_out(session, a_desk(HEAD, NOW), mail, services={"housing"})

    assert found.allowed is allowed


@pytest.mark.parametrize("kind", RestrictionKind)
def test_every_kind_has_an_answer(kind: RestrictionKind) -> None:
    assert isinstance(_asked(an_entry(a_restriction(kind))), Ruling)
