"""The errors of queries that are refused: what they ask for, what is allowed, what to do."""

from collections.abc import Sequence
from typing import Final

from graphql import FieldNode, GraphQLError

from schema.limits.codes import BAD_USER_INPUT, QUERY_TOO_EXPENSIVE
from schema.limits.limits import LARGEST, Limits
from schema.limits.outline import Outline
from schema.limits.pricing import MAX_STEPS, Pricing

_FIGURES: Final = (
    (
        "depth",
        "max_depth",
        "nests fields {} levels deep",
        "Ask for the deepest objects in a query of their own, by their ids.",
    ),
    (
        "objects",
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
        "asks for objects in {} positions of the response",
        "Split the query.",
    ),
)
"""A figure of the cost, its limit, the sentence about it, and the remedy."""


def too_expensive(
    message: str, requested: int, limit: int, nodes: Sequence[FieldNode] = ()
) -> GraphQLError:
    """Return the error of a query that exceeds a limit."""
    return GraphQLError(
        message,
        nodes=nodes,
        extensions={"code": QUERY_TOO_EXPENSIVE, "requested": requested, "limit": limit},
    )


def check_counts(outline: Outline, limits: Limits) -> None:
    """Raise the error of a query with too many aliases or directives."""
    if outline.aliases > limits.max_aliases:
        message = (
            f"This query has {outline.aliases:,} aliases; {limits.max_aliases:,} are allowed. "
            "Ask for several objects in one field, by their ids or a filter, or split the query."
        )
        raise too_expensive(message, outline.aliases, limits.max_aliases)
    if outline.directives > limits.max_directives:
        message = (
            f"This query has {outline.directives:,} directives; "
            f"{limits.max_directives:,} are allowed. Split the query."
        )
        raise too_expensive(message, outline.directives, limits.max_directives)


def check_cost(pricing: Pricing, limits: Limits, introspection_limit: int) -> None:
    """Raise the error of a query whose cost exceeds a limit."""
    cost = pricing.cost
    for figure, limit_name, what, remedy in _FIGURES:
        requested, limit = getattr(cost, figure), getattr(limits, limit_name)
        if requested > limit:
            amount = f"{requested:,}" if requested < LARGEST else f"more than {LARGEST:,}"
            message = f"This query {what.format(amount)}; {limit:,} are allowed. {remedy}"
            raise too_expensive(message, requested, limit, pricing.heaviest(figure))
    if cost.introspection > introspection_limit:
        message = (
            f"This query introspects {cost.introspection:,} objects and values; "
            f"{introspection_limit:,}, which the standard introspection query takes, are allowed. "
            "Ask for less of the schema."
        )
        raise too_expensive(message, cost.introspection, introspection_limit)


def too_many_selections() -> GraphQLError:
    """Return the error of a query whose fragments take too long to merge."""
    message = (
        f"This query's fragments spread to more than {MAX_STEPS:,} selections. "
        "Use fewer fragments, or split the query."
    )
    return too_expensive(message, MAX_STEPS + 1, MAX_STEPS)


def no_such_operation() -> GraphQLError:
    """Return the error of a query without the operation that its request names, or should name."""
    return GraphQLError(
        "operationName must name one of the query's operations.",
        extensions={"code": BAD_USER_INPUT},
    )
