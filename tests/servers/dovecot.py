"""A private Dovecot: every user exists, has one password, and owns an empty account until mail is put there."""

import getpass
import grp
import imaplib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scripts.local.server import HOST, Server, ServerMissingError, answers, free_port
from tests.servers.tls import Certificate

PASSWORD = "correct-horse-battery-staple"
TIMEOUT_SECONDS = 30

# What an old server offers: no MOVE, UIDPLUS, IDLE, CONDSTORE, SPECIAL-USE or NAMESPACE.
LEGACY_CAPABILITIES = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE LITERAL+"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A message as the server keeps it."""

    folder: str
    uid: int
    flags: frozenset[str]
    raw: bytes


class Dovecot(Server):
    """IMAP in the clear on `port`, IMAP over TLS on `tls_port`; any user name, the password `password`."""

    def __init__(self, folder: Path, certificate: Certificate, *, legacy: bool = False) -> None:
        """A `legacy` server does not announce MOVE, UIDPLUS or IDLE."""
        super().__init__(folder)
        self.host = HOST
        self.password = PASSWORD
        self.tls_port = free_port()
        self.certificate = certificate
        self.legacy = legacy
        self._program = dovecot_program()
        self._mail = folder / "mail"

    def start(self) -> None:
        """Serve the mail that is there."""
        owner = _mail_owner()
        self._mail.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        shutil.chown(self._mail, owner.pw_uid, owner.pw_gid)
        configuration = self.folder / "dovecot.conf"
        configuration.write_text(self._configuration(owner), "utf-8")
        with self.log.open("ab") as log:
            command = [str(self._program), "-F", "-c", str(configuration)]
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until(lambda: answers(self.port) and answers(self.tls_port))

    @contextmanager
    def login(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A session of `user`, closed at the end of the block."""
        with imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT_SECONDS) as session:
            session.login(user, self.password)
            yield session

    def create_folders(self, user: str, *folders: str) -> None:
        """Make folders: none but INBOX is there before it is made."""
        with self.login(user) as session:
            for folder in folders:
                _ok(session.create(_quoted(folder)))

    def folders(self, user: str) -> tuple[str, ...]:
        """The names of the account's folders."""
        with self.login(user) as session:
            lines = _ok(session.list())
        return tuple(sorted(_folder_name(line) for line in lines if line))

    def append(self, user: str, *raws: bytes, folder: str = "INBOX", received: datetime | None = None) -> None:
        """Put messages into a folder, with `received` (aware; else now) as their INTERNALDATE."""
        when = imaplib.Time2Internaldate(received) if received else ""
        with self.login(user) as session:
            for raw in raws:
                _ok(session.append(_quoted(folder), "", when, raw))

    def messages(self, user: str, folder: str = "INBOX") -> tuple[StoredMessage, ...]:
        """What lies in a folder, by UID, without marking anything as read."""
        with self.login(user) as session:
            _ok(session.select(_quoted(folder), readonly=True))
            rows = _ok(session.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])"))
        pairs = (row for row in rows if isinstance(row, tuple))
        return tuple(sorted((_stored(folder, *pair) for pair in pairs), key=lambda message: message.uid))

    def everything(self, user: str) -> tuple[StoredMessage, ...]:
        """What lies in all folders of the account."""
        return tuple(message for folder in self.folders(user) for message in self.messages(user, folder))

    def uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        """The folder's present UIDVALIDITY."""
        with self.login(user) as session:
            answer = _ok(session.status(_quoted(folder), "(UIDVALIDITY)"))
        return int(re.findall(rb"UIDVALIDITY (\d+)", answer[0])[0])

    def change_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Number the folder's messages anew, as a restored or rebuilt account does."""
        before = self.uidvalidity(user, folder)
        self.restart()
        account = self._mail / user
        place = account if folder == "INBOX" else account / f".{folder.replace('/', '.')}"
        uid_list = place / "dovecot-uidlist"
        version, _, rest = uid_list.read_text("utf-8").partition(" ")
        uid_list.write_text(f"{version} {rest.replace(f'V{before}', f'V{before + 1}', 1)}", "utf-8")
        for index in place.glob("dovecot.index*"):
            index.unlink()

    def wipe(self) -> None:
        """Forget every account."""
        for account in self._mail.iterdir():
            shutil.rmtree(account)

    def _configuration(self, owner: pwd.struct_passwd) -> str:
        internal, login = ("dovecot", "dovenull") if os.geteuid() == 0 else (getpass.getuser(),) * 2
        capability = f"imap_capability = {LEGACY_CAPABILITIES}" if self.legacy else ""
        return _CONFIGURATION.format(
            folder=self.folder,
            internal=internal,
            internal_group=grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name,
            login=login,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            password=self.password,
            port=self.port,
            tls_port=self.tls_port,
            chain=self.certificate.chain,
            key=self.certificate.key,
            capability=capability,
        )


def dovecot_program() -> Path:
    """The server program of the 2.3 series, whose settings we write; raises ServerMissingError."""
    install = "install it with: sudo apt-get install dovecot-imapd"
    found = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if found is None or not shutil.which("openssl"):
        message = f"Dovecot or openssl is missing; {install} openssl"
        raise ServerMissingError(message)
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3."):
        message = f"Dovecot 2.3 is needed and {version.strip()} is here; on Debian 12, {install}"
        raise ServerMissingError(message)
    return Path(found)


def _mail_owner() -> pwd.struct_passwd:
    return pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        message = f"the server said {status}: {data!r}"
        raise AssertionError(message)
    return data


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _folder_name(line: bytes) -> str:
    match = re.fullmatch(rb'\([^)]*\) (?:"[^"]*"|NIL) (.+)', line)
    assert match, line
    return match[1].decode("ascii").strip('"')


def _stored(folder: str, attributes: bytes, raw: bytes) -> StoredMessage:
    uid = re.search(rb"UID (\d+)", attributes)
    flags = re.search(rb"FLAGS \(([^)]*)\)", attributes)
    assert uid, attributes
    assert flags, attributes
    return StoredMessage(folder=folder, uid=int(uid[1]), flags=frozenset(flags[1].decode("ascii").split()), raw=raw)


_CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {uid}
mail_gid = {gid}
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
mail_max_userip_connections = 200
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <{chain}
ssl_key = <{key}
{capability}
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
