"""YAML, from libyaml's nodes: known keys keep their scalars as text, all others get YAML's types.

Reading nodes takes half the time of PyYAML's base loader (benchmarks/loading.py) and leaves the
line and column of everything at hand.
"""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs leave it out

from loaders.diagnostics import BadInput, Fault, line_and_column, quoted
from loaders.known_keys import Shape
from loaders.validation_messages import Location, field_name

MAX_DEPTH = 100
MAX_NODES_BY_ALIAS = 10_000
_INT64 = range(-(2**63), 2**63)
_STANDARD_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")
}
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_Scalar: Any = yaml.ScalarNode
_Mapping: Any = yaml.MappingNode
_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = (
    yaml.SafeLoader.yaml_implicit_resolvers
)
_constructor = SafeConstructor()


class BadNode(BadInput):
    """A node that cannot be taken; `within` says which field of a document it is."""

    def __init__(self, node: yaml.Node | None, message: str, code: str) -> None:
        mark = node.start_mark if node else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        super().__init__(Fault(line, column, "YAML", message, code))
        self._node = node

    def within(self, root: yaml.Node) -> BadInput:
        """Give the same, naming the field that leads to the node from `root`."""
        (fault,) = self.faults
        location = _location(root, self._node)
        return BadInput(fault._replace(field=field_name(location))) if location else self


class _Composer(CParser):
    """libyaml's parser, which composes nodes in C; only the depth is watched from here."""

    depth = 0

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""  # a node without a tag of its own keeps an empty one

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _at(parent, f"is nested deeper than {MAX_DEPTH} levels", "nesting")

    def ascend_resolver(self) -> None:
        self.depth -= 1


def compose(text: str) -> yaml.Node | None:
    """Give the root node of a YAML document; None when it is empty. Raises BadInput."""
    try:
        root: yaml.Node | None = _Composer(text).get_single_node()
    except yaml.reader.ReaderError as error:
        place = line_and_column(text, error.position)
        message = "has a control character; remove it or write it as an escape"
        raise BadInput(Fault(*place, "YAML", message, "yaml")) from None
    except yaml.MarkedYAMLError as error:
        raise _syntax(error, text) from None
    if root is not None and "*" in text and "&" in text:
        try:
            _refuse_bombs(root)
        except BadNode as error:
            raise error.within(root) from None
    return root


def value_of(node: Any, shape: Shape | None) -> Any:
    """Give what a node holds: text where `shape` knows the key, YAML 1.1's types elsewhere.

    A known key without a value is left out, so that it counts as absent.

    Raises BadInput for tags, duplicate keys, keys that are no scalars, and unusable numbers.
    """
    if node.tag:
        _check_tag(node)
    kind = node.__class__
    if kind is _Scalar:
        if shape is None:
            return typed(node)
        value = node.value
        return None if value in NULLS and not node.style else value
    if kind is not _Mapping:
        members = [value_of(member, shape) for member in node.value]
        return members if shape is None else [one for one in members if one is not None]
    found: dict[str, Any] = {}
    seen = 0
    for key_node, value_node in node.value:
        if key_node.__class__ is not _Scalar:
            raise _at(key_node, "a key must be text, not a list or a mapping", "key")
        key = key_node.value
        if key == "<<" and not key_node.style:
            found[key] = value_of(value_node, shape)
        elif shape is None:
            found[key] = value_of(value_node, None)
        else:
            below = shape.get(key)
            value = value_of(value_node, below)
            if value is None and below is not None:
                # Remembered until the duplicates are counted.
                seen += key not in found
                continue
            found[key] = value
    if len(found) + seen != len(node.value):
        _refuse_duplicates(node)
    return _merged(node, found) if "<<" in found else found


def mark_of(node: yaml.Node, location: Iterable[str | int]) -> yaml.Mark:
    """Give the place of what `location` leads to, or of the nearest node that is there."""
    for step in location:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return node.start_mark


def _location(root: yaml.Node, wanted: yaml.Node | None) -> Location:
    """Give the steps to a key's or a value's node; none when it is not to be found."""
    seen: set[int] = set()
    left: list[tuple[Location, yaml.Node]] = [((), root)]
    while left:
        location, node = left.pop()
        if id(node) in seen or isinstance(node, yaml.ScalarNode):
            continue
        seen.add(id(node))
        mapping = isinstance(node, yaml.MappingNode)
        for number, member in enumerate(node.value):
            key, value = member if mapping else (None, member)
            below = (*location, str(key.value) if key else number)
            if wanted in (key, value):
                return below if key is None or isinstance(key, yaml.ScalarNode) else location
            left.append((below, value))
    return ()


def _below(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        member: yaml.Node = node.value[step]
        return member
    return None


def typed(node: yaml.ScalarNode) -> Any:
    """Give a scalar outside all fields the type that YAML 1.1 says. Raises BadInput."""
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
        return text  # BSON and JSON have no plain dates: what was written stays
    name = tag.rpartition(":")[2]
    if name == "int" and len(text) > 30:
        raise _at(node, f"{quoted(text)} is beyond 64 bits; quote it", "integer-range")
    try:
        value = getattr(_constructor, f"construct_yaml_{name}", lambda _: text)(node)
    except (ValueError, KeyError):
        return text
    if isinstance(value, int) and value not in _INT64:
        raise _at(node, f"{quoted(text)} is beyond 64 bits; quote it", "integer-range")
    if isinstance(value, float) and not math.isfinite(value):
        raise _at(node, f"{text} is no number that JSON has; quote it", "not-finite")
    return value


def _merged(node: yaml.Node, found: dict[str, Any]) -> dict[str, Any]:
    sources = found.pop("<<")
    sources = sources if isinstance(sources, list) else [sources]
    if not all(isinstance(source, dict) for source in sources):
        raise _at(node, "merges mappings only", "yaml")
    merged: dict[str, Any] = {}
    for source in (*reversed(sources), found):
        merged.update(source)
    return merged


def _check_tag(node: yaml.Node) -> None:
    if node.tag not in _STANDARD_TAGS:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        raise _at(node, f"the tag {quoted(tag)} is not accepted; write plain values", "tag")


def _refuse_duplicates(node: yaml.Node) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise _at(key, "is there twice; keep one of them", "duplicate-key")
        seen.add(key.value)


def _refuse_bombs(root: yaml.Node) -> None:
    """Count the nodes as aliases multiply them, each node's count being worked out once."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node, above: Sequence[int]) -> int:
        if isinstance(node, yaml.ScalarNode):
            return 1
        key = id(node)
        if key in above:
            raise _at(node, "contains itself by an alias", "aliases")
        if key not in sizes:
            inside = (*above, key)
            members = (
                (part for pair in node.value for part in pair)
                if isinstance(node, yaml.MappingNode)
                else node.value
            )
            sizes[key] = 1 + sum(size(member, inside) for member in members)
        if sizes[key] > MAX_NODES_BY_ALIAS:
            raise _at(node, f"its aliases make over {MAX_NODES_BY_ALIAS} values", "aliases")
        return sizes[key]

    size(root, ())


def _syntax(error: yaml.MarkedYAMLError, text: str) -> BadInput:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    hint = ""
    if error.problem == "mapping values are not allowed in this context":
        hint = "; quote a value that has a colon and a space in it"
    elif error.problem and "cannot start any token" in error.problem:
        hint = "; indent with spaces and quote a value that begins with @, ` or %"
    parts = [part for part in (error.context, error.problem) if part]
    return BadInput(Fault(line, column, "YAML", ", ".join(parts) + hint, "yaml"))


def _at(node: yaml.Node | None, message: str, code: str) -> BadNode:
    return BadNode(node, message, code)
