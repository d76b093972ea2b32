"""What the product can be told: every key, its type and default; `core.configuration` reads it from its places."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from core.accounts import Account, Authentication, ImapServer, Line, Port, Section, Security, Server, secret_of

PREFIX = "MAILROOM_"

Seconds = Annotated[float, Field(gt=0)]
Lowered = Annotated[Line, StringConstraints(to_lower=True)]


_TIME = re.compile(r"[1-9]\d{0,2} (day|week|month|year)s?")


def _a_time(text: str) -> str:
    if _TIME.fullmatch(text) is None:
        message = 'write a number up to 999 and days, weeks, months or years, such as "12 months"'
        raise ValueError(message)
    return text


Time = Annotated[str, AfterValidator(_a_time)]


class SpocDelivery(StrEnum):
    """How diverted mail reaches a single point of contact."""

    SMTP = "smtp"  # wrapped as message/rfc822 in a letter from the council
    MAILBOX = "mailbox"  # appended to the SPOC's own IMAP account
    FOLDER = "folder"  # moved to a folder the shared mailbox's login can reach


class Council(Section):
    """Who we are: decides what is our own mail and what our letters carry."""

    name: Line  # in the subject of letters
    domains: tuple[Lowered, ...] = Field(min_length=1)  # the first one makes our Message-IDs
    staff: tuple[Lowered, ...] = ()  # further addresses that are ours
    protected: tuple[Lowered, ...] = ()  # domains or addresses never restricted: ombudsman, MPs, police, courts
    authserv_id: str | None = None  # whose Authentication-Results to believe: the council's own border
    signing_key: SecretStr = Field(min_length=16)  # makes effect keys and loop tokens; keep it for ever
    policy: str = "000"  # a policy that is shipped, by name or number, or the path of the council's own
    closures: tuple[date, ...] = ()  # days on which the council works no more than on a bank holiday (row 0.1)
    wellbeing: Line = ""  # where staff find help, said beside what may be abusive (row 3.3)


class Folders(Section):
    """What this mailbox calls the folders that decisions speak of."""

    diverted: str = "Diverted"
    filed: str = "Read and file"
    review: str = "Review"
    waiting: str = "Waiting"


class Mailbox(Account):
    """One shared mailbox that is tended."""

    service: str = ""  # which service it belongs to; defaults to the mailbox's name
    inbox: str = "INBOX"
    folders: Folders = Folders()
    excluded: bool = False  # schools, statutory social services: restrictions never apply (rows 2.5, 1.10)
    member: bool = False  # a councillor's: restrictions apply only where the policy says so (row 1.4)
    shadow: bool = False  # decide and record, but act on nothing

    @model_validator(mode="after")
    def _moves_leave_the_inbox(self) -> Self:
        for role, folder in self.folders:
            if self.is_inbox(folder):
                message = f"folders.{role} is the inbox itself: mail moved there would come in again"
                raise ValueError(message)
        return self

    def is_inbox(self, folder: str) -> bool:
        """Whether `folder` is the inbox; the name INBOX alone is read without regard to case (RFC 3501 5.1)."""
        return folder == self.inbox or folder.upper() == self.inbox.upper() == "INBOX"


class Spoc(Account):
    """A single point of contact. One named only in the register is reached by SMTP at its address."""

    delivery: SpocDelivery = SpocDelivery.SMTP
    folder: str = "INBOX"


class Teams(Section):
    """Who deals with what no restriction touches (row 1.35); what is left out stays in the mailbox it came to."""

    information: Lowered | None = None  # FOI, EIR, subject access and other data rights
    safeguarding: Lowered | None = None  # told of at once: mail about danger itself stays where a person sees it
    homelessness: Lowered | None = None
    elections: Lowered | None = None
    planning: Lowered | None = None
    benefits: Lowered | None = None
    council_tax: Lowered | None = None
    admissions: Lowered | None = None
    licensing: Lowered | None = None
    send: Lowered | None = None
    democratic: Lowered | None = None  # statements and questions for public meetings
    complaints: Lowered | None = None  # new complaints, and challenges of a restriction
    equality: Lowered | None = None  # adjustments for disabled people
    repairs: Lowered | None = None  # hazards in the council's homes


class Smtp(Server):
    """The relay that carries what we send."""

    port: Port = 587
    security: Security = Security.STARTTLS
    username: str | None = None
    authentication: Authentication = Authentication.LOGIN
    password: SecretStr | None = None
    password_file: Path | None = None  # or a file that holds it; for XOAUTH2, the access token
    sender: Line  # in From; of letters to people in the envelope, too, and of diverted mail if it is a mailbox's below

    @model_validator(mode="after")
    def _a_token_is_somebodys(self) -> Self:
        if self.authentication is Authentication.XOAUTH2 and not self.username:
            message = 'authentication = "xoauth2" needs username: the account that the access token is for'
            raise ValueError(message)
        return self

    def secret(self) -> str | None:
        """The password or access token, read afresh at each login; None where the relay asks for none."""
        return secret_of(self.password, self.password_file, owner="smtp") if self.username else None


class Url(Section):
    """An address that may hold a password, and so is kept from logs."""

    url: SecretStr

    def address(self) -> str:
        """The address, password and all."""
        return self.url.get_secret_value()


class DatabaseSettings(Url):
    """Where the ledger, the register and the decisions live."""

    url: SecretStr = SecretStr("sqlite:///mailroom.db")


class Broker(Url):
    """The doorbell of the distributed way to run; losing it only delays work."""

    url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")


class Pace(Section):
    """Bounds and rhythms; the defaults suit a council of 200 mailboxes."""

    poll_seconds: Seconds = 20
    batch: Annotated[int, Field(ge=1, le=500)] = 500
    network_seconds: Seconds = 20  # longest wait for any one answer of a server
    lease_seconds: Seconds = 90  # how long a frozen worker may keep a mailbox from others
    retry_seconds: Seconds = 2  # first wait after a failure; doubles, with jitter
    retry_cap_seconds: Annotated[float, Field(gt=0, le=43_200)] = 900
    shunt_after: Annotated[int, Field(ge=1)] = 5  # failed tries until a person is asked
    notices_an_hour: Annotated[int, Field(ge=1)] = 20  # because of mail to one mailbox, before a person has to look
    letters_a_day: Annotated[int, Field(ge=1)] = 2  # automatic ones to one address; what exceeds them waits
    page_bytes: Annotated[int, Field(ge=1_048_576)] = 67_108_864  # most to hold of whole messages at once

    @model_validator(mode="after")
    def _lease_outlasts_the_network(self) -> Self:
        if self.lease_seconds < 3 * self.network_seconds:
            message = "pace.lease_seconds must be at least three times pace.network_seconds"
            raise ValueError(message)
        return self


class Retention(Section):
    """What no policy states: how long what it is silent about is kept."""

    kept_mail: Time = "12 months"  # mail that belongs to no case, from the last answer about it; the council's own


class Settings(BaseSettings):
    """Everything the product is told."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
        extra="forbid",
        frozen=True,
    )

    council: Council
    database: DatabaseSettings = DatabaseSettings()
    broker: Broker = Broker()
    imap: ImapServer = ImapServer()
    smtp: Smtp
    mailboxes: dict[str, Mailbox] = Field(min_length=1)
    spocs: dict[str, Spoc] = Field(default_factory=dict)
    teams: Teams = Teams()
    pace: Pace = Pace()
    retention: Retention = Retention()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment and the secret files win over the TOML file, which arrives as keyword arguments."""
        del settings_cls, dotenv_settings
        secrets = NestedSecretsSettingsSource(
            file_secret_settings,
            secrets_nested_delimiter="__",
            secrets_dir_missing="ok",
            env_prefix="",
        )
        return env_settings, secrets, init_settings

    @model_validator(mode="after")
    def _spocs_are_ours(self) -> Self:
        for name, spoc in self.spocs.items():
            if not self.is_ours(spoc.address):
                message = f"spocs.{name}.address {spoc.address} is outside council.domains: mail is never diverted out"
                raise ValueError(message)
            if spoc.delivery is SpocDelivery.FOLDER and any(m.is_inbox(spoc.folder) for m in self.mailboxes.values()):
                message = f"spocs.{name}.folder is the inbox of a mailbox: name a folder of the SPOC's own"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _teams_are_ours(self) -> Self:
        for family, address in self.teams:
            if address is not None and not self.is_ours(address):
                message = f"teams.{family} {address} is outside council.domains: name an address of the council's own"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _each_inbox_once(self) -> Self:
        names: dict[tuple[str, int, str, str], str] = {}
        for name, mailbox in self.mailboxes.items():
            server = self.server_of(mailbox)
            first = names.setdefault((server.host, server.port, mailbox.login, mailbox.inbox), name)
            if first != name:
                message = f"mailboxes.{name} is the same inbox as mailboxes.{first}: its mail would be acted on twice"
                raise ValueError(message)
        return self

    def is_ours(self, address: str) -> bool:
        """Whether an address belongs to the council, by domain or as a listed staff address."""
        lowered = address.lower()
        local_part, _, domain = lowered.rpartition("@")
        return lowered in self.council.staff or (bool(local_part) and domain in self.council.domains)

    def server_of(self, account: Account) -> ImapServer:
        """The IMAP server an account lives on."""
        return account.server or self.imap

    def service_of(self, mailbox: str) -> str:
        """The service a mailbox belongs to."""
        return self.mailboxes[mailbox].service or mailbox

    def spoc(self, address: str) -> Spoc:
        """How to reach the SPOC with this address."""
        lowered = address.lower()
        listed = (spoc for spoc in self.spocs.values() if spoc.address.lower() == lowered)
        return next(listed, Spoc(address=address))
