"""Computes a query's cost from its text, its variables and the schema.

The cost of a selection set is the sum over its response names, so that fragments which select
the same field are not charged twice, and the greatest over the object types that its parent can
have. Selections are priced once for each type, however often fragments spread them: a chain of
fragments that each spread the next one twice takes time linear in its length, although its cost
is exponential, as is what it asks for.
"""

from collections.abc import Iterator, Mapping
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    is_abstract_type,
)

from schema.limits.arguments import is_excluded, variable_defaults
from schema.limits.cost import QueryCost
from schema.limits.limits import LARGEST
from schema.limits.outline import Outline
from schema.limits.sizes import Sizes

MAX_STEPS: Final = 20_000
"""Selections that pricing looks at, a bound on its time: about 1 us each."""


class TooManySelections(Exception):
    """Merging the query's fragments takes more than `MAX_STEPS` steps."""


class FragmentCycle(Exception):
    """A fragment spreads itself, so there is no cost; validation reports it."""


class _Selections(NamedTuple):
    """Selection sets that are merged, on objects of one type."""

    type: GraphQLObjectType
    entries: int | None
    """The size that a connection of this type passes on to its lists."""
    selection_sets: tuple[int, ...]
    """The `id` of each: nodes are compared by value, which costs as much as their size."""


class _PricedField(NamedTuple):
    """A field of merged selections, with the number of objects it returns."""

    node: FieldNode
    size: int
    scan_cost: int
    """What it costs beside its objects."""
    below: tuple[_Selections, ...]
    """What is selected below it, for each type that its objects can have; empty for a leaf."""


class Pricing:
    """The cost of one operation with given variables.

    Raises FragmentCycle or TooManySelections.
    """

    def __init__(
        self,
        sizes: Sizes,
        outline: Outline,
        operation: OperationDefinitionNode,
        variables: Mapping[str, object],
    ) -> None:
        self._sizes = sizes
        self._schema = sizes.schema
        self._fragments = outline.fragments
        self._variables = {**variable_defaults(operation), **variables}
        self.steps = 0
        self._selection_sets: dict[int, SelectionSetNode] = {}
        self._fields: dict[_Selections, list[_PricedField]] = {}
        self._costs: dict[_Selections, QueryCost] = {}
        self._root: _Selections | None = None
        if root := self._schema.get_root_type(operation.operation):
            self._root = self._selections(root, None, [operation.selection_set])
            self._price(self._root)

    @property
    def cost(self) -> QueryCost:
        """The cost of the whole operation."""
        return self._costs[self._root] if self._root else QueryCost()

    def heaviest(self, figure: str) -> list[FieldNode]:
        """Return the fields that contribute most to a figure of the cost.

        For the depth, the deepest field; for the others, the lists and connections on the path
        from the root to most objects.
        """
        path: list[FieldNode] = []
        deepest: list[FieldNode] = []
        selections = self._root
        while selections:
            parts = self._parts(selections, figure)
            heavy, inner, _ = max(parts, key=itemgetter(2), default=(None, None, 0))
            if heavy:
                deepest = [heavy.node]
                is_list = heavy.size > 1 and selections.entries is None
                if heavy.scan_cost or is_list or (inner and inner.entries is not None):
                    path.append(heavy.node)
            selections = inner
        return deepest if figure == "depth" or not path else path

    def _parts(
        self, selections: _Selections, figure: str
    ) -> Iterator[tuple[_PricedField, _Selections | None, int]]:
        """Yield what contributes to a figure: a field, what is below it, and how much that is."""
        of = attrgetter(figure)
        for field in self._fields[selections]:
            own = field.scan_cost if figure == "total" else 0
            size = 1 if figure == "depth" else field.size
            if own and not field.below:
                yield field, None, own
            for below in field.below:
                yield field, below, own + size * (1 + of(self._costs[below]))

    def _price(self, root: _Selections) -> None:
        """Price selections after those below them, without recursion."""
        pending = [root]
        while pending:
            selections = pending[-1]
            if selections in self._costs:
                pending.pop()
                continue
            if selections not in self._fields:
                fields = self._fields[selections] = self._expand(selections)
                unpriced = [
                    below for field in fields for below in field.below if below not in self._costs
                ]
                if any(below in self._fields for below in unpriced):
                    raise FragmentCycle  # expanded but not priced: we are inside it
                pending += unpriced
                continue
            self._costs[selections] = self._sum(self._fields[selections])
            pending.pop()

    def _sum(self, fields: list[_PricedField]) -> QueryCost:
        """Add up the costs of fields, for one object."""
        objects = depth = paths = introspection = scans = 0
        values = len(fields)
        for node, size, scan_cost, possible in fields:
            scans += scan_cost
            if not possible:
                depth = max(depth, 1)
                continue
            costs = [self._costs[selections] for selections in possible]
            below = QueryCost(
                max(cost.objects for cost in costs),
                max(cost.values for cost in costs),
                max(cost.depth for cost in costs),
                max(cost.paths for cost in costs),
                scans=max(cost.scans for cost in costs),
            )
            if node.name.value in ("__schema", "__type"):
                introspection += 1 + below.objects + below.values
                depth = max(depth, 1)
                continue
            objects += size * (1 + below.objects)
            values += size * below.values
            scans += size * below.scans
            depth = max(depth, 1 + below.depth)
            paths += 1 + below.paths
        return QueryCost(
            min(objects, LARGEST),
            min(values, LARGEST),
            depth,
            min(paths, LARGEST),
            min(introspection, LARGEST),
            min(scans, LARGEST),
        )

    def _expand(self, selections: _Selections) -> list[_PricedField]:
        """Return the fields of merged selections, their sizes and what is selected below them."""
        fields: list[_PricedField] = []
        for nodes in self._collect(selections).values():
            node = nodes[0]
            shape = self._sizes.shape(selections.type, node.name.value)
            below: tuple[_Selections, ...] = ()
            size = 1
            scan_cost = 0
            if shape:
                scan_cost = self._sizes.scan_cost(selections.type, shape, node, self._variables)
            selection_sets = [node.selection_set for node in nodes if node.selection_set]
            if shape and shape.types and selection_sets:
                size, entries = self._sizes.size(shape, node, self._variables, selections.entries)
                below = tuple(
                    self._selections(possible, entries, selection_sets) for possible in shape.types
                )
            fields.append(_PricedField(node, size, scan_cost, below))
        return fields

    def _selections(
        self, type_: GraphQLObjectType, entries: int | None, selection_sets: list[SelectionSetNode]
    ) -> _Selections:
        self._selection_sets |= {id(node): node for node in selection_sets}
        return _Selections(type_, entries, tuple(dict.fromkeys(map(id, selection_sets))))

    def _collect(self, selections: _Selections) -> dict[str, list[FieldNode]]:
        """Return the fields that apply to the selections' type, by response name."""
        type_ = selections.type
        fields: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        pending = [self._selection_sets[id_] for id_ in reversed(selections.selection_sets)]
        while pending:
            nodes = pending.pop().selections
            self.steps += 1 + len(nodes)
            if self.steps > MAX_STEPS:
                raise TooManySelections
            for node in nodes:
                if node.directives and is_excluded(node, self._variables):
                    continue
                match node:
                    case FieldNode():
                        name = (node.alias or node.name).value
                        fields.setdefault(name, []).append(node)
                    case InlineFragmentNode(type_condition=condition):
                        if condition is None or self._applies(condition.name.value, type_):
                            pending.append(node.selection_set)
                    case FragmentSpreadNode():
                        name = node.name.value
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
