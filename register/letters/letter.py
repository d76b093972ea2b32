"""A letter as composed: its text in order, in one language, before it becomes a document."""

from dataclasses import dataclass
from datetime import date

from policies.vocabulary import Language, LetterKind


@dataclass(frozen=True, slots=True)
class Heading:
    """What the text below it is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text; a line break in it stays one. `language` is given where it is not the letter's own."""

    text: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of plain texts."""

    items: tuple[str, ...]


Block = Heading | Paragraph | Bullets


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter in one language. No text in it is markup of any kind.

    `particulars` are the lines that name its reference and date; `footer` stands at the foot of every page.
    """

    kind: LetterKind
    language: Language
    council: str
    title: str
    reference: str
    date: date
    addressee: tuple[str, ...]
    particulars: tuple[str, ...]
    blocks: tuple[Block, ...]
    signature: tuple[str, ...]
    footer: tuple[str, ...]


class LetterRefusedError(Exception):
    """A letter cannot be composed; the message says of which case, what is missing, and what to do."""

    def __init__(self, kind: LetterKind, reference: str, words: str) -> None:
        super().__init__(f"{kind} letter of {reference or 'a new case'}: {words}")


class DocumentRefusedError(Exception):
    """The document of a letter cannot be written; the message says why, and what to do."""


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """What somebody wrote, verbatim; a blank line begins a new paragraph."""
    lines: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            lines[-1].append(line)
        elif lines[-1]:
            lines.append([])
    return tuple(Paragraph("\n".join(group)) for group in lines if group)
