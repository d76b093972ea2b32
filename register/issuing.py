"""Letters from a draft to their issue: composed in each language, checked by the gates, kept as they went out."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from core.db import Session
from register import audit_store, document_store, recording
from register.audit import AuditAction
from register.casework.standing import Standing
from register.casework.steps import LetterIssued
from register.letters.composing import compose
from register.letters.documents import docx, pdf
from register.recording import Desk, Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What letters are written on: the council's name, and its letterhead where it has one."""

    council: str
    letterhead: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """One letter as a Word file to be edited, and as the PDF that is issued."""

    docx: bytes
    pdf: bytes

    @property
    def sha256(self) -> str:
        """What the issued document is known by."""
        return sha256(self.pdf).hexdigest()


def drawn_up(draft: LetterIssued, standing: Standing, desk: Desk, sheet: Sheet) -> Documents:
    """The letter as it would go out now; nothing is recorded. Raises LetterRefusedError, DocumentRefusedError."""
    letters = [
        compose(
            draft,
            standing,
            desk.in_force,
            language=language,
            council=sheet.council,
            signed_by=desk.officer.signature(),
        )
        for language in draft.languages
    ]
    return Documents(docx=docx(letters, sheet.letterhead), pdf=pdf(letters))


def issue(session: Session, desk: Desk, ref: str, draft: LetterIssued, sheet: Sheet) -> tuple[Recorded, Documents]:
    """Record that the letter goes out, as notice to the person, and keep the very document.

    Raises RefusedError where the policy does not let it be issued, besides what `drawn_up` raises.
    """
    standing = recording.read(session, desk, ref, purpose="letter")
    documents = drawn_up(draft, standing, desk, sheet)
    done = recording.record(session, desk, ref, replace(draft, sha256=documents.sha256), seen=standing.case.version)
    kept = document_store.DocumentRow(
        case_ref=ref,
        number=done.event.number,
        sha256=documents.sha256,
        compressed=document_store.compressed(documents.pdf),
    )
    document_store.keep(session, kept)
    note = desk.note(AuditAction.LETTER, ref, number=str(done.event.number), letter=draft.letter, sha256=kept.sha256)
    audit_store.append(session, [note], now=desk.now)
    return done, documents
