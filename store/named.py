"""Reading providers and topics, each as its audience knows it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from store.audience import Audience
from store.connection import Document
from store.errors import translated
from store.pages import Page, Window, page_of


class NamedOrder(StrEnum):
    """The orders of providers and topics; each names a sort key."""

    NAME = "name"
    MOST_ITEMS = "mostItems"


class Named:
    """The reader of `providers` or of `topics`. All its methods raise StoreError.

    The documents it gives hold what the audience may know: `_id`, `domain` or `slug`, `name`,
    `itemCount`, `sort`, and `images` or `parent`.
    """

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection

    async def get(self, ids: Sequence[str], audience: Audience) -> list[Document | None]:
        """Give those with these ids, in their order; None where the audience knows of none."""
        match = {"_id": {"$in": list(dict.fromkeys(ids))}, audience: {"$exists": True}}
        by_id = {found["_id"]: found for found in await self._find(match, audience)}
        return [by_id.get(id_) for id_ in ids]

    async def page(self, audience: Audience, order: NamedOrder, window: Window) -> Page:
        """Give one page of all that the audience knows of."""
        field = f"{audience}.sort.{order}"
        stages = window.stages(field, _projection(audience))
        found = await self._aggregate([{"$match": {field: {"$gt": ""}}}, *stages])
        beyond = {
            name: await self._aggregate(probe) for name, probe in window.probes(field).items()
        }
        return page_of(window, [_viewed(document, audience) for document in found], beyond)

    async def count(self, audience: Audience) -> int:
        """Give the number of all that the audience knows of."""
        with translated():
            return await self._collection.count_documents(
                {f"{audience}.sort.{NamedOrder.NAME}": {"$gt": ""}}
            )

    async def children(
        self, parents: Sequence[str], audience: Audience, limit: int
    ) -> list[list[Document]]:
        """Give the topics right below each of `parents` by name, at most `limit` of each."""
        match = {f"{audience}.parent": {"$in": list(dict.fromkeys(parents))}}
        below: dict[str, list[Document]] = {parent: [] for parent in parents}
        for child in await self._find(match, audience, sort=f"{audience}.sort.name"):
            if len(below[child["parent"]]) < limit:
                below[child["parent"]].append(child)
        return [below[parent] for parent in parents]

    async def _find(
        self, match: Mapping[str, Any], audience: Audience, sort: str = "_id"
    ) -> list[Document]:
        with translated():
            found = await self._collection.find(match, _projection(audience)).sort(sort).to_list()
        return [_viewed(document, audience) for document in found]

    async def _aggregate(self, pipeline: list[Document]) -> list[Document]:
        with translated():
            return await (await self._collection.aggregate(pipeline)).to_list()


def _projection(audience: Audience) -> dict[str, int]:
    return {"domain": 1, "slug": 1, audience: 1}


def _viewed(document: Document, audience: Audience) -> Document:
    view: Document = document.pop(audience)
    return {**document, **view}
