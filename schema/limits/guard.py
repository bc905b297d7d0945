"""The guard of a schema: a query is parsed, priced and validated, in this order, or refused."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_introspection_query,
    parse,
    specified_rules,
)

from schema.limits.arguments import ARGUMENT_READERS
from schema.limits.cached_queries import ParsedQuery, QueryCache
from schema.limits.cost import QueryCost
from schema.limits.inputs import most_values_in_variables
from schema.limits.limits import LARGEST, Limits
from schema.limits.messages import no_such_operation, too_expensive, too_many_selections
from schema.limits.outline import Outline, read_outline
from schema.limits.parsing import parse_within, validate_within
from schema.limits.pricing import FragmentCycle, Pricing, TooManySelections
from schema.limits.sizes import Sizes

_FIGURES: Final = (
    (
        "depth",
        "max_depth",
        "nests fields {} levels deep",
        "Request the deepest objects in a separate query, by their ids.",
    ),
    (
        "objects",
        "max_cost",
        "could return {} objects",
        "Request fewer with `first`, or split the query.",
    ),
    (
        "total",
        "max_cost",
        "costs as much as {} objects, with its counts, facets and searches",
        "Request fewer of these at once.",
    ),
    (
        "values",
        "max_values",
        "could return {} values",
        "Request fewer fields, or fewer objects with `first`.",
    ),
    (
        "paths",
        "max_paths",
        "has objects in {} positions of the response",
        "Split the query.",
    ),
)
"""A figure of the cost, its limit, the sentence about it, and the remedy."""


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
        self._readers = {**ARGUMENT_READERS, **self._sizes.scan_inputs.readers}
        self._introspection_limit = self._cost_of_standard_introspection()

    def check(
        self, text: str, operation_name: str | None, variables: Mapping[str, object]
    ) -> CheckedQuery:
        """Parse, price and validate a query, up to its first error that is not validation's."""
        cached = self._cache.get(text)
        try:
            query = cached or ParsedQuery(text, parse_within(text, self.limits), self._readers)
            operation = query.outline.operation(operation_name)
            if operation is None:
                raise no_such_operation(query.outline)
            operation_name = operation.name.value if operation.name else None
            if not cached:
                _check_counts(query.outline, self.limits)
                _check_values("An argument", query.outline.input_values, self.limits)
            _check_values("A variable", most_values_in_variables(variables), self.limits)
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
        query: ParsedQuery,
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
        _check_cost(pricing, self.limits, self._introspection_limit)
        query.keep_cost(operation_name, variables, pricing.cost)
        return pricing.cost

    def _cost_of_standard_introspection(self) -> int:
        """Return what the query of the well-known tools costs, with all its options on.

        They ask for types that are nested nine times (`type_depth`); what goes beyond is room for
        what tools add to it.
        """
        query = get_introspection_query(
            descriptions=True,
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
            experimental_directive_deprecation=True,
            one_of=True,
            type_depth=12,
        )
        node = parse(query)
        outline = read_outline(node)
        return Pricing(self._sizes, outline, outline.operations[0], {}).cost.introspection


def _check_counts(outline: Outline, limits: Limits) -> None:
    """Raise the error of a query with too many aliases or directives."""
    if outline.aliases > limits.max_aliases:
        message = (
            f"This query has {outline.aliases:,} aliases; {limits.max_aliases:,} are allowed. "
            "Request several objects in one field, by their ids or a filter, or split the query."
        )
        raise too_expensive(message, outline.aliases, limits.max_aliases)
    if outline.directives > limits.max_directives:
        message = (
            f"This query has {outline.directives:,} directives; "
            f"{limits.max_directives:,} are allowed. Split the query."
        )
        raise too_expensive(message, outline.directives, limits.max_directives)


def _check_values(place: str, values: int, limits: Limits) -> None:
    """Raise the error of an argument or a variable with too many values."""
    if values > limits.max_input_values:
        message = (
            f"{place} of this query has {values:,} values; {limits.max_input_values:,} are "
            "allowed. Split the query."
        )
        raise too_expensive(message, values, limits.max_input_values)


def _check_cost(pricing: Pricing, limits: Limits, introspection_limit: int) -> None:
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
            "Request less of the schema."
        )
        raise too_expensive(message, cost.introspection, introspection_limit)
