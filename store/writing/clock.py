"""Publish items, and take them back, when their time has come (see `store.schedule`).

Everything happens as in a load: an intent names the items, each write holds only if the item is
still as it was read, and a completion recomputes what is derived and raises the corpus version.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Self

import pymongo
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import OperationFailure
from pymongo.mongo_client import MongoClient

from store.connection import connect_blocking
from store.documents import Document, latest_first
from store.errors import translated
from store.indexes import LIST_NEWEST, TURNS
from store.labels import EVERY_ITEM
from store.schedule import Status, state_at, with_state
from store.writing.candidates import STORED_ITEM_FIELDS, traits
from store.writing.completion import Completion
from store.writing.effects import Effects
from store.writing.intents import Intents
from store.writing.lease import Lease

_BATCH: Final = 250
_TIMEOUT_S: Final = 5
_FIELDS: Final = {
    **STORED_ITEM_FIELDS,
    **dict.fromkeys(("publishedDateTime", "unpublishDateTime", "status", "turnsAt"), 1),
}
_NO_SUCH_INDEX: Final = 2  # BadValue, of a hint: nothing was loaded since there is this index

log = logging.getLogger("newsgraph.clock")


def _now() -> datetime:
    return datetime.now(UTC)


class Tick(NamedTuple):
    """What a look at the clock found: when the next item turns, if any does.

    The corpus is behind if items should have turned, and another process is about to do it.
    """

    next_turn: datetime | None
    is_behind: bool = False


class ItemClock:
    """Turns items whose time has come. All methods raise PyMongo's errors."""

    def __init__(
        self, database: Database[Any], *, shows_future: bool, now: Callable[[], datetime] = _now
    ) -> None:
        self._items = database["items"]
        self._intents = database["intents"]
        self._shows_future = shows_future
        self._now = now

    def next_turn(self) -> datetime | None:
        """Return when the next item turns; the time may be past."""
        found = self._find({"turnsAt": {"$type": "date"}}, TURNS, 1, {"turnsAt": 1})
        return found[0]["turnsAt"] if found else None

    def is_due(self) -> bool:
        """Return whether the time of an item has come."""
        next_turn = self.next_turn()
        return next_turn is not None and next_turn <= self._now()

    def has_misplaced(self) -> bool:
        """Return whether items have a status that they cannot have; see `turn_misplaced`."""
        return bool(self._misplaced(1))

    def turn_due(self, renew: Callable[[], bool] = lambda: True) -> bool:
        """Turn the items whose time has come; return whether there were any.

        Ends early if `renew`, which is called before each batch, returns false.
        """
        return self._turn_all(self._due, renew)

    def turn_misplaced(self, renew: Callable[[], bool] = lambda: True) -> bool:
        """Turn the items whose status follows from another setting, or from another clock.

        These are published ones whose date lies ahead, or scheduled ones if the future is shown.
        """
        return self._turn_all(self._misplaced, renew)

    def _turn_all(
        self, find: Callable[[int], Sequence[Document]], renew: Callable[[], bool]
    ) -> bool:
        has_turned = False
        while renew():
            with pymongo.timeout(_TIMEOUT_S):
                if not self._turn(find(_BATCH)):
                    break
            has_turned = True
        return has_turned

    def _due(self, limit: int) -> list[Document]:
        due = {"turnsAt": {"$type": "date", "$lte": self._now()}}
        return self._find(due, TURNS, limit, _FIELDS)

    def _misplaced(self, limit: int) -> list[Document]:
        if self._shows_future:
            where: Document = {"labels": Status.SCHEDULED.label, "published": False}
        else:
            ahead = {"$lt": latest_first(self._now())}
            where = {"labels": EVERY_ITEM, "published": True, "sort.newest": ahead}
        return self._find(where, LIST_NEWEST, limit, _FIELDS)

    def _find(self, where: Document, index: str, limit: int, fields: Document) -> list[Document]:
        found = self._items.find(where, fields, hint=index, limit=limit)
        try:
            return list(found.sort("turnsAt", 1) if index == TURNS else found)
        except OperationFailure as error:
            if error.code != _NO_SUCH_INDEX:
                raise
            return []

    def _turn(self, items: Sequence[Document]) -> bool:
        """Turn items, and return whether anything changed."""
        effects = Effects()
        writes = []
        for item in items:
            try:
                turned = self._turned(item)
                if turned != item:
                    effects.change(item["_id"], traits(item), traits(turned))
                    writes.append(_update(item, turned))
            except (KeyError, TypeError, AttributeError):
                log.exception("%s is damaged, so it is never published by the clock", item["_id"])
                writes.append(UpdateOne({"_id": item["_id"]}, {"$unset": {"turnsAt": ""}}))
        if not writes:
            return False
        intent = Intents(self._intents).start()
        intent.add(effects)
        done = self._items.bulk_write(writes, ordered=False)
        intent.finish()
        return done.modified_count > 0

    def _turned(self, item: Document) -> Document:
        return with_state(item, state_at(item, self._now(), shows_future=self._shows_future))


def _update(item: Document, turned: Document) -> UpdateOne:
    """Return the write that turns an item; it does nothing if the item was changed meanwhile."""
    keys = ("published", "labels", "status", "turnsAt")
    same = {"_id": item["_id"], "source": item["source"], "turnsAt": item.get("turnsAt")}
    update: Document = {"$set": {key: turned[key] for key in keys if key in turned}}
    if gone := {key: "" for key in keys if key not in turned}:
        update["$unset"] = gone
    return UpdateOne(same | {"published": item["published"]}, update)


class SharedClock:
    """The clock of processes that serve: whichever holds the lease turns the items."""

    def __init__(
        self,
        client: MongoClient[Any],
        database: str,
        *,
        shows_future: bool,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._client = client
        self._clock = ItemClock(client[database], shows_future=shows_future, now=now)
        self._completion = Completion(client[database])
        self._lease = Lease(client[database]["leases"], "clock")
        self._shows_future = shows_future
        self._is_first = True

    @classmethod
    def connect(cls, uri: str, database: str, *, shows_future: bool) -> Self:
        """Return the clock of a database, which connects with the first tick."""
        return cls(connect_blocking(uri), database, shows_future=shows_future)

    def tick(self) -> Tick:
        """Turn the items whose time has come, unless another process does it. Raises StoreError."""
        with translated():
            with pymongo.timeout(_TIMEOUT_S):
                # What is misplaced was so before this process started, or was loaded with another
                # setting.
                looks = self._is_first or self._shows_future
                is_behind = self._clock.is_due() or (looks and self._clock.has_misplaced())
                is_behind = is_behind or self._lease.is_abandoned()
            if is_behind and self._lease.take():
                self._turn()
                is_behind = False
            self._is_first = self._is_first and is_behind
            return Tick(self._clock.next_turn(), is_behind)

    def close(self) -> None:
        """Close the client."""
        self._client.close()

    def _turn(self) -> None:
        # A holder that was killed may have turned items without completing that, so this does.
        self._clock.turn_due(self._lease.take)
        self._clock.turn_misplaced(self._lease.take)
        self._completion.complete()
        self._lease.release()
