from datetime import UTC, date, datetime

import pytest

from policies.vocabulary import Channel, Language, LetterKind, Part
from register.casework.facts import Incident
from register.casework.figures import ImpactFigures, impact_figures
from register.casework.standing import standing
from register.casework.steps import Decision, Verdict
from register.letters.wording import wording
from tests.unit.register.letters.builders import (
    POLICIES,
    a_case,
    a_proposal,
    an_incident,
    composed,
    draft_under,
    section,
)

CASE = a_case(
    an_incident(9, hours=1.5),
    an_incident(2),
    an_incident(11, hours=0.75, channel=Channel.TELEPHONE),
    an_incident(15),
)


def test_incidents_are_counted_by_channel_and_week() -> None:
    assert impact_figures(CASE) == ImpactFigures(
        first=date(2026, 2, 2),
        last=date(2026, 2, 15),
        by_channel=((Channel.EMAIL, 3), (Channel.TELEPHONE, 1)),
        contacts=4,
        hours=2.25,
        busiest_week=date(2026, 2, 9),
        in_busiest_week=3,
    )


def test_a_case_without_incidents_has_no_figures() -> None:
    assert impact_figures(a_case()) is None


def test_a_week_begins_on_monday_in_the_council() -> None:
    late_on_sunday_in_utc = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)  # Monday half past midnight, in summer

    figures = impact_figures(a_case(an_incident(at=late_on_sunday_in_utc)))

    assert figures is not None
    assert figures.busiest_week == date(2026, 6, 8)


def test_of_two_weeks_as_busy_the_first_is_named() -> None:
    figures = impact_figures(a_case(an_incident(2), an_incident(9)))

    assert figures is not None
    assert figures.busiest_week == date(2026, 2, 2)


@pytest.mark.requirement("1.55")
def test_the_stage_1_letter_shows_the_figures_of_the_case() -> None:
    approved = Decision(verdict=Verdict.APPROVE, reasons="Proportionate.")
    case = a_case(*(event.record for event in CASE.events[3:]), a_proposal(), approved)
    figures = impact_figures(case)

    letter = composed(draft_under(POLICIES["001"], LetterKind.STAGE_1), standing(case))

    assert figures is not None
    shown = section(letter, wording(Language.ENGLISH).parts[Part.IMPACT_FIGURES]).splitlines()
    assert shown[1:] == [
        "Emails: 3",
        "Telephone calls: 1",
        f"Contacts in total: {figures.contacts}",
        f"Hours of officers' time spent on them: {figures.hours}",
        f"Contacts in the busiest week, which began on 9 February 2026: {figures.in_busiest_week}",
    ]


def _told_of(*incidents: Incident) -> list[str]:
    """What the part on figures says in the letter of stage 1."""
    approved = Decision(verdict=Verdict.APPROVE, reasons="Proportionate.")
    letter = composed(
        draft_under(POLICIES["001"], LetterKind.STAGE_1), standing(a_case(*incidents, a_proposal(), approved))
    )
    return section(letter, wording(Language.ENGLISH).parts[Part.IMPACT_FIGURES]).splitlines()


def test_contact_of_one_day_is_told_by_that_day() -> None:
    assert (
        _told_of(an_incident(2), an_incident(2))[0] == "This is the contact that we have recorded on 2 February 2026:"
    )


def test_hours_that_nobody_recorded_are_not_told_as_none() -> None:
    assert not [line for line in _told_of(an_incident(2)) if "Hours" in line]
