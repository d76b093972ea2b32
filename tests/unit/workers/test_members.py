"""Row 1.4: whether restrictions reach a councillor's mailbox is the policy's to say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, an_office, to_north


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["mailboxes"]["housing"]["member"] = True
        yield office


@pytest.mark.requirement("1.4")
@pytest.mark.parametrize(
    ("policy", "disposition"), [pytest.param("001", "redirected", id="in scope"), pytest.param("004", "kept", id="not")]
)
def test_a_councillors_mail_is_restricted_only_where_the_policy_says_so(
    office: Office, policy: str, disposition: str
) -> None:
    office.data["council"]["policy"] = policy
    office.deliver(to_north(1))

    office.finish()

    assert office.dispositions() == {disposition: 1}
    assert bool(office.world.letters) == (disposition == "redirected")
