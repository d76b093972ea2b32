"""Who wrote it: the claims of a message held against the register, as certain, for a person to review, or nobody.

Only the mailbox in From makes a match certain. Names, look-alikes, signatures and the other headers are evidence that
a person weighs; nobody is restricted for being called, or for writing to or about, somebody on the register.
"""

from dataclasses import dataclass
from enum import StrEnum

from register.addresses import canonical
from register.claims import Authentication, Claims, StaffDirectory
from register.entry import RegisterEntry, Snapshot
from register.evidence import Evidence, keys_of, other_key, sought

__all__ = [
    "Authentication",
    "Claims",
    "Match",
    "MatchOutcome",
    "MatchReason",
    "StaffDirectory",
    "entry_keys",
    "lookup_keys",
    "match",
]


class MatchOutcome(StrEnum):
    """How sure it is that a person on the register wrote the message."""

    CERTAIN = "certain"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReason:
    """Why, for a machine (`code`) and for a person (`words`); holds no address and no name."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The outcome, and the entries it is about. Several entries may record the same address: all of them count."""

    outcome: MatchOutcome
    entries: tuple[RegisterEntry, ...] = ()
    reasons: tuple[MatchReason, ...] = ()


_FOUND = {
    Evidence.AUTHOR: MatchReason(code="author", words="It comes from a recorded address."),
    Evidence.VARIANT: MatchReason(code="variant", words="The author's address is a variant of a recorded one."),
    Evidence.LOOKALIKE: MatchReason(code="look-alike", words="The author's address looks like a recorded one."),
    Evidence.OTHER_HEADER: MatchReason(code="other-header", words="A recorded address stands beside the author's."),
    Evidence.DISPLAY_NAME: MatchReason(code="display-name", words="The author shows a recorded name or address."),
    Evidence.CLOSING: MatchReason(code="signature", words="It is signed with a recorded name or address."),
}
_UNAUTHENTICATED = MatchReason(code="authentication-failed", words="The council's border could not confirm its origin.")
_BOUNCED = MatchReason(code="bounce", words="It says that a mail system wrote it, yet comes from a recorded address.")
_STAFF = MatchReason(code="staff", words="A colleague wrote it.")
_PROTECTED = MatchReason(code="protected", words="A protected correspondent wrote it.")
_MAIL_SYSTEM = MatchReason(code="mail-system", words="A mail system wrote it.")
_REPRESENTATIVE = MatchReason(code="representative", words="Somebody who speaks for the person wrote it.")
_SOMEBODY_ELSE = MatchReason(code="somebody-else", words="A person has said that this address is somebody else's.")
_SHARED = MatchReason(code="shared", words="Its address is recorded for the person, and for who speaks for them.")

_ALL = frozenset(Evidence)
_FORM = frozenset({Evidence.AUTHOR, Evidence.OTHER_HEADER})  # what a web form of the council's can tell


def entry_keys(entry: RegisterEntry) -> frozenset[str]:
    """The keys under which an entry is found: store them beside it, and query them with `lookup_keys`."""
    return keys_of((entry.name, *entry.aliases), entry.addresses)


def lookup_keys(claims: Claims) -> frozenset[str]:
    """The keys of every entry a message could be about; bounded, the weakest evidence cut first."""
    return frozenset(sought(claims))


def match(claims: Claims, snapshot: Snapshot, *, staff: StaffDirectory) -> Match:
    """Hold the claims against the register; an entry that shares no key with them never matters."""
    keys = sought(claims)
    wanted = frozenset(keys)
    admitted, exemption = _admitted(claims, staff)
    hits: list[tuple[Evidence, RegisterEntry]] = []
    for entry in snapshot.entries:
        evidence = [keys[key] for key in wanted & entry_keys(entry) if keys[key] in admitted]
        spared = _spared(claims, entry) if evidence and min(evidence) is not Evidence.AUTHOR else None
        exemption = exemption or spared
        if evidence and spared is None:
            hits.append((min(evidence), entry))
    if hits or claims.suspect:
        return _judged(claims, hits)
    return Match(outcome=MatchOutcome.NONE, reasons=(exemption,) if exemption else ())


def _judged(claims: Claims, hits: list[tuple[Evidence, RegisterEntry]]) -> Match:
    strongest = min((evidence for evidence, _ in hits), default=None)
    shared = [entry for evidence, entry in hits if evidence is Evidence.AUTHOR and _speaks_for(claims, entry)]
    doubts = (*_doubts(claims, from_recorded_address=strongest is Evidence.AUTHOR), *((_SHARED,) if shared else ()))
    certain = strongest is Evidence.AUTHOR and not doubts
    kept = [(evidence, entry) for evidence, entry in hits if evidence is strongest or not certain]
    return Match(
        outcome=MatchOutcome.CERTAIN if certain else MatchOutcome.REVIEW,
        entries=tuple(entry for _, entry in kept),
        reasons=(*(_FOUND[evidence] for evidence in sorted({evidence for evidence, _ in kept})), *doubts),
    )


def _spared(claims: Claims, entry: RegisterEntry) -> MatchReason | None:
    """Why whatever else points to this person is not asked about: an address that is known to be another's."""
    if not _believed(claims):
        return None
    if _speaks_for(claims, entry):
        return _REPRESENTATIVE
    if entry.others and all(other_key(entry.ref, address) in entry.others for address in claims.author_addresses):
        return _SOMEBODY_ELSE
    return None


def _speaks_for(claims: Claims, entry: RegisterEntry) -> bool:
    """Whether every author is recorded as somebody who speaks for this person."""
    if not entry.representatives or not claims.author_addresses:
        return False
    speakers = set(filter(None, map(canonical, entry.representatives)))
    return speakers.issuperset(canonical(address) or "" for address in claims.author_addresses)


def _believed(claims: Claims) -> bool:
    """Whether the mail can be taken to come from the address it names."""
    return not claims.suspect and claims.authentication is not Authentication.FAIL and bool(claims.author_addresses)


def _doubts(claims: Claims, *, from_recorded_address: bool) -> list[MatchReason]:
    doubts = [MatchReason(code=f"suspect:{reason}", words=_in_words(reason)) for reason in claims.suspect]
    if from_recorded_address and claims.authentication is Authentication.FAIL:
        doubts.append(_UNAUTHENTICATED)
    if from_recorded_address and claims.bounce:
        doubts.append(_BOUNCED)
    return doubts


def _in_words(reason: str) -> str:
    return f"It is ambiguous who wrote it ({reason.replace('-', ' ')})."


def _admitted(claims: Claims, staff: StaffDirectory) -> tuple[frozenset[Evidence], MatchReason | None]:
    """Which evidence counts, and whose exemption takes away the rest.

    Someone who is only at a council domain may be on the register himself, and a web form there writes for others;
    someone the directory names may not. Neither is believed if the border says the mail is not theirs.
    """
    if not _believed(claims):
        return _ALL, None
    if all(map(staff.protects, claims.author_addresses)):
        return frozenset(), _PROTECTED
    if all(map(staff.lists, claims.author_addresses)):
        return frozenset(), _STAFF
    if all(map(staff.employs, claims.author_addresses)):
        return _FORM, _STAFF
    if claims.bounce:
        return frozenset({Evidence.AUTHOR}), _MAIL_SYSTEM
    return _ALL, None
