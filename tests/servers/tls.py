"""A certificate authority that lives for one test run, and the certificate it gives to 127.0.0.1 and localhost."""

import ssl
import subprocess
from pathlib import Path
from typing import Self


class Certificate:
    """Where the three files lie: what a client trusts, and what a server shows."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "authority.pem"
        self.chain = folder / "server.pem"
        self.key = folder / "server.key"

    @classmethod
    def issued_in(cls, folder: Path) -> Self:
        """A fresh authority and a fresh certificate, both valid for a day."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate = cls(folder)
        authority_key = folder / "authority.key"
        _openssl("-subj", "/CN=Test authority", "-keyout", authority_key, "-out", certificate.authority)
        _openssl(
            *("-subj", "/CN=localhost", "-keyout", certificate.key, "-out", certificate.chain),
            *("-CA", certificate.authority, "-CAkey", authority_key),
            *("-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=CA:FALSE"),
        )
        return certificate

    def client_context(self) -> ssl.SSLContext:
        """Trusts this authority and no other."""
        return ssl.create_default_context(cafile=self.authority)

    def server_context(self) -> ssl.SSLContext:
        """Shows this certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        return context


def _openssl(*options: str | Path) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    subprocess.run(("openssl", "req", "-x509", "-days", "1", *key, *options), check=True, capture_output=True)
