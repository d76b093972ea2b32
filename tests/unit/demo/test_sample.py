"""The sample council: every kind of mail that matters, the same bytes on every run, and people who do not exist."""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import yaml

from core.db import Database
from demo.sample import (
    Outcome,
    SampleMessage,
    council_folder,
    last_week,
    officers,
    policy_text,
    register_text,
    sample_mail,
)
from policies import shelf
from register import due_store, officer_store, store
from register.casework.due import Due, DueKind
from register.dates import start_of
from register.entry import RegisterEntry
from register.exchange.importing import import_file
from routing.action import ReviewKind
from routing.enforcing import PRECEDENCE
from tests.builders import declared_tables
from tests.desks import a_desk

MAIL = sample_mail()
EVERY = pytest.mark.parametrize("message", MAIL, ids=[f"{message.label}-{message.mailbox}" for message in MAIL])
REGISTER = yaml.safe_load((council_folder() / "register.yaml").read_text("utf-8"))["entries"]
COUNCIL = tomllib.loads((council_folder() / "council.toml").read_text("utf-8"))

# gmail.com is there for its dots; that address is longer than the provider allows, so it can be nobody's.
INVENTED = re.compile(r"(?:\.example|^plainly\.?invented\.?sampleshire\.?resident(?:\+\w+)?@gmail\.com)$")

NOT_ASKED = {
    *(ReviewKind.REGISTER, ReviewKind.RETURNED, ReviewKind.SHUNTED, ReviewKind.MISSING),
    ReviewKind.UNDELIVERED,
}
"""What nothing in the sample raises: a register at odds with itself, and trouble."""

SHOWN_ON = [pytest.param(date(2031, 5, day), id=f"{date(2031, 5, day):%A}") for day in range(5, 12)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The sample's register, as it was brought in on a day."""

    today: date
    entries: tuple[RegisterEntry, ...]
    dues: tuple[Due, ...]  # within 30 days

    @property
    def came(self) -> set[DueKind]:
        """What has come due."""
        return {due.kind for due in self.dues if due.on <= self.today}


def the_register_on(today: date, folder: Path) -> Opened:
    began, path = last_week(today), folder / "register.yaml"
    path.write_text(register_text(began, today), encoding="utf-8")
    (folder / shelf.FILE).write_text(policy_text(), encoding="utf-8")
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    with database.transaction() as session:
        for officer in officers(began):
            officer_store.save(session, officer)
        desk = replace(a_desk(officers(began)[0], now=start_of(today)), policies=shelf.find(folder))
        import_file(session, desk, path)
        dues = tuple(due_store.due(session, today + timedelta(days=30), desk.calendar))
        opened = Opened(today=today, entries=store.entries(session), dues=dues)
    database.dispose()
    return opened


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


@pytest.mark.parametrize("kind", sorted(set(ReviewKind) - NOT_ASKED - {ReviewKind.DUE, ReviewKind.EVIDENCE}))
def test_every_question_about_a_message_is_shown(kind: ReviewKind) -> None:
    assert any(kind in message.reviews for message in MAIL)


@pytest.mark.parametrize("today", SHOWN_ON)
def test_on_any_day_reviews_are_due_in_its_register_and_more_is_to_come(today: date, tmp_path: Path) -> None:
    opened = the_register_on(today, tmp_path)

    assert opened.came >= {DueKind.REVIEW, DueKind.PROVISIONAL_END}
    assert {due.kind for due in opened.dues if due.on > today} == {DueKind.REVIEW, DueKind.RISK_ASSESSMENT}


@pytest.mark.parametrize("today", SHOWN_ON)
def test_on_any_day_all_its_mail_has_come_within_two_weeks(today: date) -> None:
    began = last_week(today)

    received = [began + message.received for message in sample_mail(began, today)]

    assert start_of(today) - timedelta(days=14) < min(received)
    assert max(received) < start_of(today)


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
    assert all(INVENTED.search(address) for entry in REGISTER for address in entry.get("email", ()))


def test_its_officers_are_nobody_but_their_job_titles() -> None:
    assert all(officer.name == f"The {officer.job_title}" for officer in officers())
    assert {entry["owner"] for entry in REGISTER} <= {officer.username for officer in officers()}


def test_its_register_can_be_imported_and_mixes_restrictions(tmp_path: Path) -> None:
    entries = the_register_on(date(2026, 3, 9), tmp_path).entries

    restrictions = [restriction for entry in entries for restriction in entry.restrictions]
    assert len(entries) == len(REGISTER) == 18
    assert {restriction.kind for restriction in restrictions} == {step.kind for step in PRECEDENCE}
    assert {restriction.spoc for restriction in restrictions} - {None} == set(COUNCIL["spocs"])


def test_its_register_has_a_property_that_restricts_nobody_and_that_a_message_names(tmp_path: Path) -> None:
    (place,) = [entry for entry in the_register_on(date(2026, 3, 9), tmp_path).entries if entry.postcode]

    assert not place.restrictions
    assert not place.addresses
    assert place.postcode.encode() in labelled("property-on-the-register").raw


@pytest.mark.parametrize("today", SHOWN_ON)
def test_on_any_day_its_restrictions_are_over_in_force_and_to_come(today: date, tmp_path: Path) -> None:
    restrictions = [one for entry in the_register_on(today, tmp_path).entries for one in entry.restrictions]
    began = last_week(today)
    ended = began + max(message.received for message in MAIL)

    assert any(one.ends_at is not None and one.ends_at < began for one in restrictions)
    assert any(one.in_force_at(began) and one.in_force_at(ended) and one.ends_at is None for one in restrictions)
    assert any(one.commenced_at > start_of(today) for one in restrictions)


def test_nothing_but_its_dates_moves_with_the_day() -> None:
    then, now = register_text(), register_text(last_week(date(2031, 5, 5)))

    assert re.sub(r"\d{4}-\d{2}-\d{2}", "", then) == re.sub(r"\d{4}-\d{2}-\d{2}", "", now)
    assert then == (council_folder() / "register.yaml").read_text("utf-8")


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
