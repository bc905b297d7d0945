"""A feed, whatever its format."""

from dataclasses import dataclass
from typing import Any, Final

from api.feeds.addresses import Addresses, feed_path, item_path
from api.feeds.questions import Data

_NEVER: Final = "1970-01-01T00:00:00Z"  # RFC 4287, section 4.2.15: a date is required


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in a feed."""

    id: str
    title: str
    url: str | None
    published: str | None
    updated: str | None
    summary: str | None
    html: str | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    image: str | None
    locale: str | None

    @property
    def date(self) -> str:
        """When it last changed, as far as it is known."""
        return self.updated or self.published or _NEVER


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest items of a list."""

    id: str
    title: str
    url: str | None
    """Its own address."""
    home: str | None
    """The address of the page that it is about."""
    updated: str
    entries: tuple[Entry, ...]


def feed_of(kind: str, extension: str, data: Data, addresses: Addresses, site: str) -> Feed | None:
    """Return the feed of a query's data, or None if there is no such topic, provider or author.

    The feed of all items has the name of the site.
    """
    found = data["list"]
    if found is None:
        return None
    key = found.get("key")
    items = found if key is None else found["items"]
    entries = tuple(_entry(item, addresses) for item in items["nodes"])
    path = feed_path(kind, key, extension)
    has_origin = addresses.origin is not None
    home = "/" if key is None else path.removeprefix("/feeds").rpartition(".")[0]
    return Feed(
        id=addresses.of(path) if has_origin else f"urn:newsgraph:feed:{kind}:{key or ''}",
        title=found.get("name") or site,
        url=addresses.of(path) if has_origin else None,
        home=addresses.of(home) if has_origin and addresses.has_reader else None,
        updated=max(
            (entry.date for entry in entries),
            default=data["corpus"]["updatedDateTime"] or _NEVER,
        ),
        entries=entries,
    )


def _entry(item: dict[str, Any], addresses: Addresses) -> Entry:
    names = [topic["name"] for topic in item["topics"] or ()]
    tags = [*names, *item["tags"], *filter(None, [item["category"]])]
    authors = [author["name"] for author in item["authors"] or ()]
    if not authors and item["provider"]:
        authors = [item["provider"]["name"]]
    page = item["webUrl"] or addresses.page(item["id"])
    image = item["images"][0]["url"] if item["images"] else None
    return Entry(
        # The address of the page, as feed readers know it from other feeds; it must not change
        # with the origin of this server.
        id=item["webUrl"] or f"urn:newsgraph:{item['id']}",
        title=item["title"],
        url=page or (addresses.of(item_path(item["id"], ".md")) if addresses.origin else None),
        published=item["publishedDateTime"],
        updated=item["updatedDateTime"],
        summary=item["summary"],
        html=item.get("bodyHtml"),
        authors=tuple(authors),
        tags=tuple(dict.fromkeys(tags)),
        image=image if image and "://" in image else None,
        locale=item["locale"],
    )
