"""One request: scopes expanded level by level, batches awaited together, rows put together."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.values import get_argument_values

from schema.execution.depth_first import with_selection
from schema.execution.errors import FAILED
from schema.execution.plan import FieldPlan, OperationPlan
from schema.execution.scope import Scope

if TYPE_CHECKING:
    from schema.execution.executor import BreadthFirstExecutor

Call = tuple[Awaitable[list[Any]], Scope, int]


class Execution:
    """The state of one request."""

    def __init__(self, executor: "BreadthFirstExecutor", plan: OperationPlan) -> None:
        self.executor = executor
        self.scopes: list[Scope] = []  # each after the scope that its objects come from
        self.expanded = 0
        self.calls: list[Call] = []  # made, not yet awaited
        self.infos: dict[FieldPlan, GraphQLResolveInfo[Any]] = {}
        self.root = Scope(plan.root, [executor.root_value])
        self.scopes.append(self.root)

    def run(self) -> ExecutionResult | Coroutine[Any, Any, ExecutionResult]:
        """Execute; without any async resolver the result is there at once."""
        try:
            self._expand()
        except BaseException:
            self._drop_calls()
            raise
        return self._run_async() if self.calls else self._result()

    def scope(self, field: FieldPlan, type_: GraphQLObjectType, objects: list[Any]) -> Scope:
        """Make the scope of the objects that a field gave. Without objects nothing is resolved."""
        scope = Scope(field.below(type_), objects)
        if objects:
            self.scopes.append(scope)
        return scope

    def wait_for(self, values: Awaitable[list[Any]], scope: Scope, index: int) -> None:
        """Note a call whose values the scope's field of this index waits for."""
        self.calls.append((values, scope, index))

    def info(self, field: FieldPlan) -> GraphQLResolveInfo[Any]:
        """Give what resolvers of a field are told, the same for all objects."""
        info = self.infos.get(field)
        if info is None:
            info = self.executor.build_resolve_info(
                field.definition, field.nodes, field.parent_type, field.path
            )
            info = self.infos[field] = with_selection(info, field.selection)
        return info

    def arguments(self, field: FieldPlan) -> dict[str, Any]:
        """Coerce the arguments of a field; raises GraphQLError."""
        arguments = field.constant_arguments
        if arguments is not None:
            return arguments
        executor = self.executor
        return get_argument_values(
            field.definition,
            field.nodes[0],
            executor.variable_values,
            hide_suggestions=executor.hide_suggestions,
        )

    def _expand(self) -> None:
        """Expand scopes, those added meanwhile too, until all that are left wait for a call."""
        while self.expanded < len(self.scopes):
            scope = self.scopes[self.expanded]
            self.expanded += 1
            scope.expand(self)

    async def _run_async(self) -> ExecutionResult:
        tasks: dict[asyncio.Future[list[Any]], tuple[Scope, int]] = {}
        try:
            while self.calls or tasks:
                if len(self.calls) == 1 and not tasks:  # alone: no task needed
                    values, scope, index = self.calls.pop()
                    await self._receive(values, scope, index)
                else:
                    for values, scope, index in self.calls:
                        tasks[asyncio.ensure_future(values)] = (scope, index)
                    self.calls.clear()
                    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        await self._receive(task, *tasks.pop(task))
                self._expand()
        finally:
            # Only after a cancellation or a defect here is anything left to do.
            self._drop_calls()
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.gather(*tasks, return_exceptions=True)
        return self._result()

    async def _receive(self, values: Awaitable[list[Any]], scope: Scope, index: int) -> None:
        try:
            received = await values
        except Exception as error:
            received = [error] * len(scope.objects)
        completer = scope.plan.fields[index].completer
        scope.columns[index] = completer.open(received, self)

    def _drop_calls(self) -> None:
        for values, _, _ in self.calls:
            if isinstance(values, Coroutine):
                values.close()
        self.calls.clear()

    def _result(self) -> ExecutionResult:
        """Assemble from the leaves up: a scope's objects come from a scope before it."""
        for scope in reversed(self.scopes):
            scope.assemble()
        (data,) = self.root.rows
        problems = self.root.problems.get(0, ())
        errors = [problem.located() for problem in problems]
        # graphql-core's executor and its helpers hold each other. Apart, they and all that was
        # read go at once, rather than when the garbage collector finds them.
        del self.executor.async_helpers
        return ExecutionResult(None if data is FAILED else data, errors or None)
