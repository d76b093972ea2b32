"""Turns a decision into the steps that make it hold, each under a key that stays the same for ever. Pure."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from core import ids
from core.settings import Folders, Settings, SpocDelivery
from ingest.delivery import Delivery, Disposition
from ingest.message import Message
from register.addresses import same_mailbox
from routing.abuse import BEWARE, HIDDEN, may_upset
from routing.action import FileInto, FolderRole, Hold, Redirect
from routing.decision import Decision
from routing.effect import Effect, EffectKind
from workers.letter import Diversion, render


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The delivery a plan is about, with its message and every byte of it."""

    delivery: Delivery
    message: Message
    raw: bytes


class ForeignSpocError(Exception):
    """A SPOC outside the council: mail is never diverted out of it."""

    def __init__(self, address: str) -> None:
        super().__init__(f"the SPOC {address} is outside council.domains: correct the register entry")


def plan(decision: Decision, subject: Subject, settings: Settings, *, now: datetime) -> tuple[Effect, ...]:
    """The steps this decision owes; none for mail that is kept. Raises ForeignSpocError, or LetterError."""
    mailbox = settings.mailboxes[subject.delivery.mailbox]
    steps: list[Effect] = []
    for action in decision.actions:
        if isinstance(action, FileInto):
            steps.append(move(subject.delivery.id, folder_named(mailbox.folders, action.folder), settings))
        elif isinstance(action, Hold):
            steps += _hold(subject, mailbox.folders.waiting, action.until, settings)
        elif isinstance(action, Redirect):
            steps += _divert(decision, subject, action, settings, now)
    return tuple(steps)


def disposition(decision: Decision) -> Disposition:
    """What will have become of the message once everything is done."""
    if any(isinstance(action, Redirect) for action in decision.actions):
        return Disposition.REDIRECTED
    if any(isinstance(action, FileInto) for action in decision.actions):
        return Disposition.FILED
    if any(isinstance(action, Hold) for action in decision.actions):
        return Disposition.PUT_BACK
    return Disposition.KEPT


def folder_named(folders: Folders, role: FolderRole) -> str:
    """What this mailbox calls the folder."""
    match role:
        case FolderRole.DIVERTED:
            return folders.diverted
        case FolderRole.FILED:
            return folders.filed
        case FolderRole.REVIEW:
            return folders.review
        case FolderRole.WAITING:
            return folders.waiting


def _divert(decision: Decision, subject: Subject, goes: Redirect, settings: Settings, now: datetime) -> list[Effect]:
    address = goes.spoc
    if not settings.is_ours(address):
        raise ForeignSpocError(address)
    if same_mailbox(address, settings.mailboxes[subject.delivery.mailbox].address):
        return []  # it lies before its SPOC already; diverted once more, it would leave the SPOC's sight
    spoc = settings.spoc(address)
    if spoc.delivery is SpocDelivery.FOLDER:
        return [move(subject.delivery.id, spoc.folder, settings)]
    # Keyed by what the message is, not by which delivery of it: a copy restored from backup is not sent again.
    kind = EffectKind.SEND if spoc.delivery is SpocDelivery.SMTP else EffectKind.APPEND
    key = _key(settings, kind, subject.delivery.mailbox, sha256(subject.raw).hexdigest(), address)
    payload = subject.raw
    if kind is EffectKind.SEND:
        payload = render(_diversion(decision, subject, key, settings, now, goes))
    handover = Effect(kind=kind, target=address, key=key, payload=payload)
    diverted = settings.mailboxes[subject.delivery.mailbox].folders.diverted
    return [handover, move(subject.delivery.id, diverted, settings, after=key)]


def _hold(subject: Subject, folder: str, until: datetime, settings: Settings) -> list[Effect]:
    away = move(subject.delivery.id, folder, settings)
    return [away, restore(subject.delivery.id, folder, settings, after=away.key, not_before=until)]


def restore(
    delivery_id: int, folder: str, settings: Settings, *, after: str | None = None, not_before: datetime | None = None
) -> Effect:
    """The step that puts an original back from `folder` into its inbox."""
    key = _key(settings, EffectKind.RESTORE, str(delivery_id), folder)
    return Effect(kind=EffectKind.RESTORE, target=folder, key=key, after=after, not_before=not_before)


def move(delivery_id: int, folder: str, settings: Settings, *, after: str | None = None) -> Effect:
    """The step that brings an original from its inbox to `folder`."""
    key = _key(settings, EffectKind.MOVE, str(delivery_id), folder)
    return Effect(kind=EffectKind.MOVE, target=folder, key=key, after=after)


def _key(settings: Settings, *parts: str) -> str:
    return ids.effect_key(settings.council.signing_key.get_secret_value(), *parts)


def _thread(decision: Decision, settings: Settings) -> str:
    """What letters have in common that are answered once, together; mail programs show them as one conversation."""
    joins = next((item.joins for item in decision.reviews if item.joins), "")
    return _key(settings, "thread", joins) if joins else ""


def _diversion(  # noqa: PLR0913, PLR0917 - a letter says as much
    decision: Decision, subject: Subject, key: str, settings: Settings, now: datetime, goes: Redirect
) -> Diversion:
    upsetting = any(map(may_upset, decision.reasons))
    return Diversion(
        key=key,
        message_ref=ids.message_ref(subject.delivery.id),
        sender=settings.smtp.sender,
        domain=settings.council.domains[0],
        spoc=goes.spoc,
        role=goes.role,
        thread=_thread(decision, settings),
        mailbox=settings.mailboxes[subject.delivery.mailbox].address,
        subject=HIDDEN if upsetting else subject.message.subject,
        beware=f"{BEWARE} {settings.council.wellbeing}".strip() if upsetting else "",
        received_at=subject.delivery.received_at,
        rendered_at=now,
        reasons=tuple(reason.words for reason in decision.reasons if not may_upset(reason)),
        original=subject.raw,
    )
