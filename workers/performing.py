"""Performs what the outbox owes: hand over to the SPOC first, move the original only after that is proven."""

from collections.abc import Sequence
from functools import partial

from core import clock
from core.accounts import SettingsError
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapRefusedError, ImapUnavailableError
from routing import outbox_store as outbox
from routing.effect import DueEffect, EffectKind
from workers.alone import by_itself, ends_all, note
from workers.appending import append_once
from workers.planning import ForeignSpocError
from workers.recording import Performance, ask_person, note_failure, record
from workers.relocating import relocate
from workers.returning import envelope_sender
from workers.smtp import Relay, SmtpRefusedError, SmtpUnavailableError

_AT_ONCE = 500
_RELOCATIONS = frozenset({EffectKind.MOVE, EffectKind.RESTORE})


class LetterGoneError(Exception):
    """What an effect was to hand over is no longer kept."""

    def __init__(self, effect_id: int) -> None:
        super().__init__(f"the stored letter of effect {effect_id} is gone: hand the original over by hand")


def perform(work: Performance) -> int:
    """Perform every effect of this mailbox that is due; returns how many were proven to have happened.

    One kind after the other, so that what waits for a server holds up nothing that can do without it.
    """
    return sum(by_itself(f"perform:{kind}", partial(_perform_all, work, kind), _nothing_done) for kind in EffectKind)


def _nothing_done(_error: Exception) -> int:
    return 0


def _perform_all(work: Performance, kind: EffectKind) -> int:
    done = 0
    tried: set[int] = set()
    silent: set[str] = set()
    while due := [effect for effect in _due(work, kind) if effect.id not in tried]:
        tried.update(effect.id for effect in due)
        done += relocate(work, due) if kind in _RELOCATIONS else _hand_over(work, due, silent)
    return done


def _due(work: Performance, kind: EffectKind) -> tuple[DueEffect, ...]:
    if work.runtime.stopping.is_set():
        return ()
    with work.runtime.database.transaction() as session:
        return outbox.due_effects(session, work.mailbox, kind, now=clock.now(), limit=_AT_ONCE)


def _hand_over(work: Performance, effects: Sequence[DueEffect], silent: set[str]) -> int:
    """Send or append one by one: each is recorded before the next, so that a crash can repeat one at the most.

    Servers that do not answer are noted in `silent`, and what is meant for them waits.
    """
    done = 0
    with work.runtime.relay() as relay:
        for effect in effects:
            if work.runtime.stopping.is_set():
                break
            if _way(effect) not in silent:
                done += _hand_over_one(work, relay, effect, silent)
    _postpone(work, [effect for effect in effects if _way(effect) in silent])
    return done


def _way(effect: DueEffect) -> str:
    """Whose silence would stop this: one relay takes every letter, each SPOC's account its own copies."""
    return effect.kind if effect.kind is EffectKind.SEND else effect.target


def _hand_over_one(work: Performance, relay: Relay, effect: DueEffect, silent: set[str]) -> int:
    delivery = _begin(work, effect)
    if delivery is None:
        return 0  # an answer has taken it back
    try:
        evidence = _deliver(work, relay, effect, delivery, _payload(work, effect))
    except (SmtpUnavailableError, ImapUnavailableError) as error:
        note_failure(work, effect, str(error))
        silent.add(_way(effect))
    except SmtpRefusedError as error:
        note_failure(work, effect, str(error))
        silent.update({_way(effect)} if error.every_letter else ())
    except (ImapRefusedError, SettingsError, ForeignSpocError, LetterGoneError, ValueError) as error:
        note_failure(work, effect, str(error))
    except Exception as error:
        if ends_all(error):
            raise
        note(f"perform:{effect.kind}", error)
        note_failure(work, effect, f"{type(error).__name__}: the log says where")
    else:
        record(work, {effect.id: evidence}, {effect.id: effect.delivery_id})
        return 1
    return 0


def _postpone(work: Performance, effects: Sequence[DueEffect]) -> None:
    """Let those that were not begun wait as well, or they would stand before all others in the next sweep."""
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        ids_ = [effect.id for effect in effects]
        outbox.postpone_effects(session, ids_, due_at=work.runtime.later(1, now=now))


def _deliver(work: Performance, relay: Relay, effect: DueEffect, delivery: Delivery, payload: bytes) -> str:
    if not work.runtime.settings.is_ours(effect.target):
        raise ForeignSpocError(effect.target)
    if effect.kind is EffectKind.SEND:
        sender = envelope_sender(work.runtime.settings)
        return relay.send(effect.target, payload, sender=sender, before=work.hold)
    return append_once(work, effect, delivery, payload)


def _begin(work: Performance, effect: DueEffect) -> Delivery | None:
    """Count the attempt, before anything else can fail; None if the effect is owed no longer."""
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        if not outbox.begin_effects(session, [effect.id], due_again=work.runtime.later(effect.attempts, now=now)):
            return None
        delivery = ledger.deliveries(session, [effect.delivery_id])[effect.delivery_id]
        if effect.attempts >= work.runtime.settings.pace.shunt_after:  # and no attempt lived to tell of its failure
            ask_person(session, effect, "no attempt has come to an end", now)
        return delivery


def _payload(work: Performance, effect: DueEffect) -> bytes:
    """What is to be handed over. Raises LetterGoneError."""
    with work.runtime.database.transaction() as session:
        payload = content_store.get(session, effect.content or "")
    if payload is None:
        raise LetterGoneError(effect.id)
    return payload
