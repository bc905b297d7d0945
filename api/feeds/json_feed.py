"""Feeds in JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from typing import Any, Final

import orjson

from api.feeds.feed import Entry, Feed

MEDIA_TYPE: Final = "application/feed+json"


def json_feed(feed: Feed) -> bytes:
    """Return a feed as JSON Feed."""
    return orjson.dumps(
        _without_none(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": feed.title,
                "home_page_url": feed.home,
                "feed_url": feed.url,
                "items": [_item(entry) for entry in feed.entries],
            }
        )
    )


def _item(entry: Entry) -> dict[str, Any]:
    # "Items": one of the contents must be present.
    text = None if entry.html else entry.summary or ""
    return _without_none(
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html or None,
            "content_text": text,
            "summary": entry.summary,
            "image": entry.image,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "authors": [{"name": name} for name in entry.authors] or None,
            "tags": list(entry.tags) or None,
            "language": entry.locale,
        }
    )


def _without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}
