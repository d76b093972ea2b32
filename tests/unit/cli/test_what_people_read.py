"""What the commands print for people: what it comes to, then the most urgent first, and nothing only machines read."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import tomli_w
from typer.testing import CliRunner

import migrations
from cli.main import app
from core import clock
from core.db import Database
from register.dates import day_of, in_words
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from tests.builders import a_database, declared_tables, settings_data

Types = Callable[..., str]

TODAY = day_of(clock.now())
DIGEST = "e83784425dde82dce2f53b0c7f9b96f26b37b87e71d66f073720c8aa46a033a4"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    declared_tables()
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture
def types(tmp_path: Path, database: Database) -> Types:
    """Types a command in a terminal of 80 columns; what it said."""
    config, data = tmp_path / "mailroom.toml", settings_data(database=str(database.engine.url))
    data["council"]["policy"] = "001"
    config.write_text(tomli_w.dumps(data), encoding="utf-8")

    def types(*words: object, ends: int = 0) -> str:
        run = CliRunner().invoke(app, ["--config", str(config), *map(str, words)], env={"COLUMNS": "80"})
        assert run.exit_code == ends, run.output
        assert run.exception is None or isinstance(run.exception, SystemExit)
        return run.output

    types("officer", "set", "head", "name=The Head", "job_title=Head", "service=planning", f"trained_on={TODAY}")
    return types


def _asks(database: Database, *questions: tuple[ReviewKind, int, str]) -> None:
    asked = [(f"E{n}", RaiseReview(kind=k, priority=p, question=q)) for n, (k, p, q) in enumerate(questions, start=1)]
    with database.transaction() as session:
        review_store.raise_about_cases(session, asked, now=clock.now())


def test_the_questions_begin_with_how_many_there_are_in_each_queue_and_the_most_urgent_comes_first(
    types: Types, database: Database
) -> None:
    due, safety = (ReviewKind.DUE, 4), (ReviewKind.SAFETY, 0)
    _asks(database, (*due, "Review it."), (*safety, "Somebody may be in danger. " * 5), (*due, "Assess it."))

    lines = [line.rstrip() for line in types("review", "list").splitlines()]

    assert lines[:3] == ["3 questions: 1 safety, 2 due.", "", "2  safety, about E2"]
    assert lines[3].startswith("    Somebody may be in danger. Somebody")
    assert lines[-1].startswith("Read one: `mailroom review show 2`. Answer it: `mailroom review decide 2 ...`.")
    assert types("review", "list", "--kind", "due").startswith("2 questions: 2 due.")
    assert types("review", "list", "--kind", "abuse").strip() == "No question waits for an answer."


def test_of_very_many_questions_the_most_urgent_are_listed_and_all_are_counted(
    types: Types, database: Database
) -> None:
    _asks(database, *((ReviewKind.DUE, 4, f"Question {number}.") for number in range(201)))

    assert types("review", "list").startswith("201 questions: 201 due. The 200 most urgent:")


def test_the_questions_as_json_are_what_they_were(types: Types, database: Database) -> None:
    _asks(database, (ReviewKind.DUE, 4, "Review it."))

    (row,) = json.loads(types("--json", "review", "list"))

    assert row == {"item": 1, "priority": 4, "queue": "due", "about": "E1", "question": "Review it."}


def _property(types: Types) -> None:
    place = ("kind=property", "address=4 Quarry Bank", "postcode=ZZ9 9ZZ")
    types("case", "open", "--as", "head", *place)
    types("case", "record", "MC-00001", "--as", "head", "kind=owner", "officer=head", "service=planning")


def test_what_is_due_begins_with_how_much_is_overdue_and_goes_day_by_day(types: Types) -> None:
    _property(types)

    lines = [line.rstrip() for line in types("due", "--as", "head").splitlines()]

    assert lines[0] == f"1 due by {in_words(TODAY + timedelta(days=30))}: 1 today."
    assert lines[2:5] == [
        f"{in_words(TODAY)}, today",
        "  MC-00001: risk-assessment, for head",
        "      Assess the risk at the property of MC-00001 before anybody attends it.",
    ]


@pytest.mark.requirement("2.14")
def test_what_is_due_is_told_to_those_who_may_read_the_case_and_others_learn_how_much_there_is(types: Types) -> None:
    _property(types)
    types("officer", "set", "clerk", "name=The Clerk", "job_title=Clerk", "service=parks", f"trained_on={TODAY}")

    theirs, others = types("due", "--as", "head"), types("due", "--as", "clerk")

    assert "left out" not in theirs
    assert "MC-00001" not in others
    assert "1 more left out: of cases of other services, in which you have no part." in others
    assert "say who reads it with --as USERNAME" in types("due", ends=2)
    assert "what=due" in types("audit", "report", "--by", "clerk")


def test_where_nothing_is_due_that_is_said(types: Types) -> None:
    assert types("due", "--as", "head", "--until", TODAY).strip() == f"Nothing is due by {in_words(TODAY)}."


@pytest.mark.requirement("1.51", "1.52")
def test_who_is_to_visit_reads_what_the_assessment_asks_for_and_nothing_that_contradicts_it(types: Types) -> None:
    _property(types)
    ask = ("lookup", "ZZ9 9ZZ", "--as", "head", "--for", "visit")
    before = " ".join(types(*ask).split())
    assessed = (f"on={TODAY}", "by=Parks", "outcome=Two officers go together.")

    types("case", "record", "MC-00001", "--as", "head", "kind=risk-assessment", *assessed)
    after = " ".join(types(*ask).split())

    assert "BEWARE The risk at this property is not assessed yet: do not attend before it is." in before
    assert "BEWARE Before attending, do as the property's risk assessment says" in after
    assert "Two officers go together." in after
    assert "nothing is restricted" not in before + after


def test_a_case_is_shown_with_days_as_people_write_them_and_digests_only_when_asked_for(types: Types) -> None:
    _property(types)
    noted = ("kind=action", "action=note", f"on={TODAY}", "words=It came in a file.", f"reference=import:{DIGEST}")
    types("case", "record", "MC-00001", "--as", "head", *noted)

    shown = types("case", "show", "MC-00001", "--as", "head")
    whole = "".join(types("case", "show", "MC-00001", "--as", "head", "--digests").split())

    assert f"3. action, {in_words(TODAY)}, " in shown
    assert f"    on: {in_words(TODAY)}" in shown
    assert "words: It came in a file." in shown
    assert TODAY.isoformat() not in shown
    assert DIGEST[:12] not in shown
    assert DIGEST in whole
    assert DIGEST in types("--json", "case", "show", "MC-00001", "--as", "head")
