"""Makes GraphQL fields and types of the fields that a site declares.

Strawberry makes its types of Python classes, so these are made at run time, one set for a schema.
Names of attributes are numbered: a field may be named like a keyword of Python.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from types import GenericAlias
from typing import Any, Final

import strawberry
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

from schema.author import Author
from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.facet_types import FACET_TYPES
from schema.facets import most_frequent
from schema.filters import argument
from schema.item import Item
from schema.item_projection import item_projection
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.provider import Provider
from schema.scalars import JSON, URL
from schema.scan_costs import FACET
from schema.site import is_hidden, stored_values
from schema.topic import Topic
from store.audience import Audience
from store.documents import Document
from store.site_fields import SiteField, SiteFields, object_type_name
from store.site_types import Link, Scalar, SiteType
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS, Taxonomy

_SCALARS: Final[Mapping[Scalar, Any]] = {
    Scalar.STRING: str,
    Scalar.INT: int,
    Scalar.FLOAT: float,
    Scalar.BOOLEAN: bool,
    Scalar.DATE_TIME: datetime,
    Scalar.URL: URL,
    Scalar.JSON: JSON,
}
_LINKED: Final[Mapping[Link, Any]] = {
    Link.ITEM: Item,
    Link.PROVIDER: Provider,
    Link.TOPIC: Topic,
    Link.AUTHOR: Author,
}
_LIST_SIZE: Final = 4  # assumed, as for other lists in items

Ids = Sequence[str | None]
Values = list[Any]
_Read = Callable[[Ids, Info], Awaitable[Sequence[Document | None]]]


class SiteTypes:
    """What a site's fields add to the types of a schema."""

    def __init__(self, fields: SiteFields) -> None:
        filters = [field for field in fields if field.filter]
        self._added = {
            "Item": _fields_of({field.name: _item_field(field) for field in fields}),
            "ItemFacets": _fields_of({field.name: _facet(field) for field in filters}),
            "ItemFilter": _fields_of(
                {field.name: _filter(field) for field in filters}, is_input=True
            ),
        }

    def added_to(self, type_name: str) -> list[StrawberryField]:
        """Return the fields that a type has in addition."""
        return self._added.get(type_name, [])


_Declared = tuple[Any, Any]
"""The annotation of an attribute and its value."""


def _fields_of(
    declared: Mapping[str, _Declared], *, is_input: bool = False
) -> list[StrawberryField]:
    if not declared:
        return []
    made = _class("Site", declared)
    type_ = strawberry.input(made) if is_input else strawberry.type(made)
    return get_object_definition(type_, strict=True).fields


def _class(name: str, declared: Mapping[str, _Declared]) -> type:
    attributes = {f"field_{number}": pair for number, pair in enumerate(declared.values())}
    annotations = {attribute: annotation for attribute, (annotation, _) in attributes.items()}
    values = {attribute: value for attribute, (_, value) in attributes.items()}
    return type(name, (), {"__annotations__": annotations, "__module__": __name__, **values})


def _item_field(field: SiteField) -> _Declared:
    def values(items: list[Document], info: Info) -> Values:
        if is_hidden(field, info.context.audience):
            return [None] * len(items)
        return [*stored_values(field, items)]

    description = field.description or f"The site's own `{field.key}`."
    if is_hidden(field, Audience.PUBLIC):
        description += " Null unless you are an editor."
    return _declared(
        field.name, field.type, object_type_name("Site", field.name), description, values
    )


def _declared(
    name: str,
    type_: SiteType,
    object_name: str,
    description: str,
    values: Callable[[list[Document], Info], Values],
) -> _Declared:
    """Declare a field whose stored values `values` returns, one for each parent."""
    python_type = _python_type(type_, object_name)
    resolver = _linking(type_, values) if isinstance(type_.kind, Link) else _reading(values)
    declared = batched(description=description, name=name, metadata=_size(type_))(resolver)
    return _nullable(python_type, type_), declared


def _python_type(type_: SiteType, object_name: str) -> Any:
    if isinstance(type_.kind, Scalar):
        return _SCALARS[type_.kind]
    if isinstance(type_.kind, Link):
        return _LINKED[type_.kind]
    members = {
        name: _member(name, below, object_type_name(object_name, name))
        for name, below in type_.members
    }
    return strawberry.type(
        _class(object_name, members), name=object_name, description="Declared by the site."
    )


def _member(name: str, type_: SiteType, object_name: str) -> _Declared:
    description = f"`{name}`, as the file has it."
    if isinstance(type_.kind, Link):
        return _declared(name, type_, object_name, description, _values_of_member(name))
    python_type = _python_type(type_, object_name)
    field = document_field(description=description, name=name, key=name, metadata=_size(type_))
    return _nullable(python_type, type_), field


def _nullable(python_type: Any, type_: SiteType) -> Any:
    return (_list_of(python_type) if type_.many else python_type) | None


def _list_of(python_type: Any) -> Any:
    return GenericAlias(list, (python_type,))


def _size(type_: SiteType) -> dict[str, int] | None:
    return assumed_size(_LIST_SIZE) if type_.many and not isinstance(type_.kind, Scalar) else None


def _values_of_member(name: str) -> Callable[[list[Document], Info], Values]:
    return lambda objects, _: [document.get(name) for document in objects]


def _reading(values: Callable[[list[Document], Info], Values]) -> Callable[..., Values]:
    def resolve(parents: list[Document], info: Info) -> Values:
        return values(parents, info)

    return resolve


def _linking(
    type_: SiteType, values: Callable[[list[Document], Info], Values]
) -> Callable[..., Awaitable[Values]]:
    """Return the resolver of a link or a list of links, which reads all of a level at once."""
    read = _READERS[type_.kind]  # type: ignore[index]

    async def one(parents: list[Document], info: Info) -> Values:
        return [*await read(values(parents, info), info)]

    async def many(parents: list[Document], info: Info) -> Values:
        lists = values(parents, info)
        ids = [*chain.from_iterable(ids or () for ids in lists)]
        found = iter(await read(ids, info))
        return [
            None if ids is None else [document for _ in ids if (document := next(found))]
            for ids in lists
        ]

    return many if type_.many else one


async def _items(ids: Ids, info: Info) -> Sequence[Document | None]:
    return await info.context.readers.items.get(ids, item_projection(selection_of(info)))


def _of(taxonomy: Taxonomy) -> _Read:
    # Unlike what an item names as its topic, what its site links to may not be there.
    async def read(ids: Ids, info: Info) -> Sequence[Document | None]:
        return await info.context.readers.of(taxonomy).get(ids, selection_of(info))

    return read


_READERS: Final[Mapping[Link, _Read]] = {
    Link.ITEM: _items,
    Link.PROVIDER: _of(PROVIDERS),
    Link.TOPIC: _of(TOPICS),
    Link.AUTHOR: _of(AUTHORS),
}


def _filter(field: SiteField) -> _Declared:
    type_ = _SCALARS[_scalar(field)]
    description = f"Values of `Item.{field.name}`."
    return _list_of(type_) | None, argument(description, name=field.name)


def _facet(field: SiteField) -> _Declared:
    facet = FACET_TYPES[_scalar(field)]
    resolver = most_frequent(field.name)
    declared = batched(
        description=f"The values of `Item.{field.name}`, most frequent first.",
        name=field.name,
        metadata=scan_cost(FACET),
    )(resolver)
    return _list_of(facet) | None, declared


def _scalar(field: SiteField) -> Scalar:
    if not isinstance(field.type.kind, Scalar):
        raise TypeError(f"{field.name} cannot filter")  # the declaration was checked
    return field.type.kind
