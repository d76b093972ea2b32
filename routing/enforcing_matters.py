"""The ways of restrictions that depend on what a message is about; whatever is unsure is a person's decision."""

from collections.abc import Sequence
from dataclasses import replace

from register.casework.facts import Matter
from register.entry import Restriction
from register.restrictions import LimitedTopics, matters_of
from routing.action import FileInto, FolderRole, Keep, RaiseReview, ReviewKind
from routing.correspondence import Correspondence, Taken
from routing.decision import Reason
from routing.matters import MatterMatch, Relation, matter_reason, on_topic, relate
from routing.ruling import asked, to_be_read

_CARE = Reason(code="care", words="A need is recorded: a person reads this before anything is filed.")


def closed_matters(restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Row 1.36: what surely is about a finished matter is read and filed; everything else is asked."""
    entry = letter.entry
    matters = [entry.matter(restriction.matter) for restriction in restrictions]
    finished = [matter for matter in matters if matter is not None and matter.finished]
    if len(finished) < len(matters):
        question = f"{entry.ref} reads and files a matter that is not closed."
        ask = RaiseReview(kind=ReviewKind.REGISTER, question=question, priority=2)
        return Taken((Keep(), ask, *asked(letter.found)))
    if letter.found:
        return Taken((Keep(), *asked(letter.found)))
    related = _related(letter, finished)
    names = ", ".join(matter.reference for matter in finished)
    question = f"Is this about the closed matter {names}? Then confirm: it is filed. What is new is owed an answer."
    return _filed(letter, related) or _asked(letter, related, question)


def unrelated_only(restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Row 3.35: what is new flows as anybody's; what is about these matters is read and filed."""
    matters = _matters(restrictions, letter)
    related = _related(letter, matters)
    if related.relation is Relation.NEW:
        return None
    if letter.found:
        return Taken((Keep(), *asked(letter.found)))
    names = ", ".join(matter.reference for matter in matters)
    question = f"Is this about {names}, which the council no longer takes up? Then confirm: it is filed."
    return _filed(letter, related) or _asked(letter, related, question)


def new_information(restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Row 3.27: whether it brings anything new is for a person to say, always."""
    matters = _matters(restrictions, letter)
    related = _related(letter, matters)
    if related.relation is Relation.NEW:
        return None
    names = ", ".join(matter.reference for matter in matters)
    question = f"Does this bring anything on {names} that was not considered? If not, confirm: it is filed."
    ask = RaiseReview(kind=ReviewKind.NEW_INFORMATION, question=question, priority=4)
    return Taken((Keep(), ask, *asked(letter.found)), (_evidence(related),))


def limited_topics(restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Row 3.29: topics the council will not write about, or those alone that it will."""
    taken = (_topics(one.terms, letter) for one in restrictions if isinstance(one.terms, LimitedTopics))
    return next((one for one in taken if one is not None), None)


def _topics(terms: LimitedTopics, letter: Correspondence) -> Taken | None:
    related = _on_topics(terms.topics, letter)
    names = ", ".join(terms.topics)
    if terms.rule == "only":
        if related.relation is Relation.SAME:
            return None
        question = f"The council writes about {names} only. If this is about none of it, confirm."
        return _asked(letter, replace(related, matter=None), question)
    if related.relation is Relation.NEW:
        return None
    if letter.found:
        return Taken((Keep(), *asked(letter.found)))
    question = f"Is this about what the council no longer writes about ({names})? Then confirm: it is filed."
    return _filed(letter, related) or _asked(letter, related, question)


def _on_topics(topics: Sequence[str], letter: Correspondence) -> MatterMatch:
    """The nearest relation to any of the topics: SAME before UNSURE before NEW."""
    message, nearest = letter.message, (Relation.SAME, Relation.UNSURE, Relation.NEW)
    each = [
        _related(letter, [matter])
        if (matter := letter.entry.matter(topic)) is not None
        else on_topic(message.subject, message.own_text, topic)
        for topic in topics
    ]
    return min(each, key=lambda one: nearest.index(one.relation))


def _related(letter: Correspondence, matters: Sequence[Matter]) -> MatterMatch:
    message = letter.message
    found = relate(message.subject, message.own_text, len(message.attachments), matters, letter.background)
    if found.matter is None and len(matters) == 1:  # whoever confirms says that it is about this one
        return replace(found, matter=matters[0].reference)
    return found


def _matters(restrictions: Sequence[Restriction], letter: Correspondence) -> list[Matter]:
    named = [reference for one in restrictions for reference in matters_of(one.terms)]
    return [matter for reference in named if (matter := letter.entry.matter(reference)) is not None]


def _filed(letter: Correspondence, related: MatterMatch) -> Taken | None:
    """Filed, to be read and ticked: only what surely is about the matter, and nothing speaks for a person first."""
    if related.relation is not Relation.SAME or not letter.may_be_filed:
        return None
    question = f"Read this about the closed matter {related.matter} and tick that you did. No reply is due."
    return Taken((FileInto(FolderRole.FILED), to_be_read(letter.message, question)), (_evidence(related),))


def _asked(letter: Correspondence, related: MatterMatch, question: str) -> Taken:
    ask = RaiseReview(kind=ReviewKind.MATTER, question=question, priority=4)
    care = (_CARE,) if letter.entry.care else ()
    return Taken((Keep(), ask, *asked(letter.found)), (*care, _evidence(related)))


def _evidence(related: MatterMatch) -> Reason:
    return matter_reason(related.relation, related.matter, " ".join(related.evidence) or "No sign of the matter.")
