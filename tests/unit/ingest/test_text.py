"""What a message says: its charsets, encoded words, HTML and own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.body import closing_lines, own_words
from ingest.charsets import decode
from ingest.encoded_words import decode_words, from_base64
from ingest.html import html_to_text


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        pytest.param("ŵyl".encode(), "utf-8", "ŵyl", id="as declared"),
        pytest.param("ŵyl".encode(), "us-ascii", "ŵyl", id="UTF-8 that says it is ASCII"),
        pytest.param(b"caf\xe9 \x80", "utf-8", "café €", id="windows-1252 that says it is UTF-8"),
        pytest.param(b"caf\xe9", None, "café", id="unlabelled"),
        pytest.param(b"caf\xe9", "x-no-such-charset", "café", id="unknown label"),
        pytest.param(b"\xc5\xb5yl\xc3", "utf-8", "ŵyl", id="cut in the middle of a character"),
        pytest.param(b"\x1b$B$3$s\x1b(B", "iso-2022-jp", "こん", id="seven bits that are not ASCII"),
        pytest.param(b"+AGE-", "utf-7", "a", id="UTF-7"),
    ],
)
def test_decodes_text_by_its_label_or_by_trial(data: bytes, label: str | None, text: str) -> None:
    assert decode(data, label) == text


@pytest.mark.parametrize(
    "label",
    [
        "idna",
        "punycode",
        "rot13",
        "zlib_codec",
        "bz2_codec",
        "hex",
        "undefined",
        "unicode_escape",
        "\0",
        "x" * 9000,
        "mbcs",
    ],
)
def test_a_label_that_names_no_charset_is_not_obeyed(label: str) -> None:
    assert decode(b"caf\xc3\xa9 \\x41", label) == "café \\x41"


@given(
    st.binary(), st.one_of(st.none(), st.text(), st.sampled_from(["utf-7", "utf-16", "hz", "gb2312", "iso-2022-kr"]))
)
def test_any_bytes_become_text_that_can_be_stored(data: bytes, label: str | None) -> None:
    decode(data, label).encode("utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("plain", "plain", id="none"),
        pytest.param("=?utf-8?q?caf=C3=A9_now?= x", "café now x", id="q"),
        pytest.param("=?UTF-8?B?w7Y=?=", "ö", id="b"),
        pytest.param("=?utf-8?b?w7Y?=", "ö", id="b without padding"),
        pytest.param("=?utf-8?q?=C3?= =?utf-8?q?=B6?=", "ö", id="a character in two words"),
        pytest.param("a =?utf-8?q?b?= c", "a b c", id="within"),
        pytest.param("=?iso-8859-1*en?q?=F6?=", "ö", id="with a language"),
        pytest.param("=?iso-8859-1?q?ö?=", "ö", id="the character itself"),
        pytest.param("=?utf-8?q?open", "=?utf-8?q?open", id="never closed"),
    ],
)
def test_decodes_encoded_words(value: str, text: str) -> None:
    assert decode_words(value) == text


@given(st.text())
def test_any_value_has_its_words_decoded(value: str) -> None:
    decode_words(value)


@given(st.binary(), st.integers(min_value=0, max_value=9))
def test_base64_cut_anywhere_gives_what_its_complete_part_says(data: bytes, cut: int) -> None:
    import base64  # noqa: PLC0415 - the other way round, for this one test

    encoded = base64.b64encode(data)

    assert data.startswith(from_base64(encoded[: len(encoded) - cut])[: len(data)])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("<p>One</p><p>two<br>three</p>", "One\n\ntwo\nthree", id="paragraphs"),
        pytest.param("wo<b>rd</b>s", "words", id="inline"),
        pytest.param("a&nbsp;&amp;&lt;b&gt; &#x175;", "a &<b> ŵ", id="entities"),
        pytest.param("<style>p{}</style>a<!-- b -->c<script>d</script>", "ac", id="hidden"),
        pytest.param("<td>a</td><td>b</td>", "a b", id="cells"),
        pytest.param("1 < 2", "1 < 2", id="no tag"),
        pytest.param(
            "new<blockquote>old<blockquote>older</blockquote></blockquote>new", "new\n> old\n> older\n\nnew", id="quote"
        ),
        pytest.param("<!-- never closed", "<!-- never closed", id="open comment"),
        pytest.param('c<span style="display: none">x</span>at', "cat", id="not displayed"),
        pytest.param("c<span hidden>x<span>y</span>z</span>at", "cat", id="hidden attribute"),
        pytest.param('c<i style="FONT-SIZE:0px;">x</i>at', "cat", id="no size"),
        pytest.param('<td style="font-size:0"><p style="font-size:12px">seen</p></td>', "seen", id="size within"),
        pytest.param('<div style="overflow: hidden !important">seen</div>', "seen", id="overflow"),
        pytest.param('<div title="a hidden thing">seen</div>', "seen", id="a word in a value"),
        pytest.param("<p hidden>x<p>seen</p></p>", "x\nseen", id="a paragraph that ended where the next began"),
        pytest.param('<div style="display:none">never closed', "never closed", id="open and not displayed"),
    ],
)
def test_html_becomes_what_people_read(source: str, text: str) -> None:
    assert html_to_text(source) == text


@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "<!--", "-->", "<style", "</style", "<blockquote>", "<b hidden>", "</b>", "&#", "İ", "a ", "\n"]
        )
    )
)
def test_any_html_becomes_text(pieces: list[str]) -> None:
    html_to_text("".join(pieces))


QUOTES = [
    pytest.param("Mine.\n\n> Yours\n> also\n", "Mine.", id="quoted lines"),
    pytest.param(
        "On 3 Nov 2025, Officer <o@council.example> wrote:\n> Yours\n\nMine below.", "Mine below.", id="below"
    ),
    pytest.param(
        "Mine.\n\nOn Mon, 3 Nov 2025 at 10:00,\nThe Officer <o@council.example>\nwrote:\n> Yours", "Mine.", id="folded"
    ),
    pytest.param("Mine.\nAr 3 Tach 2025, ysgrifennodd Swyddog:\n> Chi\n", "Mine.", id="Welsh"),
    pytest.param("Mine.\n\n-----Original Message-----\nFrom: O\nYours", "Mine.", id="Outlook, old"),
    pytest.param("Mine.\n\nFrom: Officer <o@council.example>\nSent: Monday\nTo: Ann\nYours", "Mine.", id="Outlook"),
    pytest.param("Mine.\n\nOddi wrth: Swyddog\nAnfonwyd: Dydd Llun\nAt: Ann\nChi", "Mine.", id="Outlook in Welsh"),
    pytest.param("Mine.\n\n---------- Forwarded message ----------\nYours", "Mine.", id="forwarded"),
    pytest.param("Mine.\n\n-- \nAnn Vexing\n1 Long Row", "Mine.", id="signature"),
    pytest.param("Mine.\n\nSent from my iPhone", "Mine.", id="telephone"),
    pytest.param("Un.\n\nAnfonwyd o'm ffôn", "Un.", id="telephone in Welsh"),
    pytest.param("Mine.\n\nSent from my Galaxy S21 5G. Sorry for any typos!", "Mine.", id="typing errors excused"),
    pytest.param("Mine.\n\nSent with Proton Mail secure email.", "Mine.", id="mail service"),
    pytest.param(
        "Mine.\n\nThis email and any files are confidential\nand so on.\n\nMore.", "Mine.\n\n\nMore.", id="disclaimer"
    ),
    pytest.param("Un.\n\nMae'r e-bost hwn yn gyfrinachol\nac ati.", "Un.", id="disclaimer in Welsh"),
    pytest.param("You asked.\n-- \nAnn\n\n> Yours\n\nMine below.", "You asked.\n\nMine below.", id="below a signature"),
    pytest.param("Mine.\n\nSent from Outlook for iOS<https://mail.example/get>", "Mine.", id="mail program"),
    pytest.param("Un.\n\nAnfonwyd o fy iPhone", "Un.", id="telephone in Welsh"),
    pytest.param(
        "I wrote to you on Monday: no answer.\nWhy?", "I wrote to you on Monday: no answer.\nWhy?", id="nothing to cut"
    ),
]


@pytest.mark.parametrize(("text", "own"), QUOTES)
def test_keeps_the_own_words_of_the_writer(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday your housing officer said:\nthe repair will be done.\n\nIt is not done.",
        "From: A Tenant\nTo: The housing team\nSubject: My complaint\n\nThe roof leaks.",
        "Sent from my phone outside your house. I see you.",
        "Sent from my car.",
        "This message is intended for you lot: mend the roof.",
        "If you are not the intended idiot, good.",
        "Disclaimer: I mean all of it.\nThe roof leaks.",
        "Good day.\n\nThis message is confidential. My husband hits the children.",
        "Good day.\n\nThis email is to ask you, in confidence and confidentially, to move me.",
        "Good day.\n\nSent from my phone at the depot where the manager will pay for it.",
        "Good day.\n\nSent with this email is a copy of the notice to quit.",
        "Legal notice: I shall see you in court.",
        "Confidentiality notice: these views are mine, and the roof leaks.",
    ],
)
def test_what_only_begins_like_history_or_a_footer_is_the_writers_own(text: str) -> None:
    assert own_words(text) == text


def test_a_signature_has_an_end() -> None:
    lines = [f"line {number}" for number in range(40)]

    assert own_words("\n".join(["Mine.", "--", *lines])).endswith("line 39")


def test_words_between_quotations_still_count() -> None:
    text = "> You asked?\nFirst answer.\n> And then?\nSecond answer."

    assert own_words(text) == "First answer.\nSecond answer."


def test_the_closing_lines_keep_the_signature_but_no_quotation() -> None:
    text = "Mine.\n\nYours,\nAnn\n-- \nAnn Vexing\n\n> From: Somebody Else"

    assert closing_lines(text) == ("Mine.", "Yours,", "Ann", "--", "Ann Vexing")


@given(
    st.lists(st.sampled_from(["> a", "-- ", "", "On x", "wrote:", "From: a", "Sent: b", "---- Original Message", "b"]))
)
def test_own_words_never_hold_a_quoted_line(lines: list[str]) -> None:
    assert "> a" not in own_words("\n".join(lines))
