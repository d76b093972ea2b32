import pytest

from tests.requirement_ledger import Ledger, report
from tests.requirement_marks import Row, rows

MARKED = """
    import pytest

    @pytest.mark.requirement("1.71", "2.31")
    def test_passes() -> None:
        pass

    @pytest.mark.requirement("1.71")
    def test_also_passes() -> None:
        pass

    @pytest.mark.requirement("2.37")
    @pytest.mark.parametrize("good", [True, False])
    def test_passes_once_of_twice(good: bool) -> None:
        assert good

    @pytest.mark.requirement("3.42")
    @pytest.mark.skip(reason="not today")
    def test_is_skipped() -> None:
        pass
"""


@pytest.fixture
def ledger(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.delenv("CI", raising=False)
    pytester.makeini("[pytest]\nmarkers = requirement(row): proves a row")
    return Ledger()


def test_knows_every_clause_of_the_five_policies() -> None:
    counts: dict[str, int] = {}
    for row in rows().values():
        counts[row.policy] = counts.get(row.policy, 0) + 1

    assert counts == {"000": 16, "001": 91, "002": 39, "003": 44, "004": 28}


def test_a_row_is_proven_by_a_passing_test_unless_another_fails(pytester: pytest.Pytester, ledger: Ledger) -> None:
    pytester.makepyfile(MARKED)

    pytester.inline_run("-p", "tests.requirement_marks", plugins=[ledger])

    assert ledger.proven == {"1.71", "2.31"}


def test_collecting_says_what_is_claimed_without_running_it(pytester: pytest.Pytester, ledger: Ledger) -> None:
    pytester.makepyfile(MARKED)

    pytester.inline_run("-p", "tests.requirement_marks", "--collect-only", plugins=[ledger])

    assert ledger.claimed == {"1.71", "2.31", "2.37", "3.42"}
    assert ledger.proven == set()


@pytest.mark.usefixtures("ledger")
def test_a_row_nobody_knows_stops_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(MARKED.replace("2.31", "2.310"))

    result = pytester.runpytest("-p", "tests.requirement_marks")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*::test_passes claims to prove row '2.310'*"])


def test_the_report_counts_by_policy_and_kind_and_names_what_is_missing() -> None:
    table = (
        Row(id="0.1", kinds=("G",), title="closure calendar"),
        Row(id="2.1", kinds=("E", "C"), title="Welsh and English"),
        Row(id="2.37", kinds=("X",), title="never cut off"),
    )

    lines = list(report({"0.1", "2.37"}, word="proven", table=table))

    assert "Policy 002: 1 of 2 rows proven" in lines
    assert "    2.1   E/C    Welsh and English" in lines
    assert any(line.split()[:4] == ["0", "of", "1", "E"] for line in lines)
    assert lines[-1] == "In all: 2 of 3 rows proven"
