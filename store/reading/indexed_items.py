"""Lists of items from the search index where it answers them, and else from MongoDB.

The index proposes ids; the items, and whether they are published, are read from MongoDB.
"""

from collections.abc import Collection, Sequence
from functools import partial

from store.documents import Document, Projection
from store.labels import EVERY_ITEM
from store.reading.facets import Count, FacetField, SiteFacet, listing_of_facet
from store.reading.fresh_search import FreshSearch
from store.reading.items import Items
from store.reading.listing import Listing
from store.reading.pages import Page, Window
from store.reading.scans import Scans
from store.reading.search import Hits


class IndexedItems:
    """Reads items like `Items`, which it takes documents from. All methods raise StoreError."""

    def __init__(self, items: Items, index: FreshSearch, scans: Scans) -> None:
        self._items = items
        self._index = index
        self._scans = scans
        self.get = items.get
        self.with_slug = items.with_slug
        self.slice = items.slice

    async def pages(
        self, parents: Sequence[str], listing: Listing, window: Window, projection: Projection
    ) -> list[Page]:
        """Return each parent's page. Documents have the projected fields, and keys if wanted.

        Pages of one label in their own order are read from MongoDB, which needs a single call.
        """
        is_nested = any(parent != EVERY_ITEM for parent in parents)
        if listing.conditions.search is not None or listing.is_intersection(nested=is_nested):
            search = await self._index.for_list(listing)
            if search is not None:
                find = partial(search.pages, parents, listing, window)
                found = await self._scans.once(("hits", tuple(parents), listing, window), find)
                return await self._pages_of(found, listing, projection)
        return await self._items.pages(parents, listing, window, projection)

    async def counts(self, parents: Sequence[str], listing: Listing) -> list[int]:
        """Return the number of items in each parent's list."""
        search = await self._index.for_list(listing)
        if search is None:
            return await self._items.counts(parents, listing)
        count = partial(search.counts, parents, listing)
        return await self._scans.once(("counts", tuple(parents), listing), count)

    async def facets(
        self, parents: Sequence[str], listing: Listing, facets: Collection[FacetField | SiteFacet]
    ) -> list[dict[str, list[Count]]]:
        """Return the values of facets in each parent's list, by the facet's name."""
        search = await self._index.for_list(listing)
        if search is None:
            return await self._items.facets(parents, listing, facets)
        listings = {facet: listing_of_facet(listing, facet) for facet in facets}
        count = partial(search.facets, parents, listings)
        return await self._scans.once(("facets", tuple(parents), listing, tuple(facets)), count)

    async def _pages_of(
        self, found: Sequence[Hits], listing: Listing, projection: Projection
    ) -> list[Page]:
        ids = [hit.id for page in found for hit in page.hits]
        documents = iter(await self.get(ids, projection))
        return [_page(page, [next(documents) for _ in page.hits], listing) for page in found]


def _page(found: Hits, documents: Sequence[Document | None], listing: Listing) -> Page:
    """Return a page of those items that the audience still sees, with the ends of all of them."""
    read, visible = [], []
    for hit, document in zip(found.hits, documents, strict=True):
        keyed = _with_key(document or {"_id": hit.id}, listing.sort_field, hit.key)
        read.append(keyed)
        if document is not None:
            visible.append(keyed)
    return Page(visible, found.has_previous, found.has_next, read)


def _with_key(document: Document, path: str, key: str) -> Document:
    """Return a document with a sort key; `path` has one name or two."""
    above, _, name = path.rpartition(".")
    return {**document, **({above: {name: key}} if above else {name: key})}
