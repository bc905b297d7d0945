"""Executing a query once more, without the damaged items that may have made it fail.

So a damaged item costs its own place in a list and not the list, and sound items cost nothing.
"""

from collections.abc import Awaitable, Callable

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import ErrorCode, is_internal


async def without_damage(
    result: ExecutionResult, again: Callable[[], Awaitable[ExecutionResult]], context: object
) -> ExecutionResult:
    """Return a better result for one with internal errors, if damaged items are why it has them.

    `again` executes the query once more. Damaged items are then left out of lists and null
    elsewhere; the result has an error for each, besides the errors that remain.
    """
    if not isinstance(context, Context) or not any(map(is_internal, result.errors or ())):
        return result
    damage = context.check_items()
    checked = await again()
    if not damage.ids:
        return result
    checked.errors = [*(checked.errors or ()), *map(_damaged, damage.ids)]
    return checked


def _damaged(id_: str) -> GraphQLError:
    return GraphQLError(
        f"The document {id_} is damaged and was left out.",
        extensions={"code": str(ErrorCode.INTERNAL_SERVER_ERROR), "documentId": id_},
    )
