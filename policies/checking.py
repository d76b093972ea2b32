"""What a policy must agree with itself about: roles, stages and letters that it speaks of have to be in it."""

from collections.abc import Iterable, Iterator

from policies.policy import Policy, Role, Stage
from policies.vocabulary import COMPUTED_PARTS, STANDING_LETTERS, AppealRule, BypassNeed, LetterKind, Part

Place = tuple[str | int, ...]
Finding = tuple[Place, str]


def inconsistencies(policy: Policy) -> Iterator[Finding]:
    """Where the policy contradicts itself: the place, and what is wrong with the remedy."""
    for identifier, stage in policy.stages.items():
        yield from _of_stage(policy, identifier, stage)
        if stage.restricts:
            yield from _of_restricting_stage(policy, identifier, stage)
    if not any(stage.restricts for stage in policy.stages.values()):
        yield ("stages",), "no stage has kinds: at least one must be able to restrict"
    if not policy.notice_first.value:
        yield ("notice_first", "value"), "must be true: nobody is restricted untold; see notice_waivable for dangers"
    yield from _of_roles(policy)
    yield from _of_letters(policy)
    yield from _of_languages(policy)
    yield from _of_appeals(policy)


def _of_stage(policy: Policy, identifier: str, stage: Stage) -> Iterator[Finding]:
    place = ("stages", identifier)
    earlier = list(policy.stages)[: list(policy.stages).index(identifier)]
    for before in stage.after:
        if before not in earlier:
            yield (*place, "after"), f"{before} is no earlier stage: the stages are {', '.join(policy.stages)}"
    if stage.letter is not None and stage.letter.value not in policy.letters:
        yield (*place, "letter"), f"{stage.letter.value} is not among the letters: add its parts there"
    if stage.bypass is not None and BypassNeed.REASON not in stage.bypass.value:
        yield (*place, "bypass"), "a stage is never skipped without a reason: add `reason`"


def _of_restricting_stage(policy: Policy, identifier: str, stage: Stage) -> Iterator[Finding]:
    place = ("stages", identifier)
    if stage.kinds is not None and not stage.kinds.value:
        yield (*place, "kinds"), "no restriction is listed: list those that may be proposed, or remove `kinds`"
    if not (stage.approvers and stage.approvers.value):
        yield place, "approvers is required where kinds is given: nobody is restricted without a decision"
    elif not all(stage.approvers.value):
        yield (*place, "approvers"), "a group without roles can approve nothing: name its roles or remove it"
    if stage.letter is None:
        yield place, "letter is required where kinds is given: nobody is restricted without being told"
    elif Part.RESTRICTIONS not in policy.letters.get(stage.letter.value, {Part.RESTRICTIONS: ""}):
        yield ("letters", stage.letter.value), f"restrictions is required: stage {identifier} restricts by this letter"


def _of_roles(policy: Policy) -> Iterator[Finding]:
    for place, roles in _roles_named(policy):
        for role in roles:
            if role not in policy.roles:
                yield place, f"{role} is not among the roles: they are {', '.join(policy.roles)}"
        if not roles:
            yield place, "nobody is named: name at least one role"
    free = (("referrers", policy.referrers), ("service_roles", policy.service_roles))  # these may name nobody
    for key, rule in free:
        for role in rule.value if rule else ():
            if role not in policy.roles:
                yield (key,), f"{role} is not among the roles: they are {', '.join(policy.roles)}"


def _roles_named(policy: Policy) -> Iterator[tuple[Place, tuple[Role, ...]]]:
    yield ("keepers",), policy.keepers.value
    yield ("asset_owner",), policy.asset_owner.value
    yield ("reviews", "raised_by"), policy.reviews.raised_by.value
    yield ("reviews", "decided_by"), policy.reviews.decided_by.value
    if policy.appeals.decided_by is not None:
        yield ("appeals", "decided_by"), policy.appeals.decided_by.value
    for identifier, stage in policy.stages.items():
        yield ("stages", identifier, "takes"), stage.takes.value
        if stage.consulted is not None:
            yield ("stages", identifier, "consulted"), stage.consulted.value
        for group in filter(None, stage.approvers.value if stage.approvers else ()):
            yield ("stages", identifier, "approvers"), group


def _of_letters(policy: Policy) -> Iterator[Finding]:
    yield from _parts_of(policy, LetterKind.DECISION, (Part.RESTRICTIONS, Part.REVIEW, Part.REASONS, Part.OMBUDSMAN))
    if LetterKind.REVIEW_OUTCOME not in policy.letters:
        yield ("letters",), "review-outcome is required: whoever is restricted is told what a review came to"
    for kind, parts in policy.letters.items():
        if not parts:
            yield ("letters", kind), "has no parts: say what this letter must say, or remove it"
        elif kind not in STANDING_LETTERS and set(parts) <= COMPUTED_PARTS:
            yield ("letters", kind), "every part is computed: add at least one that an officer writes"


def _parts_of(policy: Policy, kind: LetterKind, needed: Iterable[Part]) -> Iterator[Finding]:
    for part in needed:
        if part not in policy.letters.get(kind, {}):
            yield ("letters", kind), f"{part} is required: nobody is restricted without being told that"


def _of_languages(policy: Policy) -> Iterator[Finding]:
    if not policy.languages.value:
        yield ("languages",), "no language is named: name at least one"
    for language in policy.languages.value:
        if language not in policy.appeals.words:
            yield ("appeals", "words"), f"{language} is required: letters are written in it"
        if language not in policy.ombudsman.value.name:
            yield ("ombudsman", "value", "name"), f"{language} is required: letters are written in it"


def _of_appeals(policy: Policy) -> Iterator[Finding]:
    if policy.appeals.rule.value is AppealRule.NONE:
        return
    if policy.appeals.decided_by is None:
        yield ("appeals",), "decided_by is required: somebody must look at an appeal"
    if LetterKind.APPEAL_OUTCOME not in policy.letters:
        yield ("letters",), "appeal-outcome is required: whoever appeals is told what came of it"
    yield from _parts_of(policy, LetterKind.DECISION, (Part.APPEAL,))
