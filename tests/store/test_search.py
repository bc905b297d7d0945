"""The search index against brute force over the same items, through `store.reading.search`.

Covers `store.search.index`, `store.search.interface`, `lists`, `conditions`, `counting`,
`matching`, `relevance`, `snapshots` and `words`.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.audience import Audience
from store.documents import Document
from store.errors import Unavailable
from store.labels import EVERY_ITEM, category_label
from store.orders import ItemOrder
from store.reading.facets import MAX_FACET_VALUES, FacetField, SiteFacet
from store.reading.listing import Conditions, Listing
from store.reading.pages import Window
from store.reading.search import Excerpt, Hit
from store.schedule import Status
from store.search import relevance
from store.search.excerpts import Marker
from store.search.index import SearchIndex
from store.search.interface import Place
from store.search.writer import IndexWriter
from tests.schema.newsroom import DAY_ONE, item

pytestmark = pytest.mark.anyio

PUBLIC = Audience.PUBLIC
# Every two of these are more than one edit apart, but the forms of one word have one stem.
STEMS = {"tide": "tide", "tides": "tide", "harbour": "harbour", "harbours": "harbour"}
STEMS |= {"ferry": "ferry", "ferries": "ferry", "island": "island"}
STEMS |= {"engine": "engine", "engines": "engine", "lighthouse": "lighthouse"}
WORDS = [*STEMS]
TOPICS = ["Open Sea", "Ports"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("search")


@pytest.fixture(scope="module")
def writer(folder: Path) -> Iterator[IndexWriter]:
    with IndexWriter(folder) as writer:
        yield writer


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[SearchIndex]:
    index = SearchIndex(folder)
    yield index
    index.close()


_texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
_items = st.lists(
    st.fixed_dictionaries(
        {
            "title": _texts.map(lambda text: text or "island"),
            "excerpt": _texts,
            "body": _texts,
            "published": st.sampled_from([True, True, False]),
            "category": st.sampled_from(["news", "other", None]),
            "topics": st.lists(st.sampled_from(TOPICS), unique=True),
            "tags": st.lists(st.sampled_from(["Big", "big", "small"]), unique=True),
            "quality": st.sampled_from([None, 1, 2]),
            "date": st.sampled_from([None, *(DAY_ONE + timedelta(days=n) for n in (0, 1, 40))]),
        }
    ),
    max_size=12,
)
_clause = st.tuples(
    st.sampled_from(["", "", "-"]),
    st.lists(st.sampled_from([*WORDS, "light"]), min_size=1, max_size=2),
    st.booleans(),
)
_searches = st.none() | st.lists(_clause, min_size=1, max_size=3)
_listings = st.builds(
    lambda audience, order, **conditions: Listing(audience, Conditions(**conditions), order),
    st.sampled_from(Audience),
    st.sampled_from(ItemOrder),
    labels=st.sampled_from([(), (("category:news", "category:other"),), (("tag:big",),)]),
    published_after=st.sampled_from([None, DAY_ONE + timedelta(days=1)]),
    published_before=st.sampled_from([None, DAY_ONE + timedelta(days=2)]),
    min_quality=st.sampled_from([None, 2]),
    has_image=st.sampled_from([None, False]),  # none has one
    exclude_ids=st.sampled_from([(), (item("1")["_id"],)]),
    statuses=st.sampled_from(
        [(), (Status.PUBLISHED,), (Status.DRAFT, Status.PUBLISHED), (Status.DRAFT, Status.EXPIRED)]
    ),
)


def _written(clauses: Any) -> str:
    return " ".join(
        f'{minus}"{" ".join(words)}"' if quoted or len(words) > 1 else f"{minus}{words[0]}"
        for minus, words, quoted in clauses
    )


def _forms(words: list[str]) -> list[str]:
    return [STEMS.get(word, word) for word in words]


def _texts_of(document: Document) -> list[list[str]]:
    names = [topic["name"] for topic in document["topics"]]
    texts = [document["title"], document["excerpt"], document["body"], *names]
    return [text.lower().split() for text in [*texts, *document["tags"]]]


def _matches(document: Document, clauses: Any) -> bool:
    """Return whether an item matches a search; the brute force."""
    for number, (minus, words, quoted) in enumerate(clauses):
        wanted = _forms(words)
        found = any(
            _forms(text)[start : start + len(wanted)] == wanted
            for text in _texts_of(document)
            for start in range(len(text))
        )
        if number == len(clauses) - 1 and not (minus or quoted or len(words) > 1):
            found |= any(w.startswith(words[0]) for text in _texts_of(document) for w in text)
        if found == bool(minus):
            return False
    # A search of exclusions alone finds the rest.
    return True


def _has_status(document: Document, status: Status) -> bool:
    if status is Status.PUBLISHED:
        return bool(document["published"])
    return not document["published"] and status.label in document["labels"]


def _is_in(document: Document, listing: Listing, parent: str, clauses: Any) -> bool:
    conditions = listing.conditions
    date = document.get("publishedDateTime")
    after, before = conditions.published_after, conditions.published_before
    return bool(
        document["published"] in listing.published
        and parent in document["labels"]
        and all({*group} & {*document["labels"]} for group in conditions.labels)
        and (after is None or (date is not None and date >= after))
        and (before is None or (date is not None and date < before))
        and (conditions.min_quality is None or document.get("quality", 0) >= 2)
        and document["_id"] not in conditions.exclude_ids
        and (
            not conditions.statuses
            or any(_has_status(document, status) for status in conditions.statuses)
        )
        and _matches(document, clauses or ())
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(_items, _listings, _searches, st.integers(1, 4), st.booleans(), st.sampled_from([0, 1]))
def test_lists_are_those_of_brute_force(
    writer: IndexWriter,
    index: SearchIndex,
    fields: list[dict[str, Any]],
    listing: Listing,
    clauses: Any,
    size: int,
    backward: bool,
    below: int,
) -> None:
    if clauses is None and listing.order is ItemOrder.RELEVANCE:
        return
    search = None if clauses is None else _written(clauses)
    listing = Listing(listing.audience, listing.conditions._replace(search=search), listing.order)
    documents = [item(str(number), **each) for number, each in enumerate(fields)]
    for one in documents:
        if not one["published"]:
            one["labels"].append(Status.DRAFT.label)
    writer.clear()
    writer.replace(documents)
    writer.commit(Place(1))
    parent = [EVERY_ITEM, "topic:ports"][below]
    wanted = [one for one in documents if _is_in(one, listing, parent, clauses)]

    async def check() -> None:
        assert await index.counts([parent], listing) == [len(wanted)]
        hits = await _all_pages(index, listing, parent, size, backward)
        assert {hit.id for hit in hits} == {one["_id"] for one in wanted}
        assert len(hits) == len(wanted)
        assert [hit.key for hit in hits] == sorted(hit.key for hit in hits)
        if listing.order is not ItemOrder.RELEVANCE:
            by_key = sorted((one["sort"][listing.order], one["_id"]) for one in wanted)
            assert [(hit.key, hit.id) for hit in hits] == by_key
        await _check_facets(index, listing, parent, wanted)

    asyncio.run(check())


async def _all_pages(
    index: SearchIndex, listing: Listing, parent: str, size: int, backward: bool
) -> list[Hit]:
    """Return a list, read in pages; the ends of each are checked."""
    hits: list[Hit] = []
    more = True
    while more:
        ends = {"wants_previous": True, "wants_next": True}
        edge = (hits[0] if backward else hits[-1]).key if hits else None
        at = {"before" if backward else "after": edge}
        window = Window(size, backward=backward, **at, **ends)  # type: ignore[arg-type]
        (page,) = await index.pages([parent], listing, window)
        more = page.has_previous if backward else page.has_next
        assert (page.has_next if backward else page.has_previous) is bool(hits)
        hits = [*page.hits, *hits] if backward else [*hits, *page.hits]
    return hits


async def _check_facets(
    index: SearchIndex, listing: Listing, parent: str, wanted: list[Document]
) -> None:
    fields = (FacetField.CATEGORIES, FacetField.TAGS, FacetField.TOPICS, FacetField.MONTHS)
    (counted,) = await index.facets([parent], dict.fromkeys(fields, listing))
    values = {
        "CATEGORIES": Counter(one["category"] for one in wanted if "category" in one),
        "TAGS": Counter(tag for one in wanted for tag in {tag.lower() for tag in one["tags"]}),
        "TOPICS": Counter(topic["id"] for one in wanted for topic in one["topics"]),
    }
    for name, counts in values.items():
        by_count = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        assert [(value["_id"], value["count"]) for value in counted[name]] == by_count
    months = Counter(
        f"{one['publishedDateTime']:%Y-%m}" for one in wanted if "publishedDateTime" in one
    )
    assert [(value["_id"], value["count"]) for value in counted["MONTHS"]] == sorted(
        months.items(), reverse=True
    )


def _fill(folder: Path, *items: Document, version: int = 1) -> None:
    with IndexWriter(folder) as writer:
        writer.replace(items)
        writer.commit(Place(version))


def _searched(search: str, order: ItemOrder = ItemOrder.NEWEST) -> Listing:
    return Listing(PUBLIC, Conditions(search=search), order)


async def _titles(index: SearchIndex, listing: Listing, items: list[Document]) -> list[str]:
    (page,) = await index.pages([EVERY_ITEM], listing, Window(100))
    titles = {item["_id"]: item["title"] for item in items}
    return [titles[hit.id] for hit in page.hits]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("harbours", ["The harbour"]),
        ("the harbour", ["The harbour"]),
        ("HÄFEN", ["Häfen und Wahlen"]),
        ("hafen", ["Häfen und Wahlen"]),
        ("Wahl", ["Häfen und Wahlen"]),
        ("京タ", ["東京タワーへ行く"]),
        ("東京", ["東京タワーへ行く"]),
        ("東", ["東京タワーへ行く"]),
        ("へ", ["東京タワーへ行く"]),
        ("東タ", []),
        ('"へ 行"', []),
        ("c++", ["Learn C++"]),
        ("learn C", []),
        ('"learn c"', []),
        ("AI", ["On air"]),
        ("node", ["Use node.js"]),
        ("node.js", ["Use node.js"]),
        ("js.node", []),
        ("moor", ["Use node.js"]),
        ("“Use node”", ["Use node.js"]),
        ("-use -learn -air -harbour -häfen", ["東京タワーへ行く"]),
        ("!!!", []),
        ("the", ["The harbour"]),
        ("(\\ [a-z]+ ^ : ~ TO *", []),
    ],
)
async def test_what_searches_find(tmp_path: Path, search: str, found: list[str]) -> None:
    items = [
        item("a", title="The harbour"),
        item("b", title="Häfen und Wahlen", locale="de-de"),
        item("c", title="東京タワーへ行く", locale="ja"),
        item("d", title="Learn C++"),
        item("e", title="On air"),
        item("f", title="Use node.js", authors=["Ada Moor"]),
    ]
    _fill(tmp_path, *items)
    index = SearchIndex(tmp_path)
    assert await _titles(index, _searched(search), items) == found
    index.close()


async def test_relevance_prefers_titles_and_new_items(tmp_path: Path) -> None:
    items = [
        item("a", title="Old ferry", date=DAY_ONE - timedelta(days=4000)),
        item("b", title="New ferry", date=DAY_ONE),
        item("c", title="Nothing here", body="The ferry is late"),
        item("d", title="Undated ferry", date=None),
    ]
    _fill(tmp_path, *items)
    index = SearchIndex(tmp_path)
    found = await _titles(index, _searched("ferry", ItemOrder.RELEVANCE), items)
    index.close()
    assert found[0] == "New ferry"
    assert found[-1] == "Nothing here"


async def test_what_is_not_among_the_best_follows_by_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relevance, "BEST", 3)
    items = [
        item(str(number), title="ferry " * (number % 5 + 1), date=DAY_ONE + timedelta(number))
        for number in range(12)
    ]
    _fill(tmp_path, *items)
    index = SearchIndex(tmp_path)
    listing = _searched("ferry", ItemOrder.RELEVANCE)
    forward = await _all_pages(index, listing, EVERY_ITEM, 2, False)
    backward = await _all_pages(index, listing, EVERY_ITEM, 5, True)
    index.close()
    assert forward == backward
    assert {hit.id for hit in forward} == {one["_id"] for one in items}
    assert len(forward) == 12
    dates = {one["_id"]: one["publishedDateTime"] for one in items}
    rest = [dates[hit.id] for hit in forward[3:]]
    assert rest == sorted(rest, reverse=True)


async def test_the_best_are_not_among_the_rest_though_they_stand_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relevance, "BEST", 30)
    # By date: 5 that are not among the best, 30 that are, 5 that are not.
    items = [
        item(
            f"{number:02}",
            title="ferry" if 5 <= number < 35 else "a boat that is no more than a ferry",
            date=DAY_ONE + timedelta(minutes=number),
        )
        for number in range(40)
    ]
    _fill(tmp_path, *items)
    index = SearchIndex(tmp_path)
    listing = _searched("ferry", ItemOrder.RELEVANCE)
    pages = [
        await _all_pages(index, listing, EVERY_ITEM, size, backward)
        for size in (1, 3, 40)
        for backward in (False, True)
    ]
    index.close()
    by_date = [one["_id"] for one in reversed(items)]
    wanted = [*by_date[5:35], *by_date[:5], *by_date[35:]]
    assert [[hit.id for hit in hits] for hits in pages] == [wanted] * len(pages)


async def test_items_of_one_rank_follow_each_other_by_date_on_pages_of_any_size(
    tmp_path: Path,
) -> None:
    items = [
        item(f"{title}{number}", title=title, date=DAY_ONE + timedelta(minutes=number))
        for title in ("A ferry", "Ferry", "Ferry, ferry")
        for number in range(3)
    ]
    _fill(tmp_path, *items)
    index = SearchIndex(tmp_path)
    listing = _searched("ferry", ItemOrder.RELEVANCE)
    pages = [
        await _all_pages(index, listing, EVERY_ITEM, size, backward)
        for size in (1, 2, 9)
        for backward in (False, True)
    ]
    index.close()
    ids = [[hit.id for hit in hits] for hits in pages]
    assert ids == [ids[0]] * len(ids)
    titles = {one["_id"]: one["title"] for one in items}
    assert [titles[id_] for id_ in ids[0][::3]] == ["Ferry, ferry", "Ferry", "A ferry"]
    dates = {one["_id"]: one["publishedDateTime"] for one in items}
    for first in (0, 3, 6):
        found = [dates[id_] for id_ in ids[0][first : first + 3]]
        assert found == sorted(found, reverse=True)


async def test_a_commit_is_seen_at_once(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)
    with pytest.raises(Unavailable, match="being built"):
        await index.refresh()
    with pytest.raises(Unavailable, match="being built"):
        index.snapshot(PUBLIC)
    items = [item("a"), item("b")]
    _fill(tmp_path, items[0])
    assert await index.counts([EVERY_ITEM], Listing(PUBLIC)) == [1]
    before = index.snapshot(PUBLIC)
    assert before.version == 1
    _fill(tmp_path, items[1], version=2)
    assert index.snapshot(PUBLIC) == before
    await index.refresh()
    after = index.snapshot(PUBLIC)
    assert (after.version, after.id == before.id) == (2, False)
    assert await index.counts([EVERY_ITEM, category_label("x")], Listing(PUBLIC)) == [2, 0]
    index.close()


async def test_facets_of_the_sites_own_fields_have_their_types(tmp_path: Path) -> None:
    stories = [item(name) for name in "abc"]
    for story, value in zip(stories, (10, 9, 9), strict=True):
        story["site"] = {"price": {"ab12": value}}
        story["labels"].append(f"site:price:{value}")
    _fill(tmp_path, *stories)
    index = SearchIndex(tmp_path)
    facet = SiteFacet("price", "site.price.ab12", False)
    (counted,) = await index.facets([EVERY_ITEM], {facet: Listing(PUBLIC)})
    index.close()
    assert counted == {"price": [{"_id": 9, "count": 2}, {"_id": 10, "count": 1}]}


async def test_values_with_the_same_count_come_by_name(tmp_path: Path) -> None:
    names = [f"Author {number:04}" for number in range(1_500)]
    stories = [item(str(number), authors=names[number::30]) for number in range(30)]
    _fill(tmp_path, *stories, item("x", authors=names[-1:]))
    index = SearchIndex(tmp_path)
    (counted,) = await index.facets([EVERY_ITEM], {FacetField.AUTHORS: Listing(PUBLIC)})
    index.close()
    values = counted["AUTHORS"]
    assert len(values) == MAX_FACET_VALUES
    assert values[0] == {"_id": "author:author-1499", "count": 2}
    ids = [f"author:author-{number:04}" for number in range(MAX_FACET_VALUES - 1)]
    assert [value["_id"] for value in values[1:]] == ids


@pytest.mark.parametrize("key", ["", "x] OR labels:*", "~", "'", "\x00", "a" * 300, "0 TO 1"])
async def test_a_key_of_no_list_does_no_harm(tmp_path: Path, key: str) -> None:
    _fill(tmp_path, item("a"))
    index = SearchIndex(tmp_path)
    for order in ItemOrder:
        listing = Listing(PUBLIC, Conditions(search="story"), order)
        for window in (Window(5, after=key), Window(5, before=key, backward=True)):
            (page,) = await index.pages([EVERY_ITEM], listing, window)
            assert len(page.hits) <= 1
    index.close()


HOSTILE = (
    *('"' * 500, "a " * 250, "語" * 500, "-" * 500, "w" * 500, '"a b" ' * 80, "* ? .*"),
    *("(a|b)*[^x]{9}\\", "\0" * 500, "a" + "\u0301" * 499, "\u200d" * 500, "\u202e" + "ab " * 160),
    "\ufdfa" * 500,  # becomes eighteen characters
    *('"あ あ あ" ' * 60, "東 " * 250, "👩\u200d👧" * 160, "ﾊﾟ" * 250, "ŉ" * 500, "\ud800" * 500),
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_searches_are_bounded(tmp_path: Path, text: str) -> None:
    _fill(tmp_path, *(item(str(number), title=f"word{number} 語{number}") for number in range(50)))
    index = SearchIndex(tmp_path)
    for order in (ItemOrder.NEWEST, ItemOrder.RELEVANCE):
        await index.pages([EVERY_ITEM], _searched(text, order), Window(5))
        await index.counts([EVERY_ITEM], _searched(text, order))
    await index.facets([EVERY_ITEM], {FacetField.TAGS: _searched(text)})
    await index.did_you_mean(_searched(text))
    await index.excerpts(_searched(text), [(text * 40, None), (text * 40, "ja"), ("word1", None)])
    assert len(await index.suggest(PUBLIC, text * 20, 5)) <= 5
    index.close()


async def test_what_nobody_waits_for_any_more_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, cancelled = Event(), Event()
    marked: list[str] = []

    def excerpts(_: Marker, text: str, __: str | None) -> list[Excerpt]:
        marked.append(text)
        begun.set()
        cancelled.wait(60)
        return []

    monkeypatch.setattr(Marker, "excerpts", excerpts)
    _fill(tmp_path, item("a"))
    index = SearchIndex(tmp_path)
    texts = [("one", None), ("two", None)]
    task = asyncio.create_task(index.excerpts(_searched("story"), texts))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    cancelled.set()
    await asyncio.to_thread(index._pool.shutdown)  # after what runs
    index.close()
    assert marked == ["one"]
