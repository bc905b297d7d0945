"""Reading items once more, without the damaged ones, after they have made a query fail."""

import logging
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from bson.codec_options import DatetimeConversion
from pymongo.asynchronous.collection import AsyncCollection

from store.audience import Audience
from store.documents import Document, Projection
from store.errors import translated
from store.reading.fetches import Fetches
from store.reading.find_batcher import FindBatcher
from store.reading.items import Items
from store.reading.listing import Listing
from store.reading.pages import Page, Window
from store.reading.scans import Scans
from store.reading.soundness import WHOLE_ITEM, problem_of

MAX_DAMAGED = 20
"""Damaged items that a request names; it leaves out all of them."""

log = logging.getLogger("newsgraph.damage")


class DamagedItem(NamedTuple):
    """A damaged item, the path of its file as far as it is known, and what is wrong."""

    id: str
    path: str
    problem: str


class Damage:
    """Finds out which items are damaged; `ids` are those of the first `MAX_DAMAGED`."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def spares(self, item: Document, projection: Projection) -> bool:
        """Return whether an item is sound. One that is not is logged, the first time."""
        problem = problem_of(item, projection)
        if problem is None:
            return True
        id_ = str(item["_id"])
        if id_ not in self.ids and len(self.ids) < MAX_DAMAGED:
            self.ids.append(id_)
            log.error("The document %s is damaged and was left out: %s", id_, problem)
        return False


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

    async def get(self, ids: Sequence[str | None], projection: Projection) -> list[Document | None]:
        """Return the items with these ids; None for None and for those not visible or damaged."""
        found = await super().get(ids, projection)
        return [item if item and self._damage.spares(item, projection) else None for item in found]

    async def pages(
        self, parents: Sequence[str], listing: Listing, window: Window, projection: Projection
    ) -> list[Page]:
        """Return each parent's page without the damaged items, which count for its size."""
        pages = await super().pages(parents, listing, window, projection)
        projection = {**projection, listing.sort_field: 1}
        return [
            Page(
                [item for item in page.documents if self._damage.spares(item, projection)],
                page.has_previous,
                page.has_next,
            )
            for page in pages
        ]


def lenient(collection: AsyncCollection[Document]) -> AsyncCollection[Document]:
    """Return a collection that reads what the driver refuses: dates beyond 9999, bad UTF-8."""
    options = collection.codec_options.with_options(
        datetime_conversion=DatetimeConversion.DATETIME_AUTO,
        unicode_decode_error_handler="replace",
    )
    return collection.with_options(codec_options=options)


async def damaged_items(items: AsyncCollection[Document]) -> AsyncIterator[DamagedItem]:
    """Check all items, and yield the damaged ones. Raises StoreError."""
    with translated():
        async for item in lenient(items).find({}, WHOLE_ITEM):
            if problem := problem_of(item, WHOLE_ITEM):
                yield DamagedItem(str(item["_id"]), str(item.get("path", "")), problem)
