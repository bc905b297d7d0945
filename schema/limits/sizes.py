"""How many objects each field of a schema returns, as far as it is known from a query."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_interface_type,
    is_object_type,
)

from schema.limits.arguments import (
    IDS_ARGUMENT,
    PAGE_ARGUMENTS,
    as_list_length,
    as_page_size,
    literal_or_variable,
)
from schema.limits.limits import Limits
from schema.limits.scans import ScanInputs, cost_of_field, metadata_of

_ASSUMED_SIZE = "assumed_size"


def assumed_size(objects: int) -> dict[str, int]:
    """Return the metadata of a list that counts as `objects`, or as fewer if an argument says so.

    It suits a list that comes with its parent, of which `first` returns a part.
    """
    return {_ASSUMED_SIZE: objects}


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What a field returns: objects of which types, in how many dimensions of lists."""

    types: tuple[GraphQLObjectType, ...]
    """The types that its objects can have; empty for a leaf."""

    lists: int
    """0 for a single object, 1 for a list, 2 for a list of lists."""

    sizing: tuple[str, ...]
    """The arguments that say how many objects the field, or its connection, returns."""

    assumed: int | None
    """What its size is assumed to be at most, whatever these arguments say."""

    default: int | None
    """The default of these arguments, if they have one."""

    scan_cost: int
    """What it costs for each parent beside its objects, its arguments aside."""


class Size(NamedTuple):
    """How many objects a field returns, and how many the lists of a connection then have."""

    objects: int
    entries: int | None


class Sizes:
    """Sizes of the fields of one schema.

    A field's size is what `first` or `last` say; for a field with `ids`, their number. Without
    these, it is the argument's default, or `Limits.page_size`. With an `assumed_size` in the
    metadata of the Strawberry field, it is that size, unless an argument says less.
    A field that has `first` or `last` but is not a list is a connection: its size is that of the
    lists directly below it.
    """

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self.schema = schema
        self._limits = limits
        self._shapes: dict[tuple[str, str], FieldShape | None] = {}
        self._introspection = _introspection_sizes(schema)
        self.scan_inputs = ScanInputs(schema)

    def shape(self, parent: GraphQLObjectType, name: str) -> FieldShape | None:
        """Return the shape of a field; None for a field that the schema does not have."""
        key = parent.name, name
        if key not in self._shapes:
            field = self.schema.get_field(parent, name)
            if field is None:
                return None  # not cached: clients can invent any number of names
            self._shapes[key] = self._shape(key, field)
        return self._shapes[key]

    def size(
        self,
        shape: FieldShape,
        node: FieldNode,
        variables: Mapping[str, object],
        entries: int | None,
    ) -> Size:
        """Return the size of a field in a query; `entries` is what its connection passes on."""
        size = self._requested(shape, node, variables)
        if shape.assumed is not None:
            size = shape.assumed if size is None else min(size, shape.assumed)
        if size is None:
            size = shape.default if shape.default is not None else entries
        if size is None:
            size = self._limits.page_size
        return Size(size**shape.lists, None if shape.lists or not shape.sizing else size)

    def scan_cost(
        self,
        parent: GraphQLObjectType,
        shape: FieldShape,
        node: FieldNode,
        variables: Mapping[str, object],
    ) -> int:
        """Return what a field costs for each parent beside its objects."""
        definition = parent.fields.get(node.name.value)  # None for `__typename`
        if definition is None or not node.arguments:
            return shape.scan_cost
        return shape.scan_cost + self.scan_inputs.cost(definition, node, variables)

    def _requested(
        self, shape: FieldShape, node: FieldNode, variables: Mapping[str, object]
    ) -> int | None:
        sizes: list[int] = []
        for argument in node.arguments or ():
            name = argument.name.value
            if name not in shape.sizing:
                continue
            value = literal_or_variable(argument.value, variables)
            if name == IDS_ARGUMENT:
                return as_list_length(value)
            size = as_page_size(value)
            if size is None:  # null, for which a resolver may have its own default
                size = max(shape.default or 0, self._limits.page_size)
            else:  # a resolver refuses a size out of bounds
                size = min(max(size, 0), self._limits.max_page_size)
            sizes.append(size)
        return max(sizes, default=None)

    def _shape(self, key: tuple[str, str], field: GraphQLField) -> FieldShape:
        lists = 0
        type_ = field.type
        while isinstance(type_, GraphQLList | GraphQLNonNull):
            lists += isinstance(type_, GraphQLList)
            type_ = type_.of_type
        sizing: tuple[str, ...] = tuple(name for name in PAGE_ARGUMENTS if name in field.args)
        if not sizing and lists and IDS_ARGUMENT in field.args:
            sizing = (IDS_ARGUMENT,)
        assumed = self._introspection.get(key) or _assumed_size(field)
        defaults = [_default_of(field.args[name]) for name in sizing]
        default = next((size for size in reversed(defaults) if size is not None), None)
        types = self._object_types(get_named_type(field.type))
        return FieldShape(types, lists, sizing, assumed, default, cost_of_field(field))

    def _object_types(self, type_: GraphQLNamedType) -> tuple[GraphQLObjectType, ...]:
        if is_object_type(type_):
            return (type_,)
        return tuple(self.schema.get_possible_types(type_)) if is_abstract_type(type_) else ()


def _default_of(argument: GraphQLArgument) -> int | None:
    if argument.default is None:
        return as_page_size(argument.default_value)
    literal = argument.default.literal
    return as_page_size(literal_or_variable(literal, {}) if literal else argument.default.value)


def _assumed_size(field: GraphQLField) -> int | None:
    size = metadata_of(field).get(_ASSUMED_SIZE)
    return size if isinstance(size, int) else None


def _introspection_sizes(schema: GraphQLSchema) -> dict[tuple[str, str], int]:
    """Return the sizes of introspection's lists; the lists of one type count as small."""
    types = [t for t in schema.type_map.values() if is_object_type(t) or is_interface_type(t)]
    introspection = [t for t in types if t.name.startswith("__")]
    sizes = {(t.name, name): 2 for t in introspection for name in t.fields}
    return sizes | {
        ("__Schema", "types"): len(schema.type_map),
        ("__Schema", "directives"): len(schema.directives),
        ("__Type", "fields"): max(len(t.fields) for t in types),
    }
