"""Reading items: by id, and in lists under any number of parents at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from store.audience import Audience
from store.connection import ONE_BATCH
from store.documents import EVERY_ITEM, Document
from store.errors import translated
from store.reading.batch import Find, FindBatcher
from store.reading.facets import Facet, facet_stages
from store.reading.listing import Listing
from store.reading.pages import Page, Window, all_at_once, page_of

_ALL = 2**31 - 1


class Items:
    """The reader of the `items` collection. All its methods raise StoreError.

    Lists are asked for by parents: ids that the items of a list have under `Listing.through`, or
    `EVERY_ITEM`. A method gives one result for each parent, in their order, and makes the same
    number of calls to the server however many they are.
    """

    def __init__(self, items: AsyncCollection[Document], finder: FindBatcher) -> None:
        self._items = items
        self._database = items.database
        self._finder = finder

    async def get(
        self, ids: Sequence[str], audience: Audience, projection: Mapping[str, Any]
    ) -> list[Document | None]:
        """Give the items with these ids, in their order; None where the audience has none."""
        match: Document = {"_id": {"$in": list(dict.fromkeys(ids))}}
        if audience is Audience.PUBLIC:
            match["published"] = True
        found = await self._finder.find(lambda: Find(self._items, match, projection))
        by_id = {document["_id"]: document for document in found}
        return [by_id.get(id_) for id_ in ids]

    async def pages(
        self,
        parents: Sequence[str],
        listing: Listing,
        window: Window,
        projection: Mapping[str, Any],
    ) -> list[Page]:
        """Give each parent's page. Documents have the fields projected and the sort key."""
        field = listing.sort_field
        probes = window.probes(field)
        found, *beyond = await all_at_once(
            self._each(parents, listing, window.stages(field, {**projection, field: 1})),
            *(self._each(parents, listing, stages) for stages in probes.values()),
        )
        return [
            page_of(window, documents, dict(zip(probes, ends, strict=True)))
            for documents, *ends in zip(found, *beyond, strict=True)
        ]

    async def counts(self, parents: Sequence[str], listing: Listing) -> list[int]:
        """Give the number of items in each parent's list."""
        counted = await self._each(parents, listing, [{"$count": "items"}])
        return [rows[0]["items"] if rows else 0 for rows in counted]

    async def facets(
        self, parents: Sequence[str], listing: Listing, facets: Collection[Facet]
    ) -> list[dict[str, list[Document]]]:
        """Give the values of facets in each parent's list, by the facet's name.

        Each value is `{"_id": value, "count": int}`. The list is read once for all its facets.
        """
        stages = [{"$facet": {facet.name: facet_stages(facet) for facet in facets}}]
        if listing.is_unfiltered and set(parents) == {EVERY_ITEM}:
            # All items: a scan reads them faster than an index finds them one by one.
            rows = await self._aggregate(self._items, [*listing.stages(), *stages])
            return rows * len(parents)
        return [rows[0] for rows in await self._each(parents, listing, stages)]

    async def _each(
        self, parents: Sequence[str], listing: Listing, stages: list[Document]
    ) -> list[list[Document]]:
        """Run the stages over each parent's list."""
        if len(parents) == 1:
            return [await self._aggregate(self._items, [*listing.stages(parents[0]), *stages])]
        rows = await self._aggregate(
            self._database,
            [
                {"$documents": [{"_id": parent} for parent in dict.fromkeys(parents)]},
                {"$lookup": {"from": "items", "as": "found", **_join(listing, stages)}},
                # A list of its own documents may be larger than the 16 MB that one may have.
                {"$unwind": "$found"},
            ],
        )
        found: dict[str, list[Document]] = {parent: [] for parent in parents}
        for row in rows:
            found[row["_id"]].append(row["found"])
        return [found[parent] for parent in parents]

    async def _aggregate(
        self,
        source: AsyncDatabase[Document] | AsyncCollection[Document],
        pipeline: list[Document],
    ) -> list[Document]:
        with translated():
            return await (await source.aggregate(pipeline, batchSize=ONE_BATCH)).to_list()


def _join(listing: Listing, stages: list[Document]) -> Document:
    """Give the parts of a `$lookup` that joins each parent with what the stages give of its list.

    MongoDB manual, "$lookup".
    """
    if listing.filter.search is None:
        # An equality on an index's first field, then sort and limit on its last, for each parent.
        return {
            "localField": "_id",
            "foreignField": listing.through,
            "pipeline": [*listing.stages(), *stages],
        }
    # A text search comes first, once: the server keeps what it finds, as no later stage can move
    # before a limit, and lets each parent pick its own.
    keep: list[Document] = [{"$limit": _ALL}]
    own = {"$match": {"$expr": {"$in": ["$$parent", f"${listing.through}"]}}}
    return {"let": {"parent": "$_id"}, "pipeline": [*listing.stages(), *keep, own, *stages]}
