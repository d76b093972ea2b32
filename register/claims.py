"""What a message claims about its writer, and whose mail is never taken for a managed person's: matching's input."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from register.addresses import canonical, canonical_domain


class Authentication(StrEnum):
    """What the council's border said of the author's domain."""

    PASS = "pass"  # noqa: S105 - RFC 8601's word, no password
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The names and addresses a message gives for its writer, as written, and how far they can be believed.

    `suspect` names the reasons why it is ambiguous who wrote it. `closing` are the last lines of the writer's own text,
    where a letter is signed. `bounce`: a mail system wrote it, about other mail.
    """

    author_addresses: tuple[str, ...] = ()
    author_names: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    resent_from: tuple[str, ...] = ()
    return_path: str | None = None
    suspect: tuple[str, ...] = ()
    authentication: Authentication = Authentication.NONE
    automatic: bool = False
    bounce: bool = False
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDirectory:
    """The council's own addresses and domains, and protected correspondents, in canonical form; build it with `of`."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    protected_addresses: frozenset[str] = frozenset()
    protected_domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *, domains: Iterable[str] = (), addresses: Iterable[str] = (), protected: Iterable[str] = ()) -> Self:
        """The directory of these council domains and addresses, in any spelling.

        `protected` are addresses or domains of the ombudsman, Members of Parliament, councillors, courts, police,
        solicitors and recorded advocates. A domain includes its subdomains.
        """
        protected = tuple(protected)
        return cls(
            addresses=_canonical_addresses(addresses),
            domains=_canonical_domains(domains),
            protected_addresses=_canonical_addresses(protected),
            protected_domains=_canonical_domains(entry for entry in protected if canonical(entry) is None),
        )

    def lists(self, address: str) -> bool:
        """Whether this is one of the council's own addresses by name."""
        return canonical(address) in self.addresses

    def employs(self, address: str) -> bool:
        """Whether this address is at one of the council's domains, or listed."""
        return self.lists(address) or _is_within(address, self.domains)

    def protects(self, address: str) -> bool:
        """Whether this is a protected correspondent's address."""
        return canonical(address) in self.protected_addresses or _is_within(address, self.protected_domains)


def _canonical_addresses(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(form for form in map(canonical, addresses) if form is not None)


def _canonical_domains(domains: Iterable[str]) -> frozenset[str]:
    return frozenset(form for form in (canonical_domain(domain.lstrip("@.")) for domain in domains) if form is not None)


def _is_within(address: str, domains: frozenset[str]) -> bool:
    if not domains:
        return False
    host = (canonical(address) or "").rpartition("@")[2]
    return any(host == domain or host.endswith("." + domain) for domain in domains)
