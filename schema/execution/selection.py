"""Look-ahead: the fields selected below a field, so that a resolver fetches no more than those."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    get_directive_values,
)
from graphql.execution.values import VariableValues
from strawberry.types import Info

from schema.execution._compat import StrawberryResolveInfo, raw_info

T = TypeVar("T")


class Selection(Mapping[str, "Selection"]):
    """The fields selected below a field: GraphQL name (never alias) to the selection below it.

    Fragments are followed and all runtime types merged, so this is what any of the objects may
    need; graphql-core's own collection is for one runtime type. `@skip` and `@include` are
    honored. `__typename` is left out, since it is not fetched.
    """

    def __init__(
        self,
        nodes: Iterable[FieldNode],
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self._nodes = nodes
        self._fragments = fragments
        self._variables = variables
        self._derived: dict[Callable[[Selection], object], object] = {}

    def __getitem__(self, name: str) -> "Selection":
        return self._fields[name]

    def __contains__(self, name: object) -> bool:
        return name in self._fields  # Mapping's own would raise and catch a KeyError

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def below(self, *names: str) -> "Selection":
        """Return the selection below a path of fields, empty if the path is not selected."""
        selection = self
        for name in names:
            selection = selection._fields.get(name, _NOTHING)
        return selection

    def derive(self, make: Callable[["Selection"], T]) -> T:
        """Return `make(self)`, made once: with a plan, the selection serves many requests."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return cast("T", self._derived[make])

    def __repr__(self) -> str:
        return f"Selection({', '.join(self)})"

    @cached_property
    def _fields(self) -> dict[str, "Selection"]:
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        pending = [node.selection_set for node in self._nodes if node.selection_set]
        while pending:
            for node in filter(self._includes, pending.pop(0).selections):
                if isinstance(node, FieldNode):
                    if not node.name.value.startswith("__"):
                        found.setdefault(node.name.value, []).append(node)
                elif isinstance(node, InlineFragmentNode):
                    pending.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                    seen.add(node.name.value)
                    pending.append(self._fragments[node.name.value].selection_set)
        return {
            name: Selection(nodes, self._fragments, self._variables)
            for name, nodes in found.items()
        }

    def _includes(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])


_NOTHING = Selection((), {}, VariableValues({}, {}))


class PlannedInfo(StrawberryResolveInfo):
    """Strawberry's resolve info, with the selection of a plan."""

    selection: Selection


def with_selection(
    info: GraphQLResolveInfo[object], selection: Selection
) -> GraphQLResolveInfo[object]:
    """Return the info with a selection for `selection_of`."""
    planned = PlannedInfo._make(info)
    planned.selection = selection
    return cast("GraphQLResolveInfo[object]", planned)


def selection_of(info: Info) -> Selection:
    """Return what the query selects below the field that is being resolved."""
    raw = raw_info(info)
    if isinstance(raw, PlannedInfo):
        return raw.selection
    return Selection(raw.field_nodes, raw.fragments, VariableValues({}, info.variable_values))
