"""Feeds in JSON Feed 1.1 (`json_feed`), checked against the specification's table."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyUrl, AwareDatetime, BaseModel, ConfigDict, model_validator

from api.feeds.feed import Entry, Feed
from api.feeds.json_feed import json_feed
from tests.api.feeds.conftest import ORIGIN, pages_of
from tests.api.feeds.test_atom import ENTRIES, TEXTS
from tests.schema.newsroom import Newsroom, item

pytestmark = pytest.mark.anyio


class Strict(BaseModel):
    """A part of a feed, with no members but those of the specification."""

    model_config = ConfigDict(extra="forbid")


class Author(Strict):
    name: str


class Item(Strict):
    id: str
    url: AnyUrl | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    image: AnyUrl | None = None
    date_published: AwareDatetime | None = None
    date_modified: AwareDatetime | None = None
    authors: list[Author] = []
    tags: list[str] = []
    language: str | None = None

    @model_validator(mode="after")
    def _has_content(self) -> "Item":
        assert self.content_html is not None or self.content_text is not None
        return self


class JsonFeed(Strict):
    version: str
    title: str
    home_page_url: AnyUrl | None = None
    feed_url: AnyUrl | None = None
    items: list[Item]


@given(TEXTS, st.lists(ENTRIES, max_size=3))
def test_any_feed_is_valid(title: str, entries: list[Entry]) -> None:
    feed = Feed("urn:x", title, None, None, "2026-02-28T16:00:00Z", tuple(entries))
    written = JsonFeed.model_validate(orjson.loads(json_feed(feed)))
    assert len(written.items) == len(entries)


async def test_a_feed_has_the_items_of_its_list(newsroom: Newsroom) -> None:
    picture = {"url": "/a.jpg", "isCached": False}
    newsroom.put(
        item("a", topics=["Energy"], excerpt="What the tide brings.", images=[picture]),
        item("b", topics=["Trams"]),
    )
    response = await pages_of(newsroom).get("/feeds/topics/energy.json")
    feed: dict[str, Any] = response.json()
    JsonFeed.model_validate(feed)
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Energy",
        "home_page_url": f"{ORIGIN}/topics/energy",
        "feed_url": f"{ORIGIN}/feeds/topics/energy.json",
        "items": [
            {
                "id": "https://one.example/a",
                "url": "https://one.example/a",
                "title": "Story a",
                "content_text": "What the tide brings.",
                "summary": "What the tide brings.",
                "image": "https://one.example/a.jpg",
                "date_published": "2026-01-01T00:00:00Z",
                "tags": ["Energy"],
            }
        ],
    }
