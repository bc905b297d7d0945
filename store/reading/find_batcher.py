"""Reading documents by id for one request: batched, and not again once they are found.

Short lists that are asked for at the same time are read by the same call.
"""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from pymongo.asynchronous.collection import AsyncCollection

from store.documents import Document, Expression, Pipeline, Projection
from store.reading.fetches import Fetches
from store.reading.pages import Part

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


class _Read(Protocol):
    """A part of a call."""

    @property
    def collection(self) -> AsyncCollection[Document]:
        """The collection that is read."""

    @property
    def stages(self) -> Pipeline:
        """The stages that find the documents."""

    def keep(self, documents: list[Document]) -> None:
        """Keep the documents that were found."""


class _Find(NamedTuple):
    """Documents of a group, by their ids."""

    group: _Group
    ids: list[str]

    @property
    def collection(self) -> AsyncCollection[Document]:
        return self.group.visible.collection

    @property
    def match(self) -> Expression:
        return {"_id": {"$in": self.ids}, **self.group.visible.filter}

    @property
    def stages(self) -> Pipeline:
        return [{"$match": self.match}, {"$project": dict(self.group.projection)}]

    def keep(self, documents: list[Document]) -> None:
        by_id = {document["_id"]: document for document in documents}
        self.group.found.update((id_, by_id.get(id_)) for id_ in self.ids)


@dataclass(slots=True)
class _List:
    """A part of a list."""

    collection: AsyncCollection[Document]
    part: Part
    found: list[Document] = field(default_factory=list)

    @property
    def stages(self) -> Pipeline:
        return self.part.stages

    def keep(self, documents: list[Document]) -> None:
        self.found = documents


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
        self._lists: list[_List] = []
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

    async def part(self, collection: AsyncCollection[Document], part: Part) -> list[Document]:
        """Return the documents of a part of a list, in the order of its sort.

        If documents are about to be read by their ids, it takes no call of its own. Raises
        StoreError.
        """
        if self._reading is None:
            # Not an aggregation, which takes a tenth more time.
            return await self._fetches.find(
                collection, part.match, part.projection, part.sort, part.limit
            )
        wanted = _List(collection, part)
        self._lists.append(wanted)
        await self._reading
        return wanted.found

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
        lists, self._lists = self._lists, []
        if len(finds) == 1 and not lists:
            (find,) = finds
            projection = find.group.projection
            find.keep(await self._fetches.find(find.collection, find.match, projection))
            return
        reads: list[_Read] = [*finds, *lists]
        for read, documents in zip(reads, await self._read_all(reads), strict=True):
            read.keep(documents)

    async def _read_all(self, reads: Sequence[_Read]) -> list[list[Document]]:
        """Read all in one call; MongoDB manual, "$unionWith"."""
        first, *others = reads
        union: Pipeline = [
            {
                "$unionWith": {
                    "coll": other.collection.name,
                    "pipeline": _numbered(other.stages, number),
                }
            }
            for number, other in enumerate(others, 1)
        ]
        found: list[list[Document]] = [[] for _ in reads]
        for document in await self._fetches.aggregate(first.collection, [*first.stages, *union]):
            found[document.pop(_GROUP, 0)].append(document)
        return found


def _numbered(stages: Pipeline, number: int) -> Pipeline:
    """Return stages whose results have the number, too."""
    *others, last = stages
    projection: Any = last["$project"]
    return [*others, {"$project": {**projection, _GROUP: {"$literal": number}}}]
