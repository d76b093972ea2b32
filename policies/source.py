"""The YAML of a policy file: plain mappings, lists and single values, each with its line; everything else is refused.

Tags, anchors and aliases have no place in a file that people read as law, and can make a small file endless.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml

from policies.plain_yaml import PlainLoader

Scalar = str | int | float | date | None  # None stands for YAML's null only
MAX_DEPTH = 20  # of mappings and lists in one another
_YAML = "tag:yaml.org,2002:"
_CONSTRUCT = {
    f"{_YAML}{kind}": yaml.SafeLoader.yaml_constructors[f"{_YAML}{kind}"]
    for kind in ("null", "bool", "int", "float", "timestamp")
}


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """What is wrong in a file, at which line (from 1), and what to do."""

    line: int
    words: str


class PolicyRefusedError(Exception):
    """A policy file has mistakes; the message lists each as `file:line: what, and the remedy`."""

    def __init__(self, path: Path, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(f"{path}:{mistake.line}: {mistake.words}" for mistake in mistakes))
        self.path = path
        self.mistakes = mistakes


class Source:
    """One policy file, and the mistakes met in it so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mistakes: set[Mistake] = set()

    def mistake(self, place: yaml.Node | int, words: str) -> None:
        """Remember what is wrong with a node, or at a line."""
        self._mistakes.add(Mistake(place if isinstance(place, int) else line_of(place), words))

    def check(self) -> None:
        """Raise PolicyRefusedError, with all that was remembered, if anything was."""
        if self._mistakes:
            raise self.refused()

    def refused(self) -> PolicyRefusedError:
        """What refuses the file, with all that was remembered."""
        return PolicyRefusedError(self.path, tuple(sorted(self._mistakes)))

    def root(self) -> yaml.MappingNode:
        """The outermost mapping; every value within can be read by `scalar`. Raises PolicyRefusedError."""
        node = self._composed()
        if not isinstance(node, yaml.MappingNode):
            what = "is empty" if node is None else "is no policy"
            words = f"{what}: a policy is a mapping of keys to rules, see docs/how-to/policy.md"
            raise PolicyRefusedError(self.path, (Mistake(line_of(node) if node else 1, words),))
        self._walk(node)
        self.check()
        return node

    def _composed(self) -> yaml.Node | None:
        try:
            text = self.path.read_text(encoding="utf-8")
            self._refuse_extras(text)
            return yaml.compose(text, PlainLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.mistake(mark.line + 1 if mark else 1, f"is no YAML: {error.problem or error.context}")
        except UnicodeDecodeError as error:
            self.mistake(error.object[: error.start].count(b"\n") + 1, "is no UTF-8 text: save the file as UTF-8")
        except yaml.reader.ReaderError as error:
            self.mistake(1, f"is no YAML: character {error.position + 1} cannot stand in it: remove it")
        except OSError as error:
            self.mistake(1, f"cannot be read: {error.strerror}")
        except (ValueError, OverflowError) as error:  # PyYAML on escapes such as "\UFFFFFFFF"
            self.mistake(1, f"is no YAML: {error}")
        self.check()
        return None

    def _refuse_extras(self, text: str) -> None:
        depth = 0
        for event in yaml.parse(text, PlainLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if anchor := getattr(event, "anchor", None):
                self.mistake(line, f"{anchor} is an anchor or alias (& or *): write the value out instead")
            if tag := getattr(event, "tag", None):
                self.mistake(line, f"{tag} is a tag, and no value of a policy needs one: remove it")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                self.mistake(line, f"more than {MAX_DEPTH} mappings and lists lie in one another here: flatten them")
                break
        self.check()

    def _walk(self, node: yaml.Node) -> None:
        """Meet every mistake that one can see without knowing what a policy is."""
        if isinstance(node, yaml.ScalarNode):
            self._meet(node)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if _is_null(item):
                    self.mistake(item, "has no value: write one, or remove the item")
                self._walk(item)
        elif isinstance(node, yaml.MappingNode):
            self._keys(node)
            for _, value in node.value:
                self._walk(value)

    def _keys(self, node: yaml.MappingNode) -> None:
        seen: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.mistake(key, "a key is a single word or number, no list or mapping: correct it")
                continue
            self._walk_key(key)
            if key.value in seen:
                self.mistake(key, f"{key.value} stands here already, at line {seen[key.value]}: keep one")
            seen.setdefault(key.value, line_of(key))
            if _is_null(value) and not (key.value == "value" and "from" in keys_of(node)):
                self.mistake(key, f"{key.value} has no value: write one, or remove the key")

    def _walk_key(self, key: yaml.ScalarNode) -> None:
        if not key.value.strip() or not _printable(key.value):
            self.mistake(key, "a key is a word that can be read: correct it")

    def _meet(self, node: yaml.ScalarNode) -> None:
        if not _printable(node.value):
            self.mistake(node, "holds a character that cannot be shown: remove it")
        try:
            scalar(node)
        except (ValueError, OverflowError) as error:
            kind = "date" if node.tag.endswith("timestamp") else "number"
            self.mistake(node, f"{node.value[:40]} is no possible {kind} ({error}): correct it")


def scalar(node: yaml.Node) -> Scalar:
    """The value of a single-value node: text, number, day, moment, truth or null.

    Raises ValueError or OverflowError for what only looks like one, which `Source.root` has made sure of.
    """
    construct = _CONSTRUCT.get(node.tag)
    if construct is None:
        return str(node.value)
    found: Scalar = construct(yaml.SafeLoader(""), node)
    return found


def day(node: yaml.Node) -> date | None:
    """The calendar day that a node is, if it is one."""
    found = scalar(node) if isinstance(node, yaml.ScalarNode) else None
    return found if isinstance(found, date) and not isinstance(found, datetime) else None


def pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """The keys of a mapping with their values; nothing of any other node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def keys_of(node: yaml.Node) -> dict[str, yaml.Node]:
    """The same, to look up."""
    return dict(pairs(node))


def line_of(node: yaml.Node) -> int:
    """The line a node begins at, from 1."""
    return int(node.start_mark.line) + 1


def _is_null(node: yaml.Node) -> bool:
    return bool(node.tag == f"{_YAML}null")


def _printable(text: str) -> bool:
    return all(char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"} for char in text)
