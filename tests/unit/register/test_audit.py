import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.audit import (
    START,
    AuditAction,
    AuditEntry,
    AuditEntryError,
    AuditEvent,
    Fault,
    Verification,
    Witness,
    chained,
    digest,
    verify,
)
from register.audit_file import AuditFileError, lines, verify_lines
from tests.unit.register.audit_builders import a_chain, an_entry, chains

SALT = b"sixteen bytes of"


def _faults(verification: Verification) -> list[Fault]:
    return [finding.fault for finding in verification.findings]


def test_an_event_is_hashed_as_the_documentation_says() -> None:
    entry = AuditEntry(actor="siân", action=AuditAction.RECORDED, subject="MC-1", details=(("number", "3"),))

    event = chained(START, entry, at=datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=1))))

    text = r'[1,"2026-07-01T08:00:00.000000+00:00","si\u00e2n","recorded","MC-1",[["number","3"]]]'
    assert event.hash == hashlib.sha256(("0" * 64 + text).encode("ascii")).hexdigest()


@given(chains)
def test_a_chain_as_written_is_sound(chain: list[AuditEvent]) -> None:
    verification = verify(chain, expected=chain[-1].witness)

    assert verification == Verification(head=chain[-1].witness, events=len(chain), findings=())


def test_an_empty_trail_is_sound_and_its_witness_is_the_start() -> None:
    assert verify([]) == Verification(head=START, events=0, findings=())


def _others(event: AuditEvent) -> dict[str, Any]:
    return {
        "seq": event.seq + 1,
        "at": event.at + timedelta(microseconds=1),
        "actor": event.actor + "x",
        "action": event.action + "x",
        "subject": event.subject + "x",
        "details": (*event.details, ("more", "")),
        "previous": event.previous[1:] + ("1" if event.previous[0] == "0" else "0"),
        "hash": hashlib.sha256(event.hash.encode()).hexdigest(),
    }


@given(chains, st.data())
def test_any_field_that_is_altered_is_found(chain: list[AuditEvent], data: st.DataObject) -> None:
    index = data.draw(st.sampled_from(range(len(chain))))
    others = _others(chain[index])
    field = data.draw(st.sampled_from(sorted(others)))

    chain[index] = replace(chain[index], **{field: others[field]})

    assert verify(chain).findings


@given(chains, st.data())
def test_an_event_that_was_taken_out_is_found_unless_it_was_the_last(
    chain: list[AuditEvent], data: st.DataObject
) -> None:
    index = data.draw(st.sampled_from(range(len(chain))))

    found = verify(chain[:index] + chain[index + 1 :]).findings

    assert bool(found) == (index < len(chain) - 1)


@given(chains, st.data())
def test_an_event_that_stands_there_twice_is_found(chain: list[AuditEvent], data: st.DataObject) -> None:
    index, place = (data.draw(st.sampled_from(range(len(chain)))) for _ in range(2))

    chain.insert(place, chain[index])

    assert verify(chain).findings


@given(chains.filter(lambda chain: len(chain) > 1), st.data())
def test_two_events_that_changed_places_are_found(chain: list[AuditEvent], data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.sampled_from(range(len(chain))), min_size=2, max_size=2, unique=True))

    chain[one], chain[other] = chain[other], chain[one]

    assert verify(chain).findings


@given(chains, st.data())
def test_a_tail_that_was_cut_off_is_found_by_a_witness(chain: list[AuditEvent], data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(chain) - 1))
    kept = chain[data.draw(st.integers(length, len(chain) - 1))].witness

    assert not verify(chain[:length]).findings
    assert _faults(verify(chain[:length], expected=kept)) == [Fault.TRUNCATED]


@given(chains, st.data())
def test_a_trail_rewritten_in_all_consistency_is_found_by_a_witness(
    chain: list[AuditEvent], data: st.DataObject
) -> None:
    index = data.draw(st.sampled_from(range(len(chain))))
    kept = chain[data.draw(st.integers(index, len(chain) - 1))].witness

    forged = _rewritten(chain, index)

    assert not verify(forged).findings
    assert _faults(verify(forged, expected=kept)) == [Fault.REWRITTEN]


def _rewritten(chain: Sequence[AuditEvent], index: int) -> list[AuditEvent]:
    forged = list(chain[:index])
    for event in chain[index:]:
        before = forged[-1].witness if forged else START
        actor = event.actor + "x" * (event.seq == index + 1)
        entry = AuditEntry(actor=actor, action=AuditAction(event.action), subject=event.subject, details=event.details)
        forged.append(chained(before, entry, at=event.at))
    return forged


def test_a_finding_says_what_is_wrong_and_where() -> None:
    chain = a_chain([an_entry()] * 5)
    chain[1] = replace(chain[1], subject="MC-00043")
    del chain[3]

    findings = verify(chain).findings

    assert [(finding.fault, finding.seq) for finding in findings] == [
        (Fault.ALTERED, 2),
        (Fault.GAP, 5),
        (Fault.BROKEN_LINK, 5),
    ]
    assert findings[1].words == "events 4 to 4 are missing"


def test_a_later_part_is_sound_from_the_point_where_it_starts() -> None:
    chain = a_chain([an_entry()] * 5)

    assert not verify(chain[3:], start=chain[2].witness, expected=chain[2].witness).findings
    assert verify(chain[3:], start=chain[1].witness).findings


def test_a_witness_is_read_as_it_was_written() -> None:
    witness = a_chain([an_entry()])[0].witness

    assert Witness.parse(f" {witness}\n") == witness


@pytest.mark.parametrize("text", ["", "7", "7:abc", f"x:{'0' * 64}", f"7:{'G' * 64}", f"{'9' * 30}:{'0' * 64}"])
def test_what_is_no_witness_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a witness is a number"):
        Witness.parse(text)


@pytest.mark.parametrize(
    "detail",
    [
        pytest.param(("note", "shouted at staff"), id="free text"),
        pytest.param(("note", "Ann Vexing"), id="a name"),
        pytest.param(("note", "ann.vexing@mail.example"), id="an e-mail address"),
        pytest.param(("note", "line\nbreak"), id="a line break"),
        pytest.param(("note", "x" * 201), id="too long"),
        pytest.param(("Ann Vexing", "1"), id="a name as the name"),
    ],
)
def test_a_detail_is_one_word_and_never_an_address(detail: tuple[str, str]) -> None:
    with pytest.raises(AuditEntryError, match="give one word"):
        AuditEntry(actor="j.owen", action=AuditAction.READ, details=(detail,))


@pytest.mark.parametrize(
    "value", ["", "3", "001-two-stage@2026-04-01", "final-decision", "2026-03-04T12:00:00.000000+00:00", "f" * 64]
)
def test_versions_numbers_kinds_moments_and_digests_are_details(value: str) -> None:
    assert an_entry(it=value).details == (("it", value),)


@pytest.mark.parametrize("subject", ["ann@mail.example", "MC\0", "\ud800", "x" * 101])
def test_a_subject_is_a_reference(subject: str) -> None:
    with pytest.raises(AuditEntryError, match="give a reference"):
        an_entry(subject)


@pytest.mark.parametrize("actor", ["", "a\nb", "x" * 301])
def test_somebody_did_it(actor: str) -> None:
    with pytest.raises(AuditEntryError, match="name the officer"):
        AuditEntry(actor=actor, action=AuditAction.READ)


@given(st.binary(), st.binary())
def test_a_digest_tells_contents_apart_and_depends_on_the_salt(one: bytes, other: bytes) -> None:
    assert (digest(SALT, one) == digest(SALT, other)) == (one == other)
    assert digest(SALT, one) != digest(SALT[::-1], one)


def test_a_salt_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="can be guessed"):
        digest(b"short", b"content")


@given(chains, st.data())
def test_an_exported_trail_verifies_by_itself_from_any_point(chain: list[AuditEvent], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(chain)))
    start = chain[index - 1].witness if index else START

    written = list(lines(start, chain[index:]))

    end = chain[-1].witness
    assert verify_lines(written, expected=end) == Verification(head=end, events=len(chain) - index, findings=())


@given(chains, st.data())
def test_a_line_altered_or_taken_out_of_a_file_is_found(chain: list[AuditEvent], data: st.DataObject) -> None:
    written = list(lines(START, chain))
    index = data.draw(st.integers(1, len(chain)))
    changed = written[index].replace('"at": "2026-03-04T12:', '"at": "2026-03-04T13:')

    assert verify_lines([*written[:index], changed, *written[index + 1 :]]).findings
    assert verify_lines([*written[:index], *written[index + 1 :]]).findings
    assert _faults(verify_lines(written[:index]))[-1] is Fault.TRUNCATED


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("", "line 2 is no JSON:", id="empty"),
        pytest.param("[1]", "line 2 is no JSON object:", id="no object"),
        pytest.param('{"seq": 1}', "line 2 is no event:", id="fields missing"),
        pytest.param('{"witness": "1"}', "line 2 has no witness:", id="no witness"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(line: str, words: str) -> None:
    first, *_ = lines(START, [])

    with pytest.raises(AuditFileError, match=words):
        verify_lines([first, line])


@pytest.mark.parametrize("at", ['"2026-03-04T12:00:00"', '"noon"', "7"])
def test_a_moment_that_cannot_be_told_is_no_event(at: str) -> None:
    first, event, last = lines(START, a_chain([an_entry()]))
    wrong = event.replace('"2026-03-04T12:00:00.000000+00:00"', at)

    with pytest.raises(AuditFileError, match="line 2"):
        verify_lines([first, wrong, last])


def test_what_is_no_export_and_what_goes_on_behind_its_end_are_told() -> None:
    first, last = lines(START, [])

    with pytest.raises(AuditFileError, match="line 1 does not say council-mailroom-audit-1"):
        verify_lines([])
    with pytest.raises(AuditFileError, match="line 3 stands behind the last one"):
        verify_lines([first, last, last])


def test_the_moment_of_an_event_is_told_in_any_zone() -> None:
    chain = a_chain([an_entry()])

    elsewhere = replace(chain[0], at=chain[0].at.astimezone(timezone(timedelta(hours=5))))

    assert chain[0].at.tzinfo is UTC
    assert not verify([elsewhere]).findings
