"""The plans kept for later requests, bounded by what they weigh.

A plan grows when execution first reaches a path, after it was put here, so whoever adds fields to a
plan reports it.
"""

from typing import Final, Generic, Protocol, Self, TypeVar

from cachetools import LRUCache
from graphql import GraphQLSchema, OperationDefinitionNode

MAX_FIELDS: Final = 20_000
"""Fields in all plans that a schema keeps: about 2 KB each."""

MAX_OPERATION_FIELDS: Final = 4_000
"""Fields in the plans of an operation that is kept. A larger one is planned for each request."""

MAX_BRANCHES: Final = 4
"""Plans of one operation: 2 to the number of variables in @skip and @include would be too many."""

_CHARACTERS: Final = 25
"""Characters of a query whose syntax tree, which its plans keep alive, takes as much as a field."""

_KEY: Final = "breadth-first plans"  # in the schema's extensions

Branches = tuple[tuple[str, object], ...]


class Plan(Protocol):
    """The plan of an operation, for one combination of the variables in @skip and @include."""

    @property
    def fields(self) -> int:
        """How many fields it has so far."""


P = TypeVar("P", bound=Plan)


class PlannedOperation(Generic[P]):
    """An operation's plans, one for each combination of the variables in @skip and @include."""

    def __init__(
        self, operation: OperationDefinitionNode, branch_variables: tuple[str, ...]
    ) -> None:
        # Plans are found by the operation's id, which it must keep as long as they exist.
        self.operation = operation
        self.branch_variables = branch_variables
        self.plans: LRUCache[Branches, P] = LRUCache(MAX_BRANCHES)
        self._syntax = len(operation.loc.source.body) // _CHARACTERS if operation.loc else 0

    @property
    def weight(self) -> int:
        """What it takes in memory, in fields."""
        return 1 + self._syntax + sum([plan.fields for plan in self.plans.values()])


class KeptPlans(Generic[P]):
    """The planned operations that were used last.

    Operations are told apart by identity: a parsed query that is used again has its plans ready,
    while an equal one that was parsed separately is planned separately.
    """

    def __init__(self) -> None:
        self._operations: LRUCache[int, PlannedOperation[P]] = LRUCache(
            MAX_FIELDS, lambda planned: planned.weight
        )

    @classmethod
    def of(cls, schema: GraphQLSchema) -> Self:
        """Return the plans of a schema. It keeps them, so that they are freed with it."""
        kept: Self | None = schema.extensions.get(_KEY)
        if kept is None:
            kept = schema.extensions[_KEY] = cls()
        return kept

    @property
    def weight(self) -> float:
        """What all of them take in memory, in fields."""
        return self._operations.currsize

    def __len__(self) -> int:
        return len(self._operations)

    def get(self, operation: OperationDefinitionNode) -> PlannedOperation[P] | None:
        """Return the plans of an operation, if they are kept."""
        try:
            return self._operations[id(operation)]
        except KeyError:
            return None

    def put(self, planned: PlannedOperation[P]) -> None:
        """Keep an operation's plans and evict those used longest ago, unless they are too large."""
        key = id(planned.operation)
        if planned.weight <= MAX_OPERATION_FIELDS:
            self._operations[key] = planned
        else:
            self._operations.pop(key, None)

    def update(self, operation: OperationDefinitionNode) -> None:
        """Weigh the plans of an operation again after they grew, if they are still kept."""
        planned = self.get(operation)
        if planned is not None:
            self.put(planned)
