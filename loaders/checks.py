"""How the values of a file are checked and converted, for each kind of field.

The fields themselves are declared in store/fields.py; pydantic's core does the work.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import LiteralString

from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator
from pydantic_core.core_schema import (
    any_schema,
    bool_schema,
    datetime_schema,
    float_schema,
    int_schema,
    list_schema,
    no_info_before_validator_function,
    str_schema,
    typed_dict_field,
    typed_dict_schema,
)

from loaders.dates import to_date
from loaders.diagnostics import quoted
from loaders.values import INT32
from store.fields import AUTHOR, IMAGE, MAX_ENTRIES, PROVIDER, SECURED, UNPUBLISHING
from store.ids import MAX_NAME_LENGTH, MAX_URL_LENGTH
from store.shapes import Field, Kind, Shape

URL = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+\S*"
"""The pattern of an http(s) URL."""
# Sites name their own images by path: /assets/images/logo.png, ./cover.jpg, cover.jpg.
IMAGE_URL = rf"{URL}|/\S+|[^\s:/?#][^:/?#]*(?:/.*|\.[A-Za-z0-9]{{2,5}})"
"""The pattern of an image's URL or path."""


@lru_cache(maxsize=64)  # those of site files come and go
def checker(shape: Shape, *, is_typed: bool) -> SchemaValidator:
    """Return what checks and converts a file's mapping. It raises pydantic's ValidationError.

    Keys that no field has pass through as they are, unless the shape is closed. `is_typed` if the
    mapping may have booleans, which pydantic takes for numbers as Python does.
    """
    return SchemaValidator(_mapping(shape, is_typed))


def _mapping(shape: Shape, is_typed: bool) -> CoreSchema:
    fields = {
        field.name: typed_dict_field(_value(field, is_typed), required=field.required)
        for field in shape
    }
    if "published" in fields:
        fields |= {key: typed_dict_field(bool_schema(), required=False) for key in UNPUBLISHING}
    return typed_dict_schema(fields, extra_behavior="allow" if shape.open else "forbid")


def _value(field: Field, is_typed: bool) -> CoreSchema:
    if isinstance(field.kind, Kind):
        schema = _BY_KIND[field.kind]
        if is_typed and field.kind in _NUMBERS:
            refuse_boolean = partial(_number, error=_NUMBERS[field.kind])
            schema = no_info_before_validator_function(refuse_boolean, schema)
    else:
        schema = _mapping(field.kind, is_typed)
        if short_form := SHORT_FORMS.get(field.kind.name):
            schema = no_info_before_validator_function(short_form, schema)
    if field.many:
        return no_info_before_validator_function(
            _one_or_many, list_schema(schema, max_length=field.max_entries or MAX_ENTRIES)
        )
    return schema


def _one_or_many(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _renamed(value: object, shape: Shape) -> object:
    """Return a mapping with the keys that stand for a field under that field's name."""
    if not isinstance(value, dict) or value.keys().isdisjoint(shape.synonym_keys):
        return value
    renamed = dict(value)
    for field, synonyms in shape.synonyms.items():
        if field not in renamed and (synonym := next(filter(renamed.__contains__, synonyms), None)):
            renamed[field] = renamed.pop(synonym)
    return renamed


def _image(value: object) -> object:
    if isinstance(value, str) and ("/" in value or "." in value):
        return {"url": value}
    return _renamed(value, IMAGE)


def _author(value: object) -> object:
    if isinstance(value, str):
        # Obsidian writes people as links to their notes.
        return {"name": value.removeprefix("[[").removesuffix("]]")}
    return _renamed(value, AUTHOR)


def _provider(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _secured(value: object) -> object:
    if not isinstance(value, str):
        return value
    ciphertext, semicolon, iv = value.partition(";")
    if not semicolon:
        raise PydanticCustomError("secured", "secured")
    return {"ciphertext": ciphertext, "iv": iv}


def _number(value: object, error: LiteralString) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError(error, "is not a number")
    return value


# Kinds of numbers, and pydantic's name of the error of what is none.
_NUMBERS: Mapping[Kind, LiteralString] = {
    Kind.INTEGER: "int_type",
    Kind.PIXELS: "int_type",
    Kind.NUMBER: "float_type",
}


def _date(value: object) -> datetime:
    try:
        return to_date(value)
    except ValueError as error:
        message = f"{quoted(value)} {error}".replace("{", "(").replace("}", ")")
        raise PydanticCustomError("date", message) from None


# What a mapping may be written as when its other fields are left out.
SHORT_FORMS = {
    IMAGE.name: _image,
    AUTHOR.name: _author,
    PROVIDER.name: _provider,
    SECURED.name: _secured,
}


_text = partial(str_schema, coerce_numbers_to_str=True)
_trimmed = partial(_text, strip_whitespace=True)
_url = partial(_trimmed, max_length=MAX_URL_LENGTH)


_BY_KIND: Mapping[Kind, CoreSchema] = {
    Kind.TEXT: _text(),
    Kind.TITLE: _trimmed(min_length=1),
    Kind.NAME: _trimmed(min_length=1, max_length=MAX_NAME_LENGTH),
    Kind.URL: _url(pattern=f"^{URL}$"),
    Kind.IMAGE_URL: _url(pattern=f"^(?:{IMAGE_URL})$"),
    Kind.DATE: no_info_before_validator_function(_date, datetime_schema()),
    Kind.INTEGER: int_schema(ge=INT32[0], le=INT32[-1]),
    Kind.PIXELS: int_schema(ge=0, le=INT32[-1]),
    Kind.FLAG: bool_schema(),
    Kind.NUMBER: float_schema(allow_inf_nan=False),
    Kind.ANY: any_schema(),
    Kind.BASE64: _text(pattern=r"^[A-Za-z0-9+/_-]+={0,2}$"),
}
