"""Reading providers and topics, each as its audience knows it."""

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum

from pymongo.asynchronous.collection import AsyncCollection

from store.audience import Audience
from store.connection import ONE_BATCH
from store.documents import Document
from store.errors import translated
from store.reading.batch import Find, FindBatcher
from store.reading.pages import Page, Window, all_at_once, page_of


class TaxonomyOrder(StrEnum):
    """The orders of providers and topics; each names a sort key."""

    NAME = "name"
    MOST_ITEMS = "mostItems"


class TaxonomyReader:
    """The reader of `providers` or of `topics`. All its methods raise StoreError.

    The documents it gives hold what the audience may know: `_id`, `domain` or `slug`, and those
    of `fields` that the document has: `name`, `itemCount`, `images` or `parent`.
    """

    def __init__(self, collection: AsyncCollection[Document], finder: FindBatcher) -> None:
        self._collection = collection
        self._finder = finder

    async def get(
        self, ids: Sequence[str], audience: Audience, fields: Collection[str]
    ) -> list[Document | None]:
        """Give those with these ids, in their order; None where the audience knows of none."""
        found = await self.find(lambda: ids, audience, fields)
        return [found.get(id_) for id_ in ids]

    async def find(
        self, ids: Callable[[], Collection[str]], audience: Audience, fields: Collection[str]
    ) -> dict[str, Document]:
        """Give by id those of some that the audience knows of.

        `ids` is called when the event loop's turn is over: see `FindBatcher`.
        """

        def find() -> Find:
            match = {"_id": {"$in": sorted(set(ids()))}, audience: {"$exists": True}}
            return Find(self._collection, match, _projection(audience, fields))

        found = await self._finder.find(find)
        return {document["_id"]: _viewed(document, audience) for document in found}

    async def page(
        self, audience: Audience, order: TaxonomyOrder, window: Window, fields: Collection[str]
    ) -> Page:
        """Give one page of all that the audience knows of, with their sort keys."""
        key = f"sort.{order}"
        field = f"{audience}.{key}"
        probes = window.probes(field)
        found, *beyond = await all_at_once(
            self._aggregate(
                [*_all(field), *window.stages(field, _projection(audience, {*fields, key}))]
            ),
            *(self._aggregate([*_all(field), *stages]) for stages in probes.values()),
        )
        documents = [_viewed(document, audience) for document in found]
        return page_of(window, documents, dict(zip(probes, beyond, strict=True)))

    async def count(self, audience: Audience) -> int:
        """Give the number of all that the audience knows of."""
        field = f"{audience}.sort.{TaxonomyOrder.NAME}"
        counted = await self._aggregate([*_all(field), {"$count": "named"}])
        return counted[0]["named"] if counted else 0

    async def children(
        self, parents: Sequence[str], audience: Audience, fields: Collection[str], limit: int
    ) -> list[list[Document]]:
        """Give the topics right below each of `parents` by name, at most `limit` of each."""
        match = {f"{audience}.parent": {"$in": list(dict.fromkeys(parents))}}
        projection = _projection(audience, {*fields, "parent"})
        with translated():
            cursor = self._collection.find(match, projection, batch_size=ONE_BATCH)
            found = await cursor.sort(f"{audience}.sort.{TaxonomyOrder.NAME}").to_list()
        below: dict[str, list[Document]] = {parent: [] for parent in parents}
        for document in found:
            child = _viewed(document, audience)
            if len(below[child["parent"]]) < limit:
                below[child["parent"]].append(child)
        return [below[parent] for parent in parents]

    async def _aggregate(self, pipeline: list[Document]) -> list[Document]:
        with translated():
            return await (await self._collection.aggregate(pipeline, batchSize=ONE_BATCH)).to_list()


def _all(field: str) -> list[Document]:
    """Give the stage that finds all with a sort key, by the index on it."""
    return [{"$match": {field: {"$gt": ""}}}]


def _projection(audience: Audience, fields: Collection[str]) -> dict[str, int]:
    paths = ["domain", "slug", *(f"{audience}.{field}" for field in fields)]
    return dict.fromkeys(paths, 1)


def _viewed(document: Document, audience: Audience) -> Document:
    view: Document = document.pop(audience, {})
    return {**document, **view}
