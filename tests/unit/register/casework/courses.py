"""Courses that a case may take: turn by turn somebody records something, mostly what is due next, often what is not.

Whatever is refused is skipped, as in an office. The same turns always lead to the same case.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from policies import shelf
from policies.policy import Policy, Stage
from policies.vocabulary import COMPUTED_PARTS, Language, LetterKind
from register.calendars import council_calendar
from register.casework.case import Case
from register.casework.facts import Fact
from register.casework.gates import admit
from register.casework.refusal import RefusedError, Situation
from register.casework.stages import counts, taken_at
from register.casework.standing import CaseState, OpenProposal, Standing, standing
from register.casework.steps import (
    Activation,
    Decision,
    EqualityCheck,
    LetterIssued,
    Proposal,
    Step,
)
from register.dates import COUNCIL_TIME, day_of
from register.officers import Officer, Officers
from tests.unit.register.casework.strategies import a_record

POLICIES = {name[:3]: shelf.find(name).newest for name in shelf.shipped()}
START = datetime(2026, 1, 5, 9, 0, tzinfo=COUNCIL_TIME)
REF = "MC-00001"
TERMS: tuple[dict[str, Any], ...] = (
    {"kind": "spoc-diversion", "spoc": "spoc@council.example"},
    {"kind": "other", "measure": "Visits in pairs.", "guidance": "Never visit alone."},
    {"kind": "single-channel", "channel": "letter", "notice_every": "30 days"},
    {"kind": "contact-times", "windows": [{"day": "tuesday", "start": "10:00", "until": "12:00"}]},
    {"kind": "read-and-file", "matter": "C-1"},
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What is tried: `move` (0: what is due next), by `who` (0: whoever may), `spoilt` in a way, after some hours."""

    move: int
    who: int
    spoilt: int
    hours: int


ORDERLY = Turn(move=0, who=0, spoilt=0, hours=1)
_ANY = st.builds(
    Turn,
    st.sampled_from([*[0] * 24, *range(1, 25)]),
    st.sampled_from([*[0] * 40, *range(1, 30)]),
    st.sampled_from([*[0] * 24, *range(1, 12)]),
    st.sampled_from([1, 1, 1, 5, 24, 24, 24 * 40, 24 * 200]),
)
turns = st.builds(
    lambda orderly, any_, again, last: [*[ORDERLY] * orderly, *any_, *[ORDERLY] * again, *last],
    st.integers(0, 16),
    st.lists(_ANY, max_size=12),
    st.integers(0, 10),
    st.lists(_ANY, max_size=12),
)
"""Turns of which many lead somewhere."""

habits = st.sampled_from(["", "", "", "", "owner", "consultation", "decision", "equality-check", "letter"])
"""What an office forgets, if anything."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record, and who may make it: one of these roles, and none of these people."""

    record: Fact | Step
    roles: Collection[str] = ()
    but: Collection[str] = ()


def officers_of(policy: Policy) -> Officers:
    """Two of each role in one service, one in another, one with every role, one with none, and one who has left."""
    roles = tuple(policy.roles)
    people = [_officer(f"{role}-{number}", role) for role in roles for number in (1, 2)]
    people += [_officer(f"{role}-elsewhere", role, service="roads") for role in roles]
    return Officers(
        (
            _officer("clerk"),
            *people,
            _officer("everything", *roles),
            _officer("gone", *roles, active=False),
            _officer("spoc", email="spoc@council.example", trained_on=START.date()),
        )
    )


def _officer(username: str, *roles: str, service: str = "parks", **others: Any) -> Officer:  # noqa: ANN401 - any field
    return Officer(
        username=username,
        name=username.title(),
        job_title=username,
        service=service,
        roles=frozenset(roles),
        **others,
    )


class Course:
    """A case under one policy, as far as it has come, in an office that never thinks of what it `forgets`."""

    def __init__(self, policy: Policy, forgets: str = "") -> None:
        self.policy = policy
        self.forgets = forgets
        self.officers = officers_of(policy)
        self.calendar = council_calendar(policy.jurisdiction.value)
        self.now = START
        self.standing: Standing = standing(Case(REF))
        self.refused = 0
        self.seen: set[CaseState] = set()

    def taken(self, turns: Sequence[Turn]) -> "Course":
        """The same after these turns."""
        for turn in turns:
            self.take(turn)
        return self

    def take(self, turn: Turn) -> None:
        """Try one turn; what is refused is skipped."""
        self.now += timedelta(hours=turn.hours)
        wanted = self._next() if turn.move == 0 else MOVES[turn.move % len(MOVES)](self)
        who = (
            self._somebody(wanted) if turn.who == 0 else self.officers.everyone[turn.who % len(self.officers.everyone)]
        )
        self.record(_spoilt(wanted.record, turn.spoilt, self), who)

    def record(self, record: Fact | Step, who: Officer) -> bool:
        """Whether it was admitted."""
        try:
            event, _ = admit(record, self.situation(who))
        except RefusedError:
            self.refused += 1
            return False
        self.standing = standing(self.standing.case.with_event(event))
        self.seen.add(self.standing.state)
        return True

    def situation(self, who: Officer) -> Situation:
        """The situation in which somebody records something."""
        return Situation(
            standing=self.standing,
            policy=self.policy,
            officer=who,
            now=self.now,
            officers=self.officers,
            calendar=self.calendar,
        )

    @property
    def today(self) -> str:
        """The day, as a record has it."""
        return day_of(self.now).isoformat()

    def in_days(self, days: int) -> str:
        """The day that lies so far ahead."""
        return (day_of(self.now) + timedelta(days=days)).isoformat()

    def _somebody(self, wanted: Wanted) -> Officer:
        able = (one for one in self.officers.everyone if one.active and one.username not in wanted.but)
        return next((one for one in able if not wanted.roles or one.holds(wanted.roles)), self.officers.everyone[0])

    def _next(self) -> Wanted:
        """What an orderly office would record next."""
        case, proposal = self.standing.case, self.standing.proposal
        if self.standing.closed is not None:
            return Wanted(a_record("referral", account="Again."))
        if self.standing.appeal is not None:
            return _appeal_decided(self, "uphold")
        if case.owner is None and self.forgets != "owner":
            return Wanted(a_record("owner", officer="clerk", service="parks"))
        if proposal is not None:
            return self._on_the_way(proposal, self.policy.stages[proposal.proposal.stage])
        if len(case.incidents) < 2:
            return _incident(self)
        return self._towards_a_proposal()

    def _towards_a_proposal(self) -> Wanted:
        target = self.target()
        for stage in (*(one for one in self.policy.stages.values() if not one.restricts), target):
            taken = any(key for key, one in self.policy.stages.items() if one is stage and self._taken(key))
            if stage is not target and taken:
                continue
            if stage.continued is not None and not self._continued(stage):
                return _incident(self)
            return _stage(self, stage) if stage is not target else self.proposed(target)
        raise AssertionError

    def target(self) -> Stage:
        """The stage that restrictions are next proposed at."""
        restricting = [stage for stage in self.policy.stages.values() if stage.restricts]
        return restricting[min(len(self.standing.arrangements), len(restricting) - 1)]

    def _taken(self, stage: str) -> datetime | None:
        return taken_at(stage, self.standing, self.policy)

    def _continued(self, stage: Stage) -> bool:
        since = max((moment for key in stage.after if (moment := self._taken(key)) is not None), default=None)
        return since is None or any(incident.at > since for incident in self.standing.case.incidents)

    def proposed(self, stage: Stage) -> Wanted:
        """A proposal that has all that the policy asks for."""
        used = {one.measure.terms.kind for one in self.standing.active}
        kinds = stage.kinds.value if stage.kinds else ()
        able = [terms for terms in TERMS[:-1] if terms["kind"] in kinds and (terms["kind"] not in used)]
        record = a_record(
            "proposal",
            stage=_name(stage, self.policy),
            grounds=[self.policy.grounds.value[0]],
            measures=[{"terms": (able or [TERMS[1]])[0]}],
            statements=dict.fromkeys(self.policy.statements, "It is so."),
            provisional_end=self.in_days(200),
            review_on=self.in_days(150),
            monitoring_until=self.in_days(250),
            complaint="CP-1",
        )
        return Wanted(record, stage.takes.value)

    def _on_the_way(self, proposal: OpenProposal, stage: Stage) -> Wanted:
        """From a proposal to its activation: consult, decide, check, write, begin."""
        missing = (wanted for wanted in self._missing(proposal, stage) if wanted.record.kind != self.forgets)
        return next(missing, Wanted(a_record("activation", commences_at=self.now.isoformat())))

    def _missing(self, proposal: OpenProposal, stage: Stage) -> Iterator[Wanted]:
        asked = {event.record.role for event in proposal.consultations}
        for role in stage.consulted.value if stage.consulted else ():
            if role not in asked:
                yield Wanted(a_record("consultation", role=role, consulted=role, response="Agreed."))
        groups = stage.approvers.value if stage.approvers else ()
        if len(proposal.approvals) < len(groups):
            decision = a_record("decision", verdict="approve", reasons="Proportionate.")
            yield Wanted(decision, groups[len(proposal.approvals)], _involved(proposal))
        check = self.standing.case.last(EqualityCheck)
        if check is None or not counts(check, self.standing):
            yield Wanted(a_record("equality-check", on=self.today, considered="Asked.", adjustments="None."))
        if proposal.notice is None:
            letter = stage.letter.value if stage.letter else LetterKind.DECISION
            yield Wanted(_letter(self, letter), [role for group in groups for role in group])


def _involved(proposal: OpenProposal) -> frozenset[str]:
    """Who proposed it and who approved it."""
    return frozenset({proposal.event.by.officer, *(event.by.officer for event in proposal.approvals)})


def _name(stage: Stage, policy: Policy) -> str:
    return next(key for key, one in policy.stages.items() if one is stage)


def _incident(course: Course) -> Wanted:
    category = next(key for key, one in course.policy.categories.items() if not one.needs)
    return Wanted(
        a_record("incident", at=course.now.isoformat(), channel="email", categories=[category], account="Again.")
    )


def _stage(course: Course, stage: Stage) -> Wanted:
    if stage.letter is not None:
        return Wanted(_letter(course, stage.letter.value), stage.takes.value)
    record = a_record("stage", stage=_name(stage, course.policy), channel="telephone", words="It was explained.")
    return Wanted(record, stage.takes.value)


def _letter(course: Course, letter: LetterKind) -> LetterIssued:
    wanted = course.policy.letters.get(letter, {})
    parts = {part: "It is so." for part in wanted if part not in COMPUTED_PARTS}
    languages = course.policy.languages.value
    record = a_record(
        "letter",
        letter=letter,
        on=course.today,
        channel="letter",
        languages=languages,
        parts=parts,
        parts_cy=parts if Language.WELSH in languages else {},
    )
    assert isinstance(record, LetterIssued)
    return record


def _reviewers(course: Course) -> tuple[str, ...]:
    return course.policy.reviews.decided_by.value


def _review(course: Course, outcome: str, **fields: Any) -> Wanted:  # noqa: ANN401 - any field
    words = {"on": course.today, "considerations": "Less.", "outcome": outcome, "subject_matter": "The hedge."}
    return Wanted(a_record("review", **words, **fields), _reviewers(course))


def _goes_on(course: Course) -> dict[str, Any]:
    return {"ends_on": course.in_days(120), "review_on": course.in_days(100)}


def _amended(course: Course, kind: str, **fields: Any) -> Wanted:  # noqa: ANN401 - any field
    """Other measures, or at a review the same for less, by whoever may decide so."""
    target = course.target()
    deciders = [role for group in (target.approvers.value if target.approvers else ()) for role in group]
    roles = {"review": _reviewers(course), "decision": deciders}.get(kind, ())
    involved = _involved(course.standing.proposal) if course.standing.proposal else ()
    measure = {"terms": TERMS[0], "services": ["parks"]} if kind == "review" else {"terms": TERMS[1]}
    return Wanted(a_record(kind, **fields, measures=[measure]), roles, involved)


def _adoption(course: Course) -> Wanted:
    record = a_record(
        "adoption",
        stage=_name(course.target(), course.policy),
        measures=[{"terms": TERMS[1], "services": ["parks"]}],
        decided_by="A former Director",
        decided_by_title="Director",
        decided_on=course.in_days(-60),
        advised_on=course.in_days(-59),
        commenced_at=f"{course.in_days(-58)} 09:00",
        reasons="As the file says.",
        review_on=course.in_days(60),
        provisional_end=course.in_days(61),
        source="register.xlsx",
    )
    return Wanted(record, course.policy.keepers.value)


def _appeal_decided(course: Course, outcome: str, **fields: Any) -> Wanted:  # noqa: ANN401 - any field
    rule = course.policy.appeals.decided_by
    decided = {name for one in course.standing.active for name in one.decided_by}
    return Wanted(
        a_record("appeal-decision", outcome=outcome, reasons="Looked at.", **fields),
        rule.value if rule else (),
        decided,
    )


def _returned(course: Course) -> Wanted:
    issued = course.standing.case.last(LetterIssued)
    return Wanted(a_record("letter-failed", letter=issued.number if issued else 1, on=course.today, reason="Gone."))


def _matter(course: Course, state: str) -> Wanted:
    fields = {"reference": "C-1", "title": "The hedge", "state": state, "on": course.today, "reason": "Done."}
    return Wanted(a_record("matter", **fields, response="R-1"))


MOVES: tuple[Callable[[Course], Wanted], ...] = (
    _incident,
    lambda _: Wanted(a_record("person", name="Sam Specimen")),
    lambda course: Wanted(
        a_record("identifier", identifier="email", value="sam@mail.example", source="a letter", since=course.today)
    ),
    lambda _: Wanted(a_record("referral", account="Again.")),
    lambda course: Wanted(a_record("referral-declined", advice="Patience."), course.policy.keepers.value),
    lambda course: _matter(course, "open"),
    lambda course: _matter(course, "exhausted"),
    lambda course: course.proposed(course.target()),
    lambda _: Wanted(a_record("decision", verdict="reject", reasons="No.")),
    lambda course: _amended(course, "decision", verdict="amend", reasons="Less."),
    lambda _: Wanted(a_record("notice-waived", reason="At once.")),
    lambda course: Wanted(a_record("activation", commences_at=course.now.isoformat())),
    lambda course: Wanted(_letter(course, LetterKind.DECISION)),
    _returned,
    _adoption,
    lambda course: _review(course, "extend", **_goes_on(course)),
    lambda course: _amended(
        course,
        "review",
        on=course.today,
        considerations="Less.",
        outcome="amend",
        subject_matter="The hedge.",
        **_goes_on(course),
    ),
    lambda course: _review(course, "remove"),
    lambda course: Wanted(a_record("monitoring-extended", until=course.in_days(400), reason="Longer.")),
    lambda course: Wanted(
        a_record("appeal", on=course.today, account="Unfair.", channel="email", assigned_to="everything")
    ),
    lambda course: _appeal_decided(course, "overturn"),
    lambda course: _appeal_decided(course, "vary", measures=[{"terms": TERMS[1]}]),
    lambda course: Wanted(a_record("end", reason="Enough."), _reviewers(course)),
    lambda _: Wanted(a_record("closure", reason="Done.")),
)


def _spoilt(record: Fact | Step, way: int, course: Course) -> Fact | Step:
    """The record with something left out, moved or changed; most ways leave most records as they are."""
    match record:
        case Proposal():
            return _spoilt_proposal(record, way, course)
        case Decision() if way == 1:
            return a_record("decision", verdict="amend", reasons="Less.", measures=[{"terms": TERMS[way]}])
        case LetterIssued():
            return _spoilt_letter(record, way)
        case Activation() if way in {1, 2, 3}:
            return replace(record, commences_at=course.now + timedelta(days=(-40, 40, 240)[way - 1]))
        case _:
            return record


def _spoilt_letter(record: LetterIssued, way: int) -> LetterIssued:
    changes: dict[int, dict[str, Any]] = {
        1: {"parts": {}},
        2: {"letter": LetterKind.STAGE_1},
        3: {"on": record.on - timedelta(days=30)},
    }
    return replace(record, **changes.get(way, {}))


def _spoilt_proposal(record: Proposal, way: int, course: Course) -> Proposal:
    restricting = [key for key, stage in course.policy.stages.items() if stage.restricts]
    changes: dict[int, dict[str, Any]] = {
        1: {"statements": dict(list(record.statements.items())[1:])},
        2: {"review_on": record.review_on + timedelta(days=400)},
        3: {"extreme": True, "bypass": "A threat."},
        4: {"extreme": True},
        5: {"bypass": "A threat."},
        6: {"stage": restricting[-1], "extreme": True, "bypass": "A threat."},
        7: {"monitoring_until": None},
        8: {"complaint": None},
        9: {"grounds": ("being tall",)},
        10: {"provisional_end": record.provisional_end - timedelta(days=199)},
    }
    return replace(record, **changes.get(way, {}))
