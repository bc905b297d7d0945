"""Reading providers, topics and authors, each as the audience sees it."""

from collections.abc import Collection, Sequence
from functools import partial

from pymongo.asynchronous.collection import AsyncCollection

from store.audience import Audience
from store.documents import Document, Expression, Pipeline, Projection
from store.orders import TaxonomyOrder
from store.reading.fetches import Fetches
from store.reading.find_batcher import FindBatcher, VisibleCollection
from store.reading.gather import gather
from store.reading.pages import Page, Window, page_of
from store.reading.scans import Scans

# Fields of the graph that are read from elsewhere.
_NOT_STORED = frozenset({"id", "items"})


class TaxonomyReader:
    """Reads one taxonomy's collection for one audience. All methods raise StoreError.

    Returned documents have `_id`, `domain` or `slug`, and those of the requested `fields` that are
    stored for the audience: `name`, `itemCount`, `images`, `parent`, `sort.*`. `roots` are those
    without a parent.
    """

    def __init__(
        self,
        collection: AsyncCollection[Document],
        audience: Audience,
        batcher: FindBatcher,
        scans: Scans,
        fetches: Fetches,
    ) -> None:
        self._collection = collection
        self._audience = audience
        self._batcher = batcher
        self._scans = scans
        self._fetches = fetches
        self._visible = VisibleCollection(collection, {audience: {"$exists": True}})

    async def get(
        self, ids: Sequence[str | None], fields: Collection[str]
    ) -> list[Document | None]:
        """Return the documents with these ids; None for None and for those not visible."""
        return await self._batcher.get(self._visible, ids, self._as_seen(fields))

    async def page(
        self,
        order: TaxonomyOrder,
        window: Window,
        fields: Collection[str],
        *,
        roots: bool = False,
    ) -> Page:
        """Return one page of all visible documents, or of the roots, with their sort keys."""
        key = f"sort.{order}"
        edges = window.edges(f"{self._audience}.{key}")
        part = window.part(f"{self._audience}.{key}", self._as_seen({*fields, key}))
        match = self._match(order, roots=roots)
        found, *beyond = await gather(
            *(
                self._batcher.part(self._collection, one.below(match))
                for one in (part, *edges.values())
            )
        )
        return page_of(window, found, dict(zip(edges, beyond, strict=True)))

    async def count(self, *, roots: bool = False) -> int:
        """Return the number of visible documents, or of the roots."""
        match = self._match(TaxonomyOrder.NAME, roots=roots)
        stages: Pipeline = [{"$match": match}, {"$count": "count"}]
        count = partial(self._fetches.aggregate, self._collection, stages)
        counted = await self._scans.once(("counts", self._collection.name, roots), count)
        return int(counted[0]["count"]) if counted else 0

    async def children(
        self, parents: Sequence[str], fields: Collection[str], limit: int
    ) -> list[list[Document]]:
        """Return the topics directly below each of `parents` by name, at most `limit` of each."""
        match: Expression = {f"{self._audience}.parent": {"$in": list(dict.fromkeys(parents))}}
        projection = self._as_seen({*fields, "parent"})
        found = await self._find_children(match, projection)
        below: dict[str, list[Document]] = {parent: [] for parent in parents}
        for child in found:
            if len(below[child["parent"]]) < limit:
                below[child["parent"]].append(child)
        return [below[parent] for parent in parents]

    async def under(self, ids: Sequence[str], limit: int) -> list[str]:
        """Return the ids of all topics on any level below these, at most `limit`."""
        found = await self._scans.once(("under", ids, limit), partial(self._find_under, ids, limit))
        return [topic["_id"] for topic in found]

    async def _find_under(self, ids: Sequence[str], limit: int) -> list[Document]:
        tree: Expression = {
            "from": self._collection.name,
            "startWith": "$_id",
            "connectFromField": "_id",
            "connectToField": f"{self._audience}.parent",
            "as": "below",
        }
        return await self._fetches.aggregate(
            self._collection.database,
            [
                {"$documents": [{"_id": id_} for id_ in ids]},
                {"$graphLookup": tree},
                {"$unwind": "$below"},
                {"$group": {"_id": "$below._id"}},
                {"$limit": limit},
            ],
        )

    async def _find_children(self, match: Expression, projection: Projection) -> list[Document]:
        order = f"{self._audience}.sort.{TaxonomyOrder.NAME}"
        return await self._fetches.find(self._collection, match, projection, {order: 1})

    def _as_seen(self, fields: Collection[str]) -> Projection:
        """Project an audience's fields, which are stored below its name, to the top level."""
        # Those who then ask for the same fields share a find.
        seen: dict[str, int | str] = {
            field: f"${self._audience}.{field}" for field in fields if field not in _NOT_STORED
        }
        if "ancestors" in seen:  # which are found by their parents
            seen["parent"] = f"${self._audience}.parent"
        return seen | {"domain": 1, "slug": 1}

    def _match(self, order: TaxonomyOrder, *, roots: bool) -> Expression:
        """Return the query for all visible documents, or the roots, that an index answers."""
        match: Expression = {f"{self._audience}.sort.{order}": {"$gt": ""}}
        if roots:
            match[f"{self._audience}.parent"] = None
        return match
