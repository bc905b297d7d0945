"""Lists, completed by column."""

from itertools import chain
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import GraphQLError
from graphql.pyutils import is_iterable

from schema.execution.column import Column, Completer, Opened
from schema.execution.errors import FAILED, NO_PROBLEMS, ErrorPropagation, Problems

if TYPE_CHECKING:
    from schema.execution.execution import Execution
    from schema.execution.plan import FieldPlan


class Listed(Completer):
    """Lists: their items are completed as one long column, then cut up again."""

    def __init__(self, items: Completer, field: "FieldPlan", *, nullable: bool) -> None:
        super().__init__(field, nullable=nullable)
        self.items = items

    def open(self, values: list[Any], execution: "Execution") -> Opened:
        """Lay the lists end to end and open their items."""
        kinds = set(map(type, values))
        problems: Problems = NO_PROBLEMS
        if not kinds <= {list, NoneType}:
            values, problems = self.one_by_one(values, self._as_list)
            kinds = set(map(type, values))
        lists = values if kinds == {list} else [value for value in values if type(value) is list]
        items = self.items.open(list(chain.from_iterable(lists)), execution)
        return OpenedLists(self, values, NoneType in kinds, problems, items)

    def _as_list(self, value: Any) -> list[Any]:
        if not is_iterable(value):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{self.field}'.")
        return list(value)


class OpenedLists(NamedTuple):
    """Lists whose items may still be without rows."""

    completer: Listed
    lists: list[Any]
    nulls: bool
    problems: Problems
    items: Opened

    def close(self) -> Column:
        """Cut the items' column into lists again."""
        items = self.items.close()
        values: list[Any] = []
        start = 0
        for given in self.lists:
            if type(given) is list:
                end = start + len(given)
                values.append(items.values[start:end])
                start = end
            else:
                values.append(given)
        problems = self._bring_up(items, values) if items.problems else self.problems
        return self.completer.checked(Column(values, self.nulls, problems))

    def _bring_up(self, items: Column, values: list[Any]) -> Problems:
        """Bring the items' problems up to their lists, in `values`."""
        above = ErrorPropagation(self.problems)
        nullable = self.completer.items.nullable
        start = 0
        for parent, given in enumerate(self.lists):
            if type(given) is not list:
                continue
            for index in range(len(given)):
                if found := items.problems.get(start + index):
                    failed = items.values[start + index] is FAILED
                    above.add(parent, index, found, fatal=failed and not nullable)
                    if failed:
                        values[parent][index] = None
            start += len(given)
        for parent in above.failed:
            values[parent] = FAILED
        return above.problems
