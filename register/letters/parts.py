"""The parts of letters that are written from the register and the policy, so that they say what is so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from policies.vocabulary import AtExpiry, Language, Part
from register.casework.figures import impact_figures
from register.casework.steps import Measure
from register.dates import day_of
from register.letters.letter import Block, Bullets, Paragraph, paragraphs
from register.letters.occasion import Applied, Occasion
from register.letters.sentences import explain, name_of
from register.letters.services import services

Blocks = Iterator[Block]
Dated = Sequence[tuple[Applied, date]]


def computed(part: Part, occasion: Occasion) -> tuple[Block, ...]:
    """What this part says. Raises LetterRefusedError where the register does not hold what it takes."""
    return tuple(_WRITTEN_BY[part](occasion))


def _restrictions(occasion: Occasion) -> Blocks:
    say = occasion.wording.say
    if not occasion.told:
        yield Paragraph(say("arrangements-none"))
    if occasion.announced:
        yield Paragraph(say("arrangements-decided"))
        yield _explained(occasion.announced, occasion)
    if occasion.in_force:
        yield Paragraph(say("arrangements-besides" if occasion.announced else "arrangements-in-force"))
        yield _explained(occasion.in_force, occasion)


def _explained(found: Sequence[Applied], occasion: Occasion) -> Bullets:
    matters = occasion.standing.case.matters
    return Bullets(tuple(explain(one.measure, matters, occasion.wording) for one in found))


def _duration(occasion: Occasion) -> Blocks:
    say = occasion.wording.say
    if not occasion.told:
        yield Paragraph(say("arrangements-none"))
        return
    yield from _starts(occasion)
    ends = [(one.measure, one.provisional_end) for one in occasion.told]
    if not any(end for _, end in ends):
        yield Paragraph(say("lasts-open"))
        return
    yield from _ends(ends, occasion)
    lapses = occasion.policy.at_expiry.value is AtExpiry.LAPSE
    yield Paragraph(say("then-lapse" if lapses else "then-continue"))


def _starts(occasion: Occasion) -> Blocks:
    say = occasion.wording.say
    if occasion.announced:
        yield Paragraph(say("starts-new" if occasion.in_force else "starts-with-letter"))
        return
    starts = [(one, day_of(one.commenced_at)) for one in occasion.in_force if one.commenced_at is not None]
    past = all(day <= occasion.draft.on for _, day in starts)
    yield from _by_date(starts, ("starts-since" if past else "starts-from", "starts-each"), occasion)


def _ends(ends: Sequence[tuple[Measure, date | None]], occasion: Occasion) -> Blocks:
    wording = occasion.wording
    days = {end for _, end in ends}
    if len(days) == 1:
        yield from (Paragraph(wording.say("lasts-until", date=wording.day(day))) for day in days if day)
        return
    yield Paragraph(wording.say("lasts-each"))
    yield Bullets(
        tuple(f"{name_of(one, wording)}: {wording.day(end) if end else wording.say('no-end-set')}" for one, end in ends)
    )


def _monitoring(occasion: Occasion) -> Blocks:
    say = occasion.wording.say
    if not occasion.told:
        yield Paragraph(say("arrangements-none"))
        return
    watched = [(one, one.monitoring_until) for one in occasion.told if one.monitoring_until is not None]
    if not watched:
        message = "no monitoring period is recorded: state monitoring_until in the proposal"
        raise occasion.refused(message)
    yield from _by_date(watched, ("monitored-until", "monitored-each"), occasion)
    yield Paragraph(say("monitored-extended"))


def _review(occasion: Occasion) -> Blocks:
    wording, reviews = occasion.wording, occasion.policy.reviews
    if not occasion.told:
        yield Paragraph(wording.say("reviewed-ended"))
        return
    how = "reviewed-on" if reviews.fixed.value else "reviewed-by"
    yield from _by_date([(one, one.review_on) for one in occasion.told], (how, f"{how}-each"), occasion)
    yield Paragraph(wording.say("reviewed-how"))
    if reviews.letter_within is None:
        yield Paragraph(wording.say("reviewed-letter"))
    else:
        within = wording.period(reviews.letter_within.value)
        yield Paragraph(wording.say("reviewed-letter-within", period=within))


def _by_date(dated: Dated, sentences: tuple[str, str], occasion: Occasion) -> Blocks:
    """The first sentence where one date is everybody's, else the second and a list."""
    wording, (one_date, each_date) = occasion.wording, sentences
    days = {day for _, day in dated}
    if len(days) == 1:
        yield from (Paragraph(wording.say(one_date, date=wording.day(day))) for day in days)
        return
    yield Paragraph(wording.say(each_date))
    yield Bullets(tuple(f"{name_of(one.measure, wording)}: {wording.day(day)}" for one, day in dated))


def _impact_figures(occasion: Occasion) -> Blocks:
    wording, figures = occasion.wording, impact_figures(occasion.standing.case)
    if figures is None:
        message = "no incident is recorded whose impact could be shown: record the incidents first"
        raise occasion.refused(message)
    say, first, last = wording.say, wording.day(figures.first), wording.day(figures.last)
    if first == last:
        yield Paragraph(say("figures-lead-day", date=first))
    else:
        yield Paragraph(say("figures-lead", first=first, last=last))
    lines = [
        say("figures-channel", channel=wording.channels[channel].counted, count=count)
        for channel, count in figures.by_channel
    ]
    lines.append(say("figures-total", count=figures.contacts))
    if figures.hours:  # none recorded is not none spent
        lines.append(say("figures-hours", hours=f"{figures.hours:.10g}"))
    busiest = wording.day(figures.busiest_week)
    lines.append(say("figures-busiest", date=busiest, count=figures.in_busiest_week))
    yield Bullets(tuple(lines))


def _appeal(occasion: Occasion) -> Blocks:
    words = occasion.policy.appeals.words.get(occasion.language)
    if words is None:
        message = f"{occasion.policy.version} has no words on appeals in {occasion.language}: add them to appeals.words"
        raise occasion.refused(message)
    yield from paragraphs(words)


def _ombudsman(occasion: Occasion) -> Blocks:
    say, ombudsman = occasion.wording.say, occasion.policy.ombudsman.value
    name = ombudsman.name.get(occasion.language)
    if name is None:
        message = f"{occasion.policy.version} has no name of the ombudsman in {occasion.language}: add it to ombudsman"
        raise occasion.refused(message)
    yield Paragraph(say("ombudsman-lead"))
    lines = [name, *ombudsman.address, say("ombudsman-telephone", telephone=ombudsman.telephone)]
    if ombudsman.email is not None:
        lines.append(say("ombudsman-email", email=ombudsman.email))
    yield Paragraph("\n".join((*lines, say("ombudsman-website", website=ombudsman.website))))


def _policy(occasion: Occasion) -> Blocks:
    wording, document = occasion.wording, occasion.policy.document
    lines = [document.title, *control_lines(occasion), wording.say("policy-source", source=document.source)]
    yield Paragraph(wording.say("policy-lead"))
    yield Bullets(tuple(lines))
    yield Paragraph(wording.say("policy-definitions"))
    quoted = None if occasion.language is Language.ENGLISH else Language.ENGLISH
    yield Paragraph(occasion.policy.definitions.value, language=quoted)
    yield Paragraph(wording.say("policy-enclosed" if occasion.draft.policy_enclosed else "policy-on-request"))


def control_lines(occasion: Occasion) -> Iterator[str]:
    """What the policy document says identifies it (row 3.43)."""
    say, document = occasion.wording.say, occasion.policy.document
    if document.identifier is not None:
        yield say("policy-identifier", identifier=document.identifier)
    if document.version is not None:
        yield say("policy-version", version=document.version)
    if document.revised is not None:
        yield say("policy-revised", date=occasion.wording.day(document.revised))


_WRITTEN_BY: Mapping[Part, Callable[[Occasion], Blocks]] = {
    Part.RESTRICTIONS: _restrictions,
    Part.DURATION: _duration,
    Part.MONITORING: _monitoring,
    Part.REVIEW: _review,
    Part.SERVICES: services,
    Part.IMPACT_FIGURES: _impact_figures,
    Part.APPEAL: _appeal,
    Part.OMBUDSMAN: _ombudsman,
    Part.POLICY: _policy,
}
