"""How a mail server is reached and an account on it is opened: part of the settings."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

Port = Annotated[int, Field(ge=1, le=65535)]


def _one_line(text: str) -> str:
    if not text.strip() or text.splitlines() != [text]:
        message = "goes into the header of letters: write it on one line"
        raise ValueError(message)
    return text


Line = Annotated[str, AfterValidator(_one_line)]


class SettingsError(Exception):
    """The configuration cannot be used; the message says what is wrong, where, and what to do."""


class Security(StrEnum):
    """How a connection is protected: TLS from the first byte, by STARTTLS, or not at all (this machine only)."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


class Authentication(StrEnum):
    """How to log in: a password, or an OAuth access token (Exchange Online, RFC 7628's sibling XOAUTH2)."""

    LOGIN = "login"
    XOAUTH2 = "xoauth2"


class Section(BaseModel):
    """A part of the settings: nothing unknown is let in, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(Section):
    """A mail server and how to reach it."""

    host: str = "127.0.0.1"
    port: Port
    security: Security = Security.TLS
    ca_file: Path | None = None  # besides the system's certificate authorities

    @model_validator(mode="after")
    def _no_password_in_the_clear(self) -> Self:
        if self.security is Security.PLAIN and not _loopback(self.host):
            message = f'security = "plain" would send passwords to {self.host} in the clear: use "tls" or "starttls"'
            raise ValueError(message)
        return self


class ImapServer(Server):
    """The IMAP server of every mailbox that names no other."""

    port: Port = 993


class Account(Section):
    """One account on an IMAP server. `username` defaults to the address (with XOAUTH2: the shared mailbox's)."""

    address: Line
    username: str | None = None
    authentication: Authentication = Authentication.LOGIN
    password: SecretStr | None = None
    password_file: Path | None = None  # or a file that holds it; for XOAUTH2, the access token
    server: ImapServer | None = None

    @property
    def login(self) -> str:
        """The name to log in with."""
        return self.username or self.address

    def secret(self) -> str:
        """The password or access token, read afresh so that a renewed token is used at once."""
        return secret_of(self.password, self.password_file, owner=self.address)


def secret_of(value: SecretStr | None, file: Path | None, *, owner: str) -> str:
    """A secret from the settings or, read afresh each time, from its file; `owner` is named where there is neither.

    Raises SettingsError.
    """
    if value is not None:
        return value.get_secret_value()
    if file is None:
        message = f"no password for {owner}: set password or password_file"
        raise SettingsError(message)
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"password_file of {owner}: {error.strerror}: {file}"
        raise SettingsError(message) from None


def _loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
