"""What every task needs, made once per process: settings, database, policy, model, and open IMAP sessions."""

import random
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from classifier.model import Model
from core import clock
from core.accounts import Account, SettingsError
from core.db import Database
from core.settings import Settings
from ingest.imap import ImapSession
from policies import shelf
from policies.reading import PolicyHistory, PolicyRefusedError
from register.calendars import council_calendar, foi_calendar
from register.dates import WorkingCalendar, day_of
from register.matching import StaffDirectory
from register.officers import Officer
from register.recording import Desk
from routing.clocks import Calendars
from routing.decide import RoutingPolicy
from routing.teams import teams_of
from workers.models import Models
from workers.smtp import Relay


@dataclass
class Runtime:
    """One process's means; tasks take it as their first argument."""

    settings: Settings
    database: Database
    _sessions: dict[str, ImapSession] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)  # set: finish the act under way, begin no other

    @classmethod
    def of(cls, settings: Settings) -> "Runtime":
        """The means these settings describe; nothing is opened yet."""
        return cls(settings, Database(settings.database.address()))

    @property
    def signing_key(self) -> str:
        """What effect keys and loop tokens are made with."""
        return self.settings.council.signing_key.get_secret_value()

    @property
    def policy(self) -> RoutingPolicy:
        """What the council has laid down, in the version that is in force today."""
        return RoutingPolicy(
            version=self.policies.on(day_of(clock.now())).version,
            staff=self._staff,
            calendars=Calendars(council=self.calendar, information=foi_calendar()),
            teams=teams_of(self.settings.teams.model_dump(exclude_none=True)),
        )

    def excludes(self, mailbox: str) -> bool:
        """Whether no restriction applies to this mailbox: by the settings, or because the policy spares councillors."""
        found = self.settings.mailboxes[mailbox]
        return found.excluded or (found.member and not self.policies.on(day_of(clock.now())).members_in_scope.value)

    @cached_property
    def policies(self) -> PolicyHistory:
        """The council's policy in all its versions. Raises SettingsError."""
        try:
            return shelf.find(self.settings.council.policy)
        except (shelf.UnknownPolicyError, PolicyRefusedError) as error:
            message = f"council.policy: {error}"
            raise SettingsError(message) from None

    def desk(self, officer: Officer) -> Desk:
        """Where this officer works on cases, now."""
        return Desk(policies=self.policies, calendar=self.calendar, officer=officer, now=clock.now())

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The council's working days: bank holidays and its own closures are none."""
        return council_calendar(self.policies.newest.jurisdiction.value, self.settings.council.closures)

    @cached_property
    def _staff(self) -> StaffDirectory:
        council = self.settings.council
        ours = [mailbox.address for mailbox in self.settings.mailboxes.values()]
        ours += [spoc.address for spoc in self.settings.spocs.values()]
        protected = (*council.protected, *self.policies.newest.ombudsman.value.domains)
        return StaffDirectory.of(domains=council.domains, addresses=(*council.staff, *ours), protected=protected)

    @cached_property
    def models(self) -> Models:
        """The classifier's models, loaded when first needed."""
        return Models(self.database)

    @property
    def model(self) -> Model:
        """The classifier's model in force."""
        return self.models.in_force

    def imap(self, name: str, account: Account) -> ImapSession:
        """The open session named `name`, or a new one. Raises ImapUnavailableError or ImapRefusedError."""
        session = self._sessions.get(name)
        if session is None:
            server = self.settings.server_of(account)
            session = ImapSession(account, server, timeout_seconds=self.settings.pace.network_seconds)
            self._sessions[name] = session
        return session

    def relay(self) -> Relay:
        """A connection to the SMTP relay, not opened yet."""
        helo = self.settings.council.domains[0]
        return Relay(self.settings.smtp, timeout_seconds=self.settings.pace.network_seconds, helo=helo)

    def hang_up(self, name: str) -> None:
        """Close a session after any doubt about it; the next use opens another."""
        session = self._sessions.pop(name, None)
        if session is not None:
            session.close()

    def close(self) -> None:
        """Hang up everywhere."""
        for name in list(self._sessions):
            self.hang_up(name)
        self.database.dispose()

    def later(self, attempts: int, *, now: datetime | None = None) -> datetime:
        """When to try again after so many attempts: doubling, capped, and spread so that waits do not coincide."""
        pace = self.settings.pace
        seconds = min(pace.retry_cap_seconds, pace.retry_seconds * 2.0 ** min(attempts, 30))
        return (now or clock.now()) + timedelta(seconds=seconds * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
