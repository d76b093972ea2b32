"""A pytest plugin: where the environment says CI=true, a skipped test fails the run, which lists every one."""

import os

import pytest

_skipped = pytest.StashKey[list[tuple[str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start an empty list, in continuous integration only."""
    if os.environ.get("CI") == "true":
        config.stash[_skipped] = []
        config.pluginmanager.register(_NoSkips(config.stash[_skipped]), "no-skips-in-ci")


class _NoSkips:
    def __init__(self, skipped: list[tuple[str, str]]) -> None:
        self._skipped = skipped

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._note(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._skipped and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._skipped:
            terminalreporter.section("skipped, which CI=true does not allow", red=True)
            for test, reason in self._skipped:
                terminalreporter.line(f"FAILED {test}: {reason}", red=True)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        self._skipped.append((report.nodeid, reason))
