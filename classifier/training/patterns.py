"""Sentences grown from patterns of our own: the same thing said of many people in many words, abusive and not."""

import json
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from classifier.own_letters import CORPUS, Example, Part

PATTERNS: Final = CORPUS / "patterns.json"


def grow(times: int, rng: np.random.Generator, path: Path = PATTERNS) -> list[Example]:
    """Each pattern of the file at `path` filled `times` over, without repeats."""
    slots, patterns = _read(path)
    grown: dict[str, Example] = {}
    for text, kind, abusive in patterns:
        for _ in range(times):
            filled = _fill(text, slots, rng)
            grown[filled] = Example(text=filled, abusive=abusive, kind=kind, source="pattern", part=Part.TEACH)
    return list(grown.values())


def _fill(text: str, slots: dict[str, list[str]], rng: np.random.Generator) -> str:
    chosen = {name: words[int(rng.integers(len(words)))] for name, words in slots.items() if f"{{{name}}}" in text}
    filled = text.format_map(chosen)
    return filled[:1].upper() + filled[1:]


@cache
def _read(path: Path) -> tuple[dict[str, list[str]], list[tuple[str, str, bool]]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    patterns = [(row["text"], row["kind"], row["abusive"]) for row in content["patterns"]]
    return content["slots"], patterns
