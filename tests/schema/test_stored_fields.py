"""The fields that store/fields.py declares, in files, in GraphQL and in docs/loading.md."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from graphql import GraphQLNonNull, GraphQLObjectType

from loaders.load import load
from loaders.options import Options
from schema.context import Context
from schema.schema import build_schema
from store.audience import Audience
from store.fields import (
    AUTHOR,
    IMAGE,
    ITEM,
    PROVIDER,
    PROVIDER_FILE,
    RELATED,
    SECURED,
    TOPIC_FILE,
)
from store.reading.store import Store
from store.shapes import Field, Kind, Shape
from store.taxonomies import TAXONOMIES

GUIDE = Path(__file__).parents[2] / "docs/loading.md"
TYPES = build_schema()._schema.type_map
LINKED = {taxonomy.field for taxonomy in TAXONOMIES}  # read by themselves, which may fail

# What a file may write for a value of each kind, and what GraphQL returns for it.
SAMPLES: dict[Kind, tuple[str, object]] = {
    Kind.TEXT: ("NO", "NO"),
    Kind.TITLE: (" NO ", "NO"),
    Kind.NAME: (" 10:00 ", "10:00"),
    Kind.URL: ("https://news.example.com/a", "https://news.example.com/a"),
    Kind.IMAGE_URL: ("/a.png", "https://news.example.com/a.png"),
    Kind.DATE: ("2026-02-28 17:00 +0100", "2026-02-28T16:00:00Z"),
    Kind.INTEGER: ("-2147483648", -(2**31)),
    Kind.PIXELS: ("600", 600),
    Kind.FLAG: ("true", True),
    Kind.BASE64: ("bm8=", "bm8="),
}
EVERY_SHAPE = (ITEM, RELATED, IMAGE, SECURED)


def plain(shape: Shape) -> dict[str, Kind]:
    """Return the fields that hold a single plain value."""
    return {
        field.name: field.kind for field in shape if isinstance(field.kind, Kind) and not field.many
    }


@pytest.mark.anyio
async def test_every_field_of_an_item_can_be_written_in_a_file_and_read_by_graphql(
    tmp_path: Path, mongod: str, database_name: str
) -> None:
    def written(shape: Shape) -> dict[str, str]:
        return {name: SAMPLES[kind][0] for name, kind in plain(shape).items()}

    def read(shape: Shape) -> dict[str, object]:
        return {name: SAMPLES[kind][1] for name, kind in plain(shape).items()}

    image, secured = written(IMAGE), written(SECURED)
    entry = written(RELATED) | {"images": [image]}
    item = written(ITEM) | {
        "tags": "one",
        "images": [image],
        "related": [entry],
        "secured": secured,
        "unpublishDateTime": "2999-02-28 17:00 +0100",  # so that it is published
    }
    (tmp_path / "item.yaml").write_text(yaml.safe_dump(item, default_style='"'))
    report = load([str(tmp_path)], uri=mongod, database=database_name, options=Options(jobs=1))
    assert report.inserted == 1

    store = Store.connect(mongod, database_name)
    fields = {shape.name: " ".join(plain(shape)) for shape in EVERY_SHAPE}
    query = (
        f"{{ items {{ nodes {{ {fields['Item']} tags images {{ {fields['Image']} }}"
        f" secured {{ {fields['Secured']} }}"
        f" related {{ {fields['RelatedItem']} images {{ {fields['Image']} }} }} }} }} }}"
    )
    try:
        result = await build_schema().execute(query, context_value=Context(store, Audience.EDITOR))
    finally:
        await store.close()

    assert result.errors is None
    assert result.data is not None
    assert result.data["items"]["nodes"] == [
        read(ITEM)
        | {"tags": ["one"], "images": [read(IMAGE)], "secured": read(SECURED)}
        | {"related": [read(RELATED) | {"images": [read(IMAGE)]}]}
        | {"unpublishDateTime": "2999-02-28T16:00:00Z"}
    ]


@pytest.mark.parametrize("shape", EVERY_SHAPE, ids=lambda shape: shape.name)
def test_graphql_descriptions_match_the_declaration(shape: Shape) -> None:
    type_ = TYPES[shape.name]
    assert isinstance(type_, GraphQLObjectType)
    for field in shape:
        served = type_.fields[field.name]
        assert served.description == field.description
        is_nullable = field.nullable or field.name in LINKED
        assert isinstance(served.type, GraphQLNonNull) is not is_nullable


# The headings in the guide, each with what a table calls one of them.
SECTIONS: dict[str, tuple[str, Shape]] = {
    "Items": ("item", ITEM),
    "Providers": ("provider", PROVIDER),
    "Authors": ("author", AUTHOR),
    "Images": ("image", IMAGE),
    "Related entries": ("related entry", RELATED),
    "Secured payloads": ("secured payload", SECURED),
    "Topic files": ("topic file", TOPIC_FILE),
    "Provider files": ("provider file", PROVIDER_FILE),
}


def table(shape: Shape) -> str:
    """Return the table of a shape's keys as docs/loading.md has it."""
    return "\n".join(
        ["| key | value | GraphQL field | meaning |", "|---|---|---|---|", *rows(shape)]
    )


def rows(shape: Shape) -> Iterator[str]:
    graphql = TYPES.get(shape.name)
    served_fields = graphql.fields if isinstance(graphql, GraphQLObjectType) else {}
    for field in shape:
        # Those of items have a table of their own.
        synonyms = () if shape is ITEM else field.synonyms
        keys = " or ".join(f"`{key}`" for key in (field.name, *synonyms))
        served = f"`{shape.name}.{field.name}`" if field.name in served_fields else "none"
        yield f"| {keys} | {value(field)} | {served} | {field.file_note or field.description} |"


def value(field: Field) -> str:
    """Return what a file may have as the field's value."""
    text = field.kind.value if isinstance(field.kind, Kind) else link(field.kind)
    text = f"list of {text}" if field.many else text
    if field.default is not None:
        text += f"; `{str(field.default).lower()}` if left out"
    return f"{text}; required" if field.required else text


def link(shape: Shape) -> str:
    """Return a link to the section on a shape."""
    for heading, (noun, other) in SECTIONS.items():
        if other is shape:
            return f"[{noun}](#{heading.lower().replace(' ', '-')})"
    raise KeyError(shape.name)


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_guide_lists_every_key(heading: str) -> None:
    section = GUIDE.read_text("utf-8").partition(f"### {heading}\n")[2]
    listed = re.search(r"^\|.*?(?=\n\n|\Z)", section, re.DOTALL | re.MULTILINE)
    assert listed
    _, shape = SECTIONS[heading]
    assert listed[0].strip() == table(shape)


def conventions() -> Iterator[str]:
    """Yield the lines of the table of other names."""
    yield "| field | also read from, in this order |"
    yield "|---|---|"
    for field in ITEM:
        sources = [f"`{key}`" for key in field.synonyms]
        if field.otherwise:
            sources.append(field.otherwise)
        if sources:
            yield f"| `{field.name}` | {', '.join(sources)} |"


def test_the_guide_lists_every_convention() -> None:
    assert "\n".join(conventions()) + "\n\n" in GUIDE.read_text("utf-8")


def test_no_key_stands_for_two_fields_of_an_item() -> None:
    keys = [key for field in ITEM for key in (field.name, *field.synonyms)]
    assert len(keys) == len(set(keys))
