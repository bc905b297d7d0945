"""JSON in its forms: one item, a list of items, a page of them, and JSON lines."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import orjson
from yaml import Node

from loaders import yaml_nodes
from loaders.diagnostics import BadInput, FieldPath, Position, Problem, position_at
from loaders.known_keys import DEFINITION, ITEM, KnownKeys
from loaders.values import INT64, Value, ValueMapping, beyond_int64
from store.fields import DEFINITIONS

# Integers that orjson might round: only texts with these are parsed a second time, slowly.
_LARGE_INTEGER = re.compile(rb"\d{19}")
_KEY = re.compile(rb'"\s*:')


class JsonText:
    """A JSON text; `lines_above` counts the lines of its file before it."""

    def __init__(self, text: str, lines_above: int = 0) -> None:
        self.text = text
        self.lines_above = lines_above

    def position_of(self, path: FieldPath) -> Position:
        """Return the position of a value. libyaml finds it, as JSON is YAML."""
        line, column = yaml_nodes.position_of(self._root, path)
        return Position(self.lines_above + line, column)

    @cached_property
    def _root(self) -> Node | None:
        # Once for all records: finding each of a thousand errors anew would take minutes.
        try:
            return yaml_nodes.compose(self.text)
        except BadInput:
            return None


class Record(NamedTuple):
    """One entry of a JSON text, a mapping if it is valid.

    `path` leads to it, and `number` counts from 0.
    """

    number: int
    data: Value
    path: FieldPath
    source: JsonText
    is_alone: bool

    def position_of(self, path: FieldPath) -> Position:
        """Return the position of a value in the record."""
        return self.source.position_of((*self.path, *path))


def records(text: str) -> Iterator[Record]:
    """Yield the records of a JSON text. Raises BadInput.

    In a page, null means that the item does not have the key, whether or not it is a field.
    """
    data = load(text)
    source = JsonText(text)
    match data:
        case {"value": list(members)}:
            for index, member in enumerate(members):
                yield Record(index, _without_nulls(member), ("value", index), source, False)
        case list():
            for index, member in enumerate(data):
                yield Record(index, _without_null_fields(member), (index,), source, False)
        case _:
            yield Record(0, _without_null_fields(data), (), source, True)


def record_of_line(text: str, lines_above: int) -> Record:
    """Return the record on a line of JSON lines. Raises BadInput."""
    data = _without_null_fields(load(text, lines_above))
    return Record(lines_above, data, (), JsonText(text, lines_above), False)


def load(text: str, lines_above: int = 0) -> Value:
    """Parse a JSON text without rounding numbers. Raises BadInput, also for duplicate keys."""
    raw = text.encode()
    try:
        data: Value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        message = error.msg.partition(": line")[0]
        problem = Problem(lines_above + error.lineno, error.colno, "JSON", message, "json")
        raise BadInput(problem) from None
    try:
        if _count_keys(data) != len(_KEY.findall(raw)) or _LARGE_INTEGER.search(raw):
            _check_strictly(text)
    except BadInput as error:
        raise error.moved_down(lines_above) from None
    return data


def _count_keys(data: Value) -> int:
    """Count the keys, level by level. Raises BadInput when there are too many levels."""
    keys = 0
    level = [data]
    for _ in range(yaml_nodes.MAX_DEPTH + 1):
        below: list[Value] = []
        for value in level:
            if isinstance(value, dict):
                keys += len(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        if not below:
            return keys
        level = below
    message = f"is nested deeper than {yaml_nodes.MAX_DEPTH} levels"
    raise BadInput(Problem(1, 1, "JSON", message, "nesting"))


def _check_strictly(text: str) -> None:
    """Refuse duplicate keys, and integers that do not fit in 64 bits."""

    def integer(digits: str) -> int:
        if len(digits) > 20 or int(digits) not in INT64:
            raise _problem_at(text, digits, "JSON", beyond_int64(digits), "integer-range")
        return int(digits)

    def mapping(members: Sequence[tuple[str, Value]]) -> ValueMapping:
        found: ValueMapping = {}
        for key, value in members:
            if key in found:
                spelled = json.dumps(key, ensure_ascii=False)
                message = "is a duplicate key; keep one of them"
                raise _problem_at(text, spelled, key, message, "duplicate-key", occurrence=2)
            found[key] = value
        return found

    json.loads(text, parse_int=integer, object_pairs_hook=mapping)


def _problem_at(
    text: str, part: str, field: str, message: str, code: str, occurrence: int = 1
) -> BadInput:
    """Return an error at an occurrence of a part of the text."""
    offset = -1
    for _ in range(occurrence):
        offset = text.find(part, offset + 1)
    return BadInput(Problem(*position_at(text, max(offset, 0)), field, message, code))


def _without_nulls(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _without_nulls(below) for key, below in value.items() if below is not None}
    if isinstance(value, list):
        return [_without_nulls(member) for member in value if member is not None]
    return value


def _without_null_fields(data: Value) -> Value:
    taxonomy = data.get("taxonomy") if isinstance(data, dict) else None
    defines = isinstance(taxonomy, str) and taxonomy in DEFINITIONS
    return _without_nulls_in(data, DEFINITION if defines else ITEM)


def _without_nulls_in(value: Value, known: KnownKeys) -> Value:
    if isinstance(value, dict):
        return {
            key: _without_nulls_in(below, known[key]) if key in known else below
            for key, below in value.items()
            if below is not None or key not in known
        }
    if isinstance(value, list):
        return [_without_nulls_in(member, known) for member in value if member is not None]
    return value
