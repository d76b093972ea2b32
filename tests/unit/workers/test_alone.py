"""One work that fails holds up no other; what is nobody's fault ends them all, until the next time."""

from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from core.accounts import SettingsError
from workers.alone import by_itself
from workers.store import LeaseLostError


def _does(error: Exception | None) -> str:
    if error is not None:
        raise error
    return "done"


def _refused(error: type[Exception]) -> Exception:
    return error("insert", {}, ValueError("Sam Specimen")) if issubclass(error, (IntegrityError,)) else error()


@pytest.mark.parametrize("error", [ValueError, RecursionError, IntegrityError])
def test_what_nobody_foresaw_is_handed_on_and_named_without_what_was_at_hand(error: type[Exception]) -> None:
    works = [None, _refused(error), None]

    with capture_logs() as logged:
        done = [by_itself("letters", partial(_does, work), lambda failed: type(failed).__name__) for work in works]

    assert done == ["done", error.__name__, "done"]
    (event,) = logged
    assert event["error"] == error.__name__
    assert event["where"].startswith("_does:")
    assert "Sam Specimen" not in str(event)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(LeaseLostError("notices"), id="another worker has taken over"),
        pytest.param(OperationalError("select", {}, ValueError("gone")), id="the database does not answer"),
        pytest.param(SettingsError("a password file is gone"), id="the settings cannot be carried out"),
    ],
)
def test_what_ends_every_work_is_passed_on(error: Exception) -> None:
    with pytest.raises(type(error)):
        by_itself("letters", lambda: _does(error), lambda _failed: "put off")
