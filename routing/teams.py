"""Which team deals with what no restriction touches: the council names one for each family of rights. Pure."""

from collections.abc import Mapping, Sequence

from routing.cues import SafeguardKind
from routing.safeguards import Safeguard

Kind = SafeguardKind
Teams = Mapping[SafeguardKind, str]
"""The address of a kind's team; a kind that is left out stays in the mailbox it came to."""

SAFETY = frozenset({Kind.RISK_TO_LIFE, Kind.SAFEGUARDING})

FAMILIES: dict[str, frozenset[SafeguardKind]] = {
    "information": frozenset({Kind.FOI, Kind.EIR, Kind.SUBJECT_ACCESS, Kind.DATA_RIGHTS}),
    "safeguarding": SAFETY,
    "homelessness": frozenset({Kind.HOMELESSNESS}),
    "elections": frozenset({Kind.ELECTIONS}),
    "planning": frozenset({Kind.PLANNING}),
    "benefits": frozenset({Kind.BENEFITS}),
    "council_tax": frozenset({Kind.COUNCIL_TAX}),
    "admissions": frozenset({Kind.ADMISSIONS}),
    "licensing": frozenset({Kind.LICENSING}),
    "send": frozenset({Kind.SEND}),
    "democratic": frozenset({Kind.MEETING}),
    "complaints": frozenset({Kind.NEW_COMPLAINT, Kind.CONTEST}),
    "equality": frozenset({Kind.ADJUSTMENT}),
    "repairs": frozenset({Kind.HAZARD}),
}
"""As the settings name them, under `[teams]`."""


def teams_of(addresses: Mapping[str, str]) -> Teams:
    """Each kind with the address that its family has in the settings."""
    return {kind: address for family, address in addresses.items() for kind in FAMILIES[family]}


def team_for(found: Sequence[Safeguard], teams: Teams) -> str | None:
    """The one team that all of `found` belongs to; None: the message stays, and its items ask people.

    It stays when several teams are concerned (each would miss what is the other's), when a right is named in the
    history only (it may be the council's own letter that speaks of it), and when somebody may come to harm: then a
    person reads it where it arrived, and no relay stands between them.
    """
    if any(item.kind in SAFETY or not item.own_words for item in found):
        return None
    named = {teams.get(item.kind) for item in found}
    return named.pop() if len(named) == 1 else None
