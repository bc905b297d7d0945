"""The store as its readers see it: one object for a process, handed down with each request."""

from datetime import datetime
from typing import Any, Self, TypedDict

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.asynchronous.mongo_client import AsyncMongoClient

from store.connection import Document, connect
from store.errors import translated
from store.indexes import INDEXES
from store.items import Items
from store.named import Named


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
        self.items = Items(database)
        self.providers = Named(database["providers"])
        self.topics = Named(database["topics"])

    @classmethod
    def connect(cls, uri: str, database: str, *, timeout_s: float | None = None) -> Self:
        """Give the store in a database; it connects with the first call.

        No call takes longer than `timeout_s` seconds. Raises Refused for an unusable URI.
        """
        client = connect(uri, timeout_s=timeout_s)
        return cls(client, client[database])

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

    async def server_version(self) -> str:
        """Give the version of the MongoDB that answers."""
        with translated():
            info = await self._client.server_info()
        version: str = info["version"]
        return version

    async def missing_indexes(self) -> list[str]:
        """Give the indexes that a load would create, as `collection.index`."""
        missing = []
        for collection, indexes in INDEXES.items():
            with translated():
                present = await self._database[collection].index_information()
            names = (index.document["name"] for index in indexes)
            missing += [f"{collection}.{name}" for name in names if name not in present]
        return missing
