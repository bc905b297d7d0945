"""A JSON Schema of front matter, with which editors complete and check it (docs/loading.md).

It allows what loading takes. Of what loading refuses or leaves out, it finds what a schema can
find. Fields read scalars as text, so `title: 2020` is a title; a key without a value is absent.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from loaders.checks import IMAGE_URL, SHORT_FORMS, URL
from loaders.conventions import FITTING
from loaders.site import NO_SITE, Site
from loaders.site_rules import rules_of
from loaders.values import INT32
from store.fields import DEFINITIONS, ITEM, MAX_ENTRIES, TABLES, UNPUBLISHING
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

# Items may have a date under `published`.
_DATED: Final[Schema] = {"type": "string", "pattern": r"\d{4}"}

_KINDS: Final[dict[Kind, Schema]] = {
    Kind.TEXT: _TEXT,
    Kind.TITLE: _TEXT,
    Kind.NAME: {**_TEXT, "maxLength": MAX_NAME_LENGTH},
    Kind.URL: {"type": ["string", "null"], "maxLength": MAX_URL_LENGTH, "pattern": _trimmed(URL)},
    Kind.IMAGE_URL: {"type": "string", "maxLength": MAX_URL_LENGTH, "pattern": _trimmed(IMAGE_URL)},
    Kind.DATE: {"type": ["string", "number", "null"], "examples": ["2020-02-05T16:08:00Z"]},
    Kind.INTEGER: _whole_number(INT32[0]),
    Kind.PIXELS: _whole_number(0),
    Kind.NUMBER: {
        "type": ["number", "string", "null"],
        "pattern": _trimmed(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"),
    },
    Kind.ANY: {},
    Kind.FLAG: _FLAG,
    Kind.BASE64: {"type": "string"},
}


def front_matter_schema(site: Site = NO_SITE) -> Schema:
    """Return the schema of front matter, with the fields of a site, in JSON Schema 2020-12."""
    writer = _Writer(site)
    by_taxonomy: list[Json] = [
        {
            "if": {"required": ["taxonomy"], "properties": {"taxonomy": {"const": taxonomy}}},
            "then": writer.mapping(shape),
        }
        for taxonomy, shape in DEFINITIONS.items()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of newsgraph",
        "type": "object",
        "properties": {**writer.of_site(), **writer.properties(ITEM), **_DECIDING},
        "allOf": by_taxonomy,
        "$defs": {shape.name: writer.mapping(shape) for shape in _SHARED.values()},
    }


class _Writer:
    """Writes the schemas of fields and shapes, for a site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        # Where a site has an address, a path stands for one below it.
        url: Schema = {**_KINDS[Kind.URL], "pattern": _trimmed(rf"{URL}|/\S*")}
        self._kinds = {**_KINDS, Kind.URL: url} if site.url else _KINDS

    def of_site(self) -> Schema:
        """Return the schemas of the keys that the site file names."""
        rules = rules_of(self._site)
        properties = {
            declared.key: self._described(field, field.description)
            for declared, field in zip(self._site.fields, rules.shape, strict=True)
        }
        for name, keys in self._site.names:
            described = self._described(ITEM[name], f"Read as `{name}`.")
            properties |= dict.fromkeys(keys, described)
        below: Schema = {"properties": {**properties}}
        return {**(dict.fromkeys(TABLES, below) if properties else {}), **properties}

    def mapping(self, shape: Shape) -> Schema:
        """Return the schema of a mapping."""
        required: list[Json] = [
            {"anyOf": [{"required": [key]} for key in (field.name, *field.synonyms)]}
            for field in shape
            if field.required
        ]
        schema: Schema = {"type": "object", "properties": self.properties(shape)}
        if required:
            schema["allOf"] = required
        return schema if shape.open else {**schema, "additionalProperties": False}

    def properties(self, shape: Shape) -> Schema:
        """Return the schemas of a shape's keys."""
        properties: Schema = {}
        for field in shape:
            for synonym in field.synonyms:
                # Some are read only if their value fits, such as `url: /a-path`, and `categories`
                # may be a list of which the first is the category.
                is_any = field.name in FITTING or synonym == "categories"
                description = f"Read as `{field.name}`, if there is none."
                described: Schema = {"description": description}
                properties[synonym] = described if is_any else self._described(field, description)
        for field in shape:
            properties[field.name] = self._described(field, field.file_note or field.description)
        if shape is ITEM:
            description = ITEM["published"].description
            properties["published"] = {"anyOf": [_FLAG, _DATED], "description": description}
        return properties

    def _described(self, field: Field, description: str) -> Schema:
        value = self._value(field)
        return {**value, "description": description} if description else value

    def _value(self, field: Field) -> Schema:
        single = self._single(field.kind)
        if not field.many:
            return single
        limit = field.max_entries or MAX_ENTRIES
        return {"anyOf": [single, {"type": "array", "items": single, "maxItems": limit}]}

    def _single(self, kind: Kind | Shape) -> Schema:
        if isinstance(kind, Kind):
            return self._kinds[kind]
        is_shared = _SHARED.get(kind.name) is kind
        mapping: Schema = {"$ref": f"#/$defs/{kind.name}"} if is_shared else self.mapping(kind)
        forms: list[Json] = [mapping, {"type": "null"}]
        if is_shared and kind.name in SHORT_FORMS:
            forms.append(_TEXT)
        return {"anyOf": forms}


def _shapes_in(shape: Shape) -> dict[str, Shape]:
    """Return the shapes that the fields of a shape have, at all levels, by their names."""
    found: dict[str, Shape] = {}
    left = [shape]
    while left:
        for field in left.pop():
            if isinstance(field.kind, Shape) and field.kind.name not in found:
                found[field.kind.name] = field.kind
                left.append(field.kind)
    return found


_SHARED: Final = _shapes_in(ITEM)
_DECIDING: Final[Schema] = {
    **{
        key: {**_FLAG, "description": f"If {str(value).lower()}, the public does not see it."}
        for key, value in UNPUBLISHING.items()
    },
    "taxonomy": {
        "description": "What the file describes, if that is not an item: "
        f"{' or '.join(f'`{taxonomy}`' for taxonomy in DEFINITIONS)}."
    },
}
