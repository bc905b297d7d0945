"""Value completion by column: checks and serializes one field's values for all objects at once.

This is the specification's CompleteValue (section 6.4.3) turned on its side. Each output type has
a completer. Its `start` takes the resolved values, one for each parent, and hands the objects
among them to new scopes; `finish`, called when those scopes have their rows, returns the column of
the response. The set of the values' types decides whether a column is clean; only other columns
are looked at value by value.

`leaves`, `lists` and `objects` have the completers, one for each kind of type.
"""

from collections.abc import Awaitable, Callable, Coroutine

from graphql.pyutils import Undefined

from schema.execution.budget import OverBudget
from schema.execution.column import Column
from schema.execution.errors import FAILED, FieldError
from schema.execution.plan import FieldPlan


class BaseCompleter:
    """What all completers share."""

    def __init__(self, *, nullable: bool) -> None:
        self.nullable = nullable

    def complete_each(
        self, values: list[object], field: FieldPlan, complete: Callable[[object], object]
    ) -> tuple[list[object], dict[int, list[FieldError]]]:
        """Complete values that may be wrong: FAILED, with an error, in the place of those."""
        completed: list[object] = []
        errors: dict[int, list[FieldError]] = {}
        for index, value in enumerate(values):
            if value is None or value is Undefined:
                completed.append(None)
                continue
            # One exception may stand for many values. It is not raised for each of them: raising
            # adds to its traceback, which the log would then repeat as often.
            error = value if isinstance(value, Exception) else None
            if error is None:
                try:
                    completed.append(complete(reject_awaitable(value)))
                    continue
                except OverBudget:
                    raise
                except Exception as raised:
                    error = raised
            completed.append(FAILED)
            errors[index] = [FieldError(error, field.nodes)]
        return completed, errors

    def reject_nulls(self, column: Column, field: FieldPlan) -> Column:
        """Return the column; if the type is non-null, each null in it has become an error."""
        if self.nullable or not column.has_nulls:
            return column
        message = f"Cannot return null for non-nullable field {field}."
        nulls = [index for index, value in enumerate(column.values) if value is None]
        errors = {index: [FieldError(TypeError(message), field.nodes)] for index in nulls}
        values = [FAILED if value is None else value for value in column.values]
        return Column(values, has_nulls=False, errors={**column.errors, **errors})


def reject_awaitable(value: object) -> object:
    """Return the value. Raises TypeError for an awaitable."""
    if isinstance(value, Awaitable):
        if isinstance(value, Coroutine):
            value.close()
        raise TypeError("A resolver's result is awaited as a whole, not the values in it.")
    return value
