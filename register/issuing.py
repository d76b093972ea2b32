"""Letters from a draft to their issue: composed in each language, checked by the gates, kept as they went out.

A document is slow to make, and whoever records anything waits while another transaction has written to the audit
trail. So a letter is composed in one transaction, drawn up in none, and issued in another; if the case was changed in
between, what was drawn up is stale, and refused.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from core.db import Session
from register import audit_store, document_store, recording
from register.audit import AuditAction
from register.casework.steps import LetterIssued
from register.letters.composing import compose
from register.letters.documents import docx, pdf
from register.letters.letter import Letter
from register.recording import Desk, Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A letter in each of its languages, and what it tells of: this version of the case, at this moment."""

    ref: str
    draft: LetterIssued
    letters: tuple[Letter, ...]
    version: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """One letter as a Word file to be edited, and as the PDF that is issued."""

    docx: bytes
    pdf: bytes

    @property
    def sha256(self) -> str:
        """What the issued document is known by."""
        return sha256(self.pdf).hexdigest()


def composed(session: Session, desk: Desk, ref: str, draft: LetterIssued, *, council: str) -> Composed:
    """The letter as it would go out now; that the case was read for it is on record, and nothing else.

    Raises LetterRefusedError, besides what reading the case raises.
    """
    standing = recording.read(session, desk, ref, purpose="letter")
    letters = (
        compose(draft, standing, desk.in_force, language=language, council=council, signed_by=desk.officer.signature())
        for language in draft.languages
    )
    return Composed(ref=ref, draft=draft, letters=tuple(letters), version=standing.case.version, at=desk.now)


def drawn_up(letter: Composed, letterhead: Path | None = None) -> Documents:
    """Its documents, on the council's letterhead if there is one; slow, so never in a transaction.

    Raises DocumentRefusedError.
    """
    return Documents(docx=docx(letter.letters, letterhead), pdf=pdf(letter.letters))


def issue(session: Session, desk: Desk, letter: Composed, documents: Documents) -> Recorded:
    """Record that the letter goes out, as notice to the person, and keep the very document.

    Raises RefusedError where the policy does not let it be issued, and ConflictError where the case is no longer the
    one it was composed from.
    """
    then = replace(desk, now=letter.at)  # issued under the policy of the day it was composed under
    given = replace(letter.draft, sha256=documents.sha256)
    done = recording.record(session, then, letter.ref, given, seen=letter.version)
    kept = document_store.DocumentRow(
        case_ref=letter.ref,
        number=done.event.number,
        sha256=documents.sha256,
        compressed=document_store.compressed(documents.pdf),
    )
    document_store.keep(session, kept)
    details = {"number": str(done.event.number), "letter": letter.draft.letter.value, "sha256": kept.sha256}
    audit_store.append(session, [then.note(AuditAction.LETTER, letter.ref, **details)], now=then.now)
    return done
