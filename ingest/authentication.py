"""What the council's own border said of the author's domain: Authentication-Results (RFC 8601), read tolerantly.

Only the block our border wrote counts: the configured authserv-id, above the Received line with which the mail came in.
Whatever stands below that line was written by the sender.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ingest.headers import Headers, unfold
from ingest.message import AuthenticationResult

EXCHANGE_ONLINE = "exchange-online"
"""The authserv-id to configure for Microsoft 365, whose header names no authserv-id at all."""

_EXCHANGE_HOSTS = "outlook.com"
_VALUE_LIMIT = 8 * 1024
_PIECE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|\((?:[^()\\]++|\\.)*+\)?|[;)]|[^"();\s]++|\s++', re.DOTALL)
_RECEIVED = re.compile(r"\s*from\s++(\S++).*?\sby\s++([^\s;]++)", re.DOTALL | re.IGNORECASE)
_RECEIVED_LIMIT = 1000
_HOPS_LIMIT = 10
_PUBLIC = frozenset({"ac.uk", "co.uk", "gov.uk", "gov.wales", "llyw.cymru", "nhs.uk", "org.uk", "police.uk", "sch.uk"})
_LABEL_LIMIT = 63

Results = tuple[tuple[str, ...], ...]  # one result: its words, e.g. ("dmarc=pass", "header.from=mail.example")


def authentication_of(
    headers: Headers, *, authserv_id: str | None, author_domains: Iterable[str]
) -> AuthenticationResult:
    """The DMARC verdict for the author's domain; NONE unless our border gave one that says pass or fail.

    A pass for another domain than the author's is a failure, and so is any result that contradicts a failure.
    """
    if not authserv_id:
        return AuthenticationResult.NONE
    domains = set(map(_ascii, author_domains))
    verdicts = {
        _verdict(result, domains)
        for value in _trusted(headers, authserv_id.lower())
        for result in _results(value, authserv_id.lower())
    }
    for verdict in (AuthenticationResult.FAIL, AuthenticationResult.PASS):
        if verdict in verdicts:
            return verdict
    return AuthenticationResult.NONE


def _trusted(headers: Headers, authserv_id: str) -> Iterator[str]:
    """The values of our border's block: the topmost ones, above the hop by which the mail came in."""
    found = False
    hops = 0
    for name, value in headers.fields:
        if name == "received":
            hops += 1
            if found or hops > _HOPS_LIMIT or not _is_internal_hop(value, authserv_id):
                return
        elif name == "authentication-results" and _is_ours(value, authserv_id):
            found = True
            yield value


def _is_ours(value: str, authserv_id: str) -> bool:
    first = _results(value, authserv_id, keep_id=True)[:1]
    words = first[0] if first else ()
    if authserv_id == EXCHANGE_ONLINE:
        return bool(words) and "=" in words[0]
    return bool(words) and words[0].lower().strip('"') == authserv_id


def _is_internal_hop(received: str, authserv_id: str) -> bool:
    """Whether both ends of a hop are the council's own hosts, so that the border is still below it."""
    hop = _RECEIVED.match(received[:_RECEIVED_LIMIT])
    if hop is None or hop[2].lower() == authserv_id:
        return False
    home = _home_of(authserv_id)
    return all(host.lower() == home or host.lower().endswith("." + home) for host in hop.groups())


def _home_of(authserv_id: str) -> str:
    """The domain all of whose hosts are the council's own."""
    if authserv_id == EXCHANGE_ONLINE:
        return _EXCHANGE_HOSTS
    parent = authserv_id.partition(".")[2]
    return parent if "." in parent and parent not in _PUBLIC else authserv_id


def _results(value: str, authserv_id: str, *, keep_id: bool = False) -> Results:
    """The results of one header as words; comments are dropped, quoted strings kept whole."""
    results: list[tuple[str, ...]] = []
    words: list[str] = [""]
    for piece in _PIECE.findall(unfold(value[:_VALUE_LIMIT])):
        if piece == ";":
            results.append(tuple(filter(None, words)))
            words = [""]
        elif piece[0] == "(" or piece.isspace():
            words.append("")
        else:
            _join(words, piece)
    results.append(tuple(filter(None, words)))
    anonymous = authserv_id == EXCHANGE_ONLINE
    return tuple(results if keep_id or anonymous else results[1:])


def _join(words: list[str], piece: str) -> None:
    """Add a piece to the last word, or to the one before it if an equals sign holds them together."""
    before = len(words) - 1
    while before > 0 and not words[before]:
        before -= 1
    if not words[-1] and (piece[0] == "=" or words[before].endswith("=")):
        words[before] += piece
    else:
        words[-1] += piece


def _verdict(result: tuple[str, ...], domains: set[str]) -> AuthenticationResult:
    properties = {key.lower(): word.lower().strip('"') for key, _, word in (word.partition("=") for word in result)}
    method, _, verdict = result[0].lower().partition("=") if result else ("", "", "")
    if method.partition("/")[0] != "dmarc" or verdict not in {"pass", "fail", "bestguesspass"}:
        return AuthenticationResult.NONE
    aligned = _ascii(properties.get("header.from", "")) in domains
    return AuthenticationResult.PASS if verdict == "pass" and aligned else _unaligned(verdict)


def _unaligned(verdict: str) -> AuthenticationResult:
    return AuthenticationResult.NONE if verdict == "bestguesspass" else AuthenticationResult.FAIL


def _ascii(domain: str) -> str:
    """A domain in the spelling that mail systems use: lower case, A-labels (RFC 5890)."""
    return ".".join(map(_ascii_label, domain.lower().rstrip(".").split(".")))


def _ascii_label(label: str) -> str:
    if label.isascii() or len(label) > _LABEL_LIMIT:
        return label
    return "xn--" + unicodedata.normalize("NFC", label).encode("punycode", "replace").decode("ascii")
