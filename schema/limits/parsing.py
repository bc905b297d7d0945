"""Parsing and validating untrusted queries, in bounded time and without recursion.

graphql-core's parser counts nesting as it descends and stops at 200 levels of selections, values
or list types, and its validation stops where fragments nest deeper than that; if the caller's own
stack leaves less room, both turn the RecursionError into the same clean error. Tokens and comments
are counted while they are read. What remains to be bounded here is the time spent on comparing
repeated fields with each other.
"""

from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError

from schema.limits.codes import (
    GRAPHQL_PARSE_FAILED,
    GRAPHQL_VALIDATION_FAILED,
    QUERY_TOO_EXPENSIVE,
)
from schema.limits.limits import Limits
from schema.limits.messages import shortened, too_expensive

MAX_COMPARISONS: Final = 50_000
"""graphql-core's unit of work when it compares repeated fields: 1 to 2 us each.

Fifty fragments that select the same three objects use it up. The library's own default is ten
times as much: about a second in which an event loop serves nobody.
"""

MAX_ERRORS: Final = 10
"""Errors that are reported of a query or of its variables: each can quote all of a wrong value."""


def parse_within(text: str, limits: Limits) -> DocumentNode:
    """Parse a query. Raises GraphQLError if it is too long or not GraphQL."""
    if len(text) > limits.max_length:
        message = (
            f"This query has {len(text):,} characters; {limits.max_length:,} are allowed. "
            "Split the query, and send values as variables."
        )
        raise too_expensive(message, len(text), limits.max_length)
    try:
        return parse(text, max_lexical_tokens=limits.max_tokens, max_comments=limits.max_tokens)
    except GraphQLError as error:
        raise _coded(error, GRAPHQL_PARSE_FAILED) from None


def validate_within(
    schema: GraphQLSchema, node: DocumentNode, rules: tuple[type, ...] = tuple(specified_rules)
) -> list[GraphQLError]:
    """Validate a query, and return its errors with their codes.

    Where introspection is off, no error suggests a name of the schema.
    """
    # The documented way to set it: the library reads this attribute at each validation.
    overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MAX_COMPARISONS
    hidden = NoSchemaIntrospectionCustomRule in rules
    errors = validate(schema, node, rules, max_errors=MAX_ERRORS, hide_suggestions=hidden)
    return [
        _validation_stopped()
        if isinstance(error, ValidationAbortedError)
        else _coded(error, GRAPHQL_VALIDATION_FAILED)
        for error in errors
    ]


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    """Set an error's code, and cut off a message that quotes too much of the query."""
    error.message = shortened(error.message)
    if isinstance(error.original_error, ValueError):  # such as a number of 5,000 digits
        error.original_error = None  # not an internal error, as it would be during execution
    error.extensions = {**(error.extensions or {}), "code": code}
    return error


def _validation_stopped() -> GraphQLError:
    message = (
        "Validation stopped early: this query has too many errors, or repeats the same fields "
        "too often. Fix the errors before this one, or repeat less."
    )
    return GraphQLError(message, extensions={"code": QUERY_TOO_EXPENSIVE})
