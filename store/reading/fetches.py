"""Fetching what MongoDB found for one request: a few calls at a time, its bytes counted."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.command_cursor import AsyncCommandCursor
from pymongo.asynchronous.cursor import AsyncCursor
from pymongo.asynchronous.database import AsyncDatabase

from store.connection import ONE_BATCH
from store.documents import Document, Pipeline, Projection
from store.errors import translated
from store.monitoring import Call

MAX_FETCHES: Final = 8
"""Calls of one request at a time: each may be a message of 16 MB that is not counted yet."""

CountBytes = Callable[[int], None]
"""Counts bytes that were read. What it raises ends the fetch that it was called by."""

_Cursor = AsyncCursor[Document] | AsyncCommandCursor[Document]


class Fetches:
    """The calls of one request that return documents. All methods raise StoreError.

    The bytes counted are those of the documents in JSON, within a few percent of those in BSON. To
    count takes an eighth of the time that decoding takes, which is 2 % of a front page's. So the
    first results of one message are not counted, as many as may arrive at the same time anyway.
    """

    def __init__(self, count: CountBytes | None = None) -> None:
        self._count = count
        self._turns = asyncio.Semaphore(MAX_FETCHES)
        self._free = MAX_FETCHES

    async def aggregate(
        self,
        source: AsyncDatabase[Document] | AsyncCollection[Document],
        pipeline: Pipeline,
        **options: Any,
    ) -> list[Document]:
        """Return the documents that a pipeline results in; the options are the driver's."""
        async with self._turns:
            with translated(), Call("aggregate"):
                found = await source.aggregate(pipeline, batchSize=ONE_BATCH, **options)
                return await self._read(found, [])

    async def find(
        self,
        collection: AsyncCollection[Document],
        match: Mapping[str, Any],
        projection: Projection,
        sort: Mapping[str, int] | None = None,
        limit: int = 0,
    ) -> list[Document]:
        """Return the documents that match, sorted by fields if they are given; 0 is no limit."""
        async with self._turns:
            cursor = collection.find(
                match, projection, batch_size=ONE_BATCH, limit=limit, sort=sort
            )
            with translated(), Call("find"):
                first = await anext(cursor, None)  # makes the call
                return [] if first is None else await self._read(cursor, [first])

    async def _read(self, cursor: _Cursor, documents: list[Document]) -> list[Document]:
        """Return the documents and the rest of a cursor whose first message has arrived."""
        if not cursor.cursor_id:  # there is no other message
            documents += await cursor.to_list()
            if self._free:
                self._free -= 1
            else:
                self._add(documents)
            return documents
        try:
            self._add(documents)
            async for document in cursor:
                self._add(document)
                documents.append(document)
        finally:
            await cursor.close()
        return documents

    def _add(self, read: Document | list[Document]) -> None:
        if self._count is not None:
            self._count(len(orjson.dumps(read, default=str)))
