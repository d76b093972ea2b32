"""Tells texts that are the same or nearly the same, by sketches that hold no word of them.

A sketch is the smallest hashes of a text's three-word runs; the share that two of them have in common estimates how
much of their texts is common (Broder, "On the resemblance and containment of documents", 1997).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from zlib import crc32

Sketch = tuple[int, ...]

SIZE = 32  # hashes of a sketch: the estimate is right to about 0.1
ALIKE = 0.6  # share from which on texts count as nearly the same: a name, a street, a sentence may differ
_FEWEST_WORDS = 8  # of a shorter text nothing is told: "Thank you for your letter" proves nothing
_MOST_CHARACTERS = 65_536
_BANDS = 8  # of hashes, by which a text is looked for
_MOST_LEADERS = 16  # texts compared with each one, of those found by the same band
_ODD, _MASK = 2_654_435_761, 2**32 - 1  # Knuth's multiplicative hashing
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _WORD.findall(text[:_MOST_CHARACTERS].casefold())


def sketch(text: str) -> Sketch:
    """What is remembered of a text; nothing of one that is too short to tell."""
    return sketch_of(words_of(text))


def sketch_of(words: Sequence[str]) -> Sketch:
    """The same of a text whose words are known."""
    if len(words) < _FEWEST_WORDS:
        return ()
    hashed = list(map(_hash, words))
    runs = zip(hashed, islice(hashed, 1, None), islice(hashed, 2, None), strict=False)
    found = {((one * _ODD + other) * _ODD + third) & _MASK for one, other, third in runs}
    return tuple(sorted(found)[:SIZE])


@lru_cache(maxsize=16_384)
def _hash(word: str) -> int:
    return (crc32(word.encode("utf-8", "surrogatepass")) * _ODD) & _MASK


def likeness(one: Sketch, other: Sketch) -> float:
    """How much two texts have in common, 0..1, as far as their sketches tell."""
    if not one or not other:
        return 0.0
    both = set(one).intersection(other)
    smallest = sorted({*one, *other})[:SIZE]
    return sum(value in both for value in smallest) / len(smallest)


def alike(sketches: Iterable[Sketch]) -> Mapping[Sketch, Sketch]:
    """For each sketch the one that stands for all that are like it; the order in which they come changes nothing."""
    distinct = sorted({one for one in sketches if one})
    parents = {one: one for one in distinct}
    least = {one: _least(one) for one in distinct}
    for band in range(_BANDS):
        sharing: dict[tuple[int, int], list[Sketch]] = {}
        for one in distinct:
            sharing.setdefault((least[one][band], least[one][(band + 1) % _BANDS]), []).append(one)
        for candidates in sharing.values():
            if len(candidates) > 1:
                _unite(candidates, parents)
    return {one: _root(one, parents) for one in distinct}


def _least(one: Sketch) -> tuple[int, ...]:
    """The least hash of each band: two neighbours are the same in most texts that are alike, and in few others."""
    found = [-1] * _BANDS
    for value in reversed(one):
        found[value % _BANDS] = value
    return tuple(found)


def _unite(candidates: list[Sketch], parents: dict[Sketch, Sketch]) -> None:
    leaders: list[Sketch] = []
    for one in candidates:
        root = _root(one, parents)
        found = next((it for it in leaders if _root(it, parents) == root or likeness(it, one) >= ALIKE), None)
        if found is not None:
            other = _root(found, parents)
            parents[max(root, other)] = min(root, other)
        elif len(leaders) < _MOST_LEADERS:
            leaders.append(one)


def _root(one: Sketch, parents: dict[Sketch, Sketch]) -> Sketch:
    while parents[one] != one:
        parents[one] = parents[parents[one]]
        one = parents[one]
    return one
