"""One request: scopes expanded level by level, batches awaited together, rows put together."""

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, NamedTuple

from graphql import ExecutionResult, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.values import get_argument_values
from graphql.pyutils import AwaitableOrValue

from schema.execution.batched import check_results
from schema.execution.budget import OverBudget
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.early import EarlyCalls
from schema.execution.errors import FAILED
from schema.execution.plan import FieldPlan, ObjectPlan, Values
from schema.execution.scope import Scope
from schema.execution.selection import with_selection


class Call(NamedTuple):
    """A call whose values one of a scope's fields waits for."""

    values: Coroutine[Any, Any, Sequence[object]]
    scope: Scope
    field_index: int


class QueryRun:
    """The state of one request."""

    def __init__(self, executor: DepthFirstExecutor, plan: ObjectPlan) -> None:
        self.executor = executor
        self.budget = executor.budget
        self.root = Scope(plan, [executor.root_value])
        self.scopes = [self.root]  # each after the scope that its objects come from
        self.expanded = 0
        self.calls: list[Call] = []  # not yet awaited
        self.early = EarlyCalls()
        self.infos: dict[FieldPlan, GraphQLResolveInfo[object]] = {}

    def execute(self) -> AwaitableOrValue[ExecutionResult]:
        """Execute the plan. Without async resolvers the result is not awaitable.

        A request that exceeds its budget has no data, and one error.
        """
        try:
            self._expand()
        except OverBudget as error:
            self._drop_calls()
            return error.result()
        except BaseException:
            self._drop_calls()
            raise
        return self._execute_async() if self.calls else self._result()

    def scope(self, field: FieldPlan, type_: GraphQLObjectType, objects: list[object]) -> Scope:
        """Add the scope of the objects that a field returned. Without any it is not expanded."""
        scope = Scope(field.below(type_), objects)
        if objects:
            if not type_.name.startswith("__"):  # what describes the schema has a price of its own
                self.budget.add_objects(len(objects), scope.plan.row_bytes)
            self.scopes.append(scope)
        return scope

    def info(self, field: FieldPlan) -> GraphQLResolveInfo[object]:
        """Return the info for resolvers of a field, the same for all objects."""
        info = self.infos.get(field)
        if info is None:
            info = self.executor.build_resolve_info(
                field.definition, field.nodes, field.parent_type, field.path
            )
            info = self.infos[field] = with_selection(info, field.selection)
        return info

    def arguments(self, field: FieldPlan) -> dict[str, object]:
        """Coerce the arguments of a field. Raises GraphQLError."""
        if field.constant_arguments is not None:
            return field.constant_arguments
        executor = self.executor
        return get_argument_values(
            field.definition,
            field.nodes[0],
            executor.variable_values,
            hide_suggestions=executor.hide_suggestions,
        )

    def _expand(self) -> None:
        """Resolve the fields of all scopes, those added meanwhile too, that wait for no call."""
        while self.expanded < len(self.scopes):
            scope = self.scopes[self.expanded]
            self.expanded += 1
            for index, field in enumerate(scope.plan.fields):
                try:
                    values: Values | None = self.early.results_of(field, scope.objects)
                    if values is None:
                        values = field.resolver.resolve(scope.objects, field, self)
                    if isinstance(values, list):
                        scope.columns[index] = field.completer.start(values, field, self)
                    else:
                        self.calls.append(Call(values, scope, index))
                        self.early.add_below(field, scope.objects, self)
                except OverBudget as error:
                    raise error.at(field.path.as_list(), field.nodes) from None

    async def _execute_async(self) -> ExecutionResult:
        tasks: dict[asyncio.Task[Sequence[object]], Call] = {}
        try:
            while self.calls or tasks:
                if len(self.calls) == 1 and not tasks:  # alone: no task needed
                    self.early.start()
                    call = self.calls.pop()
                    await self._receive(call, call.values)
                else:
                    tasks |= {asyncio.create_task(call.values): call for call in self.calls}
                    self.calls.clear()
                    self.early.start()
                    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        await self._receive(tasks.pop(task), task)
                self._expand()
        except OverBudget as error:
            return error.result()
        finally:
            # Only a refusal, a cancellation or a defect of the executor leaves anything to do.
            running = [*tasks, *self._drop_calls()]
            for task in running:
                task.cancel()
            if running:
                await asyncio.gather(*running, return_exceptions=True)
        return self._result()

    async def _receive(self, call: Call, result: Awaitable[Sequence[object]]) -> None:
        scope = call.scope
        field = scope.plan.fields[call.field_index]
        try:
            try:
                values = list(check_results(await result, scope.objects, field.name))
            except OverBudget:
                raise
            except Exception as error:
                values = [error] * len(scope.objects)
            scope.columns[call.field_index] = field.completer.start(values, field, self)
        except OverBudget as error:
            raise error.at(field.path.as_list(), field.nodes) from None

    def _drop_calls(self) -> list[asyncio.Task[Sequence[object]]]:
        """Drop the calls that are not awaited, and return the early ones that are running."""
        for call in self.calls:
            call.values.close()
        self.calls.clear()
        return self.early.end()

    def _result(self) -> ExecutionResult:
        """Assemble from the leaves up: a scope's objects come from a scope before it."""
        for scope in reversed(self.scopes):
            scope.assemble()
        (data,) = self.root.rows
        errors = [error.located() for error in self.root.errors.get(0, ())]
        # graphql-core's executor and its helpers refer to each other. Without that cycle, they and
        # all that was read are freed at once, and not when the garbage collector finds them.
        del self.executor.async_helpers
        return ExecutionResult(None if data is FAILED else data, errors or None)
