from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from core.accounts import Account, SettingsError
from core.configuration import load
from core.settings import Settings, Spoc, SpocDelivery
from tests.builders import PASSWORD, SIGNING_KEY, settings_data

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes settings as TOML, with some changed: `write(smtp__port=25)`; no secret lies anywhere yet."""
    monkeypatch.setenv("MAILROOM_SECRETS", str(tmp_path / "secrets"))

    def written(**changes: object) -> Path:
        data = settings_data()
        for place, value in changes.items():
            *sections, key = place.split("__")
            section = data
            for name in sections:
                section = section.setdefault(name, {})
            section[key] = value
        path = tmp_path / "mailroom.toml"
        path.write_text(tomli_w.dumps(data), encoding="utf-8")
        return path

    return written


def _refusal(path: Path) -> str:
    with pytest.raises(SettingsError) as refusal:
        load(path)
    return str(refusal.value)


def test_the_smallest_settings_are_enough(write: Write) -> None:
    path = write()

    settings = load(path)

    assert settings.mailboxes["planning"].address == "planning@council.example"
    assert settings.service_of("planning") == "planning"
    assert settings.pace.shunt_after == 5


@pytest.mark.parametrize(
    ("changes", "place", "remedy"),
    [
        pytest.param({"smtp__hots": "mail"}, "smtp.hots", "no such setting: remove it", id="unknown key"),
        pytest.param({"smpt__host": "mail"}, "smpt", "no such setting: remove it", id="unknown section"),
        pytest.param({"smtp__sender": 7}, "smtp.sender", "valid string", id="wrong type"),
        pytest.param({"smtp__port": 65536}, "smtp.port", "65535", id="no such port"),
        pytest.param({"smtp__host": "mail.example"}, "smtp", 'use "tls" or "starttls"', id="plain SMTP elsewhere"),
        pytest.param({"smtp__authentication": "xoauth2"}, "smtp", "needs username", id="a token of nobody's"),
        pytest.param({"imap__host": "192.0.2.1"}, "imap", 'use "tls" or "starttls"', id="plain IMAP elsewhere"),
        pytest.param({"imap__security": "none"}, "imap.security", "'tls', 'starttls'", id="unknown protection"),
        pytest.param({"mailboxes": {}}, "mailboxes", "at least 1", id="no mailbox"),
        pytest.param({"council__domains": []}, "council.domains", "at least 1", id="no domain"),
        pytest.param({"council__signing_key": "short"}, "council.signing_key", "at least 16", id="short key"),
        pytest.param(
            {"teams": {"information": "ig@elsewhere.example"}},
            "teams.information",
            "name an address of the council's own",
            id="a team outside the council",
        ),
        pytest.param({"teams": {"parks": "p@council.example"}}, "teams.parks", "no such setting", id="unknown team"),
        pytest.param(
            {"spocs__north": {"address": "north@elsewhere.example"}},
            "spocs.north.address",
            "outside council.domains",
            id="SPOC outside the council",
        ),
        pytest.param(
            {"pace__lease_seconds": 59.9}, "pace", "three times pace.network_seconds", id="lease shorter than network"
        ),
        *(
            pytest.param({setting: value}, setting.replace("__", "."), "write it on one line", id=f"{setting} {of}")
            for setting in ("council__name", "smtp__sender", "mailboxes__planning__address")
            for value, of in (
                ("A\nB", "of two lines"),
                ("A\r\n", "with a line's end"),
                ("A\u2028B", "split"),
                (" ", "blank"),
            )
        ),
        pytest.param(
            {"council__domains": ["a.example\n"]}, "council.domains.0", "on one line", id="domain of two lines"
        ),
        *(
            pytest.param(
                {"retention__kept_mail": time}, "retention.kept_mail", 'such as "12 months"', id=f"kept {time}"
            )
            for time in ("", "0 days", "12", "a year", "7 working days", "1000 days", "12 months ", "-1 day")
        ),
        pytest.param({"pace__shunt_after": 0}, "pace.shunt_after", "greater than or equal to 1", id="never tried"),
    ],
)
def test_a_mistake_is_refused_with_its_place_and_its_remedy(
    write: Write, changes: dict[str, Any], place: str, remedy: str
) -> None:
    path = write(**changes)

    refusal = _refusal(path)

    assert str(path) in refusal
    assert place in refusal
    assert remedy in refusal


@pytest.mark.parametrize("time", ["90 days", "1 day", "2 weeks", "18 months", "999 years"])
def test_how_long_mail_of_no_case_is_kept_is_the_council_s_to_say(write: Write, time: str) -> None:
    assert load(write(retention__kept_mail=time)).retention.kept_mail == time
    assert load(write()).retention.kept_mail == "12 months"


def test_every_mistake_is_told_at_once(write: Write) -> None:
    path = write(smtp__hots="mail", pace__batch=0)

    refusal = _refusal(path)

    assert "2 mistake(s)" in refusal
    assert "smtp.hots" in refusal
    assert "pace.batch" in refusal


def test_a_missing_section_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("")

    refusal = _refusal(path)

    assert "council: is required" in refusal
    assert "smtp: is required" in refusal


def test_a_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    assert "`mailroom init`" in _refusal(tmp_path / "mailroom.toml")


@pytest.mark.parametrize(
    "raw", [pytest.param(b"[council\n", id="syntax"), pytest.param(b'[council]\nname = "\xff"\n', id="not UTF-8")]
)
def test_what_is_no_toml_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "mailroom.toml"
    path.write_bytes(raw)

    assert f"{path} is not valid TOML" in _refusal(path)


@pytest.mark.parametrize("key", ["_secrets_dir", "_env_file", "_case_sensitive"])
def test_no_key_of_the_file_steers_how_settings_are_read(write: Write, key: str) -> None:
    path = write()
    path.write_text(f'{key} = "x"\n' + path.read_text("utf-8"), "utf-8")

    assert key in _refusal(path)


def test_an_environment_variable_of_no_section_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write()
    monkeypatch.setenv("MAILROOM_SMPT__HOST", "127.0.0.1")

    refusal = _refusal(path)

    assert "MAILROOM_SMPT__HOST: no such setting" in refusal
    assert "SMTP" in refusal


def test_an_environment_variable_of_no_key_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write()
    monkeypatch.setenv("MAILROOM_SMTP__HOTS", "127.0.0.1")

    assert "smtp.hots: no such setting" in _refusal(path)


@pytest.fixture
def secret(tmp_path: Path) -> Callable[[str, str], None]:
    """Puts a file into the secrets directory."""

    def put(name: str, value: str) -> None:
        folder = tmp_path / "secrets"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(value, encoding="utf-8")

    return put


def test_a_secret_file_wins_over_the_toml_file(write: Write, secret: Callable[[str, str], None]) -> None:
    path = write(smtp__username="mailroom", smtp__password="from the file")
    secret("smtp__password", "from the secret\n")

    assert load(path).smtp.secret() == "from the secret"


def test_the_environment_wins_over_a_secret_file(
    write: Write, secret: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(smtp__username="mailroom", smtp__password="from the file")
    secret("smtp__password", "from the secret")
    monkeypatch.setenv("MAILROOM_SMTP__PASSWORD", "from the environment")

    assert load(path).smtp.secret() == "from the environment"


def test_one_variable_leaves_the_rest_of_its_section_as_it_was(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write()
    monkeypatch.setenv("MAILROOM_SMTP__PORT", "2525")

    smtp = load(path).smtp

    assert (smtp.port, smtp.sender) == (2525, "mailroom@council.example")


def test_a_mailbox_password_comes_from_a_secret_file(write: Write, secret: Callable[[str, str], None]) -> None:
    path = write(mailboxes__planning={"address": "planning@council.example"})
    secret("mailboxes__planning__password", "sesame")

    assert load(path).mailboxes["planning"].secret() == "sesame"


def test_the_configuration_is_found_by_environment(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILROOM_CONFIG", str(write(council__name="Found Council")))

    assert load().council.name == "Found Council"


def test_a_password_file_is_read_afresh_each_time(tmp_path: Path) -> None:
    file = tmp_path / "token"
    account = Account(address="planning@council.example", password_file=file)
    file.write_text("first\n")

    before = account.secret()
    file.write_text("renewed\n")

    assert (before, account.secret()) == ("first", "renewed")


def test_an_account_without_a_password_says_what_to_set() -> None:
    account = Account(address="planning@council.example")

    with pytest.raises(SettingsError, match=r"planning@council\.example: set password or password_file"):
        account.secret()


def test_a_password_file_that_is_missing_is_named(tmp_path: Path) -> None:
    account = Account(address="planning@council.example", password_file=tmp_path / "gone")

    with pytest.raises(SettingsError, match=r"No such file or directory: .*gone"):
        account.secret()


def test_a_relay_without_a_username_asks_for_no_password(write: Write) -> None:
    assert load(write()).smtp.secret() is None


def test_no_secret_is_shown_when_settings_are_printed(write: Write) -> None:
    settings = load(write(database__url="postgresql://mailroom:hidden@db/mailroom", broker__url="redis://:hidden@b/0"))

    shown = f"{settings!r} {settings}"

    for secret in (PASSWORD, SIGNING_KEY, "hidden"):
        assert secret not in shown


def test_no_refusal_shows_a_secret(write: Write) -> None:
    path = write(mailboxes__planning={"password": PASSWORD}, council__signing_key="a short key")

    refusal = _refusal(path)

    assert "mailboxes.planning.address" in refusal
    assert PASSWORD not in refusal
    assert "a short key" not in refusal


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_plain_connection_to_this_machine_is_allowed(write: Write, host: str) -> None:
    assert load(write(imap__host=host)).imap.host == host


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("anybody@council.example", True),
        ("Anybody@COUNCIL.example", True),
        ("partner@company.example", True),
        ("anybody@company.example", False),
        ("anybody@sub.council.example", False),
        ("anybody@notcouncil.example", False),
        ("council.example", False),
    ],
)
def test_an_address_is_ours_by_domain_or_by_being_listed(write: Write, address: str, ours: bool) -> None:  # noqa: FBT001 - a table
    settings = load(write(council__staff=["Partner@company.example"]))

    assert settings.is_ours(address) is ours


def test_a_spoc_the_settings_do_not_name_is_reached_by_smtp(write: Write) -> None:
    settings = load(write())

    assert settings.spoc("spoc@council.example") == Spoc(address="spoc@council.example")


def test_a_spoc_is_found_whatever_its_case(write: Write) -> None:
    settings = load(write(spocs__north={"address": "North@council.example", "delivery": "folder", "folder": "North"}))

    assert settings.spoc("north@COUNCIL.example").delivery is SpocDelivery.FOLDER


def test_settings_cannot_be_changed_once_read(write: Write) -> None:
    settings: Settings = load(write())

    with pytest.raises(ValueError, match="frozen"):
        settings.council.name = "Another"
