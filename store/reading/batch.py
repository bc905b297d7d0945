"""Finding documents of several collections in one call."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pymongo.asynchronous.collection import AsyncCollection

from store.connection import ONE_BATCH
from store.documents import Document
from store.errors import translated

_MARK = "_find"


class Find(NamedTuple):
    """The documents of a collection that match, with the keys of an inclusive projection."""

    collection: AsyncCollection[Document]
    match: Mapping[str, Any]
    projection: Mapping[str, Any]


class FindBatcher:
    """Finds for one request: what is asked for in one turn of the event loop is one call.

    A level of a query often needs providers, topics and linked items at once, and a call costs this
    process as much as decoding ten documents does.
    """

    def __init__(self) -> None:
        self._wanted: list[Callable[[], Find]] = []
        self._turn: asyncio.Task[list[list[Document]]] | None = None

    async def find(self, want: Callable[[], Find]) -> list[Document]:
        """Give what a find finds, in no order; `want` is asked for it when the turn is over.

        Raises StoreError.
        """
        if self._turn is None:
            self._turn = asyncio.create_task(self._take_turn())
        turn, place = self._turn, len(self._wanted)
        self._wanted.append(want)
        return (await turn)[place]

    async def _take_turn(self) -> list[list[Document]]:
        await asyncio.sleep(0)  # until all who are about to ask have asked
        wanted, self._wanted, self._turn = self._wanted, [], None
        with translated():
            return await _found([want() for want in wanted])


async def _found(finds: Sequence[Find]) -> list[list[Document]]:
    """Find in one call; MongoDB manual, "$unionWith"."""
    first, *others = finds
    if not others:
        find = first.collection.find(first.match, first.projection, batch_size=ONE_BATCH)
        return [await find.to_list()]
    union = [
        {"$unionWith": {"coll": other.collection.name, "pipeline": _stages(other, {_MARK: number})}}
        for number, other in enumerate(others, 1)
    ]
    pipeline = [*_stages(first, {}), *union]
    cursor = await first.collection.aggregate(pipeline, batchSize=ONE_BATCH)
    found: list[list[Document]] = [[] for _ in finds]
    for document in await cursor.to_list():
        found[document.pop(_MARK, 0)].append(document)
    return found


def _stages(find: Find, marks: Mapping[str, int]) -> list[Document]:
    constants = {name: {"$literal": value} for name, value in marks.items()}
    return [{"$match": find.match}, {"$project": {**find.projection, **constants}}]
