"""Early calls: fields of objects that are still being read, resolved by the ids of these.

In `item { provider { name items { … } } }`, the list needs nothing of the provider but the id, and
the item has that already. So both are read at the same time. What was read for an object that then
is not found is dropped.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, Final

from graphql import GraphQLObjectType

from schema.execution.batched import check_results
from schema.execution.lists import ListCompleter
from schema.execution.objects import ObjectCompleter
from schema.execution.plan import Completer, FieldPlan, Run
from schema.execution.resolvers import BatchFieldResolver

MAX_IDS: Final = 250
"""Objects that are called early for. The budget counts objects when they are found: for more of
them, nothing is read before that."""

_ID = "_id"

Results = Coroutine[Any, Any, Sequence[object]]


class _EarlyCall:
    """A call for the objects with some ids. It runs once it is started."""

    def __init__(self, field: FieldPlan, ids: Sequence[str], results: Results) -> None:
        self.field = field
        self.ids = ids
        self.results = results
        self.task: asyncio.Task[Sequence[object]] | None = None

    def start(self) -> asyncio.Task[Sequence[object]]:
        if self.task is None:
            self.task = asyncio.create_task(self.results)
        return self.task

    async def results_of(self, objects: Sequence[Any]) -> Sequence[object]:
        """Return the results of the objects that were found."""
        results = check_results(await self.start(), self.ids, self.field.name)
        by_id = dict(zip(self.ids, results, strict=True))
        return [by_id[one[_ID]] for one in objects]


class EarlyCalls:
    """The early calls of one request."""

    def __init__(self) -> None:
        self._calls: dict[FieldPlan, _EarlyCall] = {}

    def add_below(self, field: FieldPlan, parents: list[object], run: Run) -> None:
        """Make the calls for those fields of a field's objects that need their ids only."""
        resolver = field.resolver
        if not isinstance(resolver, BatchFieldResolver) or resolver.field.ids_of is None:
            return
        if field.early is None:
            field.early = list(_fields_by_id(field))
        if not field.early:
            return
        try:
            ids = list(dict.fromkeys(resolver.field.ids_of(parents)))
        except Exception:  # the field's own resolver meets it, too
            return
        for below in field.early if 0 < len(ids) <= MAX_IDS else ():
            results = below.resolver.resolve([{_ID: id_} for id_ in ids], below, run)
            if not isinstance(results, list):  # an error is met again if there is such an object
                self._calls[below] = _EarlyCall(below, ids, results)

    def start(self) -> None:
        """Start the calls that have not been started."""
        for call in self._calls.values():
            call.start()

    def results_of(self, field: FieldPlan, objects: list[object]) -> Results | None:
        """Return the results of a field that was called early; None if it was not."""
        call = self._calls.get(field)
        return None if call is None else call.results_of(objects)

    def end(self) -> list[asyncio.Task[Sequence[object]]]:
        """Drop all calls, and return those that are still running."""
        running = []
        for call in self._calls.values():
            if call.task is None:
                call.results.close()
            elif not call.task.done():
                running.append(call.task)
            elif not call.task.cancelled():
                call.task.exception()  # nobody may have asked for it
        self._calls.clear()
        return running


def _fields_by_id(field: FieldPlan) -> Iterator[FieldPlan]:
    """Yield those fields of a field's objects that need only their ids."""
    type_ = _object_type(field.completer)
    for below in field.below(type_).fields if type_ else ():
        if isinstance(below.resolver, BatchFieldResolver) and below.resolver.field.by_id:
            yield below


def _object_type(completer: Completer) -> GraphQLObjectType | None:
    """Return the type of a field's objects; None if they may have several types, or are none."""
    while isinstance(completer, ListCompleter):
        completer = completer.items
    if isinstance(completer, ObjectCompleter) and isinstance(completer.type, GraphQLObjectType):
        return completer.type
    return None
