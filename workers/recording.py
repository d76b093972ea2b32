"""Records what became of an effect: proven and perhaps the last that was owed, or failed and a person to be asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from core import clock, ids, log
from core.db import Session
from ingest import store as ledger
from ingest.delivery import Disposition
from ingest.imap import ImapSession
from routing import moves_store, review_store
from routing import outbox_store as outbox
from routing import store as decisions
from routing.action import RaiseReview, ReviewKind
from routing.effect import DueEffect
from workers.planning import disposition
from workers.runtime import Runtime
from workers.store import Lease

_log = log.get("workers")
_UNDELIVERABLE = "This could not be carried out and the message stays where it is: {error}"


@dataclass(frozen=True, slots=True)
class Performance:
    """The means and the right to act on one mailbox."""

    runtime: Runtime
    lease: Lease
    imap: ImapSession
    mailbox: str

    def hold(self) -> None:
        """Keep the mailbox while something is handed over and its answer waited for. Raises LeaseLostError."""
        self.lease.extend(self.runtime.database, 2 * self.runtime.settings.pace.network_seconds)


def record(
    work: Performance, evidence: dict[int, str], deliveries: dict[int, int], overtaken: Collection[int] = ()
) -> None:
    """Commit what was proven, and settle each delivery to which nothing more is owed; `deliveries` is by effect."""
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        outbox.effects_performed(session, evidence, now=now)
        outbox.effects_overtaken(session, overtaken, now=now)
        finished = outbox.without_pending_effects(session, deliveries.values())
        taken = frozenset(deliveries[effect_id] for effect_id in overtaken)
        for outcome, settled in _dispositions(session, finished, taken):
            ledger.settle(session, settled, outcome, now=now)
            review_store.close_reviews(session, settled, ReviewKind.SHUNTED, "resolved", now=now)
            if outcome is Disposition.PUT_BACK:
                review_store.close_asked(session, _decided_anew(session, settled), "superseded", now=now)


def _decided_anew(session: Session, delivery_ids: Iterable[int]) -> list[int]:
    """Those of these that were held: in their inbox they are decided, and asked about, as if they came then."""
    rows = decisions.current_decisions(session, delivery_ids)
    return [one for one, row in rows.items() if disposition(decisions.decision_of(row)) is Disposition.PUT_BACK]


def _dispositions(
    session: Session, finished: frozenset[int], taken: frozenset[int]
) -> Iterable[tuple[Disposition, list[int]]]:
    reached = outbox.with_handovers(session, taken)
    back = moves_store.put_back(session, finished) - taken
    by_outcome: dict[Disposition, list[int]] = {}
    for delivery_id, row in decisions.current_decisions(session, finished).items():
        intended = Disposition.PUT_BACK if delivery_id in back else disposition(decisions.decision_of(row))
        # A letter that reached its SPOC has reached it, whoever moved the original afterwards.
        lost_race = delivery_id in taken and not (delivery_id in reached and intended is Disposition.REDIRECTED)
        by_outcome.setdefault(Disposition.TAKEN if lost_race else intended, []).append(delivery_id)
    return by_outcome.items()


def note_failure(work: Performance, effect: DueEffect, error: str) -> None:
    """Note why, try again later, and after enough tries ask a person; the original stays in its inbox meanwhile."""
    now = clock.now()
    attempts = effect.attempts + 1
    _log.warning("effect.failed", message_ref=ids.message_ref(effect.delivery_id), kind=effect.kind, attempts=attempts)
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        outbox.effect_failed(session, effect.id, error, due_at=work.runtime.later(attempts, now=now))
        if attempts >= work.runtime.settings.pace.shunt_after:
            ask_person(session, effect, error, now)


def ask_person(session: Session, effect: DueEffect, error: str, now: datetime) -> None:
    """Put an effect that keeps failing before a person, once while the question is open."""
    ask = RaiseReview(kind=ReviewKind.SHUNTED, question=_UNDELIVERABLE.format(error=error), priority=1)
    review_store.raise_review(session, effect.delivery_id, ask, now=now)
