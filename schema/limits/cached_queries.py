"""Parsed queries that were found to be valid, cached by their text, and their costs."""

from collections.abc import Mapping
from typing import Final

from cachetools import LRUCache
from graphql import DocumentNode

from schema.limits.arguments import ARGUMENT_READERS, ArgumentReader
from schema.limits.cost import QueryCost
from schema.limits.outline import read_outline

MAX_COSTS: Final = 64
"""Costs kept for one query: it has one for each combination of the sizes in its variables."""


class ParsedQuery:
    """A parsed query, and what its operations cost with the variables seen so far."""

    __slots__ = ("_costs", "node", "outline", "text")

    def __init__(
        self,
        text: str,
        node: DocumentNode,
        readers: Mapping[str, ArgumentReader] = ARGUMENT_READERS,
    ) -> None:
        self.text = text
        self.node = node
        self.outline = read_outline(node, readers)
        self._costs: dict[object, QueryCost] = {}

    def cost(self, operation_name: str | None, variables: Mapping[str, object]) -> QueryCost | None:
        """Return the cost of an operation if it is known for such variables."""
        return self._costs.get(self._key(operation_name, variables))

    def keep_cost(
        self, operation_name: str | None, variables: Mapping[str, object], cost: QueryCost
    ) -> None:
        """Remember the cost of an operation with such variables."""
        if len(self._costs) >= MAX_COSTS:
            self._costs.clear()  # rare, and soon refilled: no need for an order of use
        self._costs[self._key(operation_name, variables)] = cost

    def _key(self, operation_name: str | None, variables: Mapping[str, object]) -> object:
        # A variable that was not sent can have a default, so it differs from null.
        return operation_name, tuple(
            [
                read(variables[variable]) if variable in variables else "absent"
                for variable, read in self.outline.priced_variables
            ]
        )


class QueryCache:
    """The valid queries used last, bounded in number and in the total length of their texts.

    A syntax tree takes 50 to 120 times the bytes of its text. Refused queries are not kept, so
    they cannot evict valid ones; each is parsed again, within the limits.
    """

    def __init__(self, max_queries: int = 500, max_length: int = 250_000) -> None:
        # A short text counts as its share of the whole, so that one bound implies the other.
        share = max_length // max_queries
        self._queries: LRUCache[str, ParsedQuery] = LRUCache(
            max_length, lambda query: max(len(query.text), share)
        )

    def __len__(self) -> int:
        return len(self._queries)

    def get(self, text: str) -> ParsedQuery | None:
        """Return a cached query: the same object, with the same syntax tree, each time."""
        try:
            return self._queries[text]
        except KeyError:
            return None

    def put(self, query: ParsedQuery) -> None:
        """Cache a query, and evict those used longest ago. One longer than the cache is ignored."""
        if self._queries.getsizeof(query) <= self._queries.maxsize:
            self._queries[query.text] = query
