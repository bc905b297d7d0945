"""JSON in its three forms: one item, a list of items, and a site's page of them; and JSON lines."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from loaders.diagnostics import BadInput, Fault, line_and_column, quoted
from loaders.known_keys import DEFINITION, ITEM, Shape
from loaders.validation_messages import Location
from loaders.yaml_nodes import MAX_DEPTH, compose, mark_of

# Numbers that orjson would round: only these are worth a second, slower look.
_LARGE_NUMBER = re.compile(rb"\d{19}|\d[eE]\+?\d{3}")
_KEY = re.compile(rb'"\s*:')
_INT64 = range(-(2**63), 2**63)


class Record(NamedTuple):
    """One mapping of a JSON text: `location` leads to it, `line` counts the lines before it."""

    number: int
    data: Any
    location: Location
    text: str
    line: int
    alone: bool

    def place(self, location: Location) -> tuple[int, int]:
        """Find a value's line and column; JSON is YAML enough for libyaml to find it."""
        try:
            root = compose(self.text)
        except BadInput:
            root = None
        if root is None:
            return self.line + 1, 1
        mark = mark_of(root, (*self.location, *location))
        return self.line + mark.line + 1, mark.column + 1


def records(text: str) -> Iterator[Record]:
    """Give the mappings of a JSON text. Raises BadInput.

    In a page, null means that the item has no such field, also where no field takes the key.
    """
    data = load(text, 0)
    match data:
        case {"value": list(members)}:
            for index, member in enumerate(members):
                yield Record(index, _without_nulls(member), ("value", index), text, 0, False)
        case list():
            for index, member in enumerate(data):
                yield Record(index, _known_nulls_out(member), (index,), text, 0, False)
        case _:
            yield Record(0, _known_nulls_out(data), (), text, 0, True)


def record_of_line(text: str, line: int) -> Record:
    """Give the mapping on a line of JSON lines; `line` counts the lines before it."""
    return Record(line, _known_nulls_out(load(text, line)), (), text, line, False)


def load(text: str, line: int) -> Any:
    """Read one JSON text exactly: no rounding, no key twice. Raises BadInput."""
    raw = text.encode()
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        message = error.msg.partition(": line")[0]
        fault = Fault(line + error.lineno, error.colno, "JSON", message, "json")
        raise BadInput(fault) from None
    keys = _measured(data, line, text)
    if _LARGE_NUMBER.search(raw) or keys != len(_KEY.findall(raw)):
        _look_closely(text, line)
    return data


def _measured(data: Any, line: int, text: str) -> int:
    """Count the keys, going no deeper than the limit."""
    keys = 0
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                keys += len(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        if not below:
            return keys
        level = below
    fault = Fault(line + 1, 1, "JSON", f"is nested deeper than {MAX_DEPTH} levels", "nesting")
    raise BadInput(fault)


def _look_closely(text: str, line: int) -> None:
    def fault(found: str, field: str, message: str, code: str, nth: int = 1) -> BadInput:
        offset = -1
        for _ in range(nth):
            offset = text.find(found, offset + 1)
        at_line, column = line_and_column(text, max(offset, 0))
        return BadInput(Fault(line + at_line, column, field, message, code))

    def integer(digits: str) -> int:
        if len(digits) > 20 or int(digits) not in _INT64:
            message = f"{quoted(digits)} is beyond 64 bits; quote it"
            raise fault(digits, "JSON", message, "integer-range")
        return int(digits)

    def decimal(digits: str) -> float:
        if float(digits) in (float("inf"), float("-inf")):
            raise fault(digits, "JSON", f"{quoted(digits)} is beyond all numbers", "not-finite")
        return float(digits)

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) != len(members):
            seen: set[str] = set()
            key = next(key for key, _ in members if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            spelled = json.dumps(key, ensure_ascii=False)
            raise fault(spelled, key, "is there twice; keep one of them", "duplicate-key", nth=2)
        return found

    json.loads(text, parse_int=integer, parse_float=decimal, object_pairs_hook=pairs)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value if one is not None]
    return value


def _known_nulls_out(data: Any) -> Any:
    defines = isinstance(data, dict) and data.get("taxonomy") in ("organization", "topic")
    return _pruned(data, DEFINITION if defines else ITEM)


def _pruned(value: Any, shape: Shape) -> Any:
    if isinstance(value, dict):
        return {
            key: _pruned(one, shape[key]) if key in shape else one
            for key, one in value.items()
            if one is not None or key not in shape
        }
    if isinstance(value, list):
        return [_pruned(one, shape) for one in value if one is not None]
    return value
