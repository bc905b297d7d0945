"""The JSON Schema of front matter: what it allows, what it finds, and that it has all keys."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from loaders.front_matter_schema import front_matter_schema
from loaders.known_keys import DEFINITION, ITEM
from loaders.parse import parse
from loaders.parsed_file import ParsedFile
from loaders.site_file import parse_site
from loaders.site_rules import rules_of
from loaders.yaml_text import YamlText
from tests.loaders.parsed import parsed

SCHEMA: Any = front_matter_schema()
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "object": dict,
    "array": list,
}


def is_valid(value: Any, schema: Any) -> bool:
    """Return whether a value has a schema, of which every keyword has to be known here."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if "if" in schema:
        return not is_valid(value, schema["if"]) or is_valid(value, schema["then"])
    return all(_has(value, *pair) for pair in schema.items())


def _has(value: Any, keyword: str, limit: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match keyword:
        case "type":
            names = [limit] if isinstance(limit, str) else limit
            return any(
                isinstance(value, _TYPES[name])
                and not (isinstance(value, bool) and name in ("number", "integer"))
                for name in names
            )
        case "const":
            return bool(value == limit)
        case "pattern":
            return not isinstance(value, str) or re.search(limit, value) is not None
        case "maxLength":
            return not isinstance(value, str) or len(value) <= limit
        case "minimum":
            return not is_number or value >= limit
        case "maximum":
            return not is_number or value <= limit
        case "maxItems":
            return not isinstance(value, list) or len(value) <= limit
        case "items":
            return not isinstance(value, list) or all(is_valid(member, limit) for member in value)
        case "required":
            return not isinstance(value, dict) or all(key in value for key in limit)
        case "properties":
            return not isinstance(value, dict) or all(
                is_valid(below, limit[key]) for key, below in value.items() if key in limit
            )
        case "additionalProperties":
            assert limit is False
            return True
        case "anyOf":
            return any(is_valid(value, schema) for schema in limit)
        case "allOf":
            return all(is_valid(value, schema) for schema in limit)
        case "$schema" | "$defs" | "title" | "description" | "examples":
            return True
    raise AssertionError(keyword)


def _with_title(text: str) -> str:
    return text if re.search("title|taxonomy", text) else f"title: A\n{text}"


def _value_of(text: str) -> Any:
    """Return what an editor sees: the values with the types of YAML."""
    yaml = YamlText(text)
    data = yaml.value({})
    assert isinstance(data, dict)
    return {key: yaml.raw_value(key) for key in data}


@pytest.mark.parametrize(
    "text",
    [
        "title: 2020",
        "title: NO",
        "quality: 5\nheat: '-5'",
        "published: no",
        "published: 2024-05-01",
        "draft: 'False'",
        "publishedDateTime: 2020-02-05",
        "webUrl: HTTPS://example.com/a",
        "url: /a-path\nlang: c++",
        "categories: [one, two]",
        "tags: one two",
        "tags: [2020, true]",
        "topics:",
        "authors: {name: Ada, url: /ada}\nauthor: Li",
        "cover: {src: cover.jpg, alt: A cover}",
        "images: [a.jpg, {url: 'https://example.com/b.jpg', width: 600}, {image: /c}]",
        "provider: Example News\nwebUrl: https://example.com",
        "provider: {domain: example.com, mood: good}",
        "related: {title: B, images: /b.jpg, provider: {name: C, domain: c.org}}",
        "secured: 'YQ==;Yg=='",
        "price: {any: [thing]}",
        "taxonomy: topic\nname: AI\nkeywords: [a]",
        "taxonomy: organization\ntitle: BBC\ndomain: bbc.com\nimages: a.jpg",
    ],
)
def test_what_loading_takes_is_valid(text: str) -> None:
    front_matter = _with_title(text)
    assert not list(parsed(f"---\n{front_matter}\n---\n").problems)
    assert is_valid(_value_of(front_matter), SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "title: [A]",
        "quality: high",
        "quality: 3000000000",
        "heat: {a: 1}",
        "published: perhaps",
        "draft: 2",
        "publishedDateTime: [2020]",
        "webUrl: /a-path",
        "webUrl: www.example.com",
        "originalUrl: 5",
        f"category: {'a' * 501}",
        "tags: [[a]]",
        "topics: {a: b}",
        "authors: [{url: /ada}]",
        "images: [{width: 5}]",
        "images: {url: a.jpg, width: -5}",
        "provider: [a]",
        "related: [a]",
        "related: [{webUrl: 'https://example.com/a'}]",
        "secured: {iv: Yg==}",
        "taxonomy: topic\nparent: [a]\nname: AI",
        "taxonomy: topic\nparent: AI",
        "taxonomy: organization\nname: BBC",
    ],
)
def test_what_loading_refuses_or_leaves_out_is_not_valid(text: str) -> None:
    front_matter = _with_title(text)
    assert list(parsed(f"---\n{front_matter}\n---\n").problems)
    assert not is_valid(_value_of(front_matter), SCHEMA)


def _keys(schema: Any) -> Iterator[str]:
    yield from schema["properties"]
    for condition in schema["allOf"]:
        yield from condition["then"]["properties"]


def test_the_schema_has_every_key_that_is_read_and_describes_it() -> None:
    assert set(_keys(SCHEMA)) == ITEM.keys() | DEFINITION.keys()
    assert all(below["description"] for below in SCHEMA["properties"].values())


SITE = parse_site("""
url: https://example.com
names: {topics: [subjects]}
fields:
  price:   {type: String, filter: true, description: What it costs.}
  levels:  {type: "[Int]", key: how-hard}
  score:   Float
  ratings: {type: [{average: Float, by: {name: String}}]}
  home:    URL
  data:    JSON
""")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("price: 5\nhow-hard: [1, '2']\nscore: 1.5", True),
        ("ratings: {average: 4, by: {name: A}}\nhome: /a\ndata: [[1]]\nwebUrl: /b", True),
        ("subjects: [AI]\nlevels: anything", True),
        ("how-hard: [easy]", False),
        ("score: high", False),
        ("ratings: [{average: high}]", False),
        ("ratings: [{by: [A]}]", False),
        ("home: a", False),
        ("subjects: {a: b}", False),
    ],
)
def test_the_fields_of_a_site_are_checked_as_loading_does(text: str, valid: bool) -> None:
    found = parse(f"---\ntitle: A\n{text}\n---\n".encode(), "/site", "a.md", rules_of(SITE))
    assert isinstance(found, ParsedFile)
    assert (not [*found.problems]) is valid
    assert is_valid(_value_of(f"title: A\n{text}"), front_matter_schema(SITE)) is valid


def test_fields_of_a_site_have_their_descriptions() -> None:
    properties: Any = front_matter_schema(SITE)["properties"]
    assert properties["price"]["description"] == "What it costs."
    assert properties["subjects"]["description"] == "Read as `topics`."
