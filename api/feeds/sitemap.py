"""Sitemaps (https://www.sitemaps.org/protocol.html), with an index if there are many items."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from api.feeds.addresses import Addresses
from api.feeds.xml import Element
from schema.scalars import format_date_time
from store.documents import Document, Projection
from store.reading.listing import Listing

MAX_URLS: Final = 50_000
"""Addresses in one file: the protocol's limit."""

MAX_FILES: Final = 50_000
"""Files in an index: the protocol's limit."""

MAX_BYTES: Final = 50 * 2**20
"""Bytes of a file: the protocol's limit. Addresses beyond it are left out."""

READ_AT_ONCE: Final = 2_500
"""Items read in one call: more would keep the event loop busy for too long."""

FIELDS: Final[Projection] = {"webUrl": 1, "updatedDateTime": 1, "publishedDateTime": 1}
"""The keys of an item that a sitemap needs."""

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_BYTES_OF_TAGS: Final = 100


class Items(Protocol):
    """The part of the reader of items that sitemaps need."""

    async def counts(self, parents: Sequence[str], listing: Listing) -> list[int]: ...
    async def slice(
        self, listing: Listing, start: int, limit: int, projection: Projection
    ) -> list[Document]: ...


def urlset(items: Iterable[Document], addresses: Addresses) -> bytes:
    """Return a sitemap of items: of their pages in the reader, or else of their own addresses."""
    root = Element.root(_NAMESPACE, "urlset")
    size = 0
    for item in items:
        address = addresses.page(item["_id"]) or item.get("webUrl")
        if not isinstance(address, str):
            continue
        size += len(address.encode()) + _BYTES_OF_TAGS
        if size > MAX_BYTES:
            break
        url = root.add("url")
        url.add("loc", address)
        if date := item.get("updatedDateTime") or item.get("publishedDateTime"):
            url.add("lastmod", format_date_time(date))
    return root.document()


def sitemap_index(files: int, addresses: Addresses) -> bytes:
    """Return an index of so many sitemaps."""
    root = Element.root(_NAMESPACE, "sitemapindex")
    for number in range(1, min(files, MAX_FILES) + 1):
        root.add("sitemap").add("loc", addresses.of(f"/sitemaps/{number}.xml"))
    return root.document()


async def read(items: Items, listing: Listing, file: int) -> list[Document]:
    """Return the items of a sitemap's file, the first being 0."""
    found: list[Document] = []
    start = file * MAX_URLS
    for position in range(start, start + MAX_URLS, READ_AT_ONCE):
        part = await items.slice(listing, position, READ_AT_ONCE, FIELDS)
        found += part
        if len(part) < READ_AT_ONCE:
            break
    return found
