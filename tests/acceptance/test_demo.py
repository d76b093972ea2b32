"""`mailroom demo` as a newcomer sees it: what it tells is so, what it recommends works, and the README shows it."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.kinds import name_of
from routing.enforcing import PRECEDENCE
from tests.acceptance.test_commands import Office

README = Path(__file__).resolve().parents[2] / "README.md"
CONFIG = ("--config", "demo-council/mailroom.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """One that has been shown, and the folder where one looks further."""

    office: Office
    shown: str

    @property
    def recommended(self) -> list[list[str]]:
        """What it says to type, without the command's own name."""
        last = self.shown[self.shown.index("WHERE TO GO NEXT") :]
        return [shlex.split(line)[1:] for line in last.splitlines()[1:]]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Shown once, on a terminal of the usual width."""
    office = Office(tmp_path_factory.mktemp("newcomer"))
    office.environment["COLUMNS"] = "80"
    return Demonstration(office=office, shown=office.types("demo"))


def test_it_is_short_enough_to_be_read(demonstration: Demonstration) -> None:
    lines = demonstration.shown.splitlines()

    assert len(lines) <= 160
    assert lines.index(next(line for line in lines if line.startswith("EVERY KIND"))) <= 70
    assert all(len(line) <= 80 for line in lines if not line.lstrip().startswith("mailroom"))


def test_every_message_is_accounted_for(demonstration: Demonstration) -> None:
    told = int(re.findall(r"(\d+) messages\.", demonstration.shown)[0])
    groups = re.findall(r"(?m)^(\d+) (?:kept|redirected|filed|waiting)\b[^\d]*$", demonstration.shown)
    everything = (demonstration.office.folder / "demo-council/messages.txt").read_text("utf-8")

    assert sum(map(int, groups)) == told
    assert len(re.findall(r"\bM\d+ +│", everything)) == told


def test_every_kind_is_shown_at_work_in_the_order_of_the_precedence(demonstration: Demonstration) -> None:
    section = demonstration.shown.split("EVERY KIND, ONCE")[1].split("\n\n")[0]
    shown = list(dict.fromkeys(re.findall(r"(?m)^([A-Z][\w ]+): [A-Z]", section)))

    assert shown == [name_of(step.kind) for step in PRECEDENCE]
    assert "still owed" not in section


def test_what_waits_lies_in_waiting_and_what_an_officer_released_is_back(demonstration: Demonstration) -> None:
    mail = demonstration.office.folder / "demo-council/mail/planning"
    lying = {folder.name: "".join(path.read_text("utf-8") for path in folder.iterdir()) for folder in mail.iterdir()}

    assert "The hedge by the substation" in lying["Waiting"]
    assert "Your surveyor's visit" in lying["INBOX"]
    assert "Your surveyor's visit" not in lying["Waiting"]


def test_each_writer_is_told_once(demonstration: Demonstration) -> None:
    sent = [path.stem.partition("-to-")[2] for path in (demonstration.office.folder / "demo-council/sent").iterdir()]

    writers = [address for address in sent if not address.startswith("spoc.")]
    assert sorted(writers) == [
        "fay.facsimile@post.example",
        "lee.letterhead@work.example",
        "rob.represented@home.example",
    ]


def test_an_answer_is_on_the_messages_story_with_what_it_led_to(demonstration: Demonstration) -> None:
    (ref,) = re.findall(r"“As I have said before” \((M\d+)\)", demonstration.shown)

    story = demonstration.office.types(*CONFIG, "explain", ref)

    assert re.search(r"A person is asked .*closing", story)
    assert re.search(r"answered by head\.of\.customer\.relations: confirm", story)
    assert "The writer is told what applies: the fixed-closing letter" in story
    assert "Moved to Read and file" in story


def test_a_due_review_it_tells_of_has_become_a_question(demonstration: Demonstration) -> None:
    flat = " ".join(demonstration.shown.split())
    (case, item), *_ = re.findall(
        r"Review the managed contact arrangements of (MCC-\d+)\. For \S+ \(question (\d+)\)", flat
    )

    (asked,) = [
        one for one in demonstration.office.asks(*CONFIG, "review", "list", "--kind", "due") if one["item"] == int(item)
    ]

    shown = demonstration.office.asks(*CONFIG, "review", "show", item)
    assert asked["about"] == case
    assert (shown["see"], "own words" in shown) == (f"mailroom case show {case}", False)
    assert "Review" in asked["question"]


def test_a_message_that_names_a_property_has_become_a_question(demonstration: Demonstration) -> None:
    (asked,) = demonstration.office.asks(*CONFIG, "review", "list", "--kind", "property")

    assert "MCC-009" in asked["question"]
    assert f"{asked['about']} “Fence down" in demonstration.shown


@pytest.mark.requirement("1.9", "3.3")
def test_what_may_be_abusive_is_shown_to_who_asks_for_it_and_counted(demonstration: Demonstration) -> None:
    office, reader = demonstration.office, ("--as", "head.of.housing")
    (asked, *_) = [
        one
        for one in office.asks(*CONFIG, "review", "list", "--kind", "abuse")
        if f"{one['about']} “useless”" in demonstration.shown
    ]
    show, explain = (*CONFIG, "review", "show", str(asked["item"])), (*CONFIG, "explain", asked["about"])

    hidden = [office.types(*show), office.types(*explain)]
    refused = office.types(*show, "--reveal", ends=2)
    shown = [office.types(*show, "--reveal", *reader), office.types(*explain, "--reveal", *reader)]
    today = office.asks(*CONFIG, "evidence", "exposure", *reader)

    assert "bastards" not in "".join([str(asked), *hidden, refused])
    assert all("Take care: the message may be abusive." in each for each in (*hidden, *shown))
    assert "no officer keeper" in refused
    assert all("bastards" in each for each in shown)
    assert today == [{"officer": "head.of.housing", "shown": 1, "answered": 0, "abuse": 0}]


def test_its_look_up_was_a_real_one_and_is_in_the_audit_trail(demonstration: Demonstration) -> None:
    trail = demonstration.office.asks(*CONFIG, "audit", "report", "--as", "head.of.audit", "--by", "front.desk")
    who = ("--as", "front.desk", "--for", "call", "--channel", "telephone")
    (found,) = demonstration.office.asks(*CONFIG, "lookup", "specimen", *who)["found"]

    flat = " ".join(demonstration.shown.split())
    assert found["ref"] in {event["subject"] for event in trail if event["action"] == "looked-up"}
    assert all(sentence in flat for sentence in found["guidance"]["telephone"])


def test_the_three_commands_it_recommends_work(demonstration: Demonstration) -> None:
    explain, review, look_up = demonstration.recommended

    assert "redirected" in demonstration.office.types(*explain)
    assert re.match(r"\d+ questions: (\d+ abuse, )?\d+ safety, ", demonstration.office.types(*review))  # or a threat
    assert "BEWARE" in demonstration.office.types(*look_up)


def test_the_readme_shows_what_it_really_prints(demonstration: Demonstration) -> None:
    blocks = re.findall(r"(?s)```text\n(.*?)```", README.read_text("utf-8"))
    (block,) = [block for block in blocks if block.startswith("Sampleshire Council")]

    assert steady(block) == steady(demonstration.shown)


def steady(told: str) -> str:
    """What is the same on every run: days move with today, and mailboxes that are swept side by side share numbers."""
    told = " ".join(told.split()).replace(".venv/bin/mailroom", "mailroom")
    told = re.sub(r"\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b|\b\d{4}-\d{2}-\d{2}\b", "DATE", told)
    told = re.sub(r"\b[A-Z][a-z]+day (?:DATE|\d{1,2} [A-Z][a-z]{2,8})(?=, \d\d:)", "DAY", told)
    return re.sub(r"\bM\d+\b", "REF", re.sub(r"question \d+", "question N", told))
