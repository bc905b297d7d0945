"""Writing the change feed: what each version of the corpus changed (see `store/changes.py`)."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from pymongo.database import Database

from store.changes import COLLECTION, MAX_BYTES, MAX_ENTRIES, head_id
from store.documents import Pipeline

_SIZES: Pipeline = [
    {
        "$group": {
            "_id": "$version",
            "count": {"$sum": 1},
            "size": {"$sum": {"$bsonSize": "$$ROOT"}},
        }
    },
    {"$sort": {"_id": -1}},
]


class ChangeWriter:
    """Writes the collection `changes`. All methods raise PyMongo's errors."""

    def __init__(
        self, database: Database[Any], max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES
    ) -> None:
        self._changes = database[COLLECTION]
        self._intents = database["intents"]
        self._max_entries = max_entries
        self._max_bytes = max_bytes

    def record(self, version: int, intents: Iterable[str]) -> None:
        """Store a version's head, and an entry for each of the intents, given by their ids.

        Comes before the version is raised, so that whoever sees the version finds its entries. The
        head and entries of a load that did not get there stay: what they name is written.
        """
        head = {"version": version, "token": uuid4().hex}
        self._changes.update_one({"_id": head_id(version)}, {"$setOnInsert": head}, upsert=True)
        entry = {
            "_id": {"$concat": [f"{head_id(version)}:", "$_id"]},
            "version": {"$literal": version},
            "taxonomies": "$touched",
            "items": 1,
            "labels": 1,
        }
        # The server copies them: a load of 100,000 items names 5 MB.
        self._intents.aggregate(
            [
                {"$match": {"_id": {"$in": [*intents]}}},
                {"$project": entry},
                {"$merge": {"into": COLLECTION, "whenMatched": "replace"}},
            ]
        )

    def trim(self) -> None:
        """Delete the oldest versions' entries if there are too many, or too many bytes.

        Heads go first: a reader that still finds the head that it began with, after it has read
        entries, has read them all.
        """
        last = self._last_over()
        if last is not None:
            over = {"_id": {"$lt": head_id(last + 1)}}
            self._changes.delete_many(over | {"token": {"$exists": True}})
            self._changes.delete_many(over)

    def _last_over(self) -> int | None:
        """Return the version up to which there is no room for entries, if there is one."""
        if not self._is_over():
            return None
        count = size = 0
        for found in self._changes.aggregate(_SIZES):
            count += found["count"]
            size += found["size"]
            # Less than the bounds, so that not every load has to do this.
            if count > self._max_entries * 0.75 or size > self._max_bytes * 0.75:
                return int(found["_id"])
        return None

    def _is_over(self) -> bool:
        count = size = 0
        for shard in self._changes.aggregate([{"$collStats": {"storageStats": {}}}]):
            count += shard["storageStats"]["count"]
            size += shard["storageStats"]["size"]
        return count > self._max_entries or size > self._max_bytes
