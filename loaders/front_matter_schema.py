"""A JSON Schema of front matter, with which editors complete and check it (docs/loading.md).

It allows what loading takes. Of what loading refuses or leaves out, it finds what a schema can
find. Fields read scalars as text, so `title: 2020` is a title; a key without a value is absent.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from loaders.checks import IMAGE_URL, SHORT_FORMS, URL
from loaders.conventions import FITTING
from loaders.values import INT32
from store.fields import DEFINITIONS, ITEM, MAX_ENTRIES, UNPUBLISHING
from store.ids import MAX_NAME_LENGTH, MAX_URL_LENGTH
from store.shapes import Field, Kind, Shape

Json: TypeAlias = bool | int | str | list["Json"] | dict[str, "Json"] | None
Schema: TypeAlias = dict[str, Json]

_TEXT: Final[Schema] = {"type": ["string", "number", "boolean", "null"]}


def _any_case(words: Iterable[str]) -> str:
    """Return a pattern for words in any case; patterns of JSON Schema have no flags."""
    letters = ("".join(f"[{letter.upper()}{letter}]" for letter in word) for word in words)
    return f"^(?:{'|'.join(letters)})$"


def _trimmed(pattern: str) -> str:
    return rf"^\s*(?:{pattern})\s*$"


def _whole_number(least: int) -> Schema:
    pattern = _trimmed(r"[+-]?\d[\d_]*(?:\.0*)?")
    limits: Schema = {"minimum": least, "maximum": INT32[-1]}
    return {"type": ["integer", "string", "null"], **limits, "pattern": pattern}


_FLAG: Final[Schema] = {
    "type": ["boolean", "string", "integer", "null"],
    "pattern": _any_case(("true", "false", "yes", "no", "on", "off", "t", "f", "y", "n", "1", "0")),
    "minimum": 0,
    "maximum": 1,
}

_KINDS: Final[dict[Kind, Schema]] = {
    Kind.TEXT: _TEXT,
    Kind.TITLE: _TEXT,
    Kind.NAME: {**_TEXT, "maxLength": MAX_NAME_LENGTH},
    Kind.URL: {"type": ["string", "null"], "maxLength": MAX_URL_LENGTH, "pattern": _trimmed(URL)},
    Kind.IMAGE_URL: {"type": "string", "maxLength": MAX_URL_LENGTH, "pattern": _trimmed(IMAGE_URL)},
    Kind.DATE: {"type": ["string", "number", "null"], "examples": ["2020-02-05T16:08:00Z"]},
    Kind.INTEGER: _whole_number(INT32[0]),
    Kind.PIXELS: _whole_number(0),
    Kind.FLAG: _FLAG,
    Kind.BASE64: {"type": "string"},
}


def front_matter_schema() -> Schema:
    """Return the schema of front matter, in JSON Schema 2020-12."""
    by_taxonomy: list[Json] = [
        {
            "if": {"required": ["taxonomy"], "properties": {"taxonomy": {"const": taxonomy}}},
            "then": _mapping(shape),
        }
        for taxonomy, shape in DEFINITIONS.items()
    ]
    shapes = {shape.name: _mapping(shape) for shape in _shapes_in(ITEM)}
    item = _properties(ITEM)
    item["taxonomy"] = {
        "description": f"What the file describes, if that is not an item: {_one_of(DEFINITIONS)}."
    }
    for key in UNPUBLISHING:
        item[key] = {**_FLAG, "description": "If true, the public does not see it."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of newsgraph",
        "type": "object",
        "properties": item,
        "allOf": by_taxonomy,
        "$defs": {**shapes},
    }


def _one_of(words: Iterable[str]) -> str:
    return " or ".join(f"`{word}`" for word in words)


def _mapping(shape: Shape) -> Schema:
    required: list[Json] = [
        {"anyOf": [{"required": [key]} for key in (field.name, *field.synonyms)]}
        for field in shape
        if field.required
    ]
    schema: Schema = {"type": "object", "properties": _properties(shape)}
    if required:
        schema["allOf"] = required
    return schema if shape.open else {**schema, "additionalProperties": False}


def _properties(shape: Shape) -> Schema:
    properties: Schema = {}
    for field in shape:
        for synonym in field.synonyms:
            # Some are read only if their value fits, such as `url: /a-path`, and `categories` may
            # be a list of which the first is the category.
            is_any = field.name in FITTING or synonym == "categories"
            value = {} if is_any else _value(field)
            description = f"Read as `{field.name}`, if there is none."
            properties[synonym] = {**value, "description": description}
    for field in shape:
        description = field.file_note or field.description
        properties[field.name] = {**_value(field), "description": description}
    return properties


def _value(field: Field) -> Schema:
    if isinstance(field.kind, Kind):
        single = _KINDS[field.kind]
        if not field.many:
            return single
    else:
        forms: list[Json] = [{"$ref": f"#/$defs/{field.kind.name}"}, {"type": "null"}]
        if field.kind.name in SHORT_FORMS:
            forms.append(_TEXT)
        single = {"anyOf": forms}
        if not field.many:
            return single
    many: Schema = {"type": "array", "items": single, "maxItems": MAX_ENTRIES}
    return {"anyOf": [single, many]}


def _shapes_in(shape: Shape) -> Iterable[Shape]:
    """Return the shapes that the fields of a shape have, at all levels."""
    found: dict[str, Shape] = {}
    left = [shape]
    while left:
        for field in left.pop():
            if isinstance(field.kind, Shape) and field.kind.name not in found:
                found[field.kind.name] = field.kind
                left.append(field.kind)
    return found.values()
