"""Chains to begin with."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st

from register.audit import START, AuditAction, AuditEntry, AuditEvent, chained
from tests.builders import NOON


def an_entry(subject: str = "MC-00042", **details: str) -> AuditEntry:
    return AuditEntry(actor="j.owen", action=AuditAction.READ, subject=subject, details=tuple(details.items()))


def a_chain(entries: Sequence[AuditEntry]) -> list[AuditEvent]:
    events: list[AuditEvent] = []
    for number, entry in enumerate(entries):
        before = events[-1].witness if events else START
        events.append(chained(before, entry, at=NOON + timedelta(seconds=number)))
    return events


entries = st.builds(
    AuditEntry,
    actor=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12),
    action=st.sampled_from(AuditAction),
    subject=st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="@"), max_size=12),
    details=st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.from_regex(r"[a-z0-9.:-]{0,8}", fullmatch=True)),
        max_size=3,
    ).map(tuple),
)
chains = st.lists(entries, min_size=1, max_size=8).map(a_chain)
