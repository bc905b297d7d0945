"""Field errors: they travel beside the values, and learn their path on the way up.

A column of values that is as it should be has no problems and costs nothing here. Where a value
is wrong, FAILED stands in its place, and the column's problems hold, by the index of that value,
what went wrong at it or below it. On its way up through lists and objects a problem collects list
indices and response keys, until a nullable place takes it in (and becomes null) or the root does.
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
class Problem:
    """An error that a field gave, and where: `path` is relative, its innermost part first."""

    error: Exception
    nodes: list[FieldNode]
    path: list[str | int] = field(default_factory=list)

    def located(self) -> GraphQLError:
        """Give the error of the response; the path must be complete by now."""
        return located_error(self.error, self.nodes, self.path[::-1])


# By the index of the value they belong to; in the order of the document for each value.
Problems = Mapping[int, list[Problem]]

NO_PROBLEMS: Final[Problems] = {}


class ErrorPropagation:
    """Gathers, for the parents of some values, the problems that those values bring up.

    A parent that has failed takes no more: the specification wants one error for each place that
    a non-null field made null (section "Handling Execution Errors"), and reporting the first in
    the order of the document makes answers repeatable, however the batches were timed.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = {index: [*found] for index, found in problems.items()}
        self.failed: set[int] = set()

    def add(self, parent: int, key: str | int, found: list[Problem], *, fatal: bool) -> None:
        """Bring the problems of a parent's `key` up to it; `fatal` ones fail the parent."""
        if parent in self.failed:
            return
        for problem in found:
            problem.path.append(key)
        self.problems.setdefault(parent, []).extend(found)
        if fatal:
            self.failed.add(parent)
