import pytest

ONE_SKIPPED = """
    import pytest

    def test_passes() -> None:
        pass

    @pytest.mark.skip(reason="no mail server here")
    def test_needs_a_server() -> None:
        pass
"""


def test_a_skip_fails_the_run_in_continuous_integration(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(ONE_SKIPPED)

    result = pytester.runpytest("-p", "tests.no_skips")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*which CI=true does not allow*", "FAILED *test_needs_a_server: *no mail server here"])


def test_a_skip_is_allowed_on_a_desk(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(ONE_SKIPPED)

    result = pytester.runpytest("-p", "tests.no_skips")

    assert result.ret == pytest.ExitCode.OK


def test_a_module_skipped_as_a_whole_fails_the_run_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile("import pytest\n\npytest.importorskip('no_such_library')")

    result = pytester.runpytest("-p", "tests.no_skips")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
