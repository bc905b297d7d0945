"""The errors of queries that are refused: what they ask for, what is allowed, what to do."""

from collections.abc import Sequence
from typing import Final

from graphql import FieldNode, GraphQLError

from schema.limits.codes import BAD_USER_INPUT, QUERY_TOO_EXPENSIVE
from schema.limits.outline import Outline
from schema.limits.pricing import MAX_STEPS

MAX_MESSAGE: Final = 500
"""Characters of an error's message: it quotes wrong names and values, which have any length."""


def shortened(message: str) -> str:
    """Return a message, cut off if it quotes too much of a query."""
    return message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + "…"


def too_expensive(
    message: str, requested: int, limit: int, nodes: Sequence[FieldNode] = ()
) -> GraphQLError:
    """Return the error of a query that exceeds a limit."""
    return GraphQLError(
        message,
        nodes=nodes,
        extensions={"code": QUERY_TOO_EXPENSIVE, "requested": requested, "limit": limit},
    )


def too_many_selections() -> GraphQLError:
    """Return the error of a query whose fragments take too long to merge."""
    message = (
        f"This query's fragments spread to more than {MAX_STEPS:,} selections. "
        "Use fewer fragments, or split the query."
    )
    return too_expensive(message, MAX_STEPS + 1, MAX_STEPS)


def no_such_operation(outline: Outline) -> GraphQLError:
    """Return the error of a query without the operation that its request names, or should name."""
    message = (
        "operationName must name one of the query's operations."
        if outline.operations
        else "The query has no operation."
    )
    return GraphQLError(message, extensions={"code": BAD_USER_INPUT})
