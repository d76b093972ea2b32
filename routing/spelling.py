"""Reads the words a right depends on when they are misspelt by one letter ("infomation", "acess", "safegaurding")."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

_SHORTEST = 5
_LONGEST = 17

_TABLE = """
accommodation access committee complaint council discretionary electoral environmental erasure eviction
freedom homeless homelessness information liability licence licensing neglect objection personal
protection rectification regulations request restriction safeguarding school subject suicide suicidal vulnerable
digartref gwybodaeth rhyddid cyfyngiad
"""
INTENDED = frozenset(_TABLE.split())

# Real words one letter from an intended one; they mean what they say.
_OTHERS = """
accommodating bequest committed committer complain complains complaints compliant hopeless hopelessness inability
measure neglects objecting persona personol projection protecting restricting viability wybodaeth
"""
REAL = frozenset(_OTHERS.split())


def _shortened(word: str) -> Sequence[str]:
    """The word with each of its letters left out once: two words that share one differ by about one slip."""
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


_SLIPS = {slip: word for word in sorted(INTENDED) for slip in (word, *_shortened(word))}
_STARTS = frozenset(word[:2] for word in INTENDED)  # one slip spoils the start of a word or its end, not both
_ENDS = frozenset(word[-4:] for word in INTENDED)


def corrections(words: AbstractSet[str]) -> dict[str, str]:
    """Each of `words` (lower case) that is misspelt, and the word it stands for."""
    likely = (
        word
        for word in words - INTENDED - REAL
        if (word[:2] in _STARTS or word[-4:] in _ENDS) and _SHORTEST <= len(word) <= _LONGEST
    )
    return {word: intended for word in likely if (intended := _intended(word))}


def _intended(word: str) -> str | None:
    if word in _SLIPS:
        return _SLIPS[word]
    return next((_SLIPS[slip] for slip in _shortened(word) if slip in _SLIPS), None)
