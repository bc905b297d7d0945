"""Field errors: they travel beside the values, and learn their path on the way up.

A column without wrong values has no errors and costs nothing here. Where a value is wrong, FAILED
takes its place, and the column's errors say, by the index of that value, what went wrong at it or
below it. On its way up through lists and objects an error collects list indices and response keys,
until a nullable field or list item becomes null, or the whole response does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from graphql import FieldNode, GraphQLError, located_error


class Failed(Enum):
    """The type of FAILED, so that type checkers can tell it from other values."""

    FAILED = "failed"


FAILED: Final = Failed.FAILED


@dataclass(slots=True)
class FieldError:
    """An error at a field. `path` is relative to the current column, its innermost part first."""

    error: Exception
    nodes: list[FieldNode]
    path: list[str | int] = field(default_factory=list)

    def located(self) -> GraphQLError:
        """Return the error for the response, once the path is complete."""
        return located_error(self.error, self.nodes, self.path[::-1])


# By the index of the value they belong to; for each value in the order of the query's text.
FieldErrors = Mapping[int, list[FieldError]]

NO_ERRORS: Final[FieldErrors] = {}


class ErrorPropagation:
    """Collects, for the parents of a column's values, the errors of those values.

    A parent that has failed takes no more: the specification asks for one error wherever a
    non-null field makes its parent null (section "Handling Execution Errors"), and reporting the
    first in the order of the query's text makes responses repeatable, however the batches were
    timed.
    """

    def __init__(self, errors: FieldErrors) -> None:
        self.errors = {index: [*found] for index, found in errors.items()}
        self.failed: set[int] = set()

    def add(self, parent: int, key: str | int, found: list[FieldError], *, fatal: bool) -> None:
        """Add the errors at a parent's `key` to it; `fatal` ones fail the parent."""
        if parent in self.failed:
            return
        for error in found:
            error.path.append(key)
        self.errors.setdefault(parent, []).extend(found)
        if fatal:
            self.failed.add(parent)
