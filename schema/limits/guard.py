"""The way in: a text is parsed, priced and validated, in this order, or refused."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    get_introspection_query,
    parse,
    specified_rules,
)

from schema.limits.cached_queries import CachedQuery, QueryCache
from schema.limits.cost import DocumentCost, FragmentCycle, Pricing, TooManySelections
from schema.limits.limits import Limits
from schema.limits.messages import check_cost, check_document, too_many_selections
from schema.limits.outline import outline
from schema.limits.parsing import parse_within, validate_within
from schema.limits.sizes import Sizes


class CheckedQuery(NamedTuple):
    """A document that may be executed, unless it has errors."""

    node: DocumentNode
    errors: list[GraphQLError]
    cost: DocumentCost | None
    """None when there is no such operation, or the fragments form a cycle."""


class QueryGuard:
    """Admits documents to one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        *,
        rules: tuple[type, ...] = tuple(specified_rules),
        documents: QueryCache | None = None,
    ) -> None:
        self.limits = limits
        self._schema = schema
        self._rules = rules
        self._documents = QueryCache() if documents is None else documents
        self._sizes = Sizes(schema, limits)
        self._introspection_limit = self._price_of_standard_introspection()

    def check(self, text: str, name: str | None, variables: Mapping[str, Any]) -> CheckedQuery:
        """Let a document in. Raises GraphQLError: it cannot be parsed, or asks for too much."""
        document = self._documents.get(text)
        if document is not None:
            cost = document.price(name, variables)
            if cost is None:
                cost = self._price(document, name, variables)
            return CheckedQuery(document.node, [], cost)
        node = parse_within(text, self.limits)
        document = CachedQuery(node, outline(node))
        check_document(document.outline, self.limits)
        cost = self._price(document, name, variables)
        errors = validate_within(self._schema, node, self._rules)
        if not errors:
            self._documents.keep(text, document)
        return CheckedQuery(node, errors, cost)

    def _price(
        self, document: CachedQuery, name: str | None, variables: Mapping[str, Any]
    ) -> DocumentCost | None:
        operation = document.outline.operation(name)
        if operation is None:
            return None
        try:
            pricing = Pricing(self._sizes, document.outline, operation, variables)
        except FragmentCycle:
            return None  # validation refuses the document
        except TooManySelections:
            raise too_many_selections() from None
        cost = check_cost(pricing, self.limits, self._introspection_limit)
        document.keep_price(name, variables, cost)
        return cost

    def _price_of_standard_introspection(self) -> int:
        """Give what the query of the well-known tools costs, with everything it can ask for."""
        node = parse(get_introspection_query(True, True, True, True, True, True))
        document = outline(node)
        return Pricing(self._sizes, document, document.operations[0], {}).cost.introspection
