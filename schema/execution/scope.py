"""A scope: all objects of one type at one place of the response, resolved side by side."""

from typing import TYPE_CHECKING, Any

from schema.execution.column import Column, Opened
from schema.execution.errors import FAILED, NO_PROBLEMS, ErrorPropagation, Problems
from schema.execution.plan import FieldPlan, ObjectPlan

if TYPE_CHECKING:
    from schema.execution.execution import Execution


class Scope:
    """Objects in, rows out: `rows[i]` is what the response says of `objects[i]`, or FAILED."""

    __slots__ = ("columns", "objects", "plan", "problems", "rows")

    def __init__(self, plan: ObjectPlan, objects: list[Any]) -> None:
        self.plan = plan
        self.objects = objects
        self.columns: list[Opened | None] = [None] * len(plan.fields)
        self.rows: list[Any] = []
        self.problems: Problems = NO_PROBLEMS

    def expand(self, execution: "Execution") -> None:
        """Resolve every field for all objects; what is not there yet is awaited elsewhere."""
        for index, field in enumerate(self.plan.fields):
            values = field.source.values(self.objects, field, execution)
            if isinstance(values, list):
                self.columns[index] = field.completer.open(values, execution)
            else:
                execution.wait_for(values, self, index)

    def assemble(self) -> None:
        """Make the rows. All scopes below must have theirs."""
        columns = [column.close() for column in self.columns if column is not None]
        self.rows = self.plan.rows_of(self.objects, [column.values for column in columns])
        for column in columns:
            if column.problems:
                self._settle(columns)
                break

    def _settle(self, columns: list[Column]) -> None:
        """Bring problems up: to null in a nullable field, to FAILED for the object else."""
        above = ErrorPropagation(NO_PROBLEMS)
        field: FieldPlan
        for field, column in zip(self.plan.fields, columns, strict=True):
            for index, found in column.problems.items():
                failed = column.values[index] is FAILED
                above.add(index, field.key, found, fatal=failed and not field.completer.nullable)
                if failed:
                    self.rows[index][field.key] = None
        for index in above.failed:
            self.rows[index] = FAILED
        self.problems = above.problems
