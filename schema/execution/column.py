"""Value completion by column: checks and serialises one field's values for all objects at once.

This is the specification's CompleteValue (section 6.4.3) turned on its side. Each output type has
a completer, made when the query is planned. Its `open` takes the raw values that a resolver gave,
one for each parent, and hands the objects found in them to new scopes; `close`, called when those
scopes have their rows, gives the column of the response. What a clean column looks like is
decided by the set of its values' types; only other columns are looked at value by value.

`leaves`, `lists` and `objects` have the completers, one for each kind of type.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from graphql.pyutils import Undefined

from schema.execution.errors import FAILED, NO_PROBLEMS, Problem, Problems

if TYPE_CHECKING:
    from schema.execution.execution import Execution
    from schema.execution.plan import FieldPlan


class Column(NamedTuple):
    """One field's completed values. Without `nulls` there is certainly no None among them."""

    values: list[Any]
    nulls: bool
    problems: Problems = NO_PROBLEMS

    def close(self) -> "Column":
        """Give the column itself: it has no objects to wait for."""
        return self


class Opened(Protocol):
    """A column whose objects may still be without rows."""

    def close(self) -> Column:
        """Give the completed column."""


class Completer:
    """Completes the values of one output type at one field (or in that field's lists)."""

    def __init__(self, field: "FieldPlan", *, nullable: bool) -> None:
        self.field = field
        self.nullable = nullable

    def open(self, values: list[Any], execution: "Execution") -> Opened:
        """Take the raw values; scopes for the objects in them are added to the execution."""
        raise NotImplementedError

    def problem(self, error: Exception) -> Problem:
        """Make a problem of an error at a value."""
        return Problem(error, self.field.nodes)

    def one_by_one(
        self, values: list[Any], complete: Callable[[Any], Any]
    ) -> tuple[list[Any], dict[int, list[Problem]]]:
        """Complete values of which some may be wrong: FAILED, with a problem, where one is."""
        completed: list[Any] = []
        problems: dict[int, list[Problem]] = {}
        for index, value in enumerate(values):
            if value is None or value is Undefined:
                completed.append(None)
                continue
            # One exception may stand for many values. It is not raised for each of them: raising
            # adds to its traceback, which the log would then repeat as often.
            error = value if isinstance(value, Exception) else None
            if error is None:
                try:
                    completed.append(complete(settled(value)))
                    continue
                except Exception as raised:
                    error = raised
            completed.append(FAILED)
            problems[index] = [self.problem(error)]
        return completed, problems

    def checked(self, column: Column) -> Column:
        """Give the column, each null in it made a problem if the type is non-null."""
        if self.nullable or not column.nulls:
            return column
        message = f"Cannot return null for non-nullable field {self.field}."
        nulls = [index for index, value in enumerate(column.values) if value is None]
        problems = {index: [self.problem(TypeError(message))] for index in nulls}
        values = [FAILED if value is None else value for value in column.values]
        return Column(values, nulls=False, problems={**column.problems, **problems})


def settled(value: Any) -> Any:
    """Give a value back; raises TypeError for an awaitable."""
    if isinstance(value, Awaitable):
        if isinstance(value, Coroutine):
            value.close()
        raise TypeError("Only what a resolver gives as a whole is awaited, not what is in it.")
    return value
