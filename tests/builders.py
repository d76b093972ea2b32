"""Values for tests to begin with: each builder names only what matters to the test, the rest is an ordinary day's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData

from core.db import Base
from core.settings import Settings
from ingest.delivery import Delivery, fingerprint, message_id_of
from ingest.message import Address, Message
from policies.vocabulary import MatterState, RestrictionKind
from register.casework.facts import Matter
from register.entry import RegisterEntry, Restriction
from register.matching import StaffDirectory
from register.records import terms_from
from register.restrictions import Terms
from routing.correspondence import Receipt
from routing.decide import RoutingPolicy

ROOT = Path(__file__).resolve().parent.parent

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""When mail is received, unless a test says otherwise."""

LONG_AGO = datetime(2025, 9, 1, tzinfo=UTC)
"""When restrictions commenced, unless a test says otherwise."""

ANN = "ann.vexing@mail.example"
"""The address of the person on the register."""

STRANGER = "jo.bloggs@home.example"
"""The address of somebody the register does not know."""

SPOC = "spoc@council.example"
OMBUDSMAN = "casework@ombudsman.example"

POLICY = RoutingPolicy(
    version="test",
    staff=StaffDirectory.of(domains=["council.example"], addresses=[SPOC], protected=["ombudsman.example"]),
)

SIGNING_KEY = "a key that makes effect keys in tests"
PASSWORD = "open sesame"


def a_message(sender: str | None = ANN, *, text: str = "Please mend the street light.", **others: Any) -> Message:  # noqa: ANN401 - any field of a message
    """A message as read. Give `from_` in `others` for anything but one plain author."""
    others.setdefault("from_", (Address(addr_spec=sender),) if sender else ())
    others.setdefault("own_text", text)
    return Message(text=text, **{"subject": "A street light", "message_id": "<1@mail.example>", **others})


def a_receipt(mailbox: str = "planning", *, received_at: datetime = NOON, **others: Any) -> Receipt:  # noqa: ANN401 - any field
    """A receipt; the service is named like the mailbox."""
    return Receipt(mailbox=mailbox, received_at=received_at, **{"service": mailbox, **others})


def a_matter(
    reference: str = "C-2025-0117", *, title: str = "Noise from the bowls pavilion", state: str = "closed"
) -> Matter:
    """A matter, closed."""
    return Matter(reference=reference, title=title, state=MatterState(state))


def a_restriction(
    kind: str = "spoc-diversion",
    *,
    ref: str = "R1",
    start: datetime = LONG_AGO,
    end: datetime | None = None,
    **others: Any,  # noqa: ANN401 - any field of a restriction or its terms
) -> Restriction:
    """A restriction in force since long ago: a diversion to SPOC, or reading and filing `a_matter()`."""
    scope = {name: others.pop(name) for name in ("mailboxes", "services", "policy", "review_on") if name in others}
    return Restriction(ref=ref, terms=some_terms(kind, **others), commenced_at=start, ends_at=end, **scope)


def some_terms(kind: str = "spoc-diversion", **others: Any) -> Terms:  # noqa: ANN401 - any field of the terms
    """Terms of any kind; what is not given is an ordinary council's."""
    return terms_from({"kind": kind, **_USUAL_TERMS[RestrictionKind(kind)], **others})


_USUAL_TERMS: dict[RestrictionKind, dict[str, Any]] = {
    RestrictionKind.SPOC_DIVERSION: {"spoc": SPOC},
    RestrictionKind.READ_AND_FILE: {"matter": "C-2025-0117"},
    RestrictionKind.NEW_INFORMATION_ONLY: {"matter": "C-2025-0117"},
    RestrictionKind.UNRELATED_ONLY: {"matters": ["C-2025-0117"]},
    RestrictionKind.LIMITED_TOPICS: {"rule": "never", "topics": ["the bowls pavilion"]},
    RestrictionKind.FIXED_LETTER: {"letter": "We have answered this in full.", "every": "30 days"},
    RestrictionKind.SINGLE_CHANNEL: {"channel": "letter", "notice_every": "30 days"},
    RestrictionKind.POSTAL_REPLIES: {},
    RestrictionKind.ONE_RESPONSE_LINE: {"owner": SPOC},
    RestrictionKind.CONTACT_TIMES: {"windows": [{"day": "tuesday", "start": "10:00", "until": "12:00"}]},
    RestrictionKind.TIME_LIMIT: {"minutes": 10},
    RestrictionKind.REPRESENTATIVE_ONLY: {"representative": "Advocacy Example", "notice_every": "30 days"},
    RestrictionKind.TELEPHONE_LIMIT: {"calls": 1, "per": "1 week"},
    RestrictionKind.WITNESSED_CONTACT: {"witness": "a second officer"},
    RestrictionKind.DESIGNATED_PREMISES: {"premises": ["The Civic Example"]},
    RestrictionKind.AGREEMENT: {"terms": "One letter a month."},
    RestrictionKind.SOCIAL_MEDIA_BLOCK: {"accounts": ["the council's page"]},
    RestrictionKind.STATEMENTS_IN_WRITING: {"send_to": SPOC, "days_before": 2},
    RestrictionKind.OTHER: {"measure": "Visits by two officers.", "guidance": "Never visit alone."},
}


def an_entry(*restrictions: Restriction, ref: str = "E1", version: int = 1, **others: Any) -> RegisterEntry:  # noqa: ANN401 - any field
    """Ann's entry; with a restriction that reads and files, the closed matter of `a_matter()` is there too."""
    usual: dict[str, Any] = {"name": "Ann Vexing", "addresses": (ANN,)}
    if any(restriction.kind is RestrictionKind.READ_AND_FILE for restriction in restrictions):
        usual["matters"] = (a_matter(),)
    return RegisterEntry(ref=ref, version=version, restrictions=restrictions, **{**usual, **others})


def raw_mail(
    *,
    sender: str = ANN,
    subject: str = "A street light",
    body: str | bytes = "Please mend the street light.\r\n",
    message_id: str | None = "<1@mail.example>",
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """A message as received, with CRLF at the ends of its lines; `headers` come first, as Received lines do."""
    fields = [
        *headers,
        ("From", sender),
        ("To", "planning@council.example"),
        ("Subject", subject),
        ("Date", "Wed, 04 Mar 2026 12:00:00 +0000"),
        *([("Message-ID", message_id)] if message_id else []),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    text = body if isinstance(body, bytes) else "\r\n".join(body.splitlines() + [""] * body.endswith("\n")).encode()
    return head.encode() + b"\r\n" + text


def a_delivery(raw: bytes, **others: Any) -> Delivery:  # noqa: ANN401 - any field of a delivery
    """The ledger's row of a message that was just recorded."""
    usual: dict[str, Any] = {
        "id": 1,
        "mailbox": "planning",
        "folder": "INBOX",
        "uidvalidity": 7,
        "uid": 1,
        "fingerprint": fingerprint(raw, len(raw)),
        "size": len(raw),
        "received_at": NOON,
        "message_id": message_id_of(raw),
        "attempts": 1,
    }
    return Delivery(**{**usual, **others})


def settings_data(
    *, imap_port: int = 1143, smtp_port: int = 1025, password: str = PASSWORD, database: str = "sqlite://"
) -> dict[str, Any]:
    """The smallest settings, as a TOML file would give them: one mailbox, one SPOC, plain connections to this machine.

    A test changes what matters to it, then calls `a_settings(data)`.
    """
    return {
        "council": {
            "name": "Test Council",
            "domains": ["council.example"],
            "protected": ["ombudsman.example"],
            "signing_key": SIGNING_KEY,
        },
        "database": {"url": database},
        "imap": {"host": "127.0.0.1", "port": imap_port, "security": "plain"},
        "smtp": {
            "host": "127.0.0.1",
            "port": smtp_port,
            "security": "plain",
            "sender": "mailroom@council.example",
        },
        "mailboxes": {"planning": {"address": "planning@council.example", "password": password}},
    }


def a_settings(data: dict[str, Any] | None = None) -> Settings:
    """Settings from this data, and from nothing else unless the environment says so."""
    return Settings.model_validate(settings_data() if data is None else data)


def a_database(folder: Path) -> str:
    """The address of a SQLite database in this folder."""
    return f"sqlite:///{folder / 'mailroom.db'}"


def declared_tables() -> MetaData:
    """Every table that any store of the product declares."""
    for file in sorted(ROOT.glob("*/*store.py")):
        import_module(f"{file.parent.name}.{file.stem}")
    return Base.metadata
