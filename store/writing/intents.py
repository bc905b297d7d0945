"""Intents: what a load is about to change, stored before it does, so that a kill loses nothing.

An intent names the derived documents (providers, topics, authors) that a batch's writes make stale.
It stays until a load has recomputed them: the next one does if this one is killed.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NotRequired, TypedDict
from uuid import uuid4

from pymongo.collection import Collection

# No batch takes this long: a loader gives up after a minute without a server.
_ABANDONED = timedelta(minutes=10)


class IntentDocument(TypedDict):
    """A document of the `intents` collection, with the keys that existing databases have.

    `touched` are the ids to recompute. Once all writes of the batch are made, it is `done`. One
    that is recomputed, and part of a corpus version, before that is `counted`.
    """

    _id: str
    startedDateTime: datetime
    touched: list[str]
    done: bool
    counted: NotRequired[bool]


class Intent:
    """One batch's intent."""

    def __init__(self, collection: Collection[IntentDocument]) -> None:
        self._collection = collection
        self._id = uuid4().hex
        self._ids: set[str] = set()
        self._stored = False

    def add(self, ids: Iterable[str]) -> None:
        """Name the ids of more derived documents, before the writes that make them stale."""
        more = set(ids) - self._ids
        if not more and self._stored:
            return
        now = datetime.now(UTC)
        self._collection.update_one(
            {"_id": self._id},
            {
                "$addToSet": {"touched": {"$each": sorted(more)}},
                "$setOnInsert": {"startedDateTime": now, "done": False},
            },
            upsert=True,
        )
        self._ids |= more
        self._stored = True

    def finish(self) -> None:
        """Record that all writes of the batch are made."""
        if self._stored:
            self._collection.update_one({"_id": self._id}, {"$set": {"done": True}})


class Intents:
    """The `intents` collection: empty whenever no load is running."""

    def __init__(self, collection: Collection[IntentDocument]) -> None:
        self._collection = collection

    def start(self) -> Intent:
        """Return a new batch's intent, which is stored when it first names something."""
        return Intent(self._collection)

    def pending(self) -> list[IntentDocument]:
        """Return all intents, those of other loads too."""
        return list(self._collection.find())

    def clear(self, recomputed: Iterable[IntentDocument]) -> None:
        """Delete intents whose ids are recomputed, except those whose batch is not done.

        Such a batch belongs to a load that is still writing, or to one that was killed. The
        latter has made its last write, so recomputing its ids again does no harm.
        """
        abandoned = datetime.now(UTC) - _ABANDONED
        over: list[str] = []
        unfinished: list[str] = []
        for intent in recomputed:
            is_over = intent["done"] or intent["startedDateTime"] < abandoned
            (over if is_over else unfinished).append(intent["_id"])
        if over:
            self._collection.delete_many({"_id": {"$in": over}})
        if unfinished:
            self._collection.update_many({"_id": {"$in": unfinished}}, {"$set": {"counted": True}})


def has_uncounted_writes(intents: Sequence[IntentDocument]) -> bool:
    """Return whether an unfinished batch may have made changes that no corpus version counts."""
    return any(not intent["done"] and not intent.get("counted") for intent in intents)
