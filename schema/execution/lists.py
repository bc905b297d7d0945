"""Lists, completed by column."""

from collections.abc import Iterable
from functools import partial
from itertools import chain
from types import NoneType
from typing import Any, NamedTuple, cast

from graphql import GraphQLError
from graphql.pyutils import is_iterable

from schema.execution.column import Column, Pending
from schema.execution.completion import BaseCompleter
from schema.execution.errors import FAILED, NO_ERRORS, ErrorPropagation, FieldErrors
from schema.execution.plan import Completer, FieldPlan, Run

# The entries of so few lists are laid end to end without being counted first.
_FEW = 100


class ListCompleter(BaseCompleter):
    """Completes lists: their items as one long column, which is then cut up again."""

    def __init__(self, items: Completer, *, nullable: bool, of_objects: bool) -> None:
        super().__init__(nullable=nullable)
        self.items = items
        self.of_objects = of_objects  # those that a request's budget counts

    def start(self, values: list[object], field: FieldPlan, run: Run) -> Pending:
        """Lay the lists end to end and start their items."""
        kinds = set(map(type, values))
        errors: FieldErrors = NO_ERRORS
        if not kinds <= {list, NoneType}:
            values, errors = self.complete_each(values, field, partial(_list_of, field))
            kinds = set(map(type, values))
        lists: list[Any] = (
            values if kinds == {list} else [value for value in values if type(value) is list]
        )
        if len(lists) > _FEW:
            run.budget.expect(sum(map(len, lists)), objects=self.of_objects)
        items = self.items.start(list(chain.from_iterable(lists)), field, run)
        return PendingLists(self, field, values, NoneType in kinds, errors, items)


class PendingLists(NamedTuple):
    """Lists whose items may not have their rows yet."""

    completer: ListCompleter
    field: FieldPlan
    lists: list[object]
    has_nulls: bool
    errors: FieldErrors
    items: Pending

    def finish(self) -> Column:
        """Cut the items' column into lists again."""
        items = self.items.finish()
        values: list[object] = []
        start = 0
        for given in self.lists:
            if type(given) is list:
                end = start + len(given)
                values.append(items.values[start:end])
                start = end
            else:
                values.append(given)
        errors = self._propagate(items, values) if items.errors else self.errors
        return self.completer.reject_nulls(Column(values, self.has_nulls, errors), self.field)

    def _propagate(self, items: Column, values: list[object]) -> FieldErrors:
        """Pass the items' errors on to their lists, and put the nulls that follow in `values`."""
        propagation = ErrorPropagation(self.errors)
        nullable = self.completer.items.nullable
        start = 0
        for parent, completed in enumerate(values):
            if type(completed) is not list:
                continue
            for index in range(len(completed)):
                if found := items.errors.get(start + index):
                    failed = completed[index] is FAILED
                    propagation.add(parent, index, found, fatal=failed and not nullable)
                    if failed:
                        completed[index] = None
            start += len(completed)
        for parent in propagation.failed:
            values[parent] = FAILED
        return propagation.errors


def _list_of(field: FieldPlan, value: object) -> list[object]:
    if not is_iterable(value):
        raise GraphQLError(f"Expected Iterable, but did not find one for field '{field}'.")
    return list(cast("Iterable[object]", value))
