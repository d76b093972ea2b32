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
_PIECE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|\\.|[;()]|\s++|[^"();\s\\]++|\\', re.DOTALL)
_RECEIVED = re.compile(r"\s*from\s++(\S++).*?\sby\s++([^\s;]++)", re.DOTALL | re.IGNORECASE)
_RECEIVED_LIMIT = 1000
_HEADERS_LIMIT = 20  # headers of a kind above our border's hop
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
    verdicts = {_verdict(result, domains) for results in _trusted(headers, authserv_id.lower()) for result in results}
    for verdict in (AuthenticationResult.FAIL, AuthenticationResult.PASS):
        if verdict in verdicts:
            return verdict
    return AuthenticationResult.NONE


def _trusted(headers: Headers, authserv_id: str) -> Iterator[Results]:
    """What our border wrote: the topmost block of results, above the hop by which the mail came in."""
    found = False
    for number, (name, value) in enumerate(_about_transport(headers)):
        if name == "received":
            if found or number > _HEADERS_LIMIT or not _is_internal_hop(value, authserv_id):
                return
        elif ours := _ours(_results(value), authserv_id):
            found = True
            yield ours


def _about_transport(headers: Headers) -> Iterator[tuple[str, str]]:
    return (field for field in headers.fields if field[0] in {"received", "authentication-results"})


def _ours(results: Results, authserv_id: str) -> Results:
    """The results without the name of the server that gave them; empty if it is not ours."""
    first = results[0][0].lower() if results and results[0] else ""
    if authserv_id == EXCHANGE_ONLINE:
        return results if "=" in first else ()
    return results[1:] if first.strip('"') == authserv_id else ()


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


def _results(value: str) -> Results:
    """The results of one header as words; comments are dropped, quoted strings kept whole."""
    results: list[tuple[str, ...]] = []
    words: list[str] = [""]
    depth = 0
    for piece in _PIECE.findall(unfold(value[:_VALUE_LIMIT])):
        depth = max(0, depth + (piece == "(") - (piece == ")"))
        if depth or piece == ")" or piece.isspace():
            words += [""] if words[-1] else []
        elif piece == ";":
            results.append(tuple(filter(None, words)))
            words = [""]
        else:
            _join(words, piece)
    return (*results, tuple(filter(None, words)))


def _join(words: list[str], piece: str) -> None:
    """Add a piece to the last word, or to the one before it if an equals sign holds them together."""
    if not words[-1] and len(words) > 1 and (piece[0] == "=" or words[-2].endswith("=")):
        words[-2:] = [words[-2] + piece]
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
