"""Lists, counts and facets from a search index, and what only the index answers.

Covers `schema.suggest`, `highlights`, `nodes`, `store.reading.indexed_items`, `fresh_search` and
`search`.
"""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.audience import Audience
from store.documents import Document
from store.reading.search import Hit, Suggestion
from tests.schema.indexed import IndexedNewsroom, searching
from tests.schema.newsroom import DAY_ONE, Newsroom, item
from tests.schema.stand_in import Fresh, StandIn, indexed

pytestmark = pytest.mark.anyio

LIST = """
query ($filter: ItemFilter, $order: ItemOrder! = NEWEST, $first: Int = 3, $after: String) {
  items(filter: $filter, orderBy: $order, first: $first, after: $after) {
    nodes { id title } totalCount pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
    facets { categories { value count } topics { count topic { name } } months { month count } }
  }
}
"""
FILTERS: list[Document] = [
    {},
    {"search": "story"},
    {"search": "story", "categories": ["news"]},
    {"categories": ["news"], "types": ["video"]},
    {"categories": ["sport", "news"], "topics": ["A"]},
    {"minHeat": 2},
    {"underTopics": ["A"], "hasImage": False},
    {"categories": ["news"], "publishedAfter": "2026-01-03T00:00:00Z"},
]


def stories() -> list[Document]:
    return [
        item(
            f"i{number}",
            category=["news", "sport"][number % 2],
            type=["video", "article", None][number % 3],
            topics=["ABC"[number % 3], "D"],
            provider="one.example",
            heat=number % 4,
            date=DAY_ONE + timedelta(days=number % 7),
            published=number % 5 > 0,
        )
        for number in range(24)
    ]


@pytest.fixture
def stocked(newsroom: Newsroom) -> Newsroom:
    newsroom.put(*stories())
    return newsroom


@pytest.fixture
def index(stocked: Newsroom) -> Iterator[tuple[StandIn, Fresh]]:
    with indexed(stocked) as index:
        yield index


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("order", ["NEWEST", "OLDEST", "HOTTEST", "BEST", "UPDATED"])
@pytest.mark.parametrize("filter_", FILTERS, ids=str)
async def test_lists_from_the_index_are_those_from_mongodb(
    stocked: Newsroom, filter_: Document, order: str, audience: Audience
) -> None:
    async def pages() -> list[Any]:
        found, after = [], None
        while True:
            data = await stocked.ask(LIST, audience, filter=filter_, order=order, after=after)
            found.append(data)
            if not data["items"]["pageInfo"]["hasNextPage"]:
                return found
            after = data["items"]["pageInfo"]["endCursor"]

    expected = await pages()
    with indexed(stocked) as (index, _):
        assert await pages() == expected
        assert {"counts", "facets"} <= {*index.asked}


async def test_a_page_that_mongodb_has_in_one_piece_is_read_there(
    stocked: Newsroom, index: tuple[StandIn, Fresh]
) -> None:
    page = "nodes { id }"
    for query in (
        f"{{ items {{ {page} }} }}",
        f'{{ items(filter: {{categories: ["news"]}}, orderBy: HOTTEST) {{ {page} }} }}',
        f"{{ items(filter: {{minHeat: 1}}, orderBy: HOTTEST) {{ {page} }} }}",
        f'{{ provider(domain: "one.example") {{ items {{ {page} }} }} }}',
        f"{{ items {{ nodes {{ relatedBy {{ {page} totalCount }} }} }} }}",
    ):
        await stocked.ask(query)
        assert index[0].asked == [], query
    for query in (
        f'{{ items(filter: {{categories: ["news"], types: ["video"]}}) {{ {page} }} }}',
        f"{{ items(filter: {{minHeat: 1}}) {{ {page} }} }}",
        f'{{ providers {{ nodes {{ items(filter: {{types: ["video"]}}) {{ {page} }} }} }} }}',
    ):
        await stocked.ask(query)
        assert index[0].asked == ["pages"], query
        index[0].asked.clear()


async def test_an_index_that_is_not_as_new_as_the_corpus_answers_searches_alone(
    stocked: Newsroom, index: tuple[StandIn, Fresh]
) -> None:
    search, fresh = index
    fresh.current = False
    await stocked.ask(LIST, filter={"categories": ["news"], "types": ["video"]})
    assert search.asked == []
    await stocked.ask(LIST, filter={"search": "story"})
    assert {*search.asked} == {"pages", "counts", "facets"}


@pytest.mark.parametrize(
    "query",
    [
        'items(filter: {search: "a"}) { nodes { id } }',
        'items(filter: {search: "a"}) { totalCount }',
        'items(filter: {search: "a"}) { didYouMean }',
        'suggest(prefix: "a") { text }',
    ],
)
@pytest.mark.parametrize("why", ["absent", "too old"])
async def test_searches_are_never_silently_old(
    stocked: Newsroom, index: tuple[StandIn, Fresh], query: str, why: str
) -> None:
    search, fresh = index
    search.exists, fresh.too_old = why != "absent", why != "absent"
    fresh.current = False
    result = await stocked.answer(f"{{ {query} list: items {{ totalCount nodes {{ id }} }} }}")
    assert {error.extensions["code"] for error in result.errors} == {"UNAVAILABLE"}
    assert result.data["list"]["totalCount"] == 19


async def test_what_the_audience_no_longer_sees_is_left_out_of_a_page(
    stocked: Newsroom, index: tuple[StandIn, Fresh]
) -> None:
    gone = item("i0", provider="one.example")
    index[0].extra = [Hit(gone["_id"], "0"), Hit("item:none", "1")]
    query = """{ items(first: 2, filter: {search: "story"}) {
        nodes { title } pageInfo { hasNextPage startCursor } } }"""
    data = await stocked.ask(query)
    assert len(data["items"]["nodes"]) == 2
    assert data["items"]["pageInfo"]["hasNextPage"]
    # The page begins where it was found to begin, so going on skips nothing.
    cursor = base64.urlsafe_b64decode(data["items"]["pageInfo"]["startCursor"] + "==").decode()
    assert cursor[8:] == "0"


async def test_a_cursor_by_relevance_tells_that_the_index_has_changed(
    stocked: Newsroom, index: tuple[StandIn, Fresh]
) -> None:
    given: Document = {"filter": {"search": "story"}, "order": "RELEVANCE"}
    first = await stocked.ask(LIST, **given)
    given["after"] = first["items"]["pageInfo"]["endCursor"]
    second = await stocked.answer(LIST, **given)
    assert not second.errors
    assert not second.extensions
    index[0].id = "2"
    again = await stocked.answer(LIST, **given)
    assert again.data["items"]["nodes"] == second.data["items"]["nodes"]
    (warning,) = again.extensions["warnings"]
    assert warning["argument"] == "after"
    assert "begin again without `after`" in warning["message"]
    # Stored orders have the same keys in every edition.
    newest = await stocked.ask(LIST, filter={"search": "story"})
    index[0].id = "3"
    given = {"filter": {"search": "story"}, "after": newest["items"]["pageInfo"]["endCursor"]}
    assert not (await stocked.answer(LIST, **given)).extensions


async def test_a_cursor_by_relevance_is_not_one_of_another_backend(stocked: Newsroom) -> None:
    given: Document = {"filter": {"search": "story"}, "order": "RELEVANCE"}
    first = await stocked.ask(LIST, **given)
    with indexed(stocked):
        given["after"] = first["items"]["pageInfo"]["endCursor"]
        code, _ = await stocked.refusal(LIST, **given)
    assert code == "BAD_USER_INPUT"


async def test_suggestions_are_objects_that_the_audience_sees(
    stocked: Newsroom, index: tuple[StandIn, Fresh]
) -> None:
    seen, hidden = (item(f"i{number}", provider="one.example")["_id"] for number in (1, 0))
    index[0].suggestions = [
        Suggestion("topic:a", 7),
        Suggestion("provider:one.example", 19),
        Suggestion("author:none", 3),
        Suggestion(hidden, 1),
        Suggestion(seen, 1),
    ]
    query = """query ($first: Int!) { suggest(prefix: "a", first: $first) {
      text itemCount node { __typename id ... on Topic { slug } ... on Item { heat } } } }"""
    data = await stocked.ask(query, first=20)
    assert data["suggest"] == [
        {
            "text": "A",
            "itemCount": 7,
            "node": {"__typename": "Topic", "id": "topic:a", "slug": "a"},
        },
        {
            "text": "The one.example",
            "itemCount": 19,
            "node": {"__typename": "Provider", "id": "provider:one.example"},
        },
        {
            "text": "Story i1",
            "itemCount": 1,
            "node": {"__typename": "Item", "id": seen, "heat": 1},
        },
    ]
    assert len((await stocked.ask(query, Audience.EDITOR, first=20))["suggest"]) == 4
    assert len((await stocked.ask(query, first=1))["suggest"]) == 1
    for first in (0, 21):
        code, message = await stocked.refusal(query, first=first)
        assert code == "BAD_USER_INPUT"
        assert message == f"`first` is {first}, but must be from 1 to 20."
    long = "a" * 501
    code, _ = await stocked.refusal(f'{{ suggest(prefix: "{long}") {{ text }} }}')
    assert code == "BAD_USER_INPUT"


async def test_what_was_probably_meant_is_told_for_searches(
    stocked: Newsroom, index: tuple[StandIn, Fresh]
) -> None:
    index[0].meant = "story"
    query = "query ($filter: ItemFilter) { items(filter: $filter) { didYouMean } }"
    for filter_, meant in (({"search": "stroy"}, "story"), ({}, None)):
        assert await stocked.ask(query, filter=filter_) == {"items": {"didYouMean": meant}}


async def test_highlights_are_pieces_of_the_texts(newsroom: Newsroom) -> None:
    newsroom.put(item("a", title="High tide", excerpt="A *tide*.", body="Low.\n\n**Low** tides"))
    query = """query ($search: String!) { items { nodes { highlights(search: $search) {
        field pieces { text isMatch } startsText endsText } } } }"""
    with indexed(newsroom):
        data = await newsroom.ask(query, search="tide")
        (node,) = data["items"]["nodes"]
        whole = {"startsText": True, "endsText": True}
        assert node["highlights"] == [
            {
                "field": "TITLE",
                "pieces": [
                    {"text": "High ", "isMatch": False},
                    {"text": "tide", "isMatch": True},
                ],
                **whole,
            },
            {
                "field": "EXCERPT",
                "pieces": [
                    {"text": "A *", "isMatch": False},
                    {"text": "tide", "isMatch": True},
                    {"text": "*.", "isMatch": False},
                ],
                **whole,
            },
            {
                "field": "BODY",
                "pieces": [
                    {"text": "Low.\nLow ", "isMatch": False},
                    {"text": "tide", "isMatch": True},
                    {"text": "s", "isMatch": False},
                ],
                **whole,
            },
        ]
        assert await newsroom.ask(query, search=" ") == {"items": {"nodes": [{"highlights": []}]}}
        code, _ = await newsroom.refusal(query, search="a" * 501)
        assert code == "BAD_USER_INPUT"


async def test_without_an_index_there_are_no_suggestions(newsroom: Newsroom) -> None:
    newsroom.put(item("a"))
    highlights = 'highlights(search: "a") { field }'
    query = f'{{ items(filter: {{search: "story"}}) {{ didYouMean nodes {{ {highlights} }} }} }}'
    data = await newsroom.ask(query)
    assert data["items"] == {"didYouMean": None, "nodes": [{"highlights": []}]}
    result = await newsroom.answer('{ suggest(prefix: "a") { text } }')
    assert [error.extensions["code"] for error in result.errors] == ["UNAVAILABLE"]


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(filter_=st.sampled_from(FILTERS), order=st.sampled_from(["NEWEST", "HOTTEST"]))
async def test_a_damaged_item_is_left_out(stocked: Newsroom, filter_: Document, order: str) -> None:
    stocked.database["items"].update_one(
        {"_id": item("i2", provider="one.example")["_id"]}, {"$set": {"title": 5}}
    )
    plain = await stocked.answer(LIST, filter=filter_, order=order, first=30)
    with indexed(stocked):
        found = await stocked.answer(LIST, filter=filter_, order=order, first=30)
    assert found.data["items"]["nodes"] == plain.data["items"]["nodes"]
    assert len(found.errors or ()) == len(plain.errors or ())


@pytest.fixture(scope="module")
def real(
    _shared_newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[IndexedNewsroom]:
    """A real index of the module's newsroom, which searches with it as long as a test wants it."""
    plain = _shared_newsroom.store
    with searching(_shared_newsroom, tmp_path_factory.mktemp("search")) as made:
        made.store, _shared_newsroom.store = _shared_newsroom.store, plain
        yield made


@pytest.fixture
def search(newsroom: Newsroom, tmp_path: Path) -> Iterator[IndexedNewsroom]:
    """A real index that a newsroom searches with. It knows no word of an earlier test."""
    with searching(newsroom, tmp_path / "search") as made:
        yield made


_STORIES = st.lists(
    st.fixed_dictionaries(
        {
            "date": st.none() | st.sampled_from([DAY_ONE, DAY_ONE + timedelta(milliseconds=1)]),
            "updatedDateTime": st.none() | st.sampled_from([DAY_ONE, DAY_ONE + timedelta(days=1)]),
            "heat": st.none() | st.integers(-1, 1),
            "quality": st.none() | st.integers(0, 1),
            "published": st.booleans(),
            "category": st.sampled_from(["News", "news", "Sport", None]),
        }
    ),
    max_size=12,
)
ORDERED = """query ($order: ItemOrder!, $filter: ItemFilter, $after: String) {
  items(orderBy: $order, filter: $filter, first: 4, after: $after) {
    totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"""


async def _every_page(
    newsroom: Newsroom, audience: Audience, filter_: Document, order: str
) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        given = {"order": order, "filter": filter_, "after": after}
        page = (await newsroom.ask(ORDERED, audience, **given))["items"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        after = page["pageInfo"]["endCursor"]


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(fields=_STORIES, audience=st.sampled_from(Audience))
async def test_a_search_has_the_order_of_a_list_tie_by_tie(
    newsroom: Newsroom, real: IndexedNewsroom, fields: list[Document], audience: Audience
) -> None:
    plain = newsroom.store
    newsroom.clear()
    newsroom.put(*(item(f"i{number}", **each) for number, each in enumerate(fields)))
    real.follow()
    filters: tuple[Document, ...] = ({}, {"categories": ["NEWS"]})
    for order in ("NEWEST", "OLDEST", "HOTTEST", "BEST", "UPDATED"):
        for filter_ in filters:
            words = {**filter_, "search": "story"}
            expected = await _every_page(newsroom, audience, filter_, order)
            assert await _every_page(newsroom, audience, words, order) == expected
            try:
                newsroom.store = real.store
                assert await _every_page(newsroom, audience, filter_, order) == expected
                assert await _every_page(newsroom, audience, words, order) == expected
            finally:
                newsroom.store = plain


async def test_an_item_that_is_unpublished_is_hidden_before_the_index_follows(
    newsroom: Newsroom, search: IndexedNewsroom
) -> None:
    newsroom.put(item("a", title="Secret tide"), item("b", title="Open tide"))
    search.follow()
    newsroom.put(item("a", title="Secret tide", published=False))
    query = """{ items(filter: {search: "tide"}, orderBy: %s) { nodes { title } }
                 suggest(prefix: "sec") { text } }"""
    for order in ("NEWEST", "RELEVANCE"):
        data = await newsroom.ask(query % order)
        assert data == {"items": {"nodes": [{"title": "Open tide"}]}, "suggest": []}


async def test_what_people_expect_of_a_search(newsroom: Newsroom, search: IndexedNewsroom) -> None:
    newsroom.put(
        item("a", title="Harbour lights", topics=["Energy"], tags=["Ports"]),
        item("b", title="Ferries at night", excerpt="A ferry.", authors=["Ada Moor"]),
        item("c", title="Ferry timetable", body="Lights **out** in the harbour.", locale="en"),
    )
    search.follow()
    query = """query ($text: String!) { items(filter: {search: $text}, orderBy: RELEVANCE) {
        nodes { title highlights(search: $text) { field pieces { text isMatch } } } } }"""

    async def titles(text: str) -> set[str]:
        data = await newsroom.ask(query, text=text)
        return {node["title"].split()[0] for node in data["items"]["nodes"]}

    assert await titles("energy") == {"Harbour"}  # a topic
    assert await titles("ada moor") == {"Ferries"}  # an author
    assert await titles("harbour lights") == {"Harbour", "Ferry"}  # all of the words
    assert await titles('"harbour lights"') == {"Harbour"}
    assert await titles("ferry -timetable") == {"Ferries"}
    assert await titles("timet") == {"Ferry"}  # the beginning of a word
    assert await titles("timetabel") == {"Ferry"}  # a typo
    data = await newsroom.ask(query, text="timetable")
    (node,) = data["items"]["nodes"]
    assert {"text": "timetable", "isMatch": True} in node["highlights"][0]["pieces"]
    suggested = await newsroom.ask('{ suggest(prefix: "fer") { text node { __typename } } }')
    texts = {each["text"] for each in suggested["suggest"]}
    assert texts == {"Ferries at night", "Ferry timetable"}
