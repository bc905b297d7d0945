"""What labels stand for: whether any item has them, and how its newest item spells the name."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from cachetools import LRUCache
from pymongo.asynchronous.collection import AsyncCollection

from store.audience import Audience
from store.documents import Document, Pipeline
from store.labels import spelling
from store.orders import ItemOrder
from store.reading.fetches import Fetches
from store.reading.listing import any_of
from store.reading.scans import Scans

_MAX_KEPT: Final = 4_096
"""Labels of one process, of about 100 bytes each."""

_NAMES: Final = {"category": 1, "type": 1, "tags": 1, "locale": 1}


class KnownLabels:
    """The labels that were looked up for one version of the corpus, with their spellings."""

    def __init__(self) -> None:
        self._version: int | None = None
        self.spellings: LRUCache[tuple[Audience, str], str] = LRUCache(_MAX_KEPT)

    def forget(self) -> None:
        """Forget all labels. What is being looked up is not kept either."""
        self.spellings = LRUCache(_MAX_KEPT)

    def at(self, version: int) -> None:
        """Forget all labels if they are not those of this version."""
        if version != self._version:
            self._version = version
            self.forget()


class LabelReader:
    """Looks labels up for one audience. Its methods raise StoreError."""

    def __init__(
        self,
        collection: AsyncCollection[Document],
        audience: Audience,
        known: KnownLabels,
        scans: Scans,
        fetches: Fetches,
    ) -> None:
        self._items = collection
        self._audience = audience
        self._known = known.spellings
        self._scans = scans
        self._fetches = fetches

    def unknown(self, labels: Iterable[str]) -> list[str]:
        """Return those of the labels that have to be looked up."""
        return [label for label in labels if self._kept(label) is None]

    async def spellings(self, labels: Iterable[str]) -> Mapping[str, str]:
        """Return the spellings of those labels that a visible item has.

        A label of a category, type, tag or locale is spelled as the newest item does; another has
        no spelling but itself.
        """
        wanted = dict.fromkeys(labels)
        found = {label: text for label in wanted if (text := self._kept(label)) is not None}
        if missing := [label for label in wanted if label not in found]:
            find = partial(self._newest, missing)
            for row in await self._scans.once(("labels", *missing), find):
                label = row["_id"]
                found[label] = spelling(label, row["newest"])
                self._known[self._audience, label] = found[label]
        return found

    def _kept(self, label: str) -> str | None:
        return self._known.get((self._audience, label))

    async def _newest(self, labels: list[str]) -> list[Document]:
        """Return the names of the newest item of each label that an item has."""
        first: Pipeline = [
            {"$match": {"published": any_of(self._audience.sees)}},
            {"$sort": {f"sort.{ItemOrder.NEWEST}": 1}},
            {"$limit": 1},
            {"$project": _NAMES},
        ]
        items = {"localField": "_id", "foreignField": "labels", "pipeline": first}
        return await self._fetches.aggregate(
            self._items.database,
            [
                {"$documents": [{"_id": label} for label in labels]},
                {"$lookup": {"from": self._items.name, "as": "newest", **items}},
                {"$unwind": "$newest"},
            ],
        )
