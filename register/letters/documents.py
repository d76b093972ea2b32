"""Writes letters as documents: a Word file with real styles, or a PDF that is tagged for screen readers (PDF/UA-1).

The same letters give the same bytes, on one machine with one set of fonts, so that a hash identifies what was issued.
"""

import io
import json
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import docx as word
import typst
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.styles.style import BaseStyle
from docx.text.paragraph import Paragraph as WordParagraph

from policies.vocabulary import Language
from register.letters.letter import Block, Bullets, DocumentRefusedError, Heading, Letter, Paragraph
from register.letters.wording import wording

_FONT = "Arial"
_STYLES = _NORMAL, _TITLE, _HEADING, _BULLET = "Normal", "Title", "Heading 1", "List Bullet"
_AT_THE_END = 2  # blocks that stand on the page of the signature
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_PACKAGED_BY = 0  # the system a zip entry names, so that it is the same on every one


def docx(letters: Sequence[Letter], letterhead: Path | None = None) -> bytes:
    """A Word document of the letters, the Welsh one first, each on a page of its own.

    A letterhead is the council's own .docx: its page, styles, headers and footers are kept, its body is not. Raises
    DocumentRefusedError for one that is no Word document.
    """
    ordered = _welsh_first(letters)
    document = _opened(letterhead)
    _set_properties(document, ordered)
    sheet = _Sheet(document)
    for letter in ordered:
        sheet.write(letter, council=letterhead is None, new_page=letter is not ordered[0])
    _set_footer(document, ordered)
    buffer = io.BytesIO()
    document.save(buffer)
    return _same_each_time(buffer.getvalue())


def pdf(letters: Sequence[Letter]) -> bytes:
    """A tagged PDF of the letters, the Welsh one first, each beginning on a page of its own.

    Raises DocumentRefusedError for a character that no font of this machine has.
    """
    given = json.dumps([_as_data(letter) for letter in _welsh_first(letters)])
    try:
        made: bytes = typst.compile(_template(), format="pdf", pdf_standards=["ua-1"], sys_inputs={"letters": given})
    except typst.TypstError as error:
        message = f"the PDF cannot be written: {error}. Install a font that has the character, or take it out"
        raise DocumentRefusedError(message) from None
    return made


@cache
def _template() -> bytes:
    return resources.files("register.letters").joinpath("letter.typ").read_bytes()


def _welsh_first(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """Welsh Language Standards: Welsh is not treated less favourably, and is likely to be read first."""
    if not letters:
        message = "a document holds at least one letter: compose it first"
        raise DocumentRefusedError(message)
    return tuple(sorted(letters, key=lambda letter: letter.language is not Language.WELSH))


def _printable(text: str) -> str:
    """The text without what neither XML nor a page can hold; every kind of line break becomes one, a tab a space."""
    lines = (line.replace("\t", " ") for line in text.splitlines())
    return "\n".join("".join(filter(_has_a_shape, line)) for line in lines)


def _has_a_shape(character: str) -> bool:
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE  # noqa: PLR2004 - Unicode: the last two of every plane
    return unicodedata.category(character) not in {"Cc", "Cs"} and not is_noncharacter


def _as_data(letter: Letter) -> dict[str, Any]:
    return {
        "lang": letter.language,
        "council": _printable(letter.council),
        "title": _printable(letter.title),
        "year": letter.date.year,
        "month": letter.date.month,
        "day": letter.date.day,
        "addressee": [_printable(line) for line in letter.addressee],
        "particulars": [_printable(line) for line in letter.particulars],
        "blocks": [_block_as_data(block) for block in letter.blocks],
        "signature": [_printable(line) for line in letter.signature],
        "footer": [_printable(line) for line in letter.footer],
        "page": wording(letter.language).sentences["page"],
    }


def _block_as_data(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text=text):
            return {"kind": "heading", "text": _printable(text)}
        case Bullets(items=items):
            return {"kind": "bullets", "items": [_printable(item) for item in items]}
        case Paragraph(text=text, language=language):
            other = {} if language is None else {"lang": language}
            return {"kind": "paragraph", "text": _printable(text), **other}


def _opened(letterhead: Path | None) -> Document:
    try:
        document = word.Document(None if letterhead is None else str(letterhead))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        message = f"{letterhead} is no Word document ({error}): save the letterhead as .docx"
        raise DocumentRefusedError(message) from None
    if letterhead is None:
        document.styles[_NORMAL].font.name = _FONT
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):  # it carries the page, its headers and footers
            body.remove(element)
    return document


def _set_properties(document: Document, letters: Sequence[Letter]) -> None:
    first = letters[0]
    made = datetime.combine(first.date, time.min, UTC)
    properties = document.core_properties
    properties.title, properties.author = _printable(first.title), _printable(first.council)
    properties.last_modified_by, properties.comments, properties.keywords = "", "", ""
    properties.language = wording(first.language).tag
    properties.created = properties.modified = made
    properties.revision = 1
    _speak(document.styles[_NORMAL], first.language)


class _Sheet:
    """A Word document that letters are written into, in Word's own styles."""

    def __init__(self, document: Document) -> None:
        self._document = document
        known = {style.name: style for style in document.styles}
        for style in _STYLES:
            if style not in known:
                message = f'the letterhead has no style "{style}": use it once in the letterhead, save, delete the text'
                raise DocumentRefusedError(message)
        self._styles = {name: known[name] for name in _STYLES}

    def write(self, letter: Letter, *, council: bool, new_page: bool) -> None:
        """Append a letter; `council`: with the council's name above it, which a letterhead has already."""
        above = (*([letter.council] if council else []), "\n".join(letter.addressee), "\n".join(letter.particulars))
        first, *_ = [self._add(text, letter.language) for text in above]
        first.paragraph_format.page_break_before = new_page
        first.runs[0].bold = council
        self._add(letter.title, letter.language, style=_TITLE)
        written = [self._write_block(block, letter.language) for block in letter.blocks]
        for last in written[-_AT_THE_END:]:
            last.paragraph_format.keep_with_next = True
        self._add("\n".join(letter.signature), letter.language).paragraph_format.keep_together = True

    def _write_block(self, block: Block, language: Language) -> WordParagraph:
        """Write a block; its last paragraph."""
        match block:
            case Heading(text=text):
                return self._add(text, language, style=_HEADING)
            case Bullets(items=items):
                return [self._add(item, language, style=_BULLET) for item in items][-1]
            case Paragraph(text=text, language=other):
                return self._add(text, other or language)

    def _add(self, text: str, language: Language, *, style: str = _NORMAL) -> WordParagraph:
        paragraph = self._document.add_paragraph()
        if style != _NORMAL:
            paragraph.style = self._styles[style]
        paragraph.add_run(_printable(text)).element.get_or_add_rPr().append(_language(language))
        return paragraph


def _speak(style: BaseStyle, language: Language) -> None:
    """Let a style be in this language, whatever Word's own default is."""
    properties = style.element.get_or_add_rPr()
    for known in properties.findall(qn("w:lang")):
        properties.remove(known)
    properties.append(_language(language))


def _language(language: Language) -> Any:  # noqa: ANN401 - an XML element, which python-docx leaves untyped
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), wording(language).tag)
    return element


def _set_footer(document: Document, letters: Sequence[Letter]) -> None:
    """Below what the letterhead has there already; on a first page of its own kind as well."""
    section = document.sections[-1]
    lines = dict.fromkeys((letter.language, line) for letter in letters for line in letter.footer)
    feet = [section.footer, *([section.first_page_footer] if section.different_first_page_header_footer else [])]
    for footer in feet:
        footer.is_linked_to_previous = False
        for language, line in lines:
            run = footer.add_paragraph().add_run(_printable(line))
            run.element.get_or_add_rPr().append(_language(language))


def _same_each_time(package: bytes) -> bytes:
    """The package with the times of its parts fixed; it is a zip file that would otherwise tell when it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.create_system = _PACKAGED_BY
            entry.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(entry, given.read(name))
    return made.getvalue()
