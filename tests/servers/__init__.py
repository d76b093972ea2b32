"""Real servers for the tests, each private to one run: 127.0.0.1, a free port, a temporary folder, ended by its pid."""

from scripts.local.postgres import Postgres
from scripts.local.server import HOST, ServerFailedError, ServerMissingError, free_port, is_free
from scripts.local.valkey import Valkey
from tests.servers.dovecot import Dovecot, StoredMessage
from tests.servers.smtp import AcceptedMessage, SmtpSink
from tests.servers.tls import Certificate

__all__ = [
    "HOST",
    "AcceptedMessage",
    "Certificate",
    "Dovecot",
    "Postgres",
    "ServerFailedError",
    "ServerMissingError",
    "SmtpSink",
    "StoredMessage",
    "Valkey",
    "free_port",
    "is_free",
]
