"""A letter as a document: real headings, a language, a title; the same bytes each time; nothing read as markup."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx as word
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.run import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from policies.vocabulary import Language, LetterKind
from register.letters.documents import docx, pdf
from register.letters.letter import DocumentRefusedError, Paragraph
from register.letters.wording import wording
from tests.unit.register.letters.builders import COUNCIL, LETTERS, POLICIES, a_letter, headings, letter_under, text_of

HOSTILE = {
    "a typst import": '#import "secret.typ": *',
    "a typst expression": '#read("/etc/passwd") #{1 + 1} #panic()',
    "emphasis": "*bold* _italic_ `code` ```raw```",
    "mathematics": "$x^2$ \\ \\u{1F600} \\#",
    "brackets": "]) } { [ ( ]] }} {{name}} {0}",
    "references": "@x <y> <label> see @fig:one",
    "headings and lists": "= Heading\n- item\n+ item\n/ term: x",
    "comments": "// not a comment /* nor this */",
    "links": "https://mail.example/?a=1&b=2 <b>&amp;</b>",
    "quotes": "\"straight\" 'single' -- --- ... ~",
    "Welsh": "Ŵ ŵ Ŷ ŷ â ê î ô û ï",
}


def _reader(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def _text(reader: PdfReader) -> str:
    """All text with single spaces: where lines break is the page's business."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def _words(text: str) -> str:
    return " ".join(text.split())


def _opened(document: bytes) -> Document:
    return word.Document(io.BytesIO(document))


def _root(reader: PdfReader) -> Any:  # noqa: ANN401 - a PDF's own dictionaries
    return reader.trailer["/Root"]


@pytest.mark.parametrize(("number", "kind", "language"), LETTERS)
def test_every_letter_becomes_both_documents_with_all_it_says(
    number: str, kind: LetterKind, language: Language
) -> None:
    letter = letter_under(number, kind, language)

    printed, written = _text(_reader(pdf([letter]))), _opened(docx([letter]))

    in_word = "\n".join(paragraph.text for paragraph in written.paragraphs)
    for line in text_of(letter).splitlines():
        assert line in in_word or line in letter.footer
    for heading in headings(letter):
        assert heading in printed
    assert all(line in printed for line in letter.footer)


def test_a_pdf_is_tagged_and_names_its_language_title_and_author() -> None:
    reader = _reader(pdf([letter_under("003", LetterKind.DECISION, Language.WELSH)]))

    root = _root(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "cy-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == wording(Language.WELSH).letters[LetterKind.DECISION].title
    assert reader.metadata.author == COUNCIL


def test_a_pdf_declares_that_it_is_accessible() -> None:
    metadata = _root(_reader(pdf([a_letter()])))["/Metadata"].get_data().decode()

    assert "pdfuaid:part>1<" in metadata


def test_the_headings_and_lists_of_a_pdf_are_tagged_as_such() -> None:
    kinds = _tags(_root(_reader(pdf([letter_under("001", LetterKind.DECISION)])))["/StructTreeRoot"])

    assert {"/H1", "/H2", "/L", "/LI", "/P"} <= kinds


def _tags(node: Any) -> set[str]:  # noqa: ANN401 - a PDF's own dictionaries
    return {str(found["/S"]) for found in _elements(node) if "/S" in found}


def _elements(node: Any) -> Iterator[Any]:  # noqa: ANN401 - a PDF's own dictionaries
    """Every element below this one of the tree of tags."""
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for child in found:
            yield from _elements(child)
    elif isinstance(found, dict):
        yield found
        if "/K" in found:
            yield from _elements(found["/K"])


def test_a_word_document_has_real_styles() -> None:
    letter = letter_under("001", LetterKind.DECISION)

    styles: dict[str, list[str]] = {}
    for paragraph in _opened(docx([letter])).paragraphs:
        assert paragraph.style is not None
        styles.setdefault(str(paragraph.style.name), []).append(paragraph.text)

    assert styles["Title"] == [letter.title]
    assert styles["Heading 1"][:-1] == headings(letter)
    assert len(styles["List Bullet"]) > len(POLICIES["001"].stages)


@pytest.mark.parametrize(("language", "tag"), [(Language.ENGLISH, "en-GB"), (Language.WELSH, "cy-GB")])
def test_a_word_document_speaks_its_language_throughout(language: Language, tag: str) -> None:
    document = _opened(docx([a_letter("Bore da.", language=language)]))

    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    assert {_language_of(run) for run in runs} == {tag}
    assert document.core_properties.language == tag
    assert document.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == tag


def _language_of(run: Run) -> str:
    (language,) = run.element.iter(qn("w:lang"))
    return str(language.get(qn("w:val")))


def test_a_passage_in_another_language_is_marked_as_such() -> None:
    letter = a_letter(language=Language.WELSH)
    quoting = replace(letter, blocks=(Paragraph("Quoted.", language=Language.ENGLISH),))

    (run,) = (run for each in _opened(docx([quoting])).paragraphs for run in each.runs if run.text == "Quoted.")

    assert _language_of(run) == "en-GB"
    assert "en-GB" in _languages(_root(_reader(pdf([quoting])))["/StructTreeRoot"])


def _languages(node: Any) -> set[str]:  # noqa: ANN401 - a PDF's own dictionaries
    return {str(found["/Lang"]) for found in _elements(node) if "/Lang" in found}


def test_a_word_document_names_title_author_and_the_day_of_the_letter() -> None:
    properties = _opened(docx([a_letter(title="Our decision")])).core_properties

    assert (properties.title, properties.author) == ("Our decision", COUNCIL)
    assert properties.created == properties.modified == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.requirement("2.1")
def test_a_bilingual_document_begins_with_welsh_and_then_english_on_a_new_page() -> None:
    both = [a_letter("Good morning."), a_letter("Bore da.", language=Language.WELSH, title="Llythyr")]

    pages = [page.extract_text() for page in _reader(pdf(both)).pages]
    in_word = _opened(docx(both)).paragraphs

    assert ["Bore da." in page for page in pages] == [True, False]
    assert ["Good morning." in page for page in pages] == [False, True]
    texts = [paragraph.text for paragraph in in_word]
    assert texts.index("Bore da.") < texts.index("Good morning.")
    assert [p.text for p in in_word if p.paragraph_format.page_break_before] == [COUNCIL]


def test_every_page_of_a_pdf_tells_which_of_how_many_it_is_in_its_own_letter() -> None:
    long = ["A paragraph of the letter."] * 40

    reader = _reader(pdf([a_letter(*long), a_letter(language=Language.WELSH)]))

    last_lines = [page.extract_text().splitlines()[-1] for page in reader.pages]
    assert last_lines == ["Tudalen 1 o 1", "Page 1 of 2", "Page 2 of 2"]


@pytest.mark.parametrize("count", range(12, 26))
def test_a_signature_never_stands_alone_on_a_page(count: int) -> None:
    letter = a_letter(*["A paragraph."] * count, "The last thing said.", "Yours sincerely")

    *_, last = _reader(pdf([letter])).pages
    *_, said, sign_off, signature = _opened(docx([letter])).paragraphs

    assert "The last thing said." in last.extract_text()
    assert said.paragraph_format.keep_with_next
    assert sign_off.paragraph_format.keep_with_next
    assert signature.paragraph_format.keep_together


def test_an_end_that_is_longer_than_a_page_is_written_to_its_last_word() -> None:
    long = " ".join(f"word{number}" for number in range(1500))

    reader = _reader(pdf([a_letter(long, long)]))

    assert len(reader.pages) > 2
    assert _text(reader).count("word1499") == 2


def test_the_same_letters_give_the_same_bytes() -> None:
    letters = [letter_under("003", LetterKind.DECISION, language) for language in Language]

    assert docx(letters) == docx(letters)
    assert pdf(letters) == pdf(letters)


def test_a_word_document_does_not_tell_when_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(docx([a_letter()]))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_is_read_as_markup(text: str) -> None:
    letter = a_letter(text)

    in_word = [paragraph.text for paragraph in _opened(docx([letter])).paragraphs]

    assert text in in_word
    assert _words(text) in _text(_reader(pdf([letter])))


@pytest.mark.parametrize("field", ["council", "title", "addressee", "particulars", "signature", "footer"])
def test_no_field_is_read_as_markup(field: str) -> None:
    text = '#panic("x") ]) *a* $b$ @c <d>'
    hostile: Any = (text,) if isinstance(getattr(a_letter(), field), tuple) else text
    letter = replace(a_letter(), **{field: hostile})

    assert text in _text(_reader(pdf([letter])))
    assert docx([letter])


def test_control_characters_are_left_out_and_words_kept() -> None:
    text = "One\x07two \x1b[31mthree\x0bfour\x85five\u2028six\tseven\ufffe\x01."
    expected = "Onetwo [31mthree\nfour\nfive\nsix seven."

    assert expected in [paragraph.text for paragraph in _opened(docx([a_letter(text)])).paragraphs]
    assert _words(expected) in _text(_reader(pdf([a_letter(text)])))


def test_text_from_right_to_left_is_written() -> None:
    text = "before שלום after"

    assert text in [paragraph.text for paragraph in _opened(docx([a_letter(text)])).paragraphs]
    try:
        printed = _text(_reader(pdf([a_letter(text)])))
    except DocumentRefusedError:  # a machine without a font that has it
        return
    assert {"before", "שלום", "after"} <= set(printed.split())


@pytest.mark.parametrize("character", ["中", "😀", "\U000e0041"])
def test_a_character_without_a_font_is_refused_in_the_pdf_and_kept_in_word(character: str) -> None:
    letter = a_letter(f"She wrote {character} to us.")

    assert f"She wrote {character} to us." in [paragraph.text for paragraph in _opened(docx([letter])).paragraphs]
    try:
        printed = _text(_reader(pdf([letter])))
    except DocumentRefusedError as refused:
        assert "Install a font" in str(refused)  # noqa: PT017 - which of the two happens is up to the fonts here
    else:
        assert "She wrote" in printed


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word and " * 2_222, id="words"),
        pytest.param("x" * 20_000, id="one word"),
        pytest.param("a\n" * 10_000, id="line breaks"),
        pytest.param("[" * 20_000, id="brackets"),
    ],
)
def test_the_longest_text_takes_bounded_time(text: str) -> None:
    letter = a_letter(text)

    assert _reader(pdf([letter])).pages
    assert _opened(docx([letter])).paragraphs


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=200))
def test_whatever_is_written_becomes_a_document(text: str) -> None:
    letter = a_letter(f"begin {text} end")

    assert _text(_reader(pdf([letter]))).startswith(f"{COUNCIL} Ann Vexing")
    assert _opened(docx([letter])).paragraphs


def _letterhead(path: Path) -> Path:
    document = word.Document()
    document.add_paragraph("Delete me")
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "Test Council, County Hall"
    section.first_page_header.paragraphs[0].text = "The crest of Test Council"
    section.footer.paragraphs[0].text = "www.council.example"
    document.save(str(path))
    return path


def test_a_letterhead_keeps_its_headers_and_footers_and_loses_its_body(tmp_path: Path) -> None:
    head = _letterhead(tmp_path / "head.docx")

    made = docx([a_letter("Good morning.")], head)

    document = _opened(made)
    (section,) = document.sections
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert section.header.paragraphs[0].text == "Test Council, County Hall"
    assert section.first_page_header.paragraphs[0].text == "The crest of Test Council"
    assert [paragraph.text for paragraph in section.footer.paragraphs] == [
        "www.council.example",
        "The policy, version 2",
    ]
    assert section.first_page_footer.paragraphs[-1].text == "The policy, version 2"
    assert texts[0] == "Ann Vexing"
    assert "Delete me" not in texts
    assert made == docx([a_letter("Good morning.")], head)


def test_a_letterhead_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    head = tmp_path / "head.docx"
    head.write_bytes(b"%PDF-1.7")

    with pytest.raises(DocumentRefusedError, match=r"head\.docx is no Word document"):
        docx([a_letter()], head)


def test_a_letterhead_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefusedError, match="is no Word document"):
        docx([a_letter()], tmp_path / "none.docx")


def test_a_letterhead_without_a_style_that_letters_need_is_refused(tmp_path: Path) -> None:
    document = word.Document()
    document.styles["List Bullet"].delete()
    document.save(str(tmp_path / "head.docx"))

    with pytest.raises(DocumentRefusedError, match='no style "List Bullet"'):
        docx([a_letter()], tmp_path / "head.docx")


@pytest.mark.parametrize("write", [docx, pdf])
def test_a_document_holds_at_least_one_letter(write: Any) -> None:  # noqa: ANN401 - either of the two
    with pytest.raises(DocumentRefusedError, match="at least one letter"):
        write([])
