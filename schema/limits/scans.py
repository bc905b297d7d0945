"""What fields and arguments that read whole lists cost: counts, facets, searches.

A page costs its objects, but these read lists of any length for a few values. Their declarations
say how many objects of pages are as much work.
"""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLSchema,
    ObjectValueNode,
    get_named_type,
    is_input_object_type,
    is_object_type,
)

from schema.limits.arguments import ArgumentReader, literal_or_variable

_SCAN_COST: Final = "scan_cost"


def scan_cost(objects: int) -> dict[str, int]:
    """Return the metadata of a field, of a type or an input, that reads whole lists.

    It costs as much as `objects` objects: a field once for each of its parents, an input's field
    once for each time that it is given and not null.
    """
    return {_SCAN_COST: objects}


def metadata_of(definition: GraphQLField | GraphQLInputField) -> Mapping[str, Any]:
    """Return the metadata of the Strawberry field that a definition was made of."""
    strawberry_field = definition.extensions.get("strawberry-definition")
    return getattr(strawberry_field, "metadata", None) or {}


def cost_of_field(definition: GraphQLField) -> int:
    """Return what a field costs for each parent, its arguments aside."""
    return int(metadata_of(definition).get(_SCAN_COST, 0))


class ScanInputs:
    """The arguments of a schema whose input objects have fields with a scan's cost."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._costs: dict[str, Mapping[str, int]] = {}
        for type_ in schema.type_map.values():
            if is_input_object_type(type_):
                costs = {
                    name: int(metadata_of(field)[_SCAN_COST])
                    for name, field in type_.fields.items()
                    if _SCAN_COST in metadata_of(field)
                }
                if costs:
                    self._costs[type_.name] = costs
        self.readers = self._readers(schema)
        """How the arguments, and the fields of literals in them, are read from variables."""

    def cost(
        self, definition: GraphQLField, node: FieldNode, variables: Mapping[str, object]
    ) -> int:
        """Return what the arguments of a field in a query cost for each parent."""
        total = 0
        for argument in node.arguments or () if self._costs else ():
            costs = self._of(definition.args.get(argument.name.value))
            if costs:
                value = literal_or_variable(argument.value, variables)
                if isinstance(value, ObjectValueNode):
                    value = {
                        field.name.value: literal_or_variable(field.value, variables)
                        for field in value.fields
                    }
                total += _sum_of_given(costs, value)
        return total

    def _of(self, argument: GraphQLArgument | None) -> Mapping[str, int] | None:
        return self._costs.get(get_named_type(argument.type).name) if argument else None

    def _readers(self, schema: GraphQLSchema) -> Mapping[str, ArgumentReader]:
        fields = sorted({name for costs in self._costs.values() for name in costs})

        def which_are_given(value: object) -> int:
            if not isinstance(value, Mapping):
                return 0
            return sum(1 << bit for bit, name in enumerate(fields) if _is_given(value.get(name)))

        arguments = {
            name
            for type_ in schema.type_map.values()
            if is_object_type(type_)
            for field in type_.fields.values()
            for name, argument in field.args.items()
            if self._of(argument)
        }
        return dict.fromkeys(arguments, which_are_given) | dict.fromkeys(fields, _is_given)


def _sum_of_given(costs: Mapping[str, int], value: object) -> int:
    if not isinstance(value, Mapping):
        return 0
    return sum(cost for name, cost in costs.items() if _is_given(value.get(name)))


def _is_given(value: object) -> int:
    return value is not None and value != ""
