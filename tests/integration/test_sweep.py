"""The whole path of a message, with a real mail server, a relay and both databases."""

import base64
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from routing.action import ReviewKind
from tests.builders import ANN, SPOC, STRANGER, a_database, a_restriction, an_entry, raw_mail
from tests.council import PLANNING, Council
from tests.servers import Dovecot, SmtpSink
from workers.reconciling import reconcile
from workers.rehearsing import rehearse
from workers.sweeping import poll_mailbox

ANNS = raw_mail()
ORDINARY = raw_mail(sender=STRANGER, message_id="<2@home.example>")
SAME_MATTER = raw_mail(subject="C-2025-0117", body="I still do not agree about C-2025-0117.\r\n")
FOI = "Under the Freedom of Information Act please send me the minutes of the parks committee."

ON_DIVERSION = an_entry(a_restriction())
ON_READ_AND_FILE = an_entry(a_restriction("read-and-file"))


pytestmark = pytest.mark.dovecot


@pytest.fixture(params=["full-sqlite", pytest.param("legacy-postgres", marks=pytest.mark.postgres)])
def council(request: pytest.FixtureRequest, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    """One shared mailbox: on a present-day server with SQLite, and on an old server with PostgreSQL."""
    full = request.param == "full-sqlite"
    server: Dovecot = request.getfixturevalue("dovecot" if full else "dovecot_legacy")
    council = Council(server, smtp_sink, a_database(tmp_path) if full else request.getfixturevalue("postgres_url"))
    yield council
    council.close()


@pytest.mark.requirement("0.16", "3.2")
def test_ordinary_mail_stays_untouched(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ORDINARY)
    before = council.stored()

    swept = council.sweeps()

    assert (swept.polled, swept.performed, swept.trouble) == (1, 0, None)
    assert [(message.uid, message.raw) for message in council.stored()] == [(before[0].uid, ORDINARY)]
    assert council.stored()[0].flags <= {"\\Recent"}
    assert council.dispositions() == ["kept"]


@pytest.mark.requirement("1.65", "2.31")
def test_diverted_mail_is_sent_once_and_then_moved(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS)

    council.sweeps(times=3)

    (letter,) = council.sink.accepted
    assert (letter.sender, letter.recipients) == ("<>", (SPOC,))
    assert ANNS in letter.raw
    assert (council.folder(), council.folder("Diverted")) == ([], [ANNS])
    assert council.dispositions() == ["redirected"]
    assert council.asks() == []


@pytest.mark.requirement("1.64", "4.11")
def test_a_letter_about_a_closed_matter_is_filed_for_somebody_to_read_and_nobody_is_answered(council: Council) -> None:
    council.registers(ON_READ_AND_FILE)
    council.receives(SAME_MATTER)

    council.sweeps(times=2)

    assert (council.folder(), council.folder("Read and file")) == ([], [SAME_MATTER])
    assert council.sink.accepted == []
    assert council.dispositions() == ["filed"]
    assert council.asks() == ["read-and-file"]


@pytest.mark.requirement("1.36")
def test_a_new_matter_stays_in_the_inbox_and_a_person_is_asked(council: Council) -> None:
    council.registers(ON_READ_AND_FILE)
    council.receives(ANNS)

    council.sweeps()

    assert council.folder() == [ANNS]
    assert council.asks() == ["matter"]


@pytest.mark.requirement("4.9")
@pytest.mark.parametrize(
    ("how", "user", "folder"),
    [
        pytest.param({"delivery": "mailbox"}, SPOC, "INBOX", id="a mailbox of its own"),
        pytest.param({"delivery": "mailbox", "folder": "Contact desk"}, SPOC, "Contact desk", id="a folder there"),
        pytest.param({"delivery": "folder", "folder": "Contact desk"}, PLANNING, "Contact desk", id="a folder here"),
    ],
)
def test_a_spoc_can_get_the_original_itself(council: Council, how: dict[str, str], user: str, folder: str) -> None:
    council.adds_spoc(SPOC, **how)
    if (user, folder) == (SPOC, "Contact desk"):
        council.server.create_folders(user, folder)
    council.registers(ON_DIVERSION)
    council.receives(ANNS)

    council.sweeps(times=3)

    assert council.folder(folder, user=user) == [ANNS]
    assert council.folder() == []
    assert council.sink.accepted == []
    assert council.dispositions() == ["redirected"]


@pytest.mark.requirement("4.10")
@pytest.mark.parametrize(
    "addressed",
    [
        pytest.param(b"To: elsewhere@home.example\r\nCc: PLANNING@council.example", id="a copy"),
        pytest.param(b"To: elsewhere@home.example", id="a blind copy"),
        pytest.param(b"To: undisclosed-recipients:;", id="to nobody one can see"),
        pytest.param(b"To: jo.officer@council.example", id="to an officer, journalled here"),
        pytest.param(b"X-Note: addressed by the envelope alone", id="no To at all"),
    ],
)
def test_a_letter_is_diverted_however_it_was_addressed(council: Council, addressed: bytes) -> None:
    letter = ANNS.replace(b"To: planning@council.example", addressed)
    council.registers(ON_DIVERSION)
    council.receives(letter)

    council.sweeps(times=3)

    assert (council.folder(), council.folder("Diverted")) == ([], [letter])
    assert [one.recipients for one in council.sink.accepted] == [(SPOC,)]


@pytest.mark.requirement("4.10")
def test_a_letter_to_one_officer_whose_mailbox_is_tended_is_diverted_from_there(council: Council) -> None:
    officer = council.adds_mailbox("jo.officer")
    council.registers(ON_DIVERSION)
    council.receives(ANNS, user=officer)

    council.sweeps("jo.officer", times=3)

    assert (council.folder(user=officer), council.folder("Diverted", user=officer)) == ([], [ANNS])
    assert len(council.sink.accepted) == 1


@pytest.mark.requirement("1.9", "3.3")
def test_abuse_is_neither_left_to_the_team_nor_repeated_to_the_point_of_contact(council: Council) -> None:
    letter = raw_mail(subject="you useless bastards", body="You are lazy bastards, and your manager is an idiot.\r\n")
    council.data["council"]["wellbeing"] = "Ring the counselling line."
    council.registers(ON_DIVERSION)
    council.receives(letter)

    council.sweeps(times=3)

    (sent,) = council.sink.accepted
    brought = message_from_bytes(sent.raw, policy=policy.default)
    cover = brought.get_body(("plain",)).get_content()  # type: ignore[union-attr] # a letter has one
    assert council.folder() == []
    assert letter in sent.raw
    assert cover.startswith("Take care: the message may be abusive. Ring the counselling line.")
    assert "Possible " in cover
    assert "bastards" not in cover
    assert "idiot" not in cover
    assert "bastards" not in str(brought["Subject"])
    ((_, question),) = council.open_items(ReviewKind.ABUSE)
    assert "bastards" not in question


def test_one_letter_to_several_mailboxes_is_dealt_with_in_each(council: Council) -> None:
    housing = council.adds_mailbox("housing")
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.receives(ANNS, user=housing)

    for mailbox in ("planning", "housing", "planning", "housing"):
        council.sweeps(mailbox)

    assert len(council.sink.accepted) == 2
    assert council.folder("Diverted") == council.folder("Diverted", user=housing) == [ANNS]
    assert council.dispositions() == ["redirected", "redirected"]


def test_the_same_message_twice_in_a_mailbox_is_sent_once_and_both_are_moved(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS, ORDINARY, ANNS)

    council.sweeps(times=3)

    assert len(council.sink.accepted) == 1
    assert (council.folder(), council.folder("Diverted")) == ([ORDINARY], [ANNS, ANNS])
    assert council.dispositions() == ["redirected", "kept", "redirected"]


def test_somebody_elses_message_id_does_not_make_a_letter_old(council: Council) -> None:
    second = raw_mail(body="Something else entirely, under the same Message-ID.\r\n")
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.sweeps(times=2)

    council.receives(second)
    council.sweeps(times=2)

    assert [original in letter.raw for original, letter in zip((ANNS, second), council.sink.accepted, strict=True)]
    assert council.folder("Diverted") == [ANNS, second]


def test_new_uids_make_nothing_happen_twice(council: Council) -> None:
    council.registers(ON_DIVERSION, an_entry(a_restriction("read-and-file"), ref="E2", addresses=("bea@mail.example",)))
    new_matter = raw_mail(sender="bea@mail.example", message_id="<3@mail.example>")
    council.receives(ANNS, ORDINARY, new_matter)
    council.sweeps(times=2)
    before = council.counts()

    council.server.change_uidvalidity(PLANNING)
    council.sweeps(times=3)

    assert council.counts() == before
    assert len(council.sink.accepted) == 1
    assert council.folder() == [ORDINARY, new_matter]
    assert reconcile(council.runtime, "planning") == []


def test_new_uids_between_decision_and_move_are_learnt_before_anything_is_moved(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ORDINARY, ANNS)
    poll_mailbox(council.runtime, "planning")

    council.server.change_uidvalidity(PLANNING)
    council.sweeps(times=4)

    assert (council.folder(), council.folder("Diverted")) == ([ORDINARY], [ANNS])
    assert len(council.sink.accepted) == 1
    assert council.dispositions() == ["kept", "redirected"]


def test_what_a_person_took_before_it_was_filed_is_theirs(council: Council) -> None:
    council.registers(ON_READ_AND_FILE)
    council.receives(SAME_MATTER)
    poll_mailbox(council.runtime, "planning")

    council.expunges(1)
    council.sweeps(times=3)

    assert council.folder("Read and file") == []
    assert council.dispositions() == ["taken by a person"]


def test_what_a_person_took_before_it_was_moved_reached_its_spoc_all_the_same(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    poll_mailbox(council.runtime, "planning")

    council.expunges(1)
    council.sweeps(times=3)

    assert len(council.sink.accepted) == 1
    assert council.dispositions() == ["redirected"]


def test_what_others_marked_for_deletion_is_left_alone(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ORDINARY, ANNS)
    council.marks(1, "\\Deleted")

    council.sweeps(times=3)

    assert ORDINARY in council.folder()
    assert "\\Deleted" in council.stored()[0].flags
    assert council.folder("Diverted") == [ANNS]
    assert len(council.sink.accepted) == 1


def test_without_uidplus_the_original_goes_once_nothing_of_others_is_marked(
    dovecot_legacy: Dovecot, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    council = Council(dovecot_legacy, smtp_sink, a_database(tmp_path))
    council.registers(ON_DIVERSION)
    council.receives(ORDINARY, ANNS)
    council.marks(1, "\\Deleted")
    council.sweeps(times=3)

    council.marks(1, "\\Deleted", remove=True)
    council.waits()
    council.sweeps()

    assert (council.folder(), council.folder("Diverted")) == ([ORDINARY], [ANNS])
    assert council.dispositions() == ["kept", "redirected"]
    council.close()


def test_while_the_relay_refuses_the_original_stays_and_at_last_a_person_is_asked(council: Council) -> None:
    council.data["pace"] = {"shunt_after": 3}
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.sink.refuse(SPOC, 451)

    council.sweeps(times=2)
    before = council.asks()
    council.waits()
    council.sweeps(times=3)

    assert (before, council.asks()) == ([], ["shunted"])
    assert (council.folder(), council.folder("Diverted")) == ([ANNS], [])
    assert council.dispositions() == [None]


def test_once_the_relay_takes_it_the_letter_goes_out_and_nobody_is_asked_any_more(council: Council) -> None:
    council.data["pace"] = {"shunt_after": 1}
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.sink.refuse(SPOC, 550, times=2)

    council.sweeps(times=4)

    assert len(council.sink.accepted) == 1
    assert council.folder("Diverted") == [ANNS]
    assert council.dispositions() == ["redirected"]
    assert council.asks() == []


def test_a_letter_that_was_taken_without_a_word_is_sent_again_byte_for_byte(council: Council) -> None:
    """SMTP cannot tell; so the repeat has the same bytes and Message-ID, and can be recognised."""
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.sink.drop_after_accepting()

    council.sweeps(times=3)

    first, second = council.sink.accepted
    assert first.raw == second.raw
    assert council.folder("Diverted") == [ANNS]


def test_a_shadow_mailbox_is_watched_and_nothing_is_done(council: Council) -> None:
    council.data["mailboxes"]["planning"]["shadow"] = True
    council.registers(ON_DIVERSION)
    council.receives(ANNS)

    council.sweeps(times=2)

    assert council.folder() == [ANNS]
    assert council.sink.accepted == []
    assert council.counts()["outbox"] == 0
    assert council.counts()["decision"] == 1


@pytest.mark.requirement("2.5")
def test_an_excluded_mailbox_is_left_as_it_is(council: Council) -> None:
    council.data["mailboxes"]["planning"]["excluded"] = True
    council.registers(ON_DIVERSION)
    council.receives(ANNS)

    council.sweeps(times=2)

    assert council.folder() == [ANNS]
    assert council.dispositions() == ["kept"]


def test_a_very_large_message_is_diverted_whole(council: Council) -> None:
    large = raw_mail(body="A photograph, in a manner of speaking.\r\n" * 75_000)
    council.registers(ON_DIVERSION)
    council.receives(large)

    council.sweeps(times=2)

    assert large in council.sink.accepted[0].raw
    assert council.folder("Diverted") == [large]


def test_a_right_claimed_at_the_end_of_a_long_letter_keeps_it_from_being_filed(council: Council) -> None:
    letter = raw_mail(subject="C-2025-0117", body="About C-2025-0117, once more.\r\n" * 4_000 + FOI + "\r\n")
    council.registers(ON_READ_AND_FILE)
    council.receives(letter)

    council.sweeps(times=2)

    assert council.folder() == [letter]
    assert council.asks() == ["statutory"]


def test_our_own_letter_come_back_is_not_sent_on_again(council: Council) -> None:
    council.registers(ON_DIVERSION, an_entry(a_restriction(), ref="E2", addresses=(), name="Council Mailroom"))
    council.receives(ANNS)
    council.sweeps(times=2)

    council.receives(council.sink.accepted[0].raw)
    council.sweeps(times=2)

    assert len(council.sink.accepted) == 1
    assert council.dispositions() == ["redirected", "kept"]


@pytest.mark.requirement("1.34", "4.19")
def test_however_often_somebody_writes_or_contests_nobody_is_put_on_the_register(council: Council) -> None:
    letters = [
        raw_mail(
            sender=STRANGER,
            message_id=f"<{number}@home.example>",
            body=f"You useless idiots. I contest your decision, for the {number}th time.\r\n",
        )
        for number in range(30)
    ]
    council.registers(ON_DIVERSION)
    council.receives(*letters)

    council.sweeps()

    assert council.folder() == letters
    assert council.counts()["register_entry"] == 1
    assert council.dispositions() == ["kept"] * 30


def test_a_message_that_cannot_be_carried_out_does_not_hold_up_its_neighbours(council: Council) -> None:
    """A SPOC outside the council: no plan can be made for this message."""
    council.data["pace"] = {"shunt_after": 3}
    foreign = an_entry(a_restriction(spoc="spoc@elsewhere.example"), ref="E2", addresses=("bea@mail.example",))
    beas = raw_mail(sender="bea@mail.example", message_id="<3@mail.example>")
    council.registers(ON_DIVERSION, foreign)
    council.receives(beas, ANNS, ORDINARY)

    council.sweeps(times=4)

    assert council.folder() == [beas, ORDINARY]
    assert council.dispositions() == [None, "redirected", "kept"]
    assert council.asks() == ["shunted"]


def test_what_could_not_be_carried_out_is_once_the_register_is_corrected(council: Council) -> None:
    council.data["pace"] = {"shunt_after": 1}
    council.registers(an_entry(a_restriction(spoc="spoc@elsewhere.example")))
    council.receives(ANNS)
    council.sweeps(times=2)

    council.registers(ON_DIVERSION)
    council.waits()
    council.sweeps(times=2)

    assert len(council.sink.accepted) == 1
    assert council.dispositions() == ["redirected"]
    assert council.asks() == []


WITH_NUL = base64.b64encode(b"Please send\0 me copies of all emails under freedom of\0 information. C-2025-0117\0")
IN_BASE64 = raw_mail(subject="C-2025-0117", body=b"").replace(
    b"charset=utf-8", b"charset=utf-8\r\nContent-Transfer-Encoding: base64"
)


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(raw_mail(message_id="<a\0b@mail.example>", subject="C-2025-0117"), id="in the Message-ID"),
        pytest.param(raw_mail(subject="=?utf-8?q?C-2025-0117=00?=", body="C-2025-0117\0\r\n"), id="in the subject"),
        pytest.param(IN_BASE64 + WITH_NUL, id="in base64"),
    ],
)
def test_nul_characters_hold_up_nobody(council: Council, poison: bytes) -> None:
    """PostgreSQL stores none in a text, and says so by an error that looks like the database's own."""
    council.registers(ON_READ_AND_FILE)
    council.receives(poison, ORDINARY)

    swept = council.sweeps()

    assert swept.trouble is None
    assert council.dispositions()[1] == "kept"


def test_a_dry_run_writes_nothing_and_touches_nothing(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS, ORDINARY)
    before = council.counts()

    rows = rehearse(council.runtime, "planning")

    assert [(row["uid"], row["outcome"]) for row in rows] == [(1, f"redirected to {SPOC}"), (2, "kept")]
    assert council.counts() == before
    assert council.folder() == [ANNS, ORDINARY]
    assert council.sink.accepted == []


def test_a_server_that_is_down_is_trouble_told_and_the_next_sweep_goes_on(council: Council) -> None:
    council.registers(ON_DIVERSION)
    council.receives(ANNS)
    council.server.stop()

    down = council.sweeps()
    council.server.start()
    council.sweeps(times=2)

    assert down.trouble is not None
    assert "ImapUnavailableError" in down.trouble
    assert council.folder("Diverted") == [ANNS]
    assert ANN not in down.trouble
