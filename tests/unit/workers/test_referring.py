"""A referral made from a mail: whose case it goes to, and which message of ours it cites."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database
from register.casework.steps import Referral
from register.listing import listed
from register.recording import Recorded
from register.records import RecordRefusedError
from tests.archive import BEGINNING, Archive, an_archive
from tests.builders import a_settings, declared_tables, raw_mail
from tests.desks import GOVERNANCE, Register, a_desk
from tests.office import HOUSING
from workers.holding import holding
from workers.referring import NobodyError, refer

SAM = "Sam Specimen <sam@post.example>"


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _referred(register: Register, raw: bytes, account: str = "The fourth letter of this kind today.") -> Recorded:
    with register.database.transaction() as session:
        return refer(session, a_desk(GOVERNANCE), a_settings(), raw, account)


def _forwarding(raw: bytes) -> bytes:
    head = b"From: officer@council.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    words = b"--b\r\nContent-Type: text/plain\r\n\r\nFrom: someone.else@mail.example\r\nPlease see.\r\n"
    return head + kind + words + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + raw + b"\r\n--b--\r\n"


@pytest.mark.requirement("2.27", "2.11")
@pytest.mark.parametrize("forward", [pytest.param(True, id="forwarded"), pytest.param(False, id="itself")])
def test_a_referral_keeps_the_header_fields_of_the_mail_it_is_about(register: Register, *, forward: bool) -> None:
    raw = raw_mail(sender=SAM, subject="You will hear from me")

    done = _referred(register, _forwarding(raw) if forward else raw)

    referral = done.event.record
    assert isinstance(referral, Referral)
    assert done.standing.case.name == "Sam Specimen"
    assert referral.message == "<1@mail.example>"
    assert "From: Sam Specimen <sam@post.example>\n" in referral.original
    assert "Subject: You will hear from me" in referral.original
    assert done.standing.state == "referred"
    assert done.standing.arrangements == ()


def test_somebody_who_has_a_case_is_referred_in_it(register: Register) -> None:
    ref = register.open()

    assert _referred(register, raw_mail(sender=SAM)).standing.case.ref == ref


@pytest.mark.parametrize("account", ["", " ", "x" * 20_001], ids=["nothing", "a space", "too much"])
def test_a_referral_says_what_happened_in_words_that_fit(register: Register, account: str) -> None:
    with pytest.raises(RecordRefusedError, match="account: "):
        _referred(register, raw_mail(sender=SAM), account)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(raw_mail(sender="nobody"), id="no address"),
        pytest.param(b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nHello", id="two authors"),
    ],
)
def test_mail_whose_writer_cannot_be_told_refers_nobody(register: Register, raw: bytes) -> None:
    with pytest.raises(NobodyError, match="open the case by hand"):
        _referred(register, raw)

    with register.database.transaction() as session:
        assert listed(session, a_desk()).lines == ()


PLANNING = "planning@council.example"
IN_DANGER = "I want to end my life.\r\n"  # somebody is asked about it, and so its bytes are kept


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A council with two mailboxes."""
    with an_archive(tmp_path) as archive:
        archive.data["mailboxes"] = {
            "planning": {"address": PLANNING, "password": "x"},
            "housing": {"address": HOUSING, "password": "x"},
        }
        yield archive


def _a_letter(*, via: str = "mx1", to: str = HOUSING, **others: str) -> bytes:
    """What Sam wrote, as one of our mailboxes has it."""
    raw = raw_mail(sender=others.pop("sender", SAM), headers=[("Received", f"by {via}.council.example")], **others)
    return raw.replace(b"To: planning@council.example", f"To: {to}".encode())


def _as_forwarded(raw: bytes) -> bytes:
    """The same message as a mail program attaches it: without the lines of its way, its body encoded anew."""
    head, _, body = raw.partition(b"\r\n\r\n")
    _received, _, fields = head.partition(b"\r\n")
    return _forwarding(fields + b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + body.replace(b".", b"=2E"))


def _polled(archive: Archive, *letters: tuple[str, bytes]) -> None:
    """Each (mailbox, message) comes in, one after the other."""
    for mailbox, raw in letters:
        archive.world.deliver({"planning": PLANNING, "housing": HOUSING}[mailbox], raw, BEGINNING)
        archive.sweep(mailbox)


def _cited(archive: Archive, raw: bytes) -> str | None:
    """What a referral of this message cites."""
    with archive.database.transaction() as session:
        desk, settings = archive.desk("pat", archive.closing), archive.runtime().settings
        record = refer(session, desk, settings, raw, "The fourth today.").event.record
    assert isinstance(record, Referral)
    return record.message


@pytest.mark.parametrize("rewritten", [False, True], ids=["as it came", "rewritten by a mail program"])
def test_a_mail_that_was_polled_and_is_then_forwarded_belongs_to_the_case(archive: Archive, *, rewritten: bool) -> None:
    raw = _a_letter()
    _polled(archive, ("housing", _a_letter(message_id="<another@mail.example>")), ("housing", raw))

    assert _cited(archive, _as_forwarded(raw) if rewritten else _forwarding(raw)) == "M2"

    with archive.database.transaction() as session:
        assert [row.id for row in holding(session, "MC-00001").deliveries] == [2]


def test_of_several_copies_it_is_the_very_one_that_was_forwarded(archive: Archive) -> None:
    first, second = _a_letter(via="mx1"), _a_letter(via="mx2")
    _polled(archive, ("housing", first), ("planning", second))

    assert _cited(archive, _forwarding(second)) == "M2"


@pytest.mark.parametrize(
    ("to", "cited"),
    [
        pytest.param(HOUSING, "M2", id="the mailbox it is addressed to"),
        pytest.param(f"{PLANNING}, {HOUSING}", "M1", id="the oldest of two it is addressed to"),
        pytest.param("everybody@council.example", "M1", id="the oldest"),
    ],
)
def test_of_several_copies_that_cannot_be_told_apart_one_is_chosen(archive: Archive, to: str, cited: str) -> None:
    raw = _a_letter(to=to)
    _polled(archive, ("planning", _a_letter(via="mx1", to=to)), ("housing", _a_letter(via="mx2", to=to)))

    assert _cited(archive, _as_forwarded(raw)) == cited


def test_which_of_two_letters_with_one_message_id_is_meant_is_never_guessed(archive: Archive) -> None:
    first, second = _a_letter(body="The first.\r\n"), _a_letter(body="The second.\r\n")
    _polled(archive, ("housing", first), ("housing", second))

    assert _cited(archive, _forwarding(second)) == "M2"
    assert _cited(archive, _as_forwarded(second)) == "<1@mail.example>"


@pytest.mark.parametrize(
    "other",
    [{"sender": "jo@home.example"}, {"subject": "Something else"}],
    ids=["of another writer", "about something else"],
)
def test_a_message_id_that_somebody_else_used_as_well_links_nothing(archive: Archive, other: dict[str, str]) -> None:
    _polled(archive, ("housing", _a_letter(body=IN_DANGER, **other)))

    assert _cited(archive, _as_forwarded(_a_letter())) == "<1@mail.example>"


@pytest.mark.parametrize(("body", "cited"), [("The first.\r\n", "M1"), ("Never polled.\r\n", None)])
def test_without_a_message_id_only_the_very_same_bytes_are_the_same_message(
    archive: Archive, body: str, cited: str | None
) -> None:
    _polled(archive, ("housing", _a_letter(body="The first.\r\n", message_id="")))

    assert _cited(archive, _forwarding(_a_letter(body=body, message_id=""))) == cited


def test_mail_that_no_mailbox_of_ours_had_is_cited_by_its_message_id(archive: Archive) -> None:
    _polled(archive, ("housing", _a_letter(message_id="<another@mail.example>")))

    assert _cited(archive, _forwarding(_a_letter())) == "<1@mail.example>"
