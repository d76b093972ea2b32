"""The container files speak of commands, settings and files that exist, and give nothing more rights than it needs."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import BaseModel

from cli.main import app
from core.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("council-mailroom:")}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()

# Where settings are found is told by variables that are no settings; see core.configuration.
PLACES = {"CONFIG", "SECRETS"}


def _instructions(name: str) -> list[str]:
    return [line.removeprefix(f"{name} ").strip() for line in DOCKERFILE if line.startswith(f"{name} ")]


def _each(services: dict[str, dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("service", [pytest.param(value, id=name) for name, value in services.items()])


COMMANDS = {
    "Dockerfile": json.loads(_instructions("ENTRYPOINT")[0]) + json.loads(_instructions("CMD")[0]),
    "Dockerfile's healthcheck": json.loads(_instructions("HEALTHCHECK")[0].partition("CMD ")[2]),
    "healthcheck": COMPOSE["x-mailroom"]["healthcheck"]["test"][1:],
    **{name: ["mailroom", *service["command"]] for name, service in OURS.items()},
}


@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in COMMANDS.items()])
def test_every_command_exists(words: list[str]) -> None:
    program, *rest = words

    assert program == "mailroom"
    _must_be_a_command(typer.main.get_command(app), rest)


def _must_be_a_command(command: Any, words: list[str]) -> None:  # noqa: ANN401 - Typer does not export its own types
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        command.make_context(command.name, list(words))  # reads the words, and runs nothing
        return
    assert words, f"`{command.name}` needs one of {sorted(subcommands)}"
    assert words[0] in subcommands, f"`{words[0]}` is none of {sorted(subcommands)}"
    _must_be_a_command(subcommands[words[0]], words[1:])


@_each(OURS)
def test_every_variable_is_a_setting(service: dict[str, Any]) -> None:
    assert set(service["environment"]) <= _variables()


def test_every_variable_of_the_image_is_a_setting() -> None:
    given = {name for line in _instructions("ENV") for name in re.findall(r"(\w+)=", line) if name.startswith(PREFIX)}

    assert given <= _variables()


@_each(OURS)
def test_every_secret_is_a_setting(service: dict[str, Any]) -> None:
    assert {f"{PREFIX}{secret.upper()}" for secret in service["secrets"]} <= _variables()


def _variables() -> set[str]:
    return {f"{PREFIX}{name.upper()}" for name in (*PLACES, *_settings(Settings))}


def _settings(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _settings(field.annotation, f"{prefix}{name}__")


def test_every_secret_file_is_made_by_our_script(tmp_path: Path) -> None:
    subprocess.run([ROOT / "scripts" / "secrets", tmp_path / "secrets"], check=True, capture_output=True)

    assert {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()} <= _names(tmp_path / "secrets")


def test_secrets_once_made_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    subprocess.run([ROOT / "scripts" / "secrets", folder], check=True, capture_output=True)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    subprocess.run([ROOT / "scripts" / "secrets", folder], check=True, capture_output=True)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert folder.stat().st_mode & 0o777 == 0o700


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@_each(SERVICES)
def test_every_service_has_no_more_rights_than_it_needs(service: dict[str, Any]) -> None:
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["user"].split(":")[0] not in {"", "0", "root"}
    assert service["healthcheck"]


@_each(SERVICES)
def test_nothing_is_open_to_other_machines(service: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


@pytest.mark.parametrize("name", ["database", "broker"])
def test_the_database_and_the_broker_reach_nobody_outside(name: str) -> None:
    assert [COMPOSE["networks"][network]["internal"] for network in SERVICES[name]["networks"]] == [True]


@_each(SERVICES)
def test_every_image_is_pinned(service: dict[str, Any]) -> None:
    assert re.search(r":\d+(\.\d+)+", service["image"])


def test_our_image_bears_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert {service["image"].partition(":")[2].removesuffix("-demo") for service in OURS.values()} == {version}


def test_the_image_runs_as_nobody_in_particular_and_installs_only_what_is_locked() -> None:
    uid, _, gid = _instructions("USER")[-1].partition(":")
    installs = [line for line in _instructions("RUN") if "pip install" in line]

    assert int(uid) > 0
    assert int(gid) > 0
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)


def test_the_image_gets_every_package_and_nothing_that_lies_about() -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").split()
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert "*" in rules
    assert {f"!{package}/" for package in wheel["packages"]} <= set(rules)
    assert not {"!secrets/", "!mailroom.toml", "!.git/"} & set(rules)


def _checkers() -> Iterator[Any]:
    here = Path(sys.executable).parent
    yield pytest.param(f"{here}/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml", id="schema")
    yield pytest.param(f"{here}/hadolint Dockerfile", id="hadolint")
    if docker := shutil.which("docker"):
        version = subprocess.run([docker, "compose", "version"], check=False, capture_output=True)
        if version.returncode == 0:  # without a container engine too: it only reads the file
            yield pytest.param(f"{docker} compose --profile demo config --quiet", id="docker compose")


@pytest.mark.parametrize("command", tuple(_checkers()))
def test_other_peoples_checkers_find_nothing(command: str) -> None:
    run = subprocess.run(shlex.split(command), cwd=ROOT, check=False, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr
