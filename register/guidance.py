"""What an officer is to do and say on each channel under each kind of restriction, in plain sentences."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from policies.vocabulary import Channel
from register.dates import COUNCIL_TIME, in_words
from register.restrictions import (
    DAYS,
    Agreement,
    ContactTimes,
    DesignatedPremises,
    FixedLetter,
    LimitedTopics,
    NewInformationOnly,
    OneResponseLine,
    OtherMeasure,
    PostalReplies,
    ReadAndFile,
    RepresentativeOnly,
    SingleChannel,
    SocialMediaBlock,
    SpocDiversion,
    StatementsInWriting,
    TelephoneLimit,
    Terms,
    TimeLimit,
    UnrelatedOnly,
    Window,
    WitnessedContact,
)

_WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER})
_SPOKEN = frozenset({Channel.TELEPHONE, Channel.IN_PERSON})
_DIRECT = _WRITTEN | _SPOKEN | {Channel.SOCIAL_MEDIA}  # all but public meetings

_WORDS = {
    Channel.EMAIL: "by e-mail",
    Channel.TELEPHONE: "by telephone",
    Channel.LETTER: "by letter",
    Channel.IN_PERSON: "in person",
    Channel.SOCIAL_MEDIA: "on social media",
    Channel.MEETING: "at public meetings",
}
_CALLED = {Channel.TELEPHONE: "Calls", Channel.IN_PERSON: "Visits", Channel.EMAIL: "E-mails", Channel.LETTER: "Letters"}


def guidance(terms: Terms, channel: Channel, now: datetime) -> tuple[str, ...]:
    """What staff do and say on this channel at `now`; nothing where the restriction has no bearing on it."""
    mail, subjects = _of_mail(terms, channel), _of_subjects(terms, channel)
    return (*mail, *subjects, *_of_contact(terms, channel, now), *_of_meetings(terms, channel))


def _of_mail(terms: Terms, channel: Channel) -> Iterator[str]:
    """Who answers, and how: the kinds that act on letters."""
    match terms:
        case SpocDiversion() if channel in _DIRECT:
            yield from _diverted(terms, channel)
        case OneResponseLine(owner=owner) if channel in _DIRECT:
            yield f"Do not answer yourself: pass it on to {owner}, who answers once for the whole council."
        case PostalReplies() if channel in {*_WRITTEN, Channel.SOCIAL_MEDIA}:
            yield "Answer by post only, whichever way it came."
        case FixedLetter(every=every) if channel in _WRITTEN:
            yield "Read it. If it holds a new complaint, deal with that as usual."
            yield f"If not, a person confirms so, and it is closed with the stored letter, at most once in {every}."
        case SingleChannel():
            yield from _single(terms, channel)
        case RepresentativeOnly(representative=name, notice_every=every) if channel in _DIRECT:
            yield f"Contact is through {name}: ask the person to go through them, and answer {name}."
            if channel in _WRITTEN:
                yield f"What comes directly is filed; the person is told so at most once in {every}."
        case _:
            pass


def _diverted(terms: SpocDiversion, channel: Channel) -> Iterator[str]:
    answering = " or ".join((terms.spoc, *terms.others))
    if channel in _SPOKEN:
        yield f'Say: "Your single point of contact is {terms.spoc}. Please contact them; I cannot deal with this here."'
        yield "Do not discuss the case. An emergency, or a danger to anybody, is dealt with at once."
    else:
        yield f"Do not answer: only {answering} answers. Pass it on to {terms.spoc}."
    if terms.deputy is not None:
        yield f"While {terms.spoc} is away, it is {terms.deputy}."


def _single(terms: SingleChannel, channel: Channel) -> Iterator[str]:
    only = _WORDS[terms.channel]
    if channel is terms.channel:
        yield f"This is the one way of contact that is open: the council is contacted {only}."
    elif channel in _SPOKEN:
        yield f'Say: "We have asked you to contact us {only}. Please do so; I cannot deal with this here."'
        yield "Do not discuss the case."
    elif channel in _DIRECT:
        yield f"Do not answer: contact is {only}. The person is told so at most once in {terms.notice_every}."


def _of_subjects(terms: Terms, channel: Channel) -> Iterator[str]:
    """What is talked about, and what is not."""
    match terms:
        case ReadAndFile() if channel in _DIRECT:
            yield from _closed(terms, channel)
        case NewInformationOnly() if channel in _DIRECT:
            yield from _new(terms, channel)
        case UnrelatedOnly(matters=matters) if channel in _DIRECT:
            yield f"A complaint related to {' or '.join(matters)} is not accepted; any other is."
            yield "If you are not sure whether it is related, ask the owner of the case."
        case LimitedTopics(rule=rule, topics=topics) if channel in _DIRECT:
            about = "; ".join(topics)
            if rule == "only":
                yield f"The council deals only with: {about}. Anything else is not entered into."
            else:
                yield f"The council does not enter into: {about}. Anything else is dealt with as usual."
        case _:
            pass


def _closed(terms: ReadAndFile, channel: Channel) -> Iterator[str]:
    if channel in _WRITTEN:
        by = f" by {terms.reader}" if terms.reader else ""
        yield f"What is about {terms.matter} is read{by}, filed, and not answered."
        yield "What brings up anything else is answered as usual."
    else:
        yield f'Say: "The council has given its final answer on {terms.matter} and will not discuss it further."'
        yield "Help with anything else as usual."


def _new(terms: NewInformationOnly, channel: Channel) -> Iterator[str]:
    if channel in _WRITTEN:
        yield f"Acknowledge what is about {terms.matter} only if it brings something that was not considered before."
    else:
        yield f"Ask what is new about {terms.matter}. If nothing is, say that the council's answer stands."
    yield "If you are not sure, ask the owner of the case."


def _of_contact(terms: Terms, channel: Channel, now: datetime) -> Iterator[str]:
    """When people speak, and what is said in public."""
    match terms:
        case ContactTimes(windows=windows, channels=channels) if channel in channels:
            yield _times(windows, channel, now)
        case TimeLimit(minutes=minutes, channels=channels) if channel in channels:
            yield f"At most {minutes} minutes. Say so at the beginning, and end politely when they are over."
        case TelephoneLimit() if channel is Channel.TELEPHONE:
            yield from _calls(terms)
        case StatementsInWriting(send_to=send_to, days_before=days) if channel is Channel.MEETING:
            yield "The person does not speak at public meetings: a statement in writing is read out there instead."
            yield f"Invite them to send it to {send_to} at least {days} days before the meeting."
        case SocialMediaBlock(accounts=accounts) if channel is Channel.SOCIAL_MEDIA:
            yield f"The person may not comment on: {'; '.join(accounts)}. Do not reply there."
        case _:
            pass


def _of_meetings(terms: Terms, channel: Channel) -> Iterator[str]:
    """Where and with whom people meet; and what only staff can heed."""
    match terms:
        case WitnessedContact(witness=witness) if channel is Channel.IN_PERSON:
            yield f"Meet only in the presence of a third party: {witness}. Never alone."
        case DesignatedPremises(premises=premises) if channel is Channel.IN_PERSON:
            yield f"Meet only at: {'; '.join(premises)}. Do not visit, and meet nowhere else."
        case Agreement(terms=agreed, signed_on=signed):
            yield f"{f'Agreed on {in_words(signed)}' if signed else 'Offered, and not yet signed'}: {agreed}"
            yield "Record a breach in the case, with the message it was."
        case OtherMeasure(guidance=words):
            yield words
        case _:
            pass


def _calls(terms: TelephoneLimit) -> Iterator[str]:
    if not terms.calls:
        yield (
            'Say: "I am not able to take your call. We have written to you about this. '
            f'Please contact {terms.instead} instead. I am ending the call now."'
        )
        yield "Then end the call. An emergency, or a danger to anybody, is dealt with at once."
        return
    yield f"At most {terms.calls} {'call' if terms.calls == 1 else 'calls'} in {terms.per}: log each."
    if terms.instead is not None:
        yield f'Beyond that, say: "Please contact {terms.instead} instead", and end the call politely.'


def _times(windows: Collection[Window], channel: Channel, now: datetime) -> str:
    """Whether it is time, and when the next slot is; in council time, summer or winter."""
    what = _CALLED.get(channel, "Contacts")
    slots = [slot for slot in _slots(windows, now) if slot[1] > now]
    begins, ends = min(slots)
    if begins <= now:
        return f"{what} are taken now, until {_clock(ends)}."
    return f"{what} are not taken now. Next slot: {_moment(begins)}-{_clock(ends)}."


def _slots(windows: Collection[Window], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every slot of today and the week to come. UTC, for two moments of one zone compare by their clocks alone."""
    today = now.astimezone(COUNCIL_TIME).date()
    for number in range(8):
        day = today + timedelta(days=number)
        for window in windows:
            if DAYS[day.weekday()] == window.day:
                edges = (datetime.combine(day, edge, COUNCIL_TIME) for edge in (window.start, window.until))
                start, until = (edge.astimezone(UTC) for edge in edges)
                if start < until:  # else the clocks go forward over it
                    yield start, until


def _moment(moment: datetime) -> str:
    local = moment.astimezone(COUNCIL_TIME)
    return f"{local:%A} {in_words(local)} {_clock(moment)}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(COUNCIL_TIME):%H:%M}"
