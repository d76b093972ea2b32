"""What a restriction means for the person, in plain language, with its terms filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date

from policies.period import Period, Unit
from policies.vocabulary import Channel
from register.casework.facts import Matter
from register.casework.steps import Measure
from register.letters.wording import Wording
from register.restrictions import (
    Agreement,
    ContactTimes,
    LimitedTopics,
    SpocDiversion,
    StatementsInWriting,
    TelephoneLimit,
    Terms,
    Window,
    matters_of,
)

_WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER})


def name_of(measure: Measure, wording: Wording) -> str:
    """What the restriction is called."""
    return wording.restrictions[measure.terms.kind].name


def explain(measure: Measure, matters: Iterable[Matter], wording: Wording) -> str:
    """The restriction by name, what it means, and what it applies to."""
    templates = wording.restrictions[measure.terms.kind].says
    values = _values(measure.terms, matters, wording)
    said = " ".join(templates[case].format_map(values) for case in _cases(measure.terms))
    return f"{name_of(measure, wording)}: {said}\n{_scope(measure, wording)}"


def _cases(terms: Terms) -> tuple[str, ...]:
    """Which of the kind's sentences apply to these terms."""
    match terms:
        case SpocDiversion(others=others) if others:
            return (_first_case(terms), "others")
        case TelephoneLimit(instead=str()):
            return (_first_case(terms), "instead")
        case ContactTimes(channels=channels) if _WRITTEN.intersection(channels):
            return (_first_case(terms), "waits")
        case _:
            return (_first_case(terms),)


def _first_case(terms: Terms) -> str:
    match terms:
        case LimitedTopics(rule=rule):
            return rule
        case TelephoneLimit(calls=0):
            return "none"
        case Agreement(signed_on=signed_on):
            return "signed" if signed_on else "offered"
        case StatementsInWriting(days_before=0):
            return "any-time"
        case _:
            return "usual"


def _values(terms: Terms, matters: Iterable[Matter], wording: Wording) -> Mapping[str, str]:
    """Every term by its name, in words."""
    values = {field.name: _in_words(getattr(terms, field.name), wording) for field in fields(terms)}
    titles = {matter.reference: matter.title for matter in matters}
    named = ", ".join(
        wording.say("matter", reference=reference, title=titles[reference]) if reference in titles else reference
        for reference in matters_of(terms)
    )
    if isinstance(terms, StatementsInWriting) and terms.days_before:
        values["days_before"] = wording.period(Period(terms.days_before, Unit.DAYS))
    return {**values, "matter": named, "matters": named}


def _in_words(term: object, wording: Wording) -> str:
    match term:
        case Channel():
            return wording.by([term])
        case Period():
            return wording.period(term)
        case date():
            return wording.day(term)
        case Window(day=day, start=start, until=until):
            return wording.say("window", day=wording.weekdays[day], start=f"{start:%H:%M}", until=f"{until:%H:%M}")
        case tuple():
            channels = [one for one in term if isinstance(one, Channel)]
            return wording.by(channels) if channels else ", ".join(_in_words(one, wording) for one in term)
        case _:
            return str(term)


def _scope(measure: Measure, wording: Wording) -> str:
    places = ", ".join((*measure.services, *measure.mailboxes))
    said = wording.say("scope-places", places=places) if places else wording.say("scope-council")
    if measure.subject_matter:
        return f"{said} {wording.say('scope-subject', subject=measure.subject_matter)}"
    return said
