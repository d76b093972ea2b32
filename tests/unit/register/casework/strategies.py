"""Any record there can be, and any terms of a restriction, as Hypothesis draws them."""

import string
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from policies.period import Period, Unit
from policies.vocabulary import Channel, Language, LetterKind, MatterState, Part, Statement
from register.casework import facts, steps
from register.dates import COUNCIL_TIME
from register.records import record_from
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

Record = facts.Fact | steps.Step

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20).filter(
    str.strip
)
labels = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20).filter(str.strip)
remarks = st.just("") | words
days = st.dates(date(1900, 1, 1), date(2098, 12, 31))
moments = st.datetimes(
    datetime(1900, 1, 2),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2098, 12, 30),  # noqa: DTZ001
    timezones=st.timezones() | st.just(COUNCIL_TIME),
)
emails = st.builds(
    "{}@{}.example".format,
    st.text(string.ascii_letters + string.digits, min_size=1, max_size=8),
    st.text(string.ascii_lowercase, min_size=1, max_size=8),
)
periods = st.builds(Period, st.integers(1, 400), st.sampled_from(Unit))
several = st.lists(labels, min_size=1, max_size=3).map(tuple)
channels = st.sampled_from(Channel)
some_channels = st.lists(channels, min_size=1, max_size=3).map(tuple)
languages = st.lists(st.sampled_from(Language), min_size=1, max_size=2).map(tuple)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """A part of a weekday."""
    start = draw(st.times(max_value=time(22, 0)))
    until = (datetime.combine(date(2026, 1, 1), start) + timedelta(minutes=draw(st.integers(1, 110)))).time()
    return Window(day=draw(st.sampled_from(DAYS)), start=start, until=until)


TERMS: Mapping[type, st.SearchStrategy[Any]] = {
    SpocDiversion: st.builds(
        SpocDiversion, spoc=emails, others=st.lists(emails, max_size=2).map(tuple), deputy=st.none() | emails
    ),
    ReadAndFile: st.builds(ReadAndFile, matter=labels, reader=st.none() | labels),
    NewInformationOnly: st.builds(NewInformationOnly, matter=labels),
    UnrelatedOnly: st.builds(UnrelatedOnly, matters=several),
    LimitedTopics: st.builds(LimitedTopics, rule=st.sampled_from(["only", "never"]), topics=several),
    FixedLetter: st.builds(FixedLetter, letter=words, letter_cy=remarks, every=periods),
    SingleChannel: st.builds(
        SingleChannel,
        channel=st.sampled_from([Channel.EMAIL, Channel.LETTER, Channel.TELEPHONE]),
        notice_every=periods,
    ),
    PostalReplies: st.builds(PostalReplies),
    OneResponseLine: st.builds(OneResponseLine, owner=emails),
    ContactTimes: st.builds(
        ContactTimes, windows=st.lists(windows(), min_size=1, max_size=3).map(tuple), channels=some_channels
    ),
    TimeLimit: st.builds(TimeLimit, minutes=st.integers(1, 600), channels=some_channels),
    RepresentativeOnly: st.builds(RepresentativeOnly, representative=labels, notice_every=periods),
    TelephoneLimit: st.builds(TelephoneLimit, calls=st.integers(0, 1000), per=periods, instead=labels),
    WitnessedContact: st.builds(WitnessedContact, witness=labels),
    DesignatedPremises: st.builds(DesignatedPremises, premises=several),
    Agreement: st.builds(Agreement, terms=words, signed_on=st.none() | days, document=st.none() | labels),
    SocialMediaBlock: st.builds(SocialMediaBlock, accounts=several),
    StatementsInWriting: st.builds(StatementsInWriting, send_to=emails, days_before=st.integers(0, 30)),
    OtherMeasure: st.builds(OtherMeasure, measure=words, guidance=words),
}
"""The terms of each kind of restriction."""

terms: st.SearchStrategy[Terms] = st.one_of(*TERMS.values())
measures = st.builds(
    steps.Measure,
    terms=terms,
    services=st.lists(labels, max_size=2).map(tuple),
    mailboxes=st.lists(labels, max_size=2).map(tuple),
    subject_matter=remarks,
)
some_measures = st.lists(measures, min_size=1, max_size=2).map(tuple)
maybe_measures = st.lists(measures, max_size=2).map(tuple)
parts = st.dictionaries(st.sampled_from(Part), words, max_size=3)
statements = st.dictionaries(st.sampled_from(Statement), words, max_size=3)
postcodes = st.from_regex(r"\A[A-Z]{1,2}[0-9] [0-9][A-Z]{2}\Z")

FACTS: Mapping[type, st.SearchStrategy[Any]] = {
    facts.Person: st.builds(
        facts.Person,
        name=labels,
        aliases=st.lists(labels, max_size=2).map(tuple),
        language=st.none() | st.sampled_from(Language),
        internal=st.booleans(),
        shared_with=remarks,
    ),
    facts.Property: st.builds(
        facts.Property,
        address=words,
        postcode=postcodes,
        uprn=st.none() | st.text(string.digits, min_size=1, max_size=12),
    ),
    facts.Identifier: st.builds(
        facts.Identifier,
        identifier=st.sampled_from(facts.IdentifierKind),
        value=words,
        source=labels,
        since=days,
        shared_with=remarks,
    ),
    facts.IdentifierWithdrawn: st.builds(facts.IdentifierWithdrawn, value=words, reason=words),
    facts.Need: st.builds(
        facts.Need, need=words, adjustment=words, agency=st.none() | labels, may_be_filed=st.booleans()
    ),
    facts.Representative: st.builds(
        facts.Representative,
        name=labels,
        capacity=st.sampled_from(facts.Capacity),
        addresses=st.lists(emails, max_size=2).map(tuple),
        consent_on=st.none() | days,
    ),
    facts.Incident: st.builds(
        facts.Incident,
        at=moments,
        channel=channels,
        categories=several,
        account=words,
        effect=remarks,
        message=st.none() | labels,
        affected=st.lists(labels, max_size=2).map(tuple),
        warned=st.none() | st.booleans(),
        ended=st.none() | st.booleans(),
        reason=remarks,
        characteristic=st.none() | labels,
        legal_basis=st.none() | labels,
        routes_offered_on=st.none() | days,
        hours=st.floats(0, 10_000),
        threat=st.booleans(),
    ),
    facts.Matter: st.builds(
        facts.Matter,
        reference=labels,
        title=labels,
        state=st.sampled_from(MatterState),
        service=st.none() | labels,
        procedure=st.none() | labels,
        on=st.none() | days,
        reason=remarks,
        final_position=remarks,
        response=st.none() | labels,
    ),
    facts.Action: st.builds(
        facts.Action,
        action=st.sampled_from(facts.ActionKind),
        on=days,
        words=words,
        reference=st.none() | labels,
        document=st.none() | labels,
    ),
    facts.JointReferral: st.builds(facts.JointReferral, person_asked_on=days, council_asked_on=days, words=words),
    facts.RiskAssessment: st.builds(facts.RiskAssessment, on=days, by=labels, outcome=words),
    facts.LegalHold: st.builds(facts.LegalHold, held=st.booleans(), reason=words),
    facts.Owner: st.builds(facts.Owner, officer=labels, service=labels),
}

STEPS: Mapping[type, st.SearchStrategy[Any]] = {
    steps.Referral: st.builds(steps.Referral, account=words, view_of_person=remarks, message=st.none() | labels),
    steps.ReferralDeclined: st.builds(steps.ReferralDeclined, advice=words),
    steps.StageTaken: st.builds(steps.StageTaken, stage=labels, channel=channels, words=words, outcome=remarks),
    steps.EqualityCheck: st.builds(steps.EqualityCheck, on=days, considered=words, adjustments=words),
    steps.Proposal: st.builds(
        steps.Proposal,
        stage=labels,
        grounds=several,
        measures=some_measures,
        statements=statements,
        provisional_end=days,
        review_on=days,
        monitoring_until=st.none() | days,
        isolated=remarks,
        bypass=remarks,
        extreme=st.booleans(),
        complaint=st.none() | labels,
        other_policy=st.none() | labels,
    ),
    steps.Consultation: st.builds(steps.Consultation, role=labels, consulted=labels, response=words),
    steps.Decision: st.builds(
        steps.Decision, verdict=st.sampled_from(steps.Verdict), reasons=words, measures=maybe_measures
    ),
    steps.LetterIssued: st.builds(
        steps.LetterIssued,
        letter=st.sampled_from(LetterKind),
        on=days,
        channel=channels,
        languages=languages,
        parts=parts,
        parts_cy=parts,
        sha256=st.none() | labels,
        policy_enclosed=st.booleans(),
    ),
    steps.LetterFailed: st.builds(steps.LetterFailed, letter=st.integers(1, 30), on=days, reason=words),
    steps.NoticeWaived: st.builds(steps.NoticeWaived, reason=words),
    steps.Activation: st.builds(steps.Activation, commences_at=moments),
    steps.Adoption: st.builds(
        steps.Adoption,
        stage=labels,
        measures=some_measures,
        decided_by=labels,
        decided_by_title=labels,
        decided_on=days,
        advised_on=days,
        commenced_at=moments,
        reasons=words,
        review_on=days,
        provisional_end=st.none() | days,
        source=labels,
    ),
    steps.AdoptionConfirmed: st.builds(steps.AdoptionConfirmed, adoption=st.integers(1, 30), seen=words),
    steps.MonitoringExtended: st.builds(steps.MonitoringExtended, until=days, reason=words),
    steps.Review: st.builds(
        steps.Review,
        on=days,
        considerations=words,
        outcome=st.sampled_from(steps.ReviewOutcome),
        subject_matter=words,
        ends_on=st.none() | days,
        review_on=st.none() | days,
        measures=maybe_measures,
    ),
    steps.AppealReceived: st.builds(
        steps.AppealReceived, on=days, account=words, channel=channels, assigned_to=labels, message=st.none() | labels
    ),
    steps.AppealDecided: st.builds(
        steps.AppealDecided, outcome=st.sampled_from(steps.AppealOutcome), reasons=words, measures=maybe_measures
    ),
    steps.Ended: st.builds(steps.Ended, reason=words, restrictions=st.lists(labels, max_size=2).map(tuple)),
    steps.Closed: st.builds(steps.Closed, reason=words),
}

KINDS: Mapping[type, st.SearchStrategy[Any]] = {**FACTS, **STEPS}
"""Records of each kind."""

records: st.SearchStrategy[Record] = st.one_of(*KINDS.values())


def a_record(kind: str, **fields: Any) -> Record:  # noqa: ANN401 - any field of a record
    """A record as somebody would write it down."""
    return record_from({"kind": kind, **fields})
