"""Executing a query once more, without the damaged documents that may have made it fail.

So a damaged document costs its own place in a list and not the list, and sound ones cost nothing.
"""

from collections.abc import Awaitable, Callable

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import ErrorCode, is_internal


async def without_damage(
    result: ExecutionResult, again: Callable[[], Awaitable[ExecutionResult]], context: object
) -> ExecutionResult:
    """Return a better result for one with internal errors, if damage is why it has them.

    `again` executes the query once more. Damaged documents are then left out of lists and facets,
    and null elsewhere; the result has an error for each that was found in a list or by its id,
    besides the errors that remain.
    """
    if not isinstance(context, Context) or not _has_failed(result):
        return result
    damage = context.check_documents()
    checked = await again()
    if not damage.ids and _has_failed(checked):
        return result
    checked.errors = [*(checked.errors or ()), *map(_damaged, damage.ids)]
    return checked


def _has_failed(result: ExecutionResult) -> bool:
    return any(map(is_internal, result.errors or ()))


def _damaged(id_: str) -> GraphQLError:
    return GraphQLError(
        f"The document {id_} is damaged and was left out.",
        extensions={"code": str(ErrorCode.INTERNAL_SERVER_ERROR), "documentId": id_},
    )
