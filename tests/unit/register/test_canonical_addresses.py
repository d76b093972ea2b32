import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.addresses import canonical, canonical_domain, same_mailbox, skeleton, variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ann.vexing@mail.example", "ANN.Vexing@MAIL.example", id="case"),
        pytest.param("ann@mail.example", "ann@mail.example.", id="final dot"),
        pytest.param("ann@mail.example", '"ann"@mail.example', id="needless quotes"),
        pytest.param("ann.vexing@gmail.com", "annvexing@gmail.com", id="dots at Gmail"),
        pytest.param("ann.vexing@gmail.com", "a.n.n.vexing+bins@googlemail.com", id="Gmail's other name"),
        pytest.param("ann@outlook.com", "ann+bins@outlook.com", id="plus where it is documented"),
        pytest.param("zoe@müller.example", "zoe@xn--mller-kva.example", id="A-label"),
        pytest.param("zoe@müller.example", "zoe@MÜLLER.EXAMPLE", id="U-label in capitals"),
        pytest.param("zoe@müller.example", "zoe@mu\u0308ller.example", id="composed and decomposed"),
    ],
)
def test_two_spellings_of_one_mailbox_are_equal(one: str, other: str) -> None:
    assert canonical(one) == canonical(other) is not None
    assert same_mailbox(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ann@mail.example", "ann+bins@mail.example", id="plus anywhere else"),
        pytest.param("ann.vexing@mail.example", "annvexing@mail.example", id="dots anywhere else"),
        pytest.param("ann.vexing@outlook.com", "annvexing@outlook.com", id="dots at Outlook"),
        pytest.param("ann@mail.example", "ann@sub.mail.example", id="subdomain"),
        pytest.param("ann@mail.example", "ann@mail.example.evil.example", id="longer domain"),
        pytest.param("ann@mail.example", "\u0430nn@mail.example", id="Cyrillic a"),
        pytest.param("ann@mail.example", "an\u200bn@mail.example", id="zero width"),
        pytest.param("zoe@müller.example", "zoe@muller.example", id="no umlaut"),
    ],
)
def test_two_mailboxes_stay_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)
    assert not same_mailbox(one, other)


@pytest.mark.parametrize("text", ["", "ann", "@mail.example", "ann@", "ann@mail..example", "ann@" + "x" * 400])
def test_what_is_no_address_has_no_form(text: str) -> None:
    assert canonical(text) is None
    assert skeleton(text) is None
    assert not same_mailbox(text, text)


@given(st.text())
def test_the_canonical_form_of_anything_is_its_own(text: str) -> None:
    form = canonical(text)

    assert form is None or canonical(form) == form


@given(st.emails())
def test_every_address_has_one(address: str) -> None:
    assert canonical(address) is not None


@pytest.mark.parametrize(
    "likeness",
    [
        "\u0430nn.vexing@mail.example",
        "ann.vex\u0456ng@mail.example",
        "ann.vexin\u0261@mail.example",
        "an\u200bn.vexing@mail.example",
        "ann.vexing@mail\u3002example",
        "ann.vexing@\uff4dail.example",
    ],
)
def test_look_alikes_share_a_skeleton(likeness: str) -> None:
    assert skeleton(likeness) == skeleton("ann.vexing@mail.example")


@pytest.mark.parametrize("other", ["bob.c1osed@isp.example", "b0b.closed@isp.example", "bob.c\u217cosed@isp.example"])
def test_digits_and_numerals_that_look_like_letters_share_it_too(other: str) -> None:
    assert skeleton(other) == skeleton("bob.closed@isp.example")


@pytest.mark.parametrize("other", ["zoé@müller.example", "zoe@muller.example", "zoe.m@müller.example"])
def test_accents_are_no_likeness(other: str) -> None:
    assert skeleton(other) != skeleton("zoe@müller.example")


@given(st.text())
def test_anything_has_a_skeleton_or_none(text: str) -> None:
    assert (skeleton(text) is None) == (canonical(text) is None)


@pytest.mark.parametrize(
    "wrapped",
    [
        pytest.param("ann+bins@mail.example", id="plus"),
        pytest.param("ann-bins@mail.example", id="minus"),
        pytest.param("SRS0=ab12=ef=mail.example=ann@forward.example", id="SRS0"),
        pytest.param("SRS1=ab12=first.example==cd=ef=mail.example=ann@second.example", id="SRS1"),
        pytest.param("ann%mail.example@relay.example", id="percent"),
        pytest.param("relay!mail.example!ann@relay.example", id="bang"),
        pytest.param("list+ann=mail.example@lists.example", id="list"),
        pytest.param("prvs=1234abcd=ann@mail.example", id="BATV"),
    ],
)
def test_finds_the_mailbox_a_forwarder_wrapped(wrapped: str) -> None:
    assert "ann@mail.example" in set(variants(wrapped))


def test_a_hyphen_is_part_of_the_name_where_the_provider_uses_the_plus() -> None:
    assert list(variants("ann-marie@gmail.com")) == []


@given(st.text())
def test_variants_of_anything_are_addresses(text: str) -> None:
    assert all("@" in variant for variant in variants(text))


def test_a_domain_is_compared_in_its_ascii_form() -> None:
    assert canonical_domain("Müller.EXAMPLE.") == "xn--mller-kva.example"
    assert canonical_domain("council..example") is None
