"""The fields, filters and facets that a site declares, on both executors.

Covers `schema/site.py` too.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_client_schema, get_introspection_query, print_schema
from hypothesis import HealthCheck, given, settings

from loaders.site_file import parse_site
from schema.limits.limits import Limits
from schema.schema import ExecutorName, build_schema
from store.audience import Audience
from store.ids import item_id
from store.site_fields import RESERVED_FILTERS, RESERVED_NAMES, SiteField
from tests.loaders.test_site_file import FIELDS
from tests.schema.newsroom import EXECUTORS, Newsroom, item, schema_of, with_site

pytestmark = pytest.mark.anyio

SITE = parse_site("""
fields:
  price:   {type: String, filter: true, description: What it costs.}
  levels:  {type: "[String!]", filter: true}
  pages:   {type: Int, filter: true}
  signed:  {type: Boolean, filter: true}
  home:    {type: URL, filter: true}
  score:   Float
  until:   DateTime
  data:    JSON
  length:  {type: String, audience: editor, filter: true}
  ratings: {type: [{source: String, marks: [Int], by: Provider, best: {text: String}}]}
  series:  Item
  parts:   [Item]
  subject: {type: Topic}
  writer:  Author
  class:   {type: String}
  labels:  {type: String}
  sort:    {type: String}
""").fields


def _item(name: str, **values: Any) -> Any:
    fields = {key: values.pop(key) for key in ("topics", "published", "provider") if key in values}
    return with_site(item(name, **fields), SITE, **values)


@pytest.fixture(params=EXECUTORS)
def executor(request: pytest.FixtureRequest) -> ExecutorName:
    """Each executor."""
    name: ExecutorName = request.param
    return name


@pytest.fixture
def site(newsroom: Newsroom) -> Newsroom:
    """A newsroom whose site declares fields."""
    newsroom.site_fields = SITE
    return newsroom


async def test_values_come_back(site: Newsroom, executor: ExecutorName) -> None:
    site.put(
        _item(
            "a",
            price="1.50",
            levels=["b", "a"],
            pages=3,
            signed=False,
            home="https://one.example/",
            score=2.0,
            until=datetime(2026, 1, 2, tzinfo=UTC),
            data={"a": [1, None]},
            ratings=[{"source": "X", "marks": [1, 2], "best": {"text": "t"}}, {}],
            **{"class": "c", "labels": "l", "sort": "s"},
        )
    )
    query = """{ items { nodes { labels sort class title price levels pages signed home score until
        data ratings { source marks best { text } } } } }"""
    data = await site.ask(query, executor=executor)
    assert data["items"]["nodes"] == [
        {
            "labels": "l",
            "sort": "s",
            "class": "c",
            "title": "Story a",
            "price": "1.50",
            "levels": ["b", "a"],
            "pages": 3,
            "signed": False,
            "home": "https://one.example/",
            "score": 2.0,
            "until": "2026-01-02T00:00:00Z",
            "data": {"a": [1, None]},
            "ratings": [
                {"source": "X", "marks": [1, 2], "best": {"text": "t"}},
                {"source": None, "marks": None, "best": None},
            ],
        }
    ]


async def test_an_item_without_values_has_nulls(site: Newsroom, executor: ExecutorName) -> None:
    site.put(item("a"), _item("b", levels=[]))
    query = "{ items { nodes { price levels ratings { source } series { id } parts { id } } } }"
    data = await site.ask(query, executor=executor)
    empty = {"price": None, "ratings": None, "series": None, "parts": None}
    levels = [node.pop("levels") for node in data["items"]["nodes"]]
    assert sorted(levels, key=str) == [None, []] or levels == [[], None]
    assert data["items"]["nodes"] == [empty, empty]


async def test_only_the_selected_values_are_read(site: Newsroom) -> None:
    site.put(_item("a", price="3", data={"large": 1}))
    with site.noted() as commands:
        await site.ask("{ items { nodes { price } } }")
    (command,) = commands
    assert {*command["projection"]} == {"_id", "site.price"}


async def test_a_value_of_another_type_is_not_read(site: Newsroom) -> None:
    site.put(_item("a", pages=3))
    other = tuple(
        field._replace(type=SITE[0].type) if field.name == "pages" else field for field in SITE
    )
    site.site_fields = other
    assert await site.ask("{ items { nodes { pages } } }") == {
        "items": {"nodes": [{"pages": None}]}
    }


async def test_links_are_read_at_once(site: Newsroom, executor: ExecutorName) -> None:
    site.put(
        item("s", topics=["Tides"], provider="one.example"),
        _item("secret", published=False),
        *(
            _item(
                f"a{number}",
                series=item_id("https://one.example/s"),
                parts=[item_id(f"https://one.example/{name}") for name in ("secret", "s", "gone")],
                subject="topic:tides",
                ratings=[{"by": "provider:one.example"}, {"by": "provider:gone.example"}],
            )
            for number in range(3)
        ),
    )
    query = """{ items(filter: {types: []}) { nodes {
        series { title } parts { title } subject { name } ratings { by { name } } } } }"""
    with site.noted() as commands:
        data = await site.ask(query, executor=executor)
    linked = {
        "series": {"title": "Story s"},
        "parts": [{"title": "Story s"}],
        "subject": {"name": "Tides"},
        "ratings": [{"by": {"name": "The one.example"}}, {"by": None}],
    }
    nodes = [node for node in data["items"]["nodes"] if node["series"]]
    assert nodes == [linked] * 3
    assert len(commands) <= 3  # the list, its links, and the links of what it embeds


async def test_links_to_what_is_not_public_are_null(site: Newsroom) -> None:
    site.put(
        _item("secret", published=False, topics=["Secret"]),
        _item("a", series=item_id("https://one.example/secret"), subject="topic:secret"),
    )
    query = "{ items { nodes { title series { id } subject { slug } } } }"
    (node,) = (await site.ask(query))["items"]["nodes"]
    assert (node["series"], node["subject"]) == (None, None)


async def test_filters(site: Newsroom, executor: ExecutorName) -> None:
    site.put(
        _item("a", price="free", levels=["x", "y"], pages=1, signed=True),
        _item("b", price="3", levels=["y"], pages=2, signed=False, home="https://one.example/"),
        item("c"),
    )

    async def found(filter_: str) -> str:
        data = await site.ask(
            f"{{ items(filter: {{{filter_}}}) {{ nodes {{ title }} }} }}", executor=executor
        )
        return "".join(sorted(node["title"][-1] for node in data["items"]["nodes"]))

    assert await found('price: ["free"]') == "a"
    assert await found('price: ["free", "3", "other"]') == "ab"
    assert await found('levels: ["y"], pages: [2, 5]') == "b"
    assert await found("signed: [false]") == "b"
    assert await found("signed: true") == "a"
    assert await found('home: ["https://one.example/"]') == "b"
    assert await found('price: ["FREE"]') == ""
    assert await found("price: [], levels: null, types: []") == "abc"


async def test_filters_in_variables_and_below_parents(
    site: Newsroom, executor: ExecutorName
) -> None:
    site.put(_item("a", provider="one.example", price="3"), _item("b", provider="one.example"))
    query = """query ($f: ItemFilter) { provider(domain: "one.example") {
        items(filter: $f) { totalCount nodes { price } } } }"""
    data = await site.ask(query, executor=executor, f={"price": ["3"]})
    assert data["provider"]["items"] == {"totalCount": 1, "nodes": [{"price": "3"}]}


async def test_filters_are_bounded(site: Newsroom) -> None:
    many = f"{{ items(filter: {{pages: {[*range(51)]}}}) {{ nodes {{ id }} }} }}"
    assert await site.refusal(many) == (
        "BAD_USER_INPUT",
        "`filter.pages` has 51 values; at most 50 are allowed.",
    )
    long = f'{{ items(filter: {{price: ["{"a" * 2049}"]}}) {{ nodes {{ id }} }} }}'
    code, message = await site.refusal(long)
    assert (code, message[:38]) == ("BAD_USER_INPUT", "`filter.price` has 2,049 characters; a")


async def test_facets(site: Newsroom, executor: ExecutorName) -> None:
    site.put(
        _item("a", price="free", levels=["x", "y", "x"], pages=1, signed=True),
        _item("b", price="free", levels=["y"], pages=2),
        _item("c", price="3"),
    )
    query = """{ items { facets { price(first: 1) { value count } levels { value count }
        pages { value count } signed { value count } types { value } home { value } } } }"""
    data = await site.ask(query, executor=executor)
    assert data["items"]["facets"] == {
        "price": [{"value": "free", "count": 2}],
        "levels": [{"value": "y", "count": 2}, {"value": "x", "count": 1}],
        "pages": [{"value": 1, "count": 1}, {"value": 2, "count": 1}],
        "signed": [{"value": True, "count": 1}],
        "types": [],
        "home": [],
    }


async def test_fields_for_editors(site: Newsroom, executor: ExecutorName) -> None:
    site.put(_item("a", length="3 h"))
    query = "{ items { nodes { length } facets { length { value } } } }"
    public = await site.ask(query, executor=executor)
    assert public["items"] == {"nodes": [{"length": None}], "facets": {"length": []}}
    editor = await site.ask(query, Audience.EDITOR, executor=executor)
    assert editor["items"]["nodes"] == [{"length": "3 h"}]
    assert editor["items"]["facets"] == {"length": [{"value": "3 h"}]}

    filtered = '{ items(filter: {length: ["3 h"]}) { nodes { title } } }'
    assert (await site.ask(filtered, Audience.EDITOR, executor=executor))["items"]["nodes"]
    assert await site.refusal(filtered, executor=executor) == (
        "FORBIDDEN",
        "Only editors may filter by `length`: send an editor's bearer token.",
    )


async def test_site_fields_are_priced(site: Newsroom) -> None:
    site.put(item("a"))
    query = "{ items(first: 10) { nodes { parts { id } ratings { source } price } } }"
    # The connection, ten nodes, and four of each list in them.
    code, message = await site.refusal(query, limits=Limits(max_cost=90))
    assert code == "QUERY_TOO_EXPENSIVE"
    assert "could return 91 objects" in message
    facets = "{ items { facets { price { value } pages { value } } } }"
    code, _ = await site.refusal(facets, limits=Limits(max_cost=400))
    assert code == "QUERY_TOO_EXPENSIVE"


def test_the_schema_describes_the_fields() -> None:
    sdl = schema_of(site_fields=SITE).as_str()
    assert '"""What it costs."""\n  price: String\n' in sdl
    assert "  length: String\n" in sdl
    assert "Null unless you are an editor." in sdl
    assert "  ratings: [SiteRatings!]\n" in sdl
    assert "type SiteRatingsBest {" in sdl
    introspected = schema_of(site_fields=SITE).execute_sync(get_introspection_query())
    assert "type SiteRatings " in print_schema(build_client_schema(introspected.data))


def test_names_of_newsgraph_are_reserved() -> None:
    types = schema_of()._schema.type_map
    assert {*types["Item"].fields} <= RESERVED_NAMES
    assert {*types["ItemFilter"].fields, *types["ItemFacets"].fields} <= RESERVED_FILTERS
    assert not [name for name in types if name.startswith("Site")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS)
def test_any_site_file_makes_a_schema(fields: list[SiteField]) -> None:
    type_ = build_schema(site_fields=tuple(fields))._schema.type_map["Item"]
    assert isinstance(type_, GraphQLObjectType)
    assert {field.name for field in fields} <= {*type_.fields}
