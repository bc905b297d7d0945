"""Look-ahead: what a query asks for below a field, so that a fetch reads no more than that."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from graphql.language import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)
from strawberry.types import Info

T = TypeVar("T")


class Selection(Mapping[str, "Selection"]):
    """The fields asked for below a field: GraphQL name (never alias) to what is asked below it.

    Fragments are followed and all runtime types merged, so this is what any of the objects may
    need. `@skip` and `@include` are honoured. `__typename` is left out, since no store knows it.
    """

    def __init__(
        self,
        nodes: Iterable[FieldNode],
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._nodes = nodes
        self._fragments = fragments
        self._variables = variables
        self._derived: dict[Callable[[Selection], Any], Any] = {}

    def __getitem__(self, name: str) -> "Selection":
        return self._fields[name]

    def __contains__(self, name: object) -> bool:
        return name in self._fields  # Mapping's own raises and catches an error to say no

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def below(self, *names: str) -> "Selection":
        """Give what is asked below a path of fields; nothing, where the path is not asked."""
        selection = self
        for name in names:
            selection = selection.get(name) or Selection((), {}, {})
        return selection

    def derive(self, make: Callable[["Selection"], T]) -> T:
        """Give `make(self)`, made once: with a plan, the selection serves many requests."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
        return found

    def __repr__(self) -> str:
        return f"Selection({', '.join(self)})"

    @cached_property
    def _fields(self) -> dict[str, "Selection"]:
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        open_sets: list[SelectionSetNode] = [
            n.selection_set for n in self._nodes if n.selection_set
        ]
        while open_sets:
            for node in open_sets.pop(0).selections:
                if not self._included(node.directives):
                    continue
                if isinstance(node, FieldNode):
                    if not node.name.value.startswith("__"):
                        found.setdefault(node.name.value, []).append(node)
                elif isinstance(node, FragmentSpreadNode):
                    name = node.name.value
                    if name not in seen:
                        seen.add(name)
                        open_sets.append(self._fragments[name].selection_set)
                else:
                    open_sets.append(node.selection_set)  # type: ignore[attr-defined]
        return {
            name: Selection(nodes, self._fragments, self._variables)
            for name, nodes in found.items()
        }

    def _included(self, directives: Iterable[DirectiveNode] | None) -> bool:
        for directive in directives or ():
            name = directive.name.value
            if name in ("skip", "include"):
                (condition,) = directive.arguments or ()
                if self._value(condition.value) == (name == "skip"):
                    return False
        return True

    def _value(self, condition: ValueNode) -> bool:
        if isinstance(condition, VariableNode):
            return bool(self._variables.get(condition.name.value))
        return isinstance(condition, BooleanValueNode) and condition.value


def selection_of(info: Info) -> Selection:
    """Give what the query asks for below the field that is being resolved."""
    raw = info._raw_info
    planned: Selection | None = getattr(raw, "selection", None)
    if planned is not None:
        return planned
    return Selection(raw.field_nodes, raw.fragments, info.variable_values)
