"""Reading items: by id, and in lists below any number of parents at once."""

from collections.abc import Collection, Sequence
from functools import partial, reduce
from operator import or_

from pymongo.asynchronous.collection import AsyncCollection

from store.audience import Audience
from store.documents import Document, Expression, Pipeline, Projection
from store.labels import EVERY_ITEM, category_label
from store.reading.covered import covered_match, is_covered
from store.reading.facets import Count, FacetField, SiteFacet, facet_stages, listing_of_facet
from store.reading.fetches import Fetches
from store.reading.find_batcher import FindBatcher, VisibleCollection
from store.reading.gather import gather
from store.reading.listing import Listing, any_of
from store.reading.pages import Page, Part, Window, page_of
from store.reading.scans import Scans

_NO_LIMIT = 2**31 - 1


class Items:
    """Reads the `items` collection for one audience. All methods raise StoreError.

    Lists are asked for by their parents: ids that the list's items have in `Listing.parent_field`,
    or `EVERY_ITEM`. Each method returns one result per parent, in the order of the parents, and
    makes the same number of calls however many parents there are.
    """

    def __init__(
        self,
        collection: AsyncCollection[Document],
        audience: Audience,
        batcher: FindBatcher,
        scans: Scans,
        fetches: Fetches,
    ) -> None:
        self._items = collection
        self._database = collection.database
        self._batcher = batcher
        self._scans = scans
        self._fetches = fetches
        self._visible = VisibleCollection(collection, {"published": any_of(audience.sees)})

    async def get(self, ids: Sequence[str | None], projection: Projection) -> list[Document | None]:
        """Return the items with these ids; None for None and for those not visible."""
        return await self._batcher.get(self._visible, ids, projection)

    async def with_slug(
        self, slug: str, category: str | None, projection: Projection
    ) -> list[Document]:
        """Return the visible items with a slug, in a category if one is given; two at most."""
        match = {"slug": slug, **self._visible.filter}
        if category is not None:
            match["labels"] = category_label(category)
        return await self._fetches.find(self._items, match, projection, limit=2)

    async def pages(
        self, parents: Sequence[str], listing: Listing, window: Window, projection: Projection
    ) -> list[Page]:
        """Return each parent's page. Documents have the projected fields, and keys if wanted."""
        read = partial(self._pages, parents, listing, window, projection)
        if listing.conditions.search is None:
            return await read()
        key = "pages", tuple(parents), listing, window, frozenset(projection.items())
        return await self._scans.once(key, read)

    async def _pages(
        self, parents: Sequence[str], listing: Listing, window: Window, projection: Projection
    ) -> list[Page]:
        field = listing.sort_field
        edges = window.edges(field)
        part = window.part(field, window.projection(field, projection))
        found, *beyond = await gather(
            self._page(parents, listing, part),
            *(self._page(parents, listing, edge) for edge in edges.values()),
        )
        return [
            page_of(window, documents, dict(zip(edges, ends, strict=True)))
            for documents, *ends in zip(found, *beyond, strict=True)
        ]

    async def _page(
        self, parents: Sequence[str], listing: Listing, part: Part
    ) -> list[list[Document]]:
        """Read a part of each parent's list."""
        if len(parents) > 1 or listing.conditions.search is not None:
            return await self._each(parents, listing, part.stages)
        own = part.below(listing.match(parents[0]))
        return [await self._batcher.part(self._items, own)]

    async def slice(
        self, listing: Listing, start: int, limit: int, projection: Projection
    ) -> list[Document]:
        """Return a part of a list without a parent; each of the `start` skipped costs a key."""
        field = listing.sort_field
        cut: Pipeline = [{"$sort": {field: 1}}, {"$skip": start}, {"$limit": limit}]
        stages: Pipeline = [*listing.stages(EVERY_ITEM), *cut, {"$project": dict(projection)}]
        return await self._fetches.aggregate(self._items, stages)

    async def counts(self, parents: Sequence[str], listing: Listing) -> list[int]:
        """Return the number of items in each parent's list."""
        count = partial(self._counts, parents, listing)
        counted = await self._scans.once(("counts", tuple(parents), listing), count)
        return [rows[0]["items"] if rows else 0 for rows in counted]

    async def _counts(self, parents: Sequence[str], listing: Listing) -> list[list[Document]]:
        stages: Pipeline = [{"$count": "items"}]
        labels = len(listing.conditions.labels) + (parents[0] != EVERY_ITEM)
        # One label with a range of dates is in the index of the list, too, and together there.
        if labels > 1 and (match := _covered_match(parents, listing)) is not None:
            return [await self._fetches.aggregate(self._items, [{"$match": match}, *stages])]
        return await self._each(parents, listing, stages)

    async def facets(
        self, parents: Sequence[str], listing: Listing, facets: Collection[FacetField | SiteFacet]
    ) -> list[dict[str, list[Count]]]:
        """Return the values of facets in each parent's list, by the facet's name.

        A list is read once for all its facets, but apart for those that leave out their own filter,
        and for those that an index holds.
        """
        groups: dict[tuple[Listing, bool], list[FacetField | SiteFacet]] = {}
        for facet in facets:
            counted = listing_of_facet(listing, facet)
            covered = is_covered(facet) and _covered_match(parents, counted) is not None
            groups.setdefault((counted, covered), []).append(facet)
        found = await gather(
            *(
                self._scans.once(
                    ("facets", tuple(parents), counted, tuple(group)),
                    partial(self._facets, parents, counted, group, covered),
                )
                for (counted, covered), group in groups.items()
            )
        )
        return [reduce(or_, counts) for counts in zip(*found, strict=True)]

    async def _facets(
        self,
        parents: Sequence[str],
        listing: Listing,
        facets: Collection[FacetField | SiteFacet],
        covered: bool,
    ) -> list[dict[str, list[Count]]]:
        stages: Pipeline = [{"$facet": {facet.name: self._facet_stages(facet) for facet in facets}}]
        if covered:
            match: Expression = {"$match": _covered_match(parents, listing)}
            return await self._fetches.aggregate(self._items, [match, *stages])
        if listing.is_unfiltered and set(parents) == {EVERY_ITEM}:
            # All items: a collection scan is faster than an index scan that fetches each of them.
            every = [*listing.stages(), *stages]
            rows = await self._fetches.aggregate(self._items, every, hint={"$natural": 1})
            return rows * len(parents)
        return [rows[0] for rows in await self._each(parents, listing, stages)]

    def _facet_stages(self, facet: FacetField | SiteFacet) -> Pipeline:
        return facet_stages(facet)

    async def _each(
        self, parents: Sequence[str], listing: Listing, stages: Pipeline
    ) -> list[list[Document]]:
        """Run the stages over each parent's list."""
        if len(parents) == 1:
            return [
                await self._fetches.aggregate(self._items, [*listing.stages(parents[0]), *stages])
            ]
        rows = await self._fetches.aggregate(
            self._database,
            [
                {"$documents": [{"_id": parent} for parent in dict.fromkeys(parents)]},
                {"$lookup": {"from": "items", "as": "found", **_join(listing, stages)}},
                # A list of whole documents may exceed the 16 MB that one document may have.
                {"$unwind": "$found"},
            ],
        )
        found: dict[str, list[Document]] = {parent: [] for parent in parents}
        for row in rows:
            found[row["_id"]].append(row["found"])
        return [found[parent] for parent in parents]


def _covered_match(parents: Sequence[str], listing: Listing) -> Expression | None:
    return covered_match(listing, parents[0]) if len(parents) == 1 else None


def _join(listing: Listing, stages: Pipeline) -> Expression:
    """Return the parts of a `$lookup` that joins each parent with its list, run through `stages`.

    MongoDB manual, "$lookup".
    """
    if listing.conditions.search is None:
        # An equality on an index's first field, then sort and limit on its last, for each parent.
        return {
            "localField": "_id",
            "foreignField": listing.parent_field,
            "pipeline": [*listing.stages(), *stages],
        }
    # A text search must be the pipeline's first stage. The server runs it once and caches its
    # result, because no later stage can move before a limit; then it filters for each parent.
    cache: Expression = {"$limit": _NO_LIMIT}
    own: Expression = {"$match": {"$expr": {"$in": ["$$parent", f"${listing.parent_field}"]}}}
    return {"let": {"parent": "$_id"}, "pipeline": [*listing.stages(), cache, own, *stages]}
