"""Tests everything the configuration names, and says for each failure what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.accounts import Account, Authentication, SettingsError
from core.db import Database
from core.settings import Smtp, Spoc, SpocDelivery
from ingest.imap import ImapError, ImapRefusedError, ImapSession
from register import store as register
from register.addresses import canonical
from register.entry import RegisterEntry
from routing.action import FolderRole
from workers.planning import folder_named
from workers.returning import envelope_sender, tended_by
from workers.runtime import Runtime
from workers.smtp import SmtpLoginRefusedError, SmtpRefusedError, SmtpUnavailableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing tested; `remedy` says what to do where it failed, or where all is well but for a warning."""

    what: str
    ok: bool
    words: str
    remedy: str = ""


# What a server says, and what to do about it; the first that is found in its words counts.
_REMEDIES = (
    ("authenticated but not connected", "grant the application FullAccess to this mailbox (Add-MailboxPermission)"),
    ("smtpclientauthentication", "allow it to log in (Set-CASMailbox -SmtpClientAuthenticationDisabled $false)"),
    ("offers no xoauth2", "set smtp.authentication to the way it does offer, or smtp.host and port to one that does"),
    ("authenticationfailed", "correct username and password (with XOAUTH2: the token, and the mailbox as username)"),
    ("login", "correct username and password of this account"),
    ("user unknown", "the relay knows no such address: correct the SPOC's address, or make its mailbox"),
    ("5.1.1", "the relay knows no such address: correct the SPOC's address, or make its mailbox"),
    ("certificate", "set ca_file to the authority that signed the server's certificate, and host to its name"),
    ("refused", "is the server running at this host and port? Correct host, port and security"),
    ("timed out", "is the server reachable from here? Look at firewalls, host and port"),
    ("getaddrinfo", "no such host: correct its name"),
    ("name or service", "no such host: correct its name"),
)

_UNHEARD = (
    "WARNING: smtp.sender is {sender}, which is the address of no mailbox here: nobody learns of the return of letters,"
    " and diverted mail that its point of contact's server refuses in the end goes unnoticed"
)
_TO_BE_HEARD = (
    "set smtp.sender to a mailbox's address, or add a mailbox of that address; if an alias brings its mail to one,"
    " letters are seen there, and only diverted mail is unheard of"
)


def check_all(runtime: Runtime, *, create_folders: bool = False) -> Iterator[Check]:
    """Test the register, every mailbox, every SPOC and the relay; each result as soon as it is known."""
    for name, mailbox in runtime.settings.mailboxes.items():
        wanted = [folder_named(mailbox.folders, role) for role in FolderRole]
        yield from _account(runtime, f"mailbox {name}", mailbox, [mailbox.inbox, *wanted], create=create_folders)
    for name, spoc in runtime.settings.spocs.items():
        if spoc.delivery is SpocDelivery.MAILBOX:
            yield from _account(runtime, f"SPOC {name}", spoc, [spoc.folder], create=create_folders)
    yield _relay(runtime, None)
    yield check_bounces(runtime)
    yield from (_relay(runtime, spoc.address) for spoc in runtime.settings.spocs.values() if _by_smtp(spoc))


def check_register(runtime: Runtime, database: Database) -> Check:
    """Whether every restriction in the register can be carried out with these settings."""
    with database.transaction() as session:
        entries = register.entries(session)
    troubles = [trouble for entry in entries for trouble in _troubles(runtime, entry)]
    if not troubles:
        return Check(what="register", ok=True, words=f"{len(entries)} entries, all can be carried out")
    return Check(what="register", ok=False, words="; ".join(troubles), remedy="correct these entries or the settings")


def _troubles(runtime: Runtime, entry: RegisterEntry) -> Iterator[str]:
    settings = runtime.settings
    services = {settings.service_of(name) for name in settings.mailboxes}
    for restriction in entry.restrictions:
        unknown = (restriction.mailboxes - set(settings.mailboxes)) | (restriction.services - services)
        if unknown:
            yield f"{restriction.ref}: no such mailbox or service: {', '.join(sorted(unknown))}"
        if restriction.spoc is not None and not settings.is_ours(restriction.spoc):
            yield f"{restriction.ref}: the SPOC {restriction.spoc} is outside council.domains"


def _account(runtime: Runtime, what: str, account: Account, folders: list[str], *, create: bool) -> Iterator[Check]:
    server = runtime.settings.server_of(account)
    try:
        with ImapSession(account, server, timeout_seconds=runtime.settings.pace.network_seconds) as imap:
            moves = "MOVE" if imap.can_move else "no MOVE: copies, verifies, then expunges"
            found = [_folder(imap, folder, create=create) for folder in dict.fromkeys(folders)]
            words = f"logged in at {server.host}:{server.port} ({moves}); " + ", ".join(words for words, _ in found)
            ok = found[0][1]  # the first is the one that mail arrives in
            remedy = "" if ok else f"correct the name of its folder {folders[0]!r}"
            yield Check(what=what, ok=ok, words=words, remedy=remedy)
    except (ImapError, SettingsError) as error:
        yield Check(what=what, ok=False, words=str(error), remedy=_remedy(str(error)))


def remedy_for(words: str) -> str:
    """What to do about what a server said, or about its silence; empty where its words have to do."""
    lowered = words.lower()
    return next((remedy for sign, remedy in _REMEDIES if sign in lowered), "")


def _folder(imap: ImapSession, folder: str, *, create: bool) -> tuple[str, bool]:
    """What there is to say of a folder, and whether it is there."""
    try:
        found = imap.select(folder, readonly=True)
    except ImapRefusedError:
        if not create:
            return f"{folder}: not there yet, made when needed", False
        imap.create_folder(folder)
        return f"{folder}: made", True
    return f"{folder}: {found.exists}", True


def check_models(runtime: Runtime) -> Check:
    """Whether the classifier's models that people put in use can be read; mail is judged either way."""
    these = runtime.models.look()
    if not these.unreadable:
        return Check(what="classifier", ok=True, words=f"{these.in_force.version} is in force")
    words = f"cannot be read: {', '.join(these.unreadable)}; {these.in_force.version} serves"
    remedy = "`mailroom classifier retrain` makes one for this version; `classifier rollback` or `withdraw` ends this"
    return Check(what="classifier", ok=False, words=words, remedy=remedy)


def check_spocs(runtime: Runtime, database: Database) -> Iterator[Check]:
    """Whether the relay takes mail for each SPOC that only the register names."""
    listed = {canonical(spoc.address) for spoc in runtime.settings.spocs.values()}
    with database.transaction() as session:
        entries = register.entries(session)
    named = {restriction.spoc for entry in entries for restriction in entry.restrictions if restriction.spoc}
    yield from (_relay(runtime, address) for address in sorted(named) if canonical(address) not in listed)


def check_bounces(runtime: Runtime) -> Check:
    """Whether what comes back arrives where somebody looks; for letters an alias may see to it, so this only warns."""
    name = tended_by(runtime.settings)
    if name is not None:
        return Check(what="letters that come back", ok=True, words=f"seen in mailbox {name}")
    return Check(
        what="letters that come back",
        ok=True,
        words=_UNHEARD.format(sender=runtime.settings.smtp.sender),
        remedy=_TO_BE_HEARD,
    )


def _by_smtp(spoc: Spoc) -> bool:
    return spoc.delivery is SpocDelivery.SMTP


def _relay(runtime: Runtime, recipient: str | None) -> Check:
    smtp = runtime.settings.smtp
    what = f"SPOC {recipient}" if recipient else f"SMTP relay {smtp.host}:{smtp.port}"
    try:
        with runtime.relay() as relay:
            relay.check(recipient, sender=envelope_sender(runtime.settings))
    except SmtpLoginRefusedError as error:
        return Check(what=what, ok=False, words=str(error), remedy=_login_remedy(smtp, str(error)))
    except (SmtpRefusedError, SmtpUnavailableError, SettingsError) as error:
        return Check(what=what, ok=False, words=str(error), remedy=_remedy(str(error)))
    words = "the relay takes mail for it" if recipient else "connected" + (" and logged in" if smtp.username else "")
    return Check(what=what, ok=True, words=words)


def _login_remedy(smtp: Smtp, words: str) -> str:
    if smtp.authentication is not Authentication.XOAUTH2 or "smtpclientauthentication" in words.lower():
        return _remedy(f"{words} login")
    if "offers no xoauth2" in words.lower():
        return _remedy(words)
    where = smtp.password_file or "a password_file, where it can be kept fresh"
    return f"renew the access token in {where}; it has to be for {smtp.username}, with the right to send by SMTP"


def _remedy(words: str) -> str:
    return remedy_for(words) or "see the server's words on the left"
