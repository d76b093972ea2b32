"""Letters of a case by e-mail: sent once, to the byte what was issued."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from policies.vocabulary import Channel
from register import recording
from register.casework.facts import Identifier, IdentifierKind, IdentifierWithdrawn
from tests.desks import MONDAY, Register, a_desk, facts, the_way
from tests.office import Office, an_office, mail
from tests.unit.workers.letter_builders import issue, issued
from workers import mailing_store
from workers.mailing import NoAddressError, send_letters
from workers.telling import tell


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        office.data["smtp"]["sender"] = "housing@council.example"
        yield office


def test_a_letter_goes_out_once_with_the_document_that_was_issued(office: Office) -> None:
    ref = issued(office)

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
    issued(office, address="siân@post.example")

    send_letters(office.runtime())

    ((recipient, sent),) = office.world.letters
    assert recipient == "siân@post.example"
    assert "\r\nTo: siân@post.example\r\n".encode() in sent


def test_a_letter_with_accents_goes_out_in_seven_bits_for_relays_that_take_no_others(office: Office) -> None:
    office.data["council"]["name"] = "Cyngor Môn"
    issued(office)

    send_letters(office.runtime())

    ((_, sent),) = office.world.letters
    text = message_from_bytes(sent, policy=default).get_body(("plain",))
    assert sent.isascii()
    assert text is not None
    assert text.get_content().splitlines()[-1] == "Cyngor Môn"


def test_a_letter_by_post_is_not_mailed(office: Office) -> None:
    issued(office, Channel.LETTER)

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
        issue(session, office, ref, Channel.EMAIL)

    with office.database.transaction() as session:
        assert mailing_store.of_case(session, ref) == {}
        assert recording.read(session, a_desk(), ref, purpose="test").proposal is not None
    assert office.count("register_document") == 0


def test_what_a_persons_machine_answers_is_told_of_the_message_and_counts_as_nobodys_contact(office: Office) -> None:
    ref = issued(office)
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
