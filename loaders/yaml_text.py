"""A YAML text: its values, and the positions of all that is in it."""

from collections.abc import Mapping
from functools import cached_property

from yaml import MappingNode, Node, ScalarNode

from loaders import plain_yaml, yaml_nodes
from loaders.diagnostics import FieldPath, Position
from loaders.known_keys import KnownKeys
from loaders.values import Value
from loaders.yaml_values import construct


class YamlText:
    """A YAML text. libyaml parses it only when it is needed: most texts are plain and valid."""

    def __init__(self, text: str) -> None:
        self._text = text

    def value(self, known: KnownKeys) -> Value:
        """Return what the text holds; see `construct`. Raises BadInput."""
        plain = plain_yaml.read(self._text, known)
        return self._construct(known) if plain is None else plain

    def raw_value(self, key: str) -> Value:
        """Return the value of a key with the types of YAML 1.1. Raises BadInput."""
        return self._raw[key] if isinstance(self._raw, dict) else None

    def position_of(self, path: FieldPath) -> Position:
        return yaml_nodes.position_of(self._root, path)

    def written(self, path: FieldPath) -> str | None:
        """Return the text of a scalar, or None if there is none at a path."""
        return yaml_nodes.scalar_at(self._by_key.get(str(path[0])), path[1:])

    @cached_property
    def _root(self) -> Node | None:
        return yaml_nodes.compose(self._text)

    @cached_property
    def _by_key(self) -> Mapping[str, Node]:
        pairs = self._root.value if isinstance(self._root, MappingNode) else ()
        return {key.value: node for key, node in pairs if isinstance(key, ScalarNode)}

    @cached_property
    def _raw(self) -> Value:
        return self._construct(None)

    def _construct(self, known: KnownKeys | None) -> Value:
        if self._root is None:
            return {}
        try:
            return construct(self._root, known)
        except yaml_nodes.BadNode as error:
            raise error.within(self._root) from None
