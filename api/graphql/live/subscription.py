"""A subscription is the query of the same fields, for tools that ask for live data in this way."""

from collections.abc import Iterator
from typing import Final

import strawberry
from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    OperationType,
    TokenKind,
)

from api.graphql.pacing import Pacing
from schema.limits.limits import Limits
from schema.limits.outline import selections_of
from schema.limits.parsing import parse_within, validate_within

_LIMITS: Final = Limits()
_MAX_LENGTH: Final = 250_000
"""Characters of the subscriptions that are remembered."""


class Subscriptions:
    """The subscriptions of one worker that were used last, and what they are as queries."""

    def __init__(self) -> None:
        self._schema: strawberry.Schema | None = None
        self._queries: LRUCache[str, str] = LRUCache(_MAX_LENGTH, len)

    async def as_query(self, text: str, schema: strawberry.Schema, pacing: Pacing) -> str:
        """Return a document with queries in place of its subscriptions, position by position.

        One that is not valid is returned as it is: its execution has errors for that. Raises
        Refusal if there are too many large ones.
        """
        if "subscription" not in text:
            return text
        if schema is not self._schema:
            self._schema = schema
            self._queries.clear()
        known = self._queries.get(text)
        if known is not None:
            return known
        await pacing.turn(text)
        query = _as_query(text, schema._schema)
        if query != text and len(query) <= _MAX_LENGTH:
            self._queries[text] = query
        return query


def _as_query(text: str, schema: GraphQLSchema) -> str:
    if schema.subscription_type is None or schema.query_type is None:
        return text
    try:
        node = parse_within(text, _LIMITS)
    except GraphQLError:
        return text
    places = dict.fromkeys(_keywords(node), "query")
    if not places or validate_within(schema, node):
        return text
    for condition in _conditions(node):
        if condition.loc and condition.name.value == schema.subscription_type.name:
            places[condition.loc.start, condition.loc.end] = schema.query_type.name
    for (start, end), word in places.items():  # of the same length, so that errors name the place
        text = text[:start] + word.ljust(end - start) + text[end:]
    return text


def _keywords(node: DocumentNode) -> Iterator[tuple[int, int]]:
    """Yield where the keyword `subscription` begins and ends, for each operation that has it."""
    for definition in node.definitions:
        if (
            isinstance(definition, OperationDefinitionNode)
            and definition.operation is OperationType.SUBSCRIPTION
            and definition.loc
        ):
            token = definition.loc.start_token
            while token.kind is not TokenKind.NAME and token.next:  # a description, comments
                token = token.next
            yield token.start, token.end


def _conditions(node: DocumentNode) -> Iterator[NamedTypeNode]:
    """Yield the types that fragments are on."""
    for definition in node.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            yield definition.type_condition
        if isinstance(definition, FragmentDefinitionNode | OperationDefinitionNode):
            for selection in selections_of(definition):
                if isinstance(selection, InlineFragmentNode) and selection.type_condition:
                    yield selection.type_condition
