"""Parsing and validating what anyone may have written, in bounded time and without recursion.

graphql-core's parser counts nesting as it descends and stops at 200 levels of selections, values
or list types, and its validation stops where fragments nest deeper than that; should the caller's
own stack leave less room, both turn the RecursionError into the same clean error. Tokens and
comments are counted while they are read. What is left to bound here is the time that comparing
repeated fields with each other takes.
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

from schema.errors import ErrorCode
from schema.limits.limits import Limits
from schema.limits.messages import too_expensive

MAX_COMPARISONS: Final = 50_000
"""graphql-core's unit of work when it compares repeated fields: 1 to 2 us each.

Fifty fragments that ask for the same three objects spend it. The library's own default is ten
times as much: about a second in which an event loop serves nobody.
"""

MAX_MESSAGE: Final = 500
"""Characters of an error's message: a wrong name or number is quoted, and can be of any length."""

# The library reads this attribute at each validation, and documents it as the way to set it.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MAX_COMPARISONS


def parse_within(text: str, limits: Limits) -> DocumentNode:
    """Parse a document. Raises GraphQLError: it is too long, or no GraphQL."""
    if len(text) > limits.max_length:
        message = (
            f"This document has {len(text):,} characters; {limits.max_length:,} are allowed. "
            "Split the query, and send values as variables."
        )
        raise too_expensive(message, len(text), limits.max_length)
    try:
        return parse(text, max_lexical_tokens=limits.max_tokens, max_comments=limits.max_tokens)
    except GraphQLError as error:
        raise coded(error, ErrorCode.GRAPHQL_PARSE_FAILED) from None


def validate_within(
    schema: GraphQLSchema, document: DocumentNode, rules: tuple[type, ...] = tuple(specified_rules)
) -> list[GraphQLError]:
    """Validate a document, and give its errors their codes.

    Where the schema may not be asked for, no error suggests a name of it.
    """
    hidden = NoSchemaIntrospectionCustomRule in rules
    return [
        _explained(error)
        if isinstance(error, ValidationAbortedError)
        else coded(error, ErrorCode.GRAPHQL_VALIDATION_FAILED)
        for error in validate(schema, document, rules, hide_suggestions=hidden)
    ]


def coded(error: GraphQLError, code: ErrorCode) -> GraphQLError:
    """Give an error its code, and cut off what it quotes of the document at too great a length."""
    if len(error.message) > MAX_MESSAGE:
        error.message = error.message[:MAX_MESSAGE] + "…"
    error.extensions = {**(error.extensions or {}), "code": str(code)}
    return error


def _explained(error: GraphQLError) -> GraphQLError:
    message = (
        "Validation stopped early: this document has too many errors, or repeats the same fields "
        "too often. Mend the errors before this one, or repeat less."
    )
    return GraphQLError(message, extensions={"code": str(ErrorCode.QUERY_TOO_EXPENSIVE)})
