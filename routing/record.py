"""Decisions as plain data, for the ledger and for JSON, and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from policies.vocabulary import LetterKind
from routing.action import Action, FileInto, FolderRole, Hold, Keep, Notice, RaiseReview, Redirect, ReviewKind
from routing.decision import Decision, Reason


def actions_as_data(actions: Sequence[Action]) -> list[dict[str, Any]]:
    """Actions as JSON can hold them."""
    return [_as_data(action) for action in actions]


def actions_from_data(
    actions: Sequence[dict[str, Any]],
    reasons: Sequence[Sequence[str]],
    *,
    versions: tuple[str, tuple[str, ...], str],
    decided_by: str | None = None,
) -> Decision:
    """The decision that was recorded; `versions` are those of policy, register entries and model."""
    policy, register, model = versions
    return Decision(
        actions=tuple(_from_data(action) for action in actions),
        reasons=tuple(Reason(code=code, words=words) for code, words in reasons),
        policy_version=policy,
        register_versions=register,
        model_version=model,
        decided_by=decided_by,
    )


def _as_data(action: Action) -> dict[str, Any]:
    match action:
        case Keep():
            return {"do": "keep"}
        case FileInto(folder):
            return {"do": "file into", "folder": str(folder)}
        case Redirect(spoc, role):
            return {"do": "redirect", "spoc": spoc, "role": role}
        case Hold(until):
            return {"do": "hold", "until": until.isoformat()}
        case Notice(letter=letter, case=case, restriction=restriction):
            return {"do": "notice", "letter": str(letter), "case": case, "restriction": restriction}
        case RaiseReview(kind=kind, question=question, priority=priority, joins=joins):
            together = {"joins": joins} if joins else {}
            return {"do": "raise review", "kind": str(kind), "question": question, "priority": priority, **together}
        case _ as never:
            assert_never(never)


def _from_data(data: dict[str, Any]) -> Action:
    match data:
        case {"do": "keep"}:
            return Keep()
        case {"do": "file into", "folder": folder}:
            return FileInto(FolderRole(folder))
        case {"do": "redirect", "spoc": spoc}:
            return Redirect(spoc, "team" if data.get("role") == "team" else "contact")  # once, there was only one role
        case {"do": "hold", "until": until}:
            return Hold(datetime.fromisoformat(until))
        case {"do": "notice", "letter": letter, "case": case, "restriction": restriction}:
            return Notice(letter=LetterKind(letter), case=case, restriction=restriction)
        case {"do": "raise review", "kind": kind, "question": question, "priority": priority}:
            return RaiseReview(kind=ReviewKind(kind), question=question, priority=priority, joins=data.get("joins", ""))
        case _:
            message = f"the ledger holds an action this version does not know: {data.get('do')!r}"
            raise ValueError(message)
