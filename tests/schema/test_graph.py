"""The types of the graph and their links.

Covers `schema.item`, `image`, `provider`, `topic`, `author`, `taxonomies`, `facets`, `facet_types`,
`corpus`, `query` and `store.reading.facets`, `items`, `taxonomies`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.audience import Audience
from store.indexes import ensure_indexes
from tests.schema.newsroom import DAY_ONE, Newsroom, dated, item, link

pytestmark = pytest.mark.anyio


async def test_a_related_entry_links_to_its_item_and_back(newsroom: Newsroom) -> None:
    here = {"title": "In other words", "webUrl": "https://one.example/b", "heat": 7}
    gone = {"title": "Gone", "webUrl": "https://one.example/gone"}
    newsroom.put(item("a", related=[here, gone, {"title": "No URL"}, "a"]), item("b"))
    data = await newsroom.ask(
        """{ items(orderBy: OLDEST) { nodes {
          title
          related { title heat item { title } }
          firstOnly: related(first: 1) { title }
          relatedBy { totalCount nodes { title } }
        } } }"""
    )
    nodes = {node["title"]: node for node in data["items"]["nodes"]}
    assert nodes["Story a"]["related"] == [
        {"title": "In other words", "heat": 7, "item": {"title": "Story b"}},
        {"title": "Gone", "heat": None, "item": None},
        {"title": "No URL", "heat": None, "item": None},
        {"title": "Story a", "heat": None, "item": {"title": "Story a"}},
    ]
    assert nodes["Story a"]["firstOnly"] == [{"title": "In other words"}]
    assert nodes["Story a"]["relatedBy"] == {"totalCount": 1, "nodes": [{"title": "Story a"}]}
    assert nodes["Story b"]["relatedBy"] == {"totalCount": 1, "nodes": [{"title": "Story a"}]}


async def test_related_by_starts_with_the_newest(newsroom: Newsroom) -> None:
    newsroom.put(item("goal"), *dated(5, related=["goal"]))
    query = """query ($after: String) { item(url: "https://one.example/goal") {
      relatedBy(first: 2, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } }
    } }"""
    titles: list[str] = []
    after = None
    while True:
        page = (await newsroom.ask(query, after=after))["item"]["relatedBy"]
        titles += [node["title"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert titles == [f"Story n00{number}" for number in (4, 3, 2, 1, 0)]


async def test_images_can_be_limited(newsroom: Newsroom) -> None:
    images = [{"url": f"/media/{n}.svg", "isCached": n == 0} for n in range(3)]
    newsroom.put(item("a", images=images), item("b", date=None))
    data = await newsroom.ask(
        """{ items { nodes {
          images { url isCached width } one: images(first: 1) { url } none: images(first: 0) { url }
        } } }"""
    )
    first, second = data["items"]["nodes"]
    url = "https://one.example/media/0.svg"
    assert first["images"][0] == {"url": url, "isCached": True, "width": None}
    assert [len(first[key]) for key in ("images", "one", "none")] == [3, 1, 0]
    assert second == {"images": [], "one": [], "none": []}


async def test_a_provider_has_one_name_and_an_item_a_byline(newsroom: Newsroom) -> None:
    desk = link("a.example") | {"name": "The Desk"}
    newsroom.put(
        *dated(2, provider="a.example"),
        item("x", provider="a.example") | {"provider": desk},
        item("y", related=[{"title": "T", "provider": link("b.example")}]),
    )
    data = await newsroom.ask(
        """{
          provider(domain: "WWW.A.example") { id name domain itemCount items { totalCount } }
          item(url: "https://a.example/x") { byline provider { name } }
          named: provider(domain: "b.example") { name itemCount items { nodes { id } } }
          none: provider(domain: "c.example") { name }
        }"""
    )
    assert data == {
        "provider": {
            "id": "provider:a.example",
            "name": "The a.example",
            "domain": "a.example",
            "itemCount": 3,
            "items": {"totalCount": 3},
        },
        "item": {"byline": "The Desk", "provider": {"name": "The a.example"}},
        "named": {"name": "The b.example", "itemCount": 0, "items": {"nodes": []}},
        "none": None,
    }


def definition(name: str, parent: str | None = None) -> dict[str, Any]:
    """Return a topic's definition, as a file contains it."""
    made = {
        "_id": f"topic:{name.lower()}",
        "slug": name.lower(),
        "name": name,
        "keywords": [],
        "published": True,
        "path": f"{name}.yaml",
        "rank": name,
    }
    return made | ({"parent": f"topic:{parent.lower()}", "parentName": parent} if parent else {})


async def test_topics_form_a_tree(newsroom: Newsroom) -> None:
    newsroom.put(*dated(2, topics=["Tides"]), item("x", topics=["Energy"]))
    newsroom.define(
        definition("Energy"),
        definition("Tides", "Energy"),
        definition("Solar", "Energy"),
        definition("Moons", "Tides"),
    )
    data = await newsroom.ask(
        """{
          topic(name: "ENERGY") {
            name slug itemCount parent { name }
            children { name itemCount parent { name } children { name } }
            items { nodes { title } }
          }
          topics(orderBy: MOST_ITEMS) { nodes { name itemCount } }
        }"""
    )
    assert data["topic"] == {
        "name": "Energy",
        "slug": "energy",
        "itemCount": 1,
        "parent": None,
        "children": [
            {"name": "Solar", "itemCount": 0, "parent": {"name": "Energy"}, "children": []},
            {
                "name": "Tides",
                "itemCount": 2,
                "parent": {"name": "Energy"},
                "children": [{"name": "Moons"}],
            },
        ],
        "items": {"nodes": [{"title": "Story x"}]},
    }
    assert [node["name"] for node in data["topics"]["nodes"]] == [
        "Tides",
        "Energy",
        "Moons",
        "Solar",
    ]


TREE = [
    definition("Energy"),
    definition("Tides", "Energy"),
    definition("Solar", "Energy"),
    definition("Moons", "Tides"),
    definition("Ports"),
]


async def test_topics_at_the_top_level_are_a_list_of_their_own(newsroom: Newsroom) -> None:
    newsroom.define(*TREE)
    newsroom.put(item("x", topics=["Ports", "Loose"]))
    query = """query ($order: NamedOrder!, $after: String) {
      topics(roots: true, orderBy: $order, first: 2, after: $after) {
        totalCount nodes { name parent { name } } pageInfo { hasNextPage endCursor }
      }
    }"""
    page = (await newsroom.ask(query, order="NAME"))["topics"]
    assert page["totalCount"] == 3
    assert page["nodes"] == [{"name": name, "parent": None} for name in ("Energy", "Loose")]
    after = page["pageInfo"]["endCursor"]
    rest = (await newsroom.ask(query, order="NAME", after=after))["topics"]
    assert [node["name"] for node in rest["nodes"]] == ["Ports"]
    assert not rest["pageInfo"]["hasNextPage"]
    busiest = (await newsroom.ask(query, order="MOST_ITEMS"))["topics"]
    assert [node["name"] for node in busiest["nodes"]] == ["Loose", "Ports"]
    code, _ = await newsroom.refusal(
        "query ($after: String) { topics(after: $after) { nodes { name } } }", after=after
    )
    assert code == "BAD_USER_INPUT"


async def test_the_ancestors_of_a_topic_begin_at_the_top_level(newsroom: Newsroom) -> None:
    newsroom.define(*TREE)
    query = "{ topics { nodes { name ancestors { name itemCount } } } }"
    with newsroom.noted() as commands:
        data = await newsroom.ask(query)
    assert {
        node["name"]: [topic["name"] for topic in node["ancestors"]]
        for node in data["topics"]["nodes"]
    } == {
        "Energy": [],
        "Moons": ["Energy", "Tides"],
        "Ports": [],
        "Solar": ["Energy"],
        "Tides": ["Energy"],
    }
    assert len(commands) == 2  # the page; Energy and Tides, which are not read again


async def test_topics_that_form_a_circle_have_each_other_as_ancestors(newsroom: Newsroom) -> None:
    circle = [definition("A", "B"), definition("B", "C"), definition("C", "A")]
    newsroom.define(*circle, definition("D", "A"))
    data = await newsroom.ask("{ topics { nodes { name ancestors { name } } } }")
    assert {
        node["name"]: [topic["name"] for topic in node["ancestors"]]
        for node in data["topics"]["nodes"]
    } == {"A": ["C", "B"], "B": ["A", "C"], "C": ["B", "A"], "D": ["C", "B", "A"]}


async def test_a_topic_has_no_more_than_twenty_ancestors(newsroom: Newsroom) -> None:
    newsroom.define(definition("T0"), *[definition(f"T{n}", f"T{n - 1}") for n in range(1, 25)])
    data = await newsroom.ask('{ topic(name: "T24") { ancestors { name } } }')
    names = [topic["name"] for topic in data["topic"]["ancestors"]]
    assert names == [f"T{number}" for number in range(4, 24)]


async def test_children_may_be_limited(newsroom: Newsroom) -> None:
    newsroom.define(*TREE)
    query = 'query ($first: Int) { topic(name: "energy") { children(first: $first) { name } } }'
    for first, names in ((None, ["Solar", "Tides"]), (1, ["Solar"]), (0, [])):
        data = await newsroom.ask(query, first=first)
        assert [child["name"] for child in data["topic"]["children"]] == names
    result = await newsroom.answer(query, first=101)
    assert result.data == {"topic": {"children": None}}
    assert result.errors[0].message == "`first` is 101, but must be from 0 to 100."


async def test_a_whole_topic_tree_is_affordable(newsroom: Newsroom) -> None:
    newsroom.define(*TREE)
    below = "name"
    for _ in range(6):
        below = f"name itemCount children {{ {below} }}"
    for arguments in ("first: 100", "first: 100, roots: true"):
        assert await newsroom.ask(f"{{ topics({arguments}) {{ nodes {{ {below} }} }} }}")


async def test_authors_list_their_items(newsroom: Newsroom) -> None:
    newsroom.put(
        item("a", authors=["Ada Moor", "Li Wen"]),
        item("b", authors=["Ada Moor"], date=DAY_ONE - timedelta(days=1)),
        item("draft", authors=["Li Wen", "Jo"], published=False),
        item("c"),
    )
    query = """{
      items { nodes { title authors { id name slug itemCount items { nodes { title } } } } }
      author(name: "ADA MOOR") { id items(orderBy: OLDEST) { totalCount nodes { title } } }
      draft: author(name: "jo") { name }
      authors(orderBy: MOST_ITEMS) { totalCount nodes { name itemCount } }
    }"""
    data = await newsroom.ask(query)
    titles = ["Story a", "Story b"]
    moor = {
        "id": "author:ada-moor",
        "name": "Ada Moor",
        "slug": "ada-moor",
        "itemCount": 2,
        "items": {"nodes": [{"title": title} for title in titles]},
    }
    by_title = {node["title"]: node["authors"] for node in data["items"]["nodes"]}
    assert by_title["Story b"] == [moor]
    assert [author["name"] for author in by_title["Story a"]] == ["Ada Moor", "Li Wen"]
    assert by_title["Story c"] == []
    assert data["author"]["items"] == {
        "totalCount": 2,
        "nodes": [{"title": title} for title in reversed(titles)],
    }
    assert data["draft"] is None
    assert data["authors"] == {
        "totalCount": 2,
        "nodes": [{"name": "Ada Moor", "itemCount": 2}, {"name": "Li Wen", "itemCount": 1}],
    }
    editors = await newsroom.ask(query, Audience.EDITOR)
    assert editors["draft"] == {"name": "Jo"}
    assert editors["authors"]["totalCount"] == 3


async def test_items_of_an_earlier_version_have_no_authors(newsroom: Newsroom) -> None:
    newsroom.put(item("a"))
    newsroom.database["items"].update_many({}, {"$unset": {"authors": 1}})
    newsroom.database["authors"].drop()
    query = """{
      items { nodes { authors { name } } facets { authors { count } } }
      author(name: "Li") { name }
      authors { totalCount nodes { name } }
      corpus { authorCount }
    }"""
    assert await newsroom.ask(query) == {
        "items": {"nodes": [{"authors": []}], "facets": {"authors": []}},
        "author": None,
        "authors": {"totalCount": 0, "nodes": []},
        "corpus": {"authorCount": 0},
    }
    ensure_indexes(newsroom.database, "authors")


async def test_facets_count_the_whole_list(newsroom: Newsroom) -> None:
    newsroom.put(
        item(
            "a",
            category="news",
            type="article",
            topics=["X", "Y"],
            authors=["Li"],
            provider="a.example",
        ),
        item(
            "b",
            category="news",
            type="video",
            topics=["X"],
            authors=["Jo", "Li"],
            provider="b.example",
        ),
        item("c", category="learning", date=DAY_ONE - timedelta(days=1), provider="b.example"),
        item("d", date=None),
    )
    facets = """{
      categories { value count } types(first: 1) { value count }
      topics { topic { name slug } count } providers(first: null) { provider { domain } count }
      authors { author { name slug } count } months { month count }
    }"""
    query = f"""query ($filter: ItemFilter) {{
      items(first: 1, filter: $filter) {{ facets {facets} }}
      provider(domain: "b.example") {{
        items(filter: $filter) {{ facets {{ months {{ count }} }} }}
      }}
    }}"""
    data = await newsroom.ask(query)
    assert data["items"]["facets"] == {
        "categories": [{"value": "news", "count": 2}, {"value": "learning", "count": 1}],
        "types": [{"value": "article", "count": 1}],
        "topics": [
            {"topic": {"name": "X", "slug": "x"}, "count": 2},
            {"topic": {"name": "Y", "slug": "y"}, "count": 1},
        ],
        "authors": [
            {"author": {"name": "Li", "slug": "li"}, "count": 2},
            {"author": {"name": "Jo", "slug": "jo"}, "count": 1},
        ],
        "providers": [
            {"provider": {"domain": "b.example"}, "count": 2},
            {"provider": {"domain": "a.example"}, "count": 1},
        ],
        "months": [{"month": "2026-01", "count": 2}, {"month": "2025-12", "count": 1}],
    }
    assert data["provider"]["items"]["facets"] == {"months": [{"count": 1}, {"count": 1}]}
    filtered = await newsroom.ask(query, filter={"types": ["video"]})
    assert filtered["items"]["facets"]["categories"] == [{"value": "news", "count": 1}]
    assert filtered["items"]["facets"]["topics"] == [
        {"topic": {"name": "X", "slug": "x"}, "count": 1}
    ]


async def test_a_facet_leaves_its_own_filter_out(newsroom: Newsroom) -> None:
    newsroom.put(
        item("a", category="news", type="video", tags=["Ice"], topics=["X"], provider="a.example"),
        item("b", category="news", type="story", tags=["Sea"], topics=["Y"], provider="b.example"),
        item("c", category="sport", type="video", tags=["Ice", "Sea"], provider="a.example"),
        item("d", category="sport", published=False, tags=["Ice"]),
    )
    query = """query ($filter: ItemFilter) { items(filter: $filter) { totalCount facets {
      categories { value count } types { value count } tags { value count }
      providers { provider { domain } count } topics { topic { name } count }
      years { count } } } }"""
    filter_ = {"categories": ["news"], "types": ["video"], "tags": ["ice"]}
    data = await newsroom.ask(query, filter=filter_)
    assert data["items"]["totalCount"] == 1
    assert data["items"]["facets"] == {
        "categories": [{"value": "news", "count": 1}, {"value": "sport", "count": 1}],
        "types": [{"value": "video", "count": 1}],
        "tags": [{"value": "Ice", "count": 1}],
        "providers": [{"provider": {"domain": "a.example"}, "count": 1}],
        "topics": [{"topic": {"name": "X"}, "count": 1}],
        "years": [{"count": 1}],
    }
    # A scope is no choice among the values: the topics under a topic restrict the facet, too.
    under = await newsroom.ask(query, filter={"underTopics": ["X"]})
    assert under["items"]["facets"]["topics"] == [{"topic": {"name": "X"}, "count": 1}]
    chosen = await newsroom.ask(query, filter={"topics": ["X"]})
    assert len(chosen["items"]["facets"]["topics"]) == 2


async def test_spellings_of_one_name_are_one_value(newsroom: Newsroom) -> None:
    days = [DAY_ONE + timedelta(days=number) for number in range(4)]
    newsroom.put(
        item("a", category="Long reads", tags=["C++", "c++"], locale="en-GB", date=days[0]),
        item("b", category="long-reads", tags=["c++"], locale="en_gb", date=days[1]),
        item("c", category="LONG READS", locale="en-us", published=False, date=days[2]),
        item("d", date=days[3]),
    )
    query = """{ items { facets {
      categories { value count } tags { value count } locales { value count } } } }"""
    assert (await newsroom.ask(query))["items"]["facets"] == {
        "categories": [{"value": "long-reads", "count": 2}],
        "tags": [{"value": "c++", "count": 2}],
        "locales": [{"value": "en_gb", "count": 2}],
    }
    editor = (await newsroom.ask(query, Audience.EDITOR))["items"]["facets"]
    assert editor["categories"] == [{"value": "LONG READS", "count": 3}]
    assert [facet["count"] for facet in editor["locales"]] == [2, 1]


async def test_items_are_counted_by_periods(newsroom: Newsroom) -> None:
    dates = ("2024-12-30T00:00:00", "2025-01-01T23:59:59.999", "2025-01-06T00:00:00")
    newsroom.put(
        *(
            item(f"i{number}", date=datetime.fromisoformat(date).replace(tzinfo=UTC))
            for number, date in enumerate(dates)
        ),
        item("none", date=None),
    )
    query = """query ($filter: ItemFilter) { items(filter: $filter) { facets {
      years { period count } months { month count } weeks { period count } days { period count }
    } } }"""
    counts = (await newsroom.ask(query))["items"]["facets"]
    found = {
        name: [(value.get("period") or value["month"], value["count"]) for value in values]
        for name, values in counts.items()
    }
    assert found == {
        "years": [("2025", 2), ("2024", 1)],
        "months": [("2025-01", 2), ("2024-12", 1)],
        "weeks": [("2025-W02", 1), ("2025-W01", 2)],
        "days": [("2025-01-06", 1), ("2025-01-01", 1), ("2024-12-30", 1)],
    }
    before = await newsroom.ask(query, filter={"publishedBefore": "2025-01-01T00:00:00Z"})
    assert before["items"]["facets"]["days"] == [{"period": "2024-12-30", "count": 1}]


async def test_the_corpus_is_counted_for_its_audience(newsroom: Newsroom) -> None:
    newsroom.put(
        *dated(3, topics=["X"], authors=["Li"], provider="a.example"),
        item("hidden", published=False, date=DAY_ONE + timedelta(days=9), topics=["Y"]),
    )
    newsroom.database["meta"].insert_one(
        {"_id": "corpus", "version": 7, "updatedDateTime": DAY_ONE}
    )
    query = """{ corpus {
      itemCount providerCount topicCount authorCount oldest newest version updatedDateTime
    } }"""
    assert (await newsroom.ask(query))["corpus"] == {
        "itemCount": 3,
        "providerCount": 1,
        "topicCount": 1,
        "authorCount": 1,
        "oldest": "2026-01-01T00:00:00Z",
        "newest": "2026-01-03T00:00:00Z",
        "version": 7,
        "updatedDateTime": "2026-01-01T00:00:00Z",
    }
    editors = (await newsroom.ask(query, Audience.EDITOR))["corpus"]
    assert (editors["itemCount"], editors["topicCount"]) == (4, 2)
    assert editors["newest"] == "2026-01-10T00:00:00Z"


async def test_node_and_nodes_find_objects_by_id(newsroom: Newsroom) -> None:
    newsroom.put(item("a", topics=["X"], authors=["Li"], provider="a.example"))
    query = "{ items { nodes { id provider { id } topics { id } authors { id } } } }"
    (node,) = (await newsroom.ask(query))["items"]["nodes"]
    ids = [
        node["id"],
        node["provider"]["id"],
        node["topics"][0]["id"],
        node["authors"][0]["id"],
    ]
    query = "query ($id: ID!) { node(id: $id) { __typename id } }"
    found = [(await newsroom.ask(query, id=id_))["node"] for id_ in ids]
    assert found == [
        {"__typename": type_, "id": id_}
        for type_, id_ in zip(("Item", "Provider", "Topic", "Author"), ids, strict=True)
    ]
    repeated = await newsroom.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[ids[2], ids[0], ids[2], ""]
    )
    assert repeated["nodes"] == [{"id": ids[2]}, {"id": ids[0]}, {"id": ids[2]}, None]


@pytest.mark.parametrize("field", ["images", "related"])
@pytest.mark.parametrize("first", [-1, 101])
async def test_embedded_lists_refuse_sizes_out_of_range(
    newsroom: Newsroom, field: str, first: int
) -> None:
    newsroom.put(item("a"))
    code, message = await newsroom.refusal(
        f"{{ items {{ nodes {{ {field}(first: {first}) {{ title }} }} }} }}"
    )
    assert code == "BAD_USER_INPUT"
    assert "must be from 0 to 100" in message
