"""Filters and searches, for both audiences.

Covers `schema.filters`, `schema.listings`, `schema.warnings` and `store.reading.listing`.
"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.context import Context
from store.audience import Audience
from store.documents import Document
from tests.schema.newsroom import DAY_ONE, Newsroom, item, schema_of

pytestmark = pytest.mark.anyio

LIST = """
query ($filter: ItemFilter, $order: ItemOrder! = OLDEST) {
  items(filter: $filter, orderBy: $order, first: 100) { totalCount nodes { title } }
}
"""
PICTURE = {"url": "https://img.example/a.jpg", "isCached": False}


async def found(newsroom: Newsroom, audience: Audience = Audience.PUBLIC, **filter: Any) -> str:
    """Return the names of the items that a filter finds, and check `totalCount`."""
    data = await newsroom.ask(LIST, audience, filter=filter)
    names = [node["title"].removeprefix("Story ") for node in data["items"]["nodes"]]
    assert data["items"]["totalCount"] == len(names)
    return " ".join(names)


@pytest.fixture
def stocked(newsroom: Newsroom) -> Newsroom:
    """A newsroom of four items, a day apart; d is not published."""
    newsroom.put(
        item(
            "a",
            category="news",
            type="article",
            topics=["Sea Ice"],
            authors=["Ada Moor"],
            tags=["Long Reads", "C#"],
            locale="en-GB",
            provider="one.example",
        ),
        item(
            "b",
            date=DAY_ONE + timedelta(days=1),
            category="news",
            type="video",
            topics=["Sea Ice", "C++"],
            authors=["Li Wen", "Ada Moor"],
            tags=["long-reads"],
            locale="en_us",
            updatedDateTime=DAY_ONE + timedelta(days=9),
            provider="two.example",
            quality=3,
            heat=-1,
        ),
        item(
            "c",
            date=DAY_ONE + timedelta(days=2),
            category="Deep Learning",
            locale="de",
            quality=8,
            heat=0,
            images=[PICTURE],
        ),
        item("d", date=None, category="news", published=False),
    )
    return newsroom


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ({}, "a b c"),
        ({"categories": ["news"]}, "a b"),
        ({"categories": ["NEWS", "deep-learning", "none"]}, "a b c"),
        ({"categories": ["none"]}, ""),
        ({"categories": [""]}, ""),
        ({"types": ["Article"]}, "a"),
        ({"tags": ["long reads"]}, "a b"),
        ({"tags": ["c#", "none"]}, "a"),
        ({"tags": ["c"]}, ""),
        ({"locales": ["en"]}, "a b"),
        ({"locales": ["EN-us"]}, "b"),
        ({"locales": ["en-gb", "de"]}, "a c"),
        ({"locales": ["e"]}, ""),
        ({"updatedAfter": "2026-01-03T00:00:00Z"}, "b c"),
        ({"updatedAfter": "2026-01-10T00:00:00Z"}, "b"),
        ({"updatedAfter": "2026-01-10T00:00:00.001Z"}, ""),
        ({"excludeIds": [item("a", provider="one.example")["_id"], "none", ""]}, "b c"),
        ({"excludeIds": [item("b", provider="two.example")["_id"]], "categories": ["news"]}, "a"),
        ({"types": ["article", "video"]}, "a b"),
        ({"topics": ["sea-ice"]}, "a b"),
        ({"topics": ["SEA ICE", "none"]}, "a b"),
        ({"topics": ["c++"]}, "b"),
        ({"authors": ["ada-moor"]}, "a b"),
        ({"authors": ["LI WEN", "none"]}, "b"),
        ({"authors": []}, "a b c"),
        ({"providers": ["one.example"]}, "a"),
        ({"providers": ["WWW.Two.Example"]}, "b"),
        ({"publishedAfter": "2026-01-02T00:00:00Z"}, "b c"),
        ({"publishedAfter": "2026-01-02T00:00:00.001Z"}, "c"),
        ({"publishedBefore": "2026-01-02T00:00:00Z"}, "a"),
        ({"publishedBefore": "2026-01-02T01:00:00+01:00"}, "a"),
        ({"publishedBefore": "2026-01-02T00:00:00.001Z"}, "a b"),
        (
            {
                "publishedAfter": "2026-01-02T00:00:00Z",
                "publishedBefore": "2026-01-03T00:00:00Z",
            },
            "b",
        ),
        (
            {
                "publishedAfter": "2026-01-03T00:00:00Z",
                "publishedBefore": "2026-01-02T00:00:00Z",
            },
            "",
        ),
        ({"publishedAfter": "0001-01-01T00:00:00Z"}, "a b c"),
        ({"publishedBefore": "9999-12-31T23:59:59.999999Z"}, "a b c"),
        ({"minQuality": 3}, "b c"),
        ({"minQuality": 4}, "c"),
        ({"minQuality": -(2**31)}, "b c"),
        ({"minQuality": 2**31 - 1}, ""),
        ({"minHeat": -1}, "b c"),
        ({"minHeat": 0}, "c"),
        ({"hasImage": True}, "c"),
        ({"hasImage": False}, "a b"),
        ({"published": True}, "a b c"),
        ({"search": ""}, "a b c"),
        ({"search": " \t\n\N{IDEOGRAPHIC SPACE}"}, "a b c"),
        (
            dict.fromkeys(
                ("search", "categories", "publishedAfter", "minQuality", "hasImage", "published")
            ),
            "a b c",
        ),
        ({"categories": [], "types": [], "topics": [], "providers": []}, "a b c"),
        ({"categories": ["news"], "types": ["video"]}, "b"),
        ({"categories": ["news"], "types": ["video"], "topics": ["none"]}, ""),
        ({"categories": ["news", "Deep learning"], "minQuality": 8, "hasImage": True}, "c"),
        ({"topics": ["sea-ice", "c++"], "providers": ["two.example"], "minHeat": -5}, "b"),
    ],
)
async def test_a_filter_matches_its_description(
    stocked: Newsroom, filter: Document, names: str
) -> None:
    assert await found(stocked, **filter) == names
    for order in ("NEWEST", "HOTTEST", "BEST", "UPDATED", "RELEVANCE"):
        data = await stocked.ask(LIST, filter=filter, order=order)
        titles = {node["title"].removeprefix("Story ") for node in data["items"]["nodes"]}
        assert titles == set(names.split())


async def test_the_last_changed_comes_first(stocked: Newsroom) -> None:
    data = await stocked.ask(LIST, order="UPDATED")
    assert [node["title"] for node in data["items"]["nodes"]] == ["Story b", "Story c", "Story a"]


async def test_items_are_found_under_topics(newsroom: Newsroom) -> None:
    def topic(name: str, parent: str | None = None, *, published: bool = True) -> Document:
        made = {"_id": f"topic:{name}", "slug": name, "name": name, "keywords": []}
        above = {} if parent is None else {"parent": f"topic:{parent}", "parentName": parent}
        return {**made, **above, "published": published, "path": "", "rank": ""}

    newsroom.put(
        *(
            item(name, topics=[name], date=DAY_ONE + timedelta(days=number))
            for number, name in enumerate("abcde")
        )
    )
    # c is under b, and b under a; that d is under a is for editors only
    newsroom.define(topic("a"), topic("b", "a"), topic("c", "b"), topic("d", "a", published=False))
    assert await found(newsroom, underTopics=["A"]) == "a b c"
    assert await found(newsroom, Audience.EDITOR, underTopics=["A"]) == "a b c d"
    assert await found(newsroom, underTopics=["b", "e"]) == "b c e"
    assert await found(newsroom, underTopics=["none"]) == ""
    assert await found(newsroom, underTopics=["a"], topics=["c", "e"]) == "c"
    query = '{ topics { nodes { items(filter: {underTopics: ["b"]}) { totalCount } } } }'
    data = await newsroom.ask(query)
    counts = [node["items"]["totalCount"] for node in data["topics"]["nodes"]]
    assert counts == [0, 1, 1, 0, 0]


async def test_a_circle_of_topics_ends(newsroom: Newsroom) -> None:
    for name, parent in (("a", "b"), ("b", "a")):
        newsroom.database["topics"].insert_one(
            {"_id": f"topic:{name}", "public": {"parent": f"topic:{parent}"}}
        )
    newsroom.insert(*(item(name, topics=[name]) for name in "abc"))
    assert set(await found(newsroom, underTopics=["a"])) == set("a b")


async def test_too_many_topics_under_a_topic_are_refused(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema.listings.MAX_TOPICS_UNDER", 3)
    newsroom.database["topics"].insert_many(
        {"_id": f"topic:{name}", "public": {"parent": "topic:a"}} for name in "bcd"
    )
    code, message = await newsroom.refusal(LIST, filter={"underTopics": ["a"]})
    assert code == "BAD_USER_INPUT"
    assert message.startswith("`filter.underTopics` has more than 3 topics below it")


async def test_a_search_by_relevance_without_words_is_newest_first(stocked: Newsroom) -> None:
    newest = await stocked.ask(LIST, order="NEWEST")
    assert newest == await stocked.ask(LIST, order="RELEVANCE")
    assert newest == await stocked.ask(LIST, order="RELEVANCE", filter={"search": " "})


async def test_values_that_no_item_has_are_told(stocked: Newsroom) -> None:
    filter_ = {
        "categories": ["nws", "NEWS"],
        "tags": ["c", "c#"],
        "topics": ["Sea Ice"],
        "locales": ["en"],
        "providers": ["one.example", "none.example"],
    }
    result = await stocked.answer(LIST, filter=filter_)
    assert not result.errors
    told = [(warning["argument"], warning["value"]) for warning in result.extensions["warnings"]]
    assert told == [
        ("filter.categories", "nws"),
        ("filter.tags", "c"),
        ("filter.providers", "none.example"),
    ]
    # What is known is not looked up again.
    with stocked.noted() as commands:
        result = await stocked.answer(LIST, filter={"categories": ["news"], "tags": ["C#"]})
    assert "warnings" not in (result.extensions or {})
    assert len(commands) == 2  # the page and the count


async def test_what_only_editors_see_is_unknown_to_the_public(stocked: Newsroom) -> None:
    stocked.put(item("e", category="secret", published=False))
    for audience, warnings in ((Audience.EDITOR, 0), (Audience.PUBLIC, 1)):
        result = await stocked.answer(LIST, audience, filter={"categories": ["secret"]})
        assert len((result.extensions or {}).get("warnings", ())) == warnings


async def test_warnings_are_bounded(newsroom: Newsroom) -> None:
    lists = ""
    for number in range(3):
        tags = ", ".join(f'"{number} {n}"' for n in range(50))
        lists += f"l{number}: items(filter: {{tags: [{tags}]}}) {{ nodes {{ id }} }} "
    result = await newsroom.answer(f"{{ {lists} }}")
    assert not result.errors
    assert len(result.extensions["warnings"]) == 100


async def test_editors_may_list_all_published_or_unpublished_items(stocked: Newsroom) -> None:
    editor = Audience.EDITOR
    assert await found(stocked, editor) == "a b c d"
    assert await found(stocked, editor, published=True) == "a b c"
    assert await found(stocked, editor, published=False) == "d"
    assert await found(stocked, editor, published=False, categories=["news"]) == "d"
    # Without a date it is before no date, and after none.
    assert await found(stocked, editor, publishedBefore="9999-01-01T00:00:00Z") == "a b c"
    assert await found(stocked, editor, publishedAfter="0001-01-01T00:00:00Z") == "a b c"


async def test_the_public_may_not_list_unpublished_items(stocked: Newsroom) -> None:
    code, message = await stocked.refusal(LIST, filter={"published": False})
    assert code == "FORBIDDEN"
    assert message == "Only editors may list unpublished items: send an editor's bearer token."
    nested = "{ providers { nodes { items(filter: {published: false}) { totalCount } } } }"
    result = await stocked.answer(nested)
    assert {error.extensions["code"] for error in result.errors} == {"FORBIDDEN"}


@pytest.mark.parametrize(
    ("filter", "sentence"),
    [
        ({"categories": ["x"] * 51}, "`filter.categories` has 51 values; at most 50 are allowed."),
        ({"search": "x" * 501}, "`filter.search` has 501 characters; at most 500 are allowed."),
    ],
)
async def test_a_filter_beyond_its_limits_is_refused(
    newsroom: Newsroom, filter: Document, sentence: str
) -> None:
    assert await newsroom.refusal(LIST, filter=filter) == ("BAD_USER_INPUT", sentence)


@pytest.mark.parametrize(
    ("filter", "sentence"),
    [
        ({"publishedAfter": "yesterday"}, "'yesterday' is not a DateTime"),
        ({"publishedAfter": "2026-02-30T00:00:00Z"}, "is not a DateTime"),
        ({"publishedAfter": "2026-02-03T00:00:00"}, "with an offset"),
        ({"publishedAfter": 0}, "0 is not a DateTime"),
        ({"categories": [None]}, "null"),
        ({"color": "red"}, "color"),
    ],
)
async def test_an_invalid_filter_is_refused(
    newsroom: Newsroom, filter: Document, sentence: str
) -> None:
    code, message = await newsroom.refusal(LIST, filter=filter)
    assert code == "BAD_USER_INPUT"
    assert sentence in message.replace("None", "null")


@pytest.fixture
def written(newsroom: Newsroom) -> Newsroom:
    """A newsroom of four items about tides: in the title, the excerpt, the body, and not."""
    newsroom.put(
        item("body", title="Third", body="A tide came.", provider="one.example", topics=["X"]),
        item("none", title="Last", heat=3, provider="one.example", topics=["X"]),
        item("title", title="Tide", heat=1, provider="one.example", topics=["X"]),
        item("excerpt", title="Second", excerpt="The high tides", heat=2, provider="two.example"),
    )
    return newsroom


async def test_search_ranks_title_over_excerpt_over_body(
    written: Newsroom,
) -> None:
    data = await written.ask(LIST, filter={"search": "tides"}, order="RELEVANCE")
    assert [node["title"] for node in data["items"]["nodes"]] == ["Tide", "Second", "Third"]
    assert data["items"]["totalCount"] == 3


async def test_search_results_can_have_any_other_order(written: Newsroom) -> None:
    data = await written.ask(LIST, filter={"search": "tides"}, order="HOTTEST")
    assert [node["title"] for node in data["items"]["nodes"]] == ["Second", "Tide", "Third"]


async def test_a_date_without_a_time_is_the_start_of_its_day(newsroom: Newsroom) -> None:
    days = [DAY_ONE - timedelta(seconds=1), DAY_ONE, DAY_ONE + timedelta(hours=23)]
    newsroom.put(*(item(str(number), date=date) for number, date in enumerate(days)))
    for bounds, names in (
        ({"publishedAfter": "2026-01-01"}, "1 2"),
        ({"publishedBefore": "2026-01-01"}, "0"),
        ({"publishedAfter": "2026-01-01", "publishedBefore": "2026-01-02"}, "1 2"),
    ):
        assert await found(newsroom, Audience.PUBLIC, **bounds) == names


@pytest.mark.parametrize(
    ("search", "titles"),
    [
        ("tide -high", {"Tide", "Third"}),
        ('"a tide came"', {"Third"}),
        ('tide "high tides"', {"Second"}),
        ("second third", {"Second", "Third"}),
        ("TIDE", {"Tide", "Second", "Third"}),
        ("-tide", set()),
        ("the", set()),
    ],
)
async def test_search_takes_words_phrases_and_exclusions(
    written: Newsroom, search: str, titles: set[str]
) -> None:
    data = await written.ask(LIST, filter={"search": search})
    assert {node["title"] for node in data["items"]["nodes"]} == titles


NESTED = """
query ($filter: ItemFilter, $order: ItemOrder! = OLDEST) {
  providers(first: 5) {
    nodes { domain items(filter: $filter, orderBy: $order) { totalCount nodes { title } } }
  }
  topics(first: 5) {
    nodes { items(filter: $filter, orderBy: $order) {
      nodes { title } facets { providers { count provider { domain } } }
    } }
  }
}
"""


async def test_nested_lists_can_be_searched(written: Newsroom) -> None:
    data = await written.ask(NESTED, filter={"search": "tide"}, order="RELEVANCE")
    lists = {node["domain"]: node["items"] for node in data["providers"]["nodes"]}
    assert lists == {
        "one.example": {"totalCount": 2, "nodes": [{"title": "Tide"}, {"title": "Third"}]},
        "two.example": {"totalCount": 1, "nodes": [{"title": "Second"}]},
    }
    (topic,) = data["topics"]["nodes"]
    assert [node["title"] for node in topic["items"]["nodes"]] == ["Tide", "Third"]
    assert topic["items"]["facets"]["providers"] == [
        {"count": 2, "provider": {"domain": "one.example"}}
    ]


HOSTILE = (
    '"',
    '"unbalanced',
    '""',
    '"" ""',
    "-",
    "--",
    '-"',
    '-"tide"',
    "$where",
    '{"$gt": ""}',
    "$search: tide",
    "\\",
    '\\\\"',
    "\x00",
    "tide\x00",
    "/.*/",
    "()[]{}*+?",
    "' OR 1=1",
    "🌊" * 250,
    "a " * 250,
    "-a " * 160,
    "\N{ZERO WIDTH JOINER}",
    "\N{RIGHT-TO-LEFT OVERRIDE}edit",
)


@pytest.mark.parametrize("search", HOSTILE)
async def test_search_accepts_any_text(written: Newsroom, search: str) -> None:
    for order in ("RELEVANCE", "NEWEST", "OLDEST", "HOTTEST", "BEST"):
        for query in (LIST, NESTED):
            await written.ask(query, filter={"search": search}, order=order)


async def test_a_search_is_refused_where_searches_are_turned_off(newsroom: Newsroom) -> None:
    newsroom.put(item("a"))
    context = Context(newsroom.store, Audience.PUBLIC, searches=False)

    async def ask(**filter: str) -> Any:
        schema = schema_of("breadth-first")
        variables = {"filter": filter, "order": "NEWEST"}
        return await schema.execute(LIST, variables, context_value=context)

    refused = await ask(search="story")
    assert refused.errors
    assert refused.errors[0].message == (
        "Searches are turned off on this server; leave `filter.search` out."
    )
    assert not (await ask(search="  ")).errors


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=60))
async def test_no_text_breaks_a_filter(stocked: Newsroom, text: str) -> None:
    fields = ("categories", "types", "topics", "authors", "providers")
    everywhere = {field: [text] for field in fields}
    for wanted in ({"search": text}, everywhere):
        await stocked.ask(LIST, Audience.EDITOR, filter=wanted)
    named = """query ($text: String!) {
        provider(domain: $text) { id name } topic(name: $text) { name } author(name: $text) { name }
    }"""
    await stocked.ask(named, text=text)
    by_id = "node(id: $text) { id } item(id: $text) { id } nodes(ids: [$text]) { id }"
    await stocked.ask(f"query ($text: ID!) {{ {by_id} }}", text=text)
