"""Reads the settings: one TOML file, an environment variable for every key, secrets from files; wrong keys are refused.

Precedence: environment (`MAILROOM_SMTP__HOST`), then files in the secrets directory (`smtp__password`), then the TOML
file, then the defaults.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.accounts import SettingsError
from core.settings import PREFIX, Settings

DEFAULT_PATH = Path("mailroom.toml")
DEFAULT_SECRETS = Path("/run/secrets")

# Not settings, but where to find them, and who acts; `MAILROOM_CONFIG` and its like may stand beside the others.
_PLACES = frozenset({"CONFIG", "SECRETS", "OFFICER"})


def load(path: Path | None = None) -> Settings:
    """Read the configuration from `path`, else from `MAILROOM_CONFIG`, else from `mailroom.toml` here.

    Raises SettingsError, whose message lists every mistake with its place and remedy.
    """
    path = path or Path(os.environ.get(f"{PREFIX}CONFIG", DEFAULT_PATH))
    _refuse_unknown_variables(os.environ)
    table = _read(path)
    secrets = Path(os.environ.get(f"{PREFIX}SECRETS", DEFAULT_SECRETS))
    try:
        return Settings(_secrets_dir=secrets, **table)  # type: ignore[call-arg]  # pydantic-settings' own argument
    except ValidationError as error:
        raise SettingsError(_explain(path, error)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"no configuration at {path}: write one with `mailroom init`, or name it with --config"
        raise SettingsError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not valid TOML: {error}"
        raise SettingsError(message) from None
    for key in table:
        if key.startswith("_"):  # pydantic-settings would take it for an argument of its own, such as _env_file
            message = f"{path}: {key}: no such setting: remove it or correct its name"
            raise SettingsError(message)
    return table


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = {name.upper() for name in Settings.model_fields} | _PLACES
    for variable in environment:
        section = variable.removeprefix(PREFIX).split("__")[0].upper()
        if variable.startswith(PREFIX) and section not in known:
            message = f"environment variable {variable}: no such setting; sections are {', '.join(sorted(known))}"
            raise SettingsError(message)


def _explain(path: Path, error: ValidationError) -> str:
    lines = [f"{path} (or the environment) has {error.error_count()} mistake(s):"]
    for mistake in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in mistake["loc"]) or "as a whole"
        remedy = {"extra_forbidden": "no such setting: remove it or correct its name", "missing": "is required: add it"}
        lines.append(f"  {place}: {remedy.get(mistake['type'], mistake['msg'].removeprefix('Value error, '))}")
    return "\n".join(lines)
