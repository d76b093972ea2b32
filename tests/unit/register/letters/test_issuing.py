"""How a letter goes out: composed from the case, drawn up while nobody waits, issued if nothing changed meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest

from core.db import Database
from policies.vocabulary import Part
from register import audit_store, document_store, issuing
from register.audit import AuditAction
from register.case_store import ConflictError
from register.casework.facts import Person
from register.casework.refusal import RefusedError
from register.casework.steps import LetterIssued, Referral
from register.issuing import Composed, Documents
from register.letters.letter import LetterRefusedError
from tests.builders import declared_tables
from tests.desks import HEAD, MONDAY, Register, a_desk, a_notice, the_way

COUNCIL = "Test Council"
DRAWN_UP = Documents(docx=b"a Word file", pdf=b"%PDF-1.7 a letter")


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _approved(register: Register) -> str:
    """A case in which everything is done but the letter."""
    ref = register.open()
    for by, step in the_way()[:3]:
        register.record(ref, step, by)
    return ref


def _composed(register: Register, ref: str, draft: LetterIssued | None = None) -> Composed:
    with register.database.transaction() as session:
        return issuing.composed(session, a_desk(), ref, draft or a_notice(), council=COUNCIL)


def _issued(register: Register, letter: Composed) -> int:
    """The number of the record that issues it, with documents as if they had been drawn up."""
    with register.database.transaction() as session:
        return issuing.issue(session, a_desk(), letter, DRAWN_UP).event.number


def test_a_letter_is_recorded_and_kept_to_the_byte(register: Register) -> None:
    ref = _approved(register)

    number = _issued(register, _composed(register, ref))

    with register.database.transaction() as session:
        kept = document_store.issued(session, ref)
    last = list(audit_store.trail(register.database))[-1]
    assert kept == {number: DRAWN_UP.pdf}
    assert last.action == AuditAction.LETTER
    assert dict(last.details) == {
        "number": str(number),
        "letter": "stage-1",
        "sha256": sha256(DRAWN_UP.pdf).hexdigest(),
    }


def test_a_letter_that_is_only_drafted_is_a_reading_of_the_case_and_no_more(register: Register) -> None:
    ref = _approved(register)

    documents = issuing.drawn_up(_composed(register, ref))

    assert documents.pdf.startswith(b"%PDF-")
    assert documents.docx.startswith(b"PK")
    assert list(audit_store.trail(register.database))[-1].action == AuditAction.READ
    with register.database.transaction() as session:
        assert document_store.issued(session, ref) == {}


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(Person(name="Sam Newname"), id="the name"),
        pytest.param(Referral(account="It goes on."), id="anything else"),
    ],
)
def test_a_letter_is_stale_once_anything_was_recorded_after_it_was_composed(
    register: Register, meanwhile: Person | Referral
) -> None:
    ref = _approved(register)
    letter = _composed(register, ref)
    register.record(ref, meanwhile)

    with pytest.raises(ConflictError, match=rf"{ref} was changed meanwhile .* read it again"):
        _issued(register, letter)

    with register.database.transaction() as session:
        assert document_store.issued(session, ref) == {}


def test_a_letter_is_issued_at_the_moment_whose_policy_it_was_composed_under(register: Register) -> None:
    ref = _approved(register)
    letter = _composed(register, ref)

    with register.database.transaction() as session:
        done = issuing.issue(session, a_desk(HEAD, MONDAY + timedelta(days=1)), letter, DRAWN_UP)

    assert done.event.at == MONDAY


def test_a_letter_that_the_policy_does_not_let_go_out_is_not_kept(register: Register) -> None:
    ref = _approved(register)
    tomorrow = _composed(register, ref, replace(a_notice(), on=date(2026, 3, 3)))

    with pytest.raises(RefusedError, match="still to come"):
        _issued(register, tomorrow)

    with register.database.transaction() as session:
        assert document_store.issued(session, ref) == {}


def test_a_letter_without_a_part_that_the_policy_asks_for_is_not_composed(register: Register) -> None:
    ref = _approved(register)

    with pytest.raises(LetterRefusedError, match=r"parts\.effect is missing"):
        _composed(register, ref, replace(a_notice(), parts={Part.REASONS: "As we told you."}))
