"""Reviewers say what letters are, a model learns from it, is tried beside the one in force, and a person decides."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from classifier import model_store
from classifier.assessment import Assessment
from classifier.measuring.gates import Gate
from classifier.model import Model, shipped_model
from ingest.delivery import Delivery
from ingest.imap import ImapSession
from register import audit_store, officer_store
from register.audit import AuditAction
from register.officers import Officer
from routing import label_store, review_store
from routing.action import ReviewKind
from routing.answering import Outcome
from routing.labels import Label
from routing.review_store import Answer
from tests.office import HOUSING, Office, an_office
from workers import labelling, learning
from workers.answering import AnswerError, answer_item
from workers.checking import check_models
from workers.labelling import LabelError, call
from workers.learning import LearningError, compare, history, labelled_letters, publish, roll_back, withdraw
from workers.locating import copies_in
from workers.teaching import FEWEST, retrain
from workers.watching import watch

INSULT = "You are a useless lazy bastard and so is your manager."
MISSED = "Tell that absolute zoomer in the grit depot that {thing} is more use than she is, the great glaikit flump."
CALM = "Please tell the people in the grit depot that {thing} at the corner is empty, and thank them."
THINGS = (
    *("a wet lettuce", "a broken umbrella", "the yellow bin", "a chocolate teapot", "an old tyre", "the salt heap"),
    *("a paper boat", "the bent sign", "a blunt spade", "my left shoe", "a leaky bucket", "the garden gnome"),
)

NEXT = len(THINGS) * 2 + 1


def letter(number: int, words: str) -> bytes:
    head = f"Message-ID: <{number}@mail.example>\r\nFrom: resident{number}@home.example\r\nSubject: Grit\r\n"
    return f"{head}To: housing@council.example\r\n\r\n{words}\r\n".encode()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        with office.database.transaction() as session:
            for username in ("jo", "kim", "lou"):
                officer_store.save(session, an_officer(username))
        yield office


def an_officer(username: str, *, active: bool = True) -> Officer:
    return Officer(username=username, name=username.title(), job_title="Reviewer", service="housing", active=active)


def _flagged(office: Office) -> int:
    with office.database.transaction() as session:
        (item,) = review_store.open_reviews(session, ReviewKind.ABUSE)
        return item.id


def _taught(office: Office, *, by: tuple[str, ...] = ("jo", "kim", "lou")) -> None:
    """Two dozen letters from the grit depot that a person has judged, half of them abuse that nobody had listed."""
    texts = [words.format(thing=thing) for thing in THINGS for words in (MISSED, CALM)]
    for number, words in enumerate(texts, start=1):
        office.deliver(letter(number, words))
    office.finish()
    runtime = office.runtime()
    for number in range(1, len(texts) + 1):
        called = Label.DEROGATORY if number % 2 else Label.ORDINARY
        call(runtime, number, called, by[number % len(by)])


@pytest.mark.requirement("3.7", "1.89")
def test_a_flagged_letter_is_answered_with_what_it_is(office: Office) -> None:
    office.deliver(letter(1, INSULT))
    office.finish()
    item = _flagged(office)

    with pytest.raises(AnswerError, match="distress, frustration, forcefulness, determination"):
        answer_item(office.runtime(), item, Answer(outcome=Outcome.OVERTURN, by="jo"))
    with pytest.raises(AnswerError, match="'distress' does not go with confirm"):
        answer_item(office.runtime(), item, Answer(outcome=Outcome.CONFIRM, by="jo", label=Label.DISTRESS))
    answer_item(office.runtime(), item, Answer(outcome=Outcome.OVERTURN, by="jo", label=Label.FRUSTRATION))

    with office.database.transaction() as session:
        (given,) = label_store.all_given(session)
    assert (given.label, given.by, given.flagged) == (Label.FRUSTRATION, "jo", True)


def test_a_release_needs_no_label(office: Office) -> None:
    office.deliver(letter(1, INSULT))
    office.finish()

    answer_item(office.runtime(), _flagged(office), Answer(outcome=Outcome.RELEASE, by="jo"))

    with office.database.transaction() as session:
        assert label_store.all_given(session) == []


def test_the_last_word_of_an_officer_counts_and_a_second_opinion_stands_beside_it(office: Office) -> None:
    office.deliver(letter(1, CALM.format(thing="the bin")))
    office.finish()
    runtime = office.runtime()

    call(runtime, 1, Label.RUDENESS, "jo")
    call(runtime, 1, Label.ORDINARY, "jo")
    call(runtime, 1, Label.RUDENESS, "kim")

    with office.database.transaction() as session:
        given = {one.by: one.label for one in label_store.all_given(session)}
    assert given == {"jo": Label.ORDINARY, "kim": Label.RUDENESS}
    found = watch(runtime, days=14)
    assert (found.agreement.letters, found.agreement.alike) == (1, 0)
    assert [(one.officer, one.judged) for one in found.reviewers] == [("jo", 1), ("kim", 1)]


def test_a_letter_that_is_not_there_is_called_nothing(office: Office) -> None:
    with pytest.raises(LabelError, match="no message M7"):
        call(office.runtime(), 7, Label.THREAT, "jo")


def test_a_letter_that_left_its_inbox_is_called_so_and_teaches_nothing(office: Office) -> None:
    office.deliver(letter(1, CALM.format(thing="the bin")))
    office.finish()
    office.world.account(HOUSING)["INBOX"].messages.clear()

    assert "not in its inbox" in call(office.runtime(), 1, Label.ORDINARY, "jo")


def test_a_letter_that_is_held_teaches_if_an_officer_says_what_it_is(office: Office) -> None:
    office.deliver(letter(1, INSULT))
    office.finish()

    assert call(office.runtime(), 1, Label.VERBAL_ABUSE, "jo") == ""
    assert "no officer" in call(office.runtime(), 1, Label.VERBAL_ABUSE, "anybody")


def test_too_few_decisions_teach_nothing(office: Office) -> None:
    with pytest.raises(LearningError, match=f"{FEWEST} are needed"):
        retrain(office.runtime(), "jo")


def test_a_model_learns_what_reviewers_found_and_nobody_had_listed(office: Office) -> None:
    _taught(office)
    runtime = office.runtime()

    made = retrain(runtime, "jo")
    found = compare(runtime)

    assert made.taught == len(THINGS) * 2
    assert made.by_label == {"derogatory": len(THINGS), "ordinary": len(THINGS)}
    assert found.version == made.version
    assert found.right > found.right_in_force
    assert runtime.model.version == shipped_model().version  # nobody has published it
    unseen = MISSED.format(thing="a rusty kettle")
    assert learning.model_of(runtime).scores([unseen])[0] > 2 * shipped_model().scores([unseen])[0]


def test_equal_decisions_make_an_equal_model(office: Office) -> None:
    _taught(office)
    runtime = office.runtime()

    first = retrain(runtime, "jo").version
    withdraw(runtime, "jo", "To see whether it is made again.")

    assert retrain(runtime, "kim").version == first


def test_a_model_on_trial_is_asked_beside_the_one_in_force_and_flags_nothing(office: Office) -> None:
    _taught(office)
    made = retrain(office.runtime(), "jo")
    office.deliver(letter(NEXT, MISSED.format(thing="a rusty kettle")))
    office.finish()

    found = compare(office.runtime())

    assert found.trial.letters == 1
    assert found.trial.only_old == 0
    with office.database.transaction() as session:
        asked = [item for item in review_store.open_reviews(session, ReviewKind.ABUSE) if item.delivery_id == NEXT]
        differing = model_store.differing(session, made.version)
    assert len(asked) == found.trial.both
    assert len(differing) == found.trial.only_new


def test_a_person_publishes_and_takes_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _taught(office)
    runtime = office.runtime()
    made = retrain(runtime, "jo")
    monkeypatch.setattr(learning, "gates", lambda *_figures: (Gate(name="any", figure=0.0, bound=0.1),))

    publish(runtime, "", "jo", "It knows the grit depot.")
    in_force = runtime.model.version
    before = roll_back(runtime, "kim", "Too many alarms.")

    assert in_force == made.version
    assert before == runtime.model.version == shipped_model().version
    assert [(step.step, step.taken_by) for step in history(runtime).steps] == [
        ("made", "jo"),
        ("published", "jo"),
        ("rolled-back", "kim"),
    ]
    with pytest.raises(LearningError, match="nothing was in force before it"):  # it is not put back in force
        roll_back(runtime, "jo", "I had seen the alarms, too.")


def test_a_model_that_fails_a_gate_is_not_published(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _taught(office)
    runtime = office.runtime()
    retrain(runtime, "jo")
    monkeypatch.setattr(learning, "gates", lambda *_figures: (Gate(name="any", figure=0.2, bound=0.1),))

    found = publish(runtime, "", "jo", "Let us see.")

    assert [gate.passed for gate in found] == [False]
    assert runtime.model.version == shipped_model().version
    assert history(runtime).on_trial != ""


def test_nothing_is_made_of_the_same_labels_twice(office: Office) -> None:
    _taught(office)
    retrain(office.runtime(), "jo")

    with pytest.raises(LearningError, match="nothing was labelled since"):
        retrain(office.runtime(), "kim")


def test_one_officers_labels_alone_teach_nothing(office: Office) -> None:
    _taught(office, by=("jo",))

    with pytest.raises(LearningError, match="one officer labelled them all"):
        retrain(office.runtime(), "jo")


def test_the_labels_of_whoever_is_no_officer_teach_nothing(office: Office) -> None:
    _taught(office, by=("Jo", " kim", "anybody"))

    with pytest.raises(LearningError, match="0 letters are labelled by officers"):
        retrain(office.runtime(), "jo")


def test_only_an_active_officer_who_says_why_takes_a_step(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _taught(office)
    runtime = office.runtime()
    with office.database.transaction() as session:
        officer_store.save(session, an_officer("gone", active=False))
    made = retrain(runtime, "jo")
    monkeypatch.setattr(learning, "gates", lambda *_figures: ())

    for nobody in ("gone", "anybody", ""):
        with pytest.raises(LearningError, match="no active officer"):
            publish(runtime, made.version, nobody, "It knows the grit depot.")
    with pytest.raises(LearningError, match="say why"):
        publish(runtime, made.version, "jo", "  ")
    assert runtime.model.version == shipped_model().version


def test_every_step_is_in_the_audit_trail(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _taught(office)
    runtime = office.runtime()
    made = retrain(runtime, "jo")
    monkeypatch.setattr(learning, "gates", lambda *_figures: ())
    publish(runtime, made.version, "kim", "It knows the grit depot.")

    with office.database.transaction() as session:
        noted = [event for event in audit_store.events(session) if event.action == AuditAction.MODEL]
    assert [(one.actor, one.subject, dict(one.details)["step"]) for one in noted] == [
        ("jo", made.version, "made"),
        ("kim", made.version, "published"),
    ]


def test_what_erased_letters_taught_is_not_put_in_force(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _taught(office)
    runtime = office.runtime()
    made = retrain(runtime, "jo")
    monkeypatch.setattr(learning, "gates", lambda *_figures: ())
    with office.database.transaction() as session:
        model_store.forget(session, [3, 4])

    with pytest.raises(LearningError, match="2 letters that are erased"):
        publish(runtime, made.version, "jo", "It knows the grit depot.")
    with office.database.transaction() as session:
        taught = session.get_one(model_store.ModelRow, made.version).taught
    assert {label[0] for label in taught["labels"]}.isdisjoint({3, 4})


def test_a_letter_erased_while_it_is_fetched_stays_erased(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.deliver(letter(1, CALM.format(thing="the bin")))
    office.finish()

    def erased_meanwhile(imap: ImapSession, letter: Delivery) -> Sequence[int]:
        found = copies_in(imap, letter)
        with office.database.transaction() as session:
            session.execute(text("UPDATE delivery SET erased_at = received_at, content = NULL"))
        return found

    with office.database.transaction() as session:
        session.execute(text("UPDATE delivery SET content = NULL"))
    monkeypatch.setattr(labelling, "copies_in", erased_meanwhile)

    with pytest.raises(LabelError, match="it was erased"):
        call(office.runtime(), 1, Label.ORDINARY, "jo")
    with office.database.transaction() as session:
        assert session.scalar(text("SELECT content FROM delivery")) is None


@pytest.mark.parametrize("damage", [{"weights": b"no zip"}, {"digest": "of another file"}], ids=["bytes", "digest"])
@pytest.mark.parametrize("published", [False, True])
def test_mail_goes_on_though_a_model_cannot_be_read(
    office: Office, monkeypatch: pytest.MonkeyPatch, damage: dict[str, Any], *, published: bool
) -> None:
    _taught(office)
    made = retrain(office.runtime(), "jo")
    monkeypatch.setattr(learning, "gates", lambda *_figures: ())
    if published:
        publish(office.runtime(), made.version, "jo", "It knows the grit depot.")
    with office.database.transaction() as session:
        session.execute(update(model_store.ModelRow).values(damage))

    office.deliver(letter(NEXT, INSULT))
    office.finish()

    with office.database.transaction() as session:
        asked = {item.kind for item in review_store.open_reviews(session) if item.delivery_id == NEXT}
    assert asked == {ReviewKind.ABUSE}
    check = check_models(office.runtime())
    assert not check.ok
    assert made.version in check.words


def test_mail_goes_on_though_a_model_on_trial_fails(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _taught(office)
    made = retrain(office.runtime(), "jo")
    runtime = office.runtime()
    trial = runtime.models.look().on_trial
    assert trial is not None
    honest = type(trial).assess

    def fails(model: Model, texts: Sequence[str]) -> list[Assessment]:
        if model.version == made.version:
            message = "no"
            raise ArithmeticError(message)
        return honest(model, texts)

    monkeypatch.setattr(Model, "assess", fails)

    ((said, tried),) = runtime.models.assess([INSULT])

    assert said.flagged
    assert tried is None


def test_a_trial_is_ended(office: Office) -> None:
    _taught(office)
    runtime = office.runtime()
    made = retrain(runtime, "jo")

    assert withdraw(runtime, "jo", "Nothing gained.") == made.version
    assert history(runtime).on_trial == ""
    with pytest.raises(LearningError, match="no model is on trial"):
        compare(runtime)


def test_nothing_to_take_back_is_said(office: Office) -> None:
    with pytest.raises(LearningError, match="nothing was in force before it"):
        roll_back(office.runtime(), "jo", "?")


def test_a_letter_that_is_no_longer_held_teaches_no_longer(office: Office) -> None:
    _taught(office)
    with office.database.transaction() as session:
        session.execute(text("UPDATE delivery SET content = NULL WHERE id <= 4"))

    made = retrain(office.runtime(), "jo")

    assert (made.taught, made.not_held) == (len(THINGS) * 2 - 4, 4)


@pytest.mark.parametrize("label", [label for label in Label if not label.teaches])
def test_what_the_classifier_does_not_hunt_teaches_it_nothing(office: Office, label: Label) -> None:
    _taught(office)
    runtime = office.runtime()
    call(runtime, 1, label, "lou")
    call(runtime, 1, label, "kim")
    call(runtime, 1, label, "jo")

    with office.database.transaction() as session:
        given = label_store.all_given(session)
    letters = list(labelled_letters(office.database, given))

    assert len(letters) == len(THINGS) * 2 - 1
    assert replace(letters[0][1], text="").kind == ""
