"""What follows from a person's answer to an item: their decision about the message, where it changes anything. Pure."""

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from policies.vocabulary import LetterKind, RestrictionKind
from routing.action import Action, FileInto, FolderRole, Hold, Keep, Notice, Redirect, ReviewKind
from routing.decision import Decision, Reason

_RESTRICTION = re.compile(r"restriction:(?P<case>.+)v\d+:(?P<restriction>.+):(?P<kind>[a-z-]+)")


class Outcome(StrEnum):
    """What a person answers."""

    CONFIRM = "confirm"  # it is as the question supposes
    OVERTURN = "overturn"  # it is not
    RELEASE = "release"  # whatever it is, the message goes back to its team


def answered(decision: Decision, kind: ReviewKind, outcome: Outcome, by: str) -> Decision | None:
    """The decision that supersedes this one; None where the answer is for the record, and moves nothing."""
    follow = _FOLLOWS.get((kind, outcome)) or (_put_back if outcome is Outcome.RELEASE else None)
    actions = follow(decision) if follow is not None else None
    if actions is None:
        return None
    words = f"A person answered the {kind} item: {outcome}."
    reasons = (Reason(code=f"answer:{kind}:{outcome}", words=words), *decision.reasons)
    return replace(decision, actions=actions, reasons=reasons, decided_by=by)


def _put_back(decision: Decision) -> tuple[Action, ...] | None:
    """Back into its inbox, if it was to leave it; and its writer is not told of another way."""
    changes = any(isinstance(action, FileInto | Redirect | Hold | Notice) for action in decision.actions)
    return (Keep(),) if changes else None


def _keep(decision: Decision) -> tuple[Action, ...] | None:
    """It is owed an answer where it lies; its writer is not told that it gets none."""
    return (Keep(),) if _told(decision) else None


def _file(decision: Decision) -> tuple[Action, ...]:
    """Filed: whoever answered has read it."""
    return (FileInto(FolderRole.FILED), *_told(decision))


def _told(decision: Decision) -> tuple[Notice, ...]:
    return tuple(action for action in decision.actions if isinstance(action, Notice))


def _close(decision: Decision) -> tuple[Action, ...]:
    """Filed, and the stored letter goes out under the restriction that the decision cites."""
    cited = (_RESTRICTION.fullmatch(reason.code) for reason in decision.reasons)
    letters = (
        Notice(letter=LetterKind.FIXED_CLOSING, case=found["case"], restriction=found["restriction"])
        for found in cited
        if found is not None and found["kind"] == RestrictionKind.FIXED_LETTER
    )
    return (FileInto(FolderRole.FILED), *_told(decision), *letters)


_FOLLOWS: dict[tuple[ReviewKind, Outcome], Callable[[Decision], tuple[Action, ...] | None]] = {
    (ReviewKind.MATTER, Outcome.CONFIRM): _file,
    (ReviewKind.MATTER, Outcome.OVERTURN): _keep,
    (ReviewKind.NEW_INFORMATION, Outcome.CONFIRM): _file,
    (ReviewKind.CLOSING, Outcome.CONFIRM): _close,
    (ReviewKind.CLOSING, Outcome.OVERTURN): _keep,
    (ReviewKind.READ_AND_FILE, Outcome.OVERTURN): _put_back,
}
