from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.addresses import canonical
from register.entry import RegisterEntry, Snapshot
from register.evidence import other_key
from register.matching import (
    Authentication,
    Claims,
    Match,
    MatchOutcome,
    StaffDirectory,
    entry_keys,
    lookup_keys,
    match,
)

CERTAIN, REVIEW, NONE = MatchOutcome.CERTAIN, MatchOutcome.REVIEW, MatchOutcome.NONE


def an_entry(ref: str = "E1", name: str = "Ann Vexing", *addresses: str) -> RegisterEntry:
    return RegisterEntry(ref=ref, version=1, name=name, addresses=addresses or ("ann.vexing@mail.example",))


ANN = an_entry()
STAFF = StaffDirectory.of(
    domains=["council.example"],
    addresses=["spoc@council.example"],
    protected=["parliament.example", "adviser@advice.example"],
)


def claims(author: str = "stranger@home.example") -> Claims:
    return Claims(author_addresses=(author,) if author else ())


def outcome(made: Claims, *entries: RegisterEntry) -> Match:
    return match(made, Snapshot(entries or (ANN,)), staff=STAFF)


def test_mail_from_a_recorded_address_is_certainly_from_its_person() -> None:
    found = outcome(claims("Ann.Vexing@MAIL.example"))

    assert (found.outcome, found.entries) == (CERTAIN, (ANN,))
    assert [reason.code for reason in found.reasons] == ["author"]


def test_mail_from_an_address_nobody_recorded_is_nobodys() -> None:
    assert outcome(claims()) == Match(outcome=NONE)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        pytest.param(claims("ann.vexing+x@mail.example"), "variant", id="sub-address"),
        pytest.param(claims("SRS0=ab=cd=mail.example=ann.vexing@fwd.example"), "variant", id="forwarded"),
        pytest.param(claims("\u0430nn.vexing@mail.example"), "look-alike", id="Cyrillic"),
        pytest.param(replace(claims(), reply_to=("ann.vexing@mail.example",)), "other-header", id="Reply-To"),
        pytest.param(replace(claims(), sender=("ann.vexing@mail.example",)), "other-header", id="Sender"),
        pytest.param(replace(claims(), resent_from=("ann.vexing@mail.example",)), "other-header", id="Resent-From"),
        pytest.param(replace(claims(), return_path="ann.vexing@mail.example"), "other-header", id="Return-Path"),
        pytest.param(replace(claims(), author_names=("Ann Vexing",)), "display-name", id="name"),
        pytest.param(replace(claims(), author_names=("VEXING, Ms. Ann",)), "display-name", id="name in another order"),
        pytest.param(
            replace(claims(), author_names=("\u202egnixeV nnA",)), "display-name", id="name written backwards"
        ),
        pytest.param(
            replace(claims(), author_names=("Ann Vexing via Residents",)), "display-name", id="through a list"
        ),
        pytest.param(
            replace(claims(), author_names=("ann.vexing@mail.example",)), "display-name", id="address for a name"
        ),
        pytest.param(replace(claims(), closing=("Still waiting.", "Yours, Ann Vexing")), "signature", id="signed"),
        pytest.param(
            replace(claims(), closing=("Cofion gorau,", "Ann Vexing", "07700 900123")),
            "signature",
            id="signed in Welsh",
        ),
        pytest.param(replace(claims(), closing=("Email: ann.vexing@mail.example",)), "signature", id="address below"),
    ],
)
def test_anything_else_that_points_to_a_person_is_for_people_to_review(made: Claims, reason: str) -> None:
    found = outcome(made)

    assert (found.outcome, found.entries) == (REVIEW, (ANN,))
    assert [item.code for item in found.reasons] == [reason]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(claims("xann.vexing@mail.example"), id="a longer name"),
        pytest.param(claims("ann.vexing@mail.example.evil.example"), id="a longer domain"),
        pytest.param(claims("ann.vexing@sub.mail.example"), id="a subdomain"),
        pytest.param(claims("ann.vexing@other.example"), id="the same name elsewhere"),
        pytest.param(replace(claims(), author_names=("Ann",)), id="a first name"),
        pytest.param(replace(claims(), author_names=("Ann Vexing-Jones",)), id="another surname"),
        pytest.param(replace(claims(), closing=("I act for Ann Vexing.",)), id="named in the text"),
        pytest.param(replace(claims(), closing=("He is bothering me too.",)), id="somebody else's trouble"),
    ],
)
def test_an_innocent_likeness_is_nobodys(made: Claims) -> None:
    assert outcome(made).outcome is NONE


@pytest.mark.parametrize("author", ["ann.vexing@mail.example", "stranger@home.example", ""])
def test_nothing_is_certain_or_nobodys_while_the_author_is_ambiguous(author: str) -> None:
    found = outcome(replace(claims(author), suspect=("several-from-headers",)))

    assert found.outcome is REVIEW
    assert "suspect:several-from-headers" in [reason.code for reason in found.reasons]


def test_an_address_that_may_be_forged_is_for_people_to_review() -> None:
    found = outcome(replace(claims("ann.vexing@mail.example"), authentication=Authentication.FAIL))

    assert (found.outcome, found.entries) == (REVIEW, (ANN,))
    assert [reason.code for reason in found.reasons] == ["author", "authentication-failed"]


@pytest.mark.parametrize("authentication", [Authentication.PASS, Authentication.NONE])
def test_an_address_without_a_failed_check_is_certain(authentication: Authentication) -> None:
    assert outcome(replace(claims("ann.vexing@mail.example"), authentication=authentication)).outcome is CERTAIN


def test_an_automatic_reply_of_a_person_is_still_theirs() -> None:
    assert outcome(replace(claims("ann.vexing@mail.example"), automatic=True)).outcome is CERTAIN


def test_everybody_who_shares_an_address_is_named() -> None:
    bob = an_entry("E2", "Bob Vexing", "ann.vexing@mail.example")
    eve = an_entry("E3", "Eve Else", "eve@mail.example")

    assert outcome(replace(claims("ann.vexing@mail.example"), author_names=("Eve Else",)), ANN, bob, eve).entries == (
        ANN,
        bob,
    )


@pytest.mark.parametrize(
    ("author", "reason"),
    [("spoc@council.example", "staff"), ("officer@council.example", "staff"), ("mp@parliament.example", "protected")],
)
def test_colleagues_and_protected_correspondents_may_write_about_anybody(author: str, reason: str) -> None:
    about = replace(claims(author), author_names=("Ann Vexing",), closing=("Ann Vexing", "ann.vexing@mail.example"))
    found = outcome(about)

    assert found.outcome is NONE
    assert [item.code for item in found.reasons] == [reason]


def test_a_protected_correspondent_is_nobody_else_even_if_recorded() -> None:
    assert (
        outcome(claims("adviser@advice.example"), an_entry("E1", "Ad Viser", "adviser@advice.example")).outcome is NONE
    )


def test_a_forged_colleague_is_not_believed() -> None:
    forged = replace(
        claims("officer@council.example"), author_names=("Ann Vexing",), authentication=Authentication.FAIL
    )

    assert outcome(forged).outcome is REVIEW


SPOKEN_FOR = replace(ANN, representatives=("Adviser@Charity.example",))
NOT_ANN = replace(ANN, others=frozenset({other_key("E1", "stranger@home.example") or ""}))


@pytest.mark.requirement("1.75")
def test_somebody_who_speaks_for_a_person_is_never_taken_for_them_nor_asked_about() -> None:
    about = replace(claims("adviser@charity.example"), author_names=("Ann Vexing",), closing=("Ann Vexing",))

    found = outcome(about, SPOKEN_FOR)

    assert (found.outcome, [reason.code for reason in found.reasons]) == (NONE, ["representative"])


def test_somebody_who_speaks_for_one_person_may_be_another_on_the_register() -> None:
    bob = an_entry("E2", "Bob Closed", "adviser@charity.example")

    found = outcome(replace(claims("adviser@charity.example"), author_names=("Ann Vexing",)), SPOKEN_FOR, bob)

    assert (found.outcome, found.entries) == (CERTAIN, (bob,))


def test_an_address_that_a_person_shares_with_who_speaks_for_them_is_for_people_to_review() -> None:
    shared = replace(ANN, representatives=ANN.addresses)

    found = outcome(claims("ann.vexing@mail.example"), shared)

    assert (found.outcome, [reason.code for reason in found.reasons]) == (REVIEW, ["author", "shared"])


def test_an_address_that_a_person_has_said_is_somebody_elses_is_not_asked_about() -> None:
    found = outcome(replace(claims("Stranger@Home.example"), author_names=("Ann Vexing",)), NOT_ANN)

    assert (found.outcome, [reason.code for reason in found.reasons]) == (NONE, ["somebody-else"])


@pytest.mark.parametrize(
    "doubt",
    [
        pytest.param({"authentication": Authentication.FAIL}, id="forged"),
        pytest.param({"suspect": ("several-from-headers",)}, id="ambiguous"),
    ],
)
@pytest.mark.parametrize(
    ("author", "entry"), [("adviser@charity.example", SPOKEN_FOR), ("stranger@home.example", NOT_ANN)]
)
def test_nobody_hides_behind_an_address_that_may_not_be_theirs(
    author: str, entry: RegisterEntry, doubt: dict[str, Any]
) -> None:
    assert outcome(replace(claims(author), author_names=("Ann Vexing",), **doubt), entry).outcome is REVIEW


def test_what_people_said_of_an_address_ends_when_it_is_recorded() -> None:
    recorded = replace(NOT_ANN, addresses=("stranger@home.example",))

    assert outcome(claims(), recorded).outcome is CERTAIN


def test_what_is_remembered_of_somebody_elses_address_does_not_tell_it() -> None:
    key = other_key("E1", "stranger@home.example")

    assert key == other_key("E1", "STRANGER@home.example.")
    assert key != other_key("E2", "stranger@home.example")
    assert key is not None
    assert "stranger" not in key
    assert other_key("E1", "no address") is None


def test_a_web_form_that_answers_to_a_recorded_address_is_for_people_to_review() -> None:
    assert outcome(replace(claims("noreply@council.example"), reply_to=("ann.vexing@mail.example",))).outcome is REVIEW


@pytest.mark.requirement("1.3")
def test_a_colleague_can_be_on_the_register_too() -> None:
    colleague = an_entry("E1", "Ann Vexing", "ann.vexing@council.example")

    assert outcome(claims("ann.vexing@council.example"), colleague).outcome is CERTAIN


def test_a_bounce_that_quotes_a_person_is_nobodys() -> None:
    bounce = replace(
        claims("mailer-daemon@mail.example"), bounce=True, closing=("failed for", "ann.vexing@mail.example")
    )

    assert outcome(bounce).outcome is NONE


def test_a_recorded_address_cannot_hide_behind_the_form_of_a_bounce() -> None:
    found = outcome(replace(claims("ann.vexing@mail.example"), bounce=True))

    assert found.outcome is REVIEW
    assert "bounce" in [reason.code for reason in found.reasons]


def test_looks_for_a_bounded_number_of_keys_and_for_the_author_first() -> None:
    many = tuple(f"person{number}@mail.example" for number in range(500))
    made = replace(claims("ann.vexing@mail.example"), reply_to=many, sender=many, closing=many)

    assert len(lookup_keys(made)) == 40
    assert "address:ann.vexing@mail.example" in lookup_keys(made)


def test_an_entry_is_found_by_its_addresses_their_looks_and_its_name() -> None:
    assert entry_keys(ANN) == {
        "address:ann.vexing@mail.example",
        "skeleton:ann.vexlng@mall.example",
        "name:ann vexing",
    }


NAMES = st.sampled_from(
    ["Ann Vexing", "Vexing Ann", "Bob Closed", "Zoë Müller", "Ann", "", "\u202egnixeV nnA", "Dr Bob Closed"]
)
SPECS = st.sampled_from(
    [
        *("ann@mail.example", "ann+x@mail.example", "\u0430nn@mail.example", "bob@isp.example", "bob-x@isp.example"),
        *("zoe@müller.example", "zoe@xn--mller-kva.example", "officer@council.example", "mp@parliament.example", "x"),
    ]
)
LINES = st.sampled_from(["Yours, Ann Vexing", "Bob Closed", "bob@isp.example", "hello there", "I act for Ann Vexing."])
ENTRIES = st.builds(
    lambda ref, name, addresses, speakers, others: RegisterEntry(
        ref=f"E{ref}",
        version=1,
        name=name,
        addresses=tuple(addresses),
        representatives=tuple(speakers),
        others=frozenset(filter(None, (other_key(f"E{ref}", address) for address in others))),
    ),
    st.integers(),
    NAMES,
    st.lists(SPECS, max_size=3),
    st.lists(SPECS, max_size=2),
    st.lists(SPECS, max_size=2),
)
CLAIMS = st.builds(
    Claims,
    author_addresses=st.lists(SPECS, max_size=2).map(tuple),
    author_names=st.lists(NAMES, max_size=2).map(tuple),
    sender=st.lists(SPECS, max_size=1).map(tuple),
    reply_to=st.lists(SPECS, max_size=2).map(tuple),
    resent_from=st.lists(SPECS, max_size=1).map(tuple),
    return_path=st.one_of(st.none(), st.just(""), SPECS),
    suspect=st.sampled_from([(), ("no-author",)]),
    authentication=st.sampled_from(Authentication),
    automatic=st.booleans(),
    bounce=st.booleans(),
    closing=st.lists(LINES, max_size=3).map(tuple),
)


@given(CLAIMS, st.lists(ENTRIES, max_size=5))
def test_an_entry_without_a_common_key_never_matters(made: Claims, entries: list[RegisterEntry]) -> None:
    fetched = tuple(entry for entry in entries if entry_keys(entry) & lookup_keys(made))

    assert match(made, Snapshot(tuple(entries)), staff=STAFF) == match(made, Snapshot(fetched), staff=STAFF)


@given(CLAIMS, st.lists(ENTRIES, max_size=5))
def test_only_the_authors_own_address_is_ever_certain(made: Claims, entries: list[RegisterEntry]) -> None:
    found = match(made, Snapshot(tuple(entries)), staff=STAFF)

    if found.outcome is CERTAIN:
        author_keys = lookup_keys(Claims(author_addresses=made.author_addresses))
        assert all(entry_keys(entry) & author_keys for entry in found.entries)
        assert not made.suspect
        assert made.authentication is not Authentication.FAIL
        spoken_for = {canonical(one) for entry in found.entries for one in entry.representatives} - {None}
        assert not spoken_for.issuperset(map(canonical, made.author_addresses))


@given(CLAIMS, st.lists(ENTRIES, max_size=5))
def test_a_match_always_says_why(made: Claims, entries: list[RegisterEntry]) -> None:
    found = match(made, Snapshot(tuple(entries)), staff=STAFF)

    assert found.outcome is NONE or found.reasons
    assert found.outcome is not CERTAIN or found.entries
