"""Compose YAML into libyaml's nodes, which know the line and column of every value.

Composing nodes takes half the time of PyYAML's C loader (docs/benchmarks.md).
"""

from collections.abc import Iterable
from itertools import chain
from typing import Final, NamedTuple

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode
from yaml.cyaml import CParser  # type: ignore[attr-defined] # missing in the stubs

from loaders.diagnostics import (
    START,
    BadInput,
    FieldPath,
    Position,
    Problem,
    field_name,
    position_at,
)

MAX_DEPTH = 100
MAX_NODES = 300_000
"""Each takes about 300 bytes of memory, a file of 8 MB may hold four million."""
MAX_NODES_BY_ALIAS = 10_000
MAX_CHARACTERS_BY_ALIAS = 16_000_000
"""What aliases may add to a text; a document of MongoDB holds no more either."""


class BadNode(BadInput):
    """A node that cannot be loaded."""

    def __init__(self, node: Node | None, message: str, code: str) -> None:
        # Scalars of plain YAML have no mark: libyaml finds their errors again.
        position = _position(node.start_mark if node else None)
        super().__init__(Problem(*position, "YAML", message, code))
        self._node = node

    def within(self, root: Node) -> BadInput:
        """Return the error with the name of the field that leads from `root` to the node."""
        (problem,) = self.problems
        path = _path_to(self._node, root)
        return BadInput(problem._replace(field=field_name(path))) if path else self


class _Composer(CParser):
    """libyaml's parser, which composes nodes in C; these hooks only watch depth and number."""

    depth = 0
    nodes = 0

    def resolve(self, *_: object) -> str:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise BadNode(None, f"has over {MAX_NODES} values; split the file", "too-many")
        return ""  # marks nodes that have no explicit tag

    def descend_resolver(self, parent: Node | None, _: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadNode(parent, f"is nested deeper than {MAX_DEPTH} levels", "nesting")

    def ascend_resolver(self) -> None:
        self.depth -= 1


def compose(text: str) -> Node | None:
    """Return the root node of a YAML document, or None when it is empty. Raises BadInput."""
    try:
        root: Node | None = _Composer(text).get_single_node()
    except yaml.reader.ReaderError as error:
        position = position_at(text, error.position)
        message = "contains a control character; remove it, or escape it in double quotes"
        raise BadInput(Problem(*position, "YAML", message, "yaml")) from None
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error) from None
    if root is not None and "*" in text and "&" in text:
        try:
            _check_aliases(root)
        except BadNode as error:
            raise error.within(root) from None
    return root


def position_of(root: Node | None, path: FieldPath) -> Position:
    """Return the position of a value, or of the nearest one above it that exists."""
    if root is None:
        return START
    node = root
    for step in path:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return _position(node.start_mark)


def scalar_at(root: Node | None, path: FieldPath) -> str | None:
    """Return the text of the scalar at a path, or None if there is none."""
    node = root
    for step in path:
        node = _below(node, step) if node else None
    return str(node.value) if isinstance(node, ScalarNode) else None


def _position(mark: yaml.Mark | None) -> Position:
    return Position(mark.line + 1, mark.column + 1) if mark else START


def _below(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        member: Node = node.value[step]
        return member
    return None


def _path_to(wanted: Node | None, root: Node) -> FieldPath:
    """Return the path to the node of a key or a value; empty when it is the root."""
    seen: set[int] = set()
    left: list[tuple[FieldPath, Node]] = [((), root)]
    while left:
        path, node = left.pop()
        if id(node) in seen or isinstance(node, ScalarNode):
            continue
        seen.add(id(node))
        is_mapping = isinstance(node, MappingNode)
        for index, member in enumerate(node.value):
            key, value = member if is_mapping else (None, member)
            below = (*path, str(key.value) if key else index)
            if wanted in (key, value):
                return below if key is None or isinstance(key, ScalarNode) else path
            left.append((below, value))
    return ()


def _check_aliases(root: Node) -> None:
    """Refuse aliases that contain themselves, or that add too many values or characters.

    A node that is met again stands for an alias. It adds all that it expands to, so the sum over
    all aliases is what they add to the text, however they are nested.
    """
    sizes: dict[int, _Size] = {}
    added = _Size(0, 0)

    def size(node: Node, above: tuple[int, ...]) -> _Size:
        nonlocal added
        key = id(node)
        if key in above:
            raise BadNode(node, "contains itself through an alias", "aliases")
        if known := sizes.get(key):
            added = added.plus(known)
            _check_added(node, added)
            return known
        if isinstance(node, ScalarNode):
            found = _Size(1, len(node.value))
        else:
            found = _Size(1, 0)
            inside = (*above, key)
            for member in _members(node):
                found = found.plus(size(member, inside))
        sizes[key] = found
        return found

    size(root, ())


class _Size(NamedTuple):
    """What a node expands to: nodes, and characters of scalars."""

    nodes: int
    characters: int

    def plus(self, other: "_Size") -> "_Size":
        return _Size(self.nodes + other.nodes, self.characters + other.characters)


def _check_added(node: Node, added: _Size) -> None:
    for number, limit, what in (
        (added.nodes, MAX_NODES_BY_ALIAS, "values"),
        (added.characters, MAX_CHARACTERS_BY_ALIAS, "characters"),
    ):
        if number > limit:
            raise BadNode(node, f"expands to over {limit} {what} through aliases", "aliases")


_UNCLOSED: Final = ("unexpected end of stream", "expected ',' or ']'", "expected ',' or '}'")
_REMEDIES: Final = {
    "mapping values are not allowed": "quote a value that contains a colon followed by a space",
    "cannot start any token": "indent with spaces, and quote a value that begins with @, ` or %",
    "unexpected end of stream": "close the quote",
    "expected ',' or ']'": "write commas between the entries of a list, and ] after the last one",
    "expected ',' or '}'": "write commas between the keys of a mapping, and } after the last one",
    "undefined alias": "quote a value that begins with *",
    "expected alphabetic or numeric": "quote a value that begins with & or *",
    "found another document": "write each item into a file of its own",
}
"""A part of a message of libyaml: what to do."""


def _members(node: Node) -> Iterable[Node]:
    return chain.from_iterable(node.value) if isinstance(node, MappingNode) else node.value


def _syntax_error(error: yaml.MarkedYAMLError) -> BadInput:
    problem = error.problem or ""
    remedy = next((f"; {remedy}" for part, remedy in _REMEDIES.items() if part in problem), "")
    message = ", ".join(part for part in (error.context, problem) if part)
    return BadInput(Problem(*_position(_faulty(error)), "YAML", message + remedy, "yaml"))


def _faulty(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Return where to look: what is not closed is noticed lines after its beginning."""
    found, begun = error.problem_mark, error.context_mark
    if found is None or begun is None:
        return found or begun
    is_open = any(part in (error.problem or "") for part in _UNCLOSED)
    return begun if is_open and begun.line < found.line else found
