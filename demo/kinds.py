"""Every kind of restriction once: what came, what the officers of Sampleshire answer, and what that led to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from core import ids
from core.db import Session
from demo.letter import Reply
from demo.sample import Outcome
from demo.show import Result
from policies.vocabulary import LetterKind, RestrictionKind
from register import officer_store
from register.dates import COUNCIL_TIME
from register.outbound import Outgoing, may_go_out
from routing import joined_store, review_store
from routing import store as decisions
from routing.action import Action, FileInto, Hold, Redirect, ReviewKind
from routing.answering import Outcome as Said
from routing.enforcing import PRECEDENCE
from routing.review_store import Answer
from workers import noticing_store
from workers.answering import answer_item
from workers.noticing_store import Fate, NoticeRow
from workers.runtime import Runtime

_NAMES = {
    RestrictionKind.SPOC_DIVERSION: "Single point of contact",
    RestrictionKind.ONE_RESPONSE_LINE: "One answer to all",
    RestrictionKind.REPRESENTATIVE_ONLY: "Through an advocate",
    RestrictionKind.SINGLE_CHANNEL: "Letters only",
    RestrictionKind.UNRELATED_ONLY: "Only what is unrelated",
    RestrictionKind.NEW_INFORMATION_ONLY: "Only what is new",
    RestrictionKind.FIXED_LETTER: "A stored letter",
    RestrictionKind.POSTAL_REPLIES: "Answered by post",
}
_LETTERS = {
    LetterKind.WRONG_CHANNEL: "a letter that says which way is open",
    LetterKind.FIXED_CLOSING: "the stored letter",
}
_ASKED = {
    ReviewKind.ANSWER: "All answered?",
    ReviewKind.CLOSING: "To be closed by the stored letter?",
    ReviewKind.CONTEST: "A challenge of the restriction?",
    ReviewKind.MATTER: "The same subject again?",
    ReviewKind.NEW_INFORMATION: "Only what is known already?",
    ReviewKind.POST: "Answered by post?",
    ReviewKind.PROPERTY: "A visit that is a risk?",
    ReviewKind.READ_AND_FILE: "Read, and no reply needed?",
}
_SAID = {Said.CONFIRM: "Yes.", Said.OVERTURN: "No.", Said.RELEASE: "Release it."}
_LIES = {
    Outcome.KEPT: ("It stays there", "It is back in its inbox"),
    Outcome.FILED: ("It stays filed", "It is filed"),
    Outcome.REDIRECTED: ("It stays there", "It goes to the point of contact"),
    Outcome.WAITING: ("It waits on", "It waits"),
}
"""What is said of where a message lies: as before, or since the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One example of a kind, in sentences. `item` is the question that an officer answered, if one did."""

    kind: RestrictionKind
    before: Result
    after: Result
    item: int | None
    came: str
    answered: str
    told: str

    @property
    def as_expected(self) -> bool:
        """Whether the message came to lie where the sample says."""
        return self.after.disposition == (self.before.sample.then or self.before.sample.outcome)


def name_of(kind: RestrictionKind) -> str:
    """The kind in the words of a person."""
    return _NAMES.get(kind, kind.value.replace("-", " ").capitalize())


def answer_all(runtime: Runtime, results: Sequence[Result]) -> dict[str, int]:
    """Answer as the officers do; by reference of the message, the item that was answered. What follows is only owed."""
    answered: dict[str, int] = {}
    for result in results:
        reply = result.sample.answer
        item = None if reply is None else _item(runtime, result, reply)
        if reply is not None and item is not None:
            answer_item(runtime, item, Answer(outcome=reply.outcome, by=reply.by, note=reply.note))
            answered[result.ref] = item
    return answered


def _item(runtime: Runtime, result: Result, reply: Reply) -> int | None:
    with runtime.database.transaction() as session:
        asked = joined_store.of_delivery(session, _number(result))
        return next((row.id for row in asked if row.kind == reply.question and row.closed_at is None), None)


def stories(
    runtime: Runtime, before: Sequence[Result], after: Sequence[Result], answered: dict[str, int]
) -> tuple[Story, ...]:
    """The examples in the order of the precedence, each told from the ledger."""
    pairs = list(zip(before, after, strict=True))
    with runtime.database.transaction() as session:
        return tuple(
            _story(runtime, session, pair, answered.get(pair[0].ref))
            for step in PRECEDENCE
            for pair in pairs
            if pair[0].sample.example is step.kind
        )


def _story(runtime: Runtime, session: Session, pair: tuple[Result, Result], item: int | None) -> Story:
    before, after = pair
    first, *_ = decisions.history(session, _number(before))
    actions, kind = decisions.decision_of(first).actions, before.sample.example
    told = " ".join(_told(noticing_store.of_delivery(session, _number(before))))
    return Story(
        kind=kind or RestrictionKind.OTHER,
        before=before,
        after=after,
        item=item,
        came=_came(actions, before),
        answered=" ".join(_answered(session, pair, item)),
        told=told or _refused(runtime, session, before, actions) or "No letter to the writer.",
    )


def _number(result: Result) -> int:
    return ids.parse_message_ref(result.ref) or 0


def _came(actions: Sequence[Action], before: Result) -> str:
    match actions[0]:
        case Hold(until=until):
            when = f"{until.astimezone(COUNCIL_TIME):%A %d %B, %H:%M}"
            waits = before.disposition == Outcome.WAITING
            return f"Waits until {when}." if waits else f"Waited until {when}, and came back into its inbox then."
        case Redirect(spoc=spoc):
            return f"Went to {spoc}."
        case FileInto():
            return "Filed, for a person to read."
        case _:
            return "Stayed in its inbox."


def _answered(session: Session, pair: tuple[Result, Result], item: int | None) -> Iterator[str]:
    before, after = pair
    reply = before.sample.answer
    if reply is None or item is None:
        return
    officer = officer_store.officers(session).named(reply.by)
    row = review_store.review(session, item)
    count = 0 if row is None else len(joined_store.messages(session, row))
    several = f" (asked once about {count} messages)" if count > 1 else ""
    yield f"“{_ASKED[reply.question]}”{several} {officer.name if officer else reply.by}: “{_SAID[reply.outcome]}”"
    as_before, since = _LIES[Outcome(after.disposition)]
    yield f"{as_before if after.disposition == before.disposition else since}."
    if any(after.ref in row.question for row in _of_case(session, before)):
        yield "The case's owner is asked to look at what is new."


def _of_case(session: Session, result: Result) -> tuple[review_store.ReviewRow, ...]:
    decision = decisions.decision_of(decisions.history(session, _number(result))[0])
    cases = [version.rpartition("@")[0] for version in decision.register_versions]
    return tuple(row for ref in cases for row in review_store.of_case(session, ref))


def _told(notices: Sequence[NoticeRow]) -> Iterator[str]:
    for notice in notices:
        letter = _LETTERS.get(LetterKind(notice.letter), f"the letter “{notice.letter}”")
        if notice.state == Fate.ISSUED:
            yield f"The writer got {letter}."
        else:
            yield f"No second letter to the writer ({notice.why or 'it is still owed'})."


def _refused(runtime: Runtime, session: Session, result: Result, actions: Sequence[Action]) -> str:
    """What somebody is told who is about to write to this person; nothing if they may."""
    officer = next(iter(officer_store.officers(session).everyone))
    spoc = next((one.spoc for one in actions if isinstance(one, Redirect)), None)
    owed = any(word == ReviewKind.ANSWER for word in result.asked)
    mailbox = runtime.settings.mailboxes[result.sample.mailbox].address
    mail = Outgoing(to=result.sender, sender=spoc if owed else mailbox)
    answered: Callable[[str], str | None] = partial(joined_store.answered, session)
    ruling = may_go_out(session, runtime.desk(officer), mail, answered)
    return "" if ruling.allowed else f"Whoever would e-mail the writer is told: “{' '.join(ruling.reasons)}”"
