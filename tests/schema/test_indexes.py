"""Indexes (`store.indexes`): a list reads about as many index keys as it returns documents.

Counts read no documents (`store.reading.covered`).
"""

import random
from datetime import timedelta
from typing import Any

import pytest

from store.audience import Audience
from store.documents import Document
from tests.schema.explained import Work, work_of
from tests.schema.newsroom import DAY_ONE, Newsroom, item

pytestmark = pytest.mark.anyio

SIZE = 300
ORDERS = ("NEWEST", "OLDEST", "HOTTEST", "BEST", "UPDATED")
DATE = "2026-02-15T00:00:00Z"
# What an index serves in every order.
LABELS: dict[str, Document] = {
    "nothing": {},
    "category": {"categories": ["news"]},
    "categories": {"categories": ["news", "sport"]},
    "type": {"types": ["video"]},
    "topic": {"topics": ["A"]},
    "topics under": {"underTopics": ["A"]},
    "tag": {"tags": ["A"]},
    "locale": {"locales": ["en"]},
    "author": {"authors": ["A"]},
    "provider": {"providers": ["p1.example"]},
    "a picture": {"hasImage": True},
    "no picture": {"hasImage": False},
    "published": {"published": True},
}
# What an index serves in the orders by the same value.
RANGES: dict[str, tuple[Document, tuple[str, ...]]] = {
    "after": ({"publishedAfter": DATE}, ("NEWEST", "OLDEST")),
    "before": ({"publishedBefore": DATE}, ("NEWEST", "OLDEST")),
    "updated": ({"updatedAfter": DATE}, ("UPDATED",)),
    "quality": ({"minQuality": 70}, ("BEST",)),
    "heat": ({"minHeat": 70}, ("HOTTEST",)),
}
LIST = """
query ($filter: ItemFilter, $order: ItemOrder!, $after: String, $before: String, $last: Int) {
  items(filter: $filter, orderBy: $order, after: $after, before: $before, last: $last) {
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}
"""
NESTED = """
query ($filter: ItemFilter, $order: ItemOrder!) {
  %s { nodes { items(first: 5, filter: $filter, orderBy: $order) { nodes { id } } } }
}
"""


def stories(size: int) -> list[Document]:
    """Return a corpus in which every field varies or is absent, always the same one."""
    chance = random.Random(7)  # noqa: S311

    def story(number: int) -> Document:
        picture = {"url": "https://img.example/a.jpg", "isCached": False}
        return item(
            f"i{number}",
            provider=f"p{number % 8}.example",
            date=_rarely_none(chance, DAY_ONE + timedelta(hours=chance.randrange(2000))),
            heat=_rarely_none(chance, chance.randrange(-10, 100)),
            quality=_rarely_none(chance, chance.randrange(100)),
            category=chance.choice(["news", "learning", "sport"]),
            type=chance.choice(["article", "video"]),
            published=chance.random() < 0.8,
            topics=chance.sample("ABCDEF", 2),
            tags=["ABC"[number % 3], "DE"[number % 2]],
            locale=["en-gb", "de"][number % 2],
            authors=["ABC"[number % 3]],
            images=[picture] if chance.random() < 0.6 else [],
            related=[
                {"title": "Other", "webUrl": f"https://p{n % 8}.example/i{n}"}
                for n in (chance.randrange(size) for _ in range(3))
            ],
        )

    return [story(number) for number in range(size)]


def _rarely_none(chance: random.Random, value: Any) -> Any:
    return None if chance.random() < 0.05 else value


@pytest.fixture(scope="module")
async def stocked(_shared_newsroom: Newsroom) -> Newsroom:
    """A newsroom of many items."""
    _shared_newsroom.clear()
    _shared_newsroom.put(*stories(SIZE))
    return _shared_newsroom


async def works_of(newsroom: Newsroom, query: str, *given: Any, **variables: Any) -> Any:
    """Ask a query: its data, and the work of each command that it took."""
    with newsroom.noted() as commands:
        data = await newsroom.ask(query, *given, **variables)
    return data, [work_of(newsroom.database, command) for command in commands]


def assert_frugal(work: Work, returned: int, scans: int = 1, lists: int = 1) -> None:
    """Check that about as many keys were examined as documents returned.

    One key more for each list tells whether there is a next page, and one for each part of an
    index that is merged into it is read to begin with.
    """
    assert work.keys <= 2 * returned + lists * (1 + scans), work
    assert work.documents <= 2 * returned + lists * (1 + scans), work
    assert not work.stages & {"COLLSCAN", "SORT"}, work


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", LABELS)
async def test_a_list_by_one_label_is_read_from_an_index(
    stocked: Newsroom, name: str, order: str, audience: Audience
) -> None:
    asked = {"order": order, "filter": LABELS[name], "after": None}
    await stocked.ask(LIST, audience, **asked)  # looks up whether there is such a label
    data, (*topics, work) = await works_of(stocked, LIST, audience, **asked)
    assert len(topics) == ("underTopics" in LABELS[name])
    assert len(data["items"]["nodes"]) == 20
    assert_frugal(work, 20, scans=4)
    assert work.indexes == {f"list_{order.lower()}"}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize(
    ("name", "order"), [(name, order) for name, (_, orders) in RANGES.items() for order in orders]
)
async def test_a_range_of_the_value_that_a_list_is_ordered_by_is_read_from_an_index(
    stocked: Newsroom, name: str, order: str, audience: Audience
) -> None:
    data, (work,) = await works_of(stocked, LIST, audience, order=order, filter=RANGES[name][0])
    assert len(data["items"]["nodes"]) == 20
    assert_frugal(work, 20, scans=2)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize(
    ("name", "order"),
    [
        (name, order)
        for name, (_, orders) in RANGES.items()
        for order in ORDERS
        if order not in orders
    ],
)
async def test_a_range_of_another_value_costs_no_more_than_reading_the_range(
    stocked: Newsroom, name: str, order: str, audience: Audience
) -> None:
    filter_ = RANGES[name][0]
    query = "query ($filter: ItemFilter) { items(filter: $filter) { totalCount } }"
    in_range = (await stocked.ask(query, audience, filter=filter_))["items"]["totalCount"]
    _, (work,) = await works_of(stocked, LIST, audience, order=order, filter=filter_)
    assert work.keys <= in_range + 4
    assert "COLLSCAN" not in work.stages


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("order", ORDERS)
async def test_every_page_costs_as_little_as_the_first(
    stocked: Newsroom, order: str, audience: Audience
) -> None:
    cursor, pages = None, 0
    while True:
        data, works = await works_of(stocked, LIST, audience, order=order, after=cursor)
        page, *probes = works
        assert_frugal(page, len(data["items"]["nodes"]), scans=2)
        for probe in probes:
            assert_frugal(probe, 1, scans=2)
        pages += 1
        info = data["items"]["pageInfo"]
        if not info["hasNextPage"]:
            break
        cursor = info["endCursor"]
    assert pages >= SIZE * 0.7 // 20
    _, (page, probe) = await works_of(stocked, LIST, audience, order=order, before=cursor, last=20)
    assert_frugal(page, 20, scans=2)
    assert_frugal(probe, 1, scans=2)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("parents", ["providers", "topics", "authors"])
async def test_the_lists_of_many_parents_are_read_from_an_index(
    stocked: Newsroom, parents: str, order: str, audience: Audience
) -> None:
    data, (_, work) = await works_of(stocked, NESTED % parents, audience, order=order)
    returned = [len(node["items"]["nodes"]) for node in data[parents]["nodes"]]
    assert sum(returned) == 5 * len(returned)
    assert_frugal(work, sum(returned), scans=2, lists=len(returned))


@pytest.mark.parametrize("audience", Audience)
async def test_related_by_is_read_from_an_index(stocked: Newsroom, audience: Audience) -> None:
    query = "{ items(first: 40) { nodes { relatedBy(first: 3) { nodes { id } } } } }"
    data, (_, work) = await works_of(stocked, query, audience)
    nodes = data["items"]["nodes"]
    returned = sum(len(node["relatedBy"]["nodes"]) for node in nodes)
    assert returned > 40
    assert_frugal(work, returned, scans=2, lists=len(nodes))
    assert work.indexes == {"related_by"}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("order", ["NAME", "MOST_ITEMS"])
@pytest.mark.parametrize("named", ["providers", "topics", "authors"])
async def test_providers_topics_and_authors_are_read_from_an_index(
    stocked: Newsroom, named: str, order: str, audience: Audience
) -> None:
    query = f"{{ {named}(first: 3, orderBy: {order}) {{ nodes {{ name }} }} }}"
    _, (work,) = await works_of(stocked, query, audience)
    assert_frugal(work, 3)


@pytest.mark.parametrize("audience", Audience)
async def test_topics_at_the_top_level_are_read_from_an_index(
    stocked: Newsroom, audience: Audience
) -> None:
    _, (work,) = await works_of(stocked, "{ topics(roots: true) { nodes { name } } }", audience)
    assert_frugal(work, 6)


@pytest.mark.parametrize("audience", Audience)
async def test_children_are_read_from_an_index(stocked: Newsroom, audience: Audience) -> None:
    query = "{ topics { nodes { children { name } } } }"
    _, (_, work) = await works_of(stocked, query, audience)
    assert_frugal(work, 0, lists=6)


async def test_objects_are_found_by_their_id(stocked: Newsroom) -> None:
    query = "{ items { nodes { provider { name } related { item { title } } } } }"
    _, (_, *works) = await works_of(stocked, query)
    for work in works:
        assert "COLLSCAN" not in work.stages
        assert work.keys <= 2 * 60 + 1  # each id is looked for, and then looked at


@pytest.mark.parametrize("audience", Audience)
async def test_counts_read_the_index_alone(stocked: Newsroom, audience: Audience) -> None:
    for filter_ in ({}, *(filter_ for filter_, _ in RANGES.values())):
        query = "query ($filter: ItemFilter) { items(filter: $filter) { totalCount } }"
        data, (work,) = await works_of(stocked, query, audience, filter=filter_)
        assert work.keys <= data["items"]["totalCount"] + 4
        assert work.documents == 0, filter_


@pytest.mark.parametrize("audience", Audience)
async def test_counts_by_several_names_read_the_index_alone(
    stocked: Newsroom, audience: Audience
) -> None:
    for filter_ in (
        {"categories": ["news"], "types": ["video"]},
        {"categories": ["news", "sport"], "types": ["video"], "providers": ["p1.example"]},
        {"categories": ["news"], "types": ["video", "article"], "publishedAfter": DATE},
    ):
        query = "query ($filter: ItemFilter) { items(filter: $filter) { totalCount } }"
        await stocked.ask(query, audience, filter=filter_)
        data, (work,) = await works_of(stocked, query, audience, filter=filter_)
        assert work.indexes == {"counts"}
        assert work.documents == 0, filter_
        assert work.keys <= data["items"]["totalCount"] + 30, filter_  # one for each part
    query = """query ($filter: ItemFilter) { provider(domain: "p1.example") {
        items(filter: $filter) { totalCount } } }"""
    await stocked.ask(query, audience, filter={"types": ["video"]})
    _, (_, work) = await works_of(stocked, query, audience, filter={"types": ["video"]})
    assert work.documents == 0


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize(
    "filter_",
    [{}, {"categories": ["news"], "types": ["video"]}, {"publishedAfter": DATE}],
    ids=["all", "two names", "dates"],
)
async def test_facets_of_single_values_read_the_index_alone(
    stocked: Newsroom, filter_: Document, audience: Audience
) -> None:
    query = """query ($filter: ItemFilter) { items(filter: $filter) { facets {
        categories(first: 2) { count } types(first: 1) { count } months { count } } } }"""
    await stocked.ask(query, audience, filter=filter_)
    _, works = await works_of(stocked, query, audience, filter=filter_)
    for work in works:
        assert work.indexes == {"counts"}
        assert work.documents == 0


async def test_a_nested_search_searches_once_for_all_parents(stocked: Newsroom) -> None:
    _, (_, work) = await works_of(
        stocked, NESTED % "providers", order="RELEVANCE", filter={"search": "story"}
    )
    assert work.keys == SIZE
