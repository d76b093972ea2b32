"""What a measure must hold before it can be proposed or decided: an allowed kind, terms that can be met, no overlap."""

from collections.abc import Iterable, Sequence

from policies.policy import Stage
from policies.vocabulary import RestrictionKind
from register.casework.refusal import Objection, Objections, Situation, against, plainly
from register.casework.steps import Measure
from register.dates import after
from register.restrictions import OneResponseLine, ReadAndFile, RepresentativeOnly, SpocDiversion, matters_of

_MAY_STAND_TWICE = frozenset({RestrictionKind.OTHER})


def of_measures(measures: Sequence[Measure], stage: Stage, situation: Situation) -> Objections:
    """Everything that speaks against these measures at this stage."""
    allowed = stage.kinds.value if stage.kinds else ()
    for measure in measures:
        if measure.terms.kind not in allowed:
            rule = stage.kinds or stage.takes
            yield against(rule, f"{measure.terms.kind} is not among what {stage.name} allows: {', '.join(allowed)}")
        yield from _terms(measure, situation)
        yield from _scope(measure, situation)
    yield from overlaps(measures, ())


def overlaps(measures: Sequence[Measure], beside: Iterable[Measure]) -> Objections:
    """Two restrictions of one kind on the same ground would contradict each other sooner or later."""
    others = [*beside]
    for measure in measures:
        if any(_overlap(measure, other) for other in others):
            yield plainly(f"{measure.terms.kind} overlaps with another: end that, or narrow one")
        others.append(measure)


def beyond(measures: Iterable[Measure], decided: Sequence[Measure]) -> tuple[Measure, ...]:
    """Those that restrict in a way, or where, none of the decided ones does."""
    return tuple(measure for measure in measures if not any(_within(measure, one) for one in decided))


def of_spocs(measures: Sequence[Measure], situation: Situation) -> Objections:
    """Whether those who are to receive mail exist, are trained where they must be, and are not away unrepresented."""
    for measure in measures:
        match measure.terms:
            case SpocDiversion(spoc=spoc, others=others, deputy=deputy):
                for address in (spoc, *others, *((deputy,) if deputy else ())):
                    yield from _eligible(address, situation)
                yield from _present(spoc, deputy, situation)
            case OneResponseLine(owner=owner):
                yield from _eligible(owner, situation)
            case _:
                pass


def _terms(measure: Measure, situation: Situation) -> Objections:
    matters = {matter.reference: matter for matter in situation.case.matters}
    for reference in matters_of(measure.terms):
        if reference not in matters:
            yield plainly(f"{measure.terms.kind} speaks of {reference}: record that matter first")
    match measure.terms:
        case ReadAndFile(matter=reference) if reference in matters and not matters[reference].finished:
            yield plainly(
                f"{reference} is {matters[reference].state}: only a closed or exhausted matter is read and filed"
            )
        case RepresentativeOnly(representative=name):
            if name not in {one.name for one in situation.case.representatives}:
                yield plainly(f"{name} is not recorded as a representative of this person: record that first")
        case _:
            pass


def _scope(measure: Measure, situation: Situation) -> Objections:
    for excluded in situation.policy.excluded_services:
        if excluded.name in measure.services:
            yield Objection(f"{excluded.name} is outside this policy", excluded.clause)


def _overlap(one: Measure, other: Measure) -> bool:
    if one.terms.kind is not other.terms.kind or one.terms.kind in _MAY_STAND_TWICE:
        return False
    matters, others = set(matters_of(one.terms)), set(matters_of(other.terms))
    if matters and others and matters.isdisjoint(others):
        return False
    return _scopes_meet(one, other)


def _within(measure: Measure, decided: Measure) -> bool:
    if measure.terms.kind is not decided.terms.kind:
        return False
    matters, scope = set(matters_of(decided.terms)), _scope_of(decided)
    of_matters = not matters or (bool(matters_of(measure.terms)) and matters.issuperset(matters_of(measure.terms)))
    return of_matters and (not scope or (bool(_scope_of(measure)) and scope >= _scope_of(measure)))


def _scopes_meet(one: Measure, other: Measure) -> bool:
    scopes = [_scope_of(measure) for measure in (one, other)]
    return not all(scopes) or not scopes[0].isdisjoint(scopes[1])


def _scope_of(measure: Measure) -> set[str]:
    """The services and mailboxes; none is the whole council."""
    return set(measure.services) | {f"mailbox:{name}" for name in measure.mailboxes}


def _eligible(address: str, situation: Situation) -> Objections:
    """Row 2.19: an officer in a suitable role with the training; a team's mailbox has no officer, and needs none."""
    training = situation.policy.training
    officer = situation.officers.at(address)
    if officer is None:
        return
    if not officer.active:
        yield plainly(f"{officer.username} is no longer an active officer: name another point of contact")
    elif officer.trained_on is None:
        words = f"{officer.username} has no training recorded: a point of contact needs it"
        yield Objection(words, training.needed.clause, refuses=training.needed.value)
    elif training.lasts and after(officer.trained_on, training.lasts.value, situation.calendar) <= situation.today:
        words = f"the training of {officer.username} on {officer.trained_on} counted for {training.lasts.value}"
        yield Objection(words, training.lasts.clause, refuses=training.needed.value)


def _present(spoc: str, deputy: str | None, situation: Situation) -> Objections:
    officer = situation.officers.at(spoc)
    if (
        officer is not None
        and officer.absent_until is not None
        and officer.absent_until > situation.today
        and not deputy
    ):
        yield plainly(f"{officer.username} is away until {officer.absent_until}: name a deputy")
