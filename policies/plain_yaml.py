"""YAML as people mean it: `on:` and `no` are words, not booleans, and a key that stands there twice is a mistake."""

import re
from collections.abc import Hashable
from typing import Any

import yaml

__all__ = ["PlainLoader", "YamlError", "load"]

YamlError = yaml.YAMLError
"""What is raised for text that is no YAML; its words tell the line."""


class PlainLoader(yaml.SafeLoader):
    """YAML 1.2's booleans (true, false) instead of 1.1's (yes, no, on, off), and no repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        """Raise ConstructorError where a key stands there twice; PyYAML would silently take the last."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                message = f"the key {key.value} stands there twice"
                raise yaml.constructor.ConstructorError(problem=message, problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def load(text: str) -> Any:  # noqa: ANN401 - YAML is any shape
    """The data that the text describes. Raises YamlError, also for an impossible date such as 2026-02-30."""
    try:
        return yaml.load(text, PlainLoader)  # noqa: S506 - a SafeLoader with fewer booleans
    except (ValueError, OverflowError) as error:  # 30 February; an escape such as "\UFFFFFFFF"
        message = f"no such date or character: {error}"
        raise yaml.YAMLError(message) from None
    except RecursionError:
        message = "too many lists and mappings lie in one another: flatten them"
        raise yaml.YAMLError(message) from None
