"""The breaking changes from one schema to the next, and the documents that use what they change.

A document can be valid on both schemas and its client still break: when a field becomes nullable,
or has another type.
"""

import re
from collections.abc import Set
from typing import Final

from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    NamedTypeNode,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    find_breaking_changes,
    get_named_type,
    visit,
)

from api.documents.document import Document
from schema.limits.limits import Limits
from schema.limits.parsing import parse_within

# As graphql-core's descriptions have them: Type.field, Type.field(argument:), Enum.VALUE.
_COORDINATE: Final = re.compile(r"\w+\.\w+(?:\(\w+:\))?")
_WORD: Final = re.compile(r"\w+")


def breaking_changes(
    old: GraphQLSchema, new: GraphQLSchema, documents: list[Document]
) -> list[tuple[str, list[Document]]]:
    """Return each breaking change in words, with the documents that use what it changes.

    The documents are those that are valid on the old schema.
    """
    used = [(document, coordinates_in(document, old)) for document in documents]
    return [
        (change.description, [one for one, names in used if _concerns(change.description, names)])
        for change in find_breaking_changes(old, new)
    ]


def _concerns(description: str, names: Set[str]) -> bool:
    found = _COORDINATE.search(description)
    if found is None:  # a change of a whole type
        return any(word in names for word in _WORD.findall(description))
    coordinate = found[0]
    if description.endswith("was added."):  # a required argument or input field: no one uses it yet
        owner, _, _ = coordinate.partition("(" if "(" in coordinate else ".")
        return owner in names
    return coordinate in names


def coordinates_in(document: Document, schema: GraphQLSchema) -> set[str]:
    """Return the names that a document uses: of types, fields, arguments, and values of enums.

    Of a variable's type, everything counts as used: the document does not say what is sent.
    """
    info = TypeInfo(schema)
    names = _Names(info)
    visit(parse_within(document.text, Limits()), TypeInfoVisitor(info, names))
    for name in names.variable_types:
        _add_input(schema.get_type(name), names.found)
    return names.found


class _Names(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: set[str] = set()
        self.variable_types: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._info.get_parent_type()
        if parent is not None:
            self.found |= {parent.name, f"{parent.name}.{node.name.value}"}

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent is not None and field is not None:
            fields = getattr(parent, "fields", {})
            name = next((name for name, one in fields.items() if one is field), "")
            self.found.add(f"{parent.name}.{name}({node.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        parent = self._info.get_parent_input_type()
        if parent is not None:
            name = get_named_type(parent).name
            self.found |= {name, f"{name}.{node.name.value}"}

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        type_ = self._info.get_input_type()
        if type_ is not None:
            name = get_named_type(type_).name
            self.found |= {name, f"{name}.{node.value}"}

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        self.found.add(node.name.value)
        self.variable_types.add(node.name.value)


def _add_input(type_: GraphQLNamedType | None, found: set[str]) -> None:
    if isinstance(type_, GraphQLInputObjectType):
        for name, field in type_.fields.items():
            coordinate = f"{type_.name}.{name}"
            if coordinate not in found:
                found |= {coordinate, type_.name}
                _add_input(get_named_type(field.type), found)
