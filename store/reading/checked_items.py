"""Reading items once more, without the damaged ones, after they have made a query fail."""

from collections.abc import Sequence

from pymongo.asynchronous.collection import AsyncCollection
from typing_extensions import override

from store.audience import Audience
from store.documents import Document, Pipeline, Projection
from store.reading.damage import Damage, lenient
from store.reading.facets import FacetField, SiteFacet, facet_stages
from store.reading.fetches import Fetches
from store.reading.find_batcher import FindBatcher
from store.reading.items import Items
from store.reading.listing import Listing
from store.reading.pages import Page, Window
from store.reading.scans import Scans
from store.reading.soundness import SOUND_ITEM


class CheckedItems(Items):
    """Reads items like `Items`, and leaves out the damaged ones."""

    def __init__(
        self,
        collection: AsyncCollection[Document],
        audience: Audience,
        batcher: FindBatcher,
        scans: Scans,
        fetches: Fetches,
        damage: Damage,
    ) -> None:
        super().__init__(lenient(collection), audience, batcher, scans, fetches)
        self._database = self._database.with_options(codec_options=self._items.codec_options)
        self._damage = damage

    @override
    async def get(self, ids: Sequence[str | None], projection: Projection) -> list[Document | None]:
        """Return the items with these ids; None for None and for those not visible or damaged."""
        found = await super().get(ids, projection)
        return self._damage.sound_or_none(found, projection, SOUND_ITEM)

    @override
    async def with_slug(
        self, slug: str, category: str | None, projection: Projection
    ) -> list[Document]:
        """Return the items with a slug that are visible and not damaged."""
        found = await super().with_slug(slug, category, projection)
        return self._damage.sound(found, projection, SOUND_ITEM)

    @override
    async def pages(
        self, parents: Sequence[str], listing: Listing, window: Window, projection: Projection
    ) -> list[Page]:
        """Return each parent's page without the damaged items, which count for its size."""
        pages = await super().pages(parents, listing, window, projection)
        projection = window.projection(listing.sort_field, projection)
        return [
            page.with_documents(
                self._damage.sound(page.documents, projection, SOUND_ITEM), listing.sort_field
            )
            for page in pages
        ]

    @override
    def _facet_stages(self, facet: FacetField | SiteFacet) -> Pipeline:
        return facet_stages(facet, damaged=True)
