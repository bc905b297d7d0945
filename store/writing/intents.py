"""Intents: what a load is about to change, stored before it does, so that a kill loses nothing.

An intent names the items that a batch writes, and the derived documents (providers, topics,
authors) that these writes make stale. It stays until a load has recomputed those and raised the
corpus version: the next one does if this one is killed.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NotRequired, TypedDict, cast
from uuid import uuid4

from pymongo.collection import Collection

from store.changes import MAX_LOAD_BYTES
from store.documents import Expression
from store.writing.effects import Effects

# No batch takes this long: a loader gives up after a minute without a server.
_ABANDONED = timedelta(minutes=10)

_ELEMENT_BYTES: Final = 16
"""Bytes of an array's element beside its text: its type, key, length and end (bsonspec.org)."""


class IntentDocument(TypedDict):
    """A document of the `intents` collection, with the keys that existing databases have.

    `touched` are the ids to recompute. `items` are the ids of the items that the batch writes, and
    `labels` those that they had or will have. A batch whose load has listed too many already lists
    none, nor do batches of earlier versions. Once all writes of the batch are made, it is `done`.
    One that is recomputed, and part of a corpus version, before that is `counted`.
    """

    _id: str
    startedDateTime: datetime
    touched: list[str]
    items: NotRequired[list[str]]
    labels: NotRequired[list[str]]
    done: bool
    counted: NotRequired[bool]


class PendingIntent(TypedDict):
    """A stored intent, of whose items is known only whether there may be some."""

    _id: str
    startedDateTime: datetime
    touched: list[str]
    writesItems: bool
    done: bool
    counted: NotRequired[bool]


_PENDING: dict[str, object] = {
    **dict.fromkeys(("startedDateTime", "touched", "done", "counted"), 1),
    "writesItems": {"$ne": ["$items", []]},
}


class _Room:
    """The bytes that the intents of a load may still list."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, effects: Effects) -> bool:
        """Return whether these effects can be listed; count their bytes."""
        texts = (*effects.items, *effects.labels)
        self._left -= sum(len(text.encode()) + _ELEMENT_BYTES for text in texts)
        return self._left >= 0


class Intent:
    """One batch's intent."""

    def __init__(self, collection: Collection[IntentDocument], room: _Room) -> None:
        self._collection = collection
        self._room = room
        self._id = uuid4().hex
        self._named = Effects()
        self._stored = False

    def add(self, effects: Effects) -> None:
        """Name more effects, before the writes that have them."""
        more = effects.beyond(self._named)
        if not more and self._stored:
            return
        update: dict[str, Expression] = {
            "$addToSet": {"touched": {"$each": sorted(more.taxonomies)}},
            "$setOnInsert": {"startedDateTime": datetime.now(UTC), "done": False},
        }
        if self._room.take(more):
            update["$addToSet"]["items"] = {"$each": sorted(more.items)}
            update["$addToSet"]["labels"] = {"$each": sorted(more.labels)}
        elif self._stored:
            update["$unset"] = {"items": "", "labels": ""}
        self._collection.update_one({"_id": self._id}, update, upsert=True)
        self._named.add(more)
        self._stored = True

    def finish(self) -> None:
        """Record that all writes of the batch are made."""
        if self._stored:
            self._collection.update_one({"_id": self._id}, {"$set": {"done": True}})

    def withdraw(self) -> None:
        """Delete the intent: its batch turned out to change nothing."""
        if self._stored:
            self._collection.delete_one({"_id": self._id})


class Intents:
    """The `intents` collection: empty whenever no load is running.

    `room` is the number of bytes that the intents of one load may list.
    """

    def __init__(self, collection: Collection[IntentDocument], room: int = MAX_LOAD_BYTES) -> None:
        self._collection = collection
        self._room = _Room(room)

    def start(self) -> Intent:
        """Return a new batch's intent, which is stored when it first names something."""
        return Intent(self._collection, self._room)

    def pending(self) -> list[PendingIntent]:
        """Return all intents, those of other loads too."""
        found = self._collection.aggregate([{"$project": _PENDING}])
        return cast(list[PendingIntent], found.to_list())

    def clear(self, counted: Iterable[PendingIntent]) -> None:
        """Delete intents that are recomputed and counted, except those whose batch is not done.

        Such a batch belongs to a load that is still writing, or to one that was killed. The
        latter has made its last write, so recomputing its ids again does no harm.
        """
        over: list[str] = []
        unfinished: list[str] = []
        for intent in counted:
            is_over = intent["done"] or _is_abandoned(intent)
            (over if is_over else unfinished).append(intent["_id"])
        if over:
            self._collection.delete_many({"_id": {"$in": over}})
        if unfinished:
            self._collection.update_many({"_id": {"$in": unfinished}}, {"$set": {"counted": True}})


def uncounted(intents: Sequence[PendingIntent]) -> list[PendingIntent]:
    """Return those whose batch may have made changes that no corpus version counts.

    A batch that was counted before it was done may have written more since then.
    """
    return [intent for intent in intents if _is_uncounted(intent)]


def _is_uncounted(intent: PendingIntent) -> bool:
    if intent["done"] or _is_abandoned(intent):
        return bool(intent["writesItems"] or intent["touched"])
    return not intent.get("counted")


def _is_abandoned(intent: PendingIntent) -> bool:
    return intent["startedDateTime"] < datetime.now(UTC) - _ABANDONED
