"""Rights and dangers that a letter does not name: the model's second pair of eyes, made questions for people. Pure.

What the forms of words find is beyond any restriction and goes to its team. What only reads like it, as
`classifier.concerns` tells, moves no mail: it is never filed, and a person is asked. Signs of danger count as found.
"""

from collections.abc import Sequence

from classifier.assessment import Assessment
from routing.cues import SafeguardKind
from routing.safeguards import EVERY_KIND, SHOWN, WORDS, Safeguard

_KINDS = {kind.value: kind for kind in SafeguardKind}


def unnamed(
    assessment: Assessment, found: Sequence[Safeguard], kinds: frozenset[SafeguardKind] = EVERY_KIND
) -> tuple[Safeguard, ...]:
    """What the model points to, of `kinds`, beside what is `found` already; a kind unknown here is left out."""
    known = {item.kind for item in found}
    told = {_KINDS[concern.kind]: concern.passage for concern in assessment.concerns if concern.kind in _KINDS}
    return tuple(
        Safeguard(kind=kind, ref=f"unnamed-{kind}", cue=passage[:SHOWN], words=WORDS[kind], named=False)
        for kind, passage in told.items()
        if kind in kinds - known
    )
