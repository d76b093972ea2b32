import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.addresses import addresses_within, display_text, parse_addresses
from ingest.message import Address


@pytest.mark.parametrize(
    ("value", "addr_spec", "display_name"),
    [
        pytest.param("ann@mail.example", "ann@mail.example", "", id="bare"),
        pytest.param("<ann@mail.example>", "ann@mail.example", "", id="angle"),
        pytest.param("Ann Vexing <ann@mail.example>", "ann@mail.example", "Ann Vexing", id="name"),
        pytest.param('"Vexing, Ann" <ann@mail.example>', "ann@mail.example", "Vexing, Ann", id="quoted name"),
        pytest.param("Vexing, Ann <ann@mail.example>", "ann@mail.example", "Vexing Ann", id="Outlook's unquoted comma"),
        pytest.param("ann@mail.example (Ann Vexing)", "ann@mail.example", "Ann Vexing", id="comment"),
        pytest.param("ann(x)@(y)mail.example (me)", "ann@mail.example", "x y me", id="comments within"),
        pytest.param("ann @ mail . example", "ann@mail.example", "", id="spaces"),
        pytest.param('"ann.vexing"@mail.example', '"ann.vexing"@mail.example', "", id="quoted local part"),
        pytest.param('"a b@c"@mail.example', '"a b@c"@mail.example', "", id="quoted @"),
        pytest.param("friends: ann@mail.example;", "ann@mail.example", "", id="group"),
        pytest.param("<@relay.example:ann@mail.example>", "ann@mail.example", "", id="source route"),
        pytest.param("=?utf-8?q?Zo=C3=AB?= <zoe@mail.example>", "zoe@mail.example", "Zoë", id="encoded word"),
        pytest.param('"Big \\"Ann\\"" <ann@mail.example>', "ann@mail.example", 'Big "Ann"', id="quoted pair"),
        pytest.param("<ann@mail.example> =?utf-8?q?Ann?=", "ann@mail.example", "Ann", id="name behind"),
        pytest.param("ann@[192.0.2.1]", "ann@[192.0.2.1]", "", id="domain literal"),
        pytest.param("<mailto:ann@mail.example>", "ann@mail.example", "", id="link"),
    ],
)
def test_reads_one_mailbox(value: str, addr_spec: str, display_name: str) -> None:
    read = parse_addresses(value)

    assert read.addresses == (Address(addr_spec=addr_spec, display_name=display_name),)
    assert read.anomalies == ()


def test_reads_a_list_with_groups_in_order() -> None:
    read = parse_addresses("Team: a@x.example, B <b@x.example>; c@x.example")

    assert [address.addr_spec for address in read.addresses] == ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.parametrize("value", ["", "undisclosed-recipients:;", "<>", ",,,", "nobody in particular"])
def test_finds_nobody_where_nobody_is_named(value: str) -> None:
    assert parse_addresses(value).addresses == ()


@pytest.mark.parametrize(
    ("value", "anomaly"),
    [
        pytest.param("<a@x.example>b@y.example", "text-after-address", id="text after the bracket"),
        pytest.param("<a@x.example>\\,<b@y.example>", "several-angle-brackets", id="escaped comma"),
        pytest.param("<@x.example,@y.example:a@z.example>", "source-route", id="long route"),
        pytest.param("=?utf-8?q?=3Ca=40x=2Eexample=3E?=", "address-in-disguise", id="encoded address"),
        pytest.param("=?utf-8?q?=3Ca=40x=2Eexample=3E?=, <b@y.example>", "address-in-disguise", id="encoded first"),
        pytest.param("<a@x.example", "unclosed-angle-bracket", id="open bracket"),
        pytest.param("(((a@x.example", "unclosed-comment", id="open comment"),
        pytest.param("a@x..example", "malformed-address", id="double dot"),
        pytest.param("a@b@x.example", "malformed-address", id="two @"),
        pytest.param("a\u200bnn@x.example", "invisible-character-in-address", id="zero width"),
    ],
)
def test_tells_what_makes_a_header_ambiguous(value: str, anomaly: str) -> None:
    assert anomaly in parse_addresses(value).anomalies


def test_a_display_name_never_brings_a_line_end_or_an_escape_sequence() -> None:
    read = parse_addresses("=?utf-8?q?Ann=0D=0ABcc=3A_x=1B[2J?= <ann@mail.example>")

    assert read.addresses == (Address(addr_spec="ann@mail.example", display_name="Ann Bcc: x [2J"),)


@pytest.mark.parametrize("name", ["Ann Vexing", "O'Hara", "J. Smith-Jones"])
def test_the_short_way_and_the_long_way_agree(name: str) -> None:
    short, long = f"{name} <ann@mail.example>", f"{name} () <ann@mail.example>"

    assert parse_addresses(short).addresses == parse_addresses(long).addresses


def test_finds_addresses_in_running_text() -> None:
    assert list(addresses_within("write to ann@mail.example. Or not")) == ["ann@mail.example"]


@given(st.text())
def test_any_header_is_read(value: str) -> None:
    for address in parse_addresses(value).addresses:
        assert address.addr_spec


@given(st.lists(st.sampled_from([*'<>()",;:@\\[] a.', "=?utf-8?b?PGFAYj4=?="])).map("".join))
def test_any_punctuation_is_read(value: str) -> None:
    for address in parse_addresses(value).addresses:
        assert address.addr_spec


@given(st.text())
def test_a_phrase_is_one_printable_line(value: str) -> None:
    assert not set(display_text(value)) & set("\r\n\0\x1b\x7f")
