"""The files that packs are made of: messages to the byte, letters as issued, answers, the trail, the policy."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from core import ids
from core.db import Session
from core.settings import Settings
from ingest import content_store
from ingest.headers import header_block
from ingest.store import DeliveryRow
from policies import telling as policy_telling
from policies.policy import Policy, as_data
from register import audit_store, document_store
from register.audit import as_text
from register.casework.case import Case
from register.casework.steps import LetterIssued
from routing import joined_store, outbox_store, review_store
from routing.effect import EffectKind
from workers import mailing_store
from workers.packs import chronology, pack_page
from workers.packs.chronology import Happening
from workers.packs.packing import Part, bytes_part, json_part
from workers.telling import told

_UNSAFE = re.compile(r"[^A-Za-z0-9@._-]+")


def message_parts(session: Session, row: DeliveryRow) -> Iterator[Part]:
    """A message as it came, unchanged; nothing where its bytes are not kept."""
    if kept(session, row) and row.content is not None:
        name = f"messages/{ids.message_ref(row.id)}.eml"
        what = "The message as received, unchanged: untrusted, open it with care"
        yield Part(name=name, what=what, pieces=partial(content_store.pieces, session, row.content))


def kept(session: Session, row: DeliveryRow) -> bool:
    """Whether its bytes are still here."""
    return row.content is not None and bool(content_store.sizes(session, [row.content]))


def story_part(session: Session, settings: Settings, row: DeliveryRow) -> Part:
    """What was decided about a message and why, told when its turn comes."""

    def pieces() -> Iterator[bytes]:
        story = told(session, settings, row.id, revealed=True)
        yield _json(story.as_data() if story else None)

    name = f"messages/{ids.message_ref(row.id)}.story.json"
    return Part(name=name, what="What was decided about the message, why, and what became of it", pieces=pieces)


def header_parts(session: Session, row: DeliveryRow) -> Iterator[Part]:
    """The header block of a message as received, and where and when the council received it."""
    ref = ids.message_ref(row.id)
    receipt = {
        "message": ref,
        "mailbox": row.mailbox,
        "folder": row.folder,
        "uidvalidity": row.uidvalidity,
        "uid": row.uid,
        "received_at": as_text(row.received_at),
        "size": row.size,
        "sha256": row.content,
        "fingerprint": row.fingerprint,
    }
    yield json_part(f"messages/{ref}.receipt.json", "Where and when the council received the message", receipt)
    if kept(session, row) and row.content is not None:
        whole = partial(_headers, session, row.content)
        yield Part(name=f"messages/{ref}.headers.txt", what="The headers of the message as received", pieces=whole)


def _headers(session: Session, digest: str) -> Iterator[bytes]:
    read = b""
    for piece in content_store.pieces(session, digest):
        read += piece
        if len(header_block(read)) < len(read):
            break
    yield header_block(read)


def sent_parts(session: Session, row: DeliveryRow) -> Iterator[Part]:
    """What was sent on of a message, as it went out."""
    for number, effect in enumerate(outbox_store.of_delivery(session, row.id), start=1):
        if effect.kind == EffectKind.SEND and effect.content is not None:
            name = f"messages/{ids.message_ref(row.id)}.sent-{number}.eml"
            pieces = partial(content_store.pieces, session, effect.content)
            yield Part(name=name, what="What was sent to the single point of contact", pieces=pieces)


def letter_parts(session: Session, case: Case) -> Iterator[Part]:
    """The letters of a case as they were issued, and what became of each."""
    issued, fates = document_store.issued(session, case.ref), mailing_store.of_case(session, case.ref)
    recipients = mailing_store.recipients(session, case.ref)
    letters = [
        {
            "number": event.number,
            "letter": event.record.letter.value,
            "on": event.record.on.isoformat(),
            "channel": event.record.channel.value,
            "languages": [language.value for language in event.record.languages],
            "sha256": event.record.sha256,
            "document": _letter_name(event.number, event.record) if event.number in issued else None,
            "to": recipients.get(event.number),
            "delivery": fates.get(event.number),
        }
        for event in case.of(LetterIssued)
    ]
    yield json_part("letters/letters.json", "Every letter, and what became of it", letters)
    for event in case.of(LetterIssued):
        if event.number in issued:
            what = f"The {event.record.letter.value} letter as issued"
            yield bytes_part(_letter_name(event.number, event.record), what, issued[event.number])


def _letter_name(number: int, letter: LetterIssued) -> str:
    return f"letters/{number:04d}-{letter.letter.value}.pdf"


def review_part(session: Session, ref: str, rows: Iterable[DeliveryRow]) -> Part:
    """What people were asked about the case and its messages, and what they answered."""
    items = [*review_store.of_case(session, ref)]
    items += [item for row in rows for item in joined_store.of_delivery(session, row.id)]
    data = [
        {
            "item": item.id,
            "about": item.case_ref if item.delivery_id is None else ids.message_ref(item.delivery_id),
            "queue": item.kind,
            "question": item.question,
            "raised_at": as_text(item.raised_at),
            "answer": item.outcome,
            "answered_by": item.closed_by,
            "answered_at": as_text(item.closed_at) if item.closed_at else None,
            "note": item.note,
        }
        for item in items
    ]
    return json_part("reviews.json", "What people were asked, and what they answered", data)


def trail_part(session: Session, ref: str) -> Part:
    """Who did what with the case, and who read it; each event with the hashes that chain it to the whole trail."""
    events = [
        {
            "seq": event.seq,
            "at": as_text(event.at),
            "actor": event.actor,
            "action": event.action,
            "subject": event.subject,
            "details": event.details,
            "previous": event.previous,
            "hash": event.hash,
        }
        for event in audit_store.of_subject(session, ref)
    ]
    data = {"witness": str(audit_store.head(session)), "events": events}
    return json_part("audit.json", "Who read the case and who changed it, from the audit trail", data)


def chronology_parts(happenings: Sequence[Happening]) -> Iterator[Part]:
    """What happened, for a spreadsheet and for programs."""
    yield bytes_part("chronology.csv", "What happened, in order, for a spreadsheet", chronology.as_csv(happenings))
    yield json_part("chronology.json", "What happened, in order, for programs", chronology.as_data(happenings))


def policy_parts(policies: Iterable[Policy]) -> Iterator[Part]:
    """Versions of the policy, whole, with the clause of every rule."""
    for policy in policies:
        name = f"policy/{_UNSAFE.sub('-', policy.version)}"
        yield json_part(f"{name}.json", f"The policy as of {policy.version}, for programs", as_data(policy))
        rows = [(line.place, line.value, line.clause) for line in policy_telling.lines(policy)]
        table = pack_page.table("What the policy lays down", ("Where", "What", "The clause it rests on"), rows)
        readable = pack_page.page(f"{policy.document.title}: {policy.version}", [table])
        yield bytes_part(f"{name}.html", f"The policy as of {policy.version}, to read", readable)


def _json(data: Any) -> bytes:  # noqa: ANN401 - JSON is any shape
    return (json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n").encode("utf-8", "replace")
