"""Letters of a case by e-mail: sent once, and if one comes back the owner of the case knows."""

import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from core.db import Session
from policies.vocabulary import Channel
from register import due_store, issuing, recording, store
from register.casework.due import DueKind
from register.casework.facts import Identifier, IdentifierKind, IdentifierWithdrawn
from register.casework.steps import LetterFailed
from register.officers import Officer
from routing import review_store
from routing.action import ReviewKind
from tests.desks import DIRECTOR, HEAD, MONDAY, Register, a_desk, a_notice, facts, the_way
from tests.office import Office, an_office, mail
from workers import mailing, mailing_store
from workers.mailing import NoAddressError, send_letters
from workers.telling import tell


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        office.data["smtp"]["sender"] = "housing@council.example"
        yield office


def _issued(
    office: Office,
    channel: Channel = Channel.EMAIL,
    address: str = "sam@post.example",
    name: str = "Sam Specimen",
) -> str:
    """A case whose notice has just been issued; its reference."""
    register = Register.of(office.database)
    ref = register.open(*facts(name, address))
    for by, step in the_way()[:3]:
        register.record(ref, step, by)
    with office.database.transaction() as session:
        _issue(session, office, ref, channel)
    return ref


def _issue(session: Session, office: Office, ref: str, channel: Channel, by: Officer = HEAD) -> None:
    letter = issuing.composed(session, a_desk(by), ref, a_notice(channel), council="Test Council")
    documents = issuing.drawn_up(letter)
    done = issuing.issue(session, a_desk(by), letter, documents)
    mailing.owe(session, office.runtime().settings, done, documents.pdf)


def _failures(office: Office, ref: str) -> list[LetterFailed]:
    with office.database.transaction() as session:
        standing = recording.read(session, a_desk(DIRECTOR), ref, purpose="test")
    return [event.record for event in standing.case.of(LetterFailed)]


def _asked(office: Office) -> list[str]:
    with office.database.transaction() as session:
        return [item.question for item in review_store.open_reviews(session, ReviewKind.DUE)]


def test_a_letter_goes_out_once_with_the_document_that_was_issued(office: Office) -> None:
    ref = _issued(office)

    assert send_letters(office.runtime()) == 1
    assert send_letters(office.runtime()) == 0

    ((recipient, sent),) = office.world.letters
    letter = message_from_bytes(sent, policy=default)
    (attached,) = letter.iter_attachments()
    with office.database.transaction() as session:
        standing = recording.read(session, a_desk(), ref, purpose="test")
    assert recipient == "sam@post.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert attached.get_content().startswith(b"%PDF-")
    assert standing.proposal is not None
    assert standing.proposal.notice is not None


def test_an_address_that_is_not_ascii_is_written_as_it_is(office: Office) -> None:
    _issued(office, address="siân@post.example")

    send_letters(office.runtime())

    ((recipient, sent),) = office.world.letters
    assert recipient == "siân@post.example"
    assert "\r\nTo: siân@post.example\r\n".encode() in sent


def test_a_letter_by_post_is_not_mailed(office: Office) -> None:
    _issued(office, Channel.LETTER)

    assert send_letters(office.runtime()) == 0
    assert office.world.letters == []


def test_a_letter_cannot_go_by_mail_to_somebody_without_an_address(office: Office) -> None:
    register = Register.of(office.database)
    post = Identifier(identifier=IdentifierKind.POST, value="1 High Street", source="a form", since=MONDAY.date())
    ref = register.open(*facts(), post)
    register.record(ref, IdentifierWithdrawn(value="sam@post.example", reason="It was never theirs."))
    for by, step in the_way()[:3]:
        register.record(ref, step, by)

    with pytest.raises(NoAddressError, match=f"{ref} has no e-mail address"), office.database.transaction() as session:
        _issue(session, office, ref, Channel.EMAIL)

    with office.database.transaction() as session:
        assert mailing_store.of_case(session, ref) == {}
        assert recording.read(session, a_desk(), ref, purpose="test").proposal is not None
    assert office.count("register_document") == 0


def test_a_letter_that_the_relay_could_not_take_goes_out_later(office: Office) -> None:
    _issued(office)
    office.world.relay_down = True

    assert send_letters(office.runtime()) == 0

    office.world.relay_down = False
    office.data["pace"]["retry_seconds"] = 0.001
    while not send_letters(office.runtime()):
        pass
    assert len(office.world.letters) == 1


class _Broken(list[tuple[str, bytes]]):
    """A relay that fails, as nobody foresaw, on letters to one address."""

    def __init__(self, recipient: str) -> None:
        super().__init__()
        self.recipient = recipient

    def append(self, letter: tuple[str, bytes], /) -> None:
        if letter[0] == self.recipient:
            raise NotImplementedError
        super().append(letter)


def test_after_an_error_that_nobody_foresaw_a_letter_goes_out_all_the_same(office: Office) -> None:
    _issued(office)
    office.data["pace"]["retry_seconds"] = 0.001
    office.world.letters = _Broken("sam@post.example")
    assert send_letters(office.runtime()) == 0
    office.world.letters = []

    deadline = time.monotonic() + 20
    while not send_letters(office.runtime()):
        assert time.monotonic() < deadline, "it never went out"
        time.sleep(0.002)

    assert len(office.world.letters) == 1


def test_a_letter_on_which_the_software_fails_holds_up_no_other_and_its_owner_is_asked(office: Office) -> None:
    ref = _issued(office)
    _issued(office, address="jo@post.example", name="Jo Bloggs")
    office.world.letters = _Broken("sam@post.example")
    office.data["pace"] |= {"retry_seconds": 0.0001, "retry_cap_seconds": 0.0001, "shunt_after": 3}

    while office.count("mailing where attempts < 5 and fate <> 'sent'"):
        time.sleep(0.001)
        send_letters(office.runtime())

    assert [recipient for recipient, _ in office.world.letters] == ["jo@post.example"]
    (question,) = _asked(office)
    assert question.startswith(
        f"Letter 9 of {ref} did not go out in 3 tries (the software failed: NotImplementedError)."
    )


def test_a_letter_that_does_not_go_out_try_after_try_is_asked_about_once(office: Office) -> None:
    ref = _issued(office)
    office.world.relay_down = True
    office.data["pace"] |= {"retry_seconds": 0.0001, "retry_cap_seconds": 0.0001}

    while office.count("mailing where attempts < 45"):
        time.sleep(0.001)
        send_letters(office.runtime())
        assert len(_asked(office)) == office.count("mailing where attempts >= 20")

    (question,) = _asked(office)
    assert question.startswith(f"Letter 9 of {ref} did not go out in 20 tries.")
    assert _failures(office, ref) == []


def test_an_address_that_the_relay_refuses_is_known_to_the_owner_at_once(office: Office) -> None:
    ref = _issued(office)
    office.world.nobody.add("sam@post.example")

    assert send_letters(office.runtime()) == 0
    assert send_letters(office.runtime()) == 0

    (failure,) = _failures(office, ref)
    assert failure.reason == "550 5.1.1 no such user"
    assert len(_asked(office)) == 1


def test_a_bounce_is_known_to_the_owner_of_the_case(office: Office) -> None:
    ref = _issued(office)
    send_letters(office.runtime())
    ((_, sent),) = office.world.letters

    office.deliver(_bounce(sent), _bounce(sent))
    office.finish()

    (failure,) = _failures(office, ref)
    assert failure.letter == 9
    assert _asked(office) == [
        f"Letter 9 of {ref} did not reach the person; send it another way. The receiving mail system returned it."
    ]
    with office.database.transaction() as session:
        kinds = {due.kind for due in due_store.due(session, MONDAY.date(), a_desk().calendar)}
        lists = [entry.ref for entry, *_ in store.listed(session)]
    assert ref in lists
    assert DueKind.UNDELIVERED_LETTER in kinds or office.count("register_due where kind = 'undelivered-letter'") == 1


def test_somebody_who_quotes_our_letter_bounces_nothing(office: Office) -> None:
    ref = _issued(office)
    send_letters(office.runtime())
    ((_, sent),) = office.world.letters

    office.deliver(mail("sam@post.example", 1) + b"> " + sent.replace(b"\r\n", b"\r\n> "))
    office.finish()

    assert _failures(office, ref) == []


@pytest.mark.parametrize("action", [b"delayed", b"delivered", b"relayed"])
def test_a_letter_that_is_only_late_or_has_arrived_did_not_come_back(office: Office, action: bytes) -> None:
    ref = _issued(office)
    send_letters(office.runtime())
    ((_, sent),) = office.world.letters

    office.deliver(_bounce(sent, action))
    office.finish()
    assert _failures(office, ref) == []
    assert _asked(office) == []

    office.deliver(_bounce(sent))
    office.finish()
    assert len(_failures(office, ref)) == 1


def test_what_a_persons_machine_answers_is_told_of_the_message_and_counts_as_nobodys_contact(office: Office) -> None:
    ref = _issued(office)
    send_letters(office.runtime())
    ((_, sent),) = office.world.letters
    named = message_from_bytes(sent, policy=default)["Message-ID"]
    head = f"In-Reply-To: {named}\r\nAuto-Submitted: auto-replied\r\n"

    office.deliver(head.encode() + mail("sam@post.example", 1, subject="Out of office"))
    office.finish()

    story = tell(office.runtime(), 1)
    assert story is not None
    told = [detail for event in story.events for detail in event.details]
    assert f"It is an automatic reply to letter 9 of {ref}. [automatic:reply]" in told
    assert (office.count("mail_trace"), office.count("notice"), office.count("review_item")) == (0, 0, 0)
    assert len(office.world.letters) == 1
    office.deliver(mail("sam@post.example", 2))
    office.finish()
    assert office.count("mail_trace") == 1


def _bounce(sent: bytes, action: bytes = b"failed") -> bytes:
    head, _, _ = sent.partition(b"\r\n\r\n")
    return b"\r\n".join(
        [
            b"From: Mail Delivery System <mailer-daemon@mx.example>",
            b"To: housing@council.example",
            b"Subject: Undelivered Mail Returned to Sender",
            b"Message-ID: <bounce@mx.example>",
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            b"",
            b"--b",
            b"Content-Type: text/plain",
            b"",
            b"The address does not exist.",
            b"--b",
            b"Content-Type: message/delivery-status",
            b"",
            b"Reporting-MTA: dns; mx.example",
            b"",
            b"Final-Recipient: rfc822; sam@post.example",
            b"Action: " + action,
            b"Status: 5.1.1",
            b"",
            b"--b",
            b"Content-Type: text/rfc822-headers",
            b"",
            head,
            b"",
            b"--b--",
            b"",
        ]
    )
