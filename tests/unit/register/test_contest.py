"""Row 0.12: who contests a restriction is read by a person, answered by somebody else, and told of the Ombudsman."""

from collections.abc import Iterator

import pytest

from classifier.assessment import NOT_ASSESSED
from core.db import Database
from policies.vocabulary import Channel, Language, LetterKind, MatterState
from register import store
from register.casework.facts import Matter
from register.casework.refusal import RefusedError
from register.casework.steps import AppealReceived, Measure
from register.claims import Claims
from register.entry import Snapshot
from register.matching import lookup_keys
from register.restrictions import ReadAndFile
from routing.action import FileInto, FolderRole, Keep, ReviewKind
from routing.decide import decide
from tests.builders import POLICY, a_message, a_receipt, declared_tables
from tests.desks import DIRECTOR, MONDAY, Register, facts
from tests.unit.register.letters.builders import letter_under, text_of

SAM = "sam@post.example"
REFERENCE = "C-2025-0117"


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _reads_and_files(register: Register, state: MatterState = MatterState.CLOSED) -> str:
    """Sam's case, with read-and-file on a matter that is closed; its state is then recorded anew."""
    ref = register.open(*facts(), _matter(MatterState.CLOSED))
    register.restrict(ref, Measure(terms=ReadAndFile(matter=REFERENCE)))
    if state is not MatterState.CLOSED:
        register.record(ref, _matter(state))
    return ref


def _matter(state: MatterState) -> Matter:
    return Matter(
        reference=REFERENCE,
        title="Noise from the bowls pavilion",
        state=state,
        on=MONDAY.date(),
        reason="No further action is reasonable.",
        final_position="The noise is within the limit.",
        response="Letter of 2 February 2026",
    )


def _snapshot(register: Register) -> Snapshot:
    with register.database.transaction() as session:
        return store.snapshot(session, lookup_keys(Claims(author_addresses=(SAM,))))


def _decided(register: Register, text: str) -> tuple[object, list[ReviewKind]]:
    message = a_message(SAM, text=text, subject=f"{REFERENCE}")
    decision = decide(message, a_receipt(received_at=MONDAY), _snapshot(register), NOT_ASSESSED, POLICY)
    return decision.actions[0], [ask.kind for ask in decision.reviews]


@pytest.mark.requirement("0.12")
def test_mail_that_contests_a_restriction_is_never_filed(register: Register) -> None:
    _reads_and_files(register)

    action, asked = _decided(register, "I want to appeal against the restrictions on my contact. C-2025-0117.")

    assert action == Keep()
    assert ReviewKind.CONTEST in asked


@pytest.mark.requirement("0.12")
def test_a_contest_is_not_given_to_whoever_took_the_decision(register: Register) -> None:
    ref = _reads_and_files(register)
    contest = AppealReceived(
        on=MONDAY.date(), account="It is unfair.", channel=Channel.EMAIL, assigned_to=DIRECTOR.username
    )

    with pytest.raises(RefusedError, match="director took the decision: somebody else looks at it again"):
        register.record(ref, contest)


@pytest.mark.requirement("0.12", "0.13")
def test_the_outcome_of_a_contest_names_the_ombudsman() -> None:
    letter = text_of(letter_under("000", LetterKind.APPEAL_OUTCOME, Language.ENGLISH))

    assert "PO Box 4771" in letter
    assert "0300 061 0614" in letter


@pytest.mark.requirement("3.5")
def test_mail_about_a_matter_drawn_to_a_close_is_read_and_filed(register: Register) -> None:
    _reads_and_files(register)

    action, asked = _decided(register, "About C-2025-0117: the noise again.")

    assert (action, asked) == (FileInto(FolderRole.FILED), [ReviewKind.READ_AND_FILE])


@pytest.mark.requirement("3.9")
@pytest.mark.parametrize(
    ("state", "filed"),
    [
        pytest.param(MatterState.EXHAUSTED, True, id="determined"),
        pytest.param(MatterState.OUT_OF_REMIT, False, id="out of remit: nobody has answered it"),
        pytest.param(MatterState.OPEN, False, id="opened again"),
    ],
)
def test_only_what_was_determined_is_filed(register: Register, *, state: MatterState, filed: bool) -> None:
    _reads_and_files(register, state)

    action, _ = _decided(register, "About C-2025-0117: the noise again.")

    assert (action == FileInto(FolderRole.FILED)) is filed
