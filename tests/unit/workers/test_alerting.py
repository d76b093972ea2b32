"""A threat or a danger is told to whoever watches the logs the moment it is decided."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from routing import review_store
from tests.office import Office, an_office, mail

THREAT = "I am coming to the depot tonight and I will stab the first one of you I see."
DANGER = "I am going to kill myself tonight."
RUDE = "You are a useless lazy bastard and so is your manager."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


def _saying(words: str) -> bytes:
    return mail("resident@home.example", 1).replace(b"Letter number 1 about the gate.", words.encode())


@pytest.mark.requirement("1.12", "1.78")
@pytest.mark.parametrize(("words", "queue"), [(THREAT, "abuse"), (DANGER, "safety")])
def test_what_cannot_wait_is_told_at_once_and_stands_first(office: Office, words: str, queue: str) -> None:
    office.deliver(mail("other@home.example", 2))
    office.deliver(_saying(words))

    with capture_logs() as logs:
        office.finish()

    told = [one for one in logs if one["event"] == "review.urgent"]
    assert (queue, "M2") in [(one["queue"], one["message_ref"]) for one in told]
    assert {one["message_ref"] for one in told} == {"M2"}
    assert not any(words in str(value) for one in logs for value in one.values())
    with office.database.transaction() as session:
        first = review_store.open_reviews(session)[0]
    assert (first.delivery_id, first.priority) == (2, 0)


@pytest.mark.requirement("1.16")
def test_rudeness_waits_its_turn(office: Office) -> None:
    office.deliver(_saying(RUDE))

    with capture_logs() as logs:
        office.finish()

    assert not [one for one in logs if one["event"] == "review.urgent"]
