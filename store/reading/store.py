"""The store as its readers see it: one object for a process, handed down with each request."""

from copy import copy
from datetime import datetime
from typing import Any, Self, TypedDict

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import OperationFailure

from store.connection import connect
from store.documents import Document
from store.errors import Unavailable, translated
from store.indexes import INDEXES
from store.reading.batch import FindBatcher
from store.reading.items import Items
from store.reading.taxonomies import TaxonomyReader

_NAMESPACE_NOT_FOUND = 26  # a server error code


class CorpusState(TypedDict):
    """How often the corpus has changed, and when it last did (None: never)."""

    version: int
    updatedDateTime: datetime | None


class Store:
    """Readers of one database, for one event loop. Its methods raise StoreError."""

    def __init__(
        self, client: AsyncMongoClient[Document], database: AsyncDatabase[Document]
    ) -> None:
        self._client = client
        self._database = database
        self._collections = database["items"], database["providers"], database["topics"]
        self._read_with(FindBatcher())

    def _read_with(self, finder: FindBatcher) -> None:
        items, providers, topics = self._collections
        self.items = Items(items, finder)
        self.providers = TaxonomyReader(providers, finder)
        self.topics = TaxonomyReader(topics, finder)

    @classmethod
    def connect(cls, uri: str, database: str, *, timeout_s: float | None = None) -> Self:
        """Give the store in a database; it connects with the first call.

        No call takes longer than `timeout_s` seconds. Raises Refused for an unusable URI.
        """
        client = connect(uri, timeout_s=timeout_s)
        return cls(client, client[database])

    def for_request(self) -> Self:
        """Give the readers of one request: what it reads by id in one turn is one call."""
        readers = copy(self)
        readers._read_with(FindBatcher())
        return readers

    async def close(self) -> None:
        """Close the connections; calls under way fail."""
        await self._client.close()

    async def state(self) -> CorpusState:
        """Give the corpus's version: it moves when, and only when, a load changed something."""
        with translated():
            found: Any = await self._database["meta"].find_one({"_id": "corpus"})
        found = found or {}
        return {
            "version": found.get("version", 0),
            "updatedDateTime": found.get("updatedDateTime"),
        }

    async def cacheable_version(self) -> int:
        """Give the corpus's version for an answer that is to be kept.

        Raises Unavailable while there is no primary: a secondary that lags behind would answer
        with what was before that version.
        """
        version = (await self.state())["version"]
        if not self._client.topology_description.has_writable_server():
            raise Unavailable("MongoDB has no primary; try again in a few seconds.")
        return version

    async def server_version(self) -> str:
        """Give the version of the MongoDB that answers."""
        with translated():
            info = await self._client.server_info()
        version: str = info["version"]
        return version

    async def missing_indexes(self) -> list[str]:
        """Give the indexes that a load would create, as `collection.index`."""
        # Indexes are told of even where nothing can be read yet: while a replica set starts.
        await self.state()
        missing = []
        for collection, indexes in INDEXES.items():
            present = await self._index_names(collection)
            names = (index.document["name"] for index in indexes)
            missing += [f"{collection}.{name}" for name in names if name not in present]
        return missing

    async def _index_names(self, collection: str) -> set[str]:
        # Not `list_indexes`, which asks the primary alone: readers do without one.
        try:
            with translated():
                found = await self._database.command(
                    "listIndexes", collection, read_preference=self._database.read_preference
                )
        except OperationFailure as error:
            if error.code != _NAMESPACE_NOT_FOUND:
                raise
            return set()
        return {index["name"] for index in found["cursor"]["firstBatch"]}
