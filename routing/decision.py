"""A decision: what to do with one message, why, and under which versions of everything it rests on."""

from dataclasses import dataclass

from routing.action import Action, FileInto, Hold, Keep, RaiseReview, Redirect


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why, for a machine (`code`, e.g. `restriction:E7:R3:spoc-diversion`) and for a person (`words`)."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of `routing.decide.decide`; it always leaves the message where somebody will see it."""

    actions: tuple[Action, ...]
    reasons: tuple[Reason, ...]
    policy_version: str
    register_versions: tuple[str, ...] = ()
    model_version: str = "none"
    decided_by: str | None = None  # who answered for it; None: the rules

    def __post_init__(self) -> None:
        if not self.seen_by_somebody:
            message = f"a decision must leave the message with a person, got {self.actions!r}"
            raise ValueError(message)

    @property
    def seen_by_somebody(self) -> bool:
        """Kept or put back, redirected, or filed: with a review item that asks one to read it, or by one who did."""
        kept = any(isinstance(action, Keep | Redirect | Hold) for action in self.actions)
        filed = any(isinstance(action, FileInto) for action in self.actions)
        return kept or (filed and (bool(self.reviews) or self.decided_by is not None))

    @property
    def reviews(self) -> tuple[RaiseReview, ...]:
        """The items this decision puts before people."""
        return tuple(action for action in self.actions if isinstance(action, RaiseReview))
