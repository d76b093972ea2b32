import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import effect_key, message_ref, parse_message_ref

PARTS = st.lists(st.text(max_size=8), max_size=4)


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_a_reference_leads_back_to_its_delivery(delivery_id: int) -> None:
    assert parse_message_ref(message_ref(delivery_id)) == delivery_id


@pytest.mark.parametrize("typed", ["m1024", " M1024 ", "1024"])
def test_a_reference_is_understood_as_people_type_it(typed: str) -> None:
    assert parse_message_ref(typed) == 1024


@pytest.mark.parametrize("typed", ["", "M", "MM1", "M-1", "M1.5", "Mone", "M²", "M١٢", "M1 2", "M1000000000000000000"])  # noqa: RUF001 - foreign digits on purpose
def test_what_is_no_reference_names_nothing(typed: str) -> None:
    assert parse_message_ref(typed) is None


@given(st.text(max_size=40))
def test_anything_typed_is_a_reference_or_none(typed: str) -> None:
    found = parse_message_ref(typed)

    assert found is None or found >= 0


@given(st.text(min_size=1), PARTS)
def test_a_key_is_the_same_for_ever(signing_key: str, parts: list[str]) -> None:
    key = effect_key(signing_key, *parts)

    assert effect_key(signing_key, *parts) == key
    assert len(key) == 40
    assert set(key) <= set("0123456789abcdef")


@given(PARTS, PARTS)
def test_different_parts_give_different_keys(some: list[str], others: list[str]) -> None:
    same_key = effect_key("signing key", *some) == effect_key("signing key", *others)

    assert same_key == (some == others)


def test_a_key_cannot_be_made_without_the_signing_key() -> None:
    assert effect_key("one signing key", "send", "42") != effect_key("another signing key", "send", "42")


def test_keys_of_today_are_known_tomorrow() -> None:
    """Changing how a key is made would repeat every effect after an upgrade."""
    assert effect_key("signing key", "move", "42", "Diverted") == "54e29ae6ecbe1010bc5e3a375361eca257bc3edc"
