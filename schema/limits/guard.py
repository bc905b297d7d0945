"""The guard of a schema: a query is parsed, priced and validated, in this order, or refused."""

from collections.abc import Mapping
from typing import NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_introspection_query,
    parse,
    specified_rules,
)

from schema.limits.cached_queries import CachedQuery, QueryCache
from schema.limits.cost import QueryCost
from schema.limits.limits import Limits
from schema.limits.messages import (
    check_cost,
    check_counts,
    no_such_operation,
    too_many_selections,
)
from schema.limits.outline import read_outline
from schema.limits.parsing import parse_within, validate_within
from schema.limits.pricing import FragmentCycle, Pricing, TooManySelections
from schema.limits.sizes import Sizes


class CheckedQuery(NamedTuple):
    """What the guard found out about a query, which may be executed if there are no errors."""

    node: DocumentNode | None
    """None if the query was refused before its validation."""

    errors: list[GraphQLError]

    operation_name: str | None
    """The name of the operation to execute; None if it has no name, or could not be read."""

    cost: QueryCost | None
    """None if there are errors."""

    limits: Limits
    """The limits that it was checked against."""


class QueryGuard:
    """Checks the queries to one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        *,
        rules: tuple[type, ...] = tuple(specified_rules),
        cache: QueryCache | None = None,
    ) -> None:
        self.limits = limits
        self._schema = schema
        self._rules = rules
        self._cache = QueryCache() if cache is None else cache
        self._sizes = Sizes(schema, limits)
        self._introspection_limit = self._cost_of_standard_introspection()

    def check(
        self, text: str, operation_name: str | None, variables: Mapping[str, object]
    ) -> CheckedQuery:
        """Parse, price and validate a query, up to its first error that is not validation's."""
        cached = self._cache.get(text)
        try:
            query = cached or CachedQuery(text, parse_within(text, self.limits))
            operation = query.outline.operation(operation_name)
            if operation is None:
                raise no_such_operation()
            operation_name = operation.name.value if operation.name else None
            check_counts(query.outline, self.limits)
            cost = query.cost(operation_name, variables)
            if cost is None:
                cost = self._price(query, operation, operation_name, variables)
        except GraphQLError as error:
            return CheckedQuery(None, [error], operation_name, None, self.limits)
        if cached:
            return CheckedQuery(query.node, [], operation_name, cost, self.limits)
        errors = validate_within(self._schema, query.node, self._rules)
        if errors:
            return CheckedQuery(query.node, errors, operation_name, None, self.limits)
        self._cache.put(query)
        return CheckedQuery(query.node, [], operation_name, cost, self.limits)

    def _price(
        self,
        query: CachedQuery,
        operation: OperationDefinitionNode,
        operation_name: str | None,
        variables: Mapping[str, object],
    ) -> QueryCost | None:
        try:
            pricing = Pricing(self._sizes, query.outline, operation, variables)
        except FragmentCycle:
            return None  # validation refuses the query
        except TooManySelections:
            raise too_many_selections() from None
        check_cost(pricing, self.limits, self._introspection_limit)
        query.keep_cost(operation_name, variables, pricing.cost)
        return pricing.cost

    def _cost_of_standard_introspection(self) -> int:
        """Return what the query of the well-known tools costs, with all its options on."""
        node = parse(get_introspection_query(True, True, True, True, True, True))
        outline = read_outline(node)
        return Pricing(self._sizes, outline, outline.operations[0], {}).cost.introspection
