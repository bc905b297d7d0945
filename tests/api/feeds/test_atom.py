"""Feeds in Atom (`atom`, of `feed`, by `xml`): valid, whatever is in the items."""

import io
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from api.feeds.atom import atom
from api.feeds.feed import Entry, Feed
from tests.api.feeds.conftest import ORIGIN, pages_of
from tests.schema.newsroom import Newsroom, dated, item

pytestmark = pytest.mark.anyio

SCHEMA = etree.RelaxNG(file=str(Path(__file__).parent / "atom.rng"))
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)  # what MongoDB can store
URLS = st.sampled_from(["https://one.example/a?b=1&c=<d>", "https://one.example/ü"])
DATES = st.none() | st.just("2026-02-28T16:00:00Z")
ENTRIES = st.builds(
    Entry,
    id=URLS,
    title=TEXTS,
    url=st.none() | URLS,
    published=DATES,
    updated=DATES,
    summary=st.none() | TEXTS,
    html=st.none() | TEXTS,
    authors=st.lists(TEXTS, max_size=2).map(tuple),
    tags=st.lists(TEXTS, max_size=2).map(tuple),
    image=st.none() | URLS,
    locale=st.none() | TEXTS,
)


def validated(document: bytes) -> etree._Element:
    """Return the root of a document that is valid Atom."""
    root = etree.fromstring(document)
    SCHEMA.assertValid(root)
    return root


@given(TEXTS, st.lists(ENTRIES, max_size=3))
def test_any_feed_is_valid(title: str, entries: list[Entry]) -> None:
    feed = Feed("urn:x", title, None, None, "2026-02-28T16:00:00Z", tuple(entries))
    assert len(validated(atom(feed))) >= 5 + len(entries)


async def test_feed_readers_find_everything(newsroom: Newsroom) -> None:
    newsroom.put(
        item(
            "a",
            title="Ferries & <b>tides</b>",
            topics=["Energy"],
            authors=["Ada Moor", "Li Wen"],
            excerpt="What the tide brings.",
            body="Read **on**: [more](/more).",
            bodyFormat="markdown",
            tags=["sea"],
        )
    )
    response = await pages_of(newsroom).get("/feeds/items.atom")
    validated(response.content)
    parsed = feedparser.parse(io.BytesIO(response.content))
    assert not parsed.bozo
    assert parsed.feed.id == f"{ORIGIN}/feeds/items.atom"
    assert {link.rel: link.href for link in parsed.feed.links} == {
        "self": f"{ORIGIN}/feeds/items.atom",
        "alternate": f"{ORIGIN}/",
    }
    (entry,) = parsed.entries
    assert entry.id == entry.link == "https://one.example/a"
    assert entry.title == "Ferries & <b>tides</b>"
    assert entry.published == "2026-01-01T00:00:00Z"
    assert [author.name for author in entry.authors] == ["Ada Moor", "Li Wen"]
    assert {tag.term for tag in entry.tags} == {"Energy", "sea"}
    assert entry.summary == "What the tide brings."
    assert 'href="https://one.example/more"' in entry.content[0].value


async def test_a_feed_has_the_newest_thirty(newsroom: Newsroom) -> None:
    newsroom.put(*dated(40, topics=["Energy"], provider="one.example", authors=["Ada Moor"]))
    for path in ("items", "topics/Energy", "providers/one.example", "authors/ada-moor"):
        response = await pages_of(newsroom).get(f"/feeds/{path}.atom")
        validated(response.content)
        parsed = feedparser.parse(io.BytesIO(response.content))
        titles = [f"Story n{number:03}" for number in range(39, 9, -1)]
        assert [entry.title for entry in parsed.entries] == titles
        assert parsed.feed.updated == parsed.entries[0].updated


async def test_the_feed_of_an_empty_corpus_is_valid(newsroom: Newsroom) -> None:
    response = await pages_of(newsroom).get("/feeds/items.atom")
    validated(response.content)


async def test_an_item_without_address_and_date_is_valid(newsroom: Newsroom) -> None:
    newsroom.put(item("a", webUrl=None, date=None))
    http = pages_of(newsroom, has_reader=False)
    for host in ("localhost", "unknown.example"):
        response = await http.get("/feeds/items.atom", headers={"host": host})
        validated(response.content)
