"""The words policies and the register share: restrictions, letters and their parts, channels, statements."""

from enum import StrEnum


class Language(StrEnum):
    """A language a person is written to in; who has not chosen is written to in every language of the council."""

    ENGLISH = "en"
    WELSH = "cy"


class Jurisdiction(StrEnum):
    """Whose law, bank holidays and ombudsman apply."""

    ENGLAND = "england"
    WALES = "wales"


class Channel(StrEnum):
    """How people and the council reach one another (rows 1.11, 3.10)."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    LETTER = "letter"
    IN_PERSON = "in-person"
    SOCIAL_MEDIA = "social-media"
    MEETING = "meeting"


class RestrictionKind(StrEnum):
    """Everything the five policies let a council decide about a person's contact."""

    SPOC_DIVERSION = "spoc-diversion"  # a person, several, or a team is the only point of contact
    READ_AND_FILE = "read-and-file"  # on a matter that is closed: read, filed, not answered
    NEW_INFORMATION_ONLY = "new-information-only"
    UNRELATED_ONLY = "unrelated-only"  # complaints unrelated to those already considered
    LIMITED_TOPICS = "limited-topics"
    FIXED_LETTER = "fixed-letter"
    SINGLE_CHANNEL = "single-channel"
    POSTAL_REPLIES = "postal-replies"
    ONE_RESPONSE_LINE = "one-response-line"
    CONTACT_TIMES = "contact-times"
    TIME_LIMIT = "time-limit"
    REPRESENTATIVE_ONLY = "representative-only"
    TELEPHONE_LIMIT = "telephone-limit"
    WITNESSED_CONTACT = "witnessed-contact"
    DESIGNATED_PREMISES = "designated-premises"
    AGREEMENT = "agreement"
    SOCIAL_MEDIA_BLOCK = "social-media-block"
    STATEMENTS_IN_WRITING = "statements-in-writing"  # instead of speaking at public meetings
    OTHER = "other"


class MatterState(StrEnum):
    """Where a complaint or issue stands; only a finished matter may be read and filed (rows 0.7, 0.8)."""

    OPEN = "open"
    CLOSED = "closed"
    EXHAUSTED = "exhausted"  # the complaints procedure has been used up
    OUT_OF_REMIT = "out-of-remit"


class LetterKind(StrEnum):
    """The letters the policies name."""

    EXPLANATION = "explanation"
    ADVICE_TO_OFFICER = "advice-to-officer"  # why the behaviour is not unreasonable
    WARNING = "warning"
    REMINDER = "reminder"
    STAGE_1 = "stage-1"
    DECISION = "decision"
    HOW_TO_REQUEST_SERVICES = "how-to-request-services"
    REPLY_AND_CONDUCT = "reply-and-conduct"
    FIXED_CLOSING = "fixed-closing"
    REVIEW_OUTCOME = "review-outcome"
    APPEAL_OUTCOME = "appeal-outcome"
    OMBUDSMAN_SIGNPOST = "ombudsman-signpost"
    LEGAL_REFERRAL = "legal-referral"
    WRONG_CHANNEL = "wrong-channel"


STANDING_LETTERS = frozenset(
    {LetterKind.OMBUDSMAN_SIGNPOST, LetterKind.HOW_TO_REQUEST_SERVICES, LetterKind.WRONG_CHANNEL}
)
"""Letters that say the same to everybody in the same situation: nobody has to write a part of them."""


class Part(StrEnum):
    """What a letter must say. Those in COMPUTED are written from the register; an officer writes the others."""

    REASONS = "reasons"
    PROBLEM = "problem"
    APPROACH = "approach"
    INCIDENTS = "incidents"
    EFFECT = "effect"
    CONSEQUENCES = "consequences"
    EXPECTATIONS = "expectations"
    REASONABLE_CONDUCT = "reasonable-conduct"
    CONDUCT = "conduct"
    ANSWER = "answer"
    FINAL_POSITION = "final-position"
    DECISION = "decision"
    SUBJECT_MATTER = "subject-matter"
    ADJUSTMENTS = "adjustments"
    RESTRICTIONS = "restrictions"
    DURATION = "duration"
    MONITORING = "monitoring"
    REVIEW = "review"
    SERVICES = "services"
    IMPACT_FIGURES = "impact-figures"
    APPEAL = "appeal"
    OMBUDSMAN = "ombudsman"
    POLICY = "policy"


COMPUTED_PARTS = frozenset(
    {
        *(Part.RESTRICTIONS, Part.DURATION, Part.MONITORING, Part.REVIEW, Part.SERVICES, Part.IMPACT_FIGURES),
        *(Part.APPEAL, Part.OMBUDSMAN, Part.POLICY),
    }
)


class Statement(StrEnum):
    """What a proposal has to state, where the policy asks for it."""

    JUSTIFICATION = "justification"
    IMPACT = "impact"  # on services, staff and resources
    PROPORTIONALITY = "proportionality"
    BALANCE = "balance"  # of the person's interests with the duty to protect staff
    ADJUSTMENTS_CONSIDERED = "adjustments-considered"
    CIRCUMSTANCES = "circumstances"  # what the situation may have done to the person
    ATTEMPTS_TO_DEFUSE = "attempts-to-defuse"
    NATURE = "nature"
    FREQUENCY = "frequency"
    CONTENT = "content"
    ACTIONS_TAKEN = "actions-taken"  # by the council, to resolve the concerns
    DISRUPTION = "disruption"


class IncidentField(StrEnum):
    """What a policy may want recorded of an incident of some category; the register's fields have these names."""

    EFFECT = "effect"
    WARNED = "warned"  # whether a caller was given the opportunity to stop
    ENDED = "ended"  # whether the call was ended
    REASON = "reason"
    CHARACTERISTIC = "characteristic"
    LEGAL_BASIS = "legal_basis"
    ROUTES_OFFERED_ON = "routes_offered_on"
    AFFECTED = "affected"
    MESSAGE = "message"
    HOURS = "hours"


class BypassNeed(StrEnum):
    """What it takes to skip the stages before."""

    REASON = "reason"
    EXTREME = "extreme"
    LETTER = "letter"


class AtExpiry(StrEnum):
    """What a restriction does once its provisional end passes without a review; somebody is told either way."""

    LAPSE = "lapse"  # it stops having effect
    CONTINUE = "continue"  # it goes on, and escalates as overdue


class AppealRule(StrEnum):
    """Whether a person may have the decision looked at again."""

    NONE = "none"
    CONTEST = "contest"
    APPEAL = "appeal"
