"""The keys by which messages and entries of the register find each other, and what a meeting of two keys is worth."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

from register.addresses import canonical, skeleton, variants
from register.claims import Claims

KEY_LIMIT = 40  # keys looked for per message

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"@]{1,64}+@[^\s<>()\[\]:;,\"@]{1,255}+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "dame", "rev", "prof", "cllr", "bsc", "ba", "ma", "phd", "esq"}
)
_VALEDICTION = re.compile(
    r"(?:yours(?: (?:sincerely|faithfully|truly))?|(?:(?:kind(?:est)?|best|warm) )?(?:regards|wishes)"
    r"|(?:many )?thanks(?: again)?|thank you|sincerely|cheers|from|name|yn gywir|cofion(?: gorau| cynnes)?|diolch)\b",
    re.IGNORECASE,
)
_VIA = re.compile(r" (?:via|on behalf of|trwy|ar ran) ", re.IGNORECASE)
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NAME_WORDS = range(2, 6)  # words of a name; one alone is nobody's
_ADDRESSES_LIMIT = 4  # addresses taken from one place
_LINE_LIMIT = 200  # characters of a line searched for addresses
_SIGNATURE_LIMIT = 60  # characters of a line that can be a name
_EVIDENCE_LIMIT = 400  # places of one message looked at for every kind of evidence


class Evidence(IntEnum):
    """Where in a message a key was found; the strongest first."""

    AUTHOR = 0
    VARIANT = 1
    LOOKALIKE = 2
    OTHER_HEADER = 3
    DISPLAY_NAME = 4
    CLOSING = 5


@lru_cache(maxsize=8192)
def keys_of(names: tuple[str, ...], addresses: tuple[str, ...]) -> frozenset[str]:
    """The keys of an entry with these names and addresses."""
    forms = tuple(filter(None, map(canonical, addresses)))
    looks = tuple(filter(None, map(skeleton, addresses)))
    named = tuple(filter(None, map(_name_key, names)))
    return frozenset((*map(_address_key, forms), *map(_skeleton_key, looks), *named))


def address_keys(address: str) -> frozenset[str]:
    """The key of exactly this address; none if it is no address."""
    return frozenset(_exactly(address))


def other_key(ref: str, address: str) -> str | None:
    """Under what it is remembered that the person of this case does not write from this address; None for no address.

    A digest: whoever's address it is has no place on the register.
    """
    form = canonical(address)
    return None if form is None else hashlib.sha256(f"{ref}\0{form}".encode()).hexdigest()


def kinds_found(claims: Claims, keys: frozenset[str]) -> frozenset[Evidence]:
    """Every kind of evidence that a message holds for an entry with these keys, the weaker ones too."""
    return frozenset(kind for kind, key in islice(_evidence(claims), _EVIDENCE_LIMIT) if key in keys)


def through_another(name: str) -> bool:
    """Whether a display name says that the mail came by way of somebody else, such as a list."""
    return _VIA.search(name) is not None


@lru_cache(maxsize=2048)
def sought(claims: Claims) -> Mapping[str, Evidence]:
    """Each key to look for with the strongest evidence it would be; at most KEY_LIMIT, the weakest left out.

    A message is asked about twice, for the query and for the match: hence the memory.
    """
    keys: dict[str, Evidence] = {}
    for evidence, key in _evidence(claims):
        if len(keys) >= KEY_LIMIT:
            break
        keys.setdefault(key, evidence)
    return MappingProxyType(keys)


def _evidence(claims: Claims) -> Iterator[tuple[Evidence, str]]:
    authors = claims.author_addresses[:_ADDRESSES_LIMIT]
    for address in authors:
        yield from ((Evidence.AUTHOR, key) for key in _exactly(address))
    for address in authors:
        yield from ((Evidence.VARIANT, _address_key(form)) for form in variants(address))
        yield from ((Evidence.LOOKALIKE, key) for key in _alike(address))
    for address in (*claims.reply_to[:_ADDRESSES_LIMIT], *claims.sender, *claims.resent_from, claims.return_path or ""):
        yield from ((Evidence.OTHER_HEADER, key) for key in _exactly(address))
        yield from ((Evidence.OTHER_HEADER, _address_key(form)) for form in variants(address))
    for name in claims.author_names[:_ADDRESSES_LIMIT]:
        yield from ((Evidence.DISPLAY_NAME, key) for key in _shown(name))
    for line in reversed(claims.closing):
        yield from ((Evidence.CLOSING, key) for key in _signed(line))


def _exactly(address: str) -> Iterator[str]:
    form = canonical(address)
    if form is not None:
        yield _address_key(form)


def _alike(address: str) -> Iterator[str]:
    look = skeleton(address)
    if look is not None:
        yield _skeleton_key(look)


def _shown(name: str) -> Iterator[str]:
    """Keys of a display name: as it is, as bidirectional controls make it look, without the list it came by."""
    if "@" in name:
        for address in _ADDRESS.findall(name)[:_ADDRESSES_LIMIT]:
            yield from _exactly(address)
    names = [name, _VIA.split(name, maxsplit=1)[0]]
    if _BIDI.search(name):
        names.append(_BIDI.sub("", name)[::-1])
    yield from _names(names)


def _signed(line: str) -> Iterator[str]:
    """Keys of a line that may sign a letter: an address, or a name standing alone, a valediction before it at most."""
    if "@" in line:
        for address in _ADDRESS.findall(line[:_LINE_LIMIT])[:_ADDRESSES_LIMIT]:
            yield from _exactly(address.rstrip("."))
        return
    if len(line) > _SIGNATURE_LIMIT or line[-1:] in {".", "?", "!"}:
        return
    valediction = _VALEDICTION.match(line)
    rest = line[valediction.end() :] if valediction else line
    yield from _names([rest])


def _names(names: Iterable[str]) -> Iterator[str]:
    yield from filter(None, map(_name_key, dict.fromkeys(names)))


def _name_key(name: str) -> str | None:
    """The key of a name: its words in lower case, sorted, so that order, titles and commas do not matter."""
    words = sorted(word for word in _WORD.findall(_plain(name)) if word not in _TITLES)
    return "name:" + " ".join(words) if len(words) in _NAME_WORDS else None


def _plain(name: str) -> str:
    if name.isascii():
        return name.lower()
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", name).casefold()
        if unicodedata.category(character) != "Cf"
    )


def _address_key(form: str) -> str:
    return f"address:{form}"


def _skeleton_key(look: str) -> str:
    return f"skeleton:{look}"
