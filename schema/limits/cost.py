"""What a query could return at most, computed from its text, its variables and the schema.

The price of a selection set is the sum over its response names, so that fragments which ask for
the same field are not charged twice, and the greatest over the object types that its parent can
have. Selection sets are priced once for each type, however often fragments spread them: a chain
of fragments that spread the next one twice costs no more time than its length, and its price is
exponential, as is what it asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    is_abstract_type,
)

from schema.limits.arguments import defaults, is_left_out
from schema.limits.limits import LARGEST
from schema.limits.outline import Outline
from schema.limits.sizes import Sizes

MAX_STEPS: Final = 20_000
"""Selections that pricing looks at, a bound on its time: about 1 us each."""


class TooManySelections(Exception):
    """Pricing gave up: merging the document's fragments takes more than `MAX_STEPS` steps."""


class FragmentCycle(Exception):
    """A fragment spreads itself; there is no price, and validation will say so."""


@dataclass(frozen=True, slots=True)
class DocumentCost:
    """What an operation could return at most. Figures stop growing at `LARGEST`."""

    cost: int = 0
    """Objects in the response's data, its root excluded and connections, edges included."""

    values: int = 0
    """Fields of all objects together."""

    depth: int = 0
    """Levels of fields."""

    paths: int = 0
    """Places in the response that hold objects."""

    introspection: int = 0
    """Objects and values that describe the schema; these count as no other figure."""


class _Scope(NamedTuple):
    """Selection sets that are merged, on objects of one type."""

    type_name: str
    entries: int | None
    """The size that a connection of this type hands to its lists."""
    selection_sets: tuple[int, ...]
    """The `id` of each: nodes are compared by value, which costs as much as their size."""


class _Branch(NamedTuple):
    """A field of a scope that holds objects or a leaf."""

    node: FieldNode
    size: int
    below: tuple[_Scope, ...]
    """The scopes that its objects can have, one for each possible type; none for a leaf."""


class Pricing:
    """One operation's price, with given variables.

    Raises FragmentCycle or TooManySelections.
    """

    def __init__(
        self,
        sizes: Sizes,
        document: Outline,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self._sizes = sizes
        self._schema = sizes.schema
        self._fragments = document.fragments
        self._variables = {**defaults(operation), **variables}
        self.steps = 0
        self._selection_sets: dict[int, SelectionSetNode] = {}
        self._branches: dict[_Scope, list[_Branch]] = {}
        self._prices: dict[_Scope, DocumentCost] = {}
        self._root: _Scope | None = None
        if root := self._schema.get_root_type(operation.operation):
            self._root = self._scope(root, None, [operation.selection_set])
            self._price(self._root)

    @property
    def cost(self) -> DocumentCost:
        """The price."""
        return self._prices[self._root] if self._root else DocumentCost()

    def heaviest(self, figure: str) -> list[FieldNode]:
        """Give the fields that a figure comes from mostly: of the depth, the deepest one.

        Of the others, the lists and connections on the way from the root to most objects.
        """
        of = attrgetter(figure)
        path: list[FieldNode] = []
        deepest: list[FieldNode] = []
        scope = self._root
        while scope:
            weight, heavy, inner = -1, None, None
            for branch in self._branches[scope]:
                for below in branch.below:
                    size = 1 if figure == "depth" else branch.size
                    if size * (1 + of(self._prices[below])) > weight:
                        weight = size * (1 + of(self._prices[below]))
                        heavy, inner = branch, below
            if heavy and inner:
                deepest = [heavy.node]
                if inner.entries is not None or (heavy.size > 1 and scope.entries is None):
                    path.append(heavy.node)
            scope = inner
        return deepest if figure == "depth" or not path else path

    def _price(self, root: _Scope) -> None:
        """Price a scope after those below it, without recursion."""
        pending = [root]
        while pending:
            scope = pending[-1]
            if scope in self._prices:
                pending.pop()
                continue
            if scope not in self._branches:
                self._branches[scope] = self._expand(scope)
                unpriced = [
                    below
                    for branch in self._branches[scope]
                    for below in branch.below
                    if below not in self._prices
                ]
                if any(below in self._branches for below in unpriced):
                    raise FragmentCycle  # expanded and not priced: we are inside of it
                pending += unpriced
                continue
            self._prices[scope] = self._sum(self._branches[scope])
            pending.pop()

    def _sum(self, branches: list[_Branch]) -> DocumentCost:
        """Add up the prices of a scope's fields, for one object of its type."""
        cost = depth = paths = introspection = 0
        values = len(branches)
        for node, size, scopes in branches:
            if not scopes:
                depth = max(depth, 1)
                continue
            prices = [self._prices[scope] for scope in scopes]
            below = DocumentCost(
                max(price.cost for price in prices),
                max(price.values for price in prices),
                max(price.depth for price in prices),
                max(price.paths for price in prices),
            )
            if node.name.value in ("__schema", "__type"):
                introspection += 1 + below.cost + below.values
                depth = max(depth, 1)
                continue
            cost += size * (1 + below.cost)
            values += size * below.values
            depth = max(depth, 1 + below.depth)
            paths += 1 + below.paths
        return DocumentCost(
            min(cost, LARGEST),
            min(values, LARGEST),
            depth,
            min(paths, LARGEST),
            min(introspection, LARGEST),
        )

    def _expand(self, scope: _Scope) -> list[_Branch]:
        """Find the fields of a scope, their sizes and the scopes below them."""
        type_: Any = self._schema.type_map[scope.type_name]
        branches: list[_Branch] = []
        for nodes in self._collect(scope, type_).values():
            node = nodes[0]
            shape = self._sizes.shape(type_, node.name.value)
            below: tuple[_Scope, ...] = ()
            size = 1
            selection_sets = [node.selection_set for node in nodes if node.selection_set]
            if shape and shape.types and selection_sets:
                size, entries = self._sizes.size(shape, node, self._variables, scope.entries)
                below = tuple(
                    self._scope(possible, entries, selection_sets) for possible in shape.types
                )
            branches.append(_Branch(node, size, below))
        return branches

    def _scope(
        self, type_: GraphQLObjectType, entries: int | None, selection_sets: list[SelectionSetNode]
    ) -> _Scope:
        self._selection_sets |= {id(node): node for node in selection_sets}
        return _Scope(type_.name, entries, tuple(dict.fromkeys(map(id, selection_sets))))

    def _collect(self, scope: _Scope, type_: GraphQLObjectType) -> dict[str, list[FieldNode]]:
        """Give the fields of merged selection sets that apply to a type, by response name."""
        fields: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        pending = [self._selection_sets[id_] for id_ in reversed(scope.selection_sets)]
        while pending:
            selections = pending.pop().selections
            self.steps += 1 + len(selections)
            if self.steps > MAX_STEPS:
                raise TooManySelections
            for selection in selections:
                if selection.directives and is_left_out(selection, self._variables):
                    continue
                match selection:
                    case FieldNode():
                        name = (selection.alias or selection.name).value
                        fields.setdefault(name, []).append(selection)
                    case InlineFragmentNode(type_condition=condition):
                        if condition is None or self._applies(condition.name.value, type_):
                            pending.append(selection.selection_set)
                    case FragmentSpreadNode():
                        name = selection.name.value
                        fragment = self._fragments.get(name)
                        if fragment is None or name in spread:
                            continue
                        spread.add(name)
                        if self._applies(fragment.type_condition.name.value, type_):
                            pending.append(fragment.selection_set)
        return fields

    def _applies(self, condition: str, type_: GraphQLObjectType) -> bool:
        if condition == type_.name:
            return True
        abstract = self._schema.type_map.get(condition)
        return (
            abstract is not None
            and is_abstract_type(abstract)
            and self._schema.is_sub_type(abstract, type_)
        )
