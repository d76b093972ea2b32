"""Reads the words a right depends on when they are misspelt by one letter ("infomation", "acess", "safegaurding")."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

_SHORTEST = 5
_LONGEST = 17

_TABLE = """
access accommodation amgylcheddol appeal application benefit committee complaint council cyfyngiad digartref
discretionary drwydded electoral environmental erasure eviction formal freedom gwybodaeth homeless homelessness
housing information liability liable licence licensing neglect object objection personal petition planning
protection question rectification register regulations request restriction rhyddid safeguarding school statement
subject suicidal suicide trwydded universal vulnerable
"""
INTENDED = frozenset(_TABLE.split())

# Real words one letter from an intended one; they mean what they say.
_OTHERS = """
abject accommodating appal appeals appear applications benefits bequest committed committer complain complains
complaints compliant deduction dousing education floral format friable hopeless hopelessness horsing hosing hosting
inability likable livable measure neglects normal objecting objects panning persona personol petitions planking
planting pliable projection protecting questions registers registry restricting rousing spanning statements
viability viable wybodaeth
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
