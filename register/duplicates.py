"""Nobody is put on the register twice: whatever tells people apart is held against every other case."""

from core.db import Session
from register import store
from register.casework.facts import Fact, Identifier, IdentifierKind, Person
from register.casework.refusal import RefusedError, Situation, plainly
from register.casework.steps import Step
from register.evidence import address_keys, keys_of
from register.projection import telephone_key


def refuse_duplicates(session: Session, given: Fact | Step, situation: Situation) -> None:
    """The same person twice on the register would be restricted twice, or in contradiction. Raises RefusedError."""
    others = [ref for ref in store.refs_with(session, _identifying_keys(given)) if ref != situation.case.ref]
    if others:
        words = f"{', '.join(others)} has the same: record it there, or say in shared_with why this is somebody else"
        raise RefusedError(situation.case.ref, given.kind, situation.policy.version, (plainly(words),))


def _identifying_keys(given: Fact | Step) -> frozenset[str]:
    match given:
        case Person(name=name, shared_with=""):
            return keys_of((name,), ())
        case Identifier(identifier=IdentifierKind.EMAIL, value=value, shared_with=""):
            return address_keys(value)
        case Identifier(identifier=IdentifierKind.TELEPHONE, value=value, shared_with=""):
            return frozenset({telephone_key(value)})
        case _:
            return frozenset()
