"""Intents: what a load is about to touch, written before it does, so that a kill loses nothing.

An intent names the providers and topics whose derived documents its writes make stale. It stays
until some load has worked them out anew: the next one does, if this one is killed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pymongo.collection import Collection

from store.documents import Document

# No batch is under way for so long: a loader gives up after a minute without a server.
_ABANDONED = timedelta(minutes=10)


class Intent:
    """One batch's intent."""

    def __init__(self, collection: Collection[Document]) -> None:
        self._collection = collection
        self._id = uuid4().hex
        self.touched: set[str] = set()
        self._written = False

    def widen(self, touched: Iterable[str]) -> None:
        """Name more ids, before they are touched."""
        more = set(touched) - self.touched
        if not more and self._written:
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
        self.touched |= more
        self._written = True

    def finish(self) -> None:
        """Tell that all writes of the batch are made."""
        if self._written:
            self._collection.update_one({"_id": self._id}, {"$set": {"done": True}})


class Intents:
    """The `intents` collection: empty whenever no load is under way."""

    def __init__(self, collection: Collection[Document]) -> None:
        self._collection = collection

    def start(self) -> Intent:
        """Begin a batch; nothing is written before it names what it touches."""
        return Intent(self._collection)

    def pending(self) -> list[Document]:
        """Give all intents, those of other loads too."""
        return list(self._collection.find())

    def settle(self, intents: Iterable[Document]) -> None:
        """Drop intents whose ids were worked out anew, but not those still being carried out.

        What is not done may belong to a load that goes on writing, or to one that was killed; the
        latter's writes are over, so that working its ids out again and again does no harm.
        """
        old = datetime.now(UTC) - _ABANDONED
        gone = [one["_id"] for one in intents if one["done"] or one["startedDateTime"] < old]
        counted = [one["_id"] for one in intents if one["_id"] not in set(gone)]
        if gone:
            self._collection.delete_many({"_id": {"$in": gone}})
        if counted:
            self._collection.update_many({"_id": {"$in": counted}}, {"$set": {"counted": True}})
