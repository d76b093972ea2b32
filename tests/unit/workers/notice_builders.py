"""People who are told what applies: by a notice that their restriction allows for, or by a stored letter."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from policies import shelf
from policies.period import Period
from policies.vocabulary import Channel, LetterKind
from register import officer_store, recording
from register.casework.facts import Owner
from register.casework.steps import LetterIssued, Measure
from register.officers import Officer
from register.restrictions import FixedLetter, SingleChannel, Terms
from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer
from tests.desks import DIRECTOR, Register, a_desk, facts
from tests.office import MARCH, Office, mail
from tests.unit.register.casework_builders import an_adoption
from workers.answering import Answered, answer_item

LETTERS_ONLY = SingleChannel(channel=Channel.LETTER, notice_every=Period.parse("30 days"))
MANAGER = Officer(
    username="crm",
    name="The Customer Relations Manager",
    job_title="Customer Relations Manager",
    service="customer-relations",
    roles=frozenset({"customer-relations-manager"}),
)
CLOSED = FixedLetter(
    letter="We have answered this in full.", letter_cy="Rydym wedi ateb hyn yn llawn.", every=Period.parse("30 days")
)


def restricted(
    office: Office, terms: Terms = LETTERS_ONLY, *, name: str = "Sam Specimen", email: str = "sam@post.example"
) -> str:
    """Somebody whom a restriction asks to write letters; the reference of their case."""
    register = Register.of(office.database)
    ref = register.open(*facts(name, email))
    register.restrict(ref, Measure(terms=terms))
    return ref


def writes(office: Office, *numbers: int, sender: str = "sam@post.example") -> None:
    """They write these letters, which are decided and carried out."""
    office.deliver(*(mail(sender, number, subject=f"The gate {number}") for number in numbers))
    office.sweep()
    office.sweep()


def sent(office: Office) -> list[EmailMessage]:
    """What the relay took."""
    return [message_from_bytes(raw, policy=default) for _, raw in office.world.letters]


def told(office: Office, ref: str) -> list[LetterIssued]:
    """The notices of a case that tell of the way that is open."""
    with office.database.transaction() as session:
        standing = recording.read(session, a_desk(DIRECTOR), ref, purpose="test")
    found = (event.record for event in standing.case.of(LetterIssued))
    return [letter for letter in found if letter.letter is LetterKind.WRONG_CHANNEL]


def questions(office: Office, kind: ReviewKind = ReviewKind.REGISTER) -> list[str]:
    """What people are asked."""
    with office.database.transaction() as session:
        return [item.question for item in review_store.open_reviews(session, kind)]


def closes_with_a_letter(office: Office) -> str:
    """Somebody whose letters are closed with a stored one, under policy 002; the reference of their case."""
    office.data["council"]["policy"] = "002"
    desk = replace(a_desk(MANAGER, MARCH), policies=shelf.find("002"))
    adopted = an_adoption(stage="formal", measures=(Measure(terms=CLOSED),), review_on=date(2026, 8, 1))
    owner = Owner(officer=MANAGER.username, service=MANAGER.service)
    with office.database.transaction() as session:
        officer_store.save(session, MANAGER)
        done = recording.open_case(session, desk, [*facts()[:1], facts()[2], adopted, owner])
    return done.standing.case.ref


def answers(office: Office, outcome: str, kind: ReviewKind = ReviewKind.CLOSING, *, newest: bool = False) -> Answered:
    """The oldest open question of this kind is answered, or the newest."""
    with office.database.transaction() as session:
        item = review_store.open_reviews(session, kind)[-1 if newest else 0]
    return answer_item(office.runtime(), item.id, Answer(outcome=outcome, by=MANAGER.username))
