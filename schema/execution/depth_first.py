"""graphql-core's executor, extended by the batches and the budget of one request."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, Self

from graphql import ExecutionResult, GraphQLLeafType, GraphQLObjectType
from graphql.execution import ExperimentalIncrementalExecutionResults
from graphql.pyutils import AwaitableOrValue, Path
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.dataloader import DataLoader

from schema.execution._compat import CollectedFields, FieldDetails, StrawberryExecutor
from schema.execution.budget import OverBudget, WorkBudget, WorkLimits, row_bytes

# A path in the response without its list indices: the keys, each with its parent's type.
Position = tuple[tuple[str, str | None], ...]
BatchLoader = DataLoader[object, object]
LoadBatch = Callable[[list[object]], Awaitable[Sequence[object]]]
Result = ExecutionResult | ExperimentalIncrementalExecutionResults


class RequestHelpers(GraphQLResolveInfoHelpers):
    """The `async_helpers` of a resolver's info: one instance for each request."""

    loaders: dict[Position, BatchLoader]

    def loader(self, path: Path, load: LoadBatch) -> BatchLoader:
        """Return the loader that collects the parents at a path, whatever their list indices."""
        position = _position(path)
        loader = self.loaders.get(position)
        if loader is None:
            # Parents are dicts, which cannot be the keys of a cache.
            loader = self.loaders[position] = DataLoader(load, cache=False)
        return loader


class DepthFirstExecutor(StrawberryExecutor):
    """Executes object by object, as the specification words it, with batched fields batched.

    A context with a `work` is given the request's budget, which knows what the response has.

    Each batched field collects its parents in a DataLoader for its path in the response, so its
    resolver is called as often as by the breadth-first executor: once for each path.
    """

    work_limits: ClassVar[WorkLimits] = WorkLimits()

    @classmethod
    def within(cls, limits: WorkLimits) -> type[Self]:
        """Return this class with limits on what each request may produce."""
        return type(cls.__name__, (cls,), {"work_limits": limits})

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.budget = WorkBudget(self.work_limits)
        if hasattr(self.context_value, "work"):
            self.context_value.work = self.budget
        helpers = RequestHelpers(*self.async_helpers)
        helpers.loaders = {}
        self.async_helpers = helpers

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[Result]:
        """Execute the operation. One that exceeds its budget has no data and one error."""
        result = super().execute_operation(serially)
        if inspect.isawaitable(result):
            return _awaited(result)
        return _or_refusal(result)

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: list[FieldDetails]
    ) -> CollectedFields:
        """Collect the fields of one more object.

        It is counted here, and not where its fields are executed: an override of that method would
        be another frame on the stack for each level of the query.
        """
        collected = super().collect_subfields(return_type, field_details_list)
        if not return_type.name.startswith("__"):
            self.budget.add_objects(1, row_bytes(collected.grouped_field_set))
        return collected

    def complete_leaf_value(  # type: ignore[override]  # graphql-core calls it on the executor
        self, return_type: GraphQLLeafType, result: Any
    ) -> Any:
        """Complete one more leaf."""
        completed = super().complete_leaf_value(return_type, result)
        self.budget.add_leaves([completed], {type(completed)})
        return completed


async def _awaited(result: Awaitable[Result]) -> Result:
    return _or_refusal(await result)


def _or_refusal(result: Result) -> Result:
    """Return the result, or the error of a field that exceeded the budget in its place."""
    if isinstance(result, ExecutionResult):
        for error in result.errors or ():
            if isinstance(error.original_error, OverBudget):
                return error.original_error.at(error.path or (), error.nodes or ()).result()
    return result


def _position(path: Path | None) -> Position:
    position: list[tuple[str, str | None]] = []
    while path:
        if isinstance(path.key, str):
            position.append((path.key, path.typename))
        path = path.prev
    return tuple(position)
