"""Generates a GraphQL type's plain fields from their declaration."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import GenericAlias
from typing import Any, TypeVar

from schema.execution.documents import document_field
from schema.scalars import JSON, URL
from store.shapes import Field, Kind, Shape

T = TypeVar("T")

_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: str,
    Kind.TITLE: str,
    Kind.NAME: str,
    Kind.URL: URL,
    Kind.IMAGE_URL: URL,
    Kind.DATE: datetime,
    Kind.INTEGER: int,
    Kind.PIXELS: int,
    Kind.FLAG: bool,
    Kind.NUMBER: float,
    Kind.ANY: JSON,
    Kind.BASE64: str,
}


def stored_fields(shape: Shape) -> Callable[[type[T]], type[T]]:
    """Decorate a Strawberry type: add the plain fields of a shape, with their descriptions.

    They come before the type's own fields. A field that the type declares itself is left to it.
    """

    def add(type_: type[T]) -> type[T]:
        own = dict(type_.__annotations__)
        stored = {}
        for field in shape:
            if field.name not in own and isinstance(field.kind, Kind):
                stored[field.name] = _type_of(field, field.kind)
                setattr(type_, field.name, document_field(description=field.description))
        type_.__annotations__ = stored | own
        return type_

    return add


def _type_of(field: Field, kind: Kind) -> Any:
    type_ = _TYPES[kind]
    if field.many:
        return GenericAlias(list, type_)
    return type_ | None if field.nullable else type_
