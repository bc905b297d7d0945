"""The errors of queries that ask for too much: what was asked, what is allowed, what to do."""

from collections.abc import Sequence
from typing import Final

from graphql import FieldNode, GraphQLError

from schema.errors import ErrorCode
from schema.limits.cost import MAX_STEPS, DocumentCost, Pricing
from schema.limits.limits import LARGEST, Limits
from schema.limits.outline import Outline

_REFUSALS: Final = (
    (
        "depth",
        "max_depth",
        "nests fields {} levels deep",
        "Ask for the deepest objects in a query of their own, by their ids.",
    ),
    (
        "cost",
        "max_cost",
        "could return {} objects",
        "Ask for fewer with `first`, or split the query.",
    ),
    (
        "values",
        "max_values",
        "could return {} values",
        "Ask for fewer fields, or for fewer objects with `first`.",
    ),
    (
        "paths",
        "max_paths",
        "asks for objects in {} places",
        "Split the query.",
    ),
)


def too_expensive(
    message: str, requested: int, limit: int, nodes: Sequence[FieldNode] = ()
) -> GraphQLError:
    """Give the error of a query that asks for more than a limit."""
    return GraphQLError(
        message,
        nodes=nodes,
        extensions={
            "code": str(ErrorCode.QUERY_TOO_EXPENSIVE),
            "requested": requested,
            "limit": limit,
        },
    )


def check_document(document: Outline, limits: Limits) -> None:
    """Raise the error of a document that holds too much of something."""
    if document.aliases > limits.max_aliases:
        message = (
            f"This document has {document.aliases:,} aliases; {limits.max_aliases:,} are allowed. "
            "Ask for several objects with `nodes(ids:)` or a filter, or split the query."
        )
        raise too_expensive(message, document.aliases, limits.max_aliases)
    if document.directives > limits.max_directives:
        message = (
            f"This document has {document.directives:,} directives; "
            f"{limits.max_directives:,} are allowed. Split the query."
        )
        raise too_expensive(message, document.directives, limits.max_directives)


def check_cost(pricing: Pricing, limits: Limits, introspection_limit: int) -> DocumentCost:
    """Give a price, or raise the error of one that is beyond the limits."""
    cost = pricing.cost
    for figure, limit_name, what, remedy in _REFUSALS:
        asked, limit = getattr(cost, figure), getattr(limits, limit_name)
        if asked > limit:
            amount = f"{asked:,}" if asked < LARGEST else f"more than {LARGEST:,}"
            message = f"This query {what.format(amount)}; {limit:,} are allowed. {remedy}"
            raise too_expensive(message, asked, limit, pricing.heaviest(figure))
    if cost.introspection > introspection_limit:
        message = (
            f"This query introspects {cost.introspection:,} objects and values; "
            f"{introspection_limit:,}, which the standard introspection query takes, are allowed. "
            "Ask for less of the schema."
        )
        raise too_expensive(message, cost.introspection, introspection_limit)
    return cost


def too_many_selections() -> GraphQLError:
    """Give the error of a document whose fragments take too long to merge."""
    message = (
        f"This query's fragments spread to more than {MAX_STEPS:,} selections. "
        "Use fewer fragments, or split the query."
    )
    return too_expensive(message, MAX_STEPS + 1, MAX_STEPS)
