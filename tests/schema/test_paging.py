"""Paging and orders: no repeats, no gaps, exact ends, whatever happens between pages.

Covers `schema.relay`, `cursors`, `orders`, `item_connection`, `taxonomies` and
`store.reading.pages`.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from store.audience import Audience
from store.documents import Document
from tests.schema.newsroom import DAY_ONE, Newsroom, dated, item

pytestmark = pytest.mark.anyio

LIST = """
query ($order: ItemOrder!, $filter: ItemFilter, $first: Int, $after: String, $last: Int,
       $before: String) {
  items(orderBy: $order, filter: $filter, first: $first, after: $after, last: $last,
        before: $before) {
    edges { cursor node { id publishedDateTime heat quality } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
ORDERS = ("NEWEST", "OLDEST", "HOTTEST", "BEST", "RELEVANCE")
IN_A_NEWSROOM = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# Few values each, so that ties are the rule.
_fields = st.fixed_dictionaries(
    {
        "date": st.none() | st.sampled_from([DAY_ONE + timedelta(days=n) for n in range(3)]),
        "heat": st.none() | st.sampled_from([-5, 0, 9]),
        "quality": st.none() | st.sampled_from([1, 2]),
        "title": st.sampled_from(["tide", "tide tide", "tide and ferry", "ferry"]),
        "category": st.none() | st.just("news"),
    }
)
_filters = st.fixed_dictionaries(
    {},
    optional={
        "search": st.just("tide"),
        "categories": st.just(["news"]),
        "minQuality": st.just(2),
        "publishedAfter": st.just("2026-01-02T00:00:00Z"),
        "hasImage": st.just(False),
    },
)


@IN_A_NEWSROOM
@given(
    first=st.lists(_fields, max_size=14),
    later=st.lists(_fields, max_size=12),
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    order=st.sampled_from(ORDERS),
    wanted=_filters,
    forward=st.booleans(),
    audience=st.sampled_from(Audience),
)
async def test_pages_hold_each_item_once_while_items_are_added(
    newsroom: Newsroom,
    first: list[Document],
    later: list[Document],
    sizes: list[int],
    order: str,
    wanted: Document,
    forward: bool,
    audience: Audience,
) -> None:
    newsroom.clear()
    newsroom.insert(*(item(f"first-{n}", **fields) for n, fields in enumerate(first)))
    arriving = iter([item(f"later-{n}", **fields) for n, fields in enumerate(later)])
    if order == "RELEVANCE":
        wanted = {**wanted, "search": "tide"}
    given = {"order": order, "filter": wanted}
    there = _ids(await newsroom.ask(LIST, audience, first=100, **given))
    seen: list[str] = []
    cursor = None
    for turn in count():
        size = sizes[turn % len(sizes)]
        window = {"first": size, "after": cursor} if forward else {"last": size, "before": cursor}
        page = await newsroom.ask(LIST, audience, **given, **window)
        info, ids = page["items"]["pageInfo"], _ids(page)
        seen = seen + ids if forward else ids + seen
        assert len(ids) <= size
        if not info["hasNextPage" if forward else "hasPreviousPage"]:
            break
        assert len(ids) == size
        cursor = info["endCursor" if forward else "startCursor"]
        newsroom.insert(*(one for one, _ in zip(arriving, range(2), strict=False)))
    assert len(seen) == len(set(seen))
    were_there = set(there)
    assert [id_ for id_ in seen if id_ in were_there] == there
    in_the_end = _ids(await newsroom.ask(LIST, audience, first=100, **given))
    kept = set(seen)
    assert [id_ for id_ in in_the_end if id_ in kept] == seen


@IN_A_NEWSROOM
@given(fields=st.lists(_fields, max_size=12), order=st.sampled_from(ORDERS[:4]))
async def test_items_are_ordered_by_value_with_missing_values_last(
    newsroom: Newsroom, fields: list[Document], order: str
) -> None:
    newsroom.clear()
    newsroom.insert(*(item(f"i{n}", **one) for n, one in enumerate(fields)))
    page = await newsroom.ask(LIST, order=order, first=100)
    nodes = [edge["node"] for edge in page["items"]["edges"]]
    key = {"NEWEST": "publishedDateTime", "OLDEST": "publishedDateTime"}.get(order) or {
        "HOTTEST": "heat",
        "BEST": "quality",
    }[order]
    values = [node[key] for node in nodes]
    present = [value for value in values if value is not None]
    assert values == [*present, *[None] * (len(values) - len(present))]
    assert present == sorted(present, reverse=order != "OLDEST")


@IN_A_NEWSROOM
@given(
    total=st.integers(0, 7),
    after=st.none() | st.integers(0, 6),
    before=st.none() | st.integers(0, 6),
    size=st.integers(0, 4),
    forward=st.booleans(),
    wanted=st.sampled_from([{}, {"search": "story"}]),
)
async def test_page_info_is_exact(
    newsroom: Newsroom,
    total: int,
    after: int | None,
    before: int | None,
    size: int,
    forward: bool,
    wanted: Document,
) -> None:
    newsroom.clear()
    newsroom.insert(*dated(7))
    whole = await newsroom.ask(LIST, order="OLDEST", filter=wanted, first=100)
    cursors = [edge["cursor"] for edge in whole["items"]["edges"]]
    # Cursors stay good when their items are gone.
    newsroom.clear()
    newsroom.insert(*dated(total))
    places = list(range(total))
    low = -1 if after is None else after
    high = 7 if before is None else before
    assume(low < high)
    between = [place for place in places if low < place < high]
    shown = between[:size] if forward else between[max(len(between) - size, 0) :]
    window: Document = {
        "first" if forward else "last": size,
        "after": None if after is None else cursors[after],
        "before": None if before is None else cursors[before],
    }
    page = await newsroom.ask(LIST, order="OLDEST", filter=wanted, **window)
    info = page["items"]["pageInfo"]
    assert [edge["cursor"] for edge in page["items"]["edges"]] == [cursors[n] for n in shown]
    # Where nothing is shown, the page lies at the end that it is counted from.
    start = shown[0] if shown else (low + 1 if forward else min(high, total))
    end = shown[-1] if shown else (low if forward else high - 1)
    assert info["hasPreviousPage"] is any(place < start for place in places)
    assert info["hasNextPage"] is any(place > end for place in places)
    assert info["startCursor"] == (cursors[shown[0]] if shown else None)
    assert info["endCursor"] == (cursors[shown[-1]] if shown else None)


@pytest.mark.parametrize(
    ("window", "sentence"),
    [
        ({"first": -1}, "`first` is -1, but must be from 0 to 100."),
        ({"last": -7}, "`last` is -7, but must be from 0 to 100."),
        ({"first": 101}, "Request fewer, then the next page with `after: endCursor`"),
        ({"last": 101}, "Request fewer, then the next page with `before: startCursor`"),
        ({"first": 1, "last": 1}, "Pass either `first` or `last`, not both"),
        ({"first": 0, "last": 0}, "Pass either `first` or `last`, not both"),
        ({"after": ""}, "`after` is not a cursor: pass"),
        ({"before": "n000"}, "`before` is not a cursor: pass"),
        ({"after": "\N{SNOWMAN}\x00="}, "`after` is not a cursor: pass"),
        ({"after": "A" * 16_000}, "`after` is not a cursor: pass"),
    ],
)
async def test_invalid_paging_arguments_are_refused_with_a_remedy(
    newsroom: Newsroom, window: Document, sentence: str
) -> None:
    code, message = await newsroom.refusal(LIST, order="NEWEST", **window)
    assert code == "BAD_USER_INPUT"
    assert sentence in message


@pytest.mark.parametrize(
    ("audience", "other"),
    [
        (Audience.PUBLIC, {"order": "OLDEST"}),
        (Audience.PUBLIC, {"filter": {"categories": ["news"]}}),
        (Audience.PUBLIC, {"filter": {"search": "story"}}),
        (Audience.EDITOR, {}),
    ],
)
async def test_a_cursor_of_another_order_filter_or_audience_is_refused(
    newsroom: Newsroom, audience: Audience, other: Document
) -> None:
    newsroom.insert(*dated(3, category="news"))
    page = await newsroom.ask(LIST, order="NEWEST", first=1)
    cursor = page["items"]["pageInfo"]["endCursor"]
    for argument in ("after", "before"):
        given: Any = {"order": "NEWEST", argument: cursor, **other}
        code, message = await newsroom.refusal(LIST, audience, **given)
        assert code == "BAD_USER_INPUT"
        assert message.startswith(f"`{argument}` is a cursor from another list")


async def test_equivalent_filters_share_cursors(newsroom: Newsroom) -> None:
    newsroom.insert(*dated(3, topics=["Sea Ice"], category="news"))
    given: Any = {"order": "NEWEST", "first": 1}
    filter_ = {"topics": ["Sea Ice"], "categories": ["news", "sport"], "types": []}
    page = await newsroom.ask(LIST, filter=filter_, **given)
    same = {"topics": ["sea-ice"], "categories": ["sport", "news", "news"], "search": " "}
    cursor = page["items"]["pageInfo"]["endCursor"]
    following = await newsroom.ask(LIST, filter=same, after=cursor, **given)
    assert _ids(following) == _ids(await newsroom.ask(LIST, order="NEWEST", first=2))[1:]


async def test_a_page_has_twenty_entries_by_default(newsroom: Newsroom) -> None:
    newsroom.insert(*dated(30))
    assert len(_ids(await newsroom.ask(LIST, order="NEWEST"))) == 20


NESTED = """
query ($first: Int, $after: String, $last: Int, $before: String) {
  providers {
    nodes {
      domain
      items(orderBy: OLDEST, first: $first, after: $after, last: $last, before: $before) {
        nodes { title }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }
  }
}
"""


async def test_lists_below_many_parents_page_like_a_single_list(newsroom: Newsroom) -> None:
    newsroom.put(
        *dated(5, provider="a.example"), *dated(2, provider="b.example"), *dated(1, topics=["t"])
    )
    first = await newsroom.ask(NESTED, first=2)
    assert _nested(first) == {
        "a.example": (["Story n000", "Story n001"], True, False),
        "b.example": (["Story n000", "Story n001"], False, False),
    }
    # A cursor is a place in an order, so it means the same in the list of each parent.
    cursor = first["providers"]["nodes"][0]["items"]["pageInfo"]["endCursor"]
    following = _nested(await newsroom.ask(NESTED, first=2, after=cursor))
    assert following["a.example"] == (["Story n002", "Story n003"], True, True)
    backward = _nested(await newsroom.ask(NESTED, last=2, before=cursor))
    assert backward["a.example"] == (["Story n000"], True, False)


NAMED = """
query ($order: NamedOrder!, $first: Int, $after: String, $last: Int, $before: String) {
  topics(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes { name itemCount }
    edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.mark.parametrize("order", ["NAME", "MOST_ITEMS"])
@pytest.mark.parametrize("size", [1, 2, 3])
async def test_topics_page_both_ways_in_each_order(
    newsroom: Newsroom, order: str, size: int
) -> None:
    names = ["Zoo", "ant", "Bee", "cat"]
    newsroom.put(
        *(item(f"{n}", topics=names[: n + 1]) for n in range(4)), item("x", topics=["ant"])
    )
    whole = await newsroom.ask(NAMED, order=order)
    expected = ["ant", "Bee", "cat", "Zoo"] if order == "NAME" else ["ant", "Zoo", "Bee", "cat"]
    assert [node["name"] for node in whole["topics"]["nodes"]] == expected
    assert whole["topics"]["totalCount"] == 4
    forward: list[str] = []
    window: Document = {"first": size}
    while True:
        page = (await newsroom.ask(NAMED, order=order, **window))["topics"]
        assert page["pageInfo"]["hasPreviousPage"] is bool(forward)
        forward += [node["name"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        window = {"first": size, "after": page["pageInfo"]["endCursor"]}
    backward: list[str] = []
    window = {"last": size}
    while True:
        page = (await newsroom.ask(NAMED, order=order, **window))["topics"]
        assert page["pageInfo"]["hasNextPage"] is bool(backward)
        backward[:0] = [node["name"] for node in page["nodes"]]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        window = {"last": size, "before": page["pageInfo"]["startCursor"]}
    assert forward == backward == expected


def _ids(page: Any) -> list[str]:
    items = page["items"]
    ids = [node["id"] for node in items["nodes"]]
    assert [edge["node"]["id"] for edge in items["edges"]] == ids
    return ids


def _nested(data: Any) -> dict[str, tuple[Sequence[str], bool, bool]]:
    return {
        provider["domain"]: (
            [item["title"] for item in provider["items"]["nodes"]],
            provider["items"]["pageInfo"]["hasNextPage"],
            provider["items"]["pageInfo"]["hasPreviousPage"],
        )
        for provider in data["providers"]["nodes"]
    }
