"""A scope: all objects of one type at one path of the response, resolved side by side."""

from schema.execution.column import Column, Pending
from schema.execution.errors import FAILED, NO_ERRORS, ErrorPropagation, FieldErrors
from schema.execution.plan import ObjectPlan
from schema.execution.rows import Row


class Scope:
    """Objects in, rows out: `rows[i]` is `objects[i]` in the response, or FAILED."""

    __slots__ = ("columns", "errors", "objects", "plan", "rows")

    def __init__(self, plan: ObjectPlan, objects: list[object]) -> None:
        self.plan = plan
        self.objects = objects
        self.columns: list[Pending | None] = [None] * len(plan.fields)
        self.rows: list[Row] = []
        self.errors: FieldErrors = NO_ERRORS

    def assemble(self) -> None:
        """Make the rows. All scopes below must have theirs."""
        columns = [column.finish() for column in self.columns if column is not None]
        self.rows = self.plan.make_rows(self.objects, [column.values for column in columns])
        for column in columns:
            if column.errors:
                self._propagate_errors(columns)
                break

    def _propagate_errors(self, columns: list[Column]) -> None:
        """Pass errors on to the objects: null in a nullable field, otherwise a FAILED object."""
        propagation = ErrorPropagation(NO_ERRORS)
        for field, column in zip(self.plan.fields, columns, strict=True):
            for index, found in column.errors.items():
                failed = column.values[index] is FAILED
                fatal = failed and not field.completer.nullable
                propagation.add(index, field.key, found, fatal=fatal)
                row = self.rows[index]
                if failed and row is not FAILED:
                    row[field.key] = None
        for index in propagation.failed:
            self.rows[index] = FAILED
        self.errors = propagation.errors
