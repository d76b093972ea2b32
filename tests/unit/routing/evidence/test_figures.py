"""What is counted of a person's contact, beside what the council owes: whatever the order of the mail."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.vocabulary import Channel
from register.casework.facts import Incident
from routing.evidence.contacts import Mail
from routing.evidence.figures import Known
from routing.evidence.telling import NOTHING_FOLLOWS, as_data, sentences
from tests.builders import NOON
from tests.evidence import LETTER, a_life, a_mail, counted, knowing, turned

DAY = timedelta(days=1)
OTHER = (
    "The gutter of the flat above drips on our door, and the surveyor who came in March said it would be mended soon."
)
ABOUT = "It is about C-2025-0117, and what was decided there is not what I had asked for at all in my first letter."


@pytest.mark.requirement("1.25")
def test_mail_is_counted_by_week_and_month_and_the_busiest_is_named() -> None:
    few = [
        a_mail(f"{OTHER} {number}", at=NOON - 35 * DAY, number=90 + number, print_=f"few {number}")
        for number in range(2)
    ]
    many = [
        a_mail(f"Letter {number} of mine", at=NOON + number * timedelta(hours=1), number=number + 1)
        for number in range(30)
    ]

    volume = counted(*few, *many).volume

    assert (volume.mails, volume.contacts) == (32, 32)
    assert [(week.first, week.contacts) for week in volume.weeks] == [(date(2026, 1, 26), 2), (date(2026, 3, 2), 30)]
    assert volume.busiest_week is not None
    assert volume.busiest_week.contacts == 30
    assert volume.busiest_month is not None
    assert volume.busiest_month.first == date(2026, 3, 1)
    assert volume.usual_week == 0  # the weeks between them were quiet


@pytest.mark.requirement("1.28", "3.12")
def test_a_letter_to_twelve_officers_with_copies_in_three_mailboxes_is_one_contact_that_reached_fifteen() -> None:
    staff = tuple(f"officer{number}@council.example" for number in range(12))
    copies = [
        a_mail(at=NOON + minutes * timedelta(minutes=1), mailbox=name, to=staff, letter="one")
        for minutes, name in enumerate(("planning", "housing", "leisure"))
    ]

    figures = counted(*copies)

    assert (figures.volume.contacts, figures.volume.mails) == (1, 3)
    assert (figures.reach.widest, figures.reach.spread) == (15, 15)
    assert figures.reach.by_mailbox == (("housing", 1), ("leisure", 1), ("planning", 1))
    (linked,) = figures.reach.linked
    assert linked.mailboxes == ("housing", "leisure", "planning")
    assert figures.manner.again == 0


@pytest.mark.requirement("2.22", "1.28")
def test_the_same_text_written_anew_to_another_mailbox_is_the_same_contact() -> None:
    near = LETTER.replace("library", "school")

    figures = counted(a_mail(), a_mail(near, at=NOON + timedelta(hours=2), mailbox="housing"))

    assert figures.volume.contacts == 1
    assert len(figures.reach.linked) == 1


@pytest.mark.requirement("2.22")
def test_the_same_text_sent_again_another_day_is_a_contact_that_repeats_it() -> None:
    again = [a_mail(at=NOON + 3 * DAY, mailbox=name) for name in ("planning", "housing")]

    figures = counted(a_mail(), *again)

    assert figures.volume.contacts == 2
    assert figures.manner.again == 1


def test_a_message_put_back_into_its_inbox_is_counted_once() -> None:
    figures = counted(a_mail(number=1, print_="same"), a_mail(number=2, print_="same"))

    assert figures.volume.mails == 1


@pytest.mark.requirement("3.12")
def test_a_councillors_mailbox_among_the_recipients_is_told() -> None:
    known = Known(members=frozenset({"cllr.bevan@council.example"}))

    figures = counted(a_mail(to=("cllr.bevan@council.example", "clerk@council.example")), known=known)

    assert figures.reach.members == ("cllr.bevan@council.example",)
    assert "1 councillor among them" in " ".join(sentences(figures))


@pytest.mark.requirement("1.24")
def test_mail_about_a_finished_matter_is_counted_from_the_day_after_its_answer() -> None:
    known = knowing(a_life(turned(-30), turned(-10, "exhausted")))
    mails = [a_mail(f"{ABOUT} {days}", at=NOON + days * DAY) for days in (-20, -10, -9, 0)]

    assert counted(*mails, known=known).about.finished == (("C-2025-0117", 2),)


@pytest.mark.requirement("1.29", "2.23")
def test_contact_before_a_promised_day_is_counted_calls_included() -> None:
    known = knowing(a_life(turned(-30, answer_in=5)))
    call = Incident(
        at=NOON, channel=Channel.TELEPHONE, categories=("x",), account="Rang.", matter="C-2025-0117", hours=1.5
    )
    mails = [a_mail(f"{ABOUT} {days}", at=NOON + days * DAY) for days in (-31, -29, 5, 6)]

    figures = counted(*mails, known=Known(lives=known.lives, marks=known.marks, incidents=(call,)))

    assert figures.about.before_promise == (("C-2025-0117", 3),)
    assert figures.volume.other_channels == (("telephone", 1),)
    assert figures.volume.hours == 1.5


@pytest.mark.requirement("1.31")
def test_what_is_added_to_an_open_matter_is_counted_and_what_only_repeats_is_not() -> None:
    known = knowing(a_life(turned(-30)))
    first, added = f"{ABOUT} {LETTER}", f"{ABOUT} {OTHER}"

    figures = counted(
        a_mail(first, at=NOON - 9 * DAY),
        a_mail(added, at=NOON - 6 * DAY),
        a_mail(first, at=NOON - 3 * DAY),
        known=known,
    )

    assert figures.about.added == (("C-2025-0117", 1),)
    assert figures.manner.again == 1


@pytest.mark.requirement("1.30")
def test_distinct_matters_are_counted_and_letters_about_none_of_them() -> None:
    known = knowing(a_life(turned(-30)), a_life(turned(-30), reference="ENV-77"))

    about = counted(
        a_mail(ABOUT), a_mail("ENV-77 it is", at=NOON + DAY), a_mail(OTHER, at=NOON + DAY), known=known
    ).about

    assert about.matters == (("C-2025-0117", 1), ("ENV-77", 1))
    assert about.none == 1


@pytest.mark.requirement("1.26", "3.13")
def test_lengths_intervals_and_demands_are_shown() -> None:
    mails = [a_mail(f"{LETTER} {number} Reply within 2 hours.", at=NOON + 2 * number * DAY) for number in range(4)]

    figures = counted(*mails)

    assert figures.manner.words == figures.manner.longest == 49
    assert figures.manner.days_between == 2
    assert figures.manner.demands == (("reply within 2 hours", 4),)
    assert '4 ask for an answer at once or within hours: "reply within 2 hours" (4).' in sentences(figures)


@pytest.mark.requirement("1.33")
def test_the_councils_own_overdue_reply_stands_beside_the_figures_always() -> None:
    known = knowing(a_life(turned(-30, answer_in=-20)))

    figures = counted(a_mail(), known=known, days=0)

    assert figures.council.overdue == (("C-2025-0117", date(2026, 2, 12), 20),)
    assert "THE COUNCIL'S OWN REPLY IS OVERDUE on 1 matter: C-2025-0117, promised by 12 February 2026" in " ".join(
        sentences(figures)
    )
    assert as_data(figures)["council"]["overdue"] == [["C-2025-0117", "2026-02-12", 20]]


@pytest.mark.requirement("1.33")
@pytest.mark.parametrize(
    ("turns", "words"),
    [
        ((turned(-30, answer_in=1),), "The council has no reply overdue that is on record."),
        ((turned(-30, answer_in=-9), turned(-5, "closed")), "It answered 1 matter later than promised."),
        ((turned(-30),), "For 1 open matter no day of answer was promised."),
        ((turned(-30, answer_in=-20), turned(-20, "closed")), "The council has no reply overdue that is on record."),
    ],
    ids=["in time still", "answered late", "nothing promised", "answered in time"],
)
def test_the_councils_side_is_told_whatever_it_is(turns: tuple[object, ...], words: str) -> None:
    figures = counted(known=knowing(a_life(*turns)), days=0)  # type: ignore[arg-type]

    assert words in sentences(figures)
    assert sentences(figures)[-1] == NOTHING_FOLLOWS


def test_nobody_who_has_not_written_has_figures_of_nothing() -> None:
    figures = counted(days=0)

    assert figures.volume.contacts == 0
    assert sentences(figures) == (
        "From 4 March 2026 to 4 March 2026: 0 contacts by e-mail, 0 messages in all.",
        "The council has no reply overdue that is on record.",
        NOTHING_FOLLOWS,
    )


TEXTS = st.sampled_from([LETTER, LETTER.replace("library", "school"), OTHER, ABOUT, "Reply within 2 hours.", ""])
MAILS = st.lists(
    st.builds(
        a_mail,
        TEXTS,
        at=st.integers(0, 200).map(lambda hours: NOON + timedelta(hours=hours)),
        mailbox=st.sampled_from(["planning", "housing", "leisure"]),
        letter=st.sampled_from(["one", "two", "three"]),
        number=st.integers(1, 40),
        to=st.lists(st.sampled_from(["head@council.example", "friend@home.example"]), max_size=2).map(tuple),
    ),
    max_size=12,
    unique_by=lambda mail: mail.delivery,
)


@pytest.mark.requirement("4.19")
@given(MAILS, st.randoms(use_true_random=False))
def test_the_figures_are_the_same_whatever_the_order_of_the_mail(mails: list[Mail], chance: random.Random) -> None:
    known = knowing(a_life(turned(-1, answer_in=3)))
    shuffled = chance.sample(mails, len(mails))

    assert counted(*shuffled, known=known) == counted(*mails, known=known)


@given(MAILS)
def test_every_message_is_in_exactly_one_contact_and_nobody_outside_is_named(mails: list[Mail]) -> None:
    figures = counted(*mails)

    assert figures.volume.contacts <= figures.volume.mails == len(mails)
    assert sum(count for _, count in figures.reach.by_mailbox) == len(mails)
    assert "home.example" not in str(as_data(figures))
