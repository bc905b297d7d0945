"""What one request may produce, counted by column while its response is put together.

Prices are computed before a query is executed, from assumed sizes; these counts are of what there
is. The bytes counted are never more than those of the encoded response (keys, text and punctuation,
but no escapes), so nothing is refused here that would have fitted. Who encodes the response has to
check its length too.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Final, Self

import orjson
from graphql import ExecutionResult, GraphQLError, Node

_ONLY_TEXT: Final = frozenset({str})
_TEXT: Final = frozenset({str, NoneType})
_SMALL: Final = frozenset({bool, int, float, NoneType})
_MAX_PATH: Final = 200
"""Characters of a path in a message: aliases have any length."""


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """What one request may produce at most."""

    max_objects: int = sys.maxsize
    """Objects of the response, without the root and without those that describe the schema."""

    max_bytes: int = sys.maxsize
    """Bytes of the response's JSON."""


class OverBudget(Exception):
    """A request needs more than it may; the message says of what, and what to do.

    It ends the request: its response has this one error and no data.
    """

    path: Sequence[str | int] = ()
    nodes: Sequence[Node] = ()

    def at(self, path: Sequence[str | int], nodes: Sequence[Node]) -> Self:
        """Set the field that exceeded the budget, by its path in the response."""
        self.path, self.nodes = path, nodes
        return self

    def result(self) -> ExecutionResult:
        """Return the result of the request."""
        field = ".".join([key for key in self.path if isinstance(key, str)])
        if len(field) > _MAX_PATH:
            field = f"{field[:_MAX_PATH]}…"
        message = f"Stopped at `{field}`: {self}"
        return ExecutionResult(None, [GraphQLError(message, self.nodes, original_error=self)])


class WorkBudget:
    """Counts the work of one request. Each method raises OverBudget if it exceeds the limits."""

    __slots__ = ("bytes", "max_bytes", "max_objects", "objects")

    def __init__(self, limits: WorkLimits) -> None:
        self.max_objects = limits.max_objects
        self.max_bytes = limits.max_bytes
        self.objects = 0
        self.bytes = 0

    def add_objects(self, number: int, bytes_each: int) -> None:
        """Count objects, and for each the bytes of its keys and punctuation."""
        self.objects += number
        self.bytes += number * bytes_each
        if self.objects > self.max_objects:
            raise self._too_many_objects()
        if self.bytes > self.max_bytes:
            raise self._too_many_bytes()

    def add_leaves(self, values: Sequence[object], kinds: set[type]) -> None:
        """Count completed scalars and enums, whose types are `kinds`."""
        size = len(values)
        if kinds == _ONLY_TEXT:
            size += sum(map(len, values))  # type: ignore[arg-type]
        elif kinds <= _TEXT:
            size += sum(map(len, filter(None, values)))  # type: ignore[arg-type]
        elif not kinds <= _SMALL:
            for value in values:
                size += _json_length(value) - 1
                if self.bytes + size > self.max_bytes:
                    break
        self.bytes += size
        if self.bytes > self.max_bytes:
            raise self._too_many_bytes()

    def expect(self, number: int, *, objects: bool) -> None:
        """Check that the entries of lists can still be counted, before they are laid out."""
        if objects and self.objects + number > self.max_objects:
            raise self._too_many_objects()
        if self.bytes + number > self.max_bytes:
            raise self._too_many_bytes()

    def _too_many_objects(self) -> OverBudget:
        return OverBudget(
            f"the response has more than {self.max_objects:,} objects. "
            "Request fewer with `first`, or split the query."
        )

    def _too_many_bytes(self) -> OverBudget:
        return OverBudget(
            f"the response is larger than {_size(self.max_bytes)}. "
            "Request fewer or shorter fields, or fewer objects with `first`."
        )


def row_bytes(keys: Iterable[str]) -> int:
    """Return the bytes of an object's JSON without its values: `{"key":,"key":}`."""
    return 1 + sum([len(key) + 4 for key in keys])


def _size(number: int) -> str:
    return f"{number // 2**20:,} MiB" if number >= 2**20 else f"{number:,} B"


def _json_length(value: object) -> int:
    """Return the bytes of a value's JSON; 1 if it has none, which whoever encodes it reports."""
    try:
        return len(orjson.dumps(value))
    except orjson.JSONEncodeError:
        return 1
