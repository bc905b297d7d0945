"""What a sound document is: each field that a query may read has a value that GraphQL can return.

Loads write nothing else. Documents that are edited by hand, or written by another program, may have
anything.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    any_schema,
    bool_schema,
    enum_schema,
    float_schema,
    int_schema,
    is_instance_schema,
    list_schema,
    no_info_plain_validator_function,
    nullable_schema,
    str_schema,
    typed_dict_field,
    typed_dict_schema,
)

from store.audience import Audience
from store.documents import Document, Projection
from store.fields import IMAGE, ITEM, RELATED
from store.orders import STORED_ITEM_ORDERS, TaxonomyOrder
from store.schedule import Status
from store.shapes import Field, Kind, Shape
from store.taxonomies import TAXONOMIES, Taxonomy

_INT32 = int_schema(ge=-(2**31), le=2**31 - 1)
_STRING = str_schema(strict=True)
_SCHEMAS: Mapping[Kind, CoreSchema] = {
    Kind.TEXT: _STRING,
    Kind.TITLE: _STRING,
    Kind.NAME: _STRING,
    Kind.URL: _STRING,
    Kind.IMAGE_URL: _STRING,
    Kind.BASE64: _STRING,
    Kind.DATE: is_instance_schema(datetime),
    Kind.INTEGER: _INT32,
    Kind.PIXELS: _INT32,
    Kind.FLAG: bool_schema(),
    Kind.NUMBER: float_schema(),
    Kind.ANY: any_schema(),
}


class _Part(NamedTuple):
    """A key of a document: the schema of its value, or the parts that it is made of."""

    value: "CoreSchema | _Parts"
    required: bool = False
    many: bool = False


_Parts: TypeAlias = MappingProxyType[str, _Part]
_Wanted: TypeAlias = dict[str, "_Wanted"]


def _json(value: object) -> object:
    match value:
        case None | str() | int() | float() | datetime() | bytes():
            pass
        case dict():
            for member in value.values():
                _json(member)
        case list():
            for member in value:
                _json(member)
        case _:
            kind = type(value).__name__
            raise PydanticCustomError("json", "holds a value of type {kind}", {"kind": kind})
    return value


def _id(kind: str) -> CoreSchema:
    return str_schema(strict=True, pattern=f"^{kind}:.")


def _parts(shape: Shape, **others: _Part) -> _Parts:
    return MappingProxyType({field.name: _part_of(field) for field in shape} | others)


def _part_of(field: Field) -> _Part:
    value = _SCHEMAS[field.kind] if isinstance(field.kind, Kind) else _parts(field.kind)
    return _Part(value, required=not field.nullable, many=field.many)


def _link(kind: str) -> _Parts:
    name = _Part(_STRING, required=True)
    return MappingProxyType({"id": _Part(_id(kind), required=True), "name": name})


_PROVIDER = _Part(_link("provider"))
_SORT = {str(order): _Part(_STRING, required=True) for order in STORED_ITEM_ORDERS}
_STORED_ITEM = _parts(
    ITEM,
    _id=_Part(_id("item"), required=True),
    path=_Part(_STRING, required=True),
    rank=_Part(_STRING, required=True),
    labels=_Part(_STRING, required=True, many=True),
    sort=_Part(MappingProxyType(_SORT), required=True),
    _key=_Part(_STRING, required=True),  # of the items that a search finds
    provider=_PROVIDER,
    topics=_Part(_link("topic"), required=True, many=True),
    # Not required: items that an earlier version loaded have none.
    authors=_Part(_link("author"), many=True),
    related=_Part(
        _parts(RELATED, provider=_PROVIDER, ref=_Part(_id("item"))), required=True, many=True
    ),
    site=_Part(no_info_plain_validator_function(_json)),
    # Derived by loads; items that an earlier version loaded have none.
    bodyFormat=_Part(_STRING),
    wordCount=_Part(_INT32),
    readingMinutes=_Part(_INT32),
    opening=_Part(_STRING),
    status=_Part(enum_schema(Status, [*Status], sub_type="str")),
    extra=_Part(no_info_plain_validator_function(_json)),
)


def _view(taxonomy: Taxonomy) -> dict[str, _Part]:
    """Return the parts of what an audience sees of a provider, topic or author."""
    sort = {str(order): _Part(_STRING, required=True) for order in TaxonomyOrder}
    view = {
        "name": _Part(_STRING, required=True),
        "itemCount": _Part(_INT32, required=True),
        "sort": _Part(MappingProxyType(sort), required=True),
    }
    if taxonomy.has_images:
        view["images"] = _Part(_parts(IMAGE), required=True, many=True)
    if taxonomy.has_parents:
        view["parent"] = _Part(_id(taxonomy.kind))
    return view


def _entry(taxonomy: Taxonomy, parts: Mapping[str, _Part]) -> _Parts:
    keys = {
        "_id": _Part(_id(taxonomy.kind), required=True),
        taxonomy.key: _Part(_STRING, required=True),
    }
    return MappingProxyType(keys | dict(parts))


class Soundness:
    """What sound documents of a collection are, as a whole or as read with a projection."""

    def __init__(self, parts: "_Parts") -> None:
        self._parts = parts
        self.whole: Projection = {key: 1 for key in parts if key != "_key"}
        """The keys that are checked of a stored document."""
        # Projections follow from the queries of clients, so only some are kept.
        self._validator = lru_cache(maxsize=64)(self._make_validator)

    def problem_of(self, document: Document, projection: Projection) -> str | None:
        """Return what is wrong with the projected keys of a document, or None."""
        try:
            self._validator(frozenset(projection)).validate_python(document)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return None

    def _make_validator(self, projected: frozenset[str]) -> SchemaValidator:
        wanted: _Wanted = {}
        for path in projected:
            below = wanted
            for key in path.split("."):
                below = below.setdefault(key, {})
        return SchemaValidator(_schema(self._parts, wanted))


SOUND_ITEM = Soundness(_STORED_ITEM)
SOUND_VIEWS: Mapping[Taxonomy, Soundness] = {
    taxonomy: Soundness(_entry(taxonomy, _view(taxonomy))) for taxonomy in TAXONOMIES
}
"""Providers, topics and authors as an audience sees them."""
SOUND_ENTRIES: Mapping[Taxonomy, Soundness] = {
    taxonomy: Soundness(
        _entry(
            taxonomy,
            {str(audience): _Part(MappingProxyType(_view(taxonomy))) for audience in Audience},
        )
    )
    for taxonomy in TAXONOMIES
}
"""Providers, topics and authors as they are stored."""


def _schema(parts: "_Parts", wanted: "_Wanted") -> CoreSchema:
    """Return the schema of those parts that are wanted, or of all parts if none is named."""
    fields = {}
    for name, part in parts.items():
        if wanted and name not in wanted:
            continue
        value = part.value
        if isinstance(value, MappingProxyType):
            value = _schema(value, wanted.get(name, {}))
        if part.many:
            value = list_schema(value, strict=True)
        if not part.required:
            value = nullable_schema(value)
        fields[name] = typed_dict_field(value, required=part.required)
    return typed_dict_schema(fields)
