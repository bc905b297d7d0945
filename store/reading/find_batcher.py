"""Reading documents by id for one request: batched, and not again once they are found."""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pymongo.asynchronous.collection import AsyncCollection

from store.documents import Document, Expression, Pipeline, Projection
from store.reading.fetches import Fetches

_GROUP = "_group"


@dataclass(eq=False, slots=True)
class VisibleCollection:
    """A collection, and the filter for what the audience may see in it.

    Each is distinct, even from one of the same collection: documents are never shared between two.
    """

    collection: AsyncCollection[Document]
    filter: Mapping[str, object]


@dataclass(slots=True)
class _Group:
    """The documents of one collection that are read with one projection."""

    visible: VisibleCollection
    projection: Projection
    wanted: set[str] = field(default_factory=set)
    found: dict[str | None, Document | None] = field(default_factory=lambda: {None: None})

    def take_wanted(self) -> "_Find":
        """Return the find for all the ids wanted so far; later ones need another find."""
        ids, self.wanted = sorted(self.wanted), set()
        return _Find(self, ids)


class _Find(NamedTuple):
    group: _Group
    ids: list[str]

    @property
    def match(self) -> Expression:
        return {"_id": {"$in": self.ids}, **self.group.visible.filter}

    def keep(self, documents: Sequence[Document]) -> None:
        by_id = {document["_id"]: document for document in documents}
        self.group.found.update((id_, by_id.get(id_)) for id_ in self.ids)


class FindBatcher:
    """Finds documents by id for one request.

    All ids asked for in one tick of the event loop are one call, because a level of a query often
    needs providers, topics and linked items, and a call costs as much CPU time as decoding ten
    documents. Documents are remembered, so an id that occurs again further down is not read again;
    what a query may cost bounds how many there can be. A DataLoader does the same with a future
    for each id, which for hundreds of ids costs more than the call.
    """

    def __init__(self, fetches: Fetches) -> None:
        self._fetches = fetches
        self._groups: dict[Hashable, _Group] = {}
        self._reading: asyncio.Task[None] | None = None

    async def get(
        self, visible: VisibleCollection, ids: Sequence[str | None], projection: Projection
    ) -> list[Document | None]:
        """Return the documents with these ids, in their order; None for None and those not found.

        Callers share the documents and must not change them. Raises StoreError.
        """
        group = self._group(visible, projection)
        missing = {id_ for id_ in ids if id_ is not None and id_ not in group.found}
        if missing:
            group.wanted.update(missing)
            if self._reading is None:
                self._reading = asyncio.create_task(self._read())
            await self._reading
        return [group.found[id_] for id_ in ids]

    def _group(self, visible: VisibleCollection, projection: Projection) -> _Group:
        key = visible, frozenset(projection.items())
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(visible, projection)
        return group

    async def _read(self) -> None:
        await asyncio.sleep(0)  # until everyone in this tick has asked
        self._reading = None
        finds = [group.take_wanted() for group in self._groups.values() if group.wanted]
        found = await self._find(finds)
        for find, documents in zip(finds, found, strict=True):
            find.keep(documents)

    async def _find(self, finds: Sequence[_Find]) -> list[list[Document]]:
        """Run several finds in one call; MongoDB manual, "$unionWith"."""
        first, *others = finds
        collection = first.group.visible.collection
        if not others:
            return [await self._fetches.find(collection, first.match, first.group.projection)]
        union: Pipeline = [
            {
                "$unionWith": {
                    "coll": other.group.visible.collection.name,
                    "pipeline": _stages(other, {_GROUP: {"$literal": number}}),
                }
            }
            for number, other in enumerate(others, 1)
        ]
        documents = await self._fetches.aggregate(collection, [*_stages(first, {}), *union])
        found: list[list[Document]] = [[] for _ in finds]
        for document in documents:
            found[document.pop(_GROUP, 0)].append(document)
        return found


def _stages(find: _Find, constants: Expression) -> Pipeline:
    return [{"$match": find.match}, {"$project": {**find.group.projection, **constants}}]
