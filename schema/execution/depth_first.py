"""graphql-core's executor, with a place for the batches of one request."""

from typing import Any, cast

from graphql import GraphQLResolveInfo
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.dataloader import DataLoader
from strawberry.schema.schema import (
    StrawberryGraphQLCoreExecutionContext,
    _OperationContextAwareGraphQLResolveInfo,
)

from schema.execution.selection import Selection

# A place in the response: its keys without list indices, each with its parent's type.
Place = tuple[tuple[str, str | None], ...]


class RequestHelpers(GraphQLResolveInfoHelpers):
    """What resolvers find in their info as `async_helpers`: one instance for each request."""

    loaders: dict[Place, DataLoader[Any, Any]]


class DepthFirstExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes object by object, as the specification words it, with batched fields batched.

    Each batched field collects its parents in a DataLoader for its place in the response, so it
    calls its resolver as often as the breadth-first executor does: once for each place.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        helpers = RequestHelpers(*self.async_helpers)
        helpers.loaders = {}
        self.async_helpers = helpers


class PlannedInfo(_OperationContextAwareGraphQLResolveInfo):
    """Strawberry's resolve info, which also knows what is asked below its field."""

    selection: Selection


def with_selection(info: GraphQLResolveInfo[Any], selection: Selection) -> GraphQLResolveInfo[Any]:
    """Give `info` as one that has a look-ahead ready for `selection_of`."""
    planned = PlannedInfo._make(info)
    planned.selection = selection
    return cast("GraphQLResolveInfo[Any]", planned)
