"""Convert YAML nodes to values: fields that are known keep their text, others get YAML's types."""

import math
import re

import yaml
from yaml import MappingNode, Node, ScalarNode
from yaml.constructor import SafeConstructor

from loaders.diagnostics import quoted
from loaders.known_keys import KnownKeys
from loaders.values import INT64, Value, ValueMapping, beyond_int64
from loaders.yaml_nodes import BadNode

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_STANDARD_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")
}
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = (
    yaml.SafeLoader.yaml_implicit_resolvers
)
_constructor = SafeConstructor()


def construct(node: Node, known: KnownKeys | None) -> Value:
    """Return the value of a node.

    Scalars under keys that `known` has stay text, so that `title: NO` is a title; a key of `known`
    without a value is left out. Everything else gets the types of YAML 1.1.

    Raises BadNode for tags, duplicate keys, keys that are not scalars, and unusable numbers.
    """
    if node.tag:
        _check_tag(node)
    if isinstance(node, ScalarNode):
        if known is None:
            return construct_scalar(node)
        text: str = node.value
        return None if text in NULLS and not node.style else text
    if isinstance(node, MappingNode):
        return _mapping(node, known)
    members = [construct(member, known) for member in node.value]
    return members if known is None else [member for member in members if member is not None]


def _mapping(node: MappingNode, known: KnownKeys | None) -> ValueMapping:
    found: ValueMapping = {}
    absent: list[str] = []
    merges = False
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            raise BadNode(key_node, "a key must be text, not a list or a mapping", "key")
        key: str = key_node.value
        is_merge = key == "<<" and not key_node.style
        merges = merges or is_merge
        if known is None:
            found[key] = construct(value_node, None)
        elif is_merge:
            found[key] = construct(value_node, known)
        else:
            below = known.get(key)
            value = found[key] = construct(value_node, below)
            if value is None and below is not None:
                absent.append(key)
    if len(found) != len(node.value):
        _refuse_duplicates(node)
    for key in absent:
        del found[key]
    return _merged(node, found) if merges else found


def construct_scalar(node: ScalarNode) -> Value:
    """Return a scalar with the type that YAML 1.1 resolves it to. Raises BadNode."""
    text: str = node.value
    if node.style and not node.tag:
        return text
    tag = node.tag or next(
        (
            tag
            for tag, pattern in (*_resolvers.get(text[:1], ()), *_resolvers.get(None, ()))
            if pattern.match(text)
        ),
        None,
    )
    if tag is None or tag == _TIMESTAMP:
        return text  # JSON has no dates: they stay as written
    name = tag.rpartition(":")[2]
    if name == "int" and len(text) > 30:
        raise _too_large(node)
    try:
        value: Value = getattr(_constructor, f"construct_yaml_{name}", lambda _: text)(node)
    except (ValueError, KeyError):
        return text
    if isinstance(value, int) and value not in INT64:
        raise _too_large(node)
    if isinstance(value, float) and not math.isfinite(value):
        message = f"{text} is not a finite number, which JSON cannot hold; quote it"
        raise BadNode(node, message, "not-finite")
    return value


def _merged(node: Node, found: ValueMapping) -> ValueMapping:
    sources = found.pop("<<")
    merged: ValueMapping = {}
    for source in reversed(sources if isinstance(sources, list) else [sources]):
        if not isinstance(source, dict):
            raise BadNode(node, "the merge key << takes mappings only", "yaml")
        merged.update(source)
    return merged | found


def _check_tag(node: Node) -> None:
    if node.tag not in _STANDARD_TAGS:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        raise BadNode(node, f"the tag {quoted(tag)} is not supported; write plain values", "tag")


def _refuse_duplicates(node: MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise BadNode(key, "is a duplicate key; keep one of them", "duplicate-key")
        seen.add(key.value)


def _too_large(node: ScalarNode) -> BadNode:
    return BadNode(node, beyond_int64(node.value), "integer-range")
