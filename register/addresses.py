"""The forms of an address that decide whether two are the same mailbox, or only look or sound like it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LABEL_LIMIT = 63  # characters of one label of a domain (RFC 1035)
_ADDRESS_LIMIT = 320  # characters of a local part and a domain (RFC 5321)
_DOT_ATOM = re.compile(r"[^\s\"(),:;<>@\[\\\].]+(?:\.[^\s\"(),:;<>@\[\\\].]+)*")
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)

# Which providers hold ann+x@ (and, where told, a.nn@) to be ann@ by their own documentation; nobody else is guessed at.
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_PLUS = _GMAIL | frozenset(
    {
        "fastmail.com",
        "fastmail.fm",
        "hotmail.co.uk",
        "hotmail.com",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mac.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "pm.me",
        "proton.me",
        "protonmail.com",
    }
)
_SRS = re.compile(
    r"srs(?:0[=+-][^=]*=[^=]*|1[=+-][^=]*=[^=]*==?[^=]*=[^=]*)=(?P<domain>[^=]+)=(?P<local>.+)", re.IGNORECASE
)
_PRVS = re.compile(r"prvs=[^=]*=(?P<local>.+)", re.IGNORECASE)
_PERCENT = re.compile(r"(?P<local>[^%]+)%(?P<domain>[^%]+\.[^%]+)")
_BANG = re.compile(r"(?:[^!]+!)*(?P<domain>[^!]+\.[^!]+)!(?P<local>[^!]+)")
_EQUALS = re.compile(r"(?:[^=]*[-+])?(?P<local>[^=]+)=(?P<domain>[^=]+\.[^=]+)")
_SUB_ADDRESS = re.compile(r"([^+]+)\+.*|(.+)-[^-]*", re.DOTALL)
# What is hard to tell apart in the fonts people read mail in, each group folded to one letter.
_LOOKALIKES = str.maketrans({"1": "l", "i": "l", "|": "l", "0": "o", "5": "s", "\u3002": "."})


def canonical(address: str) -> str | None:
    """The one spelling of a mailbox, None if it is no address.

    Equal for two addresses exactly if the standards, or their provider, deliver both to the same mailbox.
    """
    return _canonical(address) if len(address) <= _ADDRESS_LIMIT else None


def same_mailbox(one: str, other: str) -> bool:
    """Whether both are addresses of one mailbox; what is no address is that of none."""
    form = canonical(one)
    return form is not None and form == canonical(other)


@lru_cache(maxsize=4096)
def _canonical(address: str) -> str | None:
    local, _, domain = address.strip().rpartition("@")
    host = canonical_domain(domain)
    user = _canonical_local(local)
    if host is None or not user:
        return None
    if host in _PLUS:
        user = user.partition("+")[0] or user
    if host in _GMAIL:
        user, host = user.replace(".", "") or user, "gmail.com"
    return f"{user}@{host}"


def canonical_domain(domain: str) -> str | None:
    """The A-label form of a domain in lower case; None if it is none."""
    labels = unicodedata.normalize("NFC", domain.strip()).lower().removesuffix(".").split(".")
    if not all(labels):
        return None
    return ".".join(map(_a_label, labels))


def skeleton(address: str) -> str | None:
    """What an address looks like (Unicode TS 39): equal for look-alikes; never a proof that they are the same."""
    form = canonical(address)
    return None if form is None else _skeleton(form)


@lru_cache(maxsize=4096)
def _skeleton(form: str) -> str:
    local, _, host = form.rpartition("@")
    folded = f"{local}@{_unicode_domain(host)}"
    if not folded.isascii():
        folded = "".join(map(_latin, unicodedata.normalize("NFKC", folded)))
    return folded.lower().translate(_LOOKALIKES).replace("rn", "m").replace("vv", "w")


def variants(address: str) -> Iterator[str]:
    """Canonical addresses that this one may stand for: a sub-address, or what a forwarder wrapped (SRS, %, !, VERP)."""
    form = canonical(address)
    if form is None:
        return
    local, _, host = form.rpartition("@")
    for wrapped in (_SRS, _PERCENT, _BANG, _EQUALS):
        found = wrapped.fullmatch(local)
        if found:
            yield from filter(None, (canonical(f"{found['local']}@{found['domain']}"),))
    bounced = _PRVS.fullmatch(local)
    if bounced:
        yield f"{bounced['local']}@{host}"
    sub_address = _SUB_ADDRESS.fullmatch(local)
    if sub_address and host not in _PLUS:
        yield f"{sub_address[1] or sub_address[2]}@{host}"


def _a_label(label: str) -> str:
    """The ASCII form of a label (RFC 5891); left alone where it cannot have one."""
    if label.isascii() or len(label) > _LABEL_LIMIT:
        return label
    try:
        return "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return label


def _unicode_domain(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    return ".".join(map(_u_label, domain.split(".")))


def _u_label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LABEL_LIMIT:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _canonical_local(local: str) -> str:
    local = unicodedata.normalize("NFC", local.strip())
    if len(local) > 1 and local[0] == local[-1] == '"':
        bare = _QUOTED_PAIR.sub(r"\1", local[1:-1])
        local = bare if _DOT_ATOM.fullmatch(bare) else f'"{bare}"'
    return local.lower()


@lru_cache(maxsize=4096)
def _latin(character: str) -> str:
    """The Latin letter this one is taken for; format characters vanish; letters with accents stay themselves."""
    if unicodedata.category(character) == "Cf":
        return ""
    if character.isascii() or unicodedata.decomposition(character):
        return character
    return next((homoglyph for homoglyph in _homoglyphs(character) if homoglyph.isascii()), character)


def _homoglyphs(character: str) -> tuple[str, ...]:
    from confusable_homoglyphs.confusables import is_confusable  # noqa: PLC0415 - 80 ms nobody needs before a look-alike

    found = is_confusable(character, greedy=True)
    return tuple(homoglyph["c"] for entry in found or () for homoglyph in entry["homoglyphs"])
