"""The sample council: every kind of mail that matters, the same bytes on every run, and people who do not exist."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import yaml

from core.db import Database
from demo.sample import Outcome, SampleMessage, council_folder, officers, sample_mail
from policies.vocabulary import RestrictionKind
from register import officer_store, store
from register.exchange.importing import import_file
from routing.action import ReviewKind
from tests.builders import declared_tables
from tests.desks import a_desk

MAIL = sample_mail()
EVERY = pytest.mark.parametrize("message", MAIL, ids=[f"{message.label}-{message.mailbox}" for message in MAIL])
REGISTER = yaml.safe_load((council_folder() / "register.yaml").read_text("utf-8"))["entries"]
COUNCIL = tomllib.loads((council_folder() / "council.toml").read_text("utf-8"))

# gmail.com is there for its dots; that address is longer than the provider allows, so it can be nobody's.
INVENTED = re.compile(r"(?:\.example|^plainly\.?invented\.?sampleshire\.?resident(?:\+\w+)?@gmail\.com)$")

NOT_ASKED = {ReviewKind.REGISTER, ReviewKind.RETURNED, ReviewKind.SHUNTED, ReviewKind.DUE, ReviewKind.PROPERTY}
"""What no message of the sample raises: of the register, of trouble, of deadlines, of a property."""


def labelled(label: str) -> SampleMessage:
    return next(message for message in MAIL if message.label == label)


def test_it_is_the_same_on_every_run() -> None:
    assert sample_mail() == MAIL


def test_its_dates_count_from_the_day_it_is_told() -> None:
    began = datetime(2031, 5, 5, 8, 0, tzinfo=UTC)

    first = sample_mail(began)[0]

    assert first.received < timedelta(days=1)
    assert b"05 May 2031" in first.raw


def test_it_fills_the_shared_mailboxes_of_the_council() -> None:
    assert {message.mailbox for message in MAIL} == {mailbox["name"] for mailbox in COUNCIL["mailboxes"]}
    assert len(MAIL) >= 60


def test_every_message_has_its_own_label() -> None:
    deliveries = [(message.label, message.mailbox) for message in MAIL]

    assert len(set(deliveries)) == len(deliveries)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_shown(outcome: Outcome) -> None:
    assert any(message.outcome is outcome for message in MAIL)


@pytest.mark.parametrize("kind", sorted(set(ReviewKind) - NOT_ASKED))
def test_every_question_for_a_person_is_shown(kind: ReviewKind) -> None:
    assert any(kind in message.reviews for message in MAIL)


@EVERY
def test_a_message_is_explained_and_on_the_wire_as_a_server_sends_it(message: SampleMessage) -> None:
    assert message.why.endswith(".")
    assert message.expected.startswith(message.outcome)
    assert message.raw.count(b"\n") == message.raw.count(b"\r\n")
    assert b"{date}" not in message.raw


@EVERY
def test_nobody_in_it_exists(message: SampleMessage) -> None:
    parsed = message_from_bytes(message.raw, policy=policy.default)
    addresses = [
        address.addr_spec
        for name in ("from", "to", "reply-to")
        for header in parsed.get_all(name, [])
        for address in header.addresses
    ]

    assert all(INVENTED.search(address) for address in addresses)


def test_nobody_on_its_register_exists() -> None:
    assert all(INVENTED.search(address) for entry in REGISTER for address in entry["email"])


def test_its_officers_are_nobody_but_their_job_titles() -> None:
    assert all(officer.name == f"The {officer.job_title}" for officer in officers())
    assert {entry["owner"] for entry in REGISTER} <= {officer.username for officer in officers()}


def test_its_register_can_be_imported_and_mixes_restrictions(tmp_path: Path) -> None:
    path = tmp_path / "register.yaml"
    path.write_bytes((council_folder() / "register.yaml").read_bytes())
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)

    with database.transaction() as session:
        for officer in officers():
            officer_store.save(session, officer)
        import_file(session, a_desk(officers()[0]), path)
        entries = store.entries(session)
    database.dispose()

    restrictions = [restriction for entry in entries for restriction in entry.restrictions]
    assert len(entries) == len(REGISTER) == 8
    assert {restriction.kind for restriction in restrictions} == {
        RestrictionKind.SPOC_DIVERSION,
        RestrictionKind.READ_AND_FILE,
    }
    assert {restriction.spoc for restriction in restrictions} - {None} == set(COUNCIL["spocs"])


def test_its_register_has_restrictions_that_are_over_in_force_and_to_come_for_years() -> None:
    restrictions = [item for entry in REGISTER for item in entry["restrictions"]]
    periods = [(item["commenced"].year, item.get("provisional_end")) for item in restrictions]

    assert any(ends is not None and ends.year < 2025 for _, ends in periods)
    assert any(began == 2025 and ends is None for began, ends in periods)
    assert any(began == 2095 for began, _ in periods)


@pytest.mark.parametrize(
    ("label", "trait"),
    [
        pytest.param("several-from-spoof", rb"\nFrom: Sam.*\nFrom: Bel", id="two-from-headers"),
        pytest.param("look-alike-address", rb"@xn--", id="look-alike-in-ascii"),
        pytest.param("dmarc-failed", rb"mx\.sampleshire\.example; dmarc=fail", id="border-said-no"),
        pytest.param("auto-reply", rb"\nAuto-Submitted: auto-replied", id="auto-reply"),
        pytest.param("bounce", rb"\AReturn-Path: <>", id="null-return-path"),
        pytest.param("latin-1", rb"\xe0 la carte", id="latin-1-bytes"),
        pytest.param("latin-1-undeclared", rb"f\xeate", id="undeclared-bytes"),
        pytest.param("base64", rb"Encoding: base64\r\n\r\nSGVsbG8", id="base64"),
        pytest.param("quoted-printable", rb"=C2=A3412\.50", id="quoted-printable"),
        pytest.param("html-only", rb"Content-Type: text/html", id="html"),
        pytest.param("broken-mime", rb"no-such-charset", id="broken-mime"),
    ],
)
def test_the_awkward_ones_are_awkward_in_their_way(label: str, trait: bytes) -> None:
    assert re.search(trait, labelled(label).raw)


def test_one_has_no_from_and_one_an_attachment_of_300_kilobytes() -> None:
    assert not re.search(rb"(?m)^From:", labelled("missing-from").raw)
    assert len(labelled("large-attachment").raw) > 300_000 * 4 / 3


def test_one_letter_goes_to_three_mailboxes_byte_for_byte() -> None:
    copies = [message for message in MAIL if message.label == "scatter-gun"]

    assert len(copies) == 3
    assert len({message.raw for message in copies}) == 1


def test_some_of_it_is_welsh() -> None:
    assert sum(message.language == "cy" for message in MAIL) >= 6
