"""The decisions a register file tells of: nothing in it comes into force without who decided it, when and why."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from policies.policy import Policy
from policies.vocabulary import RestrictionKind
from register.casework.refusal import OWN_RULE
from register.dates import UnknownDayError, after
from register.exchange.columns import BY_NAME, SCOPE, WANTED, Part
from register.exchange.import_asking import Asking
from register.exchange.register_files import Row

DECISION = tuple(column.name for column in BY_NAME.values() if column.part is Part.DECISION)
_REQUIRED = {
    "decided_by": "who decided it?",
    "decided_by_title": "what is the job title of who decided it?",
    "decided_on": "when was it decided?",
    "advised_on": "when was the person told?",
    "commenced": "when did it take effect?",
    "reasons": "why was it decided?",
}


def adoptions(asking: Asking) -> None:
    """One adoption for each group of restrictions that were decided together."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in asking.entry.rows:
        if _of_restriction(row):
            groups.setdefault(tuple(row.cells.get(name) for name in DECISION), []).append(row)
    for rows in groups.values():
        measures = [measure for row in rows if (measure := _measure(asking, row)) is not None]
        decision = _decision(asking, rows[0])
        if decision is not None and len(measures) == len(rows):
            place = rows[0].place if len(rows) == 1 else f"{rows[0].place} (and {_others(rows)})"
            columns = {field: column for wanted in WANTED.values() for column, field in wanted.needs.items()}
            columns = {"commenced_at": "commenced", **{name: columns[name] for name in ("windows", "terms")}}
            asking.add(place, columns, kind="adoption", measures=measures, source=asking.office.source, **decision)


def _others(rows: Sequence[Row]) -> str:
    return ", ".join(row.place for row in rows[1:])


def _of_restriction(row: Row) -> bool:
    return any(BY_NAME[name].part in {Part.RESTRICTION, Part.DECISION} for name in row.cells)


def _measure(asking: Asking, row: Row) -> dict[str, Any] | None:
    """The measure of a row, unless its kind is none, or lacks or does not use a column."""
    given = str(row.cells.get("kind", ""))
    if given not in set(RestrictionKind):
        words = f"{given} is no kind of restriction" if given else "is required"
        asking.wrong(f"{row.place}, kind", f"{words}: write {', '.join(RestrictionKind)}")
        return None
    kind = RestrictionKind(given)
    wanted = WANTED[kind]
    lacking = [column for column in wanted.needs if column not in row.cells]
    known = {"kind", *wanted.needs, *wanted.may, *SCOPE}
    unused = [name for name in row.cells if BY_NAME[name].part is Part.RESTRICTION and name not in known]
    for column in lacking:
        asking.wrong(f"{row.place}, {column}", f"is required for {kind}")
    for column in unused:
        asking.wrong(f"{row.place}, {column}", f"is nothing that {kind} uses: empty it, or correct the kind")
    if lacking or unused:
        return None
    fields = {**wanted.needs, **wanted.may}
    terms = {field: row.cells[column] for column, field in fields.items() if column in row.cells}
    scope = {name: row.cells[name] for name in SCOPE if name in row.cells}
    return {"terms": {"kind": kind, **terms}, **scope}


def _decision(asking: Asking, row: Row) -> dict[str, Any] | None:
    """Who decided, when and why, and when the person was told: without any of it, nothing comes into force."""
    told = {name: row.cells[name] for name in DECISION if name in row.cells}
    before = len(asking.mistakes)
    for name, question in _REQUIRED.items():
        if name not in told:
            asking.wrong(f"{row.place}, {name}", f"{question} [{_rule(name, asking.office.policy)}]")
    told["stage"] = _stage(asking, row)
    decided = told.get("decided_on")
    if isinstance(decided, date) and "review_on" not in told:
        told["review_on"] = _review_on(asking, row.place, decided)
    if len(asking.mistakes) > before:
        return None
    commenced_at = told.pop("commenced")
    return {**told, "commenced_at": commenced_at}


def _rule(name: str, policy: Policy) -> str:
    return policy.notice_first.clause if name == "advised_on" else OWN_RULE


def _stage(asking: Asking, row: Row) -> str:
    """The stage that is told; or the only one of the policy that restricts."""
    stages = [name for name, stage in asking.office.policy.stages.items() if stage.restricts]
    if "stage" not in row.cells and len(stages) > 1:
        words = f"at which stage was it decided? {asking.office.policy.version} restricts at {' and '.join(stages)}"
        asking.wrong(f"{row.place}, stage", words)
    told = row.cells.get("stage", stages[0])
    return next((name for name in stages if name.casefold() == told), str(told))


def _review_on(asking: Asking, place: str, decided: date) -> date:
    """The day that the policy sets for a decision of which no review date is told; that it was taken is remarked."""
    interval = asking.office.policy.reviews.interval
    try:
        day = after(decided, interval.value, asking.office.calendar)
    except UnknownDayError as error:
        asking.wrong(f"{place}, decided_on", str(error))
        return decided
    words = f"none is given; taken as {day}, {interval.value} after it was decided [{interval.clause}]"
    asking.remarks.append(f"{place}, review_on: {words}")
    return day
