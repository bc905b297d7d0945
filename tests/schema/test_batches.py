"""The commands sent to MongoDB depend on the shape of a query, never on the data it finds.

Covers `schema.item_projection`, `store.reading.find_batcher` and the batch resolvers of `schema`.
"""

from typing import Any

import pytest

from schema.limits.limits import Limits
from schema.schema import ExecutorName
from store.audience import Audience
from store.documents import Document
from tests.schema.newsroom import EXECUTORS, Newsroom, item

pytestmark = pytest.mark.anyio

# Each shape with the number of commands it takes, once every level has at least one object.
SHAPES = {
    "{ items(first: 60) { nodes { title } } }": 1,
    "{ items(first: 60) { edges { cursor } pageInfo { hasNextPage hasPreviousPage } } }": 1,
    "{ items(first: 60) { totalCount } }": 1,
    "{ items { facets { categories { value } types { value } months { month } } } }": 2,
    "{ items { facets { topics { count topic { name } } providers { count } } } }": 3,
    "{ items(first: 60) { nodes { provider { domain } topics { id slug } authors { slug } } } }": 1,
    "{ items(first: 60) { nodes { provider { name } } } }": 2,
    "{ items(first: 60) { nodes { provider { domain items(first: 1) { nodes { id } } } } } }": 2,
    "{ items(first: 60) { nodes { provider { name } topics { name } authors { name } } } }": 2,
    "{ items(first: 60) { nodes { related { title images { url } } } } }": 1,
    "{ items(first: 60) { nodes { related { item { title } provider { name } } } } }": 2,
    "{ items(first: 60) { nodes { relatedBy(first: 3) { nodes { title } totalCount } } } }": 3,
    "{ items(first: 60) { nodes { topics { name items(first: 3) { nodes { title } } } } } }": 3,
    "{ providers(first: 60) { nodes { name itemCount images { url } } } }": 1,
    "{ providers(first: 60) { totalCount nodes { name } } }": 2,
    "{ providers(first: 60) { nodes { items(first: 3) { nodes { title } } } } }": 2,
    """{ providers(first: 15) { nodes { items(first: 3) {
         nodes { topics { name parent { name } children { name } } }
         facets { types { value } } totalCount } } } }""": 8,
    '{ topics(first: 20) { nodes { items(filter: {search: "story"}) { totalCount } } } }': 2,
    "{ authors { nodes { name items(first: 3) { nodes { title byline } totalCount } } } }": 3,
    "{ corpus { itemCount providerCount topicCount authorCount newest oldest version } }": 7,
    "{ corpus { itemCount } }": 1,
    "{ a: items(first: 1) { nodes { id } } b: items(first: 1) { nodes { id } } }": 2,
}


def story(number: int) -> Document:
    """Return an item with links to the items, provider and topics around it."""
    near = [f"https://p{n}.example/i{n}" for n in (number, number + 1)]
    return item(
        f"i{number}",
        category="news",
        type="article",
        provider=f"p{number}.example",
        topics=[f"T{number}", "All"],
        authors=[f"A{number}"],
        related=[
            {
                "title": "Near",
                "webUrl": url,
                "provider": {"id": f"provider:p{number}.example", "name": "P", "domain": "p"},
            }
            for url in near
        ],
    )


@pytest.fixture(params=EXECUTORS)
def executor(request: pytest.FixtureRequest) -> ExecutorName:
    """Each of the executors."""
    name: ExecutorName = request.param
    return name


@pytest.mark.parametrize("query", SHAPES)
async def test_the_number_of_commands_depends_on_the_shape_alone(
    newsroom: Newsroom, executor: ExecutorName, query: str
) -> None:
    newsroom.put(story(0))
    _define_family(newsroom, "T0")
    with newsroom.noted() as few:
        await newsroom.ask(query, executor=executor)
    newsroom.put(*map(story, range(1, 60)))
    newsroom.store.known_labels.forget()
    with newsroom.noted() as many:
        await newsroom.ask(query, executor=executor)
    assert (len(few), len(many)) == (SHAPES[query],) * 2, [list(command) for command in many]


async def test_the_first_items_of_sixty_providers_take_one_aggregation(newsroom: Newsroom) -> None:
    newsroom.put(*(item(f"{p}-{n}", provider=f"p{p}.example") for p in range(60) for n in range(5)))
    with newsroom.noted() as commands:
        data = await newsroom.ask(
            "{ providers(first: 60) { nodes { domain items(first: 3) { nodes { title } } } } }"
        )
    assert [len(node["items"]["nodes"]) for node in data["providers"]["nodes"]] == [3] * 60
    providers, items = commands
    assert providers["find"] == "providers"
    assert [next(iter(stage)) for stage in items["pipeline"]] == [
        "$documents",
        "$lookup",
        "$unwind",
    ]


async def test_all_documents_a_level_reads_by_id_take_one_command(newsroom: Newsroom) -> None:
    newsroom.put(*map(story, range(20)))
    query = """{ items(first: 20) { nodes { provider { name } topics { name }
      related { item { title } provider { domain itemCount } } } } }"""
    with newsroom.noted() as commands:
        data = await newsroom.ask(query)
    for number, node in enumerate(data["items"]["nodes"]):
        assert node["provider"]["name"]
        assert len(node["topics"]) == 2, number
        assert node["related"][0]["item"]["title"]
        assert node["related"][0]["provider"]["itemCount"] == 1
    _, by_id = commands
    assert [next(iter(stage)) for stage in by_id["pipeline"]] == [
        "$match",
        "$project",
        *["$unionWith"] * 3,
    ]


async def test_objects_by_id_take_one_command(newsroom: Newsroom, executor: ExecutorName) -> None:
    newsroom.put(*map(story, range(30)))
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
      __typename id ... on Item { title } ... on Provider { name } ... on Topic { name }
    } }"""
    ids = [id_ for number in range(30) for id_ in (story(number)["_id"], f"topic:t{number}")]
    ids += [f"provider:p{number}.example" for number in range(30)] + ["item:none", "else:x", "x"]
    with newsroom.noted() as commands:
        data = await newsroom.ask(query, executor=executor, ids=ids)
    assert len(commands) == 1
    assert [node and node["id"] for node in data["nodes"]] == [*ids[:-3], None, None, None]


async def test_an_exact_page_info_beyond_a_cursor_takes_one_more_command(
    newsroom: Newsroom,
) -> None:
    newsroom.put(*map(story, range(5)))
    page = "items(first: 2, after: $after)"
    cursor = await newsroom.ask("{ items(first: 1) { pageInfo { endCursor } } }")
    after = cursor["items"]["pageInfo"]["endCursor"]
    for asked, count in (("hasNextPage endCursor", 1), ("hasPreviousPage", 2)):
        query = f"query ($after: String) {{ {page} {{ pageInfo {{ {asked} }} }} }}"
        with newsroom.noted() as commands:
            await newsroom.ask(query, after=after)
        assert len(commands) == count


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("title", {"title"}),
        ("id", set()),
        ("__typename", set()),
        ("publishedDateTime images { url }", {"publishedDateTime", "images.url", "webUrl"}),
        ("images { width }", {"images.width", "images.url"}),
        ("images { __typename }", {"images.url"}),
        (
            "related { images { title } }",
            {"related.title", "related.images.url", "related.images.title"},
        ),
        ("provider { domain } byline", {"provider.id", "provider.name"}),
        ("topics { slug }", {"topics.id"}),
        ("authors { name }", {"authors.id"}),
        ("related { item { body } }", {"related.title", "related.ref"}),
        ("headline: title relatedBy { totalCount }", {"title"}),
        ("...Teaser", {"title", "excerpt"}),
        ("body @skip(if: true) title", {"title"}),
    ],
)
async def test_only_selected_fields_of_items_are_read(
    newsroom: Newsroom, executor: ExecutorName, asked: str, keys: set[str]
) -> None:
    newsroom.put(*map(story, range(2)))
    fragment = "fragment Teaser on Item { ... on Node { ... on Item { title } } excerpt }"
    query = f"{{ items {{ nodes {{ {asked} }} }} }} {fragment if 'Teaser' in asked else ''}"
    with newsroom.noted() as commands:
        await newsroom.ask(query, Audience.EDITOR, executor=executor)
    assert _projection(commands[0]) == {"_id", *keys}


@pytest.mark.parametrize(
    ("selected", "keys"),
    [
        ("nodes { id } pageInfo { hasNextPage hasPreviousPage }", set()),
        ("nodes { id } pageInfo { endCursor }", {"sort.newest"}),
        ("nodes { id } pageInfo { startCursor }", {"sort.newest"}),
        ("edges { node { id } }", set()),
        ("edges { cursor }", {"sort.newest"}),
        ("pageInfo { hasNextPage } ...More", {"sort.newest"}),
    ],
)
async def test_sort_keys_are_read_for_cursors_only(
    newsroom: Newsroom, executor: ExecutorName, selected: str, keys: set[str]
) -> None:
    newsroom.put(*map(story, range(2)))
    fragment = "fragment More on ItemConnection { pageInfo { endCursor } }"
    query = f"{{ items {{ {selected} }} }} {fragment if 'More' in selected else ''}"
    with newsroom.noted() as commands:
        await newsroom.ask(query, Audience.EDITOR, executor=executor)
    assert _projection(commands[0]) == {"_id", *keys}


@pytest.mark.parametrize("count", [1, 5])
async def test_an_item_page_takes_one_call_for_the_item_and_one_for_all_around_it(
    newsroom: Newsroom, count: int
) -> None:
    newsroom.put(*map(story, range(count)))
    with newsroom.noted() as commands:
        data = await newsroom.ask(
            """{ items(first: 1) { nodes {
              provider { name items(first: 3) { nodes { title } pageInfo { hasNextPage } } }
              related { provider { name } item { title } } } } }"""
        )
    assert [next(iter(command.items())) for command in commands] == [
        ("find", "items"),
        ("aggregate", "providers"),
    ]
    (page,) = data["items"]["nodes"]
    assert page["provider"]["items"]["pageInfo"] == {"hasNextPage": False}
    assert len(page["provider"]["items"]["nodes"]) == 1


async def test_providers_of_several_fields_are_read_by_one_find(newsroom: Newsroom) -> None:
    newsroom.put(*map(story, range(2)))
    with newsroom.noted() as commands:
        await newsroom.ask(
            """{ items { nodes { provider { id name items { totalCount } }
            related { provider { name } } } } }"""
        )
    assert commands[1]["find"] == "providers"


async def test_only_selected_fields_of_a_provider_are_read(newsroom: Newsroom) -> None:
    newsroom.put(*map(story, range(2)))
    with newsroom.noted() as commands:
        await newsroom.ask("{ items { nodes { provider { name } } } }")
    assert commands[1]["projection"] == {"domain": 1, "slug": 1, "name": "$public.name"}


async def test_a_list_larger_than_a_bson_document_is_served(newsroom: Newsroom) -> None:
    body = "tide " * 80_000
    newsroom.put(*(item(f"{n}", provider=f"p{n % 2}.example", body=body) for n in range(90)))
    data = await newsroom.ask(
        "{ providers { nodes { items(first: 100) { nodes { body } } } } }",
        limits=Limits(max_response_mb=64),
    )
    assert [len(node["items"]["nodes"]) for node in data["providers"]["nodes"]] == [45, 45]


def _define_family(newsroom: Newsroom, name: str) -> None:
    """Define a parent and a child of a topic, so that no level below it is empty."""
    slug = name.lower()
    family = [(slug, name, "above", "Above"), ("below", "Below", slug, name)]
    newsroom.define(
        *(
            {
                "_id": f"topic:{slug}",
                "slug": slug,
                "name": name,
                "parent": f"topic:{parent}",
                "parentName": parent_name,
                "keywords": [],
                "published": True,
                "path": f"{slug}.yaml",
                "rank": slug,
            }
            for slug, name, parent, parent_name in family
        )
    )


def _projection(command: Any) -> set[str]:
    return set(command["projection"])
