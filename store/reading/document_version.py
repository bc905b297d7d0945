"""Whether the stored documents are those that this version of newsgraph reads."""

from pymongo.asynchronous.collection import AsyncCollection

from store.documents import Document, Expression
from store.errors import Outdated, translated
from store.labels import EVERY_ITEM
from store.orders import ItemOrder

# Items of the version before have the first key and not the others, of which the first is in an
# index, where items without it come first. Single items that were edited by hand are left out by
# `store.reading.damage`. Name others when documents change so that labels, sort keys or projections
# of this version do not fit the older ones.
_OLDER: Expression = {
    f"sort.{ItemOrder.NEWEST}": {"$type": "string"},
    f"sort.{ItemOrder.UPDATED}": None,
    "countable": None,
}


class DocumentVersion:
    """Looks for items of older versions, once for each version of the corpus.

    They have other labels, so lists would be answered wrongly. A load reads all files of its roots
    again, as the digests of files tell which version read them.
    """

    def __init__(self, items: AsyncCollection[Document]) -> None:
        self._items = items
        self._looked_at: int | None = None
        self._is_outdated = False

    def check(self) -> None:
        """Raise Outdated if the last look found items of an older version."""
        if self._is_outdated:
            raise Outdated(
                "The corpus was loaded by an older version of newsgraph: run `newsgraph load` for "
                "each of its roots, which `newsgraph status` lists."
            )

    async def check_at(self, version: int) -> None:
        """Look, if there is another version of the corpus, and check. Raises StoreError."""
        if version != self._looked_at:
            self._is_outdated = await self._has_older_items()
            self._looked_at = version
        self.check()

    async def _has_older_items(self) -> bool:
        every: Expression = {"labels": EVERY_ITEM, "published": {"$in": [False, True]}}
        with translated():
            return await self._items.find_one({**every, **_OLDER}, {"_id": 1}) is not None
